"""What if (试算): a manual change, what it would break and what it would cost, before it is made.

The price is the checker's report afterwards less its report before: nothing is estimated. Who asks often keeps
:class:`Prices`, which judges only the panels a change touches anew. What it takes in time is in ``docs/decisions.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Protocol

from scheduler.check import Judge, Part, Report, Violation, Whole
from scheduler.errors import Refused
from scheduler.problem import Problem
from scheduler.said import joined, name, say
from scheduler.schedule import Appointment, Panel, Schedule, Sitting
from scheduler.timeline import slots


class Change(Protocol):
    """A change by hand. What it breaks is for the price to say; only what names nothing that is there is refused."""

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:
        """The schedule after it, not yet tidied.

        Raises:
            Refused: it names somebody or something that is not there.
        """


@dataclass(frozen=True)
class Move:
    """An applicant, heard so far or not, into the sitting of a session and room, at a start."""

    applicant: str
    session: str
    room: str
    start: datetime

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:
        """The applicant there and nowhere else."""
        _known("applicant", self.applicant, problem.applicant)
        held = (s for p in schedule.panels for s in p.sittings if (s.session, s.room) == (self.session, self.room))
        there = next(held, None)
        if there is None:
            where = joined([name("session", self.session), name("room", self.room)], " ")
            raise Refused(say("%(where)s没有场次", where=where))

        def moved(_: Panel, sitting: Sitting) -> Sitting:
            left = without(sitting, self.applicant)
            return (
                _with(left, [*left.appointments, Appointment(self.applicant, self.start)]) if sitting is there else left
            )

        return each(schedule, moved)


@dataclass(frozen=True)
class Swap:
    """Two applicants change places; one of them may be unscheduled."""

    one: str
    other: str

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:
        """Each where the other was."""
        _known("applicant", self.one, problem.applicant)
        _known("applicant", self.other, problem.applicant)
        partner = {self.one: self.other, self.other: self.one}

        def swapped(_: Panel, s: Sitting) -> Sitting:
            if s.heard.isdisjoint(partner):
                return s
            return _with(s, [replace(a, applicant=partner.get(a.applicant, a.applicant)) for a in s.appointments])

        return each(schedule, swapped)


@dataclass(frozen=True)
class Unschedule:
    """An applicant loses the appointment."""

    applicant: str

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:
        """The applicant nowhere."""
        _known("applicant", self.applicant, problem.applicant)
        return each(schedule, lambda _, s: without(s, self.applicant))


@dataclass(frozen=True)
class MoveSitting:
    """A panel's sitting of one session goes to a session and room; everyone keeps the number of their slot.

    Who has no slot of that number in the new session is left unscheduled, and the price says so.
    """

    panel: str
    session: str
    to_session: str
    to_room: str

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:
        """The sitting there."""
        for session in (self.session, self.to_session):
            _known("session", session, problem.session)
        _known("room", self.to_room, {r.id for r in problem.rooms})
        panel = _panel(schedule, self.panel)
        there = next((s for s in panel.sittings if s.session == self.session), None)
        if there is None:
            when = name("session", self.session)
            raise Refused(say("%(panel)s在%(when)s没有场次", panel=name("panel", self.panel), when=when))
        rows = there.appointments
        if self.to_session != self.session:
            old, new = (slots(problem.session[i], problem.slot_minutes) for i in (self.session, self.to_session))
            start = dict(zip(old, new, strict=False))
            rows = tuple(replace(a, start=start[a.start]) for a in rows if a.start in start)
        moved = Sitting(self.to_session, self.to_room, rows)
        return each(schedule, lambda _, s: moved if s is there else s)


@dataclass(frozen=True)
class Replace:
    """Another expert takes a member's seat on one panel, the chair's seat with the chair."""

    panel: str
    leaves: str
    comes: str

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:
        """The panel with the other expert."""
        _known("expert", self.comes, problem.expert)
        panel = _panel(schedule, self.panel)
        _known("expert", self.leaves, panel.members)
        members = tuple(self.comes if m == self.leaves else m for m in panel.members)
        chair = self.comes if panel.chair == self.leaves else panel.chair
        return _put(schedule, replace(panel, members=members, chair=chair))


@dataclass(frozen=True)
class NameChair:
    """Another member of a panel becomes its chair."""

    panel: str
    chair: str

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:  # noqa: ARG002
        """The panel with that chair."""
        panel = _panel(schedule, self.panel)
        _known("expert", self.chair, panel.members)
        return _put(schedule, replace(panel, chair=self.chair))


@dataclass(frozen=True)
class Price:
    """What a change would give: the schedule after it, what it would break and mend, and the cost after less before."""

    schedule: Schedule
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    difference: tuple[int, ...]


def price(problem: Problem, schedule: Schedule, *changes: Change) -> Price:
    """The price of changes made one after the other.

    After each one a sitting that hears nobody any more and a panel without sittings go. A panel whose applicants
    changed lists the directions it hears; one that no mix lets it hear beside the others stays off the list, and the
    price says whom that concerns (H8).

    Raises:
        Refused: a change names somebody or something that is not there.
    """
    return Prices(problem, schedule).of(*changes)


class Prices:
    """The prices of changes to one schedule: what the checker said of its panels is kept, for several threads."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem, self.schedule = problem, schedule
        self._judge, self._whole, self._lock = Judge(problem), Whole(problem), Lock()
        self._parts = {id(p): (p.id, self._part(p)) for p in schedule.panels}
        for part in self._parts.values():
            self._whole.put(*part)
        self.report = self._whole.report(schedule.unscheduled)
        """What the checker says of the schedule as it is."""

    def of(self, *changes: Change) -> Price:
        """The price of changes made one after the other, as :func:`price` tells."""
        after = self.schedule
        for change in changes:
            after = _tidy(self.problem, after, change.apply(self.problem, after))
        old, new = self.report, self._report(after)
        return Price(
            after.rated(new.cost, _bound(self.schedule, old, new), self.schedule.seconds),
            _more(new, old),
            _more(old, new),
            tuple(b - a for a, b in zip(old.cost, new.cost, strict=True)),
        )

    def _report(self, schedule: Schedule) -> Report:
        """A panel that is the same object as before is as it was judged before."""
        kept = {id(p) for p in schedule.panels}
        old = [part for key, part in self._parts.items() if key not in kept]
        new = [(p.id, self._part(p)) for p in schedule.panels if id(p) not in self._parts]
        with self._lock:
            self._exchange(old, new)
            try:
                return self._whole.report(schedule.unscheduled)
            finally:
                self._exchange(new, old)

    def _part(self, panel: Panel) -> Part:
        return self._judge.panel(panel.to_json(at=lambda start: start))

    def _exchange(self, out: Iterable[tuple[str, Part]], into: Iterable[tuple[str, Part]]) -> None:
        for part in out:
            self._whole.take(*part)
        for part in into:
            self._whole.put(*part)


