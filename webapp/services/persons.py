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
from webapp.models import Applicant, Base, Expert, Recusal, Round
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
    reasons = _forget(session, "applicant", [row.id for row in known.values()])
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
        own = {"round_id": round_.id, "side": "applicant", "applicant_id": row.id}
        session.add_all(Recusal(**own, name=name, reason=reasons.get((row.id, name), "其他")) for name in person.recuse)
    return {"added": len(read) - len(known), "changed": len(known)}


def write_experts(session: Session, round_: Round, read: Sequence[ExpertRow]) -> dict[str, int]:
    """Write experts; whoever is known keeps the code. Their times become sessions in ``services.times``."""
    there: list[Expert] = _there(session, round_, "experts")
    known, code = same(there, read), _next([row.code for row in there], "E", 4)
    directions = {d.name: d.code for d in round_.directions}
    reasons = _forget(session, "expert", [row.id for row in known.values()])
    rows = [known.get(n) or Expert(round_id=round_.id, code=code()) for n in range(len(read))]
    for row, person in zip(rows, read, strict=True):
        row.name, row.employer, row.id_no, row.phone = person.name, person.unit, person.id_no, person.phone
        row.title, row.post, row.note = person.title, person.post, person.note
        row.may_chair, row.max_sessions, row.availability_text = person.chair, person.max_sessions, person.available
        row.strengths = {directions[name]: strength for name, strength in person.directions.items()}
    session.add_all(rows)
    session.flush()
    for row, person in zip(rows, read, strict=True):
        own = {"round_id": round_.id, "side": "expert", "expert_id": row.id}
        why = {name: reasons.get((row.id, name), "其他") for name in (*person.recuse_units, *person.recuse_people)}
        session.add_all(Recusal(**own, employer=unit, name=unit, reason=why[unit]) for unit in person.recuse_units)
        session.add_all(Recusal(**own, name=name, reason=why[name]) for name in person.recuse_people)
    return {"added": len(read) - len(known), "changed": len(known)}


def _forget(session: Session, side: str, ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """Take away what these people listed; person and name → the reason the office had written down."""
    own = Recusal.applicant_id if side == "applicant" else Recusal.expert_id
    reasons = dict[tuple[int, str], str]()
    for at in range(0, len(ids), 500):
        mine = (Recusal.side == side, own.in_(ids[at : at + 500]))
        for number, name, reason in session.execute(select(own, Recusal.name, Recusal.reason).where(*mine)):
            reasons[number or 0, name] = reason
        session.execute(delete(Recusal).where(*mine))
    return reasons


def remove_gone(session: Session, round_: Round, kind: str, read: Sequence[ApplicantRow | ExpertRow]) -> int:
    """Take whoever is not on the roster any more out of the round; how many that were.

    Raises:
        Refused: somebody of them stands in a draft of the schedule.
    """
    there = _there(session, round_, kind)
    stay = {row.id for row in same(there, read).values()}
    gone = [row for row in there if row.id not in stay]
    remove(session, kind, gone)
    return len(gone)


def remove(session: Session, kind: str, people: Sequence[Applicant | Expert]) -> None:
    """Take people out of the round; who named them keeps the name.

    Raises:
        Refused: somebody of them stands in a draft or has a record.
    """
    gone = {row.id: row for row in people}
    if staying := held(session, kind, people):
        raise Refused(
            "%(names)s 已在安排草案或记录中，不能从名册中删去。请保留，或在答辩当天登记缺席、放弃。",
            names="、".join(staying[:10]),
        )
    side, other = ("applicant", "expert") if kind == "applicants" else ("expert", "applicant")
    pointed = Recusal.applicant_id if kind == "applicants" else Recusal.expert_id
    _forget(session, side, list(gone))
    for number, row in gone.items():
        session.execute(update(Recusal).where(Recusal.side == other, pointed == number).values({pointed.key: None}))
        session.delete(row)
    session.flush()


def new(session: Session, round_: Round, kind: str) -> Applicant | Expert:
    """Somebody new with the next code, still without a name; not in the database before that."""
    there = _there(session, round_, kind)
    codes = [row.code for row in there]
    with session.no_autoflush:
        if kind == "experts":
            made: Applicant | Expert = Expert(round_id=round_.id, code=_next(codes, "E", 4)())
        else:
            made = Applicant(round_id=round_.id, code=_next(codes, "A", 5)(), details={}, unavailable=[])
            made.roster_no = 1 + max((row.roster_no for row in there), default=0)
        session.add(made)
    return made


_TABLES: dict[str, Any] = {"applicants": Applicant, "experts": Expert}


def held(session: Session, kind: str, people: Sequence[Applicant | Expert]) -> list[str]:
    """The names of those who stand in a draft or have a record."""
    gone = {row.id: row.name for row in people}
    found = {number for column in _held(kind) for number in session.scalars(select(column).distinct())}
    return [gone[number] for number in sorted(found & gone.keys())]


def _held(kind: str) -> list[Any]:
    """Every column that points at these people, recusals aside: a seat, a time, a record."""
    target = _TABLES[kind].__table__.c.id
    tables = (table for table in Base.metadata.sorted_tables if table.name != "recusals")
    return [
        column for table in tables for column in table.c if any(key.column is target for key in column.foreign_keys)
    ]
