"""A draft worked on by hand: every kind of change, undo and redo, pins, and two people at once; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import Problem, check
from tests.webapp.drafted import drafted_round, move
from tests.webapp.small import OFFICE, clock
from webapp.models import Applicant, Appointment, AuditEntry, Round, ScheduleVersion
from webapp.services import desks, drafts, moves, publishing, reworking
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Refused, Unreadable

OTHER = Actor("li", "office")
SWAP = {"kind": "swap", "one": "A00001", "other": "A00002"}


@pytest.fixture
def made(session: Session) -> tuple[Round, ScheduleVersion]:
    found = drafted_round(session)
    session.commit()
    return found


def edit(
    session: Session, round_: Round, number: int, seen: int, *rows: dict[str, Any], **other: Any
) -> reworking.Edited:
    found = reworking.edit(session, OFFICE, clock, round_, number, seen, moves.read(list(rows)), **other)
    session.flush()
    return found


def places(version: ScheduleVersion) -> dict[str, str]:
    return {
        a["applicant"]: f"{panel['id']} {sitting['session']}/{sitting['room']} {a['start'][11:]}"
        for panel in version.document["panels"]
        for sitting in panel["sittings"]
        for a in sitting["appointments"]
    }


def in_tables(session: Session, version: ScheduleVersion) -> dict[str, str]:
    rows = session.scalars(select(Appointment).where(Appointment.version_id == version.id))
    return {
        a.applicant.code: f"{a.sitting.panel.code} {a.sitting.session.code}/{a.sitting.room.code} {a.start:%H:%M}"
        for a in rows
    }


def test_the_first_edit_makes_a_draft_by_hand_and_the_next_goes_on_in_it(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, first = made
    before = places(first)
    second = edit(session, round_, 1, 0, move(8, 40)).version
    assert (second.number, second.base, second.by_hand, second.revision) == (2, 1, True, 1)
    assert places(first) == before
    assert places(second) == before | {"A00008": "P1 S1/R1 09:40"} == in_tables(session, second)
    third = edit(session, round_, 2, 1, SWAP).version
    assert (third.number, third.revision) == (2, 2)
    assert places(third)["A00001"] == "P1 S1/R1 09:10" == in_tables(session, third)["A00001"]
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["draft.edit", "draft.edit"]


KINDS: dict[str, list[dict[str, Any]]] = {
    "one goes": [{"kind": "unschedule", "applicant": "A00004"}],
    "a sitting to the afternoon": [
        {"kind": "sitting", "panel": "P1", "session": "S1", "to_session": "S2", "to_room": "R2"}
    ],
    "two sittings change rooms": [
        {"kind": "sitting", "panel": "P1", "session": "S1", "to_session": "S1", "to_room": "R2"},
        {"kind": "sitting", "panel": "P2", "session": "S1", "to_session": "S1", "to_room": "R1"},
    ],
    "an expert for an expert": [{"kind": "replace", "panel": "P1", "leaves": "E0003", "comes": "E0007"}],
    "another chair": [{"kind": "chair", "panel": "P1", "chair": "E0002"}],
    "one sitting more": [
        {
            "kind": "open",
            "applicant": "A00008",
            "panel": "P1",
            "session": "S2",
            "room": "R1",
            "start": "2026-12-05T14:00",
        }
    ],
    "a panel emptied": [{"kind": "unschedule", "applicant": f"A0000{n}"} for n in (5, 6, 7)],
}


@pytest.mark.parametrize("what", KINDS)
def test_every_kind_of_change_is_valid_kept_in_both_forms_undone_and_done_again(
    session: Session, made: tuple[Round, ScheduleVersion], what: str
) -> None:
    round_, first = made
    version = edit(session, round_, 1, 0, *KINDS[what]).version
    after = version.document
    report = check(Problem.from_json(version.instance), drafts.core(after))
    assert (report.violations, list(report.cost)) == ((), after["cost"])
    assert in_tables(session, version) == places(version)
    reworking.undo(session, OFFICE, clock, round_, 2, 1)
    session.flush()
    assert drafts.core(version.document)["panels"] == first.document["panels"]
    assert (version.document["unscheduled"], version.document["cost"]) == (["A00008"], first.document["cost"])
    assert in_tables(session, version) == places(first)
    reworking.redo(session, OFFICE, clock, round_, 2, 2)
    session.flush()
    assert version.document == after
    assert in_tables(session, version) == places(version)
    assert [m.expert.code for p in version.panels for m in p.members] == [
        m for p in after["panels"] for m in p["members"]
    ]


def test_where_nobody_sits_the_panel_is_found_that_breaks_least(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, first = made
    put = {"kind": "open", "applicant": "A00008", "panel": None, "room": "R1"}
    afternoon, morning = put | {"session": "S2", "start": "2026-12-05T14:10"}, put | {"session": "S1", "room": "R2"}
    done = edit(session, round_, 1, 0, afternoon)
    assert done.edit.moves == [afternoon | {"panel": "P1"}]
    assert places(done.version)["A00008"] == "P1 S2/R1 14:10"
    desk = desks.of(session, first)
    rows = desk.settled([morning | {"start": "2026-12-05T09:50"}])
    told = [str(one.said) for one in desk.told(desk.tried(rows).broken)]
    assert "专家组同一时段坐两场：P1。" in told, "each sentence is about the one thing that is wrong"


def test_what_was_proven_is_known_again_where_the_cost_is_the_same(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, first = made
    edit(session, round_, 1, 0, {"kind": "unschedule", "applicant": "A00004"})
    pin = {"kind": "pin", "applicant": "A00002", "start": "2026-12-05T09:10"}
    version = edit(session, round_, 2, 1, pin).version
    assert version.document["bound"][1:] == [0] * 6, "an earlier level costs more than the proof is about"
    version = edit(session, round_, 2, 2, move(4, 30)).version
    assert (version.document["cost"], version.document["bound"]) == (first.document["cost"], first.document["bound"])
    edit(session, round_, 2, 3, {"kind": "unschedule", "applicant": "A00004"})
    first.instance = first.instance | {"talk_minutes": 4}
    session.flush()
    version = edit(session, round_, 2, 4, move(4, 30)).version
    assert version.document["bound"][1:] == [0] * 6, "what was proven of other data is not"


def test_undo_and_redo_go_step_by_step_and_a_new_edit_ends_what_was_undone(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, _first = made
    version = edit(session, round_, 1, 0, move(8, 40)).version
    edit(session, round_, 2, 1, SWAP)
    reworking.undo(session, OFFICE, clock, round_, 2, 2)
    reworking.undo(session, OFFICE, clock, round_, 2, 3)
    with pytest.raises(Refused, match="没有可以撤销"):
        reworking.undo(session, OFFICE, clock, round_, 2, 4)
    reworking.redo(session, OFFICE, clock, round_, 2, 4)
    assert (places(version)["A00008"], places(version)["A00001"]) == ("P1 S1/R1 09:40", "P1 S1/R1 09:00")
    edit(session, round_, 2, 5, move(8, 50))
    with pytest.raises(Refused, match="没有可以重做"):
        reworking.redo(session, OFFICE, clock, round_, 2, 6)
    assert [e.position for e in version.edits] == [1, 2]


def test_of_two_people_the_second_overwrites_nothing_and_is_told_what_the_first_did(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, _first = made
    version = edit(session, round_, 1, 0, move(8, 40)).version
    edit(session, round_, 2, 1, SWAP)
    before = places(version)
    with pytest.raises(reworking.Outrun) as outrun:
        edit(session, round_, 2, 1, move(8, 50))
    assert (outrun.value.version.number, [e.moves for e in outrun.value.theirs]) == (2, [[SWAP]])
    assert (places(version), version.revision) == (before, 2)
    edit(session, round_, 2, 2, move(8, 50))
    assert places(version)["A00008"] == "P1 S1/R1 09:50"


def test_two_who_begin_from_one_version_meet_too_or_part_when_they_want(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, _first = made
    edit(session, round_, 1, 0, move(8, 40))
    for seen in (0, 1):
        with pytest.raises(reworking.Outrun) as outrun:
            edit(session, round_, 1, seen, SWAP)
        assert outrun.value.version.number == 2
    apart = edit(session, round_, 1, 1, SWAP, apart=True).version
    assert (apart.number, apart.base, places(apart)["A00001"]) == (3, 1, "P1 S1/R1 09:10")


def test_what_breaks_a_rule_is_told_kept_only_when_asked_for_and_never_published(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, _first = made
    recused = {"kind": "replace", "panel": "P1", "leaves": "E0003", "comes": "E0008"}
    with pytest.raises(reworking.Breaks) as breaks:
        edit(session, round_, 1, 0, recused)
    assert [v.rule for v in breaks.value.tried.broken] == ["H9"]
    version = edit(session, round_, 1, 0, recused, anyway=True).version
    told = "H9 专家与申报人应当回避：P1、12月5日 上午、第一答辩室、韩梅（E0008）、张明远（A00001）。"
    assert version.document["violations"] == [told]
    with pytest.raises(Refused, match="H9"):
        publishing.publish(session, OFFICE, clock, round_, 2, problem_document(session, round_))


def test_nobody_is_booked_twice_even_when_asked_for(session: Session, made: tuple[Round, ScheduleVersion]) -> None:
    round_, first = made
    for row in (move(8, 0), {"kind": "replace", "panel": "P1", "leaves": "E0003", "comes": "E0005"}):
        with pytest.raises(Refused, match="用两次"):
            edit(session, round_, 1, 0, row, anyway=True)
        session.rollback()
    assert first.document["unscheduled"] == ["A00008"]


def test_pins_of_an_applicant_are_the_rounds_and_hold(session: Session, made: tuple[Round, ScheduleVersion]) -> None:
    round_, _first = made
    held = {"kind": "pin", "applicant": "A00002", "session": "S1", "start": "2026-12-05T09:10"}
    version = edit(session, round_, 1, 0, held).version
    person = session.scalars(select(Applicant).where(Applicant.code == "A00002")).one()
    assert person.pin == {"session": "S1", "start": "2026-12-05T09:10"}
    with pytest.raises(reworking.Breaks) as breaks:
        edit(session, round_, 2, 1, move(2, 50))
    assert [v.rule for v in breaks.value.tried.broken] == ["H11"]
    free = {"kind": "pin", "applicant": "A00002", "start": None}
    edit(session, round_, 2, 1, free, move(2, 50))
    assert (person.pin, places(version)["A00002"]) == ({"session": "S1"}, "P1 S1/R1 09:50")
    reworking.undo(session, OFFICE, clock, round_, 2, 2)
    assert (person.pin["start"], places(version)["A00002"]) == ("2026-12-05T09:10", "P1 S1/R1 09:10")


SEATS = {
    "chair": ({"kind": "seat", "panel": "P1", "expert": "E0001", "as": "chair", "held": True}, KINDS["another chair"]),
    "member": (
        {"kind": "seat", "panel": "P1", "expert": "E0003", "as": "member", "held": True},
        KINDS["an expert for an expert"],
    ),
    "panel": ({"kind": "pin", "applicant": "A00005", "panel": "P2"}, KINDS["a panel emptied"][:1]),
}


@pytest.mark.parametrize("what", SEATS)
def test_pins_to_a_panel_hold_until_they_are_lifted(
    session: Session, made: tuple[Round, ScheduleVersion], what: str
) -> None:
    round_, _first = made
    pin, against = SEATS[what]
    version = edit(session, round_, 1, 0, pin).version
    assert len(version.document["pins"]) == 1
    if what != "panel":  # who is unscheduled is nowhere else, as with the instance's pins
        with pytest.raises(reworking.Breaks, match="1 条"):
            edit(session, round_, 2, 1, *against)
    off = pin | {"panel": None} if what == "panel" else pin | {"held": False}
    edit(session, round_, 2, 1, off, *against)
    assert (version.document["pins"], version.document["violations"]) == ([], [])


def test_published_and_unknown_things_are_refused(session: Session, made: tuple[Round, ScheduleVersion]) -> None:
    round_, _first = made
    for row in ({"kind": "fly"}, {"kind": "move", "applicant": "A1"}, {"kind": "pin", "applicant": "A00001"}, "x"):
        with pytest.raises(Unreadable):
            moves.read([row])
    with pytest.raises(Refused, match="A99999"):
        edit(session, round_, 1, 0, {"kind": "unschedule", "applicant": "A99999"})
    with pytest.raises(Refused, match="没有改变"):
        edit(session, round_, 1, 0, move(1, 0))
    publishing.publish(session, OFFICE, clock, round_, 1, problem_document(session, round_))
    with pytest.raises(Refused):
        edit(session, round_, 1, 0, SWAP)


def test_a_desk_follows_the_rounds_data_and_the_drafts_revision(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, first = made
    warm = desks.of(session, first)
    assert desks.of(session, first) is warm
    version = edit(session, round_, 1, 0, move(8, 40)).version
    assert desks.of(session, version).problem is warm.problem
    assert desks.of(session, version).schedule.unscheduled == ()
    edit(session, round_, 2, 1, {"kind": "pin", "applicant": "A00001", "room": "R1"})
    assert desks.of(session, version).problem.applicant["A00001"].pin.room == "R1"
