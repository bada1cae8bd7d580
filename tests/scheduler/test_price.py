"""What a manual change breaks and costs: counted by hand for each kind, and as a law on random ones."""

from __future__ import annotations

import copy
import random
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem, Schedule, SchedulerError, check
from scheduler.price import Change, Move, MoveSitting, NameChair, Replace, Swap, Unschedule, price
from tests.scheduler.small_rounds import STARTS, small_round
from tests.scheduler.test_check import INSTANCE, SCHEDULE
from tests.scheduler.test_lots import places

PROBLEM, NOW = Problem.from_json(INSTANCE), Schedule.from_json(SCHEDULE)
SAME = (0, 0, 0, 0, 0, 0, 0)


def at(text: str, day: int = 15) -> datetime:
    return datetime.fromisoformat(f"2023-07-{day}T{text}")


KNOWN: dict[str, tuple[Change, list[str], tuple[int, ...]]] = {
    "an unscheduled one into a gap": (Move("A6", "S1", "R1", at("08:40")), [], (-1, 0, 0, 0, 0, 0, -1)),
    "into a slot that is taken": (Move("A6", "S1", "R1", at("08:30")), ["H2"], (-1, 0, 0, 0, 0, 0, 0)),
    "off the slots": (Move("A6", "S1", "R1", at("08:55")), ["H2"], (-1, 0, 0, 0, 0, 0, 0)),
    "to a panel of other directions": (Move("A6", "S1", "R2", at("08:50")), ["H8"], (-1, 0, 0, 0, 0, 0, 0)),
    "the last of a sitting, pinned": (Move("A3", "S1", "R1", at("08:40")), ["H11"], (0, -1, 0, -3, -6, -1, -2)),
    "inside a sitting": (Move("A2", "S1", "R1", at("08:40")), [], (0, 0, 0, 0, 0, 0, -1)),
    "a swap with an unscheduled one": (Swap("A6", "A2"), [], SAME),
    "a swap into a blocked time": (Swap("A1", "A2"), ["H10"], SAME),
    "a swap with oneself": (Swap("A1", "A1"), [], SAME),
    "the last of a direction": (Unschedule("A5"), [], (1, 0, -1, -4, 0, 0, 1)),
    "the last of a panel's day": (Unschedule("A3"), [], (1, -1, 0, -3, -6, -1, -1)),
    "an unscheduled one again": (Unschedule("A6"), [], SAME),
    "a sitting to the afternoon": (MoveSitting("P2", "S1", "S2", "R2"), [], SAME),
    "a sitting to a room in use": (MoveSitting("P2", "S1", "S1", "R1"), ["H3"], SAME),
    "a sitting to a day nobody can": (MoveSitting("P2", "S1", "S3", "R2"), ["H3", "H4", "H4", "H4"], SAME),
    "a member by a colleague of another": (Replace("P1", "E3", "E8"), ["H6"], (0, 0, 0, -4, 0, 0, 0)),
    "a chair by one who may not": (Replace("P1", "E1", "E8"), ["H5"], SAME),
    "another chair": (NameChair("P2", "E5"), [], (0, 0, 0, 1, 0, 0, 0)),
    "a chair who may not": (NameChair("P2", "E6"), ["H5"], (0, 0, 0, 4, 0, 0, 0)),
}


@pytest.mark.parametrize("what", KNOWN)
def test_a_known_price(what: str) -> None:
    change, broken, difference = KNOWN[what]
    found = price(PROBLEM, NOW, change)
    assert (sorted(v.rule for v in found.broken), found.mended, found.difference) == (broken, (), difference)


def test_a_sitting_keeps_slot_numbers_and_leaves_out_who_has_none() -> None:
    found = price(PROBLEM, NOW, MoveSitting("P2", "S1", "S2", "R2")).schedule
    assert [a.start for a in found.panels[1].sittings[0].appointments] == [at("14:00"), at("14:10")]
    short = copy.deepcopy(INSTANCE)
    short["sessions"][1]["end"] = "2023-07-15T14:10"
    found = price(Problem.from_json(short), NOW, MoveSitting("P2", "S1", "S2", "R2")).schedule
    assert (found.unscheduled, found.panels[1].directions) == (("A6", "A5"), ("D2",))


def test_a_sitting_stays_in_the_order_of_time() -> None:
    rows = price(PROBLEM, NOW, Move("A6", "S1", "R1", at("08:40"))).schedule.panels[0].sittings[0].appointments
    assert [a.applicant for a in rows] == ["A1", "A6", "A2"]


def test_who_takes_the_chairs_seat_chairs() -> None:
    panel = price(PROBLEM, NOW, Replace("P2", "E4", "E7")).schedule.panels[1]
    assert (panel.chair, panel.members) == ("E7", ("E7", "E5", "E6"))


