"""The people of a roster against those that are there: who is who, what would change, and writing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from exports.availability import sentence
from exports.columns import APPLICANT, EXPERT
from exports.rosters import ApplicantRow, ExpertRow
from exports.venue import Venue
from webapp.models import Applicant, Appointment, Expert, PanelMember, Recusal, Round, SeatHeld
from webapp.services import kept
from webapp.services.kept import LEVELS
from webapp.services.kernel import Refused
from webapp.services.times import keyed, session_rows

Person = TypeVar("Person", Applicant, Expert)
_WORDS = {
    "applicants": {key: words[0] for key, words in APPLICANT.items()},
    "experts": {key: words[0] for key, words in EXPERT.items()},
}
"""Kind → the key of a column → what the office calls it."""


@dataclass(frozen=True)
class Change:
    """Somebody whose row says something else now; ``fields``: column, before, after."""

    name: str
    unit: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Changes:
    """What writing a roster would do to the people who are there; names with their employers."""

    added: tuple[str, ...]
    changed: tuple[Change, ...]
    gone: tuple[str, ...]
    same: int

    def to_json(self) -> dict[str, Any]:
        """Lists of names; the changed ones with column, before and after."""
        return asdict(self)


def compare(session: Session, round_: Round, kind: str, read: Sequence[ApplicantRow | ExpertRow]) -> Changes:
    """What writing these rows would add, change and leave out; nothing is written."""
    there = _there(session, round_, kind)
    known, listed = same(there, read), kept.listed_by(session, round_)
    added, changed, equal = [], list[Change](), 0
    for number, person in enumerate(read):
        row = known.get(number)
        if row is None:
            added.append(_full(person.name, person.unit))
            continue
        was = kept.applicant(row, listed) if kind == "applicants" else kept.expert(round_, row, listed)
        before, after = (_shown(kind, _said(kind, one)) for one in (was, person))
        fields = tuple((_WORDS[kind][key], before[key], after[key]) for key in after if before[key] != after[key])
        equal += not fields
        changed += [Change(person.name, person.unit, fields)] if fields else []
    found = {row.id for row in known.values()}
    gone = tuple(_full(row.name, row.employer) for row in there if row.id not in found)
    return Changes(tuple(added), tuple(changed), gone, equal)


def compare_venue(round_: Round, venue: Venue) -> Changes | None:
    """What writing the venue would change; None for a first one or one with errors."""
    rows = session_rows(round_)
    if not rows or not (venue.rooms.ok and venue.sessions.ok):
        return None
    keys = {half.code: row.key for row, half in keyed(round_)}
    before = {row.key: f"{row.start}-{row.end}" for row in rows}
    for room in round_.rooms:
        usable = list(keys.values()) if room.sessions is None else [keys[code] for code in room.sessions]
        before[room.name] = " ".join(filter(None, (room.waiting_room, sentence(usable, rows))))
    after = {row.key: f"{row.start}-{row.end}" for row in venue.sessions.rows}
    for place in venue.rooms.rows:
        after[place.name] = " ".join(filter(None, (place.waiting, sentence(place.sessions, venue.sessions.rows))))
    both = [name for name in after if name in before]
    changed = [Change(n, "", (("内容", before[n], after[n]),)) for n in both if before[n] != after[n]]
    added, gone = (tuple(n for n in one if n not in other) for one, other in ((after, before), (before, after)))
    return Changes(added, tuple(changed), gone, len(both) - len(changed))


def _full(name: str, unit: str) -> str:
    return f"{name}（{unit}）"


def _there(session: Session, round_: Round, kind: str) -> list[Any]:
    table = _TABLES[kind]
    return list(session.scalars(select(table).where(table.round_id == round_.id).order_by(table.code)))


def _said(kind: str, person: Any) -> dict[str, Any]:
    """Column → what the roster says of somebody."""
    if kind == "applicants":
        own = ("name", "unit", "level", "direction", "id_no", "title", "phone")
        fields: dict[str, Any] = {key: getattr(person, key) for key in own}
        return fields | dict(person.details) | {"recuse": "、".join(person.recuse)}
    keys = ("name", "unit", "title", "post", "available", "max_sessions", "phone", "id_no", "note")
    fields = {key: getattr(person, key) for key in keys}
    both = "、".join((*person.recuse_units, *person.recuse_people))
    return fields | {"direction": person.directions, "role": person.chair, "recuse_people": both}


def _shown(kind: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """The texts of the columns, every column of the kind there."""
    return {key: _text(fields.get(key, "")) for key in _WORDS[kind]}


def _text(value: Any) -> str:
    match value:
        case dict():
            return "、".join(f"{name}({strength})" for name, strength in sorted(value.items()))
        case bool():
            return "组长" if value else "成员"
    return "" if value is None else str(value)


def same(known: Iterable[Person], read: Sequence[ApplicantRow | ExpertRow]) -> dict[int, Person]:
    """Place in the roster → the row this person has already: by ID number, else by name and employer."""
    rows = list(known)
    by_id = {row.id_no: row for row in rows if row.id_no}
    found = {n: by_id[person.id_no] for n, person in enumerate(read) if person.id_no in by_id}
    taken = {row.id for row in found.values()}
    by_name = {(row.name, row.employer): row for row in rows if row.id not in taken}
    for n, person in enumerate(read):
        if n not in found and (row := by_name.pop((person.name, person.unit), None)):
            found[n] = row
    return found


def _next(codes: Iterable[str], letter: str, width: int) -> Callable[[], str]:
    last = max((int(code[1:]) for code in codes if code[1:].isdigit()), default=0)

    def made() -> str:
        nonlocal last
        last += 1
        return f"{letter}{last:0{width}d}"

    return made


def write_applicants(session: Session, round_: Round, read: Sequence[ApplicantRow]) -> dict[str, int]:
    """Write applicants; whoever is known keeps the code."""
    there: list[Applicant] = _there(session, round_, "applicants")
    known, code = same(there, read), _next([row.code for row in there], "A", 5)
    directions = {d.name: d.id for d in round_.directions}
    _forget(session, "applicant", [row.id for row in known.values()])
    rows = [known.get(n) or Applicant(round_id=round_.id, code=code()) for n in range(len(read))]
    for number, (row, person) in enumerate(zip(rows, read, strict=True), 1):
        row.roster_no, row.name, row.employer, row.level = number, person.name, person.unit, LEVELS[person.level]
        row.direction_id, row.title = directions[person.direction], person.title
        row.id_no, row.phone = person.id_no, person.phone
        row.insured_unit = person.details.get("insured_unit", "")
        row.details = {key: text for key, text in person.details.items() if key != "insured_unit"}
    session.add_all(rows)
    session.flush()
    for row, person in zip(rows, read, strict=True):
        own = {"round_id": round_.id, "side": "applicant", "applicant_id": row.id, "reason": "申报人提出"}
        session.add_all(Recusal(**own, name=name) for name in person.recuse)
    return {"added": len(read) - len(known), "changed": len(known)}


def write_experts(session: Session, round_: Round, read: Sequence[ExpertRow]) -> dict[str, int]:
    """Write experts; whoever is known keeps the code. Their times become sessions in ``services.times``."""
    there: list[Expert] = _there(session, round_, "experts")
    known, code = same(there, read), _next([row.code for row in there], "E", 4)
    directions = {d.name: d.code for d in round_.directions}
    _forget(session, "expert", [row.id for row in known.values()])
    rows = [known.get(n) or Expert(round_id=round_.id, code=code()) for n in range(len(read))]
    for row, person in zip(rows, read, strict=True):
        row.name, row.employer, row.id_no, row.phone = person.name, person.unit, person.id_no, person.phone
        row.title, row.post, row.note = person.title, person.post, person.note
        row.may_chair, row.max_sessions, row.availability_text = person.chair, person.max_sessions, person.available
        row.strengths = {directions[name]: strength for name, strength in person.directions.items()}
    session.add_all(rows)
    session.flush()
    for row, person in zip(rows, read, strict=True):
        own = {"round_id": round_.id, "side": "expert", "expert_id": row.id, "reason": "专家提出"}
        session.add_all(Recusal(**own, employer=unit, name=unit) for unit in person.recuse_units)
        session.add_all(Recusal(**own, name=name) for name in person.recuse_people)
    return {"added": len(read) - len(known), "changed": len(known)}


def _forget(session: Session, side: str, ids: Sequence[int]) -> None:
    """Take away what these people listed."""
    own = Recusal.applicant_id if side == "applicant" else Recusal.expert_id
    for at in range(0, len(ids), 500):
        session.execute(delete(Recusal).where(Recusal.side == side, own.in_(ids[at : at + 500])))


def remove_gone(session: Session, round_: Round, kind: str, read: Sequence[ApplicantRow | ExpertRow]) -> int:
    """Take whoever is not on the roster any more out of the round; how many that were.

    Raises:
        Refused: somebody of them stands in a draft of the schedule.
    """
    there = _there(session, round_, kind)
    stay = {row.id for row in same(there, read).values()}
    gone = {row.id: row for row in there if row.id not in stay}
    for column in _HELD[kind]:
        held = [gone[number].name for number in sorted(set(session.scalars(select(column))) & gone.keys())]
        if held:
            raise Refused(
                "%(names)s 已在安排草案中，不能从名册中删去。请保留，或在答辩当天登记缺席、放弃。",
                names="、".join(held[:10]),
            )
    side, other = ("applicant", "expert") if kind == "applicants" else ("expert", "applicant")
    pointed = Recusal.applicant_id if kind == "applicants" else Recusal.expert_id
    _forget(session, side, list(gone))
    for number, row in gone.items():
        session.execute(update(Recusal).where(Recusal.side == other, pointed == number).values({pointed.key: None}))
        session.delete(row)
    session.flush()
    return len(gone)


_TABLES: dict[str, Any] = {"applicants": Applicant, "experts": Expert}
_HELD: dict[str, tuple[Any, ...]] = {
    "applicants": (Appointment.applicant_id,),
    "experts": (PanelMember.expert_id, SeatHeld.expert_id),
}
