"""Results by two persons, as often as needed, each computation kept; what each role sees when."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, OFFICER, clock, hear, submit, tablet
from webapp.models import PanelSigned, Recusal, ResultSet, Round, SheetRecord
from webapp.services import books, closing, panel_day, results
from webapp.services.kernel import Actor, Forbidden, Refused, Unreadable

ACT = (OFFICE, clock)


@pytest.fixture
def complete(session: Session, round_: Round) -> Round:
    """Both heard with known sheets, the third deferred, the panel signed."""
    for code, marks in (("A00001", ("20", "18", "19")), ("A00002", ("10", "12", "11"))):
        hear(session, round_, code)
        for expert, qa in enumerate(marks, 1):
            submit(session, round_, code, expert, qa=qa)
    panel_day.settle(session, *ACT, round_, "A00003", "deferred", "没有排上")
    closing.close(session, *ACT, round_, "P1", "S1")
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    return round_


def test_two_persons_bring_the_results_out(session: Session, complete: Round) -> None:
    made = results.compute(session, *ACT, complete)
    session.flush()
    assert [(r.applicant.code, str(r.raw), r.rank, r.outcome) for r in made.results] == [
        ("A00001", "81.00", 1, "heard"),
        ("A00002", "73.00", 2, "heard"),
        ("A00003", "None", None, "deferred"),
    ]
    with pytest.raises(Forbidden, match="另一位"):
        results.confirm(session, OFFICE, clock, complete)
    with pytest.raises(Forbidden, match="另一位"):
        results.confirm(session, tablet(session, complete, 1), clock, complete)
    with pytest.raises(Refused):
        results.release(session, OFFICER, clock, complete)
    results.confirm(session, OFFICER, clock, complete)
    assert [results.visible(complete, role) for role in ("office", "organiser")] == [True, False]
    results.release(session, OFFICER, clock, complete)
    assert results.visible(complete, "organiser")


def test_computing_again_needs_a_reason_and_keeps_the_first(session: Session, complete: Round) -> None:
    results.compute(session, *ACT, complete)
    with pytest.raises(Unreadable, match="原因"):
        results.compute(session, *ACT, complete)
    results.compute(session, *ACT, complete, "小数位数改了")
    states = session.scalars(select(ResultSet.state).order_by(ResultSet.number)).all()
    assert states == ["superseded", "computed"]


def test_sent_back_to_the_office_with_a_reason(session: Session, complete: Round) -> None:
    results.compute(session, *ACT, complete)
    with pytest.raises(Unreadable, match="原因"):
        results.send_back(session, OFFICER, clock, complete, "")
    results.send_back(session, OFFICER, clock, complete, "第 2 位有疑问")
    assert complete.state == "complete"
    assert results.compute(session, *ACT, complete, "已核对").number == 2


def test_a_round_that_is_not_complete_has_no_results(session: Session, round_: Round) -> None:
    with pytest.raises(Refused):
        results.compute(session, *ACT, round_)


def test_a_recusal_of_the_day_takes_a_sheet_away(session: Session, complete: Round) -> None:
    made = results.of_applicants(session, complete, [])
    assert made == {}
    chair = tablet(session, complete, 1)
    sheet = results.valid_sheets(session, complete)
    first = min(sheet)
    session.add(Recusal(round_id=complete.id, side="day", expert_id=chair.expert_id, applicant_id=first, reason="师生"))
    session.flush()
    assert [s.expert.code for s in results.valid_sheets(session, complete)[first]] == ["E0002", "E0003"]


def test_who_may_take_which_workbook(session: Session, complete: Round) -> None:
    assert not books.may_take(complete, "organiser", "summary")
    assert books.may_take(complete, "organiser", "groups")
    assert books.may_take(complete, "organiser", "sheets")
    assert not books.may_take(complete, "desk", "sheets")
    results.compute(session, *ACT, complete)
    assert books.may_take(complete, "office", "summary")
    name, data = books.workbook(session, complete, "summary")
    assert name == "小批次-成绩汇总表.xlsx"
    assert data[:2] == b"PK"


def test_at_closing_the_summary_has_the_totals_of_signed_panels_only(session: Session, complete: Round) -> None:
    signed = books.content(session, complete)
    assert not signed.computed
    row = signed.results["A00001"]
    assert (row.raw, row.k, row.final, row.rank) == (Decimal("81.00"), None, None, None)
    assert {tuple(marks) for marks in row.marks.values()} == {("total",)}, "no marks of single items"
    session.execute(delete(PanelSigned))
    assert books.content(session, complete).results["A00001"].marks == {}


def test_a_mark_typed_by_the_officer_is_not_confirmed_by_the_officer(session: Session, complete: Round) -> None:
    first = session.scalars(select(SheetRecord).order_by(SheetRecord.id)).first()
    assert first is not None
    first.by = OFFICER.name
    results.compute(session, *ACT, complete)
    with pytest.raises(Forbidden):
        results.confirm(session, OFFICER, clock, complete)
    results.confirm(session, Actor("second", "results_officer"), clock, complete)
