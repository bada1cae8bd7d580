"""Rosters: looked at first, written when confirmed and then in one transaction; people keep their codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from exports.annotate import annotate
from exports.errors import UnreadableFile
from exports.reading import Answers, Reading
from exports.rosters import Known, read_applicants, read_experts
from exports.venue import Venue, read_venue
from webapp.models import Answer, Applicant, Expert, Import, Room, Round, ScheduleVersion
from webapp.models import Session as HalfDay
from webapp.services import audit, persons, recusals, times, uploads
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock, Refused, Unreadable
from webapp.services.mapping import AUTOMATIC
from webapp.services.persons import Changes
from webapp.services.rounds import require_state
from webapp.services.settings import of_round
from webapp.services.times import session_rows

KINDS = {"venue": "场地与时段", "applicants": "申报人员名册", "experts": "评审专家名册"}
"""Kind of a roster → its name, in the order they are needed."""


@dataclass(frozen=True)
class Look:
    """A roster as understood, before anything is written; ``parts`` has two for the venue."""

    kind: str
    parts: tuple[Reading[Any], ...]
    changes: Changes | None = None
    """Against the people who are there; None for the venue, for a first import and while there are errors."""

    @property
    def ok(self) -> bool:
        """Whether it can be written: no error, and somebody in it."""
        return all(part.ok for part in self.parts) and all(part.rows for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """The document of ``rostrum import --json``; the venue's two tables together."""
        documents: list[dict[str, Any]] = [part.to_json() for part in self.parts]
        whole = documents[0]
        for other in documents[1:]:
            for key in ("sheets", "questions", "problems", "understood", "skipped_rows", "hidden_sheets"):
                whole[key] = whole[key] + other[key]
            whole["rows"] = {key: whole["rows"][key] + other["rows"][key] for key in whole["rows"]}
        if self.changes:
            whole["changes"] = self.changes.to_json()
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
            venue = read_venue(data, filename, answers=answers)
            return Look(kind, (venue.rooms, venue.sessions), persons.compare_venue(round_, venue))
        against: dict[str, Any] = {"directions": directions, "sessions": session_rows(round_), "answers": answers}
        if kind == "applicants":
            experts = _known(session.scalars(select(Expert).where(Expert.round_id == round_.id)))
            return _against(session, round_, kind, read_applicants(data, filename, experts=experts, **against))
        against |= {"heard": _heard(session, round_), "specialists": of_round(round_).min_specialists}
        applicants = _known(session.scalars(select(Applicant).where(Applicant.round_id == round_.id)))
        return _against(session, round_, kind, read_experts(data, filename, applicants=applicants, **against))
    except UnreadableFile as error:
        raise Unreadable(error.said.text, **error.said.values) from error


def _against(session: Session, round_: Round, kind: str, reading: Reading[Any]) -> Look:
    changes = persons.compare(session, round_, kind, reading.rows) if reading.ok else None
    first = changes is None or (len(changes.added) == len(reading.rows) and not changes.gone)
    return Look(kind, (reading,), None if first else changes)


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


def annotated(seen: Look, data: bytes, filename: str) -> bytes:
    """The file with a column 问题.

    Raises:
        Unreadable: it cannot be written into.
    """
    try:
        return annotate(data, filename, *seen.parts)
    except UnreadableFile as error:
        raise Unreadable(error.said.text, **error.said.values) from error


def answer(session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, given: Mapping[str, str]) -> None:
    """Keep the office's answers to the questions about a file that waits for its confirmation."""
    require_state(round_, "draft")
    remember(session, round_, given)
    audit.record(session, actor, clock, "import.answer", kind, round_id=round_.id, after=dict(given))


def remember(session: Session, round_: Round, given: Mapping[str, str]) -> None:
    """Keep the office's answers for the round; AUTOMATIC takes an earlier one back."""
    for text, value in given.items():
        kind, _, key = text.partition(":")
        where = (Answer.round_id == round_.id, Answer.kind == kind, Answer.key == key)
        row = session.scalar(select(Answer).where(*where))
        if value == AUTOMATIC:
            session.execute(delete(Answer).where(*where))
        elif row is None:
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
    remove_gone: bool = False,
) -> Look:
    """Read once more and write all of it; whoever is known keeps the code.

    Who is not on the roster any more stays, unless ``remove_gone`` says otherwise.

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
    counts = _written(session, round_, seen)
    if remove_gone and kind != "venue":
        counts["removed"] = persons.remove_gone(session, round_, kind, seen.parts[0].rows)
    recusals.settle(session, round_)
    times.settle(session, round_)
    rows = seen.to_json()["rows"]
    audit.record(session, actor, clock, "import.write", kind, round_id=round_.id, after=counts | {"rows": rows})
    session.flush()
    return seen


def _write_venue(session: Session, round_: Round, seen: Look) -> dict[str, int]:
    if session.scalar(select(ScheduleVersion.id).where(ScheduleVersion.round_id == round_.id).limit(1)):
        raise Refused("已有安排草案用到现在的答辩室和时段，不能再更换。请新建批次。")
    for old in (*round_.rooms, *round_.sessions):
        session.delete(old)  # people keep the texts about their times, and are given the new sessions afterwards
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


def _written(session: Session, round_: Round, seen: Look) -> dict[str, int]:
    if seen.kind == "applicants":
        return persons.write_applicants(session, round_, seen.parts[0].rows)
    if seen.kind == "experts":
        return persons.write_experts(session, round_, seen.parts[0].rows)
    return _write_venue(session, round_, seen)


def counts(session: Session, round_: Round) -> dict[str, str]:
    """Kind of a roster → how much of it is there, in words of the venue's and the people's numbers."""

    def people(table: type[Applicant | Expert]) -> int:
        return session.scalar(select(func.count(table.id)).where(table.round_id == round_.id)) or 0

    venue = f"{len(round_.rooms)} × {len(round_.sessions)}"
    return {"venue": venue, "applicants": str(people(Applicant)), "experts": str(people(Expert))}
