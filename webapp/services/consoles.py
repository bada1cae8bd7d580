"""The secretary's console of one panel: the sittings in time, who is in the room, who comes next, sheets missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Appointment, Call, Outcome, Panel, Pause, Recusal, Round, Sheet, Sitting, Turn
from webapp.services import clocks, records, turns
from webapp.services.clocks import Reading
from webapp.services.settings import Settings, of_round

RUNNING = ("talk", "answers")
LAST = 10_000
"""Behind every number: who has not drawn yet."""
AHEAD = 6
INSIDE = ("called", "entered", *RUNNING)


@dataclass(frozen=True)
class Line:
    """One applicant of a sitting: the turn, the call with its clock, the outcome, how many have submitted."""

    appointment: Appointment
    number: int | None
    """The number called out: the place in the sitting; where numbers were drawn on the spot, the one on the slip."""
    turn: Turn | None
    call: Call | None
    clock: Reading | None
    outcome: Outcome | None
    submitted: int
    sheets: int
    """How many sheets there will be: the panel's members but for those recused."""

    @property
    def phase(self) -> str:
        """waiting, called, entered, talk, answers or ended."""
        if self.outcome:
            return "ended"
        if self.call is None:
            return "waiting"
        if self.call.talk_at:
            return "answers" if self.call.answers_at else "talk"
        return "entered" if self.call.entered_at else "called"

    @property
    def since(self) -> datetime | None:
        """When the running phase began (UTC)."""
        return self.clock.began_at if self.clock else None

    @property
    def seen(self) -> int:
        """The turn's version, which a step gives back."""
        return self.turn.row_version if self.turn else 0

    @property
    def late(self) -> bool:
        """Whether 迟到 was noted and the applicant has not come since."""
        return bool(self.turn and self.turn.late_at and not self.call and not self.outcome)

    @property
    def arrived(self) -> bool:
        """Whether the desk has signed the applicant in."""
        return bool(self.turn and self.turn.arrived_at)


@dataclass(frozen=True)
class Part:
    """One sitting on the console, in the order of calling."""

    sitting: Sitting
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    closed: bool

    @property
    def now(self) -> Line | None:
        """Who is called or in the room."""
        return next((line for line in self.lines if line.phase in INSIDE), None)

    @property
    def waiting(self) -> list[Line]:
        """Who still waits, the next one first."""
        return [line for line in self.lines if line.phase == "waiting"]


@dataclass(frozen=True)
class Console:
    """A panel's console; ``now`` leads the page, ``next`` is who to call."""

    panel: Panel
    parts: tuple[Part, ...]
    signed: bool

    @property
    def now(self) -> Line | None:
        """Who is in the room."""
        return next((part.now for part in self.parts if part.now and not part.closed), None)

    @property
    def next(self) -> Line | None:
        """The first who still waits."""
        return next(iter(self.coming), None)

    @property
    def coming(self) -> list[Line]:
        """The next few: what a console without a network can go on with."""
        return [line for part in self.parts if not part.closed for line in part.waiting][:AHEAD]


def of_panel(session: Session, round_: Round, panel: Panel, sittings: list[Sitting]) -> Console:
    """The console of one panel as it stands."""
    return Console(panel, parts(session, round_, sittings), panel.code in records.signed_panels(session, round_))


def parts(session: Session, round_: Round, sittings: list[Sitting]) -> tuple[Part, ...]:
    """Some sittings as they stand."""
    people = [a.applicant_id for sitting in sittings for a in sitting.appointments]
    settings, found = of_round(round_), _found(session, round_, people)
    draws, slips = records.drawn_at_desk(session, round_), records.on_slips(session, round_)
    return tuple(
        Part(
            sitting,
            _in_order(sitting, settings, found, _Numbers(draws(sitting), slips(sitting))),
            tuple(records.missing_sheets(session, round_, sitting)),
            records.is_closed(session, round_, sitting),
        )
        for sitting in sittings
    )


