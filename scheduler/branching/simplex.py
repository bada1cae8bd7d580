"""A linear program that is solved again and again, a little changed each time: HiGHS goes on from any basis it had."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Any

import highspy
import numpy as np

OPTIONS: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "solver": "simplex", "presolve": "off"}
DUAL, PRIMAL = 1, 4
"""Ways of the simplex method: the first goes on where limits or rows are new, the second where columns are."""
LOOK, EVER = 60, 2**31 - 1
"""Pivots of a look at what a limit would cost; and of a whole solve."""
Terms = Iterable[tuple[int, float]]
"""A column in a row, or a row in a column, and how many times."""
Basis = Any
"""HiGHS's own: which rows and columns have a part in a solution."""


class Simplex:
    """Rows and columns are numbered as they come; ``values`` and ``prices`` are those of the last solve."""

    def __init__(self) -> None:
        self.lp = highspy.Highs()
        for name, value in OPTIONS.items():
            self.lp.setOptionValue(name, value)
        self.limits: list[tuple[float, float]] = []
        """By row."""
        self.width = 0
        """Columns."""
        self.values: list[float] = []
        """By column."""
        self.prices: list[float] = []
        """By row: what one more in it would save (a low limit) or cost (a high one)."""

    def row(self, low: float, high: float, terms: Terms) -> int:
        """Number of a new row."""
        self.lp.addRow(low, high, *_arrays(terms))
        self.limits.append((low, high))
        return len(self.limits) - 1

    def column(self, cost: float, terms: Terms) -> int:
        """Number of a new column, none or any number of it."""
        self.lp.addCol(cost, 0.0, inf, *_arrays(terms))
        self.width += 1
        return self.width - 1

    def limit(self, row: int, low: float, high: float) -> None:
        """The row's limits from now on."""
        if self.limits[row] != (low, high):
            self.lp.changeRowBounds(row, low, high)
            self.limits[row] = low, high

    def solve(self, way: int) -> bool:
        """Whether the best was found: from where it stands, or if it must be from nothing."""
        found = self._run(way) or self._from_nothing()
        if found:
            solution = self.lp.getSolution()
            self.values, self.prices = solution.col_value, solution.row_dual
        return found

    def _from_nothing(self) -> bool:
        self.lp.clearSolver()
        return self._run(DUAL) or self._run(PRIMAL)

    def _run(self, way: int, pivots: int = EVER) -> bool:
        self.lp.setOptionValue("simplex_strategy", way)
        self.lp.setOptionValue("simplex_iteration_limit", pivots)
        self.lp.run()
        return bool(self.lp.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @property
    def cost(self) -> float:
        """Of the last solve."""
        return float(self.lp.getInfo().objective_function_value)

    def basis(self) -> Basis:
        """Where it stands."""
        return self.lp.getBasis()

    def start(self, basis: Basis) -> None:
        """Go on from there; what is new since then has no part in it."""
        status, again = highspy.HighsBasisStatus, highspy.HighsBasis()
        columns, rows = list(basis.col_status), list(basis.row_status)
        again.col_status = columns + [status.kLower] * (self.width - len(columns))
        again.row_status = rows + [status.kBasic] * (len(self.limits) - len(rows))
        again.valid = True
        self.lp.setBasis(again)

    def look(self, row: int, low: float, high: float, basis: Basis) -> float:
        """About what it would cost with the row in these limits; not a bound, and the limits stay as they are."""
        before = self.limits[row]
        self.limit(row, low, high)
        self.start(basis)
        self._run(DUAL, LOOK)
        cost = self.cost
        self.limit(row, *before)
        return cost


def _arrays(terms: Terms) -> tuple[int, np.ndarray, np.ndarray]:
    pairs = list(terms)
    return len(pairs), np.array([n for n, _ in pairs], np.int32), np.array([x for _, x in pairs], np.float64)
