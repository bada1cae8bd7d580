"""A window's rules with the levels that need no panels: the four changes and the sittings; to a plan and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from scheduler.repair.before import Before, Held, Plan
from scheduler.repair.rules import Rules, total
from scheduler.repair.window import Spot, Window
from scheduler.schedule import Appointment
from scheduler.seating import match


class Moves(Rules):
    """:attr:`levels` to minimise one after the other, and a :attr:`wish` where all are equal."""

    def __init__(self, before: Before, window: Window) -> None:
        super().__init__(before, window)
        self.terms = [*self.changes(), [("used", i) for i, x in enumerate(self.spots) if not x.kept]]
        self.levels: list[Any] = [total([self.named[name] for name in names]) for names in self.terms]
        self.wish = self.moved_seats()

    def changes(self) -> list[list[Any]]:
        """The variables that count who is unscheduled, changes session, changes room or start, is called anew."""
        session: list[Any] = []
        place: list[Any] = []
        for g, i in self.y:
            was = self.groups[g].session
            if was is not None:
                (place if was == self.f.sessions[self.spots[i].s].id else session).append(("y", g, i))
        called = [
            ("seat", i, e)
            for i, e in self.seat
            if (self.p.experts[e].id, self.f.sessions[self.spots[i].s].id) not in self.before.called
        ]
        left = [("left", g) for g in range(len(self.groups))]
        session += [name for name, group in zip(left, self.groups, strict=True) if group.session is not None]
        return [left, session, place, called]

    def worth(self, plan: Plan) -> list[int]:
        """What the five levels are in a plan that this window can express."""
        values = self.values(plan)
        return [sum(values.get(name, 0) for name in names) for names in self.terms]

    def moved_seats(self) -> Any:
        """No level, a wish: experts and chairs stay in the seats they had."""
        found: list[Any] = []
        for (i, e), v in self.seat.items():
            old = self.before.held.get(self.spots[i].place(self.f))
            if old is not None and self.p.experts[e].id not in old.members:
                found.append(v)
        for (i, e), v in self.chair.items():
            old = self.before.held.get(self.spots[i].place(self.f))
            if old is not None and self.p.experts[e].id != old.chair:
                found.append(v)
        return total(found)

    def hint(self, plan: Plan) -> None:
        """Start from a plan that this window can express."""
        self.m.clear_hints()  # type: ignore[no-untyped-call]
        values = self.values(plan)
        for name, v in self.named.items():
            self.m.add_hint(v, values.get(name, 0))

    def values(self, plan: Plan) -> dict[Any, int]:
        """The variables' values in a plan, by name; what is not named is 0."""
        values: dict[Any, int] = defaultdict(int)
        group = {a: g for g, x in enumerate(self.groups) for a in x.people}
        for g, x in enumerate(self.groups):
            values["left", g] = len(x.people)
        held = {h.place: h for h in plan}
        for i, spot in enumerate(self.spots):
            h = held.get(spot.place(self.f))
            if h is not None:
                self._sitting_values(values, i, h, group)
        return values

    def _sitting_values(self, values: dict[Any, int], i: int, h: Held, group: dict[str, int]) -> None:
        x = self.spots[i]
        values["used", i] = 1
        heard = {self.p.applicant[a.applicant].direction for a in h.rows}
        for d in heard:
            values["hears", i, d] = 1
        values["cover", i, next((n for n, c in enumerate(x.covers) if heard <= c), -1)] = 1
        for m in h.members:
            values["seat", i, self.f.expert_number.get(m, -1)] = 1
        values["chair", i, self.f.expert_number.get(h.chair, -1)] = 1
        for a in h.rows:
            g = group.get(a.applicant)
            if g is None:
                continue
            values["left", g] -= 1
            t = self.f.starts[x.s].index(a.start)
            if self.before.at.get(a.applicant) == (h.session, h.room, a.start) and a.applicant in self.stay:
                values["stay", a.applicant] = 1
            else:
                values["y", g, i] += 1
                values["slot", g, i, t] = values["meets", g, i] = 1

    def plan(self, value: Any) -> Plan:
        """The whole plan of a solution; ``value`` answers a variable's value."""
        staying = {a for a, (_, _, v) in self.stay.items() if value(v)}
        pool = [[a for a in group.people if a not in staying] for group in self.groups]
        found = list(self.window.rest)
        for i, x in enumerate(self.spots):
            if x.kept or value(self.used[i]):
                found.append(self._sitting(i, x, staying, pool, value))
        return tuple(found)

    def _sitting(self, i: int, x: Spot, staying: set[str], pool: list[list[str]], value: Any) -> Held:
        session = self.f.sessions[x.s].id
        kept = [a for a in x.team.rows if a.applicant in x.kept] if x.team else []
        stays = [(a, t) for a, (j, t, _) in self.stay.items() if j == i and a in staying]
        goes = [pool[g].pop() for (g, j), v in self.y.items() if j == i for _ in range(value(v))]
        free = x.usable & ~sum(1 << t for _, t in stays)
        rows = [*stays, *zip(goes, self._slots([self.f.masks[a][x.s] & free for a in goes], x.s), strict=True)]
        made = [*kept, *(Appointment(a, self.f.starts[x.s][t]) for a, t in rows)]
        if x.team is not None:
            members, chair, panel = x.team.members, x.team.chair, x.team.panel
        else:
            members = tuple(self.p.experts[e].id for (j, e), v in self.seat.items() if j == i and value(v))
            chair = next(self.p.experts[e].id for (j, e), v in self.chair.items() if j == i and value(v))
            panel = self._panel(session, x.room)
        return Held(session, x.room, members, chair, tuple(sorted(made, key=lambda a: a.start)), panel)

    def _panel(self, session: str, room: str) -> str:
        old = self.before.held.get((session, room))
        return old.panel if old else ""

    def _slots(self, masks: Sequence[int], s: int) -> list[int]:
        """A slot for each mask, the last one as early as can be."""
        found = (match(masks, width) for width in range(len(masks), self.f.slots[s] + 1))
        return next(slots for slots in found if slots is not None)
