"""Paper sheets, entry workbooks and tablets' saved files: the tablets' path, two persons, nothing half written."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from tests.webapp.small import FULL, OFFICE, clock, hear, published_round, record, secretary, submit, tablet
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import AuditEntry, Recusal, Round, Sheet, SheetRecord
from webapp.services import (
    books,
    closing,
    entering,
    panel_day,
    paper,
    records,
    results,
    settling,
    sheets,
    uploads,
    users,
)
from webapp.services.kernel import Actor, Forbidden, Missing, Refused, Stale, Unreadable
from webapp.services.places import place_of

PASSWORD = "a-first-password"


def key(round_: Round, applicant: str, expert: int) -> str:
    return f"R{round_.id}-P1-{applicant}-E000{expert}"


def typed(session: Session, actor: Actor, round_: Round, applicant: str, expert: int, **other: Any) -> sheets.Answered:
    document = record(round_, applicant, expert, FULL | other.pop("marks", {}), **other)
    return sheets.type_in(session, actor, clock, round_, document)


def state(session: Session, round_: Round, applicant: str, expert: int) -> tuple[str, str, str | None]:
    sheet = session.scalars(select(Sheet).where(Sheet.key == key(round_, applicant, expert))).one()
    return sheet.state, sheet.entered_by, sheet.confirmed_by


def test_a_typed_sheet_counts_once_the_chair_has_confirmed_it(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    sec, chair = secretary(session, round_), tablet(session, round_, 1)
    submit(session, round_, "A00001", 1)
    document = record(round_, "A00001", 2, FULL)
    first = sheets.type_in(session, sec, clock, round_, document)
    again = sheets.type_in(session, sec, clock, round_, document)
    assert (first.status, again.status, first.document == again.document) == (201, 200, True)
    assert state(session, round_, "A00001", 2) == ("typed", "sec", None)
    person = session.scalars(select(Sheet)).first().applicant  # type: ignore[union-attr]
    assert len(results.valid_sheets(session, round_)[person.id]) == 1
    sitting = records.panel_of(session, round_, OFFICE, "P1")[1][0]
    assert "专家2 → 申报1（已录入，等组长确认）" in records.missing_sheets(session, round_, sitting)
    paper.confirm(session, chair, clock, round_, key(round_, "A00001", 2), 1)
    assert state(session, round_, "A00001", 2) == ("submitted", "sec", "expert:E0001")
    assert len(results.valid_sheets(session, round_)[person.id]) == 2
    assert records.missing_sheets(session, round_, sitting) == ["专家3 → 申报1"]


def test_the_chair_reads_others_marks_after_the_own_ones(session: Session, round_: Round) -> None:
    sec, chair = secretary(session, round_), tablet(session, round_, 1)
    typed(session, sec, round_, "A00001", 2)
    assert paper.waiting(session, round_, chair) == ([], 1)
    with pytest.raises(Missing):
        paper.confirm(session, chair, clock, round_, key(round_, "A00001", 2), 1)
    typed(session, sec, round_, "A00001", 1)
    assert [s.key for s in paper.waiting(session, round_, chair)[0]] == [key(round_, "A00001", 1)]
    paper.confirm(session, chair, clock, round_, key(round_, "A00001", 1), 1)
    assert len(paper.waiting(session, round_, chair)[0]) == 1
    assert paper.waiting(session, round_, tablet(session, round_, 2)) == ([], 0), "no chair"


def test_what_is_sent_back_is_typed_again_and_whoever_typed_does_not_compute(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "gave_up")
    chair = tablet(session, round_, 1)
    submit(session, round_, "A00001", 1)
    submit(session, round_, "A00001", 3)
    typed(session, OFFICE, round_, "A00001", 2, marks={"qa": "2"})
    where = key(round_, "A00001", 2)
    with pytest.raises(Unreadable, match="原因"):
        paper.send_back(session, chair, clock, round_, where, 1, " ")
    paper.send_back(session, chair, clock, round_, where, 1, "答辩是 20")
    assert state(session, round_, "A00001", 2)[0] == "draft"
    assert paper.returned(session, round_) == {where: "答辩是 20"}
    pile = paper.pile(session, round_, *records.panel_of(session, round_, OFFICE, "P1"))
    assert [cell and cell[1] for cell in pile.rows[0].cells] == ["submitted", "returned", "submitted"]
    assert paper.following(pile, key(round_, "A00001", 1)) == where
    assert submit(session, round_, "A00001", 2).status == 409, "the expert's tablet has not seen version 1"
    settling.decide(session, tablet(session, round_, 2), clock, round_, where, "", 1)
    assert typed(session, secretary(session, round_), round_, "A00001", 2, base_version=1).status == 201
    assert paper.returned(session, round_, where) == {}, "it was taken up"
    with pytest.raises(Stale):
        paper.confirm(session, chair, clock, round_, where, 1)
    paper.confirm(session, chair, clock, round_, where, 2)
    closing.close(session, OFFICE, clock, round_, "P1", "S1")
    closing.sign(session, chair, clock, round_, "P1")
    with pytest.raises(Forbidden, match="录入过"):
        results.compute(session, OFFICE, clock, round_)
    results.compute(session, Actor("office2", "office"), clock, round_)


def test_a_submitted_sheet_is_not_typed_over_and_a_typed_one_not_sent_over(session: Session, round_: Round) -> None:
    sec = secretary(session, round_)
    submit(session, round_, "A00001", 2)
    answer = typed(session, sec, round_, "A00001", 2, base_version=1, marks={"qa": "1"})
    assert (answer.status, answer.document["server"]["state"]) == (409, "submitted")
    typed(session, sec, round_, "A00001", 3)
    assert submit(session, round_, "A00001", 3, qa="1").status == 409
    assert session.scalar(select(func.count()).where(SheetRecord.fate == "conflict")) == 2


def test_who_may_type_what(session: Session, round_: Round) -> None:
    other = Actor("nobody", "secretary", user_id=99)
    with pytest.raises(Forbidden, match="不在您负责"):
        typed(session, other, round_, "A00001", 2)
    with pytest.raises(Forbidden, match="自己的平板"):
        typed(session, tablet(session, round_, 1), round_, "A00001", 2)
    with pytest.raises(Unreadable, match="没有表号"):
        typed(session, OFFICE, round_, "A00003", 2)
    place = place_of(session, round_, key(round_, "A00001", 2))
    assert place is not None
    applicant = place.applicant_id
    session.add(Recusal(round_id=round_.id, side="day", expert_id=place.expert_id, applicant_id=applicant))
    session.flush()
    with pytest.raises(Forbidden, match="回避"):
        typed(session, OFFICE, round_, "A00001", 2)
    assert session.scalar(select(func.count(SheetRecord.id))) == 0


@pytest.mark.parametrize("wrong", ["R1", "", "R1-P1", "R9-P1-A00001-E0001", "R1-P2-A00001-E0001", "R1-P1-A00001-E0009"])
def test_only_a_whole_id_finds_its_sheet(session: Session, round_: Round, wrong: str) -> None:
    assert place_of(session, round_, wrong) is None


@pytest.mark.parametrize("change", [{"uuid": "a\x00bcdefgh"}, {"base_version": 2**40}, {"base_version": True}])
def test_what_a_database_cannot_hold_is_refused(session: Session, round_: Round, change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="不完整"):
        typed(session, OFFICE, round_, "A00001", 2, **change)


def filled(session: Session, round_: Round, marks: dict[tuple[str, int], list[object]]) -> bytes:
    """The exported template with some sheets' marks."""
    book = load_workbook(io.BytesIO(books.workbook(session, round_, "entry")[1]))
    for row in book["P1"].iter_rows(min_row=4):
        for (applicant, expert), values in marks.items():
            if row[0].value == key(round_, applicant, expert):
                for cell, value in zip(row[7:], values, strict=False):
                    cell.value = value  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD: list[object] = [18, 20, "20", 20.0, " 4 "]


