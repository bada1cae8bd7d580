"""Edits in words: who was moved where, by the moves as they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Round
from webapp.services.kernel import Sentence, Sentences
from webapp.services.spoken import Spoken, half

Row = Mapping[str, Any]
WORDS = {
    "move": "%(applicant)s 移到 %(session)s %(time)s %(room)s",
    "open": "%(panel)s 加开一场：%(applicant)s 在 %(session)s %(time)s %(room)s",
    "added": "加开一场：%(applicant)s 在 %(session)s %(time)s %(room)s",
    "swap": "%(one)s 与 %(other)s 对调",
    "unschedule": "%(applicant)s 移出安排",
    "sitting": "%(panel)s %(session)s 的场次移到 %(to_session)s %(to_room)s",
    "hold": "%(panel)s %(session)s 的场次移到 %(to_session)s %(to_room)s",
    "replace": "%(panel)s：%(comes)s 替换 %(leaves)s",
    "chair": "%(panel)s：%(chair)s 任组长",
    "pinned": "%(applicant)s 固定：%(what)s",
    "free": "%(applicant)s 取消固定：%(what)s",
    "seated": "%(panel)s：%(expert)s 固定在本组",
    "unseated": "%(panel)s：%(expert)s 不再固定在本组",
    "chaired": "%(panel)s：%(expert)s 固定为组长",
    "unchaired": "%(panel)s：%(expert)s 不再固定为组长",
}
"""Kind → the sentence of one move."""
PINS = {"session": "时段", "room": "答辩室", "start": "时间", "panel": "专家组"}
"""What of an applicant is pinned → its words."""


def told(session: Session, round_: Round, rows: Sequence[Row]) -> Sentence:
    """The edit in a sentence; of many moves the first and how many there are."""
    names = _names(session, round_, rows)
    first = _told(rows[0], names)
    if len(rows) == 1:
        return first
    second = _told(rows[1], names)
    if len(rows) == 2:
        return Sentence("%(one)s；%(two)s", one=first, two=second)
    return Sentence("%(one)s；%(two)s 等 %(n)s 步", one=first, two=second, n=len(rows))


def _told(row: Row, names: Mapping[str, Spoken]) -> Sentence:
    kind = row["kind"]
    if kind == "pin":
        kind = "pinned" if any(row.get(key) for key in PINS) else "free"
    elif kind == "open" and row["panel"] is None:
        kind = "added"
    elif kind == "seat":
        kind = ("" if row["held"] else "un") + ("chaired" if row["as"] == "chair" else "seated")
    values: dict[str, Spoken] = {key: names.get(value, value) for key, value in row.items() if isinstance(value, str)}
    if row["kind"] == "pin":
        values["what"] = Sentences.of((Sentence(word) for key, word in PINS.items() if key in row), "、")
    if row.get("start"):
        values["time"] = f"{datetime.fromisoformat(row['start']):%H:%M}"
    return Sentence(WORDS[kind], **values)


def _names(session: Session, round_: Round, rows: Sequence[Row]) -> dict[str, Spoken]:
    """Names for the ids the moves use."""
    used = {value for row in rows for value in row.values() if isinstance(value, str)}
    names: dict[str, Spoken] = {s.code: half(s) for s in round_.sessions}
    names |= {r.code: r.name for r in round_.rooms}
    for table in (Applicant, Expert):
        query = select(table.code, table.name).where(table.round_id == round_.id, table.code.in_(used))
        names |= {row.code: row.name for row in session.execute(query)}
    return names
