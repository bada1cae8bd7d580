"""The linear program over panels: everyone heard, nobody twice at a time, no more rooms than there are."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp

from scheduler.columns.grid import Array, Grid
from scheduler.columns.pricing import Prices
from scheduler.columns.stock import Column, Stock, met
from scheduler.patterns import Class
from scheduler.wishes import Wish, wishes

PERSON, MISSED = 300.0, 3_000.0
"""What somebody without a place and a sitting too few weigh against a mismatch."""
SOME = 1e-3
"""Less of a column is nothing."""
HAIR = 1e-6
"""Of a cost that is no more than another."""
SITTING, GROUP = 400.0, 100.0
"""What a sitting and a group weigh."""


class Master:
    """Columns are added as they are found; values and prices are those of the last solve."""

    def __init__(self, stock: Stock, grid: Grid, sitting: float = SITTING, group: float = GROUP) -> None:
        self.stock, self.grid, self.f = stock, grid, stock.f
        self.sitting, self.group = sitting, group
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.columns: dict[Column, Any] = {}
        self.missed: list[Any] = []
        self.there: dict[Wish, Array] = {}
        self._people()
        self.sittings, self.groups = self._most(stock.sittings), self._most(stock.groups)
        self.rooms = [self._most(int(n)) for n in stock.rooms]
        sessions = stock.free.sum(1)
        able = sorted({e for mine in stock.able.values() for e in mine})
        self.load = {e: self._most(int(stock.load[e])) for e in able if stock.load[e] < sessions[e]}
        self.seat = {(e, int(s)): self._most(1) for e in able for s in np.flatnonzero(stock.free[e])}

    def _people(self) -> None:
        """Rows about who is heard; each may be missed at a price."""
        stock = self.stock
        self.least = {b: self._at_least(n, MISSED) for b, n in stock.least.items()}
        self.heard = {d: self._at_least(n, PERSON) for d, n in stock.count.items()}
        self.slots = {c: self.lp.Constraint(0.0, self.lp.infinity()) for c in stock.able}
        single = ((wish, n) for wish, n in wishes(stock.f).items() if len(wish.experts) <= 1)  # what pricing can weigh
        self.wishes = [(wish, n, self._at_least(n, PERSON)) for wish, n in single]
        self.places = [
            (stock.count[d], [(self.heard[d], 1.0), (self.slots[c], -1.0)])
            for c in stock.able
            for d in c
            if d in self.heard
        ]
        """By class and direction: so many people at the most, and their rows."""
        for most, terms in self.places:
            here = self.lp.NumVar(0, most, "")
            for row, factor in terms:
                row.SetCoefficient(here, factor)

    def _most(self, n: float) -> Any:
        return self.lp.Constraint(-self.lp.infinity(), float(n))

    def _at_least(self, n: float, price: float) -> Any:
        row, missed = self.lp.Constraint(float(n), self.lp.infinity()), self.lp.NumVar(0, self.lp.infinity(), "")
        row.SetCoefficient(missed, 1)
        self.missed.append(missed)
        self.lp.Objective().SetCoefficient(missed, price)
        return row

    def add(self, column: Column) -> bool:
        """Whether the panel is a new column."""
        if column in self.columns:
            return False
        self.columns[column] = v = self.lp.NumVar(0, self.lp.infinity(), "")
        self.lp.Objective().SetCoefficient(v, self.price(column))
        for row, factor in self.rows_of(column):
            row.SetCoefficient(v, factor)
        return True

    def price(self, column: Column) -> float:
        """What the panel costs."""
        return column.mismatch + self.sitting * len(column.times) + self.group * len(column.directions)

    def rows_of(self, column: Column) -> Iterable[tuple[Any, float]]:
        """The rows the panel stands in, and with which factor."""
        c, k = column.directions, len(column.times)
        slots = sum(self.f.slots[s] for s in column.times)
        yield self.least[self.stock.block[c]], k
        yield self.slots[c], slots
        yield self.sittings, k
        yield self.groups, len(c)
        yield from ((self.rooms[s], 1) for s in column.times)
        yield from ((self.load[e], k) for e in column.members if e in self.load)
        yield from ((self.seat[e, s], 1) for e in column.members for s in column.times)
        yield from ((row, min(here, n)) for wish, n, row in self.wishes if (here := met(wish, column)))

    def bound(self, held: Container[Column], banned: Container[Column]) -> None:
        """Columns are there if ``held``, and closed if ``banned`` or where they do not fit beside those held."""
        for column, v in self.columns.items():
            if column in held:
                v.SetBounds(1, 1)
            else:
                v.SetBounds(0, 0 if column in banned or not self.stock.fits(column) else self.lp.infinity())

    def solve(self) -> bool:
        """Whether there are values; ``prices`` and ``value`` tell of them."""
        return bool(self.lp.Solve() == pywraplp.Solver.OPTIMAL)

    @property
    def cost(self) -> float:
        """Of the last solve."""
        return float(self.lp.Objective().Value())

    def reduced(self, column: Column) -> float:
        """What a panel would add to the cost of the last solve, at the least."""
        return float(self.columns[column].reduced_cost())

    @property
    def missing(self) -> bool:
        """Whether somebody has no place, or a sitting or a wish is missed."""
        return any(v.solution_value() > SOME for v in self.missed)

    def value(self, column: Column) -> float:
        """How much of the panel there is."""
        return float(self.columns[column].solution_value())

    def prices(self) -> Prices:
        """What the rows say a panel is worth."""
        seat = np.zeros(self.stock.free.shape)
        for (e, s), row in self.seat.items():
            seat[e, s] = -row.dual_value()
        load = np.zeros(len(self.stock.load))
        for e, row in self.load.items():
            load[e] = -row.dual_value()
        rooms = np.array([-row.dual_value() for row in self.rooms]) @ self.grid.sits
        panel = {c: rooms + self._own(c) for c in self.stock.able}
        apart: dict[Class, dict[int, Array]] = {c: {} for c in panel}
        for wish, n, row in self.wishes:
            if dual := row.dual_value():
                worth = dual * self._there(wish, n)
                for c, other in panel.items():
                    if wish.direction in c:
                        panel[c] = other - worth
                        for e in wish.experts:
                            apart[c][e] = apart[c].get(e, 0) + worth
        return Prices(seat, load, panel, apart)

    def _there(self, wish: Wish, n: int) -> Array:
        """By set of sessions: in how many of them the wish is met, no more than are wished for."""
        if wish not in self.there:
            met = self.grid.sits[list(wish.sessions)].sum(0) if wish.sessions else self.grid.length
            self.there[wish] = np.minimum(met, n).astype(np.float64)
        return self.there[wish]

    def _own(self, c: Class) -> Array:
        """What the panel itself costs, less what its sittings and slots are worth."""
        sitting = self.sitting - self.least[self.stock.block[c]].dual_value() - self.sittings.dual_value()
        group = len(c) * (self.group - self.groups.dual_value())
        own: Array = sitting * self.grid.length - self.slots[c].dual_value() * self.grid.slots + group
        return own
