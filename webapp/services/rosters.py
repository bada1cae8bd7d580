"""Rosters: looked at first, written when confirmed and then in one transaction; people keep their codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from exports.availability import SessionRow
from exports.errors import UnreadableFile
from exports.reading import Answers, Reading
from exports.rosters import ApplicantRow, ExpertRow, Known, read_applicants, read_experts
from exports.venue import Venue, read_venue
from webapp.models import Answer, Applicant, Expert, Import, Recusal, Room, Round
from webapp.models import Session as HalfDay
from webapp.services import audit, recusals, uploads
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock, Refused, Unreadable
from webapp.services.rounds import require_state
from webapp.services.settings import of_round

Person = TypeVar("Person", Applicant, Expert)
KINDS = {"venue": "场地与时段", "applicants": "申报人员名册", "experts": "评审专家名册"}
"""Kind of a roster → its name, in the order they are needed."""
LEVELS = {"高级": "senior", "中级": "intermediate"}


@dataclass(frozen=True)
class Look:
    """A roster as understood, before anything is written; ``parts`` has two for the venue."""

    kind: str
    parts: tuple[Reading[Any], ...]

    @property
    def ok(self) -> bool:
        """Whether it can be written: no error, and somebody in it."""
        return all(part.ok for part in self.parts) and all(part.rows for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """The document of ``rostrum import --json``; the venue's two tables together."""
        documents: list[dict[str, Any]] = [part.to_json() for part in self.parts]
        whole = documents[0]
        for other in documents[1:]:
            for key in ("sheets", "questions", "problems"):
                whole[key] = whole[key] + other[key]
            whole["rows"] = {key: whole["rows"][key] + other["rows"][key] for key in whole["rows"]}
        return whole


def look(session: Session, round_: Round, kind: str, data: bytes, filename: str, given: Mapping[str, str]) -> Look:
    """Read a roster against the round; nothing is written.

    Raises:
        Unreadable: an unknown kind, or a file that is no workbook.
    """
    if kind not in KINDS:
        raise Unreadable("没有名为“%(kind)s”的名册。可用：%(kinds)s。", kind=kind, kinds="、".join(KINDS))
    answers = Answers(remembered(session, round_) | dict(given))
    directions = [d.name for d in round_.directions]
    try:
        if kind == "venue":
            venue = read_venue(data, filename)
            return Look(kind, (venue.rooms, venue.sessions))
        against: dict[str, Any] = {"directions": directions, "sessions": _rows(round_), "answers": answers}
        if kind == "applicants":
            experts = _known(session.scalars(select(Expert).where(Expert.round_id == round_.id)))
            return Look(kind, (read_applicants(data, filename, experts=experts, **against),))
        against |= {"heard": _heard(session, round_), "specialists": of_round(round_).min_specialists}
        applicants = _known(session.scalars(select(Applicant).where(Applicant.round_id == round_.id)))
        return Look(kind, (read_experts(data, filename, applicants=applicants, **against),))
    except UnreadableFile as error:
        raise Unreadable("%(error)s", error=error) from error


def _known(rows: Iterable[Applicant | Expert]) -> list[Known] | None:
    return [Known(row.name, row.employer, row.id_no) for row in sorted(rows, key=lambda row: row.code)] or None


def _heard(session: Session, round_: Round) -> list[str]:
    """The directions with somebody to hear."""
    senior = select(Applicant.direction_id).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    used = set(session.scalars(senior))
    return [d.name for d in round_.directions if d.id in used]


def remembered(session: Session, round_: Round) -> dict[str, str]:
    """The answers this round's imports were given so far."""
    rows = session.scalars(select(Answer).where(Answer.round_id == round_.id).order_by(Answer.id))
    return {f"{row.kind}:{row.key}": row.value for row in rows}


def _rows(round_: Round) -> list[SessionRow]:
    return [SessionRow(f"{s.start:%Y-%m-%d}", s.label, f"{s.start:%H:%M}", f"{s.end:%H:%M}") for s in round_.sessions]


