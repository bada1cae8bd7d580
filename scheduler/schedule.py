"""The answer: panels, their sittings, their appointments; as frozen values and as the page's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from scheduler.problem import Problem, stamp
from scheduler.reading import Node, fail

LEVELS = ("unscheduled", "sittings", "groups", "mismatch", "days", "peak", "thin")
UNSCHEDULED, SITTINGS, GROUPS, MISMATCH, DAYS, PEAK, THIN = range(len(LEVELS))
"""Their places in a cost."""


@dataclass(frozen=True)
class Appointment:
    """One applicant in one slot."""

    applicant: str
    start: datetime


@dataclass(frozen=True)
class Sitting:
    """A panel in a room for one session; appointments by start."""

    session: str
    room: str
    appointments: tuple[Appointment, ...]

    @cached_property
    def heard(self) -> frozenset[str]:
        """The applicants."""
        return frozenset(a.applicant for a in self.appointments)


@dataclass(frozen=True)
class Panel:
    """Experts with a chair, the directions they hear, their sittings."""

    id: str
    directions: tuple[str, ...]
    chair: str
    members: tuple[str, ...]
    sittings: tuple[Sitting, ...]

    def appointments(self) -> Iterator[Appointment]:
        """Those of every sitting."""
        return (a for s in self.sittings for a in s.appointments)

    def to_json(self, at: Callable[[datetime], Any] = stamp) -> dict[str, Any]:
        """The page's document of a panel; ``at``: how a start is written."""
        return {
            "id": self.id,
            "directions": list(self.directions),
            "chair": self.chair,
            "members": list(self.members),
            "sittings": [
                {
                    "session": s.session,
                    "room": s.room,
                    "appointments": [{"applicant": a.applicant, "start": at(a.start)} for a in s.appointments],
                }
                for s in self.sittings
            ],
        }


@dataclass(frozen=True)
class Schedule:
    """A schedule with its cost and bound by level."""

    panels: tuple[Panel, ...]
    unscheduled: tuple[str, ...]
    cost: tuple[int, ...] = ()
    bound: tuple[int, ...] = ()
    seconds: float = 0.0

    @property
    def status(self) -> str:
        """``optimal`` where every level is proven."""
        return "optimal" if self.cost == self.bound else "feasible"

    def rated(self, cost: tuple[int, ...], bound: tuple[int, ...], seconds: float) -> Schedule:
        """The same with its figures."""
        return replace(self, cost=cost, bound=bound, seconds=seconds)

    def to_json(self) -> dict[str, Any]:
        """The page's document."""
        return {
            "panels": [p.to_json() for p in self.panels],
            "unscheduled": list(self.unscheduled),
            "cost": list(self.cost),
            "bound": list(self.bound),
            "status": self.status,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, document: object) -> Schedule:
        """Read a schedule document.

        Raises:
            Unreadable: one sentence with the path of the first mistake.
        """
        f = Node(document, "schedule").fields(("panels", "unscheduled"), ("cost", "bound", "seconds", "status"))
        seconds = f["seconds"].value if "seconds" in f else 0.0
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise fail("schedule.seconds", "must be a number")
        return cls(
            tuple(_panel(n) for n in f["panels"].items()),
            f["unscheduled"].texts(),
            tuple(n.whole() for n in f["cost"].items()) if "cost" in f else (),
            tuple(n.whole() for n in f["bound"].items()) if "bound" in f else (),
            float(seconds),
        )


def _panel(node: Node) -> Panel:
    f = node.fields(("id", "directions", "chair", "members", "sittings"))
    return Panel(
        f["id"].text(),
        f["directions"].texts(),
        f["chair"].text(),
        f["members"].texts(),
        tuple(_sitting(n) for n in f["sittings"].items()),
    )


def _sitting(node: Node) -> Sitting:
    f = node.fields(("session", "room", "appointments"))
    rows = (n.fields(("applicant", "start")) for n in f["appointments"].items())
    found = tuple(sorted((Appointment(r["applicant"].text(), r["start"].when()) for r in rows), key=lambda a: a.start))
    return Sitting(f["session"].text(), f["room"].text(), found)


def empty(problem: Problem) -> Schedule:
    """The schedule that hears nobody: always valid."""
    return Schedule((), tuple(a.id for a in problem.applicants))
