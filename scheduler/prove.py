"""The whole problem by patterns as a prover: bounds of the first six levels, and the solutions on the way to them.

The program is a relaxation: its solutions may not fill, and its bound may stay below the best there is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import combinations
from math import comb

from scheduler.bounds import Bounds
from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.patterns import Class, Patterns

LARGEST, RELAXED = 12_000, 60_000
"""Seats by patterns up to which the whole problem is solved, and up to which at least its relaxation is."""


class Prover:
    """Works through the levels by patterns; each call of :meth:`prove` takes one level as far as it gets."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed
        self.ended: set[tuple[int, ...]] = set()
        """Costs of the earlier levels at which the next one was solved to its end; it can do no more there."""
        self.varied = 0

    @cached_property
    def size(self) -> int:
        """Seats by patterns of the whole problem, about."""
        most = 0
        for e, open_in in enumerate(self.f.open):
            n, limit = len(open_in), min(self.f.limit, len(open_in))
            known = len(self.f.strengths[e])
            most += (known + 1) * sum(comb(n, k) for k in range(1, limit + 1))
        return most

    def useful(self, level: int) -> bool:
        """Whether the level is one of the program's and not solved to its end yet at this cost."""
        return level < 6 and self.i.cost[:level] not in self.ended and self.size <= RELAXED

    def classes(self) -> list[Class]:
        """Every set of directions a panel may hear."""
        number = self.f.direction_number.__getitem__
        found: set[Class] = {(d,) for d, n in self.f.count.items() if n}
        for mix in self.f.problem.rules.mixes:
            here = sorted((d for d in mix if self.f.count[d]), key=number)
            for n in range(2, len(here) + 1):
                found |= set(combinations(here, n))
        return sorted(found)

    def longest(self, cost: Sequence[int], level: int, classes: Iterable[Class]) -> dict[Class, int]:
        """The most sittings of one panel: what its block needs at least, and what the whole has to spare."""
        if level < 2 or cost[0]:
            return {}
        least = {b: self.f.least_sittings(b, 0) for b in self.f.blocks}
        spare = cost[1] - sum(least.values())
        block = {d: b for b in self.f.blocks for d in b}
        return {c: min(self.f.limit, least[block[c[0]]] + spare) for c in classes}

    def prove(self, level: int, seconds: float, stop: Callable[[], bool], nodes: int | None = None) -> bool:
        """Take the level as far as it gets in the time; whether it is proven."""
        cost = self.i.cost
        if level == 0 and self.size <= LARGEST and self._everyone(seconds / 2, stop, nodes):
            return True
        p = self._program(cost, level, everyone=not cost[0])
        before = cost[:level]

        def ended() -> bool:
            now = self.i.cost
            return stop() or now[:level] != before or self.b.proven(now, level)

        relaxed = self.size > LARGEST
        answer = p.solve(
            p.levels[level],
            seconds,
            relaxed=relaxed,
            seed=self.seed,
            nodes=nodes,
            hint=p.hint(self.i.panels),
            stop=ended,
            watch=lambda bound: self.b.put(before, bound),
            found=None if nodes is not None or relaxed else lambda values: self.take(p, values, stop, by_work=False),
        )
        if answer.values is not None:
            self.b.put(before, answer.bound)
            if answer.proven or relaxed:
                self.ended.add(before)
            if not relaxed:
                self.take(p, answer.values, stop, by_work=nodes is not None)
        return self.b.proven(self.i.cost, level)

    def vary(self, level: int, seconds: float, stop: Callable[[], bool]) -> None:
        """Look for other solutions that are better in the level: the best of the relaxation could not be filled."""
        cost = self.i.cost
        p = self._program(cost, level, everyone=not cost[0])
        p.row(p.levels[level], high=cost[level] - 1)
        self.varied += 1
        rng = random.Random(f"{self.seed}/{self.varied}")
        p.solve(
            [(y, rng.randint(0, 9)) for y in p.panels.values()],
            seconds,
            seed=rng.randrange(2**30),
            stop=lambda: stop() or self.i.cost[: level + 1] < cost[: level + 1],
            found=lambda values: self.take(p, values, stop, by_work=False),
        )

    def _program(self, cost: Sequence[int], level: int, everyone: bool) -> Patterns:
        classes = self.classes()
        longest = self.longest(cost, level, classes)
        p = Patterns(self.f, classes, longest=longest, everyone=everyone, pool=True)
        for k in range(level):
            p.row(p.levels[k], high=cost[k])
        return p

    def _everyone(self, seconds: float, stop: Callable[[], bool], nodes: int | None) -> bool:
        """Ask for places for everyone, which is easier than for as many as can be; whether they were found."""
        p = self._program(self.i.cost, 0, everyone=True)
        answer = p.solve([], seconds, seed=self.seed, nodes=nodes, stop=lambda: stop() or not self.i.cost[0])
        if answer.values is not None:
            self.take(p, answer.values, stop, by_work=nodes is not None)
        return not self.i.cost[0]

    def take(self, p: Patterns, values: Sequence[float], stop: Callable[[], bool], by_work: bool) -> None:
        """Fill a solution with people and offer it."""
        frames = p.frames(values)
        filled = Filling(self.f, frames, {}).solve(1.0, self.seed, stop, by_work) if frames else None
        if filled:
            self.i.offer([hold(self.f, panel) for panel in filled])
