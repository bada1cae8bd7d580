"""The whole problem as a CP-SAT model: panels are the unit, like applicants are counted, rooms are handed out by type.

One method per hard rule, named after it; one expression per level. Names: ``p`` a candidate panel, ``s`` a session's
number in order of time, ``e`` an expert's number, ``c`` the number of a kind of applicants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from scheduler.facts import Facts
from scheduler.schedule import Appointment, Panel, Schedule, Sitting
from scheduler.seating import seat

Var = Any


class Model:
    """Variables, rules H1 to H12 and the seven levels, for ``candidates``: the directions each panel may hear."""

    def __init__(self, facts: Facts, candidates: Sequence[tuple[str, ...]]) -> None:
        self.f, self.p, self.m = facts, facts.problem, cp_model.CpModel()
        self.candidates = candidates
        self.P, self.S, self.E = range(len(candidates)), range(len(facts.sessions)), range(len(self.p.experts))
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
        self.levels = [
            self.unscheduled(),
            self.sittings(),
            self.groups(),
            self.mismatch(),
            self.days(),
            self.peak(),
            self.thin(),
        ]

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

    # ---------------------------------------------------------------- variables with their rules

    def h5_panels(self) -> None:
        """A used panel has its members and one chair among them who may chair it."""
        size = self.p.rules.panel_size
        self.used = [self.flag("used", p) for p in self.P]
        self.member = {(p, e): self.flag("member", p, e) for p in self.P for e in self.E}
        self.chair = {}
        for p in self.P:
            self.m.add(sum(self.member[p, e] for e in self.E) == size * self.used[p])
            for e in self.E:
                if self.p.experts[e].chair and any(self.strength(e, d) >= 2 for d in self.candidates[p]):
                    self.chair[p, e] = self.flag("chair", p, e)
                    self.m.add_implication(self.chair[p, e], self.member[p, e])
            self.m.add(sum(v for (q, _), v in self.chair.items() if q == p) == self.used[p])

    def h8_directions(self) -> None:
        """Which directions a panel hears: its one, or some of its mix."""
        self.hears = {}
        for p, ds in enumerate(self.candidates):
            for d in ds:
                self.hears[p, d] = self.used[p] if len(ds) == 1 else self.flag("hears", p, d)
                if len(ds) > 1:
                    self.m.add_implication(self.hears[p, d], self.used[p])
                    for e in self.E:
                        if (p, e) in self.chair and self.strength(e, d) < 2:
                            self.m.add_bool_or(~self.chair[p, e], ~self.hears[p, d])
            if len(ds) > 1:
                self.m.add(sum(self.hears[p, d] for d in ds) >= 2 * self.used[p])

    def h4_seats(self) -> None:
        """An expert sits once a session, when available, and not more often than agreed."""
        size = self.p.rules.panel_size
        self.sits = {(p, s): self.flag("sits", p, s) for p in self.P for s in self.S}
        self.seat = {}
        at: dict[tuple[int, int], list[Var]] = defaultdict(list)
        for e in self.E:
            for s in self.S:
                if self.f.sessions[s].id in self.p.experts[e].sessions:
                    for p in self.P:
                        v = self.seat[p, e, s] = self.flag("seat", p, e, s)
                        self.m.add_implication(v, self.member[p, e])
                        at[e, s].append(v)
        for p in self.P:
            for s in self.S:
                self.m.add(sum(self.seat[p, e, s] for e in self.E if (p, e, s) in self.seat) == size * self.sits[p, s])
        days = {d: i for i, d in enumerate(self.f.days)}
        self.day: dict[tuple[int, int], Var] = {}
        self.load: list[Any] = []
        for e in self.E:
            for s in self.S:
                if at[e, s]:
                    key = e, days[self.f.sessions[s].day]
                    if key not in self.day:
                        self.day[key] = self.flag("day", *key)
                    self.m.add(sum(at[e, s]) <= self.day[key])
            load = sum(v for s in self.S for v in at[e, s])
            self.load.append(load)
            limit = self.p.experts[e].max_sessions
            if limit is not None and limit < len(self.f.sessions) and not isinstance(load, int):
                self.m.add(load <= limit)

    def h1_heard(self) -> None:
        """Everyone is heard at most once: so many of each kind in each sitting."""
        self.x: dict[tuple[int, int, int], Var] = {}
        self.left = []
        for c, kind in enumerate(self.f.kinds):
            places = []
            for p in self.P:
                if c in self.C[p]:
                    for s in self.S:
                        if kind.masks[s]:
                            self.x[p, s, c] = self.whole(min(len(kind.people), self.f.slots[s]), "x", p, s, c)
                            places.append(self.x[p, s, c])
            left = self.whole(len(kind.people), "left", c)
            self.left.append(left)
            self.m.add(sum(places) + left == len(kind.people))
        self.count = {
            (p, s): sum(self.x[p, s, c] for c in self.C[p] if (p, s, c) in self.x) for p in self.P for s in self.S
        }
        self.heard = {
            (p, d): sum(v for (q, _, c), v in self._of(p) if self.f.kinds[c].direction == d)
            for p, ds in enumerate(self.candidates)
            for d in ds
        }

    def _of(self, p: int) -> list[tuple[tuple[int, int, int], Var]]:
        return [((p, s, c), self.x[p, s, c]) for c in self.C[p] for s in self.S if (p, s, c) in self.x]

    def h2_h10_slots(self) -> None:
        """Slots: only who cannot take all of a session's slots is put on one; the others fill up to the last used."""
        self.length = {}
        for p in self.P:
            for s in self.S:
                slots, full = self.f.slots[s], (1 << self.f.slots[s]) - 1
                length = self.length[p, s] = self.whole(slots, "length", p, s)
                self.m.add(length <= slots * self.sits[p, s])
                self.m.add(self.count[p, s] <= length)
                at: dict[int, list[Var]] = defaultdict(list)
                for c in self.C[p]:
                    if (p, s, c) in self.x and self.f.kinds[c].masks[s] != full:
                        mine = {
                            t: self.flag("slot", p, s, c, t) for t in range(slots) if self.f.kinds[c].masks[s] >> t & 1
                        }
                        self.m.add(sum(mine.values()) == self.x[p, s, c])
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
            here = [t for t, (open_in, _) in enumerate(types) if self.f.sessions[s].id in open_in]
            self.m.add(sum(self.sits[p, s] for p in self.P) <= sum(len(types[t][1]) for t in here))
            if len(types) > 1:
                for p in self.P:
                    for t in here:
                        self.type[p, s, t] = self.flag("type", p, s, t)
                    self.m.add(sum(self.type[p, s, t] for t in here) == self.sits[p, s])
                for t in here:
                    self.m.add(sum(self.type[p, s, t] for p in self.P) <= len(types[t][1]))
        for (p, s, c), v in self.x.items():  # H11: a pinned room
            room = self.f.kinds[c].room
            if room is not None:
                own = next(t for t, (_, names) in enumerate(types) if room in names)
                if len(types) > 1:
                    self.m.add(v <= len(self.f.kinds[c].people) * self.type.get((p, s, own), 0))

    def h6_employers(self) -> None:
        """At most so many members of one employer."""
        firms: dict[str, list[int]] = defaultdict(list)
        for e in self.E:
            firm = self.p.experts[e].employer
            if firm is not None:
                firms[firm].append(e)
        most = self.p.rules.max_members_per_employer
        for members in firms.values():
            if len(members) > most:
                for p in self.P:
                    self.m.add(sum(self.member[p, e] for e in members) <= most)

    def h7_specialists(self) -> None:
        """Enough specialists for each direction heard."""
        for (p, d), hears in self.hears.items():
            self.m.add(
                sum(self.member[p, e] for e in self.E if self.strength(e, d) >= 2)
                >= self.p.rules.min_specialists * hears
            )

    def h9_recusals(self) -> None:
        """No member hears somebody whom H9 keeps apart."""
        number = {e.id: i for i, e in enumerate(self.p.experts)}
        for p in self.P:
            for c in self.C[p]:
                kind = self.f.kinds[c]
                mine = [self.x[p, s, c] for s in self.S if (p, s, c) in self.x]
                if kind.recused and mine:
                    y = self.flag("meets", p, c)
                    self.m.add(sum(mine) <= len(kind.people) * y)
                    for name in sorted(kind.recused):
                        self.m.add_bool_or(~y, ~self.member[p, number[name]])

    def h12_sittings(self) -> None:
        """A used panel has 1 to so many sittings, none empty, and hears someone of each direction it lists."""
        for p, ds in enumerate(self.candidates):
            held = sum(self.sits[p, s] for s in self.S)
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
        first = self.S[:40]  # a power of two each: more would leave the solver's numbers
        for p in self.P[1:]:
            if self.candidates[p] == self.candidates[p - 1]:
                a, b = (sum((1 << (len(first) - 1 - s)) * self.sits[q, s] for s in first) for q in (p - 1, p))
                self.m.add(a >= b)
                self.m.add_implication(self.used[p], self.used[p - 1])

    # ---------------------------------------------------------------- the seven levels

    def unscheduled(self) -> Any:
        """Level 1."""
        return sum(self.left)

    def sittings(self) -> Any:
        """Level 2."""
        return sum(self.sits.values())

    def groups(self) -> Any:
        """Level 3."""
        return sum(self.hears.values())

    def mismatch(self) -> Any:
        """Level 4: by seat where a panel hears one direction, by panel and sitting where it may hear several."""
        terms = []
        for p, ds in enumerate(self.candidates):
            if len(ds) == 1:
                terms += [
                    (3 - self.strength(e, ds[0])) * v
                    for (q, e, _), v in self.seat.items()
                    if q == p and self.strength(e, ds[0]) < 3
                ]
                weak = sum(v for (q, e), v in self.chair.items() if q == p and self.strength(e, ds[0]) == 2)
                for s in self.S:
                    if not isinstance(weak, int):
                        terms.append(self.flag("weak", p, s))
                        self.m.add(terms[-1] >= weak + self.sits[p, s] - 1)
                continue
            most = 3 * (self.p.rules.panel_size + 1)
            by_direction = []
            for d in ds:
                by_direction.append(self.whole(most, "mismatch", p, d))
                each = sum((3 - self.strength(e, d)) * self.member[p, e] for e in self.E) + sum(
                    (3 - self.strength(e, d)) * v for (q, e), v in self.chair.items() if q == p
                )
                self.m.add(by_direction[-1] >= each - most * (1 - self.hears[p, d]))
            for s in self.S:
                terms.append(self.whole(most * len(ds), "mismatch in", p, s))
                self.m.add(terms[-1] >= sum(by_direction) - most * len(ds) * (1 - self.sits[p, s]))
        return sum(terms)

    def days(self) -> Any:
        """Level 5."""
        used = []
        for i, d in enumerate(self.f.days):
            used.append(self.flag("used day", i))
            for s in self.S:
                if self.f.sessions[s].day == d:
                    for p in self.P:
                        self.m.add_implication(self.sits[p, s], used[-1])
        return sum(self.day.values()) + self.p.rules.panel_size * sum(used)

    def peak(self) -> Any:
        """Level 6."""
        peak = self.whole(len(self.S), "peak")
        for load in self.load:
            if not isinstance(load, int):
                self.m.add(load <= peak)
        return peak

    def thin(self) -> Any:
        """Level 7."""
        terms: list[Any] = [self.length[k] - self.count[k] for k in self.length]
        least = self.p.rules.min_sitting
        if least:
            for k, v in self.sits.items():
                terms.append(self.whole(least, "short", *k))
                self.m.add(terms[-1] >= least * v - self.count[k])
        for d, n in self.f.count.items():
            panels = [p for p in self.P if (p, d) in self.hears]
            if len(panels) > 1:
                most, fewest = self.whole(n, "most", d), self.whole(n, "fewest", d)
                self.m.add(fewest <= most)
                for p in panels:
                    self.m.add(most >= self.heard[p, d])
                    self.m.add(fewest <= self.heard[p, d] + n * (1 - self.hears[p, d]))
                terms.append(most - fewest)
        return sum(terms) + sum(self.room_changes())

    def room_changes(self) -> list[Var]:
        """Changes of the type of room between a panel's next sittings of a day; inside a type none is needed."""
        found = []
        for a, b in combinations(self.S, 2):
            if self.type and self.f.sessions[a].day == self.f.sessions[b].day:
                for p in self.P:
                    change = self.flag("change", p, a, b)
                    found.append(change)
                    between = sum(self.sits[p, s] for s in range(a + 1, b))
                    for t in range(len(self.f.room_types)):
                        if (p, a, t) in self.type:
                            self.m.add(
                                change
                                >= self.type[p, a, t] + self.sits[p, b] - self.type.get((p, b, t), 0) - 1 - between
                            )
        return found

    # ---------------------------------------------------------------- to a schedule and back

    def schedule(self, value: Any) -> Schedule:
        """The schedule of a solution; ``value`` answers a variable's value."""
        people = {c: list(k.people) for c, k in enumerate(self.f.kinds)}
        rooms = self._rooms(value)
        panels: list[Panel] = []
        for p, ds in enumerate(self.candidates):
            held = [s for s in self.S if value(self.sits[p, s])]
            if not held:
                continue
            sittings = []
            for s in held:
                who = []
                for c in self.C[p]:
                    for _ in range(value(self.x[p, s, c]) if (p, s, c) in self.x else 0):
                        who.append(people[c].pop())
                places = seat([self.f.masks[a][s] for a in who], self.f.slots[s])
                assert places is not None
                rows = sorted(
                    (Appointment(a, self.f.starts[s][t]) for a, t in zip(who, places, strict=True)),
                    key=lambda r: r.start,
                )
                sittings.append(Sitting(self.f.sessions[s].id, rooms[p, s], tuple(rows)))
            members = tuple(self.p.experts[e].id for e in self.E if value(self.member[p, e]))
            chair = next(self.p.experts[e].id for (q, e), v in self.chair.items() if q == p and value(v))
            panels.append(
                Panel(
                    f"P{len(panels) + 1}",
                    tuple(d for d in ds if value(self.hears[p, d])),
                    chair,
                    members,
                    tuple(sittings),
                )
            )
        missing = {a for rest in people.values() for a in rest}
        return Schedule(tuple(panels), tuple(a.id for a in self.p.applicants if a.id in missing))

    def _rooms(self, value: Any) -> dict[tuple[int, int], str]:
        """Rooms handed out inside each type: who sat in one earlier in the day keeps it."""
        found: dict[tuple[int, int], str] = {}
        last: dict[tuple[int, Any], str] = {}
        for s in self.S:
            day = self.f.sessions[s].day
            sitting = [p for p in self.P if value(self.sits[p, s])]
            kind = {
                p: next(
                    (t for t in range(len(self.f.room_types)) if (p, s, t) in self.type and value(self.type[p, s, t])),
                    0,
                )
                for p in sitting
            }
            free = {
                t: [r for r in names if self.f.sessions[s].id in open_in]
                for t, (open_in, names) in enumerate(self.f.room_types)
            }
            for p in sorted(sitting, key=lambda p: last.get((p, day)) not in free[kind[p]]):
                mine = free[kind[p]]
                room = last[p, day] if last.get((p, day)) in mine else mine[0]
                mine.remove(room)
                found[p, s] = last[p, day] = room
        return found

    def hint(self, schedule: Schedule) -> None:
        """Give the solver a known schedule to start from."""
        self.m.clear_hints()  # type: ignore[no-untyped-call]
        values = self._values(schedule)
        for name, v in self.named.items():
            self.m.add_hint(v, values.get(name, 0))

    def _values(self, schedule: Schedule) -> dict[Any, int]:
        number = {e.id: i for i, e in enumerate(self.p.experts)}
        order = {s.id: i for i, s in enumerate(self.f.sessions)}
        kind = {a: c for c, k in enumerate(self.f.kinds) for a in k.people}
        free = list(self.P)
        values: dict[Any, int] = defaultdict(int)
        for panel in sorted(
            schedule.panels, key=lambda q: -sum(1 << (len(self.S) - 1 - order[x.session]) for x in q.sittings)
        ):
            wanted = set(panel.directions)
            p = next(
                (
                    q
                    for q in free
                    if wanted == set(self.candidates[q]) or (len(wanted) > 1 and wanted <= set(self.candidates[q]))
                ),
                None,
            )
            if p is None:
                continue
            free.remove(p)
            values["used", p] = 1
            for d in wanted:
                values["hears", p, d] = 1
            values["chair", p, number[panel.chair]] = 1
            for m in panel.members:
                values["member", p, number[m]] = 1
            for sitting in panel.sittings:
                s = order[sitting.session]
                values["sits", p, s] = 1
                values["used day", self.f.days.index(self.f.sessions[s].day)] = 1
                t = next(i for i, (_, names) in enumerate(self.f.room_types) if sitting.room in names)
                values["type", p, s, t] = 1
                for m in panel.members:
                    values["seat", p, number[m], s] = 1
                    values["day", number[m], self.f.days.index(self.f.sessions[s].day)] = 1
                for row in sitting.appointments:
                    slot = self.f.starts[s].index(row.start)
                    c = kind[row.applicant]
                    values["x", p, s, c] += 1
                    values["meets", p, c] = 1
                    values["slot", p, s, c, slot] = 1
                    values["length", p, s] = max(values["length", p, s], slot + 1)
        for a in schedule.unscheduled:
            values["left", kind[a]] += 1
        loads: dict[int, int] = defaultdict(int)
        for panel in schedule.panels:
            for m in panel.members:
                loads[number[m]] += len(panel.sittings)
        values["peak",] = max(loads.values(), default=0)
        return values