def keyed(round_: Round) -> list[tuple[SessionRow, HalfDay]]:
    """The round's sessions as rosters name them, each beside its row."""
    return list(zip(_rows(round_), round_.sessions, strict=True))


def keep(
    session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, data: bytes, filename: str, folder: Path
) -> Import:
    """Keep an uploaded file under its SHA-256 until it is confirmed."""
    if kind not in KINDS:
        raise Unreadable("没有名为“%(kind)s”的名册。可用：%(kinds)s。", kind=kind, kinds="、".join(KINDS))
    return uploads.keep(session, actor, clock, round_, kind, data, filename, folder)


def stored(session: Session, number: int, folder: Path) -> tuple[Import, bytes]:
    """An uploaded roster that waits for its confirmation."""
    return uploads.stored(session, number, folder, *KINDS)


def remember(session: Session, round_: Round, given: Mapping[str, str]) -> None:
    """Keep the office's answers for the round."""
    for text, value in given.items():
        kind, _, key = text.partition(":")
        where = (Answer.round_id == round_.id, Answer.kind == kind, Answer.key == key)
        row = session.scalar(select(Answer).where(*where))
        if row is None:
            session.add(Answer(round_id=round_.id, kind=kind, key=key, value=value))
        else:
            row.value = value


def write(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    kind: str,
    data: bytes,
    filename: str,
    given: Mapping[str, str] | None = None,
) -> Look:
    """Read once more and write all of it; whoever is known keeps the code.

    Raises:
        Refused: the rosters are locked, or the file has errors or nobody in it.
    """
    require_state(round_, "draft")
    seen = look(session, round_, kind, data, filename, given or {})
    if not all(part.rows for part in seen.parts) and all(part.ok for part in seen.parts):
        raise Refused("“%(name)s”里没有可以导入的行。请检查是否传对了文件。", name=filename)
    if not seen.ok:
        errors = sum(p.level == "error" for part in seen.parts for p in part.problems)
        raise Refused("“%(name)s”有 %(n)s 处错误，没有写入。请按所列单元格改正后重新导入。", name=filename, n=errors)
    remember(session, round_, given or {})
    counts = _WRITERS[kind](session, round_, seen)
    recusals.settle(session, round_)
    rows = seen.to_json()["rows"]
    audit.record(session, actor, clock, "import.write", kind, round_id=round_.id, after=counts | {"rows": rows})
    session.flush()
    return seen


def _next(codes: set[str], letter: str, width: int) -> Callable[[], str]:
    last = max((int(code[1:]) for code in codes if code[1:].isdigit()), default=0)

    def made() -> str:
        nonlocal last
        last += 1
        return f"{letter}{last:0{width}d}"

    return made


def _write_applicants(session: Session, round_: Round, seen: Look) -> dict[str, int]:
    read = seen.parts[0].rows
    known = _same(session.scalars(select(Applicant).where(Applicant.round_id == round_.id)), read)
    codes = set(session.scalars(select(Applicant.code).where(Applicant.round_id == round_.id)))
    code = _next(codes, "A", 5)
    directions = {d.name: d.id for d in round_.directions}
    added = 0
    for number, person in enumerate(read, 1):
        row = known.get(number - 1)
        if row is None:
            added += 1
            row = Applicant(round_id=round_.id, code=code())
            session.add(row)
        row.roster_no, row.name, row.employer, row.level = number, person.name, person.unit, LEVELS[person.level]
        row.direction_id, row.title, row.id_no, row.phone = (
            directions[person.direction],
            person.title,
            person.id_no,
            person.phone,
        )
        row.insured_unit = person.details.get("insured_unit", "")
        row.details = {key: text for key, text in person.details.items() if key != "insured_unit"}
        session.flush()
        session.execute(delete(Recusal).where(Recusal.side == "applicant", Recusal.applicant_id == row.id))
        own = {"round_id": round_.id, "side": "applicant", "applicant_id": row.id, "reason": "申报人提出"}
        session.add_all(Recusal(**own, name=name) for name in person.recuse)
    return {"added": added, "changed": len(read) - added}


