"""The cells of an edited schedule: tables found by their words, and what a round knows its people and places by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from exports.reading import Problem
from exports.sheet import Formula, Sheet
from exports.words import bare, plain

LIST = {
    "time": ("时间", "答辩时间", "开始时间", "开始"),
    "date": ("日期", "答辩日期"),
    "code": ("编号", "申报人编号"),
    "name": ("姓名", "申报人", "申报人姓名"),
    "unit": ("工作单位", "单位", "单位名称"),
    "panel": ("专家组", "答辩小组", "小组", "组别"),
    "room": ("答辩室", "答辩地点", "地点", "房间"),
}
PANELS = {"panel": ("专家组", "答辩小组", "小组", "组别"), "chair": ("组长",), "members": ("成员", "组员", "专家")}


@dataclass(frozen=True)
class Who:
    """Somebody of the round: the id and what the list may call them."""

    code: str
    name: str
    employer: str = ""
    direction: str = ""


class Place(NamedTuple):
    """When and in which room somebody is heard; neither for who is not."""

    start: dt.datetime | None = None
    room: str = ""


@dataclass(frozen=True)
class Known:
    """What a list is read against. ``panels`` has chair and members of the version it comes from."""

    applicants: Sequence[Who]
    experts: Sequence[Who]
    rooms: Mapping[str, str]
    """Name → id, and id → id."""
    sessions: Sequence[tuple[str, dt.datetime, dt.datetime]]
    directions: Sequence[str]
    panels: Mapping[str, tuple[str, tuple[str, ...]]]
    hearing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Panel → the directions it hears in the version it comes from."""
    mixes: Sequence[Sequence[str]] = ()
    """Directions that may share a panel."""
    places: Callable[[int], Mapping[str, Place]] = lambda _number: {}
    """Of a version's number: applicant → where it hears them; nothing where there is no such version."""


@dataclass(frozen=True)
class Seen:
    """A row of the list as understood."""

    who: Who
    start: dt.datetime
    session: str
    room: str
    panel: str
    cell: str


@dataclass
class Timetable:
    """A list as understood; ``document`` is whole only where no problem is an error."""

    document: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cells: dict[tuple[str, ...], str] = field(default_factory=dict)
    """``(applicant,)``, ``(panel,)``, ``(panel, session)``, ``(session, room)`` → the sheet and cell it stands at."""
    scheduled: int = 0
    unscheduled: int = 0
    skipped: int = 0

    @property
    def ok(self) -> bool:
        """True where no problem is an error."""
        return not any(problem.level == "error" for problem in self.problems)


class Table:
    """A worksheet with its header; merged cells below it hold the value of their first cell."""

    def __init__(self, sheet: Sheet, head: int, columns: dict[str, int], found: Timetable) -> None:
        self.sheet, self.head, self.columns, self.found = sheet, head, columns, found
        self.first = {
            (row, left): (top, left)
            for top, left, bottom, _right in sheet.merges
            if top > head
            for row in range(top + 1, bottom + 1)
        }

    @classmethod
    def of(cls, sheet: Sheet, words: Mapping[str, tuple[str, ...]], must: Sequence[str], found: Timetable) -> Any:
        """The table of a worksheet, ``None`` where it has no such header."""
        known = {word: key for key, seen in words.items() for word in seen}
        for row, cells in sorted(sheet.rows.items()):
            columns: dict[str, int] = {}
            for column, value in sorted(cells.items()):
                if bare(value) in known:
                    columns.setdefault(known[bare(value)], column)
            if set(must) <= set(columns):
                return cls(sheet, row, columns, found)
            if row > 60:
                break
        return None

    def rows(self) -> Iterator[int]:
        """The rows below the header that have anything in a column that counts, repeated headers left out."""
        for row in range(self.head + 1, self.sheet.last_row + 1):
            values = {key: plain(self.value(row, key)) for key in self.columns}
            head = {key: plain(self.sheet.cells.get((self.head, column))) for key, column in self.columns.items()}
            if not any(values.values()) or values == head:
                self.found.skipped += 1
            else:
                yield row

    def value(self, row: int, key: str) -> object:
        """A cell's value; of a formula the one stored beside it."""
        if key not in self.columns:
            return None
        place = row, self.columns[key]
        value = self.sheet.cells.get(self.first.get(place, place))
        return value.cached if isinstance(value, Formula) else value

    def text(self, row: int, key: str) -> str:
        """A cell as text."""
        value = self.value(row, key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return plain(value)

    def opening(self, row: int) -> str:
        """What the row begins with, in a column that counts or not."""
        cells = self.sheet.rows.get(row, {})
        return plain(cells[min(cells)]) if cells else ""

    def cell(self, row: int, key: str) -> str:
        """Its address; of a column that is not there, the row's first."""
        return f"{get_column_letter(self.columns.get(key, min(self.columns.values())))}{row}"

    def at(self, row: int, key: str) -> str:
        """Sheet and address."""
        return f"{self.sheet.name}!{self.cell(row, key)}"

    def note(self, row: int, key: str, rule: str, message: str, hint: str, level: str = "error") -> None:
        """Note a problem at a cell."""
        value = self.value(row, key)
        words = str(self.sheet.cells.get((self.head, self.columns.get(key, 0)), ""))
        cell = self.cell(row, key)
        shown = "" if value is None else str(value)[:80]
        self.found.problems.append(Problem(self.sheet.name, cell, words, shown, rule, level, message, hint))
