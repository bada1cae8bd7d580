"""Cards, sessions, two versions, comments, rehearsals: what stands behind the tablets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.small import (
    FULL,
    NOW,
    OFFICE,
    OFFICER,
    clock,
    hear,
    record,
    submit,
    tablet,
)
from webapp.models import AuditEntry, Base, Expert, Round, Sheet, SheetRecord, TabletSession
from webapp.services import closing, panel_day, records, rehearsals, remarks, rounds, settling, sheets, tablets
from webapp.services.kernel import Forbidden, Missing, Refused, Stale, Unreadable


def panel(session: Session, round_: Round):  # type: ignore[no-untyped-def]
    return records.panel_of(session, round_, OFFICE, "P1")[0]


def test_a_card_lets_in_once_until_its_day_is_over_and_a_reprint_voids_it(session: Session, round_: Round) -> None:
    old = tablets.make_cards(session, OFFICE, clock, round_, panel(session, round_), "2026-12-05")
    new = tablets.make_cards(session, OFFICE, clock, round_, panel(session, round_), "2026-12-05")
    assert [(c.expert.code, c.chair) for c in new] == [("E0001", True), ("E0002", False), ("E0003", False)]
    with pytest.raises(Forbidden):
        tablets.enter(session, clock, old[0].code)
    assert tablets.enter(session, clock, new[0].code)
    with pytest.raises(Forbidden):
        tablets.enter(session, clock, new[0].code)
    with pytest.raises(Forbidden):
        tablets.enter(session, lambda: NOW + timedelta(days=2), new[1].code)
    row = session.scalars(select(TabletSession)).one()
    assert NOW < row.expires_at <= NOW + timedelta(days=1)
    with pytest.raises(Unreadable, match="没有场次"):
        tablets.make_cards(session, OFFICE, clock, round_, panel(session, round_), "2026-12-06")


def test_a_tablet_is_shut_out(session: Session, round_: Round) -> None:
    expert = session.get_one(Expert, tablet(session, round_, 2).expert_id)
    tablets.enter(session, clock, tablets.make_code(session, OFFICE, clock, expert))
    (row,) = tablets.of_panel(session, clock, panel(session, round_))[expert.id]
    tablets.alive(session, clock, row.id, {"unsent": 3, "app": "abc", "skew": -1500, "secure": False})
    assert (row.unsent, row.skew_ms, row.secure) == (3, -1500, False)
    tablets.revoke(session, OFFICE, clock, round_, row.id)
    assert tablets.of_panel(session, clock, panel(session, round_))[expert.id] == []
    with pytest.raises(Missing):
        tablets.revoke(session, OFFICE, clock, round_, row.id)


def draft(session: Session, round_: Round, talk: str, base: int) -> tuple[str, int]:
    row = record(round_, "A00001", 2, FULL | {"talk": talk}, state="draft", base_version=base)
    return row["uuid"], sheets.receive(session, tablet(session, round_, 2), clock, round_, row).status


def test_before_it_is_submitted_its_expert_decides(session: Session, round_: Round) -> None:
    assert draft(session, round_, "10", 0)[1] == 201
    other, status = draft(session, round_, "12", 0)
    assert status == 409
    key, expert = f"R{round_.id}-P1-A00001-E0002", tablet(session, round_, 2)
    with pytest.raises(Forbidden):
        settling.decide(session, tablet(session, round_, 1), clock, round_, key, other, 1)
    with pytest.raises(Stale):
        settling.decide(session, expert, clock, round_, key, other, 0)
    settling.decide(session, expert, clock, round_, key, other, 1)
    sheet = session.scalars(select(Sheet)).one()
    session.refresh(sheet)
    assert (sheet.marks["talk"], sheet.version, sheet.state) == ("12", 2, "draft")
    assert settling.undecided(session, round_) == {}
    replay = session.scalars(select(SheetRecord).where(SheetRecord.uuid == other)).one()
    assert (replay.version, replay.settled_as) == (2, "kept"), "the tablet that holds it gets its receipt now"


def submitted_twice(session: Session, round_: Round) -> str:
    hear(session, round_, "A00001")
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    for expert in (1, 2, 3):
        submit(session, round_, "A00001", expert)
    row = record(round_, "A00001", 2, FULL | {"qa": "25"}, base_version=0)
    assert sheets.receive(session, tablet(session, round_, 2), clock, round_, row).status == 409
    return str(row["uuid"])


def test_afterwards_chair_and_officer_decide_together(session: Session, round_: Round) -> None:
    other, key = submitted_twice(session, round_), f"R{round_.id}-P1-A00001-E0002"
    chair = tablet(session, round_, 1)
    with pytest.raises(Forbidden, match="组长和成绩管理员"):
        settling.decide(session, tablet(session, round_, 2), clock, round_, key, other, 1)
    assert [case.readable for case in settling.cases(session, round_, OFFICE)] == [False]
    assert [case.readable for case in settling.cases(session, round_, OFFICER)] == [False], "the sitting is open"
    assert settling.cases(session, round_, tablet(session, round_, 3)) == []
    closing.close(session, OFFICE, clock, round_, "P1", "S1")
    with pytest.raises(Refused, match="两个版本"):
        closing.sign(session, chair, clock, round_, "P1")
    with pytest.raises(Forbidden):
        settling.propose(session, OFFICE, clock, round_, key, other, "x")
    with pytest.raises(Unreadable):
        settling.propose(session, chair, clock, round_, key, other, " ")
    settling.propose(session, chair, clock, round_, key, other, "专家确认后交的是这一份")
    with pytest.raises(Forbidden, match="不能自己同意"):
        settling.answer(session, chair, clock, round_, key, agreed=True)
    settling.answer(session, OFFICER, clock, round_, key, agreed=True)
    sheet = session.scalars(select(Sheet).where(Sheet.key == key)).one()
    session.refresh(sheet)
    assert (sheet.marks["qa"], sheet.version, sheet.state) == ("25", 2, "submitted")
    closing.sign(session, chair, clock, round_, "P1")


def test_who_does_not_agree_leaves_it_open(session: Session, round_: Round) -> None:
    other, key = submitted_twice(session, round_), f"R{round_.id}-P1-A00001-E0002"
    settling.propose(session, OFFICER, clock, round_, key, other, "后交")
    settling.answer(session, tablet(session, round_, 1), clock, round_, key, agreed=False)
    assert list(settling.undecided(session, round_)) == [key]
    settling.propose(session, OFFICER, clock, round_, key, "", "先交的有效")
    settling.answer(session, tablet(session, round_, 1), clock, round_, key, agreed=True)
    assert settling.undecided(session, round_) == {}
    assert session.scalars(select(Sheet).where(Sheet.key == key)).one().marks["qa"] == "20"


def test_a_comment_is_taken_once_and_the_newest_stands(session: Session, round_: Round) -> None:
    expert, key = tablet(session, round_, 2), f"R{round_.id}-P1-A00001-E0002"

    def said(number: str, text: str) -> int:
        row = {"uuid": number * 8, "sheet": key, "text": text, "hash": remarks.fingerprint(key, text)}
        return remarks.receive(session, expert, clock, round_, row).status

    assert [said("1", "专利待核"), said("1", "专利待核"), said("2", "专利已核")] == [201, 200, 201]
    with pytest.raises(Refused):
        said("1", "别的")
    assert [r.text for rows in remarks.by_applicant(session, round_).values() for r in rows] == ["专利已核"]


def everything(session: Session) -> dict[str, set[str]]:
    tables = [t for t in Base.metadata.sorted_tables if not t.name.startswith("audit")]
    return {t.name: {repr(row) for row in session.execute(select(t))} for t in tables}


def test_a_rehearsal_is_wiped_and_nothing_else(session: Session, round_: Round) -> None:
    submit(session, round_, "A00001", 2)
    session.flush()
    before = everything(session)
    made = rehearsals.begin(session, OFFICE, clock, round_)
    assert (made.state, rounds.newest(session)) == ("published", round_)
    held = [s for _panel, sittings in records.panels(session, made, OFFICE) for s in sittings]
    names = {a.applicant.name for s in held for a in s.appointments}
    assert names
    assert all(name.startswith("演练") for name in names)
    assert rehearsals.fill(session, OFFICE, clock, made, "P1") == 6
    hear(session, made, "A00001")
    with pytest.raises(Refused, match="已有一个演练"):
        rehearsals.begin(session, OFFICE, clock, round_)
    with pytest.raises(Refused, match="只有演练"):
        rehearsals.fill(session, OFFICE, clock, round_, "P1")
    with pytest.raises(Missing):
        rehearsals.wipe(session, OFFICE, clock, round_)
    rehearsals.wipe(session, OFFICE, clock, made)
    session.flush()
    after = everything(session)
    assert {name: len(rows - before[name]) for name, rows in after.items() if rows - before[name]} == {"rounds": 1}
    assert {name: rows - after[name] for name, rows in before.items() if rows - after[name]} == {}
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "rehearsal.wipe")).all()
    assert rounds.everyone(session) == [round_]
    again = rehearsals.begin(session, OFFICE, clock, round_)
    assert again.id > made.id, "a sheet id a tablet still keeps never means another sheet"
