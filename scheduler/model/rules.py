"""Variables and hard rules: one method a rule, named after it.

Panels are the unit, like applicants are counted, rooms are handed out by type. Names: ``p`` a candidate panel, ``s`` a
session's number in order of time, ``e`` an expert's number, ``c`` a kind of applicants, ``t`` a type of rooms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from scheduler.around import Around
from scheduler.facts import Facts

Var = Any
total = cp_model.LinearExpr.sum


class Rules:
    """H1 to H12 for ``candidates``, the directions each panel may hear; what is ``around`` keeps seats and rooms."""

    def __init__(
        self,
        facts: Facts,
        candidates: Sequence[tuple[str, ...]],
        around: Around | None = None,
        able: Sequence[Sequence[int]] | None = None,
        open_seats: bool = False,
        times: Sequence[Sequence[int]] | None = None,
    ) -> None:
        """``able``: who may be a member of each panel; ``times``: when each sits, where that is settled."""
        self.f, self.p, self.m = facts, facts.problem, cp_model.CpModel()
        self.around = around or Around(facts)
        self.candidates = candidates
        self.P, self.S = range(len(candidates)), range(len(facts.sessions))
        self.open_seats = open_seats
        """Whether a panel needs only its specialists and its chair so far."""
        self.settled = times is not None
        self.times = times or [self.S] * len(candidates)
        """By panel: the sessions it may sit in, or those it does."""
        self.able = able or self._able()
        """By panel: the numbers of the experts who may be members."""
        self.C = [[c for c, k in enumerate(facts.kinds) if k.direction in ds] for ds in candidates]
        self.named: dict[Any, Var] = {}
        self.h5_panels()
        self.h8_directions()
        self.h4_seats()
        self.h1_heard()
        self.h2_h10_slots()
        self.h3_rooms()
        self.h6_employers()
        self.h7_specialists()
        self.h9_recusals()
        self.h12_sittings()
        self.alike_panels_in_order()

    def _able(self) -> list[Sequence[int]]:
        """Any expert; where it is settled when a panel sits, those who are free then."""
        everybody = range(len(self.p.experts))
        if not self.settled:
            return [everybody] * len(self.candidates)
        free = [set(self.free(e)) for e in everybody]
        return [[e for e in everybody if free[e].issuperset(times)] for times in self.times]

    def flag(self, *name: Any) -> Var:
        """A named yes-or-no variable; the name is what a hint finds it by."""
        self.named[name] = self.m.new_bool_var("")
        return self.named[name]

    def whole(self, most: int, *name: Any) -> Var:
        """A named whole number from 0."""
        self.named[name] = self.m.new_int_var(0, max(0, most), "")
        return self.named[name]

    def strength(self, e: int, d: str) -> int:
        """The expert's strength in the direction."""
        return self.p.experts[e].strength.get(d, 0)

    def h5_panels(self) -> None:
        """A used panel has its members and one chair among them who may chair it."""
        size = self.p.rules.panel_size
        self.used = [self.flag("used", p) for p in self.P]
        self.member = {(p, e): self.flag("member", p, e) for p in self.P for e in self.able[p]}
        self.chair: dict[tuple[int, int], Var] = {}
        self.chairs: list[list[Var]] = []
        for p in self.P:
            self._full([self.member[p, e] for e in self.able[p]], size * self.used[p])
            here = []
            for e in self.able[p]:
                if self.p.experts[e].chair and any(self.strength(e, d) >= 2 for d in self.candidates[p]):
                    self.chair[p, e] = self.flag("chair", p, e)
                    here.append(self.chair[p, e])
                    self.m.add_implication(self.chair[p, e], self.member[p, e])
            self.chairs.append(here)
            self.m.add(total(here) == self.used[p])

    def _enough(self) -> None:
        """Open seats are counted by session: there are experts for all of them, those of the panels around included."""
        for s in self.S:
            there = sum(s in open_ for open_ in self.f.open)
            sittings = total([self.sits[p, s] for p in self.P]) + self.around.taken[s]
            self.m.add(self.p.rules.panel_size * sittings <= there)

    def _full(self, taken: list[Var], seats: Any) -> None:
        self.m.add(total(taken) <= seats if self.open_seats else total(taken) == seats)

    def h8_directions(self) -> None:
        """Which directions a panel hears: its one, or some of its mix."""
        self.hears = {}
        for p, ds in enumerate(self.candidates):
            for d in ds:
                self.hears[p, d] = self.used[p] if len(ds) == 1 else self.flag("hears", p, d)
                if len(ds) > 1:
                    self.m.add_implication(self.hears[p, d], self.used[p])
                    for e in self.able[p]:
                        if (p, e) in self.chair and self.strength(e, d) < 2:
                            self.m.add_bool_or(~self.chair[p, e], ~self.hears[p, d])
            if len(ds) > 1:
                self.m.add(total([self.hears[p, d] for d in ds]) >= 2 * self.used[p])

    def h4_seats(self) -> None:
        """An expert sits once a session, when available, and not more often than agreed."""
        size = self.p.rules.panel_size
        self.sits = {(p, s): self._sits(p, s) for p in self.P for s in self.S}
        self.seat: dict[tuple[int, int, int], Var] = {}
        at: dict[tuple[int, int], list[Var]] = defaultdict(list)
        seats: dict[tuple[int, int], list[Var]] = defaultdict(list)
        for p in self.P:
            for e in self.able[p]:
                free = set(self.free(e))
                for s in self.times[p]:
                    both = ~self.member[p, e], ~self.sits[p, s]
                    if s not in free:
                        self.m.add_bool_or(*both)
                        continue
                    v = self.seat[p, e, s] = self.flag("seat", p, e, s)
                    self.m.add_implication(v, self.member[p, e])
                    self.m.add_implication(v, self.sits[p, s])
                    # Said by the sum below as well, but clauses are what a conflict is learnt from: n1000-1's largest
                    # cluster, which had no plan after 90 s, has one after 7.
                    self.m.add_bool_or(*both, v)
                    at[e, s].append(v)
                    seats[p, s].append(v)
        for key, v in self.sits.items():
            self._full(seats[key], size * v)
        if self.open_seats:
            self._enough()
        self.day: dict[tuple[int, int], Var] = {}
        mine: dict[int, list[Var]] = defaultdict(list)
        for (e, s), here in at.items():
            mine[e] += here
            day = e, self.f.day_number[s]
            if day in self.around.days:
                self.m.add_at_most_one(here)
                continue
            if day not in self.day:
                self.day[day] = self.flag("day", *day)
            self.m.add(total(here) <= self.day[day])
        self.load: dict[int, Any] = {e: total(here) + self.around.load[e] for e, here in mine.items()}
        for e, load in self.load.items():
            limit = self.p.experts[e].max_sessions
            if limit is not None and limit < len(self.f.sessions):
                self.m.add(load <= limit)

    def _sits(self, p: int, s: int) -> Var:
        return self.m.new_constant(s in self.times[p]) if self.settled else self.flag("sits", p, s)

    def free(self, e: int) -> list[int]:
        """The sessions in which the expert can still sit."""
        open_in, busy = self.p.experts[e].sessions, self.around.busy.get(e, ())
        return [s for s in self.S if self.f.sessions[s].id in open_in and s not in busy]

    def h1_heard(self) -> None:
        """Everyone is heard at most once: so many of each kind in each sitting."""
        self.x: dict[tuple[int, int, int], Var] = {}
        self.left = []
        places: dict[int, list[Var]] = defaultdict(list)
        for p in self.P:
            for c in self.C[p]:
                kind = self.f.kinds[c]
                for s in self.times[p]:
                    if kind.masks[s]:
                        self.x[p, s, c] = self.whole(min(len(kind.people), self.f.slots[s]), "x", p, s, c)
                        places[c].append(self.x[p, s, c])
        for c, kind in enumerate(self.f.kinds):
            self.left.append(self.whole(len(kind.people), "left", c))
            self.m.add(total(places[c]) + self.left[-1] == len(kind.people))
        here: dict[tuple[int, int], list[Var]] = defaultdict(list)
        of: dict[tuple[int, str], list[Var]] = defaultdict(list)
        for (p, s, c), v in self.x.items():
            here[p, s].append(v)
            of[p, self.f.kinds[c].direction].append(v)
        self.count = {key: total(here[key]) for key in self.sits}
        self.heard = {(p, d): total(of[p, d]) for p, ds in enumerate(self.candidates) for d in ds}

    def h2_h10_slots(self) -> None:
        """Slots: only who cannot take all of a session's slots is put on one; the others fill up to the last used."""
        self.length = {}
        for p in self.P:
            for s in self.times[p]:
                slots, full = self.f.slots[s], (1 << self.f.slots[s]) - 1
                length = self.length[p, s] = self.whole(slots, "length", p, s)
                self.m.add(length <= slots * self.sits[p, s])
                self.m.add(self.count[p, s] <= length)
                at: dict[int, list[Var]] = defaultdict(list)
                for c in self.C[p]:
                    mask = self.f.kinds[c].masks[s]
                    if (p, s, c) in self.x and mask != full:
                        mine = {t: self.flag("slot", p, s, c, t) for t in range(slots) if mask >> t & 1}
                        self.m.add(total(list(mine.values())) == self.x[p, s, c])
                        for t, v in mine.items():
                            at[t].append(v)
                            self.m.add(length >= t + 1).only_enforce_if(v)
                for column in at.values():
                    self.m.add_at_most_one(column)

    def h3_rooms(self) -> None:
        """A room holds one sitting a session: counted by type of room, the type a variable where there are several."""
        self.type: dict[tuple[int, int, int], Var] = {}
        types = self.f.room_types
        for s in self.S:
            free = {
                t: len(names) - self.around.rooms[t, s]
                for t, (open_in, names) in enumerate(types)
                if self.f.sessions[s].id in open_in
            }
            self.m.add(total([self.sits[p, s] for p in self.P]) <= self.f.rooms_open[s] - self.around.taken[s])
            if len(types) > 1:
                for p in self.P:
                    for t in free:
                        self.type[p, s, t] = self.flag("type", p, s, t)
                    self.m.add(total([self.type[p, s, t] for t in free]) == self.sits[p, s])
                for t, n in free.items():
                    self.m.add(total([self.type[p, s, t] for p in self.P]) <= n)
        if len(types) > 1:
            for (p, s, c), v in self.x.items():  # H11: a pinned room
                room = self.f.kinds[c].room
                if room is not None:
                    own = self.type.get((p, s, self.f.type_of_room[room]), 0)
                    self.m.add(v <= len(self.f.kinds[c].people) * own)

    def h6_employers(self) -> None:
        """At most so many members of one employer."""
        most = self.p.rules.max_members_per_employer
        for p in self.P:
            firms: dict[str, list[Var]] = defaultdict(list)
            for e in self.able[p]:
                firm = self.p.experts[e].employer
                if firm is not None:
                    firms[firm].append(self.member[p, e])
            for members in firms.values():
                if len(members) > most:
                    self.m.add(total(members) <= most)

    def h7_specialists(self) -> None:
        """Enough specialists for each direction heard."""
        least = self.p.rules.min_specialists
        for (p, d), hears in self.hears.items():
            near = [self.member[p, e] for e in self.able[p] if self.strength(e, d) >= 2]
            self.m.add(total(near) >= least * hears)

    def h9_recusals(self) -> None:
        """No member hears somebody whom H9 keeps apart."""
        for p in self.P:
            here = set(self.able[p])
            for c in self.C[p]:
                kind = self.f.kinds[c]
                apart = [e for e in sorted(self.f.expert_number[name] for name in kind.recused) if e in here]
                mine = [self.x[p, s, c] for s in self.S if (p, s, c) in self.x]
                if apart and mine:
                    y = self.flag("meets", p, c)
                    self.m.add(total(mine) <= len(kind.people) * y)
                    for e in apart:
                        self.m.add_bool_or(~y, ~self.member[p, e])

    def h12_sittings(self) -> None:
        """A used panel has 1 to so many sittings, none empty, and hears someone of each direction it lists."""
        for p, ds in enumerate(self.candidates):
            held = total([self.sits[p, s] for s in self.S])
            self.m.add(held >= self.used[p])
            self.m.add(held <= self.f.limit * self.used[p])
            for s in self.S:
                self.m.add(self.count[p, s] >= self.sits[p, s])
            for d in ds:
                self.m.add(self.heard[p, d] >= self.hears[p, d])
                if len(ds) > 1:
                    self.m.add(self.heard[p, d] <= self.f.count[d] * self.hears[p, d])

    def alike_panels_in_order(self) -> None:
        """Candidates for the same directions are ordered by their sessions: any order of them is the same schedule."""
        if self.settled:
            return
        first = self.S[:40]  # a power of two each: more would leave the solver's numbers
        for p in self.P[1:]:
            if self.candidates[p] == self.candidates[p - 1] and self.able[p] == self.able[p - 1]:
                a, b = (total([(1 << (len(first) - 1 - s)) * self.sits[q, s] for s in first]) for q in (p - 1, p))
                self.m.add(a >= b)
                self.m.add_implication(self.used[p], self.used[p - 1])
