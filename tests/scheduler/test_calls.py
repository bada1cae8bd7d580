"""Who is called: drawn among experts who serve equally well, and only among them, whomever the solver chose."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem, Schedule, check
from scheduler.calls import draw_calls
from scheduler.seed import digest
from tests.scheduler.small_rounds import STARTS, small_round
from tests.scheduler.test_lots import chi_square

EQUALS = [
    {"id": f"E{n}", "employer": f"F{n}", "directions": {"D1": 3, "D2": 2}, "chair": True, "sessions": ["S1", "S3"]}
    for n in range(1, 6)
]


def one_panel(experts: list[dict[str, Any]], members: list[str]) -> tuple[Problem, Schedule]:
    """P1 of three members, the first its chair, hears A1 in S1 and A2 in S3."""
    instance, _ = small_round(random.Random(0))
    instance["applicants"] = [{"id": who, "direction": "D1", "employer": "G1"} for who in ("A1", "A2")]
    instance["experts"] = experts
    sittings = [
        {"session": s, "room": "R1", "appointments": [{"applicant": who, "start": STARTS[s][0]}]}
        for s, who in (("S1", "A1"), ("S3", "A2"))
    ]
    panel = {"id": "P1", "directions": ["D1"], "chair": members[0], "members": members, "sittings": sittings}
    problem, document = Problem.from_json(instance), {"panels": [panel], "unscheduled": []}
    assert not check(problem, document).violations
    return problem, Schedule.from_json(document)


def called(schedule: Schedule) -> frozenset[str]:
    return frozenset(m for p in schedule.panels for m in p.members)


@settings(deadline=None)
@given(st.builds(small_round, st.randoms(use_true_random=False)), st.text("0123456789"))
def test_a_draw_keeps_validity_and_cost(made: tuple[dict[str, Any], dict[str, Any]], seed: str) -> None:
    problem, schedule = Problem.from_json(made[0]), Schedule.from_json(made[1])
    drawn, calls = draw_calls(problem, schedule, seed)
    assert check(problem, drawn.to_json()) == check(problem, schedule.to_json())
    for call in calls:
        keys = [digest(seed, *call.panels, who) for who in call.experts]
        assert keys == sorted(keys)
        assert len(keys) > 1


@pytest.mark.parametrize("members", [["E1", "E2", "E3"], ["E5", "E2", "E4"]])
def test_equals_are_equally_likely_whomever_the_solver_chose(members: list[str]) -> None:
    """Three of five, 1,000 seeds, ten trios: 9 degrees of freedom, above 35 once in 17,000; the seeds are fixed."""
    problem, schedule = one_panel(EQUALS, members)
    found = Counter(called(draw_calls(problem, schedule, str(n))[0]) for n in range(1000))
    assert chi_square(found, 10) < 35


def test_the_solvers_choice_among_equals_does_not_show() -> None:
    one, other = one_panel(EQUALS, ["E1", "E2", "E3"]), one_panel(EQUALS, ["E5", "E2", "E4"])
    for n in range(50):
        (a, calls), (b, again) = draw_calls(*one, str(n)), draw_calls(*other, str(n))
        assert (called(a), a.panels[0].chair, calls) == (called(b), b.panels[0].chair, again)


LESS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "away in one session": ({"sessions": ["S1"]}, {"sessions": ["S1", "S2", "S3"]}),
    "too few sessions": ({"max_sessions": 1}, {"max_sessions": 2}),
    "weaker": ({"directions": {"D1": 1}}, {"directions": {"D1": 3}}),
    "recused": ({"recuse_applicants": ["A2"]}, {"recuse_employers": ["F1"]}),
    "of an applicant's employer": ({"employer": "G1"}, {"employer": None}),
    "of a member's employer": ({"employer": "F2"}, {"employer": "F9"}),
}
"""What keeps E4 from E3's call, and what does not."""


@pytest.mark.parametrize("what", LESS)
def test_who_serves_less_well_is_not_drawn(what: str) -> None:
    fixed = [e | {"directions": {"D1": 2, "D2": n + 1}} for n, e in enumerate(EQUALS[:2])]
    for changed, is_drawn in zip(LESS[what], (False, True), strict=True):
        problem, schedule = one_panel([*fixed, EQUALS[2], EQUALS[3] | changed], ["E1", "E2", "E3"])
        assert any("E4" in called(draw_calls(problem, schedule, str(n))[0]) for n in range(30)) is is_drawn


def test_of_one_employer_one_is_called() -> None:
    """E3 and E4 are colleagues and equals: either is called, never both."""
    problem, schedule = one_panel([*EQUALS[:3], EQUALS[3] | {"employer": "F3"}, EQUALS[4]], ["E1", "E2", "E3"])
    found = Counter(called(draw_calls(problem, schedule, str(n))[0]) for n in range(200))
    assert not any({"E3", "E4"} <= trio for trio in found)
    assert {frozenset({"E1", "E2", "E3"}), frozenset({"E1", "E2", "E4"})} <= set(found)


def test_only_who_may_chair_takes_the_chair() -> None:
    experts = [EQUALS[0], *(e | {"chair": False} for e in EQUALS[1:4]), EQUALS[4]]
    problem, schedule = one_panel(experts, ["E1", "E2", "E3"])
    assert {draw_calls(problem, schedule, str(n))[0].panels[0].chair for n in range(60)} == {"E1", "E5"}