def test_a_filled_in_template_is_read_back_by_the_tablets_path(session: Session, round_: Round) -> None:
    submit(session, round_, "A00002", 1)
    data = filled(session, round_, {("A00001", 1): GOOD, ("A00001", 2): GOOD})
    act = (session, OFFICE, clock, round_)
    seen = entering.look(*act, data, "录入.xlsx")
    assert (seen.ok, seen.counts, seen.empty) == (True, {201: 2, 200: 0, 409: 0, 0: 0}, 3)
    assert session.scalar(select(func.count(SheetRecord.id))) == 1, "looking writes nothing"
    done = entering.write(*act, data, "录入.xlsx")
    assert {line.place: line.receipt["version"] for line in done.lines if line.receipt} == {"P1!A4": 1, "P1!A5": 1}
    assert state(session, round_, "A00001", 1) == ("typed", "office", None)
    sheet = session.scalars(select(Sheet).where(Sheet.key == key(round_, "A00001", 1))).one()
    assert sheet.marks == FULL
    again = entering.write(*act, data, "录入.xlsx")
    assert again.counts[200] == 2
    assert [line.receipt for line in again.lines] == [line.receipt for line in done.lines]
    changed = filled(session, round_, {})
    assert b"A00001-E0001" not in changed, "what is handed in is not asked for again"
    other = entering.write(*act, _with(data, "H4", 19), "录入.xlsx")
    assert (other.counts[200], other.counts[409]) == (1, 1)
    assert session.scalar(select(func.count()).where(SheetRecord.fate == "conflict")) == 1


