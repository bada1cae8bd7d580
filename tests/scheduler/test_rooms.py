"""Rooms handed out: pinned ones first, the same one through a day, never more than there are."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.check import check
from scheduler.facts import Facts
from scheduler.rooms import settle
from scheduler.schedule import Appointment, Panel, Schedule, Sitting

SESSIONS = {"S0": "2023-07-15T08", "S1": "2023-07-15T10", "S2": "2023-07-15T14", "S3": "2023-07-16T08"}
"""Three on the first day, one on the second."""


def problem(rooms: list[dict[str, Any]], pins: dict[str, str] | None = None) -> Problem:
    """Panels of one, six of them; an applicant for each panel and session, called A0S0 and so on."""
    return Problem.from_json(
        {
            "talk_minutes": 5,
            "answer_minutes": 5,
            "rules": {"panel_size": 1, "min_specialists": 1, "max_members_per_employer": 1},
            "sessions": [{"id": s, "start": f"{t}:00", "end": f"{t}:20"} for s, t in SESSIONS.items()],
            "rooms": rooms,
            "directions": [{"id": "D"}],
            "experts": [
                {"id": f"E{q}", "employer": None, "directions": {"D": 3}, "chair": True, "sessions": [*SESSIONS]}
                for q in range(6)
            ],
            "applicants": [
                {"id": f"A{q}{s}", "direction": "D", "employer": None, "pin": {"room": (pins or {}).get(f"A{q}{s}")}}
                for q in range(6)
                for s in SESSIONS
            ],
        }
    )


def panel(q: int, *sessions: str) -> Panel:
    sittings = (
        Sitting(s, "", (Appointment(f"A{q}{s}", datetime.fromisoformat(f"{SESSIONS[s]}:00")),)) for s in sessions
    )
    return Panel("", ("D",), f"E{q}", (f"E{q}",), tuple(sittings))


def settled(p: Problem, *panels: Panel) -> Schedule | None:
    """What comes out; where it is a schedule, the checker accepts it."""
    schedule = settle(Facts(p), panels)
    if schedule is not None:
        assert not check(p, schedule.to_json()).violations
    return schedule


def rooms(schedule: Schedule | None) -> list[list[str]]:
    assert schedule is not None
    return [[s.room for s in p.sittings] for p in schedule.panels]


def test_a_panel_keeps_its_room_through_a_day():
    p = problem([{"id": "R0"}, {"id": "R1"}])
    for some in itertools.permutations([panel(0, "S0", "S1", "S2"), panel(1, "S1"), panel(2, "S0", "S2")]):
        assert [len(set(mine)) for mine in rooms(settled(p, *some))] == [1, 1, 1]


def test_who_sits_longest_keeps_the_room_that_can_be_kept():
    where = {"R0": ["S0"], "R1": ["S0", "S1", "S2"], "R2": ["S1"], "R3": ["S2"]}
    p = problem([{"id": r, "sessions": mine} for r, mine in where.items()])
    assert rooms(settled(p, panel(0, "S0", "S1"), panel(1, "S0", "S1", "S2"))) == [["R0", "R2"], ["R1"] * 3]


def test_it_begins_in_a_room_that_it_can_keep():
    p = problem([{"id": "R0", "sessions": ["S0"]}, {"id": "R1"}])
    assert rooms(settled(p, panel(0, "S0"), panel(1, "S0", "S1"))) == [["R0"], ["R1", "R1"]]


def test_it_begins_where_it_will_be_pinned_to_later():
    p = problem([{"id": "R0"}, {"id": "R1"}, {"id": "R2"}], {"A0S2": "R2"})
    assert rooms(settled(p, panel(0, "S0", "S2"))) == [["R2", "R2"]]


def test_pinned_people_have_their_room():
    p = problem([{"id": "R0"}, {"id": "R1"}], {"A1S0": "R0"})
    assert rooms(settled(p, panel(0, "S0"), panel(1, "S0"))) == [["R1"], ["R0"]]


def test_who_can_go_elsewhere_leaves_a_room_to_who_can_not():
    """Of two free rooms the one that is of no use later on the day."""
    p = problem([{"id": "R0"}, {"id": "R1", "sessions": ["S0"]}])
    assert rooms(settled(p, panel(0, "S0"), panel(1, "S1"))) == [["R1"], ["R0"]]


def test_too_few_rooms_and_two_who_are_pinned_to_one_have_no_schedule():
    assert settled(problem([{"id": "R0"}]), panel(0, "S0"), panel(1, "S0")) is None
    assert settled(problem([{"id": "R0", "sessions": ["S1"]}]), panel(0, "S0")) is None
    both = problem([{"id": "R0"}, {"id": "R1"}], {"A0S0": "R0", "A1S0": "R0"})
    assert settled(both, panel(0, "S0"), panel(1, "S0")) is None
    one = panel(0, "S0").sittings[0]
    more = Appointment("A1S0", one.appointments[0].start + timedelta(minutes=10))
    crowd = replace(panel(0), sittings=(replace(one, appointments=(*one.appointments, more)),))
    assert settled(problem([{"id": "R0"}, {"id": "R1"}], {"A0S0": "R0", "A1S0": "R1"}), crowd) is None
    closed = problem([{"id": "R0"}, {"id": "R1", "sessions": ["S1"]}], {"A0S0": "R1"})
    assert settled(closed, panel(0, "S0")) is None


def test_ids_are_in_order_and_those_not_heard_are_named():
    p = problem([{"id": "R0"}, {"id": "R1"}])
    schedule = settled(p, panel(3, "S0"), panel(1, "S3"))
    assert schedule is not None
    assert [(q.id, q.chair) for q in schedule.panels] == [("P1", "E3"), ("P2", "E1")]
    assert schedule.unscheduled == tuple(a.id for a in p.applicants if a.id not in ("A3S0", "A1S3"))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_where_there_are_rooms_enough_everyone_has_one(data):
    """Rooms open in any sessions, no pins: a schedule wherever no session has more sittings than rooms."""
    sessions = [*SESSIONS]
    some = st.lists(st.sampled_from(sessions), unique=True, min_size=1).map(sorted)
    open_in = data.draw(st.lists(some, min_size=1, max_size=4))
    p = problem([{"id": f"R{i}", "sessions": mine} for i, mine in enumerate(open_in)])
    panels = [panel(q, *mine) for q, mine in enumerate(data.draw(st.lists(some, max_size=6)))]
    enough = all(
        sum(s in [x.session for x in q.sittings] for q in panels) <= sum(s in mine for mine in open_in)
        for s in sessions
    )
    assert (settled(p, *panels) is not None) == enough
