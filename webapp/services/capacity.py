"""Can it be done at all? Seats, chairs, specialists and rooms by direction and half-day, counted before solving.

What is counted is necessary, not sufficient: each line has the whole venue and all experts to itself. What falls short
here falls short in every schedule; the rest is the solver's to find out, and ``explain`` says why where it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scheduler.facts import Facts
from scheduler.problem import Problem


@dataclass(frozen=True)
class Half:
    """One half-day: slots of a sitting, rooms open, experts and chairs who come, panels they are enough for."""

    session: str
    slots: int
    rooms: int
    experts: int
    chairs: int
    panels: int

    @property
    def sittings(self) -> int:
        """Sittings at most."""
        return min(self.rooms, self.panels, self.chairs)


@dataclass(frozen=True)
class Cell:
    """One direction in one half-day."""

    session: str
    chairs: int
    specialists: int
    sittings: int
    places: int


@dataclass(frozen=True)
class Line:
    """One direction: people, the sittings they need at least, who can hear them, and the half-days."""

    direction: str
    people: int
    sittings: int
    chairs: int
    specialists: int
    cells: tuple[Cell, ...]

    @property
    def places(self) -> int:
        """Places at most, were the direction alone."""
        return sum(cell.places for cell in self.cells)

    @property
    def short(self) -> bool:
        """Whether somebody of it cannot be heard whatever is done."""
        return self.places < self.people


class Capacity:
    """A round's needs beside what there is."""

    def __init__(self, problem: Problem) -> None:
        self.facts = Facts(problem)
        self.size = problem.rules.panel_size
        self.people = len(problem.applicants)

    @cached_property
    def halves(self) -> tuple[Half, ...]:
        """By time."""
        f, experts = self.facts, self.facts.problem.experts
        found = []
        for number, session in enumerate(f.sessions):
            come = [e for e in range(len(experts)) if number in f.open[e] and f.most_sessions(e)]
            chairs = sum(experts[e].chair for e in come)
            row = Half(session.id, f.slots[number], f.rooms_open[number], len(come), chairs, len(come) // self.size)
            found.append(row)
        return tuple(found)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Of the directions that somebody applies in."""
        return tuple(self._line(d) for d, n in self.facts.count.items() if n)

    def _line(self, d: str) -> Line:
        f, least = self.facts, self.facts.problem.rules.min_specialists
        near = [e for e in range(len(f.open)) if f.strength(e, d) >= 2 and f.most_sessions(e)]
        lead = [e for e in near if f.may_chair(e, [d])]
        cells = []
        for number, half in enumerate(self.halves):
            chairs, specialists = (sum(number in f.open[e] for e in group) for group in (lead, near))
            enough = specialists // least if least else half.sittings
            sittings = min(half.sittings, chairs, enough)
            cells.append(Cell(half.session, chairs, specialists, sittings, sittings * half.slots))
        return Line(d, f.count[d], f.least_sittings((d,), 0), len(lead), len(near), tuple(cells))

    @cached_property
    def sittings(self) -> int:
        """Sittings at least."""
        return sum(self.facts.least_sittings(block, 0) for block in self.facts.blocks)

    @property
    def seats_needed(self) -> int:
        """Experts' half-days at least."""
        return self.sittings * self.size

    @property
    def seats(self) -> int:
        """Experts' half-days there are."""
        return sum(map(self.facts.most_sessions, range(len(self.facts.open))))

    @property
    def rooms(self) -> int:
        """Places of all rooms."""
        return sum(half.rooms * half.slots for half in self.halves)

    @property
    def places(self) -> int:
        """Places where rooms, experts and chairs come together."""
        return sum(half.sittings * half.slots for half in self.halves)
