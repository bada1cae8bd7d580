"""What is printed from the browser: the published version by room and day, waiting room, applicant and sitting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Outcome, Room, Round, ScheduleVersion, Sitting
from webapp.services import boards, differences, drafts, records
from webapp.services.kernel import Missing
from webapp.services.settings import Settings, of_round


@dataclass(frozen=True)
class Door:
    """The sign of one room on one day."""

    room: Room
    day: date
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True)
class Waiting:
    """The notes of one waiting room on one day: the sittings whose applicants wait there."""

    name: str
    day: date
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True)
class Before:
    """Where somebody was to be heard by an earlier version."""

    applicant: Applicant
    start: datetime
    room: str


@dataclass(frozen=True)
class Papers:
    """A round's published schedule as it is printed; what was not asked for is left out."""

    settings: Settings
    sittings: tuple[Sitting, ...]
    notices: tuple[Appointment, ...]
    before: Mapping[str, Before]
    """Applicant → what an earlier notice said, where the notices are those of who changed."""

    @property
    def left(self) -> list[Before]:
        """Who had a place before and has none now."""
        now = {a.applicant.code for s in self.sittings for a in s.appointments}
        return [was for code, was in self.before.items() if code not in now]

    @property
    def doors(self) -> list[Door]:
        """One sign for each room and day, in the order of days and rooms."""
        found: dict[tuple[date, int, int], list[Sitting]] = defaultdict(list)
        for s in self.sittings:
            found[s.session.start.date(), s.room.position, s.room_id].append(s)
        return [Door(held[0].room, day, tuple(held)) for (day, _position, _room), held in sorted(found.items())]

    @property
    def waiting(self) -> list[Waiting]:
        """One page for each waiting room and day; a room without one of its own has its applicants wait before it."""
        found: dict[tuple[date, str], list[Sitting]] = defaultdict(list)
        for s in self.sittings:
            found[s.session.start.date(), waiting_room(s)].append(s)
        return [Waiting(name, day, tuple(held)) for (day, name), held in sorted(found.items())]

    def report(self, sitting: Sitting) -> datetime:
        """When its applicants report."""
        return sitting.session.start - timedelta(minutes=self.settings.report_minutes)

    def order(self, sitting: Sitting) -> list[Appointment]:
        """Its applicants: by time, or by their ids while the order is still to be drawn."""
        drawn = self.settings.lots != "check_in"
        return sorted(sitting.appointments, key=lambda a: (a.start if drawn else datetime.min, a.applicant.code))


def waiting_room(sitting: Sitting) -> str:
    """Where the applicants of a sitting wait."""
    return sitting.room.waiting_room or f"{sitting.room.name}门外"


def of_version(
    session: Session, round_: Round, *, applicant: str = "", panel: str = "", room: str = "", since: int | None = None
) -> Papers:
    """The papers of the published version; of one applicant, panel or room where an id is given.

    ``since``: the notices only of those whose place is another than in the version of that number.

    Raises:
        Refused: nothing is published.
        Missing: there is nobody and nothing of that id in it.
    """
    version = records.published(session, round_)
    sittings = [
        s
        for s in boards.sittings(session, version)
        if (not panel or s.panel.code == panel)
        and (not room or s.room.code == room)
        and (not applicant or any(a.applicant.code == applicant for a in s.appointments))
    ]
    moves = () if since is None or applicant else _moved(session, round_, version, since)
    wanted = {applicant} if applicant else None if since is None else {move.applicant for move in moves}
    notices = [a for s in sittings for a in s.appointments if wanted is None or a.applicant.code in wanted]
    if not sittings:
        raise Missing("已发布的安排里没有 %(what)s。请从打印页进入。", what=applicant or panel or room)
    return Papers(of_round(round_), tuple(sittings), tuple(notices), _before(session, round_, moves))


def _moved(session: Session, round_: Round, version: ScheduleVersion, since: int) -> tuple[differences.Move, ...]:
    old = drafts.load(session, round_, since)
    return tuple(move for move in differences.between(old.document, version.document).moves if move.told)


def _before(session: Session, round_: Round, moves: Iterable[differences.Move]) -> dict[str, Before]:
    """What each was told before; who has ended, be it by giving up, is told nothing more."""
    was = {move.applicant: move.before for move in moves if move.before}
    rooms = {room.code: room.name for room in round_.rooms}
    ended = select(Outcome.applicant_id).where(Outcome.applicant_id == Applicant.id).exists()
    people = select(Applicant).where(Applicant.round_id == round_.id, Applicant.code.in_(was), ~ended)
    return {
        one.code: Before(one, datetime.fromisoformat(was[one.code].start), rooms.get(was[one.code].room, ""))
        for one in session.scalars(people.order_by(Applicant.code))
    }
