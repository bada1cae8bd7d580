"""The figures of panels: the checker's, changes of room left out; and what must not be held together."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem, Schedule
from scheduler.check import check
from scheduler.facts import Facts
from scheduler.held import Held, consistent, cost, hold
from tests.scheduler.small_rounds import STARTS, small_round


def held(document: dict[str, Any], schedule: dict[str, Any]) -> tuple[Facts, Schedule, list[Held]]:
    facts, found = Facts(Problem.from_json(document)), Schedule.from_json(schedule)
    return facts, found, [hold(facts, panel) for panel in found.panels]


def moves(problem: Problem, schedule: Schedule) -> int:
    """Changes of room of a panel within a day."""
    found = 0
    for panel in schedule.panels:
        days = defaultdict(list)
        for s in sorted(panel.sittings, key=lambda s: problem.session[s.session].start):
            days[problem.session[s.session].day].append(s.room)
        found += sum(a != b for rooms in days.values() for a, b in pairwise(rooms))
    return found


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.booleans())
def test_the_cost_is_the_checkers_without_changes_of_room(seed, most, afternoon):
    """``afternoon``: the first panel's second sitting is on the same day, in the other room."""
    document, schedule = small_round(random.Random(seed), most)
    if afternoon:
        second = schedule["panels"][0]["sittings"][1]
        second["session"], second["room"] = "S2", "R2"
        for start, row in zip(STARTS["S2"], second["appointments"], strict=False):
            row["start"] = start
    facts, found, panels = held(document, schedule)
    *others, thin = check(facts.problem, schedule).cost
    assert cost(facts, panels) == (*others, thin - moves(facts.problem, found))
    assert moves(facts.problem, found) == afternoon


def test_no_panels_cost_everyone():
    document, _ = small_round(random.Random(1))
    facts = Facts(Problem.from_json(document))
    assert cost(facts, []) == (len(document["applicants"]), 0, 0, 0, 0, 0, 0)
    assert consistent(facts, [])


def test_a_panel_knows_whom_it_hears_and_when():
    document, schedule = small_round(random.Random(2))
    _, found, (first, second) = held(document, schedule)
    assert (first.members, first.times, second.times) == ((2, 1, 0), (0, 2), (0,))
    assert first.people == [a.applicant for s in found.panels[0].sittings for a in s.appointments]
    assert dict(first.heard) == {"D1": len(first.people)}


def with_experts(facts: Facts, panel: Held, *members: str) -> Held:
    return hold(facts, replace(panel.panel, members=members, chair=members[0]))


def test_what_can_not_be_held_together():
    document, schedule = small_round(random.Random(3))
    facts, _, (first, second) = held(document, schedule)
    assert consistent(facts, [first, second])
    assert not consistent(facts, [first, with_experts(facts, second, "E1", "E4", "E5")]), "E1 sits twice in S1"
    assert not consistent(facts, [first, first]), "everyone is heard twice"
    twin = with_experts(facts, first, "E4", "E5", "E6")
    assert not consistent(facts, [first, twin]), "the same people by others"


def test_rooms_and_limits_of_experts_count():
    document, schedule = small_round(random.Random(4))
    document["rooms"] = [{"id": "R1"}, {"id": "R2", "sessions": ["S3"]}]
    facts, _, (first, second) = held(document, schedule)
    assert consistent(facts, [first])
    assert not consistent(facts, [first, second]), "one room in S1"
    document["experts"][0]["max_sessions"] = 1
    facts, _, (first, second) = held(document, schedule)
    assert not consistent(facts, [first]), "E1 sits once at the most"
    assert consistent(facts, [second])
