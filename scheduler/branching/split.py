"""What is made whole next: of all numbers that are not, the one whose two sides are likely to cost most.

Both sides of the most promising are looked at for a few pivots; what was looked at often enough is known (reliability
branching, Achterberg, Koch and Martin 2005).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np

from scheduler.branching.offers import Column
from scheduler.branching.program import Program
from scheduler.branching.rows import Row
from scheduler.branching.simplex import Basis
from scheduler.patterns import Class

Key = tuple[str, Class, int]
"""What is counted: a class's panels, those of a length, its sittings in a session, the panels with an expert."""
STAGES = (("panels", "length"), ("session", "expert"))
"""In this order they are made whole."""
WHOLE = 1e-4
"""So near to a whole number is one."""
LOOKS, KNOWN, PATIENCE = 6, 2, 8
"""So many are looked at for one split; one of which so many sides were seen is known; so many worse ones are enough."""
MOST, HAIR = 30.0, 1e-3
"""What a side is taken to cost at the most, and at the least."""


@dataclass(frozen=True)
class Split:
    """The key, and how many there are of it in shares of panels."""

    key: Key
    count: float

    @property
    def off(self) -> tuple[float, float]:
        """How far it is down and up to a whole number."""
        return self.count - floor(self.count), ceil(self.count) - self.count


@dataclass
class Seen:
    """What one side of a key cost, for a whole one less or more."""

    total: float = 0.0
    times: int = 0

    @property
    def mean(self) -> float:
        """On average."""
        return self.total / self.times


@dataclass(eq=False)
class Splits:
    """Those of one program."""

    p: Program
    rows: dict[Key, Row] = field(default_factory=dict)
    """What was counted for a look or a split."""
    seen: dict[tuple[Key, int], Seen] = field(default_factory=lambda: defaultdict(Seen))
    """By key and side: down is 0."""

    def next(self) -> Split | None:
        """Of the first stage of which something is not whole; ``None`` where all is, or nothing is solved."""
        open_ = self._open() if self.p.solved else []
        best: tuple[float, Split] | None = None
        looks = worse = 0
        basis, cost = self.p.lp.basis(), self.p.lp.cost
        usual = self._usual()
        for split in sorted(open_, key=lambda x: (-self._worth(x, usual), x.key)):
            if not self._known(split):
                if looks == LOOKS:
                    continue
                looks += 1
                self._look(split, basis, cost)
            worth = self._worth(split, usual)
            best, worse = ((worth, split), 0) if not best or worth > best[0] else (best, worse + 1)
            if worse > PATIENCE:
                break
        if looks:
            self.p.lp.start(basis)
        return best[1] if best else None

    def row(self, key: Key) -> Row:
        """What counts the key, in the program from now on."""
        if key not in self.rows:
            self.rows[key] = row = self._made(*key)
            self.p.add(row, limited=True)
        return self.rows[key]

    def _open(self) -> list[Split]:
        counted = defaultdict[Key, float](float)
        for column, share in self.p.shares():
            for key in self._keys(column):
                counted[key] += share
        for stage in STAGES:
            off = [Split(k, n) for k, n in counted.items() if k[0] in stage and abs(n - round(n)) > WHOLE]
            if off:
                return off
        return []

    def _keys(self, column: Column) -> Iterator[Key]:
        c, times = column.directions, self.p.cluster.grid.times[column.times]
        yield "panels", c, 0
        yield "length", c, len(times)
        yield from (("session", c, s) for s in times)
        yield from (("expert", c, e) for e in column.members)

    def _made(self, kind: str, c: Class, which: int) -> Row:
        grid, ones = self.p.cluster.grid, np.ones(len(self.p.cluster.length))
        if kind == "expert":
            return Row({c: 1}, seat={which: ones})
        if kind == "session":
            return Row({c: 1}, panel=grid.sits[which])
        return Row({c: 1}, panel=ones if kind == "panels" else (grid.length == which).astype(float))

    def _usual(self) -> tuple[float, float]:
        """What the sides of all keys cost on average."""
        sides = ([x.mean for (_, side), x in self.seen.items() if side == way and x.times] for way in (0, 1))
        down, up = (sum(x) / len(x) if x else 1.0 for x in sides)
        return down, up

    def _known(self, split: Split) -> bool:
        return all(self.seen[split.key, side].times >= KNOWN for side in (0, 1))

    def _worth(self, split: Split, usual: tuple[float, float]) -> float:
        """What both sides are likely to cost, multiplied: one alone leaves the other as it was."""
        worth = 1.0
        for side, off in enumerate(split.off):
            seen = self.seen[split.key, side]
            worth *= max(HAIR, (seen.mean if seen.times else usual[side]) * off)
        return worth

    def _look(self, split: Split, basis: Basis, cost: float) -> None:
        """At both sides, with the columns there are."""
        number = self.p.rows[self.row(split.key)]
        low, high = self.p.lp.limits[number]
        sides = (low, floor(split.count)), (ceil(split.count), high)
        for side, (limits, off) in enumerate(zip(sides, split.off, strict=True)):
            more = self.p.lp.look(number, *limits, basis) - cost
            seen = self.seen[split.key, side]
            seen.total, seen.times = seen.total + min(MOST, max(0.0, more)) / max(off, 0.05), seen.times + 1
