"""The secretary's console of one panel: the sittings in time, who is in the room, who comes next, sheets missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Appointment, Call, Outcome, Panel, Round, Sheet, Sitting
from webapp.services import records


@dataclass(frozen=True)
class Line:
    """One applicant of a sitting: the call, the outcome, how many of the panel have submitted."""

    appointment: Appointment
    call: Call | None
    outcome: Outcome | None
    submitted: int

    @property
    def phase(self) -> str:
        """waiting, called, talk, answers or ended."""
        if self.outcome:
            return "ended"
        if self.call is None:
            return "waiting"
        return "answers" if self.call.answers_at else "talk" if self.call.talk_at else "called"

    @property
    def since(self) -> datetime | None:
        """When the running phase began (UTC)."""
        return (self.call.answers_at or self.call.talk_at) if self.call and not self.outcome else None


@dataclass(frozen=True)
class Part:
    """One sitting on the console."""

    sitting: Sitting
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    closed: bool


@dataclass(frozen=True)
class Console:
    """A panel's console; ``now`` leads the page, ``next`` is who to call."""

    panel: Panel
    parts: tuple[Part, ...]
    signed: bool

    @property
    def now(self) -> Line | None:
        """Who is in the room."""
        return next((line for line in self._open() if line.phase in ("called", "talk", "answers")), None)

    @property
    def next(self) -> Line | None:
        """The first who still waits."""
        return next((line for line in self._open() if line.phase == "waiting"), None)

    def _open(self) -> list[Line]:
        return [line for part in self.parts if not part.closed for line in part.lines]


def of_panel(session: Session, round_: Round, panel: Panel, sittings: list[Sitting]) -> Console:
    """The console of one panel as it stands."""
    calls, outcomes = records.calls(session, round_), records.outcomes(session, round_)
    own = Sheet.round_id == round_.id, Sheet.panel == panel.code
    done = list(session.scalars(select(Sheet.applicant_id).where(*own, Sheet.state == "submitted")))
    parts = tuple(
        Part(
            sitting,
            tuple(
                Line(a, calls.get(a.applicant_id), outcomes.get(a.applicant_id), done.count(a.applicant_id))
                for a in sitting.appointments
            ),
            tuple(records.missing_sheets(session, round_, sitting)),
            records.is_closed(session, round_, sitting),
        )
        for sitting in sittings
    )
    return Console(panel, parts, panel.code in records.signed_panels(session, round_))
