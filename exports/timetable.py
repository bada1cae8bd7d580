"""Read a schedule back from Excel: the list of 答辩安排总表 with rows moved, or one made by hand with its columns.

The list says who is heard when, where and by which panel; a table of panels, where there is one, says who sits on them,
else they keep the members they have. What comes out is the scheduler's document, and the cell of everything in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from exports.errors import UnreadableFile
from exports.listed import LIST, PANELS, Known, Place, Seen, Table, Timetable, Who
from exports.listed_elsewhere import typed_elsewhere
from exports.listed_people import People
from exports.opening import open_sheets
from exports.reading import Problem
from exports.said import say

NAMED = 20
"""Missing persons that are named."""


def read_timetable(data: bytes, filename: str, known: Known) -> Timetable:
    """Read a schedule from a workbook.

    Raises:
        UnreadableFile: no workbook, or no list of appointments in it.
    """
    found = Timetable()
    sheets = [sheet for sheet in open_sheets(data, filename) if not sheet.hidden]
    lists = [table for sheet in sheets if (table := Table.of(sheet, LIST, ("time", "panel", "room"), found))]
    lists = [table for table in lists if {"code", "name"} & set(table.columns)]
    if not lists:
        raise UnreadableFile(
            say("文件“%(name)s”里没有安排的名单。名单要有这几列：时间、编号或姓名、专家组、答辩室。", name=filename)
        )
    panels = [table for sheet in sheets if (table := Table.of(sheet, PANELS, ("panel", "chair", "members"), found))]
    people = People(known, found)
    rows = [row for table in lists for row in people.rows(table)]
    seats = dict(known.panels) | {name: held for table in panels for name, held in people.panels(table)}
    _Document(known, found, rows, seats).write()
    heard, read = {row.who.code: Place(row.start, row.room) for row in rows}, lists[0].sheet.name
    _say_missing(found, [who for who in known.applicants if who.code not in people.seen], read)
    others = [sheet for sheet in sheets if all(sheet is not table.sheet for table in lists)]
    found.problems += typed_elsewhere(others, known, heard, read)
    return found


def _say_missing(found: Timetable, missing: list[Who], read: str) -> None:
    """Nobody drops out of a schedule in silence because a row is not there."""
    if missing and found.scheduled and found.ok:
        names = "、".join(f"{who.name}（{who.code}）" for who in missing[:NAMED]) + ("……" if missing[NAMED:] else "")
        said = say("名单里没有 %(n)s 位申报人：%(names)s。", n=len(missing), names=names)
        hint = say("存为草案后，他们是未安排。要安排的请补上一行。")
        found.problems.append(Problem(read, "", "", "", "person-missing", "warning", said, hint))


class _Document:
    """Puts the rows together: panels in the order of their names, sittings by session, appointments by time."""

    def __init__(
        self, known: Known, found: Timetable, rows: list[Seen], seats: Mapping[str, tuple[str, tuple[str, ...]]]
    ) -> None:
        self.known, self.found, self.rows, self.seats = known, found, rows, seats

    def write(self) -> None:
        names = sorted({row.panel for row in self.rows}, key=_by_number)
        panels = [self._panel(name, [row for row in self.rows if row.panel == name]) for name in names]
        heard = {row.who.code for row in self.rows}
        left = [who.code for who in self.known.applicants if who.code not in heard]
        self.found.scheduled, self.found.unscheduled = len(heard), len(left)
        self.found.document = {"panels": panels, "unscheduled": left}

    def _panel(self, name: str, rows: list[Seen]) -> dict[str, Any]:
        order = {code: n for n, (code, _begin, _end) in enumerate(self.known.sessions)}
        first = min(rows, key=lambda row: row.start)
        self.found.cells.setdefault((name,), first.cell)
        if name not in self.seats:
            self._say(
                first,
                "panel-unknown",
                say("不知道专家组 %(name)s 有哪些专家。", name=name),
                say("请在“专家组”表写明其组长和成员。"),
            )
        chair, members = self.seats.get(name, ("", ()))
        sittings = []
        for session in sorted({row.session for row in rows}, key=lambda code: order[code]):
            held = sorted((row for row in rows if row.session == session), key=lambda row: (row.start, row.who.code))
            sittings.append(self._sitting(name, session, held))
        return {
            "id": name,
            "directions": self._directions(name, [row.who.direction for row in rows]),
            "chair": chair,
            "members": list(members),
            "sittings": sittings,
        }

    def _directions(self, panel: str, heard: list[str]) -> list[str]:
        """Those of its people; where they must not share a panel, the ones it had, so that who is wrong there shows."""
        known = self.known
        together = len(set(heard)) == 1 or any(set(heard) <= set(mix) for mix in known.mixes)
        had = set(known.hearing.get(panel, ())) & set(heard) or {max(known.directions, key=heard.count)}
        return [d for d in known.directions if d in (set(heard) if together else had)]

    def _sitting(self, panel: str, session: str, rows: list[Seen]) -> dict[str, Any]:
        room = rows[0].room
        for row in rows:
            if row.room != room:
                said = say("专家组 %(panel)s 同一时段在 %(cell)s 用另一间答辩室。", panel=panel, cell=rows[0].cell)
                self._say(row, "two-rooms", said, say("一个专家组在一个时段只用一间答辩室。"))
                break
        for row in rows:
            self.found.cells[(row.who.code,)] = row.cell
        self.found.cells[panel, session] = rows[0].cell
        self.found.cells.setdefault((session, room), rows[0].cell)
        starts = [{"applicant": row.who.code, "start": f"{row.start:%Y-%m-%dT%H:%M}"} for row in rows]
        return {"session": session, "room": room, "appointments": starts}

    def _say(self, row: Seen, rule: str, message: str, hint: str) -> None:
        sheet, _, cell = row.cell.rpartition("!")
        self.found.problems.append(Problem(sheet, cell, "", row.who.name, rule, "error", message, hint))


def _by_number(name: str) -> list[str | int]:
    """P2 before P10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]
