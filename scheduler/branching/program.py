"""The linear program of a cluster's panels: rows, the columns they want, and what nothing can cost less than."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import Any, NamedTuple

from ortools.linear_solver import pywraplp

from scheduler.branching.offers import Column, Offers
from scheduler.branching.rows import Cluster, Row

MISSED = 500.0
"""What it costs that a row has one too few: more than any panel's sitting."""
MANY = 15
"""Columns of a class in one round."""
SOME = 1e-6
"""Less of a column is nothing."""
WAYS = tuple(
    f"use_preprocessing: {pre} use_dual_simplex: {dual}"
    for pre, dual in (("false", "false"), ("false", "true"), ("true", "false"), ("true", "true"))
)
"""Of solving, the next one where one gives up: the first is quick after new columns, the second after other limits."""


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
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.columns: dict[Column, Any] = {}
        self.rows: dict[Row, Any] = {}
        self.prices: list[Price] = []
        self.solved = False
        """Whether there are shares, the best ones for the rows' present limits."""
        for row in cluster.rows():
            self.add(row)

    def add(self, row: Row, limited: bool = False) -> None:
        """A new row; what is too little of it, now or when it is ``limited``, may be missing at a price."""
        self.rows[row] = made = self.lp.Constraint(row.low, row.high)
        if limited or row.low > 0:
            self._missing(made)
        for column, value in self.columns.items():
            if n := row.counts(column.directions, column.times, column.members):
                made.SetCoefficient(value, n)

    def _missing(self, made: Any) -> None:
        missed = self.lp.NumVar(0, inf, "")
        made.SetCoefficient(missed, 1)
        self.lp.Objective().SetCoefficient(missed, MISSED)

    def limit(self, row: Row, low: float, high: float) -> None:
        """The row's limits for what is solved next."""
        self.rows[row].SetBounds(low, high)

    def _add(self, column: Column) -> bool:
        """Whether the panel is a new column."""
        if column in self.columns:
            return False
        self.columns[column] = value = self.lp.NumVar(0, inf, "")
        self.lp.Objective().SetCoefficient(value, column.mismatch)
        for row, made in self.rows.items():
            if n := row.counts(column.directions, column.times, column.members):
                made.SetCoefficient(value, n)
        return True

    def grow(self, stop: Callable[[], bool]) -> float:
        """Columns until none is wanted any more or it is stopped; nothing costs less than this."""
        bound, limited, self.solved = 0.0, True, False
        while not stop() and self._solve(limited):
            least, found = self._wanted()
            bound, limited = max(bound, self._bound(least)), False
            self.solved = not sum(self._add(column) for column in found)
            if self.solved:
                break
        return bound

    def _solve(self, limited: bool) -> bool:
        for way in (WAYS[1], WAYS[0], *WAYS[2:]) if limited else WAYS:
            self.lp.SetSolverSpecificParametersAsString(way)
            if self.lp.Solve() == pywraplp.Solver.OPTIMAL:
                self.prices = list(self._priced())
                return True
        return False

    def _priced(self) -> Iterable[Price]:
        """Rows with a price of one more in them; one that the row's limits do not allow is rounding."""
        for row, made in self.rows.items():
            if price := made.dual_value():
                limit = made.lb() if price > 0 else made.ub()
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
        values = ((column, value.solution_value()) for column, value in self.columns.items())
        return [(column, share) for column, share in values if share > SOME]