def test_what_was_typed_on_the_page_before_is_no_conflict_where_it_says_the_same(
    session: Session, round_: Round
) -> None:
    data = filled(session, round_, {("A00001", 1): GOOD, ("A00001", 2): GOOD})
    typed(session, OFFICE, round_, "A00001", 1)
    typed(session, OFFICE, round_, "A00001", 2, marks={"qa": "19"})
    done = entering.write(session, OFFICE, clock, round_, data, "录入.xlsx")
    assert [(line.status, line.said) for line in done.lines] == [(200, "以前已收到"), (409, "与已有的不同，两份都保留")]
    assert list(settling.undecided(session, round_)) == [key(round_, "A00001", 2)]


def test_a_formula_without_a_value_is_said_to_be_one(session: Session, round_: Round) -> None:
    data = _with(filled(session, round_, {("A00001", 1): GOOD}), "H4", "=9+9")
    (problem,) = entering.look(session, OFFICE, clock, round_, data, "录入.xlsx").problems
    assert (problem.value, str(problem.message)) == ("=9+9", "汇报是公式，没有算出的值。")


def test_the_paper_says_by_what_steps_marks_are_given(session: Session, round_: Round) -> None:
    def note() -> str:
        book = load_workbook(io.BytesIO(books.workbook(session, round_, "sheets")[1]))
        return next(str(c.value) for row in book.worksheets[0] for c in row if str(c.value).startswith("每项都要打分"))

    assert note() == "每项都要打分，不能留空；涂改处请签名。"
    items = [item | {"step": "0.5"} if item["key"] in ("talk", "qa") else item for item in round_.rubric["items"]]
    round_.rubric = round_.rubric | {"items": items}
    assert "汇报、答辩每步 0.5 分；专业技术能力、业绩与贡献、综合素质每步 1 分；涂改" in note()


def _with(data: bytes, cell: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(data))
    book["P1"][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        ("H4", 21, "mark"),
        ("H4", 17.5, "mark"),
        ("H4", -1, "mark"),
        ("H4", "十八", "mark"),
        ("H4", True, "mark"),
        ("H4", "=1+1", "mark"),
        ("I4", None, "mark-missing"),
        ("A4", None, "sheet-missing"),
        ("B4", "x", "version"),
        ("C4", 7, "rubric-old"),
        ("I3", "别的", "column-missing"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_written(
    session: Session, round_: Round, cell: str, value: object, rule: str
) -> None:
    data = _with(filled(session, round_, {("A00001", 1): GOOD, ("A00001", 2): GOOD}), cell, value)
    seen = entering.look(session, OFFICE, clock, round_, data, "录入.xlsx")
    assert [problem.rule for problem in seen.problems] == [rule]
    assert seen.problems[0].cell == (cell if rule != "column-missing" else "A3")
    with pytest.raises(Refused, match="没有写入"):
        entering.write(session, OFFICE, clock, round_, data, "录入.xlsx")
    assert session.scalar(select(func.count(SheetRecord.id))) == 0


def test_one_refused_row_refuses_the_workbook(session: Session, round_: Round) -> None:
    data = filled(session, round_, {("A00001", 1): GOOD, ("A00002", 1): GOOD})
    twice = _with(data, "A5", key(round_, "A00001", 1))
    for column, value in zip("HIJKL", GOOD, strict=True):
        twice = _with(twice, f"{column}5", value)
    seen = entering.look(session, OFFICE, clock, round_, twice, "录入.xlsx")
    assert [(p.cell, p.rule) for p in seen.problems] == [("A5", "sheet-twice")]
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    seen = entering.look(session, OFFICE, clock, round_, data, "录入.xlsx")
    assert (seen.ok, [line.said for line in seen.lines if not line.status]) == (
        False,
        ["该申报人没有参加答辩，不需要评分。"],
    )
    with pytest.raises(Unreadable, match="表号"):
        entering.look(session, OFFICE, clock, round_, books.workbook(session, round_, "groups")[1], "别的.xlsx")


def test_a_tablets_saved_file_gives_what_can_be_taken(session: Session, round_: Round) -> None:
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    ours = [
        record(round_, "A00001", 2, FULL | {"qa": None}, state="draft"),
        record(round_, "A00001", 2, FULL, base_version=1),
    ]
    late, broken = record(round_, "A00002", 2, FULL), record(round_, "A00001", 3, FULL) | {"hash": "0" * 64}
    data = json.dumps({"records": [*ours, late, broken]}).encode()
    act = (session, OFFICE, clock, round_)
    assert entering.look(*act, data, "平板.json").counts == {201: 2, 200: 0, 409: 0, 0: 2}
    done = entering.write(*act, data, "平板.json")
    assert [line.status for line in done.lines] == [201, 201, 0, 0]
    assert state(session, round_, "A00001", 2) == ("typed", "office", None)
    back = sheets.receive(session, tablet(session, round_, 2), clock, round_, ours[1])
    assert (back.status, back.document) == (200, done.lines[1].receipt), "the tablet awakes and is answered alike"
    assert entering.write(*act, data, "平板.json").counts[200] == 2
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "sheets.enter")).all()
    assert len(entry) == 2


