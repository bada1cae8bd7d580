"""A schedule edited in Excel: what went out comes back the same, moved rows move, every mistake has its cell."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock, published_round
from webapp.db import db
from webapp.models import Applicant, Round
from webapp.services import books, drafts, publishing, rounds, timetables
from webapp.services.instance import problem_document
from webapp.services.kernel import Refused, Unreadable

LIST, PANELS = "全部安排", "专家组"


@pytest.fixture
def open_round(session: Session) -> Round:
    """The small round, its schedule taken back: draft 2."""
    made = published_round(session)
    publishing.withdraw(session, OFFICE, clock, made, "再排")
    return made


def edited(session: Session, round_: Round, change: Callable[[Worksheet, Worksheet], object]) -> bytes:
    """The exported workbook with a change; the list's rows are 4 (A00001), 5 (A00002), 6 (A00003, unscheduled)."""
    book = load_workbook(io.BytesIO(books.workbook(session, round_, "schedule")[1]))
    change(book[LIST], book[PANELS])
    return packed(book)


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_hand(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    return packed(book)


def look(session: Session, round_: Round, data: bytes) -> timetables.Look:
    return timetables.look(session, round_, data, "安排.xlsx")


def places(seen: timetables.Look) -> dict[str, str]:
    panels = seen.table.document["panels"]
    return {a["applicant"]: a["start"][-5:] for p in panels for s in p["sittings"] for a in s["appointments"]}


def test_what_went_out_comes_back_the_same(demo_app: Flask) -> None:
    with demo_app.app_context():
        round_ = rounds.newest(db.session())
        base = drafts.everyone(db.session(), round_)[0].document
        seen = look(db.session(), round_, books.workbook(db.session(), round_, "schedule")[1])
    assert (seen.table.problems, seen.broken, seen.moved) == ([], (), 0)
    assert list(seen.cost) == base["cost"]
    assert [more for _word, _cost, more in seen.levels] == [0] * 7
    assert seen.table.document["unscheduled"] == sorted(base["unscheduled"])

    def told(document: dict[str, Any]) -> list[tuple[Any, ...]]:
        return [
            (p["id"], set(p["directions"]), p["chair"], set(p["members"]), p["sittings"]) for p in document["panels"]
        ]

    assert sorted(told(seen.table.document), key=lambda p: p[0]) == sorted(told(base), key=lambda p: p[0])


def test_a_moved_row_is_a_new_draft(session: Session, open_round: Round) -> None:
    def move(sheet: Worksheet, _panels: Worksheet) -> None:
        sheet["A6"], sheet["F6"], sheet["G6"] = "12月5日 上午 09:00", "P1", "第一答辩室"

    data = edited(session, open_round, move)
    seen = look(session, open_round, data)
    assert (seen.ok, seen.broken, seen.moved) == (True, (), 1)
    assert places(seen) == {"A00001": "08:30", "A00002": "08:40", "A00003": "09:00"}
    assert [more for _word, _cost, more in seen.levels] == [-1, 0, 0, 0, 0, 0, seen.cost[6] - 0]
    assert len(drafts.everyone(session, open_round)) == 2, "looking writes nothing"
    made = timetables.write(session, OFFICE, clock, open_round, data, "安排.xlsx")
    assert (made.number, made.note, made.document["cost"]) == (3, "读自 安排.xlsx", list(seen.cost))
    assert made.document["bound"][0] == 0
    publishing.publish(session, OFFICE, clock, open_round, 3, problem_document(session, open_round))


def test_a_bound_is_kept_only_as_far_as_it_holds(session: Session, open_round: Round) -> None:
    base = drafts.load(session, open_round, 2)
    right = list(look(session, open_round, edited(session, open_round, lambda _sheet, _panels: None)).cost)
    base.document = base.document | {"cost": right, "bound": right}
    data = edited(session, open_round, lambda sheet, _panels: sheet.cell(5, 1, "12月5日 上午 08:50"))
    made = timetables.write(session, OFFICE, clock, open_round, data, "安排.xlsx")
    assert made.document["cost"][:6] == made.document["bound"][:6]
    assert made.document["cost"][6] > made.document["bound"][6]


RULES: list[tuple[str, object, str, str]] = [
    ("A5", "12月5日 上午 08:45", "H2", "A5"),
    ("A5", "12月5日 上午 08:30", "H2", "A4"),
]


@pytest.mark.parametrize(("cell", "value", "rule", "shown"), RULES)
def test_a_broken_rule_is_told_at_its_cell(
    session: Session, open_round: Round, cell: str, value: object, rule: str, shown: str
) -> None:
    def change(sheet: Worksheet, _panels: Worksheet) -> None:
        sheet[cell] = value

    seen = look(session, open_round, edited(session, open_round, change))
    assert seen.ok
    assert (seen.broken[0].rule, seen.broken[0].cell) == (rule, f"{LIST}!{shown}")
    assert "申报" in seen.broken[0].text or "第一答辩室" in seen.broken[0].text


def test_who_is_put_on_a_panel_of_another_direction_is_named(session: Session, open_round: Round) -> None:
    other = session.scalars(select(Applicant).where(Applicant.code == "A00002")).one()
    other.direction = open_round.directions[1]
    session.flush()
    seen = look(session, open_round, edited(session, open_round, lambda _sheet, _panels: None))
    assert [(one.rule, one.cell) for one in seen.broken] == [("H8", f"{LIST}!A5")]
    assert "申报2（A00002）" in seen.broken[0].text


def test_a_draft_with_a_broken_rule_is_kept_and_not_published(session: Session, open_round: Round) -> None:
    data = edited(session, open_round, lambda sheet, _panels: sheet.cell(5, 1, "12月5日 上午 08:45"))
    made = timetables.write(session, OFFICE, clock, open_round, data, "安排.xlsx")
    assert [text[:2] for text in made.document["violations"]] == ["H2"]
    with pytest.raises(Refused, match="H2"):
        publishing.publish(session, OFFICE, clock, open_round, 3, problem_document(session, open_round))


def test_what_the_tables_hold_once_is_no_draft(session: Session, open_round: Round) -> None:
    data = edited(session, open_round, lambda sheet, _panels: sheet.cell(5, 1, "12月5日 上午 08:30"))
    with pytest.raises(Refused, match="用了两次"):
        timetables.write(session, OFFICE, clock, open_round, data, "安排.xlsx")
    assert len(drafts.everyone(session, open_round)) == 2


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        ("A5", "明天", "time"),
        ("A5", "12月5日 上午 25:00", "time"),
        ("A5", "12月6日 上午 08:30", "no-session"),
        ("A5", "12月5日 下午 02:00", "no-session"),
        ("B5", "A99999", "person-unknown"),
        ("B5", "A00001", "person-other"),
        ("C5", "申报3", "person-other"),
        ("F5", None, "panel-missing"),
        ("F5", "P9", "panel-unknown"),
        ("G5", "别处", "room-unknown"),
        ("G5", None, "room-unknown"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_written(
    session: Session, open_round: Round, cell: str, value: object, rule: str
) -> None:
    def change(sheet: Worksheet, _panels: Worksheet) -> None:
        sheet[cell] = value

    data = edited(session, open_round, change)
    seen = look(session, open_round, data)
    assert [(p.rule, p.sheet) for p in seen.table.problems] == [(rule, LIST)]
    assert seen.table.problems[0].cell in {cell, "C5", "A5"}
    with pytest.raises(Refused, match="没有写入"):
        timetables.write(session, OFFICE, clock, open_round, data, "安排.xlsx")
    assert len(drafts.everyone(session, open_round)) == 2


def test_a_person_twice_and_members_that_nobody_is(session: Session, open_round: Round) -> None:
    def change(sheet: Worksheet, panels: Worksheet) -> None:
        sheet.append(["12月5日 上午 09:00", "A00001", "申报1", "", "", "P1", "第一答辩室"])
        panels["D4"] = "专家2、张三"

    seen = look(session, open_round, edited(session, open_round, change))
    assert [(p.cell, p.rule) for p in seen.table.problems] == [("B7", "person-twice"), ("D4", "expert-unknown")]


def test_members_are_taken_from_the_table_of_panels(session: Session, open_round: Round) -> None:
    def change(_sheet: Worksheet, panels: Worksheet) -> None:
        panels["C4"], panels["D4"] = "专家2（E0002）", "专家 1，E0003"

    seen = look(session, open_round, edited(session, open_round, change))
    panel = seen.table.document["panels"][0]
    assert (panel["chair"], panel["members"]) == ("E0002", ["E0002", "E0001", "E0003"])
    assert [(one.rule, one.cell) for one in seen.broken] == [("H5", f"{PANELS}!A4")]
    assert "专家2" in seen.broken[0].text


TIMES: list[object] = [
    "2026-12-05 08:30",
    "12月5日8时30分",
    "12/5 8:30",
    dt.datetime(2026, 12, 5, 8, 30),
    "8:30",
    dt.time(8, 30),
    "上午8：30",
    "8：30—8：40",
    "12月5日（星期六）上午8点半至8点40分",
    "08:30开始",
]


@pytest.mark.parametrize("time", TIMES)
def test_a_list_made_by_hand_has_the_same_columns(session: Session, open_round: Round, time: object) -> None:
    data = by_hand(
        ["改过的安排"], ["姓名", "时间", "小组", "地点"], ["申报 1", time, "P1", "第一答辩室"], [], ["注：暂定"]
    )
    seen = look(session, open_round, data)
    assert [p.rule for p in seen.table.problems] == ["person-missing"]
    assert (places(seen), seen.table.unscheduled) == ({"A00001": "08:30"}, 2)
    assert seen.table.document["panels"][0]["members"] == ["E0001", "E0002", "E0003"]


def test_date_and_time_apart_and_merged_cells(session: Session, open_round: Round) -> None:
    book = load_workbook(
        io.BytesIO(
            by_hand(
                ["日期", "时间", "编号", "专家组", "答辩室"],
                [dt.datetime(2026, 12, 5), dt.time(8, 30), "A00001", "P1", "R1"],
                [None, dt.time(8, 40), "A00002", None, None],
                [None, "未安排", "A00003", None, None],
            )
        )
    )
    assert book.active is not None
    for column in "ADE":
        book.active.merge_cells(f"{column}2:{column}4")  # type: ignore[union-attr]
    seen = look(session, open_round, packed(book))
    assert (seen.table.problems, seen.moved, seen.broken) == ([], 0, ())


def test_a_row_that_is_not_there_is_named_and_leaves_its_person_out(session: Session, open_round: Round) -> None:
    seen = look(session, open_round, edited(session, open_round, lambda sheet, _panels: sheet.delete_rows(5)))
    assert seen.ok
    assert [(p.rule, p.level, "申报2（A00002）" in p.message) for p in seen.table.problems] == [
        ("person-missing", "warning", True)
    ]
    assert (seen.table.scheduled, seen.table.unscheduled, seen.experts) == (1, 2, 0)


@pytest.mark.parametrize(("sheet", "cell", "shown"), [("12月5日", "B5", "B6"), ("按单位", "D5", "D5")])
def test_a_change_typed_where_nobody_reads_is_an_error(
    session: Session, open_round: Round, sheet: str, cell: str, shown: str
) -> None:
    book = load_workbook(io.BytesIO(books.workbook(session, open_round, "schedule")[1]))
    assert look(session, open_round, packed(book)).table.problems == []
    if sheet == "按单位":
        book[sheet][cell] = "12月5日 上午 08:50"
    else:
        book[sheet]["B6"], book[sheet]["B5"] = "申报1　甲厂", None
    seen = look(session, open_round, packed(book))
    assert [(p.rule, p.sheet, p.cell) for p in seen.table.problems] == [("elsewhere", sheet, shown)]
    assert not seen.ok


def test_the_same_workbook_edited_again_is_held_against_the_version_it_was_made_of(
    session: Session, open_round: Round
) -> None:
    def late(sheet: Worksheet, _panels: Worksheet) -> None:
        sheet["A5"] = "12月5日 上午 09:00"

    data = edited(session, open_round, late)
    timetables.write(session, OFFICE, clock, open_round, data, "安排.xlsx")
    again = look(session, open_round, data)
    assert (again.table.problems, again.moved) == ([], 0), "nobody typed on the sheet of the day"


def test_totals_below_a_list_are_no_persons(session: Session, open_round: Round) -> None:
    data = by_hand(["序号", "姓名", "时间", "小组", "地点"], [1, "申报1", "8:30", "P1", "第一答辩室"], ["合计", 1])
    assert [p.rule for p in look(session, open_round, data).table.problems] == ["person-missing"]


def test_a_workbook_without_a_list_is_said(session: Session, open_round: Round) -> None:
    with pytest.raises(Unreadable, match="没有安排的名单"):
        look(session, open_round, by_hand(["姓名", "单位"]))


def test_a_published_round_takes_no_draft(session: Session, round_: Round) -> None:
    data = edited(session, round_, lambda _sheet, _panels: None)
    assert look(session, round_, data).ok
    with pytest.raises(Refused):
        timetables.write(session, OFFICE, clock, round_, data, "安排.xlsx")
