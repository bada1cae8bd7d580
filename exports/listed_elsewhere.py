"""The other sheets of an exported schedule: they follow from the list, so a change typed there would be lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from exports.dates import clock
from exports.listed import LIST, Known, Place, Table, Timetable, Who
from exports.listed_people import People
from exports.reading import Problem
from exports.said import say
from exports.sheet import Sheet
from exports.words import plain


@dataclass(frozen=True)
class Shown:
    """Somebody in a sheet that is not the list, with their place there."""

    who: Who
    place: Place
    cell: str


def typed_elsewhere(sheets: Sequence[Sheet], known: Known, heard: Mapping[str, Place], read: str) -> Iterator[Problem]:
    """Who was moved on a sheet nobody reads: neither the list nor the version the sheet was made of has them there."""
    for sheet in sheets:
        made_of = known.places(_version(sheet))
        for shown in [*_grid(sheet, known), *_by_employer(sheet, known)] if made_of else ():
            now = heard.get(shown.who.code, Place())
            if shown.place not in (now, made_of.get(shown.who.code)):
                said = say(
                    "%(name)s 在这里是 %(here)s，在“%(sheet)s”表是 %(there)s。",
                    name=shown.who.name,
                    here=_words(shown.place, known),
                    sheet=read,
                    there=_words(now, known) or "未安排",
                )
                hint = say("这张表不读入。请把改动写到“%(sheet)s”表。", sheet=read)
                yield Problem(sheet.name, shown.cell, "", shown.who.name, "elsewhere", "error", said, hint)


def _version(sheet: Sheet) -> int:
    """The number in the line below the title that says where the sheet comes from."""
    found = (re.search(r"第 (\d+) 版", str(value)) for row in (1, 2) for value in sheet.rows.get(row, {}).values())
    return next((int(match[1]) for match in found if match), 0)


def _words(place: Place, known: Known) -> str:
    names = {code: name for name, code in known.rooms.items()}
    return f"{place.start:%m-%d %H:%M} {names.get(place.room, place.room)}" if place.start else ""


def _grid(sheet: Sheet, known: Known) -> Iterator[Shown]:
    """Times down, rooms across, the day in the sheet's name; a person is written with the employer."""
    people = People(known, Timetable())
    day = people.day(sheet.name)
    persons: dict[str, list[Who]] = {}
    for who in known.applicants:
        persons.setdefault(plain(who.name + who.employer), []).append(who)
    rooms: dict[int, str] = {}
    for row, cells in sorted(sheet.rows.items()) if day else ():
        first, *_rest = sorted(cells)
        if plain(cells[first]) in LIST["time"]:
            rooms = {at: known.rooms[plain(text)] for at, text in cells.items() if plain(text) in known.rooms}
        elif rooms and day and (time := clock(cells[first])):
            start = dt.datetime.combine(day, dt.time.fromisoformat(time))
            for at in sorted(set(cells) & set(rooms)):
                hits = persons.get(plain(cells[at]), ())
                yield from (Shown(who, Place(start, rooms[at]), f"{get_column_letter(at)}{row}") for who in hits[:1])


def _by_employer(sheet: Sheet, known: Known) -> Iterator[Shown]:
    """A list without the panel: nobody can be heard by it."""
    people, table = People(known, Timetable()), Table.of(sheet, LIST, ("time", "room"), Timetable())
    if table is None or "panel" in table.columns or not {"code", "name"} & set(table.columns):
        return
    for row in table.rows():
        who = people.applicant(table, row)
        start = people.start(table, row) if who and table.text(row, "time") else None
        if who and start:
            yield Shown(who, Place(start, people.room(table, row)), table.cell(row, "time"))
