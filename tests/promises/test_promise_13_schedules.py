"""Promise 13: generated cases through a short search and both checkers; ``make soak`` takes five hundred of them.

The second checker lies beside the project and may be missing; it shares no code with the first.
"""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from scheduler import Problem, Schedule, check, solve
from scheduler.bench.make import Kind, make
from scheduler.check import check_claims, slot_starts
from scheduler.problem import stamp
from tests.scheduler.test_two_checkers import BENCH, load

CASES = range(int(os.environ.get("SOAK", "40")))
other = cache(load)


def instance(case: int) -> dict[str, Any]:
    """30 to 80 applicants: mixed, with windows, pinned to sessions, rooms and starts, uneven, tight up to hopeless."""
    rng = random.Random(f"soak {case}")
    document = make(
        Kind(
            applicants=rng.randint(30, 80),
            seed=case,
            mixes=rng.random() < 0.5,
            pins=rng.choice([0, 0.05, 0.3]),
            uneven=rng.random() < 0.5,
            turnover=rng.choice([0, 0, 2]),
            tight=rng.choice([0.7, 0.85, 1.0, 1.3]),
            spare=rng.choice([1.25, 1.6, 2.0]),
            windows=case % 4 == 3,
        )
    )
    document["rules"] |= {
        "max_sittings_per_panel": rng.choice([1, 2, 4, None]),
        "max_members_per_employer": rng.choice([1, 1, 2]),
        "min_sitting": rng.choice([0, 6]),
    }
    problem = Problem.from_json(document)
    for a in rng.sample(document["applicants"], rng.choice([0, 0, 3])):
        start = rng.choice(slot_starts(rng.choice(problem.sessions), problem.slot_minutes))
        a["pin"] = rng.choice([{"room": rng.choice(document["rooms"])["id"]}, {"start": stamp(start)}])
    for a in rng.sample(document["applicants"], rng.choice([0, 3])):
        begin = rng.choice(document["sessions"])["start"]
        start = datetime.fromisoformat(begin) + timedelta(minutes=rng.randint(0, 90))
        a["unavailable"] = [[stamp(start), stamp(start + timedelta(minutes=rng.randint(1, 100)))]]
    return document


def judge(document: dict[str, Any], schedule: Schedule) -> None:
    """No rule broken and the cost as told, by every checker there is; no bound above the cost."""
    found = schedule.to_json()
    report = check(Problem.from_json(document), found)
    assert not report.violations
    assert check_claims(found, report.cost) == []
    if BENCH.exists():
        assert other().judge(document, found) == ([], list(report.cost))


@pytest.mark.parametrize("case", CASES)
def test_a_generated_case(case):
    """Twice, by clock and by another seed from there: valid, never worse, and no bound that the other one refutes."""
    document = instance(case)
    problem = Problem.from_json(document)
    first = solve(problem, seconds=1, workers=1 + case % 2, seed=case)
    again = solve(problem, seconds=0.5, workers=2 - case % 2, seed=case + 1, start=first)
    for schedule in (first, again):
        judge(document, schedule)
    assert again.cost <= first.cost
    for k in range(7):
        if first.cost[:k] == again.cost[:k]:
            assert max(first.bound[k], again.bound[k]) <= again.cost[k]
