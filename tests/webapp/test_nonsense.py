"""Marks that make no sense are refused by name at every door, and nothing of them is kept."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.document import answer, parse
from scoring.errors import ScoringError
from tests.webapp.small import FULL, OFFICE, clock, published_round, record, tablet
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from tests.webapp.test_paper import GOOD, _with, filled, key
from webapp.models import PanelSecretary, Review, Round, SheetRecord
from webapp.services import entering, sheets, users
from webapp.services.kernel import Refused, Unreadable

OFF_STEP, ABOVE = ["18.5", "0.0001", "18.0000001"], ["20.5", "21", "1e11"]
NO_MARK = ["NaN", "-Infinity", "1e400", "1e-400", "9" * 500, "十八", "18/20", "1,5", "0x12", "True", "18分"]
BAD = [*OFF_STEP, *ABOVE, "-1", "-0.5", *NO_MARK]


def test_at_every_door(session: Session, round_: Round) -> None:
    """The tablets' protocol, a saved file, ``rostrum score``: the item is named by each."""
    act = (session, OFFICE, clock, round_)
    items = [{"name": "汇报", "full": 20}]
    for mark in BAD:
        sent = record(round_, "A00001", 1, FULL | {"talk": mark})
        with pytest.raises(Unreadable, match="汇报"):
            sheets.receive(session, tablet(session, round_, 1), clock, round_, sent)
        saved = entering.look(*act, json.dumps({"records": [sent]}).encode(), "平板.json")
        assert [(line.status, "汇报" in str(line.said)) for line in saved.lines] == [(0, True)]
        with pytest.raises(ScoringError, match="评分表 1，汇报"):
            answer(parse(json.dumps({"aggregate": {"method": "mean", "items": items, "sheets": [[18], [mark], [18]]}})))
    assert session.scalar(select(func.count(SheetRecord.id))) == 0


def test_in_every_cell_of_the_entry_workbook(session: Session, round_: Round) -> None:
    """As texts and as the numbers that Excel makes of them."""
    places = [(applicant, expert) for applicant in ("A00001", "A00002") for expert in (1, 2, 3)]
    values = [*BAD, *{_number(mark) for mark in BAD} - set(BAD)]
    for some in (values[n : n + len(places)] for n in range(0, len(values), len(places))):
        marks = {place: [value, *GOOD[1:]] for place, value in zip(places, some, strict=False)}
        found = entering.look(session, OFFICE, clock, round_, filled(session, round_, marks), "录入.xlsx")
        assert [(p.cell[0], p.rule, "汇报" in str(p.message)) for p in found.problems] == [("H", "mark", True)] * len(
            some
        )
        assert not found.ok


def _number(mark: str) -> object:
    """The mark as Excel would hold it, where it is a number."""
    try:
        value = float(mark)
    except ValueError:
        return mark
    return value if 1e-300 < abs(value) < 1e300 else mark


def test_an_item_that_is_not_in_the_rubric(session: Session, round_: Round) -> None:
    sent = record(round_, "A00001", 1, FULL | {"bonus": "5"})
    with pytest.raises(Unreadable, match="没有项目“bonus”"):
        sheets.receive(session, tablet(session, round_, 1), clock, round_, sent)
    book = _with(_with(filled(session, round_, {("A00001", 1): GOOD}), "N3", "加分"), "N4", 5)
    found = entering.look(session, OFFICE, clock, round_, book, "录入.xlsx")
    assert [(p.cell, str(p.message)) for p in found.problems] == [("N3", "评分标准中没有项目“加分”。")]
    with pytest.raises(Refused, match="没有写入"):
        entering.write(session, OFFICE, clock, round_, book, "录入.xlsx")
    empty = _with(filled(session, round_, {("A00001", 1): GOOD}), "N3", "备注")
    assert entering.look(session, OFFICE, clock, round_, empty, "录入.xlsx").ok, "nothing is written in it"


def test_names_that_differ_in_brackets_only_keep_their_own_columns(session: Session, round_: Round) -> None:
    items = [{"key": k, "name": f"汇报（{n}）", "full": "20"} for k, n in (("talk", "条理"), ("skill", "时间"))]
    round_.rubric = {"version": 1, "items": items}
    session.flush()
    book = filled(session, round_, {("A00001", 1): [18, 12]})
    done = entering.write(session, OFFICE, clock, round_, book, "录入.xlsx")
    assert [line.status for line in done.lines] == [201]
    kept = session.scalars(select(SheetRecord)).one()
    assert kept.marks == {"talk": "18", "skill": "12"}


def test_on_the_pages_of_paper_and_papers(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        round_ = published_round(session)
        at = key(round_, "A00001", 1)
        typist_id = users.by_name(session, "secretary").id
        session.add(PanelSecretary(round_id=round_.id, panel="P1", user_id=typist_id))
    typist = client(app, "secretary")
    page = {
        "sheet": at,
        "panel": "P1",
        "base_version": "0",
        "uuid": "12345678",
        **{f"m.{k}": v for k, v in FULL.items()},
    }
    for mark in BAD:
        answered = typist.post("/paper/sheet", data=page | {"m.talk": mark})
        assert (answered.status_code, "汇报：" in answered.text) == (400, True), mark
        answered = typist.post("/committee/papers", data={"A00001.basis": mark if mark not in ABOVE else "41",
                                                          "A00001.achievements": "50"})  # fmt: skip
        assert (answered.status_code, "A00001 申报1：基本条件：" in answered.text) == (400, True), mark
    for path, form in (
        ("/paper/sheet", page | {"m.bonus": "5"}),
        ("/committee/papers", {"A00001.basis": "30", "A00001.achievements": "50", "A00001.bonus": "5"}),
    ):
        answered = typist.post(path, data=form)
        assert (answered.status_code, "没有项目“bonus”" in answered.text) == (400, True)
    with data(app) as session:
        assert session.scalar(select(func.count(SheetRecord.id))) == session.scalar(select(func.count(Review.id))) == 0
