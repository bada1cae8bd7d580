"""The best proven bounds: kept with the costs of the earlier levels, for they hold where none of these is higher."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from math import ceil
from operator import ge

from scheduler.facts import Facts
from scheduler.linear import SLACK


class Bounds:
    """The best proven bound of each level at the present cost."""

    def __init__(self, facts: Facts) -> None:
        self.f = facts
        self.lock = threading.Lock()
        self._found: dict[tuple[int, ...], int] = {}
        """Costs of the earlier levels → bound of the next one."""

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
        everyone = tuple(f.count)
        sittings = f.least_sittings(everyone, left) if left else sum(f.least_sittings(b, 0) for b in f.blocks)
        groups = sum(f.least_groups(b, left) for b in f.blocks) if left == 0 else 0
        held, experts = cost[1], max(1, len(f.problem.experts))
        days, peak = 2 * size if held else 0, ceil(held * size / experts)
        return (0, sittings, groups, 0, days, peak, self._thin(cost[2] - groups) if left == 0 else 0)

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
