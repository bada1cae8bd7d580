"""Panels whose directions and sessions are settled get the best people there are, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from scheduler.check import check
from scheduler.facts import Facts
from scheduler.patterns import Pattern
from scheduler.rooms import settle
from scheduler.staffing import Staffing
from tests.scheduler.test_filling import problem

D = ("D1",)
PATTERNS: list[Pattern] = [(D, (2,)), (D, (0, 1)), (D, (0,))]


@pytest.mark.parametrize("patterns", list(permutations(PATTERNS)))
def test_the_order_of_the_panels_does_not_matter(patterns: tuple[Pattern, ...]) -> None:
    p = problem([{} for _ in range(9)])
    facts = Facts(p)
    panels = Staffing(facts, patterns, 0).solve(10)
    assert panels is not None
    schedule = settle(facts, panels)
    assert schedule is not None
    assert not check(p, schedule.to_json()).violations
    held = [tuple(facts.session_number[s.session] for s in panel.sittings) for panel in panels]
    assert sorted(held) == sorted(times for _, times in patterns)


def test_nobody_sits_when_away() -> None:
    p = problem([{} for _ in range(3)])
    facts = Facts(replace(p, experts=tuple(replace(e, sessions=frozenset({"AM"})) for e in p.experts)))
    assert Staffing(facts, [(D, (0,))], 0).solve(10) is not None
    assert Staffing(facts, [(D, (1,))], 0).solve(10) is None


def test_so_many_may_be_left_out() -> None:
    facts = Facts(problem([{} for _ in range(4)]))
    assert Staffing(facts, [(D, (0,))], 0).solve(10) is None
    panels = Staffing(facts, [(D, (0,))], 1).solve(10)
    assert panels is not None
    assert len(panels[0].sittings[0].appointments) == 3