def number_of(session: Session, round_: Round, sitting: Sitting, applicant: int) -> int | None:
    """The number by which an applicant is called."""
    lines = parts(session, round_, [sitting])[0].lines
    return next(line.number for line in lines if line.appointment.applicant_id == applicant)


@dataclass(frozen=True)
class _Numbers:
    """How a sitting has its numbers: being drawn at the desk now; drawn on the spot, so that people hold slips."""

    draws: bool
    slips: bool

    def of(self, places: list[Appointment], turns_: dict[int, Turn]) -> dict[int, int | None]:
        """Applicant → number: the one on the slip, else the place in the sitting or what the slips leave over."""
        given: dict[int, int] = {}
        for a in places if self.draws or self.slips else ():
            turn = turns_.get(a.applicant_id)
            if turn and turn.number and turn.number not in given.values() and turn.number <= len(places):
                given[a.applicant_id] = turn.number
        over = iter(n for n in range(1, len(places) + 1) if n not in given.values())
        return {a.applicant_id: given.get(a.applicant_id) or (None if self.draws else next(over)) for a in places}


def _in_order(sitting: Sitting, settings: Settings, found: _Found, numbers: _Numbers) -> tuple[Line, ...]:
    lines = _lines(sitting, settings, found, numbers)
    return tuple(sorted(lines, key=lambda line: _place(line, settings.late, numbers.draws)))


def _place(line: Line, late: str, draws: bool) -> tuple[bool, int, datetime]:
    """The order of calling: by number while they are drawn, else by time; who was late comes last, or waits outside
    the order until signed in."""
    marked = bool(line.turn and line.turn.late_at)
    number = (line.number or LAST) if draws else 0
    return (marked and (late == "last" or not line.arrived), number, line.appointment.start)


@dataclass(frozen=True)
class _Found:
    """What is on record of some applicants."""

    turns: dict[int, Turn]
    calls: dict[int, Call]
    pauses: dict[int, list[Pause]]
    outcomes: dict[int, Outcome]
    submitted: Counter[int]
    away: set[tuple[int | None, int | None]]


def _found(session: Session, round_: Round, people: list[int]) -> _Found:
    calls = select(Call).where(Call.round_id == round_.id, Call.applicant_id.in_(people))
    outcomes = select(Outcome).where(Outcome.round_id == round_.id, Outcome.applicant_id.in_(people))
    sheets = select(Sheet.applicant_id, Sheet.expert_id).where(
        Sheet.round_id == round_.id, Sheet.state == "submitted", Sheet.applicant_id.in_(people)
    )
    day = select(Recusal.applicant_id, Recusal.expert_id).where(
        Recusal.round_id == round_.id, Recusal.side == "day", Recusal.applicant_id.in_(people)
    )
    away = {(row.applicant_id, row.expert_id) for row in session.execute(day)}
    return _Found(
        turns.of_round(session, round_, people),
        {call.applicant_id: call for call in session.scalars(calls)},
        clocks.pauses(session, round_, people),
        {outcome.applicant_id: outcome for outcome in session.scalars(outcomes)},
        Counter(who for who, expert in session.execute(sheets) if (who, expert) not in away),
        away,
    )


def _lines(sitting: Sitting, settings: Settings, found: _Found, numbers: _Numbers) -> list[Line]:
    members = [member.expert_id for member in sitting.panel.members]
    made, places = [], sorted(sitting.appointments, key=lambda a: a.start)
    called = numbers.of(places, found.turns)
    for a in places:
        who = a.applicant_id
        call = found.calls.get(who)
        made.append(
            Line(
                a,
                called[who],
                found.turns.get(who),
                call,
                clocks.reading(call, found.pauses.get(who, []), settings) if who not in found.outcomes else None,
                found.outcomes.get(who),
                found.submitted[who],
                sum((who, expert) not in found.away for expert in members),
            )
        )
    return made
