"""What happened on the day as edits of the instance; the lasting ones are written into the round's tables too.

An edit is kept as JSON beside the proposal that was solved with it. ``wishes`` narrow what a proposal may do and are
true of that proposal only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Room, Round
from webapp.models import Session as HalfDay
from webapp.services import times
from webapp.services.instance import MINUTE
from webapp.services.kernel import Missing

Document = dict[str, Any]
Edit = Mapping[str, Any]
"""``do`` names the edit; the other keys are its own."""


# ---------------------------------------------------------------- making them


def expert_away(expert: str, sessions: Collection[str]) -> Edit:
    """The expert does not come to these sessions."""
    return {"do": "expert_away", "id": expert, "sessions": sorted(sessions)}


def room_closed(room: str, sessions: Collection[str]) -> Edit:
    """The room cannot be used in these sessions."""
    return {"do": "room_closed", "id": room, "sessions": sorted(sessions)}


def room_open(code: str, name: str, sessions: Collection[str]) -> Edit:
    """Another room is there in these sessions."""
    return {"do": "room_open", "id": code, "name": name, "sessions": sorted(sessions)}


def session_end(session: str, end: datetime) -> Edit:
    """The session ends at another time."""
    return {"do": "session_end", "id": session, "end": end.strftime(MINUTE)}


def applicant_away(applicant: str, start: datetime, end: datetime) -> Edit:
    """The applicant cannot come then."""
    return {"do": "applicant_away", "id": applicant, "start": start.strftime(MINUTE), "end": end.strftime(MINUTE)}


def applicant_gone(applicant: str) -> Edit:
    """The applicant will not be heard."""
    return {"do": "applicant_gone", "id": applicant}


def held(places: Mapping[str, tuple[str, str, str]]) -> Edit:
    """A wish: these stay in their session, room and start."""
    return {"do": "held", "places": {who: list(place) for who, place in sorted(places.items())}}


def only_these(experts: Collection[str]) -> Edit:
    """A wish: nobody but these experts sits."""
    return {"do": "only_these", "experts": sorted(experts)}


def not_then(applicants: Collection[str], start: str, end: str) -> Edit:
    """A wish: these are heard at another time."""
    return {"do": "not_then", "applicants": sorted(applicants), "start": start, "end": end}


def not_by(applicants: Collection[str], expert: str) -> Edit:
    """A wish: these are heard by a panel without the expert."""
    return {"do": "not_by", "applicants": sorted(applicants), "expert": expert}


# ---------------------------------------------------------------- in an instance


def applied(instance: Document, edits: Collection[Edit]) -> Document:
    """A copy of the instance with the edits made."""
    made = {key: [dict(row) for row in rows] if _rows(rows) else rows for key, rows in instance.items()}
    for edit in edits:
        _IN_INSTANCE[edit["do"]](made, edit)
    return made


def _rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _row(made: Document, kind: str, code: str) -> Document:
    found = next((row for row in made[kind] if row["id"] == code), None)
    if found is None:
        raise Missing("名册或场地中没有 %(code)s。请刷新页面。", code=code)
    row: Document = found
    return row


def _expert_away(made: Document, edit: Edit) -> None:
    row = _row(made, "experts", edit["id"])
    row["sessions"] = [s for s in row["sessions"] if s not in edit["sessions"]]


def _room_closed(made: Document, edit: Edit) -> None:
    row = _row(made, "rooms", edit["id"])
    every = [s["id"] for s in made["sessions"]] if row.get("sessions") is None else row["sessions"]
    row["sessions"] = [s for s in every if s not in edit["sessions"]]


def _room_open(made: Document, edit: Edit) -> None:
    made["rooms"].append({"id": edit["id"], "sessions": list(edit["sessions"])})


def _session_end(made: Document, edit: Edit) -> None:
    row = _row(made, "sessions", edit["id"])
    row["end"] = edit["end"]
    row["breaks"] = _cut(row.get("breaks") or (), edit["end"])


def _cut(breaks: Collection[Any], end: str) -> list[list[str]]:
    return [[a, min(b, end)] for a, b in breaks if a < end]


def _applicant_away(made: Document, edit: Edit) -> None:
    _busy(_row(made, "applicants", edit["id"]), edit["start"], edit["end"])


def _busy(row: Document, start: str, end: str) -> None:
    row["unavailable"] = [*(row.get("unavailable") or ()), [start, end]]


def _applicant_gone(made: Document, edit: Edit) -> None:
    made["applicants"] = [row for row in made["applicants"] if row["id"] != edit["id"]]
    for expert in made["experts"]:
        expert["recuse_applicants"] = [who for who in expert.get("recuse_applicants") or () if who != edit["id"]]


def _held(made: Document, edit: Edit) -> None:
    for row in made["applicants"]:
        if place := edit["places"].get(row["id"]):
            row["pin"] = dict(zip(("session", "room", "start"), place, strict=True))


def _only_these(made: Document, edit: Edit) -> None:
    for row in made["experts"]:
        row["sessions"] = row["sessions"] if row["id"] in edit["experts"] else []


def _not_then(made: Document, edit: Edit) -> None:
    for row in _these(made, edit):
        _busy(row, edit["start"], edit["end"])


def _not_by(made: Document, edit: Edit) -> None:
    for row in _these(made, edit):
        row["recuse_experts"] = sorted({*(row.get("recuse_experts") or ()), edit["expert"]})


def _these(made: Document, edit: Edit) -> list[Document]:
    wanted = set(edit["applicants"])
    return [row for row in made["applicants"] if row["id"] in wanted]


_IN_INSTANCE: dict[str, Callable[[Document, Edit], None]] = {
    "expert_away": _expert_away,
    "room_closed": _room_closed,
    "room_open": _room_open,
    "session_end": _session_end,
    "applicant_away": _applicant_away,
    "applicant_gone": _applicant_gone,
    "held": _held,
    "only_these": _only_these,
    "not_then": _not_then,
    "not_by": _not_by,
}


# ---------------------------------------------------------------- in the tables


def write(session: Session, round_: Round, edits: Collection[Edit]) -> None:
    """Make the lasting edits in the round's tables; an applicant who is gone is the outcome's matter."""
    for edit in edits:
        if act := _IN_TABLES.get(edit["do"]):
            act(session, round_, edit)
    session.flush()
    session.refresh(round_)


def _of_code(session: Session, table: Any, round_: Round, code: str) -> Any:
    found = session.scalar(select(table).where(table.round_id == round_.id, table.code == code))
    if found is None:
        raise Missing("名册或场地中没有 %(code)s。请刷新页面。", code=code)
    return found


def _without(round_: Round, now: list[Any] | None, sessions: Collection[str]) -> list[str]:
    every = [s.code for s in round_.sessions] if now is None else now
    return [code for code in every if code not in sessions]


def _write_expert(session: Session, round_: Round, edit: Edit) -> None:
    row = _of_code(session, Expert, round_, edit["id"])
    times.come(round_, row, _without(round_, row.available, edit["sessions"]))


def _write_room(session: Session, round_: Round, edit: Edit) -> None:
    row = _of_code(session, Room, round_, edit["id"])
    row.sessions = _without(round_, row.sessions, edit["sessions"])


def _write_new_room(session: Session, round_: Round, edit: Edit) -> None:
    last = session.scalar(select(func.max(Room.position)).where(Room.round_id == round_.id)) or 0
    session.add(
        Room(round_id=round_.id, code=edit["id"], name=edit["name"], sessions=edit["sessions"], position=last + 1)
    )


def _write_end(session: Session, round_: Round, edit: Edit) -> None:
    row = _of_code(session, HalfDay, round_, edit["id"])
    row.end = datetime.fromisoformat(edit["end"])
    row.breaks = _cut(row.breaks, edit["end"])


def _write_away(session: Session, round_: Round, edit: Edit) -> None:
    row = _of_code(session, Applicant, round_, edit["id"])
    times.stay_away(round_, row, [*row.unavailable, [edit["start"], edit["end"]]])


_IN_TABLES: dict[str, Callable[[Session, Round, Edit], None]] = {
    "expert_away": _write_expert,
    "room_closed": _write_room,
    "room_open": _write_new_room,
    "session_end": _write_end,
    "applicant_away": _write_away,
}
