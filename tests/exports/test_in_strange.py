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
