"""Rosters of every make: every column is right or asked about, and no row is lost."""

import pytest

from exports.availability import SessionRow
from exports.dates import partial_date
from exports.reading import Answers
from exports.rosters import read_applicants, read_experts
from tests.exports.held_out import HELD_OUT
from tests.exports.layouts import LAYOUTS
from tests.exports.made_up import APPLICANTS, DIRECTIONS, EXPERTS

HALVES = [
    SessionRow(f"2023-07-{day}", name, *at)
    for day in (15, 16)
    for name, at in (("上午", ("08:30", "12:00")), ("下午", ("14:00", "17:30")))
]
PEOPLE = {"applicants": (APPLICANTS, read_applicants), "experts": (EXPERTS, read_experts)}
MEANT = {"recuse_people": (), "recuse_units": (), "recuse": ()}


def read(layout, given=()):
    return PEOPLE[layout.kind][1](
        layout.data, layout.filename, directions=DIRECTIONS, sessions=HALVES, answers=Answers(dict(given))
    )


def said(row, key):
    """What was read of a person for a column of the layout, in the words of the layout."""
    match key:
        case "direction":
            return row.direction if hasattr(row, "direction") else next(iter(row.directions))
        case "recuse" | "recuse_units" | "recuse_people":
            return "、".join(getattr(row, key))
        case "role":
            return "组长" if row.chair else "成员"
    return getattr(row, key) if hasattr(row, key) else row.details.get(key, "")


def wanted(person, key):
    value = person[key]
    if key in ("birth", "cur_date"):
        return partial_date(value)
    if key == "direction":
        return str(value).partition("(")[0]
    return value if key == "max_sessions" else str(value or "")


ALL = LAYOUTS | HELD_OUT


@pytest.mark.parametrize("name", ALL)
def test_every_column_is_right_or_asked_and_no_row_is_lost(name):
    layout = ALL[name]()
    found = read(layout)
    asked = {question.key for question in found.questions}
    assert asked == set(layout.asked), [q.text for q in found.questions]
    answered = read(layout, layout.asked)
    assert [p for p in answered.problems if p.rule not in ("ditto", "hidden")] == []
    people, _ = PEOPLE[layout.kind]
    rows = {row.name: row for row in answered.rows}
    assert len(answered.rows) == layout.people
    assert answered.rejected == 0
    assert answered.read == answered.accepted + answered.review_only + answered.skipped + answered.rejected
    for number, person in enumerate(people[: layout.people], 1):
        for key in set(layout.keys) - {"no", "other"}:
            meant = f"1980-{number:02d}-{number:02d}" if key == "birth" and layout.days else wanted(person, key)
            assert said(rows[person["name"]], key) == meant, (person["name"], key)
