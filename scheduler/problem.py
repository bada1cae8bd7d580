"""The problem: an instance of the scheduling page as frozen values that have been checked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from scheduler.reading import FORMAT, Node, fail

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Rules:
    """The numbers of the hard rules; ``None`` is no limit."""

    panel_size: int
    min_specialists: int
    max_members_per_employer: int
    max_sittings_per_panel: int | None = None
    min_sitting: int = 0
    mixes: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class Session:
    """A half-day with its breaks."""

    id: str
    start: datetime
    end: datetime
    breaks: tuple[Interval, ...] = ()

    @property
    def day(self) -> date:
        """The day it starts on."""
        return self.start.date()


@dataclass(frozen=True)
class Room:
    """A room; ``sessions`` is ``None`` for all of them."""

    id: str
    sessions: frozenset[str] | None = None

    def open_in(self, session: str) -> bool:
        """Whether it can be used in the session."""
        return self.sessions is None or session in self.sessions


@dataclass(frozen=True)
class Direction:
    """A professional direction."""

    id: str
    name: str = ""


@dataclass(frozen=True)
class Expert:
    """Somebody who may sit on panels; ``strength`` 1 to 3 by direction."""

    id: str
    employer: str | None
    strength: Mapping[str, int]
    chair: bool
    sessions: frozenset[str]
    max_sessions: int | None = None
    recuse_applicants: frozenset[str] = frozenset()
    recuse_employers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pin:
    """Where an applicant is held; ``None`` is free."""

    session: str | None = None
    room: str | None = None
    start: datetime | None = None


@dataclass(frozen=True)
class Applicant:
    """A senior applicant to be heard once."""

    id: str
    direction: str
    employer: str | None
    unavailable: tuple[Interval, ...] = ()
    recuse_experts: frozenset[str] = frozenset()
    recuse_employers: frozenset[str] = frozenset()
    pin: Pin = Pin()


@dataclass(frozen=True)
class Problem:
    """An instance. Made by :meth:`from_json`, which refuses what breaks the format."""

    name: str
    slot_minutes: int
    rules: Rules
    sessions: tuple[Session, ...]
    rooms: tuple[Room, ...]
    directions: tuple[Direction, ...]
    experts: tuple[Expert, ...]
    applicants: tuple[Applicant, ...]
    document: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict)

    @classmethod
    def from_json(cls, document: object) -> Problem:
        """Read an instance document.

        Raises:
            Unreadable: one sentence with the path of the first mistake.
        """
        return _problem(Node(document, "instance"))

    @cached_property
    def session(self) -> dict[str, Session]:
        """Sessions by id."""
        return {s.id: s for s in self.sessions}

    @cached_property
    def expert(self) -> dict[str, Expert]:
        """Experts by id."""
        return {e.id: e for e in self.experts}

    @cached_property
    def applicant(self) -> dict[str, Applicant]:
        """Applicants by id."""
        return {a.id: a for a in self.applicants}

    def only(self, people: Set[str]) -> Problem:
        """The problem with these applicants alone."""
        experts = tuple(replace(e, recuse_applicants=e.recuse_applicants & people) for e in self.experts)
        return replace(self, experts=experts, applicants=tuple(a for a in self.applicants if a.id in people))


def _problem(root: Node) -> Problem:
    f = root.fields(
        ("talk_minutes", "answer_minutes", "rules", "sessions", "rooms", "directions", "experts", "applicants"),
        ("name", "turnover_minutes"),
    )
    minutes = sum(f[k].whole(0, 1440) for k in ("talk_minutes", "answer_minutes", "turnover_minutes") if k in f)
    if minutes == 0:
        raise fail(root.path, "a slot has no length")
    problem = Problem(
        name=str(f["name"].value) if "name" in f else "",
        slot_minutes=minutes,
        rules=_rules(f["rules"]),
        sessions=tuple(_session(n) for n in f["sessions"].items()),
        rooms=tuple(_room(n) for n in f["rooms"].items()),
        directions=tuple(_direction(n) for n in f["directions"].items()),
        experts=tuple(_expert(n) for n in f["experts"].items()),
        applicants=tuple(_applicant(n) for n in f["applicants"].items()),
        document=root.value,
    )
    _check_references(problem)
    return problem


def _rules(node: Node) -> Rules:
    f = node.fields(
        ("panel_size", "min_specialists", "max_members_per_employer"),
        ("max_sittings_per_panel", "min_sitting", "mixes"),
    )
    return Rules(
        f["panel_size"].whole(1, 99),
        f["min_specialists"].whole(0, 99),
        f["max_members_per_employer"].whole(0, 99),
        f["max_sittings_per_panel"].whole() if "max_sittings_per_panel" in f else None,
        f["min_sitting"].whole() if "min_sitting" in f else 0,
        tuple(frozenset(n.texts()) for n in f["mixes"].items()) if "mixes" in f else (),
    )


def _session(node: Node) -> Session:
    f = node.fields(("id", "start", "end"), ("breaks",))
    start, end = f["start"].when(), f["end"].when()
    if start >= end:
        raise fail(node.path, "ends before it starts")
    breaks = f["breaks"].intervals() if "breaks" in f else ()
    if any(a < start or b > end for a, b in breaks):
        raise fail(f"{node.path}.breaks", "a break lies outside the session")
    return Session(f["id"].text(), start, end, tuple(sorted(breaks)))


def _room(node: Node) -> Room:
    f = node.fields(("id",), ("sessions",))
    return Room(f["id"].text(), frozenset(f["sessions"].texts()) if "sessions" in f else None)


def _direction(node: Node) -> Direction:
    f = node.fields(("id",), ("name",))
    return Direction(f["id"].text(), str(f["name"].value) if "name" in f else "")


def _names(f: dict[str, Node], key: str) -> frozenset[str]:
    return frozenset(f[key].texts()) if key in f else frozenset()


def _expert(node: Node) -> Expert:
    f = node.fields(
        ("id", "employer", "directions", "sessions"), ("chair", "max_sessions", "recuse_applicants", "recuse_employers")
    )
    if not isinstance(f["directions"].value, Mapping):
        raise fail(f["directions"].path, "must be an object")
    strength = {k: Node(v, f"{node.path}.directions.{k}").whole(1, 3) for k, v in f["directions"].value.items()}
    return Expert(
        f["id"].text(),
        f["employer"].text() if "employer" in f else None,
        strength,
        f["chair"].flag() if "chair" in f else False,
        frozenset(f["sessions"].texts()),
        f["max_sessions"].whole() if "max_sessions" in f else None,
        _names(f, "recuse_applicants"),
        _names(f, "recuse_employers"),
    )


def _applicant(node: Node) -> Applicant:
    f = node.fields(("id", "direction", "employer"), ("unavailable", "recuse_experts", "recuse_employers", "pin"))
    pin = f["pin"].fields((), ("session", "room", "start")) if "pin" in f else {}
    return Applicant(
        f["id"].text(),
        f["direction"].text(),
        f["employer"].text() if "employer" in f else None,
        f["unavailable"].intervals() if "unavailable" in f else (),
        _names(f, "recuse_experts"),
        _names(f, "recuse_employers"),
        Pin(
            pin["session"].text() if "session" in pin else None,
            pin["room"].text() if "room" in pin else None,
            pin["start"].when() if "start" in pin else None,
        ),
    )


def _check_references(p: Problem) -> None:
    kinds = ("sessions", "rooms", "directions", "experts", "applicants")
    ids = {}
    for kind in kinds:
        seen: set[str] = set()
        for i, row in enumerate(getattr(p, kind)):
            if row.id in seen:
                raise fail(f"instance.{kind}[{i}].id", f"'{row.id}' stands twice")
            seen.add(row.id)
        ids[kind] = seen
    order = sorted(p.sessions, key=lambda s: s.start)
    for a, b in itertools.pairwise(order):
        if a.end > b.start:
            raise fail("instance.sessions", f"'{a.id}' and '{b.id}' overlap")

    def known(kind: str, names: Iterable[str | None], path: str) -> None:
        for name in names:
            if name is not None and name not in ids[kind]:
                raise fail(f"instance.{path}", f"unknown {kind[:-1]} '{name}'")

    for i, mix in enumerate(p.rules.mixes):
        known("directions", sorted(mix), f"rules.mixes[{i}]")
    for i, r in enumerate(p.rooms):
        known("sessions", sorted(r.sessions or ()), f"rooms[{i}].sessions")
    for i, e in enumerate(p.experts):
        known("sessions", sorted(e.sessions), f"experts[{i}].sessions")
        known("directions", e.strength, f"experts[{i}].directions")
        known("applicants", sorted(e.recuse_applicants), f"experts[{i}].recuse_applicants")
    for i, x in enumerate(p.applicants):
        known("directions", [x.direction], f"applicants[{i}].direction")
        known("experts", sorted(x.recuse_experts), f"applicants[{i}].recuse_experts")
        known("sessions", [x.pin.session], f"applicants[{i}].pin.session")
        known("rooms", [x.pin.room], f"applicants[{i}].pin.room")


def stamp(moment: datetime) -> str:
    """A wall-clock time as the documents write it."""
    return moment.strftime(FORMAT)
