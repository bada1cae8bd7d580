"""What stood before: the published schedule seen from the instance as it is now, and what of it is past.

A sitting with an appointment that starts before the moment is *started*: it keeps its room and panel. Those
appointments stay, unless the instance says that the applicant was not there (unavailable then, or pinned elsewhere) and
has a slot left for them: who came too late is heard later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.errors import Refused
from scheduler.facts import Facts
from scheduler.schedule import Appointment, Panel, Schedule


class Enough(Exception):  # nothing went wrong
    """The time is over, or somebody cancelled, while a model was being made."""


Place = tuple[str, str]
"""Session and room: what a sitting is known by."""


@dataclass(frozen=True)
class Held:
    """A sitting with its panel's experts; ``panel`` says whose it is: sittings of one panel name the same."""

    session: str
    room: str
    members: tuple[str, ...]
    chair: str
    rows: tuple[Appointment, ...]
    panel: str = ""

    @property
    def place(self) -> Place:
        """Its session and room."""
        return self.session, self.room


Plan = tuple[Held, ...]
"""A schedule sitting by sitting; who is in none is unscheduled."""


class Before:
    """The old schedule without those who left: sittings by place, everyone's place, who was called, what is past."""

    def __init__(self, facts: Facts, old: Schedule, now: datetime | None) -> None:
        """Read it.

        Raises:
            Refused: it is of another instance, not a schedule in itself, or the instance lacks a session that is past.
        """
        self.facts, self.now = facts, now
        self.enough = False
        """Set from another thread when no further model is to be made."""
        _one_schedule(old)
        _same_round(facts, old)
        self.panels = {p.id: p for p in old.panels}
        self.called = {(m, s.session) for p in old.panels for s in p.sittings for m in p.members}
        here = [_held(facts, p, i) for p in old.panels for i in range(len(p.sittings))]
        self.held = {h.place: h for h in here if h.rows}
        self.at = {a.applicant: (*h.place, a.start) for h in here for a in h.rows}
        self.usable = [
            sum(1 << t for t, start in enumerate(starts) if now is None or start >= now) for starts in facts.starts
        ]
        """By session number: the slots that may be given away, bit t for slot t."""
        self.past = {who for who in self.at if self._past(who)}
        self.started = {h.place for h in self.held.values() if any(a.applicant in self.past for a in h.rows)}
        for session, room in sorted(self.started):
            if session not in facts.session_number:
                raise Refused(
                    f"instance.sessions: lacks '{session}', where room '{room}' has heard people before the moment; "
                    "leave past sessions in the instance"
                )

    def only_past(self, plan: Iterable[Held]) -> Plan:
        """The plan's sittings with those alone who have started."""
        cut = (replace(h, rows=tuple(a for a in h.rows if a.applicant in self.past)) for h in plan)
        return tuple(h for h in cut if h.rows)

    def _past(self, who: str) -> bool:
        """Whether the old appointment has started and stays."""
        session, room, start = self.at[who]
        if self.now is None or start >= self.now:
            return False
        a = self.facts.problem.applicant[who]
        pin = a.pin
        pinned = pin.session in (None, session) and pin.room in (None, room) and pin.start in (None, start)
        there = pinned and not any(x <= start < y for x, y in a.unavailable)
        return there or not any(m & u for m, u in zip(self.facts.masks[who], self.usable, strict=True))


def _held(facts: Facts, panel: Panel, number: int) -> Held:
    sitting = panel.sittings[number]
    rows = tuple(a for a in sitting.appointments if a.applicant in facts.problem.applicant)
    return Held(sitting.session, sitting.room, panel.members, panel.chair, rows, panel.id)


def sittings(schedule: Schedule) -> Plan:
    """A schedule sitting by sitting."""
    return tuple(
        Held(s.session, s.room, p.members, p.chair, s.appointments, p.id) for p in schedule.panels for s in p.sittings
    )


def _one_schedule(old: Schedule) -> None:
    """No change of an instance makes these: the file itself is wrong."""
    sittings = [(s.session, s.room) for p in old.panels for s in p.sittings]
    people = [a.applicant for p in old.panels for s in p.sittings for a in s.appointments]
    for what, names in (("panel", [p.id for p in old.panels]), ("sitting", sittings), ("applicant", people)):
        twice = _twice(names)
        if twice is not None:
            name = "/".join(twice) if isinstance(twice, tuple) else twice
            raise Refused(f"schedule: {what} '{name}' stands twice; give the schedule that was published")


def _twice(names: Iterable[Place] | Iterable[str]) -> Place | str | None:
    seen: set[Place | str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _same_round(facts: Facts, old: Schedule) -> None:
    problem = facts.problem
    sittings = [s for p in old.panels for s in p.sittings]
    people = {a.applicant for s in sittings for a in s.appointments} | set(old.unscheduled)
    experts = {m for p in old.panels for m in p.members}
    places = {s.session for s in sittings} | {s.room for s in sittings}
    there = set(problem.session) | {r.id for r in problem.rooms}
    if people and problem.applicants and not people & set(problem.applicant):
        raise Refused("schedule: names no applicant of this instance; give the schedule published for this round")
    listed = [(problem.applicant.get(a.applicant), p) for p in old.panels for s in p.sittings for a in s.appointments]
    strange = [a is not None and a.direction not in p.directions for a, p in listed]
    if 2 * sum(strange) > sum(a is not None for a, _ in listed):  # a direction hardly ever changes
        raise Refused("schedule: most applicants are of other directions here; give the schedule of this round")
    if sittings and problem.experts and not places & there and not experts & set(problem.expert):
        raise Refused("schedule: names no session, room or expert of this instance; give the one of this round")
