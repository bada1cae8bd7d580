"""How far a room is behind its schedule, in whole minutes; below zero it is ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.services.consoles import Line, Part
from webapp.services.settings import Settings


def behind(part: Part, settings: Settings, now: datetime) -> int | None:
    """When the next one can come in against when that was planned; ``None`` before the first, after the last, and on
    another day than the one planned (a rehearsal).

    With nobody waiting, when the last one will be out against when that was planned.
    """
    inside, waiting = part.now, part.waiting
    begun = inside or any(line.outcome for line in part.lines)
    if inside is None and not waiting:
        return None
    wall = now.astimezone().replace(tzinfo=None)
    if wall.date() != part.sitting.session.start.date():
        return None
    free = wall + (_left(inside, settings, now) if inside else timedelta())
    if waiting:
        planned = min((line.appointment.start for line in waiting if not line.late), default=free)
        free += timedelta(minutes=settings.turnover_minutes) if inside else timedelta()
    else:
        assert inside is not None
        planned = inside.appointment.start + timedelta(minutes=settings.talk_minutes + settings.answer_minutes)
    if not begun and free <= planned:
        return None
    return round((free - planned).total_seconds() / 60)


def _left(line: Line, settings: Settings, now: datetime) -> timedelta:
    """What the one inside may still take."""
    answers = timedelta(minutes=settings.answer_minutes)
    if line.clock is None:
        return timedelta(minutes=settings.talk_minutes) + answers
    left = max(line.clock.left(now), timedelta())
    return left + answers if line.phase == "talk" else left
