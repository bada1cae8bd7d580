"""Solving again from a schedule: pins to panels hold, what is kept stays whole, nothing gets worse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler import Problem, Schedule, SchedulerError, check
from scheduler.again import again
from scheduler.pins import PanelPin, apart, joined, loose, pins_of
from scheduler.price import Replace, Unschedule, price
from tests.scheduler.test_check import INSTANCE, SCHEDULE

PROBLEM, NOW = Problem.from_json(INSTANCE), Schedule.from_json(SCHEDULE)
FIRST = NOW.panels[0]
HEARD = FIRST.sittings[0].appointments[0].applicant


def test_a_pin_holds_until_its_panel_does_without() -> None:
    pins = [PanelPin(FIRST.id, "chair", FIRST.chair), PanelPin(FIRST.id, "applicant", HEARD)]
    assert loose(pins, NOW) == ()
    without = price(PROBLEM, NOW, Unschedule(HEARD)).schedule
    assert loose(pins, without) == ()  # who is unscheduled is nowhere else
    gone = replace(NOW, panels=NOW.panels[1:])
    assert [(v.rule, v.where) for v in loose(pins, gone)] == [("H11", FIRST.id)] * 2
    other = next(e.id for e in PROBLEM.experts if all(e.id not in p.members for p in NOW.panels))
    changed = price(PROBLEM, NOW, Replace(FIRST.id, FIRST.chair, other)).schedule
    assert [v.text for v in loose(pins, changed)] == [f"{FIRST.chair} is pinned to it"]


def test_a_pin_is_read_back_as_it_was_written() -> None:
    pin = PanelPin("P1", "member", "E1")
    assert pins_of({"pins": [pin.to_json()]}) == (pin,)
    with pytest.raises(SchedulerError):
        pins_of({"pins": [{"panel": "P1", "kind": "room", "id": "R1"}]})


def test_what_is_kept_is_gone_from_the_rest_and_comes_back_beside_it() -> None:
    kept, rest = apart(PROBLEM, NOW, {FIRST.id})
    assert kept == (FIRST,)
    heard = {a.applicant for s in FIRST.sittings for a in s.appointments}
    assert {a.id for a in rest.applicants} == set(PROBLEM.applicant) - heard
    for s in FIRST.sittings:
        assert not next(r for r in rest.rooms if r.id == s.room).open_in(s.session)
        assert all(s.session not in rest.expert[m].sessions for m in FIRST.members)
    clash = joined(kept, replace(NOW, panels=(replace(NOW.panels[1], id=FIRST.id),)))
    assert len({p.id for p in clash.panels}) == 2


@pytest.mark.parametrize("pins", [(), (PanelPin(FIRST.id, "chair", FIRST.chair),)])
def test_solved_again_it_is_valid_no_worse_and_holds_its_pins(pins: tuple[PanelPin, ...]) -> None:
    found = again(PROBLEM, NOW, pins, seconds=2)
    report = check(PROBLEM, found.to_json())
    assert (report.violations, report.cost) == ((), found.cost)
    assert found.cost <= check(PROBLEM, NOW.to_json()).cost
    assert all(b <= c for b, c in zip(found.bound, found.cost, strict=True))
    if pins:
        assert next(p for p in found.panels if p.id == FIRST.id).members == FIRST.members
        assert loose(pins, found) == ()


def test_a_start_that_breaks_rules_is_mended_first_and_a_kept_panel_that_does_is_refused() -> None:
    short = replace(FIRST, members=FIRST.members[:-1])
    bad = replace(NOW, panels=(short, *NOW.panels[1:]))
    assert check(PROBLEM, again(PROBLEM, bad, seconds=2).to_json()).violations == ()
    with pytest.raises(SchedulerError, match="kept panel"):
        again(PROBLEM, bad, [PanelPin(FIRST.id, "chair", FIRST.chair)], seconds=1)
