"""Sessions to slots: the start times at which somebody can be heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.problem import Applicant, Problem, Session


def slots(session: Session, minutes: int) -> tuple[datetime, ...]:
    """Start times of a session's slots of ``minutes`` each; one that would overlap a break starts at its end."""
    length, start, found = timedelta(minutes=minutes), session.start, []
    while start + length <= session.end:
        until = next((b for a, b in session.breaks if start < b and a < start + length), None)
        if until is None:
            found.append(start)
        start = until or start + length
    return tuple(found)


def grid(problem: Problem) -> dict[str, tuple[datetime, ...]]:
    """The slots of every session."""
    return {s.id: slots(s, problem.slot_minutes) for s in problem.sessions}


def mask(problem: Problem, applicant: Applicant, session: str, starts: tuple[datetime, ...]) -> int:
    """Bit i set: the applicant can take slot i of the session (H10 and the pin's session and start)."""
    pin, length = applicant.pin, timedelta(minutes=problem.slot_minutes)
    if pin.session not in (None, session):
        return 0
    return sum(
        1 << i
        for i, start in enumerate(starts)
        if pin.start in (None, start) and not any(start < b and a < start + length for a, b in applicant.unavailable)
    )
