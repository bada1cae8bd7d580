"""The cheapest panels of one class at the prices of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from scheduler.arrays import NOBODY, Numbers
from scheduler.branching.cheapest import DEAR, Seats, cheapest
from scheduler.branching.rows import Cluster, Row
from scheduler.columns.grid import Array
from scheduler.patterns import Class


class Column(NamedTuple):
    """A panel without its strangers; ``times``: the number of its set of sessions."""

    directions: Class
    times: int
    members: tuple[int, ...]
    mismatch: int


class Offers:
    """One class: its experts, and their panels at any prices."""

    def __init__(self, cluster: Cluster, c: Class) -> None:
        f, rules = cluster.f, cluster.f.problem.rules
        firm = [f.problem.experts[e].employer or f" {e}" for e in range(len(f.problem.experts))]
        self.c, self.length = c, cluster.grid.length
        self.experts = sorted(f.know(c), key=lambda e: (firm[e], e))
        self.place = {e: i for i, e in enumerate(self.experts)}
        firms = [firm[e] for e in self.experts]
        self.seats = Seats(
            lack=_numbers(f.lack(e, c) for e in self.experts),
            chairs=_numbers(f.may_chair(e, c) for e in self.experts),
            near=_numbers(any(f.strength(e, d) >= 2 for d in c) for e in self.experts),
            firm=_numbers(firms.index(name) for name in firms),
            stranger=3 * len(c),
            size=rules.panel_size,
            specialists=rules.min_specialists,
            same_firm=rules.max_members_per_employer,
        )
        self.own = self._own(cluster)
        self.all = np.arange(len(self.length))

    def _own(self, cluster: Cluster) -> Array:
        """What each seat costs by itself: its mismatch, or far too much where the expert can't sit."""
        own, sits = np.outer(self.seats.lack, self.length).astype(np.float64), cluster.grid.sits
        for i, e in enumerate(self.experts):
            shut = [s for s in range(len(sits)) if s not in cluster.f.open[e]]
            own[i, sits[shut].any(0) | (self.length > cluster.f.most_sessions(e))] = DEAR
        return own

    def prices(self, rows: Iterable[tuple[Row, float]]) -> tuple[Array, Array]:
        """[t] what a panel costs besides its seats, and [i, t] each seat, at these rows' prices."""
        panel, seats = np.zeros(len(self.length)), self.own.copy()
        for row, price in rows:
            if n := row.classes.get(self.c):
                if row.panel is not None:
                    panel -= n * price * row.panel
                for e, counted in row.seat.items():
                    if e in self.place:
                        seats[self.place[e]] -= n * price * counted
        return panel, seats

    def best(self, panel: Array, seats: Array, many: int) -> tuple[float, list[Column]]:
        """What the cheapest panel costs, and the cheapest of so many sets of sessions that are worth a column."""
        nobody = np.empty((0, 0), dtype=np.int64)
        least = panel + cheapest(self.seats, seats, self.length, self.all, nobody)
        order = np.argsort(least, kind="stable")[:many]
        sets = order[least[order] < -WORTH]
        members = np.full((len(sets), self.seats.size), NOBODY, dtype=np.int64)
        cheapest(self.seats, seats, self.length, sets, members)
        return float(least.min()), [self._column(int(t), row) for t, row in zip(sets, members, strict=True)]

    def _column(self, t: int, row: Numbers) -> Column:
        x, mine = self.seats, [int(i) for i in row if i != NOBODY]
        chair = min(int(x.lack[i]) for i in mine if x.chairs[i])
        lack = sum(int(x.lack[i]) for i in mine) + chair + x.stranger * (x.size - len(mine))
        return Column(self.c, t, tuple(sorted(self.experts[i] for i in mine)), lack * int(self.length[t]))


WORTH = 1e-6
"""A panel that would save less is not worth a column."""


def _numbers(values: Iterable[int]) -> Numbers:
    return np.array(list(values), dtype=np.int64)
