"""A relaxation of the whole: how many of each direction are heard in which session, and by how many experts at least.

Rooms are counted, slots are counted, people are alike where direction, old session and possible sessions are the same.
An expert sits once a session; which sitting an expert sits in matters for specialists and chairs only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from ortools.sat.python import cp_model

from scheduler.repair.before import Before
from scheduler.repair.window import Spot, Windows

Var = Any
total = cp_model.LinearExpr.sum
Class = tuple[int, frozenset[str], Spot | None]
"""Sittings of a session that may hear the same directions; a started one is a class of its own."""


class Flow:
    """The model; :attr:`levels` are lower limits of the four changes and the sittings."""

    def __init__(self, before: Before) -> None:
        self.before, self.f, self.p = before, before.facts, before.facts.problem
        self.m = cp_model.CpModel()
        windows = Windows(before)
        started = [x for s in range(len(self.f.sessions)) for x in windows.session(s).spots if x.team is not None]
        self.busy = {(m, self.f.sessions[x.s].id) for x in started if x.team for m in x.team.members}
        self.load = Counter(m for m, _ in self.busy)
        self.classes = self._classes(windows, started)
        self.rooms = Counter(s for s, room in windows.places if (self.f.sessions[s].id, room) not in before.started)
        self.sittings = [1 if x else self.m.new_int_var(0, self.rooms[s], "") for s, _, x in self.classes]
        self.free: dict[int, list[tuple[int, frozenset[str]]]] = {s: [] for s in range(len(self.f.sessions))}
        for c, (s, directions, x) in enumerate(self.classes):
            if x is None:
                self.free[s].append((c, directions))
        self.groups = self._groups()
        self.left: list[Var] = []
        self.moves: list[list[Var]] = [[], []]
        self.people()
        called = self.experts()
        self.levels: list[Any] = [total(self.left), *map(total, self.moves), total(called), total(self.sittings)]

    def _classes(self, windows: Windows, started: list[Spot]) -> list[Class]:
        covers = windows.covers({d for d, n in self.f.count.items() if n})
        found: list[Class] = [
            (s, c, None) for s in range(len(self.f.sessions)) if self.before.usable[s] for c in covers
        ]
        return [*found, *((x.s, frozenset(x.directions), x) for x in started)]

    def _groups(self) -> dict[tuple[str, str | None, bool, tuple[bool, ...]], int]:
        """(direction, old session, whether the old place can be kept, possible sessions) → people."""
        found: Counter[tuple[str, str | None, bool, tuple[bool, ...]]] = Counter()
        for a in self.p.applicants:
            if a.id in self.before.past:
                continue
            possible = tuple(bool(m & u) for m, u in zip(self.f.masks[a.id], self.before.usable, strict=True))
            was = self.before.at[a.id][0] if a.id in self.before.at else None
            found[a.direction, was, self._keeps(a.id), possible] += 1
        return found

    def _keeps(self, who: str) -> bool:
        """Whether the applicant's old place is one that can still be had."""
        if who not in self.before.at:
            return False
        session, room, start = self.before.at[who]
        s = self.f.session_number.get(session)
        if s is None or start not in self.f.starts[s] or self.p.applicant[who].pin.room not in (None, room):
            return False
        there = any(r.id == room and r.open_in(session) for r in self.p.rooms)
        return there and bool(self.f.masks[who][s] & self.before.usable[s] & 1 << self.f.starts[s].index(start))

    def people(self) -> None:
        """Everyone goes to a class of a session that is possible, or is left out; slots are counted."""
        there: dict[int, list[Var]] = defaultdict(list)
        for (direction, was, keeps, possible), n in self.groups.items():
            goes = []
            for c, (s, directions, _) in enumerate(self.classes):
                if possible[s] and direction in directions:
                    v = self.m.new_int_var(0, n, "")
                    goes.append(v)
                    there[c].append(v)
                    stays = was == self.f.sessions[s].id
                    if was is not None and not (stays and keeps):
                        self.moves[stays].append(v)
            self.left.append(self.m.new_int_var(0, n, ""))
            if was is not None:
                self.moves[False].append(self.left[-1])
            self.m.add(total([*goes, self.left[-1]]) == n)
        for c, (s, _, spot) in enumerate(self.classes):
            slots = (self.before.usable[s] if spot is None else spot.usable).bit_count()
            self.m.add(total(there[c]) <= slots * self.sittings[c])

    def experts(self) -> list[Var]:
        """Seats, specialists and chairs of the sittings that are not yet started; who is called anew."""
        rules, called = self.p.rules, []
        seats: dict[int, list[Var]] = defaultdict(list)
        near: dict[int, list[Var]] = defaultdict(list)
        chairs: dict[int, list[Var]] = defaultdict(list)
        for e in self.p.experts:
            mine = []
            for s, session in enumerate(self.f.sessions):
                if session.id not in e.sessions or (e.id, session.id) in self.busy:
                    continue
                sits = self.m.new_bool_var("")
                mine.append(sits)
                seats[s].append(sits)
                if (e.id, session.id) not in self.before.called:
                    called.append(sits)
                for_class = []
                for c, directions in self.free[s]:
                    if any(e.strength.get(d, 0) >= 2 for d in directions):
                        v = self.m.new_bool_var("")
                        for_class.append(v)
                        near[c].append(v)
                        if e.chair:
                            chairs[c].append(v)
                self.m.add(total(for_class) <= sits)
            if e.max_sessions is not None:
                self.m.add(total(mine) <= max(0, e.max_sessions - self.load[e.id]))
        for s, classes in self.free.items():
            held = total([self.sittings[c] for c, _ in classes])
            self.m.add(held <= self.rooms[s])
            self.m.add(total(seats[s]) == rules.panel_size * held)
            for c, _ in classes:
                self.m.add(total(near[c]) >= rules.min_specialists * self.sittings[c])
                self.m.add(total(chairs[c]) >= self.sittings[c])
        return called
