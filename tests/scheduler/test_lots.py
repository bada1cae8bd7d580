"""Lots: to the byte, fair, and without touching validity or cost; the page's script recomputes them."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem, Schedule, SchedulerError, check
from scheduler.check import check_claims
from scheduler.lots import draw, draw_slots, in_turn
from scheduler.seed import commitment, seed_of
from tests.scheduler.small_rounds import STARTS, small_round
from webapp.cli import group

PAGE = Path(__file__).parents[2].joinpath("docs", "lots.md").read_text(encoding="utf-8")
SCRIPT = PAGE.split("```python\n")[1].split("```")[0]
rounds = st.builds(small_round, st.randoms(use_true_random=False))


def read(instance: dict[str, Any], schedule: dict[str, Any]) -> tuple[Problem, Schedule]:
    return Problem.from_json(instance), Schedule.from_json(schedule)


def places(schedule: Schedule) -> dict[str, tuple[str, str, str]]:
    """Where and when everyone is heard."""
    return {
        a.applicant: (s.session, s.room, a.start.isoformat())
        for p in schedule.panels
        for s in p.sittings
        for a in s.appointments
    }


def one_sitting(people: int) -> tuple[Problem, Schedule]:
    """Up to eight people in one sitting, nobody blocked."""
    instance, schedule = small_round(random.Random(0))
    names = [f"A{n}" for n in range(1, people + 1)]
    rows = [{"applicant": who, "start": at} for who, at in zip(names, STARTS["S1"], strict=False)]
    panel = schedule["panels"][0] | {"sittings": [{"session": "S1", "room": "R1", "appointments": rows}]}
    instance["applicants"] = [{"id": who, "direction": "D1", "employer": None} for who in names]
    instance["experts"] = [e | {"recuse_applicants": []} for e in instance["experts"]]
    return read(instance, {"panels": [panel], "unscheduled": []})


def test_the_bytes() -> None:
    sha = hashlib.sha256
    assert commitment("密语") == sha("密语".encode()).hexdigest()
    seed = sha(b"lithium-2023|3814").hexdigest()
    assert seed_of("lithium-2023", "3814") == seed
    problem, schedule = one_sitting(8)
    drawn = draw(problem, schedule, "lithium-2023", "3814")
    order = sorted(problem.applicant, key=lambda who: sha(f"{seed}|S1/R1|{who}".encode()).hexdigest())
    assert drawn.lots[0].applicants == tuple(order)
    assert [a.applicant for a in drawn.schedule.panels[0].sittings[0].appointments] == order
    for value in (
        commitment("lithium-2023"),
        seed,
        *(sha(f"{seed}|S1/R1|{who}".encode()).hexdigest() for who in ("A1", "A2")),
    ):
        assert f"`{value}`" in PAGE


@settings(deadline=None)
@given(st.lists(st.integers(1, 31), min_size=1, max_size=5))
def test_each_in_turn_takes_the_earliest_slot_that_leaves_the_others_a_place(masks: list[int]) -> None:
    """The rule gives the first, word by word, of all ways to seat everyone."""
    n = len(masks)
    masks = [m | 1 << i if n > i else m for i, m in enumerate(masks)]
    ways = [p for p in itertools.permutations(range(n)) if all(m >> slot & 1 for m, slot in zip(masks, p, strict=True))]
    assert tuple(in_turn(masks)) == min(ways)


@settings(deadline=None)
@given(rounds, st.text("0123456789", min_size=1), st.booleans())
def test_a_draw_keeps_validity_cost_used_slots_and_pins(
    made: tuple[dict[str, Any], dict[str, Any]], digits: str, experts: bool
) -> None:
    problem, schedule = read(*made)
    before = check(problem, schedule.to_json())
    assert not before.violations
    document = draw(problem, schedule, "密语", digits, experts=experts).to_json()
    after = check(problem, document)
    assert (after, check_claims(document, after.cost)) == (before, [])
    was, now = places(schedule), places(Schedule.from_json(document))
    assert sorted(was.values()) == sorted(now.values())
    assert {who: place[:2] for who, place in was.items()} == {who: place[:2] for who, place in now.items()}
    for a in problem.applicants:
        assert a.pin.start is None or now[a.id] == was[a.id]
        assert a.id in now or a.id in document["unscheduled"]


@settings(deadline=None)
@given(rounds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(
    made: tuple[dict[str, Any], dict[str, Any]], rng: random.Random
) -> None:
    instance, schedule = made
    first = draw(*read(instance, schedule), "密语", "3814", experts=True)
    starts = [row for p in schedule["panels"] for s in p["sittings"] for row in [s["appointments"]]]
    for rows in (
        instance["applicants"],
        instance["experts"],
        instance["rooms"],
        instance["sessions"],
        schedule["panels"],
        *starts,
    ):
        rng.shuffle(rows)
    again = draw(*read(instance, schedule), "密语", "3814", experts=True)
    assert again.lots == first.lots
    assert again.calls == first.calls
    assert places(again.schedule) == places(first.schedule)


@settings(deadline=None)
@given(rounds)
def test_a_draw_repeated_gives_the_same(made: tuple[dict[str, Any], dict[str, Any]]) -> None:
    problem, schedule = read(*made)
    drawn, lots = draw_slots(problem, schedule, "seed")
    assert draw_slots(problem, drawn, "seed") == (drawn, lots)


def chi_square(counts: Counter[Any], cells: int) -> float:
    expected = counts.total() / cells
    return sum((counts[key] - expected) ** 2 / expected for key in counts) + expected * (cells - len(counts))


def test_every_order_is_equally_likely() -> None:
    """4! orders, 2,400 seeds: 23 degrees of freedom, above 60 once in 30,000 tries; the seeds are fixed."""
    problem, schedule = one_sitting(4)
    found = Counter(draw_slots(problem, schedule, seed_of("密语", str(n)))[1][0].applicants for n in range(2400))
    assert chi_square(found, 24) < 60


def test_every_place_of_a_full_sitting_is_equally_likely() -> None:
    """8 people, 8 slots, 1,600 seeds: each person over slots, 7 degrees of freedom, above 36 once in 130,000."""
    problem, schedule = one_sitting(8)
    found: dict[str, Counter[str]] = {who: Counter() for who in problem.applicant}
    for n in range(1600):
        for who, place in places(draw_slots(problem, schedule, seed_of("密语", str(n)))[0]).items():
            found[who][place[2]] += 1
    assert all(chi_square(counts, 8) < 36 for counts in found.values())


@settings(max_examples=15, deadline=None)
@given(rounds, st.text(min_size=1, max_size=9).filter(lambda t: t.isprintable()))
def test_the_script_of_the_page_recomputes_it(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[dict[str, Any], dict[str, Any]], secret: str
) -> None:
    folder = tmp_path_factory.mktemp("draw")
    for name, document in zip(("i", "s"), made, strict=True):
        folder.joinpath(f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    new, bare = folder / "new.json", folder / "lots.json"
    assert (
        run(
            "draw", folder / "s.json", "--instance", folder / "i.json", f"--secret={secret}", "--digits", 27, "-o", new
        ).exit_code
        == 0
    )
    document = json.loads(new.read_text(encoding="utf-8"))
    bare.write_text(json.dumps(document["lots"]), encoding="utf-8")
    folder.joinpath("verify.py").write_text(SCRIPT, encoding="utf-8")
    for file in (new, bare):
        told = subprocess.run(
            [sys.executable, "-I", folder / "verify.py", file], capture_output=True, encoding="utf-8", check=True
        ).stdout.splitlines()
        assert told[0].split() == [document["lots"]["commitment"], document["lots"]["seed"]]
        rows = (line.split() for line in told[1:])
        schedule = Schedule.from_json(document)
        assert {(who, place, f"{at}:00") for place, at, who in rows} == {
            (who, f"{session}/{room}", at) for who, (session, room, at) in places(schedule).items()
        }


def run(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, document in zip(("i", "s"), small_round(random.Random(5)), strict=True):
        tmp_path.joinpath(f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def test_the_command(files: Path) -> None:
    said = run("draw", "--commit", "--secret", "lithium-2023")
    assert (said.exit_code, said.stdout) == (0, commitment("lithium-2023") + "\n")
    words = [
        "draw",
        files / "s.json",
        "--instance",
        files / "i.json",
        "--secret",
        "lithium-2023",
        "--digits",
        "3814",
        "-o",
    ]
    answer = run(*words, files / "new.json", "--experts")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["commitment"] == commitment("lithium-2023")
    document = json.loads(files.joinpath("new.json").read_text(encoding="utf-8"))
    assert set(document["lots"]) == {"commitment", "secret", "digits", "seed", "order"}
    assert "calls" in document
    judged = run("check", files / "i.json", files / "new.json")
    assert (judged.exit_code, json.loads(judged.stdout)["violations"]) == (0, 0)
    assert run(*words, files / "plain.json").exit_code == 0
    assert "calls" not in json.loads(files.joinpath("plain.json").read_text(encoding="utf-8"))


WRONG = {
    "no digits": (["{s}", "--instance", "{i}", "--secret", "x", "-o", "{new}"], "--digits"),
    "no schedule": (["--instance", "{i}", "--secret", "x", "--digits", "1", "-o", "{new}"], "SCHEDULE"),
    "empty digits": (["{s}", "--instance", "{i}", "--secret", "x", "--digits", "", "-o", "{new}"], "digits"),
    "full-width digits": (["{s}", "--instance", "{i}", "--secret", "x", "--digits", "３", "-o", "{new}"], "half-width"),
    "empty secret": (["{s}", "--instance", "{i}", "--secret", "", "--digits", "1", "-o", "{new}"], "secret"),
    "no text": (["{s}", "--instance", "{i}", "--secret", "\udce9", "--digits", "1", "-o", "{new}"], "UTF-8"),
    "no file": (["{none}", "--instance", "{i}", "--secret", "x", "--digits", "1", "-o", "{new}"], "none.json"),
    "the instance twice": (["{i}", "--instance", "{i}", "--secret", "x", "--digits", "1", "-o", "{new}"], "panels"),
    "another round's": (["{s}", "--instance", "{other}", "--secret", "x", "--digits", "1", "-o", "{new}"], "not valid"),
    "no folder": (["{s}", "--instance", "{i}", "--secret", "x", "--digits", "1", "-o", "{nowhere}"], "written"),
    "commit and digits": (["--commit", "--secret", "x", "--digits", "1"], "--commit"),
    "commit, empty secret": (["--commit", "--secret", ""], "secret"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_wrong_use_is_one_line_and_leaves_no_file(files: Path, what: str) -> None:
    files.joinpath("other.json").write_text(json.dumps(small_round(random.Random(6))[0]), encoding="utf-8")
    before = set(files.iterdir())
    paths = {name: files / f"{name}.json" for name in ("i", "s", "none", "other", "new")} | {
        "nowhere": files / "no" / "new.json"
    }
    words, says = WRONG[what]
    answer = run("draw", *(word.format(**paths) for word in words))
    assert answer.exit_code == 2, answer.output
    assert says in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert set(files.iterdir()) == before


def test_wrong_claims_are_refused() -> None:
    problem, schedule = one_sitting(3)
    with pytest.raises(SchedulerError, match="COST"):
        draw(problem, schedule.rated((0,) * 7, (0,) * 7, 1.0), "密语", "1")
