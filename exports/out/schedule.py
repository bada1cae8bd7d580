"""答辩安排总表: a rooms × time grid a day, every appointment by panel, the panels, a list by employer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from exports.content import RoundContent, SittingRow
from exports.out.book import Book, half_day
from exports.out.paper import LINE, ROW, TITLE, Paper, lines, units

ABREAST = 5
"""Rooms beside each other on one page; more would be too small to read."""
WIDTHS = (28, 34, 40, 48, 58)
"""Widths of a room's column that are tried, in characters."""
HEAD = ("时间", "编号", "姓名", "工作单位", "专业方向", "专家组", "答辩室")


def fill(book: Book, content: RoundContent) -> None:
    """Write all sheets."""
    days: dict[date, list[SittingRow]] = defaultdict(list)
    for sitting in content.sittings:
        days[sitting.start.date()].append(sitting)
    for day, sittings in sorted(days.items()):
        _grid(book, content, day, sittings)
    _panels(book, content)
    _list(book, content)
    _by_employer(book, content)


def _grid(book: Book, content: RoundContent, day: date, sittings: list[SittingRow]) -> None:
    """A block for each half-day and ``ABREAST`` rooms, each on a page of its own."""
    used = {s.room for s in sittings}
    begun: dict[datetime, dict[str, SittingRow]] = defaultdict(dict)
    for sitting in sittings:
        begun[sitting.start][sitting.room] = sitting
    rooms = [room for room in content.rooms if room in used] or sorted(used)
    parts = [rooms[n : n + ABREAST] for n in range(0, len(rooms), ABREAST)]
    halves = [
        (start, part, {room: here[room] for room in part if room in here})
        for start, here in sorted(begun.items())
        for part in parts
    ]
    blocks = [(start, part, held, _rows(held, part)) for start, part, held in halves if held]
    name = f"{day.month}月{day.day}日"
    columns = min(ABREAST, max(1, len(rooms)))
    width, landscape = _lying(columns, [[_longest(row) for row in rows] for *_block, rows in blocks])
    sheet = book.sheet(name, f"答辩安排（{name}）", [8, *[width] * columns], landscape=landscape, head_rows=2)
    at, breaks = 2, []
    for start, part, held, rows in blocks:
        breaks.append(at)
        book.row(sheet, at, ["时间", *part], "head")
        book.row(sheet, at + 1, [f"{start:%H:%M}", *[_who(held.get(room)) for room in part]], "head")
        for line, row in enumerate(rows, at + 2):
            book.row(sheet, line, row)
        at += 2 + len(rows)
    sheet.set_h_pagebreaks(breaks[1:])


def _rows(held: dict[str, SittingRow], rooms: list[str]) -> list[list[str | None]]:
    """A row for each time, a cell for each room."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for room, sitting in held.items():
        for person in sitting.people:
            places[f"{person.start:%H:%M}"][room] = f"{person.name}　{person.employer}"
    return [[time, *(row.get(room) for room in rooms)] for time, row in sorted(places.items())]


def _lying(columns: int, blocks: list[list[str]]) -> tuple[int, bool]:
    """The narrowest rooms with which each block fits a page, lying before standing; of a row its longest text.

    A wider sheet is printed smaller and holds more; few rooms are never wide, a long half-day of theirs stands upright.
    """
    for landscape in (True, False):
        for width in WIDTHS:
            room = Paper([8, *[width] * columns], landscape, 0).room - TITLE - 3 * ROW
            high = (sum(ROW + (lines(text, width) - 1) * LINE for text in block) for block in blocks)
            if max(high, default=0) <= room:
                return width, landscape
    return WIDTHS[-1], False


def _longest(row: list[str | None]) -> str:
    return max((text or "" for text in row[1:]), key=units)


def _who(sitting: SittingRow | None) -> str:
    if sitting is None:
        return ""
    chair = next((seat.name for seat in sitting.seats if seat.chair), "")
    return f"{sitting.panel}　组长 {chair}"


def _panels(book: Book, content: RoundContent) -> None:
    sheet = book.sheet("专家组", "专家组安排", [9, 24, 10, 40, 44], landscape=True)
    book.row(sheet, 2, ["专家组", "专业方向", "组长", "成员", "场次"], "head")
    panels: dict[str, list[SittingRow]] = defaultdict(list)
    for s in content.sittings:
        panels[s.panel].append(s)
    for at, (panel, sittings) in enumerate(panels.items(), 3):
        directions = "、".join(dict.fromkeys(p.direction for s in sittings for p in s.people))
        chair = "、".join(seat.name for seat in sittings[0].seats if seat.chair)
        members = "、".join(seat.name for seat in sittings[0].seats if not seat.chair)
        times = "\n".join(f"{half_day(s.start)} {s.room}（{len(s.people)} 人）" for s in sittings)
        book.row(sheet, at, [panel, directions, chair, members, times], height=36)


def _list(book: Book, content: RoundContent) -> None:
    sheet = book.sheet("全部安排", "答辩安排总表", [20, 10, 12, 30, 24, 9, 14], landscape=True)
    book.row(sheet, 2, HEAD, "head")
    at = 3
    for s in content.sittings:
        for p in s.people:
            time = half_day(p.start) if p.start else ""
            book.row(sheet, at, [time, p.code, p.name, p.employer, p.direction, s.panel, s.room])
            at += 1
    for p in content.unscheduled:
        book.row(sheet, at, ["未安排", p.code, p.name, p.employer, p.direction, None, None])
        at += 1
    if at > 3:
        sheet.autofilter(2, 0, at - 1, len(HEAD) - 1)


def _by_employer(book: Book, content: RoundContent) -> None:
    sheet = book.sheet("按单位", "答辩安排（按工作单位）", [30, 10, 12, 20, 14])
    book.row(sheet, 2, ["工作单位", "编号", "姓名", "时间", "答辩室"], "head")
    rows = [
        (p.employer, p.code, p.name, half_day(p.start) if p.start else "", s.room)
        for s in content.sittings
        for p in s.people
    ]
    for at, row in enumerate(sorted(rows), 3):
        book.row(sheet, at, row)
