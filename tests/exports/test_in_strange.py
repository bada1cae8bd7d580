"""Rosters of other makes than the samples: every column is right or asked about, and no row is lost."""

import pytest

from exports.availability import SessionRow
from exports.reading import Answers
from exports.rosters import read_applicants, read_experts
from exports.venue import read_venue
from tests.exports.strange import CASES, DIRS
from tests.exports.strange.making import book

HALVES = [
    SessionRow(f"2023-07-{day}", name, *at)
    for day in (15, 16)
    for name, at in (("上午", ("08:30", "12:00")), ("下午", ("14:00", "17:30")))
]
PEOPLE = {"applicants": read_applicants, "experts": read_experts}


def read(case, answers):
    if case["kind"] == "venue":
        venue = read_venue(case["data"], case["filename"], answers=Answers(answers))
        return [venue.rooms, venue.sessions]
    reader = PEOPLE[case["kind"]]
    found = reader(case["data"], case["filename"], directions=DIRS, sessions=HALVES, answers=Answers(answers))
    return [found]


def said(case, parts):
    """What was read, in the words of the case."""
    if case["kind"] == "venue":
        sessions = [f"{s.date} {s.name} {s.start}-{s.end}" for s in parts[1].rows]
        return {"rooms": [room.name for room in parts[0].rows], "sessions": sessions}
    rows = parts[0].rows
    if case["kind"] == "experts":
        rows = [vars(row) | {"dirs": frozenset(row.directions)} for row in rows]
        return [{key: row[key] for key in case["fields"]} for row in rows]
    return [{key: getattr(row, key) for key in case["fields"]} for row in rows]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_column_is_right_or_asked_and_no_row_is_lost(case):
    first, found = read(case, {}), read(case, case["answers"])
    want = case["want"]
    if case["kind"] != "venue":
        want = [{key: person[key] for key in case["fields"]} for person in want]
    if case["name"] == "a33_no_header":
        assert [p.rule for p in found[0].problems] == ["header-missing"]
        return
    assert said(case, found) == want
    assert [p for part in found for p in part.problems if p.level == "error"] == []
    asked = {question.key for part in first for question in part.questions}
    if said(case, first) != want:
        assert asked
    for part in found:
        assert part.read == part.accepted + part.review_only + part.rejected + part.skipped


def test_where_people_stand_under_titles_the_titles_are_said_back():
    (case,) = [case for case in CASES if case["name"] == "a09_unit_as_title_row"]
    (found,) = read(case, case["answers"])
    assert {text.about for text in found.understood} == {"titles"}
    units = [text.meaning.removeprefix("工作单位：") for text in found.understood]
    assert units == sorted({person["unit"] for person in case["want"]})


def test_hidden_rows_and_columns_are_read_and_named():
    (case,) = [case for case in CASES if case["name"] == "a23_hidden_rows_and_columns"]
    (found,) = read(case, {})
    assert [(p.rule, p.cell, p.message) for p in found.problems] == [
        ("hidden", "A4", "第 4—5 行是隐藏的，也读了。"),
        ("hidden", "E1", "E 列是隐藏的，也读了。"),
    ]
    assert len(found.rows) == 8


def test_a_role_nobody_knows_is_asked_about():
    (case,) = [case for case in CASES if case["name"] == "e07_strengths"]
    given = case["answers"] | {"column:experts.role": "时间安排", "column:experts.available": "没有这一列"}
    (found,) = read(case, given)
    (question,) = [q for q in found.questions if q.key.startswith("role:")]
    (told,) = read(case, given | {question.key: "可任组长"})
    assert all(row.chair for row in told.rows)
    assert len(told.rows) == 6


def test_a_day_where_a_room_should_stand_is_no_room():
    rows = [
        ["考场", "候考地点"],
        ["第一考场", "305"],
        ["答辩时间", None],
        ["日期", "下午"],
        ["2023年7月15日", "14:00-17:30"],
    ]
    (rooms, _) = read({"kind": "venue", "data": book(("场地", rows)), "filename": "场地.xlsx"}, {})
    assert [(p.rule, p.cell) for p in rooms.problems if p.level == "error"] == [("room-date", "A5")]


def refused(kind, rows, merges=()):
    (part, *_) = read({"kind": kind, "data": book(("x", rows), merges=merges), "filename": "x.xlsx"}, {})
    return [(p.rule, p.cell) for p in part.problems], part.questions


@pytest.mark.parametrize("more", [(), ("乙", "丙")])
def test_a_list_on_its_side_or_a_form_for_each_person_is_named(more):
    rows = [["登记表"], ["姓名", "甲", *more], ["工作单位", "厂", *more], ["申报级别", "高级", *more]]
    assert refused("applicants", rows) == ([("on-its-side", "A1")], [])


def test_two_rows_a_person_are_named_once():
    head = [["姓名", "工作单位", "级别", "专业", "电话"], [None, "参保单位", None, None, "邮箱"]]
    rows = [
        row for n in "甲乙丙" for row in ([n, "厂", "高级", "隔膜", "13800000001"], [None, "厂", None, None, "a@b"])
    ]
    merges = [f"{c}{r}:{c}{r + 1}" for c in "ACD" for r in (1, 3, 5, 7)]
    assert refused("applicants", head + rows, merges) == ([("rows-of-one", "A3")], [])


def test_a_rooms_name_is_no_header():
    rows = [["日期", "7月15日", "7月16日"], ["第一答辩室", "√", "√"], ["第二答辩室", "√", None]]
    assert refused("venue", rows) == ([("header-missing", "")], [])


def test_a_mark_under_a_direction_that_nobody_knows_is_an_error():
    rows = [["姓名", "单位", "隔膜", "锂矿原料"], ["甲", "大学", "√", None], ["乙", "大学", "看情况", None]]
    rows.append(["丙", "大学", None, None])
    assert refused("experts", rows) == ([("direction-tick", "C3"), ("direction-missing", "C4")], [])
