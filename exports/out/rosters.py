"""名册: the people and the venue of a round in the columns they are read by; read again they are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from exports.availability import SessionRow, told
from exports.columns import APPLICANT, COLUMNS, EXPERT, ROOM, SESSION
from exports.content import RoundContent
from exports.errors import ExportError
from exports.out.book import Book
from exports.rosters import ApplicantRow, ExpertRow
from exports.said import say
from exports.venue import RoomRow

NARROW = {"name": 10, "level": 8, "sex": 6, "birth": 12, "edu": 8, "role": 8, "max_sessions": 8, "waiting": 14}
WIDE = {
    "unit": 30,
    "direction": 24,
    "insured_unit": 26,
    "id_no": 22,
    "available": 24,
    "recuse": 20,
    "recuse_people": 20,
    "note": 24,
}
"""Column → its width; all others have 16."""
_CODE = "编号"
"""The id of public lists: nobody reads it back, people match by ID number, else by name and employer."""
Cells = Mapping[str, object]


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet for each list that has somebody."""
    kept = content.rosters
    if not kept.applicants and not kept.experts and not kept.sessions:
        raise ExportError(say("名册还是空的，没有可以导出的内容。请先导入名册。"))
    _list(book, "applicants", "申报人员名册", [(code, _applicant(row)) for code, row in kept.applicants])
    _list(book, "experts", "评审专家名册", [(code, _expert(row)) for code, row in kept.experts])
    _list(book, "rooms", "答辩室一览", [("", _room(row, kept.sessions)) for row in kept.rooms])
    _list(book, "sessions", "时段一览", [("", _session(row)) for row in kept.sessions])


def _list(book: Book, kind: str, title: str, rows: Sequence[tuple[str, Cells]]) -> None:
    """One sheet: every column that is needed or has something in it."""
    if not rows:
        return
    keys = [key for key in _ORDER[kind] if key in _ALWAYS[kind] or any(cells[key] for _code, cells in rows)]
    coded = any(code for code, _cells in rows)
    head = [*[_CODE] * coded, *(COLUMNS[kind][key][0] for key in keys)]
    widths = [*[9.0] * coded, *(float(NARROW.get(key) or WIDE.get(key) or 16) for key in keys)]
    sheet = book.sheet(title, f"{title}（内部使用）" if coded else title, widths, landscape=True)
    book.row(sheet, 2, head, "head")
    for at, (code, cells) in enumerate(rows, 3):
        book.row(sheet, at, [*[code] * coded, *(cells[key] for key in keys)])
    book.table(sheet, 2, 2 + len(rows), len(head))


_ORDER: dict[str, tuple[str, ...]] = {
    "applicants": tuple(APPLICANT),
    "experts": tuple(key for key in EXPERT if key != "unavailable"),
    "rooms": tuple(ROOM),
    "sessions": tuple(key for key in SESSION if key != "span"),
}
_ALWAYS = {
    "applicants": ("name", "unit", "level", "direction", "id_no"),
    "experts": ("name", "unit", "direction", "role", "available"),
    "rooms": ("room", "waiting", "available"),
    "sessions": ("date", "name", "start", "end", "breaks"),
}


def _applicant(row: ApplicantRow) -> Cells:
    own = {key: getattr(row, key) for key in ("name", "unit", "level", "direction", "id_no", "title", "phone")}
    return dict.fromkeys(APPLICANT, "") | own | row.details | {"recuse": _joined(row.recuse)}


def _expert(row: ExpertRow) -> Cells:
    same = ("name", "unit", "title", "post", "available", "max_sessions", "phone", "id_no", "note")
    said = {
        "direction": _joined(f"{name}（{strength}）" for name, strength in row.directions.items()),
        "role": "组长" if row.chair else "成员",
        "recuse_units": _joined(row.recuse_units),
        "recuse_people": _joined(row.recuse_people),
    }
    return {key: getattr(row, key) for key in same} | said


def _room(row: RoomRow, sessions: Sequence[SessionRow]) -> Cells:
    return {"room": row.name, "waiting": row.waiting, "available": told(row.sessions, sessions)}


def _session(row: SessionRow) -> Cells:
    breaks = _joined(f"{start}-{end}" for start, end in row.breaks)
    return {"date": row.date, "name": row.name, "start": row.start, "end": row.end, "breaks": breaks}


def _joined(parts: Iterable[str]) -> str:
    return "、".join(parts)