def _more(one: Report, other: Report) -> tuple[Violation, ...]:
    """The violations one has more often than the other."""
    if not one.violations:
        return ()
    return tuple((Counter(one.violations) - Counter(other.violations)).elements())


def _bound(schedule: Schedule, old: Report, new: Report) -> tuple[int, ...]:
    """A bound holds while every earlier level costs what it did; a schedule that is not valid may cost less."""
    proven = schedule.bound if schedule.cost == old.cost else ()
    same = next((k for k, (a, b) in enumerate(zip(old.cost, new.cost, strict=True)) if a != b), len(new.cost))
    kept = proven[: same + 1] + (0,) * len(new.cost)
    return tuple(map(min, kept, new.cost))


def _tidy(problem: Problem, before: Schedule, after: Schedule) -> Schedule:
    """Only the panels that changed are looked at: one that is the same object is left as it is."""
    same = {id(p) for p in before.panels} & {id(p) for p in after.panels}
    panels = tuple(p if id(p) in same else _tidied(problem, p) for p in after.panels)
    panels = tuple(p for p in panels if id(p) in same or p.sittings)
    was = dict.fromkeys(a.applicant for p in before.panels if id(p) not in same for a in p.appointments())
    now = {a.applicant for p in panels if id(p) not in same for a in p.appointments()}
    kept = [s.heard for p in panels if id(p) in same for s in p.sittings]
    left = [a for a in was if a not in now and a in problem.applicant and not any(a in heard for heard in kept)]
    unscheduled = tuple(a for a in after.unscheduled if a not in now)
    return replace(after, panels=panels, unscheduled=(*unscheduled, *(a for a in left if a not in unscheduled)))


def _tidied(problem: Problem, panel: Panel) -> Panel:
    sittings = tuple(s for s in panel.sittings if s.appointments)
    people = (problem.applicant.get(a.applicant) for s in sittings for a in s.appointments)
    heard = {a.direction for a in people if a is not None}
    listed = tuple(d for d in panel.directions if d in heard)
    every = listed + tuple(d.id for d in problem.directions if d.id in heard and d.id not in listed)
    together = not listed or any(heard <= mix for mix in problem.rules.mixes)
    return replace(panel, sittings=sittings, directions=every if together else listed)


def each(schedule: Schedule, change: Callable[[Panel, Sitting], Sitting]) -> Schedule:
    """Every sitting changed; a panel none of whose sittings did is the same object as before."""
    return replace(schedule, panels=tuple(_changed(p, change) for p in schedule.panels))


def _changed(panel: Panel, change: Callable[[Panel, Sitting], Sitting]) -> Panel:
    sittings = tuple(change(panel, s) for s in panel.sittings)
    same = all(a is b for a, b in zip(sittings, panel.sittings, strict=True))
    return panel if same else replace(panel, sittings=sittings)


def _with(sitting: Sitting, rows: Iterable[Appointment]) -> Sitting:
    appointments = tuple(sorted(rows, key=lambda a: a.start))
    return sitting if appointments == sitting.appointments else replace(sitting, appointments=appointments)


def without(sitting: Sitting, applicant: str) -> Sitting:
    """The sitting without somebody; the same object where it does not hear the person."""
    if applicant not in sitting.heard:
        return sitting
    return _with(sitting, [a for a in sitting.appointments if a.applicant != applicant])


def _panel(schedule: Schedule, code: str) -> Panel:
    found = next((p for p in schedule.panels if p.id == code), None)
    if found is None:
        raise Refused(say("没有%(what)s", what=name("panel", code)))
    return found


def _put(schedule: Schedule, panel: Panel) -> Schedule:
    return replace(schedule, panels=tuple(panel if p.id == panel.id else p for p in schedule.panels))


def _known(kind: str, code: str, there: Iterable[str]) -> None:
    if code not in there:
        raise Refused(say("没有%(what)s", what=name(kind, code)))