def _same(known: Iterable[Person], read: Sequence[ApplicantRow | ExpertRow]) -> dict[int, Person]:
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


def _write_experts(session: Session, round_: Round, seen: Look) -> dict[str, int]:
    read = seen.parts[0].rows
    known = _same(session.scalars(select(Expert).where(Expert.round_id == round_.id)), read)
    code = _next(set(session.scalars(select(Expert.code).where(Expert.round_id == round_.id))), "E", 4)
    directions = {d.name: d.code for d in round_.directions}
    sessions = {row.key: half.code for row, half in keyed(round_)}
    added = 0
    for number, person in enumerate(read):
        row = known.get(number)
        if row is None:
            added += 1
            row = Expert(round_id=round_.id, code=code())
            session.add(row)
        row.name, row.employer = person.name, person.unit
        row.title, row.post, row.phone, row.id_no, row.note = (
            person.title,
            person.post,
            person.phone,
            person.id_no,
            person.note,
        )
        row.may_chair, row.max_sessions, row.availability_text = person.chair, person.max_sessions, person.available
        row.strengths = {directions[name]: strength for name, strength in person.directions.items()}
        row.available = None if person.sessions is None else [sessions[key] for key in person.sessions]
        session.flush()
        session.execute(delete(Recusal).where(Recusal.side == "expert", Recusal.expert_id == row.id))
        own = {"round_id": round_.id, "side": "expert", "expert_id": row.id, "reason": "专家提出"}
        session.add_all(Recusal(**own, employer=unit, name=unit) for unit in person.recuse_units)
        session.add_all(Recusal(**own, name=name) for name in person.recuse_people)
    return {"added": added, "changed": len(read) - added}


def _write_venue(session: Session, round_: Round, seen: Look) -> dict[str, int]:
    if session.scalar(select(Expert.id).where(Expert.round_id == round_.id).limit(1)):
        raise Refused("已导入评审专家，其可用时间按现有时段记录。请在导入专家之前导入场地与时段，或新建批次。")
    for old in (*round_.rooms, *round_.sessions):
        session.delete(old)
    session.flush()
    session.expire(round_, ["rooms", "sessions"])
    venue = Venue(*seen.parts)
    codes = {}
    for number, row in enumerate(venue.sessions.rows, 1):
        codes[row.key] = f"S{number}"
        start, end = (datetime.fromisoformat(f"{row.date}T{at}") for at in (row.start, row.end))
        breaks = [[datetime.fromisoformat(f"{row.date}T{at}").strftime(MINUTE) for at in pair] for pair in row.breaks]
        half = HalfDay(code=f"S{number}", label=row.name, start=start, end=end, breaks=breaks)
        half.round_id = round_.id
        session.add(half)
    for number, room in enumerate(venue.rooms.rows, 1):
        usable = [codes[key] for key in room.sessions]
        place = Room(code=f"R{number}", name=room.name, waiting_room=room.waiting, position=number, sessions=usable)
        place.round_id = round_.id
        session.add(place)
    session.flush()
    session.expire(round_, ["rooms", "sessions"])
    return {"rooms": len(venue.rooms.rows), "sessions": len(venue.sessions.rows)}


_WRITERS = {"applicants": _write_applicants, "experts": _write_experts, "venue": _write_venue}


def counts(session: Session, round_: Round) -> dict[str, str]:
    """Kind of a roster → how much of it is there, in words of the venue's and the people's numbers."""

    def people(table: type[Applicant | Expert]) -> int:
        return session.scalar(select(func.count(table.id)).where(table.round_id == round_.id)) or 0

    venue = f"{len(round_.rooms)} × {len(round_.sessions)}"
    return {"venue": venue, "applicants": str(people(Applicant)), "experts": str(people(Expert))}
