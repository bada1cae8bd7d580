"""The rows of the program of panels: what each counts of a panel, by its class and sessions, and of each seat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, inf

import numpy as np

from scheduler.around import Around
from scheduler.columns.grid import Array, Grid
from scheduler.facts import Facts
from scheduler.patterns import Class, classes_of
from scheduler.wishes import met_anyway, wishes


@dataclass(eq=False)
class Row:
    """All panels of these classes together count between ``low`` and ``high``.

    A panel in set of sessions ``t`` counts ``panel[t]`` and ``seat[e][t]`` for each of its members ``e``, all of it as
    many times as its class says.
    """

    classes: Mapping[Class, int]
    low: float = -inf
    high: float = inf
    panel: Array | None = None
    seat: Mapping[int, Array] = field(default_factory=dict)

    def counts(self, c: Class, t: int, members: Iterable[int]) -> float:
        """What it counts of one panel."""
        own = 0.0 if self.panel is None else float(self.panel[t])
        return self.classes.get(c, 0) * (own + sum(float(self.seat[e][t]) for e in members if e in self.seat))


class Cluster:
    """Directions asked alone: every room, strangers without limit, so many sittings and groups at the most."""

    def __init__(self, f: Facts, grid: Grid, sittings: int, groups: int) -> None:
        """``f``: of the people of these directions; ``grid``: all sets of sessions."""
        self.f, self.grid, self.sittings, self.groups = f, grid, sittings, groups
        self.classes = classes_of(f)
        self.every = dict.fromkeys(self.classes, 1)
        self.length = grid.length.astype(np.float64)
        self.experts = sorted({e for c in self.classes for e in f.know(c)})

    def rows(self) -> list[Row]:
        """What the rules ask."""
        return [*self._most(), *self._seats(), *self._everyone(), *self._wishes()]

    def _most(self) -> Iterator[Row]:
        yield Row(self.every, high=self.sittings, panel=self.length)
        yield Row({c: len(c) for c in self.classes}, high=self.groups, panel=np.ones(len(self.length)))
        for s, rooms in enumerate(self.f.rooms_open):
            yield Row(self.every, high=rooms, panel=self.grid.sits[s])

    def _seats(self) -> Iterator[Row]:
        for e in self.experts:
            yield Row(self.every, high=self.f.most_sessions(e), seat={e: self.length})
            yield from (Row(self.every, high=1, seat={e: self.grid.sits[s]}) for s in sorted(self.f.open[e]))

    def _everyone(self) -> Iterator[Row]:
        """Sittings enough for each block and each direction."""
        f = self.f
        for block in f.blocks:
            mine = {c: 1 for c in self.classes if c[0] in block}
            if mine:
                yield Row(mine, low=f.least_sittings(block, 0), panel=self.length)
        if any(len(c) > 1 for c in self.classes):
            for d, people in f.count.items():
                if people:
                    yield Row(self._of(d), low=ceil(people / max(1, f.most)), panel=self.length)

    def _wishes(self) -> Iterator[Row]:
        """Sittings for people who may not be heard by somebody, or not at every time.

        Where any of several experts is in the way, each takes his share of the sitting only: of two together no more
        than all of it, which is less than they do.
        """
        nothing = Around(self.f)
        for wish, need in wishes(self.f).items():
            if met_anyway(self.f, nothing, wish, ceil(self.f.count[wish.direction] / max(1, self.f.most))) < need:
                met = self.grid.sits[list(wish.sessions)].sum(0) if wish.sessions else self.length
                counted = np.minimum(met, need)
                share = counted / max(1, min(len(wish.experts), self.f.problem.rules.panel_size))
                seat = dict.fromkeys(sorted(wish.experts), -share)
                yield Row(self._of(wish.direction), low=need, panel=counted, seat=seat)

    def _of(self, direction: str) -> dict[Class, int]:
        return {c: 1 for c in self.classes if direction in c}