def test_changes_follow_each_other_and_directions_follow_the_applicants() -> None:
    back = price(PROBLEM, NOW, Unschedule("A5"), Move("A5", "S1", "R2", at("08:40")))
    assert back.schedule.panels == NOW.panels
    assert (back.broken, back.difference) == ((), SAME)
    gone = price(PROBLEM, NOW, Unschedule("A4"), Unschedule("A5"))
    assert [p.id for p in gone.schedule.panels] == ["P1"]
    assert (gone.broken, gone.schedule.unscheduled) == ((), ("A6", "A4", "A5"))


def test_what_was_broken_before_is_not_blamed_on_the_change_and_mending_shows() -> None:
    document = copy.deepcopy(SCHEDULE)
    document["panels"][1]["sittings"][0]["appointments"][0]["start"] = "2023-07-15T08:40"
    bad = Schedule.from_json(document)
    assert (price(PROBLEM, bad, Unschedule("A3")).broken, price(PROBLEM, bad, Unschedule("A3")).mended) == ((), ())
    mending = price(PROBLEM, bad, Move("A4", "S1", "R2", at("08:30")))
    assert ([v.rule for v in mending.mended], mending.broken) == (["H2"], ())


def test_a_bound_is_kept_as_far_as_the_cost_stays() -> None:
    cost = check(PROBLEM, SCHEDULE).cost
    found = price(PROBLEM, NOW.rated(cost, cost, 1.0), NameChair("P2", "E5")).schedule
    assert found.cost == (*cost[:3], cost[3] + 1, *cost[4:])
    assert found.bound == (*cost[:4], 0, 0, 0)


UNKNOWN: list[Change] = [
    Move("A9", "S1", "R1", at("08:30")),
    Move("A1", "S2", "R1", at("14:00")),
    Swap("A1", "A9"),
    Swap("A9", "A1"),
    Unschedule("A9"),
    MoveSitting("P9", "S1", "S2", "R1"),
    MoveSitting("P1", "S2", "S1", "R1"),
    MoveSitting("P1", "S1", "S9", "R1"),
    MoveSitting("P1", "S1", "S2", "R9"),
    Replace("P9", "E1", "E2"),
    Replace("P1", "E4", "E5"),
    Replace("P1", "E1", "E99"),
    NameChair("P1", "E4"),
]


@pytest.mark.parametrize("change", UNKNOWN, ids=map(str, UNKNOWN))
def test_what_is_not_there_is_refused(change: Change) -> None:
    with pytest.raises(SchedulerError, match=r"P9|A9|S2|S9|R9|E4|E99"):
        price(PROBLEM, NOW, change)


def some_change(rng: random.Random, problem: Problem, schedule: Schedule) -> Change:
    who, other = (rng.choice(problem.applicants).id for _ in range(2))
    panel = rng.choice(schedule.panels)
    sitting = rng.choice(panel.sittings)
    session, room = rng.choice(problem.sessions).id, rng.choice(problem.rooms).id
    return rng.choice([
        Move(who, sitting.session, sitting.room, datetime.fromisoformat(rng.choice(STARTS[sitting.session]))),
        Swap(who, other),
        Unschedule(who),
        MoveSitting(panel.id, sitting.session, session, room),
        Replace(panel.id, rng.choice(panel.members), rng.choice(problem.experts).id),
        NameChair(panel.id, rng.choice(panel.members)),
    ])  # fmt: skip


@settings(deadline=None)
@given(st.builds(small_round, st.randoms(use_true_random=False)), st.randoms(use_true_random=False))
def test_a_price_is_the_check_afterwards_less_the_check_before(
    made: tuple[dict[str, Any], dict[str, Any]], rng: random.Random
) -> None:
    problem, schedule = Problem.from_json(made[0]), Schedule.from_json(made[1])
    for _ in range(3):
        change = some_change(rng, problem, schedule)
        found = price(problem, schedule, change)
        before, after = check(problem, schedule.to_json()), check(problem, found.schedule.to_json())
        assert Counter(before.violations) + Counter(found.broken) == Counter(after.violations) + Counter(found.mended)
        assert not Counter(found.broken) & Counter(found.mended)
        assert tuple(a + d for a, d in zip(before.cost, found.difference, strict=True)) == after.cost
        assert not any(v.rule == "H1" for v in after.violations)
        only_it_moves(change, places(schedule), places(found.schedule))
        schedule = found.schedule
        if not schedule.panels:
            break


def only_it_moves(change: Change, was: dict[str, Any], now: dict[str, Any]) -> None:
    """Everyone the change does not name keeps the place."""
    match change:
        case Move(who, session, room, start):
            assert now == was | {who: (session, room, start.isoformat())}
        case Swap(one, other):
            assert (now.pop(one, None), now.pop(other, None)) == (
                was.pop(other, None),
                was.pop(one, None),
            ) or one == other
            assert now == was or one == other
        case Unschedule(who):
            assert now == {k: v for k, v in was.items() if k != who}
        case Replace() | NameChair():
            assert now == was
