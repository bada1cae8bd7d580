"""The tablets' protocol: taken once, answered alike ever after, both kept in a conflict, nothing half taken."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webapp.small import FULL, OFFICE, clock, hear, record, tablet
from webapp.models import Recusal, Round, Sheet, SheetRecord
from webapp.services import closing, panel_day, sheets
from webapp.services.kernel import Forbidden, Unreadable


def send(session: Session, round_: Round, expert: int, document: dict[str, Any]) -> sheets.Answered:
    return sheets.receive(session, tablet(session, round_, expert), clock, round_, document)


def kept(session: Session) -> tuple[int, int]:
    return tuple(session.scalar(select(func.count(t.id))) or 0 for t in (Sheet, SheetRecord))  # type: ignore[return-value]


def test_a_draft_a_replay_and_the_submission(session: Session, round_: Round) -> None:
    draft = record(round_, "A00001", 1, FULL | {"qa": None}, state="draft")
    first, again = send(session, round_, 1, draft), send(session, round_, 1, draft)
    assert (first.status, again.status) == (201, 200)
    assert first.document == again.document
    assert {key: first.document[key] for key in ("uuid", "hash", "version")} == {
        "uuid": draft["uuid"],
        "hash": draft["hash"],
        "version": 1,
    }
    last = send(session, round_, 1, record(round_, "A00001", 1, FULL, base_version=1))
    assert (last.status, last.document["version"]) == (201, 2)
    sheet = session.scalars(select(Sheet)).one()
    assert (sheet.state, sheet.version, sheet.marks["qa"]) == ("submitted", 2, "20")


def test_a_submitted_sheet_is_locked_and_both_are_kept(session: Session, round_: Round) -> None:
    send(session, round_, 1, record(round_, "A00001", 1, FULL))
    other = record(round_, "A00001", 1, FULL | {"qa": "25"}, base_version=1)
    answer = send(session, round_, 1, other)
    assert answer.status == 409
    assert (answer.document["server"]["marks"]["qa"], answer.document["yours"]["marks"]["qa"]) == ("20", "25")
    assert session.scalars(select(Sheet)).one().marks["qa"] == "20"
    assert session.scalars(select(SheetRecord.fate).order_by(SheetRecord.id)).all() == ["taken", "conflict"]
    assert send(session, round_, 1, other).status == 409
    assert kept(session) == (1, 2)


def test_a_closed_sitting_takes_nothing_new_but_still_answers_what_it_took(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    taken = record(round_, "A00001", 1, FULL)
    receipt = send(session, round_, 1, taken).document
    closing.close(session, OFFICE, clock, round_, "P1", "S1", "专家2、专家3 请假")
    assert send(session, round_, 1, taken).document == receipt
    late = record(round_, "A00001", 2, FULL)
    with pytest.raises(Forbidden, match="已关闭"):
        send(session, round_, 2, late)
    closing.reopen(session, OFFICE, clock, round_, "P1", "S1", "专家2 补交")
    assert send(session, round_, 2, late).status == 201


def test_a_stale_base_is_a_conflict(session: Session, round_: Round) -> None:
    send(session, round_, 1, record(round_, "A00001", 1, FULL, state="draft"))
    assert send(session, round_, 1, record(round_, "A00001", 1, FULL | {"qa": "1"}, state="draft")).status == 409


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hash": "0" * 64}, "损坏"),
        ({"uuid": 7}, "不完整"),
        ({"marks": {"talk": 18}}, "文字"),
        ({"marks": FULL | {"talk": "21"}}, "21"),
        ({"marks": FULL | {"talk": "1.5"}}, "1.5"),
        ({"marks": {**FULL, "other": "1"}}, "other"),
        ({"marks": FULL | {"talk": None}}, "提交"),
        ({"state": "final"}, "不完整"),
    ],
)
def test_nonsense_is_refused_and_nothing_kept(
    session: Session, round_: Round, change: dict[str, Any], says: str
) -> None:
    fields = dict(change)
    marks = fields.pop("marks", FULL)
    with pytest.raises(Unreadable, match=says):
        send(session, round_, 1, record(round_, "A00001", 1, marks, **fields))
    assert kept(session) == (0, 0)


def test_only_the_own_sheet_of_who_was_heard(session: Session, round_: Round) -> None:
    with pytest.raises(Forbidden, match="不是您的"):
        send(session, round_, 2, record(round_, "A00001", 1, FULL))
    with pytest.raises(Forbidden, match="不是您的"):
        sheets.receive(session, OFFICE, clock, round_, record(round_, "A00001", 1, FULL))
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    with pytest.raises(Forbidden, match="没有参加"):
        send(session, round_, 1, record(round_, "A00002", 1, FULL))
    hear(session, round_, "A00001")
    own = sheets.own(session, round_, tablet_expert(session, round_))
    session.add(
        Recusal(round_id=round_.id, side="day", expert_id=own[0][1].sitting.panel.members[0].expert_id,
                applicant_id=own[0][1].applicant_id, reason="师生")
    )  # fmt: skip
    session.flush()
    with pytest.raises(Forbidden, match="回避"):
        send(session, round_, 1, record(round_, "A00001", 1, FULL))
    round_.state = "complete"
    with pytest.raises(Forbidden, match="不收评分"):
        send(session, round_, 2, record(round_, "A00001", 2, FULL))


def tablet_expert(session: Session, round_: Round):  # type: ignore[no-untyped-def]
    from webapp.models import Expert

    return session.get_one(Expert, tablet(session, round_, 1).expert_id)


def test_where_the_round_says_so_a_sheet_is_locked_only_when_its_sitting_is_closed(
    session: Session, round_: Round
) -> None:
    round_.settings = round_.settings | {"sheet_lock": "closed"}
    hear(session, round_, "A00001")
    assert send(session, round_, 2, record(round_, "A00001", 2, FULL)).status == 201
    changed = record(round_, "A00001", 2, FULL | {"talk": "15"}, state="draft", base_version=1)
    assert send(session, round_, 2, changed).status == 201
    assert send(session, round_, 2, record(round_, "A00001", 2, FULL, base_version=0)).status == 409, "stale"
    assert send(session, round_, 2, record(round_, "A00001", 2, FULL | {"talk": "15"}, base_version=2)).status == 201
    for expert in (1, 3):
        send(session, round_, expert, record(round_, "A00001", expert, FULL))
    chairs = record(round_, "A00001", 1, FULL | {"talk": "15"}, state="draft", base_version=1)
    assert send(session, round_, 1, chairs).status == 409, "who has handed in as chair reads the others' sheets"
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    closing.close(session, OFFICE, clock, round_, "P1", "S1")
    with pytest.raises(Forbidden, match="已关闭"):
        send(session, round_, 2, record(round_, "A00001", 2, FULL, base_version=3))
