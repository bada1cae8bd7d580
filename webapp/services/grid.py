"""One page of the board (编排表): a day's sessions, time down, some of the rooms across, read off a desk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.pins import PanelPin
from scheduler.problem import Session
from scheduler.schedule import Panel, Sitting
from scheduler.timeline import slots
from webapp.services.desks import Desk
from webapp.services.kernel import Sentence
from webapp.services.violations import Told

ROOMS = 10
"""Rooms on one page."""


@dataclass(frozen=True)
class Card:
    """An applicant as a card."""

    code: str
    name: str
    employer: str
    direction: str
    direction_name: str
    tint: int
    pins: tuple[str, ...]
    """Which of session, room, start and panel are held."""
    broken: tuple[Sentence, ...]


@dataclass(frozen=True)
class Seat:
    """A member of a panel."""

    code: str
    name: str
    chair: bool
    pins: tuple[str, ...]
    """Which of chair and member are held."""


@dataclass(frozen=True)
class Held:
    """A sitting as the head of its column."""

    panel: str
    directions: tuple[tuple[str, int], ...]
    """Name and tint."""
    seats: tuple[Seat, ...]
    count: int
    broken: tuple[Sentence, ...]


@dataclass(frozen=True)
class Column:
    """A room in a session; ``sitting`` is ``None`` while it is free."""

    room: str
    name: str
    sitting: Held | None


@dataclass(frozen=True)
class Part:
    """A session: its columns, and its rows with a place in each."""

    session: str
    start: datetime
    end: datetime
    columns: tuple[Column, ...]
    rows: tuple[tuple[datetime, tuple[Card | None, ...]], ...]


@dataclass(frozen=True)
class View:
    """What is asked for: a day, a page of rooms, one direction or one room only."""

    day: date | None = None
    page: int = 1
    direction: str = ""
    room: str = ""


@dataclass(frozen=True)
class Grid:
    """The page."""

    view: View
    day: date | None
    days: tuple[tuple[date, int], ...]
    """Each day of the round with the number of people heard on it."""
    pages: int
    rooms: tuple[tuple[str, str], ...]
    """Every room, code and name."""
    parts: tuple[Part, ...]
    unscheduled: tuple[Card, ...]
    loose: tuple[Sentence, ...]
    """Broken rules that are about nobody and nothing on the page."""


def grid(desk: Desk, view: View = View()) -> Grid:
    """The page of a desk; a day that is none of the round's is its first with somebody on it."""
    heard = _heard(desk)
    days = tuple(sorted((day, heard[day]) for day in {s.day for s in desk.problem.sessions}))
    first = next((d for d, n in days if n), days[0][0] if days else None)
    day = view.day if view.day in dict(days) else first
    maker = _Maker(desk)
    sessions = sorted((s for s in desk.problem.sessions if s.day == day), key=lambda s: s.start)
    rooms = _rooms(desk, sessions, view)
    pages = max(1, -(-len(rooms) // ROOMS))
    page = min(max(1, view.page), pages)
    shown = rooms[(page - 1) * ROOMS : page * ROOMS]
    parts = tuple(part for s in sessions if (part := maker.part(s, shown)).columns)
    names = tuple((r.id, desk.tongue.rooms.get(r.id, r.id)) for r in desk.problem.rooms)
    view = View(day, page, view.direction, view.room)
    return Grid(view, day, days, pages, names, parts, maker.unscheduled(view.direction), tuple(maker.rest()))


def _heard(desk: Desk) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for panel in desk.schedule.panels:
        for s in panel.sittings:
            if session := desk.problem.session.get(s.session):
                found[session.day] += len(s.appointments)
    return found


def _rooms(desk: Desk, sessions: list[Session], view: View) -> list[str]:
    """The rooms that match: of a direction those in which a panel hears it on that day."""
    here = {s.id for s in sessions}
    rooms = [r.id for r in desk.problem.rooms if any(r.open_in(s) for s in here) and view.room in ("", r.id)]
    if not view.direction:
        return rooms
    held = [(p, s) for p in desk.schedule.panels for s in p.sittings if view.direction in p.directions]
    used = {s.room for _p, s in held if s.session in here}
    return [r for r in rooms if r in used]


class _Maker:
    """Cards and columns of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.p = desk, desk.problem
        self.tints = {d.id: i % 8 for i, d in enumerate(self.p.directions)}
        self.names = {d.id: d.name or d.id for d in self.p.directions}
        self.held = {(s.session, s.room): (p, s) for p in desk.schedule.panels for s in p.sittings}
        self.panel_of = {a.applicant: p.id for p, s in self.held.values() for a in s.appointments}
        self.pins: dict[str, list[PanelPin]] = defaultdict(list)
        for pin in desk.pins:
            self.pins[pin.id].append(pin)
        self.told = desk.told(desk.violations)
        self.shown: set[int] = set()

    def part(self, session: Session, rooms: list[str]) -> Part:
        """A session in some rooms."""
        open_ = {r.id for r in self.p.rooms if r.open_in(session.id)}
        here = [r for r in rooms if r in open_ or (session.id, r) in self.held]
        columns = tuple(self.column(session, room) for room in here)
        places = [self.places(session, room) for room in here]
        starts = sorted({*slots(session, self.p.slot_minutes), *(t for place in places for t in place)})
        rows = tuple((t, tuple(place.get(t) for place in places)) for t in starts)
        return Part(session.id, session.start, session.end, columns, rows)

    def column(self, session: Session, room: str) -> Column:
        """A room's head."""
        found = self.held.get((session.id, room))
        name = self.desk.tongue.rooms.get(room, room)
        return Column(room, name, self.sitting(*found) if found else None)

    def sitting(self, panel: Panel, sitting: Sitting) -> Held:
        """A sitting's head."""
        directions = tuple((self.names.get(d, d), self.tints.get(d, 7)) for d in panel.directions)
        order = sorted(panel.members, key=lambda m: m != panel.chair)
        seats = tuple(self.seat(panel, m) for m in order)
        place = {panel.id, sitting.session, sitting.room}
        about = self.about(lambda t: self._of_sitting(t, place, panel))
        return Held(panel.id, directions, seats, len(sitting.appointments), about)

    def _of_sitting(self, told: Told, place: set[str], panel: Panel) -> bool:
        """Whether a sentence is about the sitting or its panel, and about no applicant."""
        if any(i in self.p.applicant for i in told.ids):
            return False
        rooms_and_halves = {i for i in told.ids if i in self.p.session or i in self.desk.tongue.rooms}
        named = panel.id in told.ids or bool(rooms_and_halves) or any(m in told.ids for m in panel.members)
        return named and rooms_and_halves <= place and (panel.id in told.ids or not self._other_panel(told))

    def _other_panel(self, told: Told) -> bool:
        return any(p.id in told.ids for p in self.desk.schedule.panels)

    def seat(self, panel: Panel, code: str) -> Seat:
        """A member."""
        person = self.desk.people.get(code)
        pins = tuple(p.kind for p in self.pins[code] if p.panel == panel.id and p.kind != "applicant")
        return Seat(code, person.name if person else code, code == panel.chair, pins)

    def places(self, session: Session, room: str) -> dict[datetime, Card]:
        """Start → who is heard there; of two at one start the last, the sentence says that there are two."""
        found = self.held.get((session.id, room))
        return {a.start: self.card(a.applicant) for a in found[1].appointments} if found else {}

    def card(self, code: str) -> Card:
        """An applicant."""
        person, applicant = self.desk.people.get(code), self.p.applicant.get(code)
        direction = applicant.direction if applicant else ""
        broken = self.about(lambda t: code in t.ids)
        return Card(
            code,
            person.name if person else code,
            short(person.employer) if person else "",
            direction,
            self.names.get(direction, direction),
            self.tints.get(direction, 7),
            self.held_in(code),
            broken,
        )

    def held_in(self, code: str) -> tuple[str, ...]:
        """What of an applicant is pinned."""
        applicant = self.p.applicant.get(code)
        pin = applicant.pin if applicant else None
        kinds = [k for k in ("session", "room", "start") if pin is not None and getattr(pin, k) is not None]
        return (*kinds, *("panel" for p in self.pins[code] if p.kind == "applicant"))

    def about(self, concerns: Callable[[Told], bool]) -> tuple[Sentence, ...]:
        """The sentences that concern something, which are then no longer to be told apart from it."""
        mine = [i for i, told in enumerate(self.told) if concerns(told)]
        self.shown.update(mine)
        return tuple(self.told[i].said for i in mine)

    def unscheduled(self, direction: str) -> tuple[Card, ...]:
        """Who has no place; of one direction only where asked."""
        people = (self.card(code) for code in self.desk.schedule.unscheduled)
        return tuple(card for card in people if direction in ("", card.direction))

    def rest(self) -> Iterable[Sentence]:
        """The sentences that stand nowhere on the page."""
        return (told.said for i, told in enumerate(self.told) if i not in self.shown)


_TAIL = re.compile(r"(科技|股份|集团|（集团）)*(有限责任|股份有限|有限)?(公司|集团)$")


def short(employer: str) -> str:
    """An employer's name without what every company is called: 赣锋锂业集团股份有限公司 → 赣锋锂业."""
    cut = _TAIL.sub("", employer)
    return cut if len(cut) >= 2 else employer
