"""A part of a schedule: some panels taken out, with the people they heard and those who wait in their directions."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import combinations
from math import ceil

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.held import Held
from scheduler.patterns import Class, Frame
from scheduler.schedule import MISMATCH, Panel

MOST_SESSIONS = 8
"""So many sessions a part of a long round looks at, one of them free: all of them make too many patterns."""
AIMS = (0, 2, 2, 4, 2, 1, 1)
"""By level, how often it is aimed at before it is the first open one."""
NEAR = (1.0, 3.0)
"""How much a part of a long round wants panels that sit at the same time, and panels of the same directions."""
GUESTS = (12, 8, 8, 2)
"""By aimed level: so many experts who do not know the directions are let in as well."""


class Part:
    """One neighbourhood: what is out, what stays around, what is asked of new panels in its place."""

    def __init__(
        self,
        f: Facts,
        panels: list[Held],
        first: int,
        rng: random.Random,
        size: float,
        roaming: bool = False,
        lent: frozenset[str] = frozenset(),
        aim: int | None = None,
        at: str | None = None,
    ) -> None:
        """``lent``: people whose panels stay as they are; ``aim``: of all sessions, aimed at this level.

        ``at``: around the mismatches of this direction, and of those who share experts with it.
        """
        self.f, self.first, self.rng, self.size, self.roaming = f, first, rng, size, roaming
        heard = {a for h in panels for a in h.people}
        away = [h for h in panels if not lent.isdisjoint(h.people)]
        self.all = panels = [h for h in panels if lent.isdisjoint(h.people)]
        self.waiting = [a for a in f.problem.applicants if a.id not in heard] if first == 0 else []
        self.aim, self.at = first if aim is None else aim, at
        if aim is None and first and not roaming and rng.random() < 0.6:
            self.aim = rng.choices(range(first, 7), AIMS[first:])[0]
        self.widest = len(f.sessions) if aim is not None or len(f.sessions) <= 8 else MOST_SESSIONS
        self.near, self.like = (0.5, 0.5) if len(f.sessions) <= 8 else NEAR
        self.call = {rng.choice(self.waiting).direction} if self.waiting else set[str]()
        chosen = self._choose()
        self.out = [panels[q] for q in sorted(chosen)]
        self.rest = [h for q, h in enumerate(panels) if q not in chosen] + away
        self.around = Around(f, [h.panel for h in self.rest])

    # ---------------------------------------------------------------- what to take out

    def _choose(self) -> set[int]:
        panels, rng, f = self.all, self.rng, self.f
        wanted = set(self._seeds())
        self.directions = {d for q in wanted for d in panels[q].panel.directions}
        self.directions |= self.call
        pool = set(f.know(self.directions)) if self.directions else set()
        sessions = {s for q in wanted for s in panels[q].times}
        load = sum(len(panels[q].times) for q in wanted)

        def shared(q: int) -> float:
            return sum(e in pool for e in panels[q].members) / len(panels[q].members)

        def affinity(q: int) -> float:
            h = panels[q]
            same = len(sessions & set(h.times)) / len(h.times)
            return rng.random() * (
                0.1 + shared(q) + self.near * same + 0.5 * bool(self.directions & set(h.panel.directions))
            )

        others = [q for q in range(len(panels)) if q not in wanted and (not self.at or shared(q))]
        for q in sorted(others, key=affinity, reverse=True):
            if len(sessions | set(panels[q].times)) > self.widest:
                continue
            load += len(panels[q].times)
            if load > self.size and len(wanted) > 1:
                break
            wanted.add(q)
            sessions |= set(panels[q].times)
        self.directions |= {d for q in wanted for d in panels[q].panel.directions}
        return wanted

    def _seeds(self) -> list[int]:
        """The places of the panels where the cost of the aimed level lies."""
        panels, rng = self.all, self.rng
        if not panels:
            return []
        if self.call:  # their own panels have no place left: now and then only those that hold experts they need
            own = self._of(*self.call) if rng.random() < 0.6 else []
            return self._few([*own, *self._wasteful()[:1]]) if rng.random() < 0.5 else own
        if self.aim == 1:
            return self._wasteful()
        if self.aim == 2:
            return self._split_up()
        if self.aim == 6:
            return self._of(rng.choice(sorted({d for h in panels for d in h.panel.directions})))
        if self.aim == 3:
            here = [q for q, h in enumerate(panels) if not self.at or self.at in h.panel.directions]
            return rng.choices(here, [1 + panels[q].mismatch for q in here]) if here else []
        held: dict[int, list[int]] = defaultdict(list)
        count: Counter[int] = Counter()
        for q, h in enumerate(panels):
            for e in h.members:
                held[e].append(q)
                count[e] += len(h.times) if self.aim == 5 else len({self.f.day_number[s] for s in h.times})
        who = rng.choices(sorted(held), [count[e] ** 2 for e in sorted(held)])[0]
        return self._few(rng.sample(held[who], min(len(held[who]), 3)))

    def _of(self, direction: str) -> list[int]:
        found = [q for q, h in enumerate(self.all) if direction in h.panel.directions]
        return self._few(self.rng.sample(found, min(len(found), 2 if self.aim == 0 else 3)))

    def _few(self, found: list[int]) -> list[int]:
        """Of these panels as many as do not look at too many sessions."""
        chosen: list[int] = []
        for q in found:
            if not chosen or len({s for r in (*chosen, q) for s in self.all[r].times}) <= self.widest:
                chosen.append(q)
        return chosen

    def _split_up(self) -> list[int]:
        """The shortest panels of a direction that is heard by more of them than its sittings need."""
        mine: dict[str, list[int]] = defaultdict(list)
        for q, h in enumerate(self.all):
            for d in h.panel.directions:
                mine[d].append(q)
        held = {d: sum(len(self.all[q].times) for q in x) for d, x in mine.items()}
        found = [d for d in mine if len(mine[d]) > ceil(held[d] / self.f.limit)] or list(mine)
        chosen = mine[self.rng.choice(sorted(found))]
        return self._few(sorted(chosen, key=lambda q: len(self.all[q].times) + 2 * self.rng.random())[:3])

    def _wasteful(self) -> list[int]:
        """The emptiest panel of a direction with places to spare, and others of it."""
        spare: Counter[str] = Counter()
        for h in self.all:
            for d in h.panel.directions:
                spare[d] += len(h.times) * self.f.most - h.heard.total()
        found = [d for d in spare if spare[d] >= self.f.most] or list(spare)
        direction = self.rng.choice(sorted(found))
        mine = [q for q, h in enumerate(self.all) if direction in h.panel.directions]
        mine.sort(key=lambda q: self.all[q].heard.total() / len(self.all[q].times) * (0.5 + self.rng.random()))
        return self._few(mine[:3])

    # ---------------------------------------------------------------- what there is to make

    @cached_property
    def facts(self) -> Facts:
        """Of the people to be heard: those of the panels, and who waits in their directions."""
        people = {a for h in self.out for a in h.people}
        return self.f.part(people | {a.id for a in self.waiting if a.direction in self.directions})

    @cached_property
    def now(self) -> list[int]:
        """What the first six levels of the part count before it is made anew."""
        load, days, used = Counter(self.around.load), set[tuple[int, int]](), set[int]()
        for h in self.out:
            for e in h.members:
                load[e] += len(h.times)
                days |= {(e, self.f.day_number[s]) for s in h.times}
            used |= {self.f.day_number[s] for s in h.times}
        size = self.f.problem.rules.panel_size
        return [
            self.facts.count.total() - sum(h.heard.total() for h in self.out),
            sum(len(h.times) for h in self.out),
            sum(len(h.panel.directions) for h in self.out),
            sum(h.mismatch for h in self.out),
            len(days - self.around.days) + size * len(used - self.around.used_days),
            max(load.values(), default=0),
        ]

    @cached_property
    def classes(self) -> list[Class]:
        """What its panels may hear: one direction, or some of a mix."""
        number = self.f.direction_number.__getitem__
        found = {tuple(sorted(h.panel.directions, key=number)) for h in self.out}
        found |= {(d,) for d in self.directions}
        for mix in self.f.problem.rules.mixes:
            here = sorted(mix & self.directions, key=number)
            for n in range(2, len(here) + 1):
                found |= set(combinations(here, n))
        return sorted(found)

    @cached_property
    def guests(self) -> list[int]:
        """Experts with time left, whatever they know: two of a panel need not know its direction."""
        most = GUESTS[min(self.aim, MISMATCH)]
        free = [e for e, open_in in enumerate(self.f.open) if len(open_in) > len(self.around.busy.get(e, ()))]
        return self.rng.sample(free, min(most, len(free)))

    def new(self, frames: Sequence[Frame]) -> bool:
        """Whether these are not just the panels that were taken out."""
        old = Counter((h.panel.directions, h.times, frozenset(h.members)) for h in self.out)
        return old != Counter((c, times, frozenset(members)) for c, times, members, _ in frames)

    def filled(
        self, frames: Sequence[Frame], seconds: float, stop: Callable[[], bool], by_work: bool
    ) -> list[Panel] | None:
        """The panels with their people; ``None`` where that is not done in time."""
        counts: dict[str, list[int]] = defaultdict(list)
        for h in self.rest:
            for d in h.panel.directions:
                counts[d].append(h.heard[d])
        return Filling(self.facts, frames, counts).solve(seconds, self.rng.randrange(2**30), stop, by_work)
