"""Changes by hand as data: what the board sends, what an edit keeps, what a ranked place offers, in words.

=========== ============================================================ ==========================
kind        keys                                                         means
=========== ============================================================ ==========================
move        applicant, session, room, start                              into a sitting that is held
open        applicant, panel, session, room, start                       the panel holds one sitting more
swap        one, other                                                   two applicants change places
unschedule  applicant                                                    loses the appointment
sitting     panel, session, to_session, to_room                          everyone keeps the slot's number
hold        panel, session, to_session, to_room, starts                  a sitting, each at a start that suits
replace     panel, leaves, comes                                         an expert for an expert
chair       panel, chair                                                 another member chairs
pin         applicant, any of session, room, start, panel                held there; ``null``: no longer
seat        panel, expert, as (``chair``, ``member``), held              an expert held on a panel, or no longer
=========== ============================================================ ==========================

Without a panel, ``open`` is for whichever :meth:`desks.Desk.settled` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from scheduler.explain.exchange import Hold
from scheduler.explain.places import OpenSitting
from scheduler.price import Change, Move, MoveSitting, NameChair, Replace, Swap, Unschedule
from scheduler.problem import stamp
from webapp.services.kernel import Unreadable

Row = Mapping[str, Any]
MOST = 20
"""Moves in one edit at most."""
PINS = ("session", "room", "start", "panel")
"""What can be held of an applicant."""
KEYS: dict[str, tuple[str, ...]] = {
    "move": ("applicant", "session", "room", "start"),
    "open": ("applicant", "panel", "session", "room", "start"),
    "swap": ("one", "other"),
    "unschedule": ("applicant",),
    "sitting": ("panel", "session", "to_session", "to_room"),
    "hold": ("panel", "session", "to_session", "to_room", "starts"),
    "replace": ("panel", "leaves", "comes"),
    "chair": ("panel", "chair"),
    "pin": ("applicant",),
    "seat": ("panel", "expert", "as", "held"),
}
"""Kind → the keys it must have."""


def read(rows: object) -> list[dict[str, Any]]:
    """Moves as somebody sent them.

    Raises:
        Unreadable: not a list of moves; the first mistake is named.
    """
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST:
        raise Unreadable("一次修改应有 1 到 %(n)s 步。请刷新页面后重试。", n=MOST)
    return [_read(row) for row in rows]


def _read(row: object) -> dict[str, Any]:
    kind = row.get("kind") if isinstance(row, dict) else None
    if not isinstance(row, dict) or kind not in KEYS:
        raise Unreadable("没有这种修改。请刷新页面后重试。")
    found = {"kind": kind} | {key: row[key] for key in KEYS[kind] if key in row}
    if kind == "pin":
        found |= {key: row[key] for key in PINS if key in row}
    missing = [key for key in KEYS[kind] if key not in found]
    wrong = [key for key, value in found.items() if not _fits(key, value)]
    if missing or wrong or (kind == "pin" and len(found) < 3) or (kind == "seat" and found["as"] not in _SEATS):
        raise Unreadable("修改写得不完整：%(keys)s。请刷新页面后重试。", keys="、".join(missing + wrong) or kind)
    return found


_SEATS = ("chair", "member")


def _fits(key: str, value: object) -> bool:
    if key == "held":
        return isinstance(value, bool)
    if key == "starts":
        return isinstance(value, dict) and all(isinstance(a, str) and _is_moment(t) for a, t in value.items())
    if key == "start":
        return value is None or _is_moment(value)
    return (value is None and key in PINS) or (isinstance(value, str) and 0 < len(value) <= 64)


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and stamp(datetime.fromisoformat(value)) == value
    except ValueError:
        return False


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


_MAKE: dict[str, Callable[[Row], Change]] = {
    "move": lambda m: Move(m["applicant"], m["session"], m["room"], _at(m["start"])),
    "open": lambda m: OpenSitting(m["applicant"], m["panel"], m["session"], m["room"], _at(m["start"])),
    "swap": lambda m: Swap(m["one"], m["other"]),
    "unschedule": lambda m: Unschedule(m["applicant"]),
    "sitting": lambda m: MoveSitting(m["panel"], m["session"], m["to_session"], m["to_room"]),
    "hold": lambda m: Hold(
        m["panel"], m["session"], m["to_session"], m["to_room"], {a: _at(t) for a, t in m["starts"].items()}
    ),
    "replace": lambda m: Replace(m["panel"], m["leaves"], m["comes"]),
    "chair": lambda m: NameChair(m["panel"], m["chair"]),
}


def changes(rows: Iterable[Row]) -> list[Change]:
    """The moves that change the schedule itself, for its price; pins are not among them."""
    return [_MAKE[row["kind"]](row) for row in rows if row["kind"] in _MAKE]


def written(change: Change) -> dict[str, Any]:
    """A change of the scheduler as a move."""
    match change:
        case Move(applicant, session, room, start):
            return {"kind": "move", "applicant": applicant, "session": session, "room": room, "start": stamp(start)}
        case OpenSitting(applicant, panel, session, room, start):
            place = {"session": session, "room": room, "start": stamp(start)}
            return {"kind": "open", "applicant": applicant, "panel": panel, **place}
        case Hold(panel, session, to_session, to_room, starts):
            place = {"to_session": to_session, "to_room": to_room}
            times = {a: stamp(t) for a, t in starts.items()}
            return {"kind": "hold", "panel": panel, "session": session, **place, "starts": times}
        case Replace(panel, leaves, comes):
            return {"kind": "replace", "panel": panel, "leaves": leaves, "comes": comes}
        case NameChair(panel, chair):
            return {"kind": "chair", "panel": panel, "chair": chair}
    raise TypeError(type(change).__name__)
