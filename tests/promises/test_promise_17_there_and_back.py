"""Promise 17: what is written out and read again is the same. ``make soak`` tries a thousand sets of each."""

from __future__ import annotations

import io
import os
import random
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest

from exports import timetable
from exports.content import Person
from exports.entry import read_entry
from exports.listed import Who
from exports.out import write
from exports.rosters import Known, read_applicants, read_experts
from exports.venue import read_venue
from scoring.rubric import Item, Rubric
from tests.exports.generated import generated
from tests.exports.people import DIRECTIONS, people

SETS = 2 * int(os.environ.get("SOAK", "4"))


@pytest.mark.parametrize("seed", range(SETS))
def test_rosters_come_back_as_they_went(seed: int) -> None:
    content = people(seed)
    kept, data = content.rosters, write("rosters", content)
    venue = read_venue(data, "名册.xlsx")
    assert (*venue.rooms.problems, *venue.sessions.problems) == ()
    assert tuple(venue.rooms.rows) == kept.rooms
    assert tuple(venue.sessions.rows) == kept.sessions
    against = {"directions": DIRECTIONS, "sessions": kept.sessions}
    experts, applicants = ([row for _code, row in rows] for rows in (kept.experts, kept.applicants))
    known = [Known(row.name, row.unit, row.id_no) for row in experts]
    people_read = read_applicants(data, "名册.xlsx", experts=known, **against)
    assert [p for p in people_read.problems if p.level == "error"] == []
    assert people_read.rows == applicants
    known = [Known(row.name, row.unit, row.id_no) for row in applicants]
    experts_read = read_experts(data, "名册.xlsx", applicants=known, **against)
    assert [p for p in experts_read.problems if p.level == "error"] == []
    assert experts_read.rows == experts
    assert people_read.questions == experts_read.questions == []


@pytest.mark.parametrize("seed", range(SETS))
def test_a_schedule_comes_back_as_it_went(seed: int) -> None:
    content = generated(seed)
    halves = {s.start: s.place.partition("/")[0] for s in content.sittings}
    known = timetable.Known(
        [Who(p.code, p.name, p.employer, p.direction) for p in content.people],
        [Who(seat.code, seat.name) for seat in content.seats],
        {s.room: s.room for s in content.sittings},
        [(code, start, start + timedelta(hours=5)) for start, code in sorted(halves.items())],
        sorted({p.direction for p in content.people}),
        {},
    )
    found = timetable.read_timetable(write("schedule", content), "总表.xlsx", known)
    assert found.problems == []
    assert {
        (panel["id"], panel["chair"], *panel["members"], sitting["session"], sitting["room"], *heard.values())
        for panel in found.document["panels"]
        for sitting in panel["sittings"]
        for heard in sitting["appointments"]
    } == {
        (s.panel, s.seats[0].code, *(seat.code for seat in s.seats), halves[s.start], s.room, *_heard(person))
        for s in content.sittings
        for person in s.people
    }
    assert (found.scheduled, found.document["unscheduled"]) == (len(content.people), [])


def _heard(person: Person) -> tuple[str, str]:
    assert person.start is not None
    return person.code, f"{person.start:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("seed", range(SETS))
def test_marks_come_back_as_they_were_typed(seed: int) -> None:
    content, chance = generated(seed), random.Random(seed)
    book = openpyxl.load_workbook(io.BytesIO(write("entry", content)))
    typed = {}
    for sheet in book:
        for row in range(4, sheet.max_row + 1):
            if chance.random() < 0.5:
                marks = [item.step * chance.randint(0, int(item.full / item.step)) for item in content.items]
                for column, mark in enumerate(marks, 8):
                    sheet.cell(row, column).value = str(mark) if chance.random() < 0.2 else float(mark)
                typed[sheet.cell(row, 1).value] = marks
    out = io.BytesIO()
    book.save(out)
    rubric = Rubric(1, tuple(Item(i.key, i.name, i.full, i.step) for i in content.items))
    found = read_entry(out.getvalue(), "录入.xlsx", rubric)
    assert found.problems == []
    assert {row.key: [Decimal(mark or "nan") for mark in row.marks.values()] for row in found.rows} == typed
    assert len(typed) + found.empty == sum(len(s.people) * len(s.seats) for s in content.sittings)


@pytest.mark.parametrize("seed", range(0, SETS, 4))
def test_no_cell_of_a_roster_is_a_formula(seed: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write("rosters", people(seed))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=") for cell in cells), "there is something that looks like one"
    assert not [cell for cell in cells if cell.data_type == "f"]
