"""Read the three rosters: applicants, experts, rooms and sessions. Nothing is written, nothing is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from exports.availability import SessionRow, absences, understand
from exports.dates import clock, partial_date
from exports.header import bare, plain
from exports.opening import open_sheets
from exports.people import Twice, direction, id_number, phone
from exports.reading import Answers, Question, Reading
from exports.table import Table, tables

__all__ = ["ApplicantRow", "ExpertRow", "RoomRow", "SessionRow", "read_applicants", "read_experts", "read_venue"]
SENIOR, INTERMEDIATE = "高级", "中级"
_PLAIN_KEYS = ("sex", "edu", "school", "major", "cur_title", "county", "insured_unit", "note", "unavailable", "recuse")


@dataclass(frozen=True)
class ApplicantRow:
    """An applicant as read; `level` is 高级 or 中级, `details` the other columns by key (dates YYYY-MM[-DD])."""

    name: str
    unit: str
    level: str
    direction: str
    id_no: str = ""
    title: str = ""
    phone: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExpertRow:
    """An expert as read; strengths by direction 1 to 3; `sessions` are keys of SessionRow, None where not yet known."""

    name: str
    unit: str
    directions: dict[str, int]
    chair: bool
    sessions: tuple[str, ...] | None
    available: str = ""
    max_sessions: int | None = None
    recuse_units: tuple[str, ...] = ()
    recuse_people: tuple[str, ...] = ()
    title: str = ""
    post: str = ""
    phone: str = ""
    id_no: str = ""
    note: str = ""


@dataclass(frozen=True)
class RoomRow:
    """A room and its waiting room; `sessions` are keys of SessionRow."""

    name: str
    waiting: str
    sessions: tuple[str, ...]


def read_applicants(
    data: bytes,
    filename: str,
    *,
    directions: Sequence[str],
    sessions: Sequence[SessionRow] = (),
    answers: Answers | None = None,
) -> Reading[ApplicantRow]:
    """Read 申报人员名册. Raises UnreadableFile where it cannot be opened; everything else is a problem at a cell."""
    reading: Reading[ApplicantRow] = Reading(by_direction=dict.fromkeys(directions, 0))
    twice = Twice()
    for table in tables(open_sheets(data, filename), "applicants", reading):
        for _ in table.rows():
            row = _applicant(table, directions, answers or Answers(), twice)
            _unavailable(table, row, sessions)
            _count(reading, table, row, row.level == INTERMEDIATE)
            if not table.failed and row.level == SENIOR:
                reading.by_direction[row.direction] += 1
    return reading


def _unavailable(table: Table[ApplicantRow], row: ApplicantRow, sessions: Sequence[SessionRow]) -> None:
    text = row.details.get("unavailable", "")
    if sessions and absences(text, sessions) is None:
        table.error("unavailable", "unavailable", f"不可用时间“{text}”没有看懂。", "请写成“15日上午”或“16日全天”。")


def _count(reading: Reading[ApplicantRow], table: Table[ApplicantRow], row: ApplicantRow, review_only: bool) -> None:
    if table.failed:
        reading.rejected += 1
        return
    reading.rows.append(row)
    if review_only:
        reading.review_only += 1
    else:
        reading.accepted += 1


def _applicant(table: Table[ApplicantRow], names: Sequence[str], answers: Answers, twice: Twice) -> ApplicantRow:
    name = table.needed("name", "name-missing", "姓名").replace(" ", "")
    id_no = id_number(table)
    unit = table.needed("unit", "unit-missing", "工作单位")
    level = _level(table, answers)
    said = table.needed("direction", "direction-missing", "专业方向")
    meant = direction(table, said, names, answers) if said else ""
    tel = phone(table)
    twice.check(table, name, unit, id_no)
    details = {key: text for key in _PLAIN_KEYS if (text := table.text(key))}
    if details.get("insured_unit", unit) != unit:
        table.warn("insured_unit", "insured-unit", "参保单位和工作单位不同。", "请核实后再确认。")
    return ApplicantRow(name, unit, level, meant, id_no, table.text("title"), tel, details | _dates(table))


def _dates(table: Table[ApplicantRow]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in ("birth", "cur_date", "hire_date"):
        raw = table.raw(key)
        date = partial_date(raw)
        if date:
            found[key] = date
        elif bare(raw):
            table.warn(key, "date", "日期没有看懂，没有采用。", "请写成 1988-03 或 1988-03-05。")
    return found


def _level(table: Table[ApplicantRow], answers: Answers) -> str:
    said = plain(table.text("level"))
    source = said or plain(table.text("title"))
    if re.fullmatch(r"(副|正)?高级?(职称)?", said) or (not said and re.search(r"高级|教授", source)):
        return SENIOR
    if said in ("中级", "中级职称") or (not said and source == "工程师"):
        return INTERMEDIATE
    answer = answers.given.get(f"level:{source}", "")
    if answer in (SENIOR, INTERMEDIATE):
        return answer
    if not source:
        table.needed("level", "level-missing", "申报级别")
        return ""
    table.error("level", "level-unknown", f"不认识的申报级别“{source}”。", "请改成中级或高级。")
    table.reading.ask(Question(f"level:{source}", f"“{source}”是中级还是高级？", (INTERMEDIATE, SENIOR), ""))
    return ""


def read_experts(
    data: bytes,
    filename: str,
    *,
    directions: Sequence[str],
    sessions: Sequence[SessionRow] = (),
    applicants: Sequence[str] | None = None,
    answers: Answers | None = None,
) -> Reading[ExpertRow]:
    """Read 评审专家名册 against the round's sessions; `applicants` are the names that 回避人员 may mean."""
    reading: Reading[ExpertRow] = Reading(by_direction=dict.fromkeys(directions, 0))
    twice = Twice()
    for table in tables(open_sheets(data, filename), "experts", reading):
        for _ in table.rows():
            row = _expert(table, directions, sessions, answers or Answers(), twice)
            for person in row.recuse_people:
                if applicants is not None and person not in applicants:
                    table.warn("recuse_people", "recuse-unknown", f"申报人员里没有“{person}”。", "请核对姓名。")
            if table.failed:
                reading.rejected += 1
                continue
            reading.accepted += 1
            reading.rows.append(row)
            for name in row.directions:
                reading.by_direction[name] += 1
    return reading


