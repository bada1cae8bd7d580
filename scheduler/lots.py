"""Lots (抽签): who takes which of a sitting's used slots, and who is called of experts who serve equally well.

Source: the domain page, Lots; ``docs/lots.md`` tells it to the office, with a script that recomputes a draw.
Used slots stay used, so a draw changes neither validity nor cost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.calls import Call, draw_calls
from scheduler.check import check, check_claims
from scheduler.errors import Refused
from scheduler.problem import Problem, stamp
from scheduler.schedule import LEVELS, Appointment, Schedule, Sitting
from scheduler.seating import match
from scheduler.seed import commitment, digest, seed_of
from scheduler.timeline import mask

Place = tuple[str, str]
"""Session and room."""


@dataclass(frozen=True)
class Lot:
    """The draw of one sitting: all that is needed to recompute who takes which slot.

    ``slots`` are the used ones by time; ``applicants`` stand in drawn order, each with a mask (bit i: can take slot i).
    """

    session: str
    room: str
    slots: tuple[datetime, ...]
    applicants: tuple[str, ...]
    masks: tuple[int, ...]

    def appointments(self) -> tuple[Appointment, ...]:
        """Everyone in the slot they draw, by start."""
        drawn = zip(self.applicants, in_turn(self.masks), strict=True)
        return tuple(sorted((Appointment(who, self.slots[i]) for who, i in drawn), key=lambda a: a.start))

    def to_json(self) -> dict[str, Any]:
        """The record; ``cannot`` lists the used slots somebody is unable to take or, pinned, must not take."""
        cannot = {
            who: [stamp(at) for i, at in enumerate(self.slots) if not able >> i & 1]
            for who, able in zip(self.applicants, self.masks, strict=True)
        }
        return {
            "sitting": f"{self.session}/{self.room}",
            "slots": [stamp(at) for at in self.slots],
            "applicants": list(self.applicants),
            "cannot": {who: starts for who, starts in sorted(cannot.items()) if starts},
        }


@dataclass(frozen=True)
class Draw:
    """A draw and what it gave."""

    secret: str
    digits: str
    schedule: Schedule
    lots: tuple[Lot, ...]
    calls: tuple[Call, ...] | None
    """Who was called among equals; ``None`` where experts were not drawn."""

    @property
    def seed(self) -> str:
        """The seed everything is ordered by."""
        return seed_of(self.secret, self.digits)

    def to_json(self) -> dict[str, Any]:
        """The schedule's document with ``lots``, fit to be published, and ``calls``, which names experts."""
        lots = {
            "commitment": commitment(self.secret),
            "secret": self.secret,
            "digits": self.digits,
            "seed": self.seed,
            "order": [lot.to_json() for lot in self.lots],
        }
        calls = {} if self.calls is None else {"calls": [call.to_json() for call in self.calls]}
        return self.schedule.to_json() | {"lots": lots} | calls


def draw(problem: Problem, schedule: Schedule, secret: str, digits: str, *, experts: bool = False) -> Draw:
    """Draw a schedule's order, and with ``experts`` first who is called among those who serve equally well.

    Raises:
        Refused: no secret, no digits, or the schedule is not valid for this problem.
    """
    seed = seed_of(secret, digits)
    schedule = _sound(problem, schedule)
    calls: tuple[Call, ...] | None = None
    if experts:
        schedule, calls = draw_calls(problem, schedule, seed)
    schedule, lots = draw_slots(problem, schedule, seed)
    return Draw(secret, digits, _sound(problem, schedule), lots, calls)


def draw_slots(
    problem: Problem, schedule: Schedule, seed: str, places: Collection[Place] | None = None
) -> tuple[Schedule, tuple[Lot, ...]]:
    """Everyone of a valid schedule in the slot they draw; the lots by session and room.

    ``places``: only the sittings in these sessions and rooms.
    """

    def order(sitting: Sitting) -> list[str]:
        name = f"{sitting.session}/{sitting.room}"
        return sorted((a.applicant for a in sitting.appointments), key=lambda who: digest(seed, name, who))

    return in_order(problem, schedule, order, places)


def in_order(
    problem: Problem, schedule: Schedule, order: Callable[[Sitting], list[str]], places: Collection[Place] | None = None
) -> tuple[Schedule, tuple[Lot, ...]]:
    """Everyone of a valid schedule in the slot that the order of their sitting gives them: drawn, or as in a roster."""
    every = {(s.session, s.room): s for p in schedule.panels for s in p.sittings}
    lots = {at: _lot(problem, s, order(s)) for at, s in every.items() if places is None or at in places}

    def seated(s: Sitting) -> Sitting:
        lot = lots.get((s.session, s.room))
        return s if lot is None else replace(s, appointments=lot.appointments())

    panels = tuple(replace(p, sittings=tuple(map(seated, p.sittings))) for p in schedule.panels)
    by_time = sorted(lots, key=lambda place: (problem.session[place[0]].start, place[1]))
    return replace(schedule, panels=panels), tuple(lots[place] for place in by_time)


def in_turn(masks: Sequence[int]) -> Iterator[int]:
    """For each mask in turn its earliest slot that leaves all later ones a place; there are as many slots as masks."""
    width, free = len(masks), (1 << len(masks)) - 1
    for turn, able in enumerate(masks):
        choices = (i for i in range(width) if able & free & 1 << i)
        slot = next(i for i in choices if match([m & free & ~(1 << i) for m in masks[turn + 1 :]], width) is not None)
        free &= ~(1 << slot)
        yield slot


def _lot(problem: Problem, sitting: Sitting, order: Sequence[str]) -> Lot:
    slots = tuple(sorted(a.start for a in sitting.appointments))
    masks = tuple(mask(problem, problem.applicant[who], sitting.session, slots) for who in order)
    return Lot(sitting.session, sitting.room, slots, tuple(order), masks)


def _sound(problem: Problem, schedule: Schedule) -> Schedule:
    """The schedule with its cost, once the checker has found nothing; one without figures gets a bound of zeros."""
    document = schedule.to_json()
    report = check(problem, document)
    wrong = [str(v) for v in report.violations] or (check_claims(document, report.cost) if schedule.cost else [])
    if wrong:
        raise Refused(f"schedule: not valid for this instance, {wrong[0]} (rostrum check lists all); nothing was drawn")
    return schedule if schedule.cost else schedule.rated(report.cost, (0,) * len(LEVELS), schedule.seconds)
