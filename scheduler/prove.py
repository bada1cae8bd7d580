"""Proven bounds, each from a relaxation of the whole problem; and the solutions found on the way to them.

A bound of a level holds with every earlier level at its cost, so it is kept with these costs and counts only as long
as they are the present ones. Counting slots and seats gives the first bounds; then the whole problem by patterns
(:mod:`scheduler.patterns`, solved by HiGHS), for a small one with people counted panel by panel; and for a small one
also the whole model (:mod:`scheduler.model`, solved by CP-SAT), the only one that knows level 7.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from math import ceil
from typing import Any

from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.patterns import Class, Patterns

EXACT = 160
"""Applicants up to whom people are counted panel by panel, and the whole model is built."""
LARGEST = 60_000
"""Seats by patterns above which the whole problem is not built."""


class Bounds:
    """The best proven bound of each level at the present cost."""

    def __init__(self, facts: Facts, improver: Improver) -> None:
        self.f, self.i = facts, improver
        self.lock = threading.Lock()
        self._found: dict[tuple[int, ...], int] = {}
        """Costs of the earlier levels → bound of the next one."""

    def put(self, before: Sequence[int], bound: float) -> None:
        """A bound for the level after ``before``; costs are whole numbers, so it is rounded up."""
        with self.lock:
            key = tuple(before)
            self._found[key] = max(self._found.get(key, 0), ceil(bound - 1e-6))

    def of(self, cost: tuple[int, ...]) -> tuple[int, ...]:
        """The bounds at this cost."""
        counted = self._counted(cost)
        with self.lock:
            return tuple(min(cost[k], max(counted[k], self._found.get(cost[:k], 0))) for k in range(7))

    def proven(self, cost: tuple[int, ...], level: int) -> bool:
        """Whether the level can not be better."""
        return self.of(cost)[level] == cost[level]

    def _counted(self, cost: tuple[int, ...]) -> tuple[int, ...]:
        f, left, size = self.f, cost[0], self.f.problem.rules.panel_size
        everyone = tuple(f.count)
        sittings = f.least_sittings(everyone, left) if left else sum(f.least_sittings(b, 0) for b in f.blocks)
        groups = sum(f.least_groups(b, left) for b in f.blocks) if left == 0 else 0
        held, experts = cost[1], max(1, len(f.problem.experts))
        return (0, sittings, groups, 0, 2 * size if held else 0, ceil(held * size / experts), 0)


class Prover:
    """Works through the levels by patterns; each call of :meth:`prove` takes one level as far as it gets."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed
        self.small = len(facts.problem.applicants) <= EXACT

    def fits(self) -> bool:
        """Whether the whole problem can be built."""
        most = 0
        for e, open_in in enumerate(self.f.open):
            n, limit = len(open_in), min(self.f.limit, len(open_in))
            known = len(self.f.strengths[e])
            most += (known + 1) * sum(_choose(n, k) for k in range(1, limit + 1))
        return most <= LARGEST

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
        cost, panels = self.i.cost, list(self.i.panels)
        before = cost[:level]
        classes = self.classes()
        longest = self.longest(cost, level, classes)
        p = Patterns(self.f, classes, longest=longest, everyone=not cost[0] or level == 0, pool=True, exact=self.small)
        for k in range(level):
            p.row(p.levels[k], high=cost[k])

        def ended() -> bool:
            now = self.i.cost
            return stop() or now[:level] != before or self.b.proven(now, level)

        answer = p.solve(
            p.levels[level],
            seconds,
            seed=self.seed,
            nodes=nodes,
            hint=p.hint(panels),
            stop=ended,
            watch=lambda bound: self.b.put(before, bound),
        )
        if answer.values is not None:
            self.b.put(before, answer.bound)
            self.take(p, answer.values, stop)
        return self.b.proven(self.i.cost, level)

    def take(self, p: Patterns, values: Sequence[float], stop: Callable[[], bool]) -> None:
        """Fill a solution with people and offer it."""
        frames = p.frames(values)
        filled = Filling(self.f, frames, {}).solve(1.0, self.seed, stop) if frames else None
        if filled:
            self.i.offer([hold(self.f, panel) for panel in filled])


def _choose(n: int, k: int) -> int:
    from math import comb

    return comb(n, k)


__all__ = ["Any", "Bounds", "Prover"]
