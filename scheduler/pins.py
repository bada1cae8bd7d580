"""Pins that a schedule carries beside the instance's own: whom a panel hears, who sits on it, who chairs it.

The instance holds applicants in a session, room or start. A panel is made by a schedule, so what is held on it belongs
to that schedule; :func:`again` makes the rest of it anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from scheduler.check import Violation
from scheduler.problem import Expert, Problem, Room
from scheduler.reading import Node, fail
from scheduler.schedule import Panel, Schedule

KINDS = ("applicant", "member", "chair")


@dataclass(frozen=True, order=True)
class PanelPin:
    """Somebody held on a panel: an applicant it hears (or nobody does), a member, the chair."""

    panel: str
    kind: str
    id: str

    def to_json(self) -> dict[str, str]:
        """The pin as it is kept with a schedule."""
        return {"panel": self.panel, "kind": self.kind, "id": self.id}

    @classmethod
    def from_json(cls, document: object) -> PanelPin:
        """Read one.

        Raises:
            Unreadable: a key is missing or the kind is unknown.
        """
        f = Node(document, "pin").fields(("panel", "kind", "id"))
        kind = f["kind"].text()
        if kind not in KINDS:
            raise fail("pin.kind", f"must be one of {', '.join(KINDS)}")
        return cls(f["panel"].text(), kind, f["id"].text())


def loose(pins: Iterable[PanelPin], schedule: Schedule) -> tuple[Violation, ...]:
    """The pins a schedule does not hold, as violations of H11."""
    panels = {p.id: p for p in schedule.panels}
    unscheduled = frozenset(schedule.unscheduled)
    return tuple(
        Violation("H11", pin.panel, f"{pin.id} is pinned to it")
        for pin in sorted(pins)
        if not (_held(pin, panels.get(pin.panel)) or (pin.kind == "applicant" and pin.id in unscheduled))
    )


def _held(pin: PanelPin, panel: Panel | None) -> bool:
    if panel is None:
        return False
    if pin.kind == "applicant":
        return any(a.applicant == pin.id for s in panel.sittings for a in s.appointments)
    return pin.id == panel.chair if pin.kind == "chair" else pin.id in panel.members


def apart(problem: Problem, schedule: Schedule, names: Collection[str]) -> tuple[tuple[Panel, ...], Problem]:
    """The panels of those names, and the problem that is left beside them: who and what they take is gone from it."""
    kept = tuple(p for p in schedule.panels if p.id in names)
    heard = {a.applicant for p in kept for s in p.sittings for a in s.appointments}
    rooms, seats, load = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set), Counter[str]()
    for p in kept:
        for s in p.sittings:
            rooms[s.room].add(s.session)
            for m in p.members:
                seats[m].add(s.session)
                load[m] += 1
    sessions = frozenset(problem.session)
    return kept, replace(
        problem,
        rooms=tuple(_room(r, sessions, rooms[r.id]) for r in problem.rooms),
        experts=tuple(_expert(e, seats[e.id], load[e.id], heard) for e in problem.experts),
        applicants=tuple(a for a in problem.applicants if a.id not in heard),
        document={},
    )


def _room(room: Room, every: frozenset[str], taken: set[str]) -> Room:
    return replace(room, sessions=(every if room.sessions is None else room.sessions) - taken) if taken else room


def _expert(expert: Expert, taken: set[str], load: int, heard: set[str]) -> Expert:
    most = None if expert.max_sessions is None else max(0, expert.max_sessions - load)
    return replace(
        expert,
        sessions=expert.sessions - taken,
        max_sessions=most,
        recuse_applicants=expert.recuse_applicants - heard,
    )


def joined(kept: tuple[Panel, ...], rest: Schedule) -> Schedule:
    """The kept panels and a schedule of the problem beside them; a name that is taken gets another."""
    taken = {p.id for p in kept}
    used = taken | {p.id for p in rest.panels}
    free = (name for n in count(1) if (name := f"P{n}") not in used)
    panels = tuple(replace(p, id=next(free)) if p.id in taken else p for p in rest.panels)
    return Schedule(kept + panels, rest.unscheduled)


def pins_of(document: Mapping[str, Any]) -> tuple[PanelPin, ...]:
    """The pins kept with a schedule's document, none where it has none.

    Raises:
        Unreadable: one of them is not a pin.
    """
    return tuple(sorted(PanelPin.from_json(row) for row in document.get("pins", ())))
