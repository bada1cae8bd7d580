"""What is written out and read again is the same: promise 17. ``make soak`` tries a thousand sets."""

from __future__ import annotations

import io
import os

import openpyxl
import pytest

from exports.out import write
from exports.rosters import Known, read_applicants, read_experts
from exports.venue import read_venue
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


@pytest.mark.parametrize("seed", range(0, SETS, 4))
def test_no_cell_of_a_roster_is_a_formula(seed: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write("rosters", people(seed))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=") for cell in cells), "there is something that looks like one"
    assert not [cell for cell in cells if cell.data_type == "f"]
