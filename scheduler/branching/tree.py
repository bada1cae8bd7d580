"""The tree: where numbers that are whole in any schedule are not, the program is solved with less and with more."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from math import ceil, floor, inf

import numpy as np

from scheduler.branching.cuts import Cuts
from scheduler.branching.program import Program
from scheduler.branching.rows import Cluster, Row
from scheduler.columns.grid import Grid
from scheduler.facts import Facts
from scheduler.linear import SLACK
from scheduler.patterns import Class

Key = tuple[str, Class, int]
"""What is counted: a class's panels, those of a length, its sittings in a session, the panels with an expert."""
KINDS = "panels", "length", "session", "expert"
"""In the order in which they are made whole."""
Limits = dict[Key, tuple[float, float]]
WHOLE = 1e-4
"""So near to a whole number is one."""
ROUNDS, GAIN = 8, 0.3
"""Of cuts, before anything is split; a round that gains less is the last one."""
AHEAD = 1.0
"""A program that costs so much more than the next one in line waits."""


def bound_by_branching(
    f: Facts, sittings: int, groups: int, most: int, stop: Callable[[], bool], tell: Callable[[int], None]
) -> None:
    """Tell what the mismatch of these people is at least, as it rises, until it is ``most`` or nothing is left.

    ``f``: of the people of some directions, asked alone; ``sittings``, ``groups``: they have no more.
    """
    Tree(Program(Cluster(f, Grid.of(f), sittings, groups)), most, stop, tell).grow()


class Tree:
    """Best first: the least bound in line is what is proven."""

    def __init__(self, program: Program, most: int, stop: Callable[[], bool], tell: Callable[[int], None]) -> None:
        self.p, self.cuts, self.most, self.stop, self.tell = program, Cuts(program), most, stop, tell
        self.counted: dict[Key, Row] = {}
        self.number = itertools.count()
        self.line: list[tuple[float, int, Limits]] = []

    def grow(self) -> None:
        """Until stopped, or the bound is as high as it may be, or all that is counted is whole."""
        self._wait(self._cut(), {})
        while not self.stop():
            bound, _, limits = heappop(self.line)
            bound = max(bound, self._solved(limits))
            waits = self.line and bound > self.line[0][0] + AHEAD
            sides = [limits] if waits else self._sides(limits)
            for side in sides or [limits]:
                self._wait(bound, side)
            self.tell(min(self.most, ceil(self.line[0][0] - SLACK)))
            if not sides or self.line[0][0] > self.most - 1 + SLACK:
                return

    def _wait(self, bound: float, limits: Limits) -> None:
        heappush(self.line, (bound, next(self.number), limits))

    def _cut(self) -> float:
        """The whole, with cuts as long as they help."""
        bound = self.p.grow(self.stop)
        for _ in range(ROUNDS):
            rows = self.cuts.broken() if self.p.solved else []
            for row in rows:
                self.p.add(row)
            before, bound = bound, max(bound, self.p.grow(self.stop) if rows else 0.0)
            if bound < before + GAIN:
                break
        return bound

    def _solved(self, limits: Limits) -> float:
        """With these limits: what is proven."""
        for key, row in self.counted.items():
            self.p.limit(row, *limits.get(key, (-inf, inf)))
        return self.p.grow(self.stop)

    def _split(self) -> tuple[Key, float] | None:
        """What is the farthest from a whole number, of the first kind of which something is."""
        counted = defaultdict[Key, float](float)
        for column, share in self.p.shares():
            for key in self._keys(column.directions, self.p.cluster.grid.times[column.times], column.members):
                counted[key] += share
        for kind in KINDS:
            off = [(abs(n - round(n)), key) for key, n in counted.items() if key[0] == kind]
            if off and max(off)[0] > WHOLE:
                return max(off)[1], counted[max(off)[1]]
        return None

    @staticmethod
    def _keys(c: Class, times: tuple[int, ...], members: tuple[int, ...]) -> Iterator[Key]:
        yield "panels", c, 0
        yield "length", c, len(times)
        yield from (("session", c, s) for s in times)
        yield from (("expert", c, e) for e in members)

    def _sides(self, limits: Limits) -> list[Limits]:
        """With less and with more of what is not whole; none where all of it is, or nothing was solved."""
        split = self._split() if self.p.solved else None
        if not split:
            return []
        key, n = split
        if key not in self.counted:
            self.counted[key] = row = self._row(*key)
            self.p.add(row, limited=True)
        low, high = limits.get(key, (-inf, inf))
        return [{**limits, key: (low, floor(n))}, {**limits, key: (ceil(n), high)}]

    def _row(self, kind: str, c: Class, which: int) -> Row:
        """What counts the key."""
        grid, ones = self.p.cluster.grid, np.ones(len(self.p.cluster.length))
        if kind == "expert":
            return Row({c: 1}, seat={which: ones})
        if kind == "session":
            return Row({c: 1}, panel=grid.sits[which])
        return Row({c: 1}, panel=ones if kind == "panels" else (grid.length == which).astype(float))
