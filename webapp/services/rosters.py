"""Rosters: looked at first, written when confirmed and then in one transaction; people keep their codes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from exports.availability import SessionRow
from exports.errors import UnreadableFile
from exports.reading import Answers, Reading
from exports.rosters import ApplicantRow, ExpertRow, Venue, read_applicants, read_experts, read_venue
from webapp.models import Answer, Applicant, Expert, Import, Recusal, Room, Round
from webapp.models import Session as HalfDay
from webapp.services import audit
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.rounds import require_state

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
        if kind == "applicants":
            rows = _rows(round_)
            return Look(kind, (read_applicants(data, filename, directions=directions, sessions=rows, answers=answers),))
        names = list(session.scalars(select(Applicant.name).where(Applicant.round_id == round_.id)))
        found = read_experts(
            data, filename, directions=directions, sessions=_rows(round_), applicants=names or None, answers=answers
        )
    except UnreadableFile as error:
        raise Unreadable("%(error)s", error=error) from error
    return Look(kind, (found,))


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
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(data).hexdigest()
    (folder / name).write_bytes(data)
    row = Import(round_id=round_.id, kind=kind, filename=filename[:256], stored_as=name, at=clock(), by=actor.name)
    session.add(row)
    session.flush()
    audit.record(session, actor, clock, "import.look", kind, round_id=round_.id, after={"file": name})
    return row


def stored(session: Session, number: int, folder: Path) -> tuple[Import, bytes]:
    """An uploaded file that waits for its confirmation."""
    row = session.get(Import, number)
    if row is None or not (folder / row.stored_as).exists():
        raise Missing("没有这份上传的文件。请重新上传。")
    return row, (folder / row.stored_as).read_bytes()


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
    known = list(session.scalars(select(Applicant).where(Applicant.round_id == round_.id)))
    by_id = {row.id_no: row for row in known if row.id_no}
    by_name = {(row.name, row.employer): row for row in known}
    code = _next({row.code for row in known}, "A", 5)
    directions = {d.name: d.id for d in round_.directions}
    added = 0
    for number, read in enumerate(seen.parts[0].rows, 1):
        person: ApplicantRow = read
        row = by_id.get(person.id_no) if person.id_no else None
        row = row or by_name.get((person.name, person.unit))
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
        _applicant_recusals(session, round_, row, person.details.get("recuse", ""))
    return {"added": added, "changed": len(seen.parts[0].rows) - added}


def _applicant_recusals(session: Session, round_: Round, row: Applicant, text: str) -> None:
    session.execute(delete(Recusal).where(Recusal.side == "applicant", Recusal.applicant_id == row.id))
    for name in filter(None, (part.strip() for part in text.replace("、", ",").replace("，", ",").split(","))):
        expert = session.scalar(select(Expert.id).where(Expert.round_id == round_.id, Expert.name == name))
        session.add(
            Recusal(
                round_id=round_.id,
                side="applicant",
                applicant_id=row.id,
                name=name,
                expert_id=expert,
                reason="申报人提出",
            )
        )


def _write_experts(session: Session, round_: Round, seen: Look) -> dict[str, int]:
    known = list(session.scalars(select(Expert).where(Expert.round_id == round_.id)))
    by_name = {(row.name, row.employer): row for row in known}
    code = _next({row.code for row in known}, "E", 4)
    directions = {d.name: d.code for d in round_.directions}
    sessions = {row.key: half.code for row, half in keyed(round_)}
    people = session.execute(select(Applicant.name, Applicant.id).where(Applicant.round_id == round_.id))
    applicants = {row.name: row.id for row in people}
    added = 0
    for read in seen.parts[0].rows:
        person: ExpertRow = read
        row = by_name.get((person.name, person.unit))
        if row is None:
            added += 1
            row = Expert(round_id=round_.id, code=code(), name=person.name, employer=person.unit)
            session.add(row)
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
        session.add_all(Recusal(**own, applicant_id=applicants.get(n), name=n) for n in person.recuse_people)
        waiting = select(Recusal).where(
            Recusal.round_id == round_.id, Recusal.side == "applicant", Recusal.name == person.name
        )
        for recusal in session.scalars(waiting):
            recusal.expert_id = row.id
    return {"added": added, "changed": len(seen.parts[0].rows) - added}


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
