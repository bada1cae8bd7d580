"""Rows that shares of panels break and whole panels never do, about one expert each, so that prices stay simple."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from scheduler.branching.offers import Column
from scheduler.branching.program import Program
from scheduler.branching.rows import Row

BROKEN = 0.02
"""Less than this is not worth a row."""


class Cuts:
    """Those of one program; none is found twice."""

    def __init__(self, program: Program) -> None:
        self.p, self.cluster, self.grid = program, program.cluster, program.cluster.grid
        self.found: set[tuple[int, tuple[int, ...]]] = set()

    def broken(self) -> list[Row]:
        """Rows that the present shares break."""
        sits = defaultdict[int, list[tuple[Column, float]]](list)
        for column, share in self.p.shares():
            for e in column.members:
                sits[e].append((column, share))
        return [row for e in sorted(sits) for row in (*self._threes(e, sits[e]), *self._lengths(e, sits[e]))]

    def _threes(self, e: int, sits: list[tuple[Column, float]]) -> Iterator[Row]:
        """Of all panels with two of the same three sessions an expert sits on one (subset rows, Jepsen 2008)."""
        used = sorted({s for column, _ in sits for s in self.grid.times[column.times]})
        for three in combinations(used, 3):
            counted = sum(share for column, share in sits if len({*three} & {*self.grid.times[column.times]}) >= 2)
            if counted > 1 + BROKEN and self._new(e, three):
                two = (self.grid.sits[list(three)].sum(0) >= 2).astype(float)
                yield Row(self.cluster.every, high=1, seat={e: two})

    def _lengths(self, e: int, sits: list[tuple[Column, float]]) -> Iterator[Row]:
        """Whole shares of a panel's sittings are no more than whole shares of what the expert may sit."""
        for part in range(2, self.cluster.f.limit + 1):
            most = self.cluster.f.most_sessions(e) // part
            counted = sum(share * (len(self.grid.times[column.times]) // part) for column, share in sits)
            if counted > most + BROKEN and self._new(e, (part,)):
                yield Row(self.cluster.every, high=most, seat={e: (self.grid.length // part).astype(float)})

    def _new(self, e: int, key: tuple[int, ...]) -> bool:
        fresh = (e, key) not in self.found
        self.found.add((e, key))
        return fresh