@pytest.mark.parametrize("data", [b"[", b"[]", b"{}x", b'{"records": 3}', b"[1]", b"[" * 100_000, b"\xff\xfe{"])
def test_a_file_that_is_none_is_said(session: Session, round_: Round, data: bytes) -> None:
    with pytest.raises(Unreadable):
        entering.look(session, OFFICE, clock, round_, data, "平板.json")


def test_the_template_lets_only_marks_be_typed(session: Session, round_: Round) -> None:
    book = load_workbook(io.BytesIO(books.workbook(session, round_, "entry")[1]))
    sheet = book["P1"]
    heads = [cell.value for cell in sheet[3]]
    items = Rubric.from_json(round_.rubric).items
    assert heads[7:12] == [f"{item.name}\n（{item.full}）" for item in items]
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[4]] == [True] * 7 + [False] * 5 + [True]
    assert len(sheet.data_validations.dataValidation) == len(items)
    hidden = sheet.column_dimensions["B"]
    assert (sheet.freeze_panes, hidden.hidden, hidden.min, hidden.max) == ("H4", True, 2, 3)


def test_the_pile_goes_on_to_what_is_missing(session: Session, round_: Round) -> None:
    panel, held = records.panel_of(session, round_, OFFICE, "P1")
    typed(session, OFFICE, round_, "A00001", 2)
    pile = paper.pile(session, round_, panel, held)
    assert [[cell and cell[1] for cell in row.cells] for row in pile.rows] == [["none", "typed", "none"], ["none"] * 3]
    assert paper.following(pile, key(round_, "A00001", 1)) == key(round_, "A00001", 3)
    assert paper.following(pile, key(round_, "A00002", 3)) == key(round_, "A00001", 1)


def test_the_file_of_no_round_is_none(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from webapp.cli import group

    answer = CliRunner().invoke(group, ["enter", str(tmp_path / "x.xlsx"), "--data", str(tmp_path)])
    assert answer.exit_code == 2


def test_a_template_without_a_mark_is_said_to_be_empty(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from webapp.cli import group

    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    with create_app(config).app_context(), Session(db.engine) as session:
        published_round(session)
        session.commit()
    file, data = tmp_path / "x.xlsx", ["--data", str(tmp_path)]
    assert CliRunner().invoke(group, ["export", "entry", "-o", str(file), *data]).exit_code == 0
    answer = CliRunner().invoke(group, ["enter", str(file), *data], standalone_mode=False)
    assert "没有填写任何评分" in str(answer.exception)


def test_a_file_is_looked_at_while_others_write(tmp_path: Path) -> None:
    """Looking tries the records and takes them back; what others write meanwhile is no reason to refuse the page."""
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    app = create_app(config)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), Session(db.engine) as session:
        round_ = published_round(session)
        users.create(session, OFFICE, clock, "office", "office", PASSWORD, must_change=False)
        data = filled(session, round_, {("A00001", 1): GOOD})
        row = uploads.keep(session, OFFICE, clock, round_, "entry", data, "录入.xlsx", config.uploads)
        page = f"/paper/files/{row.id}"
        session.commit()

    other = sqlite3.connect(tmp_path / "rostrum.sqlite3", timeout=0.05, isolation_level=None)

    def somebody_writes(*_savepoint: object) -> None:
        with suppress(sqlite3.OperationalError):  # the page holds the lock, and the other waits
            other.execute("UPDATE users SET name = name")

    with app.app_context():
        event.listen(db.engine, "savepoint", somebody_writes)
    client = app.test_client()
    client.post("/login", data={"name": "office", "password": PASSWORD})
    assert "确认读入" in client.get(page).get_data(as_text=True)
    other.close()
