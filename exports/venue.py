"""Read 场地与时段: rooms and sessions, in two sheets or below each other in one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exports.availability import SessionRow
from exports.dates import clock, partial_date
from exports.finding import somebody, tables
from exports.opening import open_sheets
from exports.people import parts
from exports.reading import Answers, Reading
from exports.said import say
from exports.table import Table
from exports.times import usable
from exports.words import plain


@dataclass(frozen=True)
class RoomRow:
    """A room and its waiting room; `sessions` are keys of SessionRow."""

    name: str
    waiting: str
    sessions: tuple[str, ...]


@dataclass(frozen=True)
class Venue:
    """Both tables of 场地与时段."""

    rooms: Reading[RoomRow]
    sessions: Reading[SessionRow]


def read_venue(data: bytes, filename: str, *, answers: Answers | None = None) -> Venue:
    """Read 场地与时段: its sessions, and its rooms against them."""
    sheets = open_sheets(data, filename)
    venue = Venue(Reading(), Reading())
    listed = tables(sheets, "sessions", venue.sessions, answers)
    for table in listed:
        for _ in table.rows():
            session = _session(table)
            _apart(table, session, venue.sessions.rows)
            venue.sessions.rejected += table.failed
            venue.sessions.accepted += not table.failed
            venue.sessions.rows += [] if table.failed else [session]
    somebody(listed, "时段")
    if any(problem.rule == "wrong-roster" for problem in venue.sessions.problems):
        return venue
    venue.sessions.rows.sort(key=lambda session: (session.date, session.start))
    places = tables(sheets, "rooms", venue.rooms, answers)
    for place in places:
        for _ in place.rows():
            name = place.needed("room", "room-missing", "答辩室")
            if name and name in {row.name for row in venue.rooms.rows}:
                place.error(
                    "room",
                    "room-twice",
                    say("答辩室“%(name)s”出现两次。", name=name),
                    say("请删去重复的一行，或写成不同的名称。"),
                )
            if partial_date(place.raw("room")):
                what = say("“%(name)s”是日期，不是答辩室。", name=name)
                place.error("room", "room-date", what, say("请把时段放在另一张表里，或在上方写上“日期、开始、结束”。"))
            open_in = usable(place, place.text("available", "、"), venue.sessions.rows, name)
            venue.rooms.rejected += place.failed
            venue.rooms.accepted += not place.failed
            venue.rooms.rows += [] if place.failed else [RoomRow(name, place.text("waiting"), open_in)]
    somebody(places, "答辩室")
    return venue


def _apart(table: Table[SessionRow], session: SessionRow, others: Sequence[SessionRow]) -> None:
    for other in others:
        if session.date == other.date and (
            session.name == other.name or (session.start < other.end and other.start < session.end)
        ):
            table.error(
                "start",
                "session-overlap",
                say("与 %(key)s 的名称或时间重叠。", key=other.key),
                say("请核对日期、时段名和时间。"),
            )


def _session(table: Table[SessionRow]) -> SessionRow:
    date, start, end = _moment(table)
    if len(date) != 10:
        key = "date" if "date" in table.header.columns else "span"
        table.error(key, "date", say("日期没有看懂。"), say("请写成 2023-07-15。"))
    for key, value in (("start", start), ("end", end)):
        if not value:
            key = key if key in table.header.columns else "span"
            table.error(key, "time", say("时间没有看懂。"), say("请写成 8:30。"))
    if start and end and start >= end:
        table.error("end", "time-order", say("结束不晚于开始。"), say("请核对时间。"))
    name = table.text("name") or ("上午" if start < "12:00" else "下午")
    return SessionRow(date, name, start, end, _breaks(table, start, end))


def _moment(table: Table[SessionRow]) -> tuple[str, str, str]:
    """Day, start and end, each in its column or together: 2023年7月15日下午2:00-5:30; empty where not understood."""
    columns = table.header.columns
    day = partial_date(table.raw("date")) or ""
    if "start" in columns or "span" not in columns:
        return day, clock(table.raw("start")) or "", clock(table.raw("end")) or ""
    text = plain(table.text("span"))
    if "date" not in columns and (match := re.match(r"\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?", text)):
        day, text = partial_date(match[0]) or "", text[match.end() :]
    text, late = re.sub(r"^[上中]午|^早上", "", text), re.match(r"下午|晚上", text)
    sides = [clock(side) or "" for side in re.split(r"[-—–~～至]+", text[late.end() if late else 0 :])]
    if late:
        sides = [f"{int(side[:2]) + 12}{side[2:]}" if side and side < "12" else side for side in sides]
    return (day, sides[0], sides[1]) if len(sides) == 2 else (day, "", "")


def _breaks(table: Table[SessionRow], start: str, end: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for part in parts(table.text("breaks", "、")):
        pair = [clock(side) for side in re.split(r"[-—–~～至]+", part)]
        if len(pair) != 2 or not pair[0] or not pair[1]:
            table.error("breaks", "break", say("休息“%(part)s”没有看懂。", part=part), say("请写成 10:10-10:20。"))
        elif not start <= pair[0] < pair[1] <= end:
            table.error(
                "breaks",
                "break",
                say("休息“%(part)s”不在本时段之内。", part=part),
                say("请核对开始、结束和休息的时间。"),
            )
        else:
            found.append((pair[0], pair[1]))
    return tuple(found)
