"""The linear program of a cluster's panels: rows, the columns they want, and what nothing can cost less than."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import NamedTuple

from scheduler.branching.offers import Column, Offers
from scheduler.branching.rows import Cluster, Row
from scheduler.branching.simplex import DUAL, PRIMAL, Simplex

MISSED = 500.0
"""What it costs that a row has one too few: more than any panel's sitting."""
MANY = 15
"""Columns of a class in one round."""
SOME = 1e-6
"""Less of a column is nothing."""


class Price(NamedTuple):
    """What the program would pay for one more in a row, and the limit that the row is at."""

    row: Row
    price: float
    limit: float


class Program:
    """Columns and rows are added as they are found; values and prices are those of the last solve."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.offers = [Offers(cluster, c) for c in cluster.classes]
        self.lp = Simplex()
        self.columns: dict[Column, int] = {}
        self.rows: dict[Row, int] = {}
        self.prices: list[Price] = []
        self.solved = False
        """Whether there are shares, the best ones for the rows' present limits."""
        for row in cluster.rows():
            self.add(row)

    def add(self, row: Row, limited: bool = False) -> None:
        """A new row; what is too little of it, now or when it is ``limited``, may be missing at a price."""
        terms = ((n, row.counts(c.directions, c.times, c.members)) for c, n in self.columns.items())
        self.rows[row] = number = self.lp.row(row.low, row.high, ((n, x) for n, x in terms if x))
        if limited or row.low > 0:
            self.lp.column(MISSED, [(number, 1.0)])

    def limit(self, row: Row, low: float, high: float) -> None:
        """The row's limits for what is solved next."""
        self.lp.limit(self.rows[row], low, high)

    def _add(self, column: Column) -> bool:
        """Whether the panel is a new column."""
        if column in self.columns:
            return False
        terms = ((n, row.counts(column.directions, column.times, column.members)) for row, n in self.rows.items())
        self.columns[column] = self.lp.column(column.mismatch, ((n, x) for n, x in terms if x))
        return True

    def grow(self, stop: Callable[[], bool], enough: float = inf) -> float:
        """Columns until none is wanted any more, or it is stopped, or everything costs more than ``enough``.

        Returns:
            Nothing costs less than this.
        """
        bound, way, self.solved = 0.0, DUAL, False
        while not stop() and bound <= enough and self.lp.solve(way):
            self.prices = list(self._priced())
            least, found = self._wanted()
            bound, way = max(bound, self._bound(least)), PRIMAL
            self.solved = not sum(self._add(column) for column in found)
            if self.solved:
                break
        return bound

    def _priced(self) -> Iterable[Price]:
        """Rows with a price of one more in them; one that the row's limits do not allow is rounding."""
        for row, number in self.rows.items():
            if price := self.lp.prices[number]:
                low, high = self.lp.limits[number]
                limit = low if price > 0 else high
                if abs(limit) < inf:
                    yield Price(row, price, limit)

    def _bound(self, least: float) -> float:
        """What the prices alone prove: the limits at their prices, and so many panels at the least a panel costs.

        Each panel costs at least ``least`` more than the rows pay for it, and there are no more panels than groups.
        """
        return float(sum(p.price * p.limit for p in self.prices) + self.cluster.groups * min(0.0, least))

    def _wanted(self) -> tuple[float, list[Column]]:
        """What the cheapest panel costs at these prices, and panels that are worth a column."""
        least, found = inf, list[Column]()
        paid = [(p.row, p.price) for p in self.prices]
        for offers in self.offers:
            best, columns = offers.best(*offers.prices(paid), MANY)
            least, found = min(least, best), [*found, *columns]
        return least, found

    def shares(self) -> Iterable[tuple[Column, float]]:
        """Of each panel so much, where it is ``solved``."""
        values = ((column, self.lp.values[n]) for column, n in self.columns.items())
        return [(column, share) for column, share in values if share > SOME]
