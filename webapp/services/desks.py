"""A version kept warm in the process: its problem, its schedule judged, everybody's name. Every drag asks this.

A desk is good for one revision of a version on one ground.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.check import Violation
from scheduler.errors import SchedulerError
from scheduler.explain.exchange import Exchange
from scheduler.explain.places import Places
from scheduler.pins import PanelPin, loose, pins_of
from scheduler.price import Prices
from scheduler.problem import Pin, Problem
from scheduler.schedule import Schedule
from webapp.models import Round, ScheduleVersion
from webapp.services import drafts, ground
from webapp.services.ground import Ground
from webapp.services.kernel import Refused
from webapp.services.moves import changes, written
from webapp.services.violations import Told

KEPT = 4
"""Desks kept at a time, the last used."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tried:
    """What moves would give, before they are made."""

    problem: Problem
    schedule: Schedule
    pins: tuple[PanelPin, ...]
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    violations: tuple[Violation, ...]
    """All there would be."""
    difference: tuple[int, ...]


class Desk:
    """One revision of one version on today's data."""

    def __init__(self, version: ScheduleVersion, ground: Ground, problem: Problem) -> None:
        self.number, self.revision = version.number, version.revision
        self.ground, self.problem = ground, problem
        self.schedule = Schedule.from_json(drafts.core(version.document))
        self.pins = pins_of(version.document)
        self.prices = Prices(problem, self.schedule)
        self.people, self.tongue = ground.people, ground.tongue

    @cached_property
    def places(self) -> Places:
        """Where else an applicant can go.

        Raises:
            Refused: the schedule names somebody or something that is no longer there.
        """
        return _asked(Places, self)

    @cached_property
    def exchange(self) -> Exchange:
        """Who else can have a seat, where else a sitting can be held."""
        return _asked(Exchange, self)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What it breaks, pins to panels among it."""
        return (*self.prices.report.violations, *loose(self.pins, self.schedule))

    def unpinned(self, schedule: Schedule) -> bool:
        """Whether another schedule breaks a pin to a panel that this one holds."""
        return bool(self.pins) and not set(loose(self.pins, schedule)) <= set(self.violations)

    def told(self, violations: Iterable[Violation]) -> list[Told]:
        """Violations in the office's words."""
        return [self.tongue.told(one) for one in violations]

    def settled(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The moves, with a panel for whoever is put where nobody sits.

        Raises:
            Refused: nobody hears the direction.
        """
        return [self._opened(row) if row["kind"] == "open" and row["panel"] is None else row for row in rows]

    def _opened(self, row: Row) -> dict[str, Any]:
        try:
            at = datetime.fromisoformat(row["start"])
            return written(self.places.opening(row["applicant"], row["session"], row["room"], at))
        except SchedulerError as error:
            raise Refused("%(error)s。", error=self.tongue.said(error.args[0])) from error

    def tried(self, rows: list[dict[str, Any]]) -> Tried:
        """What moves would give.

        Raises:
            Refused: a move names somebody or something that is not there.
        """
        problem = _held(self.problem, rows)
        prices = self.prices if problem is self.problem else Prices(problem, self.schedule)
        try:
            price = prices.of(*changes(rows))
        except (SchedulerError, KeyError) as error:
            raise Refused(
                "这一步已经做不了：%(error)s。请刷新页面后重试。", error=self.tongue.said(error.args[0])
            ) from error
        pins = _seated(self.pins, rows)
        after = Counter(prices.report.violations) - Counter(price.mended) + Counter(price.broken)
        after += Counter(loose(pins, price.schedule))
        before = Counter(self.violations)
        return Tried(
            problem,
            price.schedule,
            pins,
            tuple((after - before).elements()),
            tuple((before - after).elements()),
            tuple(after.elements()),
            price.difference,
        )


Asks = TypeVar("Asks", Places, Exchange)


def _asked(kind: type[Asks], desk: Desk) -> Asks:
    try:
        return kind(desk.problem, desk.schedule, desk.prices)
    except SchedulerError as error:
        raise Refused("%(error)s", error=desk.tongue.said(error.args[0])) from error


def _held(problem: Problem, rows: Iterable[Row]) -> Problem:
    """The problem with applicants' pins as the moves set them."""
    pins: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["kind"] == "pin" and row.keys() & {"session", "room", "start"}:
            changed = {key: row[key] for key in ("session", "room", "start") if key in row}
            pins[row["applicant"]] = pins.get(row["applicant"], {}) | changed
    if not pins:
        return problem
    for code, pin in pins.items():
        known = code in problem.applicant and pin.get("session") in (None, *problem.session)
        if not known or pin.get("room") not in (None, *(r.id for r in problem.rooms)):
            raise Refused("固定的对象已不在名册或场地里。请刷新页面后重试。")

    def pinned(pin: Pin, changed: dict[str, Any]) -> Pin:
        if changed.get("start"):
            changed = changed | {"start": datetime.fromisoformat(changed["start"])}
        return replace(pin, **changed)

    people = (replace(a, pin=pinned(a.pin, pins[a.id])) if a.id in pins else a for a in problem.applicants)
    return replace(problem, applicants=tuple(people))


def _seated(pins: tuple[PanelPin, ...], rows: Iterable[Row]) -> tuple[PanelPin, ...]:
    """The pins to panels as the moves set them; a chair or member held elsewhere on the same panel stays held."""
    found = set(pins)
    for row in rows:
        if row["kind"] == "pin" and "panel" in row:
            found = {p for p in found if (p.kind, p.id) != ("applicant", row["applicant"])}
            if row["panel"]:
                found.add(PanelPin(row["panel"], "applicant", row["applicant"]))
        elif row["kind"] == "seat":
            pin = PanelPin(row["panel"], row["as"], row["expert"])
            found = found | {pin} if row["held"] else found - {pin}
    return tuple(sorted(found))


# -------------------------------------------------------------------- what is kept

_lock = Lock()
_kept: WeakKeyDictionary[Engine, OrderedDict[int, Desk]] = WeakKeyDictionary()


def of(session: Session, version: ScheduleVersion) -> Desk:
    """The desk of a version; made anew where the version or the round's data changed."""
    engine, today = session.get_bind().engine, ground.of(session, session.get_one(Round, version.round_id))
    revision = session.scalar(select(ScheduleVersion.revision).where(ScheduleVersion.id == version.id)) or 0
    with _lock:
        mine = _kept.setdefault(engine, OrderedDict())
        known = mine.get(version.id)
    if known and known.ground is today and known.revision == revision:
        return known
    session.refresh(version)
    fresh = made(version, today)
    with _lock:
        mine[version.id] = fresh
        mine.move_to_end(version.id)
        while len(mine) > KEPT:
            mine.popitem(last=False)
    return fresh


def made(version: ScheduleVersion, today: Ground) -> Desk:
    """A new desk of a version as it is in the session.

    Raises:
        Refused: the round's data cannot be scheduled.
    """
    if today.problem is None:
        raise Refused("名册或场地现在不成一个排程问题：%(error)s。请先改正。", error=today.why)
    return Desk(version, today, today.problem)
