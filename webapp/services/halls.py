"""What public screens show of the rooms: numbers and names as the round shows them, never an expert, never a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Appointment, Call, Outcome, Room, Round, Sitting, SittingClosed
from webapp.models import Session as HalfDay
from webapp.models.schedules import Panel
from webapp.services import boards, consoles, records
from webapp.services.consoles import Line, Part
from webapp.services.kernel import Missing
from webapp.services.names import public
from webapp.services.settings import of_round


@dataclass(frozen=True)
class Person:
    """An applicant as a hall may see one."""

    number: int | None
    code: str
    name: str
    phase: str
    late: bool


@dataclass(frozen=True)
class Hall:
    """One room: its sitting, who is in, who comes next, the clock."""

    part: Part
    now: Person | None
    then: tuple[Person, ...]
    every: tuple[Person, ...]

    @property
    def room(self) -> Room:
        """The room."""
        return self.part.sitting.room

    @property
    def sitting(self) -> Sitting:
        """The sitting."""
        return self.part.sitting


def room(session: Session, round_: Round, code: str) -> Hall | None:
    """One room's sitting of now; ``None`` where nothing is left to hear.

    Raises:
        Missing: the round has no such room.
    """
    if not any(one.code == code for one in round_.rooms):
        raise Missing("没有这个答辩室。请从大屏列表进入。")
    return next((hall for hall in rooms(session, round_) if hall.room.code == code), None)


def rooms(session: Session, round_: Round) -> list[Hall]:
    """Each room's sitting of now: where someone is called, else the earliest with somebody to hear."""
    version = records.published_if_any(session, round_)
    if version is None:
        return []
    here = Sitting.id.in_(chosen(session, round_, version.id))
    sittings = boards.sittings(session, version, here)
    how = of_round(round_).names
    halls = [_hall(part, how) for part in consoles.parts(session, round_, sittings)]
    return sorted(halls, key=lambda hall: (hall.room.position, hall.room.code))


def chosen(session: Session, round_: Round, version: int) -> list[int]:
    """One sitting a room."""
    ended = select(Outcome.applicant_id).where(Outcome.round_id == round_.id)
    called = select(Call.applicant_id).where(Call.round_id == round_.id)
    closed = select(SittingClosed.panel, SittingClosed.session).where(SittingClosed.round_id == round_.id)
    shut = {tuple(row) for row in session.execute(closed)}
    rows = session.execute(
        select(Sitting.id, Sitting.room_id, Panel.code, HalfDay.code, Appointment.applicant_id.in_(called))
        .join(Appointment, Appointment.sitting_id == Sitting.id)
        .join(HalfDay, HalfDay.id == Sitting.session_id)
        .join(Panel, Panel.id == Sitting.panel_id)
        .where(Sitting.version_id == version, Appointment.applicant_id.not_in(ended))
        .order_by(HalfDay.start)
    )
    first: dict[int, int] = {}
    for sitting, place, panel, half, inside in rows:
        if (panel, half) not in shut and (inside or place not in first):
            first[place] = sitting
    return list(first.values())


def _hall(part: Part, how: str) -> Hall:
    now = part.now
    return Hall(
        part,
        _person(now, how) if now else None,
        _people(part.waiting, how),
        _people(part.lines, how),
    )


def _people(lines: Sequence[Line], how: str) -> tuple[Person, ...]:
    return tuple(_person(line, how) for line in lines)


def _person(line: Line, how: str) -> Person:
    who = line.appointment.applicant
    return Person(line.number, who.code, public(who.name, how), line.phase, line.late)
