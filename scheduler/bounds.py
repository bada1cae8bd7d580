"""The best proven bounds: kept with the costs of the earlier levels, for they hold where none of these is higher."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from math import ceil
from operator import ge

from scheduler.facts import Facts
from scheduler.linear import SLACK
from scheduler.patterns import Class


class Bounds:
    """The best proven bound of each level at the present cost."""

    def __init__(self, facts: Facts) -> None:
        self.f = facts
        self.lock = threading.Lock()
        self._found: dict[tuple[int, ...], int] = {}
        """Costs of the earlier levels → bound of the next one."""
        self.left: Mapping[Class, int] = {}
        """So many of a block are left out at the least."""

    def put(self, before: Sequence[int], bound: float) -> None:
        """A bound for the level after ``before``; costs are whole numbers, so it is rounded up."""
        if abs(bound) == float("inf"):
            return
        with self.lock:
            key = tuple(before)
            self._found[key] = max(self._found.get(key, 0), ceil(bound - SLACK))

    def of(self, cost: tuple[int, ...]) -> tuple[int, ...]:
        """The bounds at this cost."""
        counted = self._counted(cost)
        with self.lock:
            return tuple(min(cost[k], max(counted[k], self._proven(cost[:k]))) for k in range(7))

    def _proven(self, before: tuple[int, ...]) -> int:
        """What is impossible with these costs of the earlier levels is impossible with less of any of them."""
        wider = (n for key, n in self._found.items() if len(key) == len(before) and all(map(ge, key, before)))
        return max(wider, default=0)

    def proven(self, cost: tuple[int, ...], level: int) -> bool:
        """Whether the level can not be better."""
        return self.of(cost)[level] == cost[level]

    def _counted(self, cost: tuple[int, ...]) -> tuple[int, ...]:
        f, left, size = self.f, cost[0], self.f.problem.rules.panel_size
        sittings, settled = self._sittings(left), left == sum(self.left.values())
        groups = sum(f.least_groups(b, self.left.get(b, 0)) for b in f.blocks) if settled else 0
        held, experts = cost[1], max(1, len(f.problem.experts))
        days, peak = 2 * size if held else 0, ceil(held * size / experts)
        return (0, sittings, groups, 0, days, peak, self._thin(cost[2] - groups) if left == 0 else 0)

    def _sittings(self, left: int) -> int:
        """Whoever must be left out of a block is; the others who are save a sitting where that takes the fewest."""
        f = self.f
        mine = {b: f.least_sittings(b, self.left.get(b, 0)) for b in f.blocks}
        spare, sittings = left - sum(self.left.values()), sum(mine.values())
        if spare <= 0:
            return sittings
        if f.windowed:
            return f.least_sittings(tuple(f.count), left)
        people = {b: sum(f.count[d] for d in b) - self.left.get(b, 0) for b in f.blocks}
        first = sorted((people[b] - 1) % f.most + 1 for b in f.blocks if mine[b])
        for n in itertools.chain(first, itertools.repeat(f.most, sittings - len(first))):
            if n > spare:
                break
            spare, sittings = spare - n, sittings - 1
        return sittings

    def _thin(self, spare: int) -> int:
        """Where everyone is heard: what directions that never mix must miss to ``min_sitting``, and uneven panels.

        A direction heard by as few panels as can be has an even share for each or it has not; each of the ``spare``
        groups may change that for one direction.
        """
        f, missing, uneven = self.f, 0, 0
        for block in f.blocks:
            n, panels = f.count[block[0]], f.least_groups(block, 0)
            if len(block) == 1 and n:
                missing += max(0, f.problem.rules.min_sitting * f.least_sittings(block, 0) - n)
                uneven += bool(n % panels)
        return missing + max(0, uneven - spare)
