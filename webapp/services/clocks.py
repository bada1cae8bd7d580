"""The one clock of a panel: when the phase began, how long it may last, and for how long it stood still.

Nothing ticks on the server. Every screen is told the same moments and the server's own, and counts by itself; so all
show the same second, a reload changes nothing, and the clock goes on while the network does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Call, Pause, Round
from webapp.services.settings import Settings, of_round

REASONS = ("设备故障", "申报人身体不适", "专家临时离席", "场外干扰")
"""Why a clock is paused: the usual ones, to choose from."""


@dataclass(frozen=True)
class Reading:
    """What a screen needs to show the clock."""

    phase: str
    began_at: datetime
    limit: timedelta
    warn: timedelta
    stood: timedelta
    """How long the phase's ended pauses lasted."""
    standing_since: datetime | None
    reason: str
    """Why it stands still."""

    def left(self, now: datetime) -> timedelta:
        """What is left of the phase; below zero it is over time."""
        return self.limit - ((self.standing_since or now) - self.began_at - self.stood)

    def document(self) -> dict[str, Any]:
        """The same in milliseconds, for ``clock.js``."""
        return {
            "phase": self.phase,
            "began": _ms(self.began_at),
            "limit": int(self.limit.total_seconds() * 1000),
            "warn": int(self.warn.total_seconds() * 1000),
            "stood": int(self.stood.total_seconds() * 1000),
            "standing": _ms(self.standing_since) if self.standing_since else None,
        }


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def reading(call: Call | None, pauses: list[Pause], settings: Settings) -> Reading | None:
    """The clock of a call whose phase runs; ``None`` before the talk and after the end."""
    if call is None or call.ended_at or call.talk_at is None:
        return None
    phase = "answers" if call.answers_at else "talk"
    minutes = settings.answer_minutes if call.answers_at else settings.talk_minutes
    limit = timedelta(minutes=minutes, seconds=call.carried if call.answers_at else 0)
    own = [p for p in pauses if p.phase == phase]
    running = next((p for p in own if p.ended_at is None), None)
    return Reading(
        phase,
        call.answers_at or call.talk_at,
        limit,
        timedelta(seconds=settings.reminder_seconds),
        _lasted(own),
        running.began_at if running else None,
        running.reason if running else "",
    )


def _lasted(pauses: list[Pause]) -> timedelta:
    return sum((p.ended_at - p.began_at for p in pauses if p.ended_at), timedelta())


def pauses(session: Session, round_: Round, applicants: list[int]) -> dict[int, list[Pause]]:
    """Applicant id → pauses in time."""
    query = select(Pause).where(Pause.round_id == round_.id, Pause.applicant_id.in_(applicants)).order_by(Pause.id)
    found: dict[int, list[Pause]] = {}
    for pause in session.scalars(query):
        found.setdefault(pause.applicant_id, []).append(pause)
    return found


def last_pause(session: Session, round_: Round, applicant: Applicant) -> Pause | None:
    """The newest pause."""
    return next(reversed(pauses(session, round_, [applicant.id]).get(applicant.id, [])), None)


def standing(session: Session, round_: Round, applicant: Applicant) -> Pause | None:
    """The pause that is not over."""
    last = last_pause(session, round_, applicant)
    return last if last and last.ended_at is None else None


def stop(session: Session, round_: Round, call: Call, at: datetime, reason: str, by: str) -> None:
    """Let the clock stand still."""
    phase = "answers" if call.answers_at else "talk"
    row = Pause(round_id=round_.id, applicant_id=call.applicant_id, phase=phase, began_at=at, reason=reason, by=by)
    session.add(row)


def run_on(session: Session, round_: Round, applicant: Applicant, at: datetime) -> bool:
    """End the pause there is; whether there was one."""
    found = standing(session, round_, applicant)
    if found:
        found.ended_at = max(at, found.began_at)
    return found is not None


def stand_again(session: Session, round_: Round, applicant: Applicant, step: datetime | None) -> None:
    """Open a pause again that ended only because that step was taken, which is being taken back."""
    last = last_pause(session, round_, applicant)
    if last and step and last.ended_at == step:
        last.ended_at = None


def carried(session: Session, round_: Round, call: Call, at: datetime) -> int:
    """Seconds the talk leaves to the answers, where the round carries them."""
    settings = of_round(round_)
    if settings.unused_talk != "carried" or call.talk_at is None:
        return 0
    own = [p for p in pauses(session, round_, [call.applicant_id]).get(call.applicant_id, []) if p.phase == "talk"]
    used = at - call.talk_at - _lasted(own)
    return max(0, settings.talk_minutes * 60 - int(used.total_seconds()))
