"""The package's checker against the independent one beside the project, on solved, broken and mutated schedules."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from scheduler import Problem, check, solve
from scheduler.check import check_claims
from tests.scheduler.test_check import BROKEN, INSTANCE, SCHEDULE

BENCH = Path(__file__).parents[3] / "shared" / "bench"
N60 = json.loads((Path(__file__).parents[1] / "data" / "n60-1.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.skipif(not BENCH.exists() and "CI" not in os.environ, reason="extra: needs ../shared")


def load() -> Any:
    """The other checker, loaded from where it lies."""
    spec = spec_from_file_location("check_schedule", BENCH / "check_schedule.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def other() -> Any:
    return load()


def agree(other: Any, instance: dict[str, Any], schedule: dict[str, Any]) -> set[str]:
    """Both name the same rules and count the same cost; the rules."""
    bad, cost = other.judge(instance, schedule)
    report = check(Problem.from_json(instance), schedule)
    ours, theirs = {v.rule for v in report.violations}, {text.split()[0] for text in bad}
    assert (ours, list(report.cost)) == (theirs, cost)
    return ours


@pytest.mark.parametrize(("rule", "what", "change"), BROKEN, ids=[f"{rule}-{what}" for rule, what, _ in BROKEN])
def test_on_each_broken_rule(other: Any, rule: str, what: str, change: Callable[..., object]) -> None:
    instance, schedule = copy.deepcopy(INSTANCE), copy.deepcopy(SCHEDULE)
    change(instance, schedule)
    assert rule in agree(other, instance, schedule)


def mutate(rng: random.Random, instance: dict[str, Any], schedule: dict[str, Any]) -> None:
    """Change one thing of a schedule somewhere."""
    ids = {kind: [row["id"] for row in instance[kind]] for kind in ("experts", "sessions", "rooms", "applicants")}
    panel = rng.choice(schedule["panels"])
    held = rng.choice(panel["sittings"])
    row = rng.choice(held["appointments"]) if held["appointments"] else {}
    rng.choice(
        [
            lambda: panel.update(chair=rng.choice(panel["members"])),
            lambda: panel["members"].__setitem__(rng.randrange(len(panel["members"])), rng.choice(ids["experts"])),
            lambda: panel["directions"].append(rng.choice(instance["directions"])["id"]),
            lambda: panel["sittings"].append(copy.deepcopy(rng.choice(rng.choice(schedule["panels"])["sittings"]))),
            lambda: held.update(room=rng.choice(ids["rooms"])),
            lambda: held.update(session=rng.choice(ids["sessions"])),
            lambda: row.update(applicant=rng.choice(ids["applicants"])),
            lambda: row.update(start=rng.choice(rng.choice(panel["sittings"])["appointments"] or [row]).get("start")),
            held["appointments"].clear,
            lambda: schedule["unscheduled"].append(rng.choice(ids["applicants"])),
        ]
    )()


def test_on_two_hundred_mutations_of_a_solved_instance(other: Any) -> None:
    solved = solve(Problem.from_json(N60), seconds=20).to_json()
    assert agree(other, N60, solved) == set()
    assert other.check_claims(solved, solved["cost"]) == check_claims(solved, tuple(solved["cost"])) == []
    rng, seen = random.Random(81), set[str]()
    for _ in range(200):
        schedule = copy.deepcopy(solved)
        for _ in range(rng.randint(1, 3)):
            mutate(rng, N60, schedule)
        seen |= agree(other, N60, schedule)
    assert {"H1", "H2", "H3", "H4", "H5", "H8", "H9", "H12"} <= seen