def _expert(
    table: Table[ExpertRow], names: Sequence[str], sessions: Sequence[SessionRow], answers: Answers, twice: Twice
) -> ExpertRow:
    name = table.needed("name", "name-missing", "姓名").replace(" ", "")
    id_no = id_number(table)
    unit = table.needed("unit", "unit-missing", "工作单位")
    twice.check(table, name, unit, id_no)
    available = table.text("available")
    return ExpertRow(
        name,
        unit,
        _strengths(table, names, answers),
        _chair(table),
        _sessions(table, available, sessions) if sessions else None,
        available,
        _most(table),
        _parts(table.text("recuse_units")),
        _parts(table.text("recuse_people")),
        table.text("title"),
        table.text("post"),
        phone(table),
        id_no,
        table.text("note"),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[、;；,，/\n]", text) if part.strip())


def _strengths(table: Table[ExpertRow], names: Sequence[str], answers: Answers) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _parts(table.needed("direction", "direction-missing", "专业方向")):
        match = re.fullmatch(r"(.+?)\((\d+)\)", plain(part))
        strength = int(match[2]) if match else 3
        if not 1 <= strength <= 3:
            table.error("direction", "strength", f"“{part}”的程度不是 1 到 3。", "请写 1、2 或 3。")
        if meant := direction(table, match[1] if match else part, names, answers):
            found[meant] = strength
    return found


def _chair(table: Table[ExpertRow]) -> bool:
    role = plain(table.text("role"))
    if role not in ("", "组长", "主任委员", "副主任委员", "成员", "委员"):
        table.error("role", "role-unknown", f"不认识的角色“{role}”。", "请写组长或成员。")
    return role in ("组长", "主任委员", "副主任委员")


def _most(table: Table[ExpertRow]) -> int | None:
    text = plain(table.text("max_sessions"))
    if text and not text.isdecimal():
        table.error("max_sessions", "max-sessions", "最多场次不是整数。", "请写一个整数，或留空。")
    return int(text) if text.isdecimal() else None


def _sessions(table: Table[ExpertRow] | Table[RoomRow], text: str, sessions: Sequence[SessionRow]) -> tuple[str, ...]:
    keys = understand(text, sessions)
    if keys is None:
        table.error(
            "available", "availability", f"可用时间“{text}”没有看懂。", "请写成“全部”“15日全天”或“除16日下午”。"
        )
    return keys or ()


@dataclass(frozen=True)
class Venue:
    """Both tables of 场地与时段."""

    rooms: Reading[RoomRow]
    sessions: Reading[SessionRow]


def read_venue(data: bytes, filename: str) -> Venue:
    """Read 场地与时段: its sessions, and its rooms against them."""
    sheets = open_sheets(data, filename)
    venue = Venue(Reading(), Reading())
    for table in tables(sheets, "sessions", venue.sessions):
        for _ in table.rows():
            session = _session(table)
            venue.sessions.rejected += table.failed
            venue.sessions.accepted += not table.failed
            venue.sessions.rows += [] if table.failed else [session]
    venue.sessions.rows.sort(key=lambda session: (session.date, session.start))
    for place in tables(sheets, "rooms", venue.rooms):
        for _ in place.rows():
            name = place.needed("room", "room-missing", "答辩室")
            usable = _sessions(place, place.text("available"), venue.sessions.rows)
            venue.rooms.rejected += place.failed
            venue.rooms.accepted += not place.failed
            venue.rooms.rows += [] if place.failed else [RoomRow(name, place.text("waiting"), usable)]
    return venue


def _session(table: Table[SessionRow]) -> SessionRow:
    date = partial_date(table.raw("date")) or ""
    start, end = (clock(table.raw(key)) or "" for key in ("start", "end"))
    if len(date) != 10:
        table.error("date", "date", "日期没有看懂。", "请写成 2023-07-15。")
    for key, value in (("start", start), ("end", end)):
        if not value:
            table.error(key, "time", "时间没有看懂。", "请写成 8:30。")
    if start and end and start >= end:
        table.error("end", "time-order", "结束不晚于开始。", "请核对时间。")
    name = table.text("name") or ("上午" if start < "12:00" else "下午")
    return SessionRow(date, name, start, end, _breaks(table))


def _breaks(table: Table[SessionRow]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for part in _parts(table.text("breaks")):
        pair = [clock(side) for side in re.split(r"[-—–~至]+", part)]
        if len(pair) == 2 and pair[0] and pair[1]:
            found.append((pair[0], pair[1]))
        else:
            table.error("breaks", "break", f"休息“{part}”没有看懂。", "请写成 10:10-10:20。")
    return tuple(found)
