"""The published schedule as it stands at this moment: what is past, who has begun, who needs no place any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Call, Outcome, Round, ScheduleVersion, Sheet
from webapp.services import differences, edits, records
from webapp.services.differences import Place
from webapp.services.instance import problem_document
from webapp.services.kernel import Clock, wall

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Today:
    """The round on the day. Codes throughout."""

    version: ScheduleVersion
    instance: dict[str, Any]
    """Today's data without those who ended before they were heard."""
    now: datetime
    moment: datetime
    """Appointments before it stay: now, or just after the last one that was called early."""
    places: dict[str, Place]
    begun: frozenset[str]
    """Called, heard, or with a sheet handed in: they stay where they are."""
    marked: frozenset[str]
    """With a draft of a sheet: they stay where they can."""
    ended: frozenset[str]

    @property
    def started(self) -> frozenset[tuple[str, str]]:
        """Session and room of the sittings that have begun: they keep room and panel to their end."""
        return frozenset(
            (p.session, p.room) for p in self.places.values() if datetime.fromisoformat(p.start) < self.moment
        )

    def waiting(self, session: str, panel: str) -> list[str]:
        """Who of a sitting has neither begun nor ended, by time."""
        rows = [(p.start, who) for who, p in self.places.items() if (p.session, p.panel) == (session, panel)]
        return [who for _start, who in sorted(rows) if who not in self.begun | self.ended]

    def session(self, code: str) -> tuple[datetime, datetime]:
        """Start and end of a session."""
        row = next(s for s in self.instance["sessions"] if s["id"] == code)
        return datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])

    def to_come(self) -> list[str]:
        """Codes of the sessions that are not over."""
        return [s["id"] for s in self.instance["sessions"] if datetime.fromisoformat(s["end"]) > self.now]


def of(session: Session, clock: Clock, round_: Round) -> Today:
    """The round at this moment.

    Raises:
        Refused: nothing is published.
    """
    version, now = records.published(session, round_), wall(clock)
    places = differences.places(version.document)
    begun, ended = _begun(session, round_), _ended(session, round_)
    marked = busy(session, round_) - begun
    early = [datetime.fromisoformat(places[who].start) + MINUTE for who in begun & set(places)]
    moment = max([now, *(at for at in early if at.date() == now.date())])
    gone = [
        edits.applicant_gone(who)
        for who in sorted(ended - begun)
        if who not in places or datetime.fromisoformat(places[who].start) >= moment
    ]
    instance = edits.applied(problem_document(session, round_), gone)
    return Today(version, instance, now, moment, places, begun, marked, ended)


def _codes(session: Session, round_: Round, table: type[Call | Outcome | Sheet], *where: Any) -> set[str]:
    query = select(Applicant.code).join(table, table.applicant_id == Applicant.id)
    return set(session.scalars(query.where(table.round_id == round_.id, *where)))


def busy(session: Session, round_: Round) -> frozenset[str]:
    """Who was called or heard, or has marks, be it a draft."""
    return _begun(session, round_) | _codes(session, round_, Sheet)


def _begun(session: Session, round_: Round) -> frozenset[str]:
    heard = _codes(session, round_, Outcome, Outcome.kind == "heard")
    return frozenset(heard | _codes(session, round_, Call) | _codes(session, round_, Sheet, Sheet.state != "draft"))


def _ended(session: Session, round_: Round) -> frozenset[str]:
    return frozenset(_codes(session, round_, Outcome, Outcome.kind != "heard"))
