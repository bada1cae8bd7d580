"""A window's rules as a CP-SAT model: who stays, who goes where, who sits where; one method a rule, named after it.

Sittings are the unit, not panels: a panel of one sitting breaks no rule that the whole one keeps. ``i`` is a spot's
number, ``e`` an expert's, ``g`` a group: loose people of one kind who were in one session before (``None``: in none).
Who stays keeps room and start; who moves is counted by group and spot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from scheduler.repair.before import Before, Enough, Held
from scheduler.repair.window import Spot, Window

Var = Any
total = cp_model.LinearExpr.sum


@dataclass(frozen=True)
class Group:
    """Loose people who are alike, and the session they were heard in."""

    kind: int
    session: str | None
    people: tuple[str, ...]


class Rules:
    """The rules for a window."""

    def __init__(self, before: Before, window: Window) -> None:
        self.before, self.window, self.f = before, window, before.facts
        self.p, self.m = self.f.problem, cp_model.CpModel()
        self.spots = window.spots
        self.I = range(len(self.spots))
        self.named: dict[Any, Var] = {}
        self.groups = self._groups()
        self.busy = {(self.f.expert_number.get(m, -1), h.session) for h in self.fixed() for m in h.members}
        self.load = Counter(self.f.expert_number.get(m, -1) for h in self.fixed() for m in h.members)
        self.at_hand = {
            s.id: [e for e, row in enumerate(self.p.experts) if s.id in row.sessions] for s in self.f.sessions
        }
        self.used = [1 if x.kept else self.flag("used", i) for i, x in enumerate(self.spots)]
        self.hears = {(i, d): self.flag("hears", i, d) for i, x in enumerate(self.spots) for d in x.directions}
        self.h8_directions()
        self.h5_h6_h7_panels()
        self.h4_seats()
        self.h1_people()
        self.h2_slots()
        self.h9_recusals()
        self.h12_sittings()

    def fixed(self) -> list[Held]:
        """The sittings whose experts are fixed: the teams of spots and all outside."""
        return [*self.window.rest, *(x.team for x in self.spots if x.team is not None)]

    def flag(self, *name: Any) -> Var:
        """A named yes-or-no variable.

        Raises:
            Enough: the repair is over; large models are left at once so.
        """
        if self.before.enough:
            raise Enough
        self.named[name] = self.m.new_bool_var("")
        return self.named[name]

    def whole(self, most: int, *name: Any) -> Var:
        """A named whole number from 0."""
        self.named[name] = self.m.new_int_var(0, max(0, most), "")
        return self.named[name]

    def _groups(self) -> list[Group]:
        kind = {a: c for c, k in enumerate(self.f.kinds) for a in k.people}
        found: dict[tuple[int, str | None], list[str]] = defaultdict(list)
        for a in self.window.loose:
            found[kind[a], self.before.at[a][0] if a in self.before.at else None].append(a)
        return [Group(c, s, tuple(people)) for (c, s), people in found.items()]

    def h8_directions(self) -> None:
        """What a spot hears is within one cover; what the people kept there need is heard."""
        for i, x in enumerate(self.spots):
            chosen = [self.flag("cover", i, n) for n in range(len(x.covers))]
            self.m.add(total(chosen) <= 1)
            for d in x.directions:
                self.m.add(self.hears[i, d] <= total([v for v, c in zip(chosen, x.covers, strict=True) if d in c]))
                self.m.add(self.hears[i, d] <= self.used[i])
            for d in {self.direction(a) for a in x.kept}:
                self.m.add(self.hears[i, d] == 1)

    def h5_h6_h7_panels(self) -> None:
        """A free spot that is used has a panel: its size, a chair who may, employers apart, specialists."""
        rules = self.p.rules
        self.seat: dict[tuple[int, int], Var] = {}
        self.chair: dict[tuple[int, int], Var] = {}
        for i, x in enumerate(self.spots):
            if x.team is not None:
                continue
            session = self.f.sessions[x.s].id
            able = [e for e in self.at_hand[session] if (e, session) not in self.busy]
            firms: dict[str, list[Var]] = defaultdict(list)
            chairs = []
            for e in able:
                self.seat[i, e] = self.flag("seat", i, e)
                firms[self.p.experts[e].employer or ""].append(self.seat[i, e])
                if self.p.experts[e].chair and any(self.strength(e, d) >= 2 for d in x.directions):
                    self.chair[i, e] = self.flag("chair", i, e)
                    self.m.add_implication(self.chair[i, e], self.seat[i, e])
                    chairs.append(self.chair[i, e])
            self.m.add(total([self.seat[i, e] for e in able]) == rules.panel_size * self.used[i])
            self.m.add(total(chairs) == self.used[i])
            for firm, members in firms.items():
                if firm and len(members) > rules.max_members_per_employer:
                    self.m.add(total(members) <= rules.max_members_per_employer)
            for d in x.directions:
                near = [self.seat[i, e] for e in able if self.strength(e, d) >= 2]
                self.m.add(total(near) >= rules.min_specialists * self.hears[i, d])
                for e in able:
                    if (i, e) in self.chair and self.strength(e, d) < 2:
                        self.m.add_bool_or(~self.chair[i, e], ~self.hears[i, d])

    def direction(self, applicant: str) -> str:
        """The applicant's direction."""
        return self.p.applicant[applicant].direction

    def strength(self, e: int, d: str) -> int:
        """The expert's strength in the direction."""
        return self.p.experts[e].strength.get(d, 0)

    def h4_seats(self) -> None:
        """An expert sits once a session and not more often than agreed."""
        at: dict[tuple[int, int], list[Var]] = defaultdict(list)
        self.mine: dict[int, list[Var]] = defaultdict(list)
        for (i, e), v in self.seat.items():
            at[e, self.spots[i].s].append(v)
            self.mine[e].append(v)
        for here in at.values():
            self.m.add_at_most_one(here)
        for e, seats in self.mine.items():
            limit = self.p.experts[e].max_sessions
            if limit is not None and limit < self.load[e] + len(seats):
                self.m.add(total(seats) <= max(0, limit - self.load[e]))

    def h1_people(self) -> None:
        """Everyone loose stays, goes to one spot, or is left out; H10 and H11 are in the kinds' slots and rooms."""
        spot = {x.place(self.f): i for i, x in enumerate(self.spots)}
        self.stay: dict[str, tuple[int, int, Var]] = {}
        for a in self.window.loose:
            found = self._old_slot(a, spot)
            if found is not None:
                self.stay[a] = (*found, self.flag("stay", a))
        self.y: dict[tuple[int, int], Var] = {}
        self.left: list[Var] = []
        for g, group in enumerate(self.groups):
            kind, goes = self.f.kinds[group.kind], []
            for i, x in enumerate(self.spots):
                takes = x.guests and self._takes(x, kind.direction, kind.room, kind.recused)
                if takes and kind.masks[x.s] & x.usable:
                    self.y[g, i] = self.whole(min(len(group.people), x.usable.bit_count()), "y", g, i)
                    goes.append(self.y[g, i])
            self.left.append(self.whole(len(group.people), "left", g))
            stays = [self.stay[a][2] for a in group.people if a in self.stay]
            self.m.add(total(goes) + total(stays) + self.left[g] == len(group.people))

    def _old_slot(self, a: str, spot: dict[Any, int]) -> tuple[int, int] | None:
        """(spot, slot) of the applicant's old place, where it can still be had."""
        if a not in self.before.at:
            return None
        session, room, start = self.before.at[a]
        i = spot.get((session, room))
        if i is None or start not in self.f.starts[self.spots[i].s]:
            return None
        x, row = self.spots[i], self.p.applicant[a]
        t = self.f.starts[x.s].index(start)
        fits = self.f.masks[a][x.s] & x.usable & 1 << t
        return (i, t) if fits and self._takes(x, row.direction, row.pin.room, self.f.recused[a]) else None

    def _takes(self, x: Spot, direction: str, room: str | None, recused: frozenset[str]) -> bool:
        return (
            direction in x.directions
            and room in (None, x.room)
            and (x.team is None or recused.isdisjoint(x.team.members))
        )

    def h2_slots(self) -> None:
        """A slot holds one person. Only who cannot take every usable slot is put on one; the others fill up."""
        self.slot: dict[tuple[int, int, int], Var] = {}
        self.later = [list[Var]() for _ in self.I]
        at: dict[tuple[int, int], list[Var]] = defaultdict(list)
        heard: dict[tuple[int, str], list[Var]] = defaultdict(list)
        for a, (i, t, v) in self.stay.items():
            at[i, t].append(v)
            self.later[i].append(v)
            heard[i, self.direction(a)].append(v)
            self.m.add_implication(v, self.hears[i, self.direction(a)])
        for (g, i), v in self.y.items():
            x, kind = self.spots[i], self.f.kinds[self.groups[g].kind]
            self.later[i].append(v)
            heard[i, kind.direction].append(v)
            mask = kind.masks[x.s] & x.usable
            if mask != x.usable:
                slots = [t for t in range(self.f.slots[x.s]) if mask >> t & 1]
                for t in slots:
                    self.slot[g, i, t] = self.flag("slot", g, i, t)
                    at[i, t].append(self.slot[g, i, t])
                self.m.add(total([self.slot[g, i, t] for t in slots]) == v)
        for column in at.values():
            self.m.add_at_most_one(column)
        for (i, d), people in heard.items():
            self.m.add(total(people) <= self.spots[i].usable.bit_count() * self.hears[i, d])
        for i, x in enumerate(self.spots):
            self.m.add(total(self.later[i]) <= x.usable.bit_count() * self.used[i])

    def h9_recusals(self) -> None:
        """No member hears somebody whom H9 keeps apart."""
        for a, (i, _, v) in self.stay.items():
            for e in self._apart(i, self.f.recused[a]):
                self.m.add_bool_or(~v, ~self.seat[i, e])
        for (g, i), v in self.y.items():
            apart = self._apart(i, self.f.kinds[self.groups[g].kind].recused)
            if apart:
                meets = self.flag("meets", g, i)
                self.m.add(v <= len(self.groups[g].people) * meets)
                for e in apart:
                    self.m.add_bool_or(~meets, ~self.seat[i, e])

    def _apart(self, i: int, recused: frozenset[str]) -> list[int]:
        return [e for e in sorted(self.f.expert_number[name] for name in recused) if (i, e) in self.seat]

    def h12_sittings(self) -> None:
        """A sitting hears somebody."""
        for i, x in enumerate(self.spots):
            if not x.kept:
                self.m.add(total(self.later[i]) >= self.used[i])
