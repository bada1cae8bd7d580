"""At given prices: the cheapest panel of a class for every set of sessions."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.columns.grid import Array, Grid
from scheduler.columns.stock import Column, Stock
from scheduler.patterns import Class

NEVER = 1e9
"""The price of a seat that is not to be had."""
LOOK = 2_500
"""So many sets of sessions are looked at in one round, by chance where there are more."""
GAIN = 1e-6
"""A panel that would save less is not worth a column."""


@dataclass(frozen=True)
class Prices:
    """What a panel pays in the program: for seats and for itself; less than 0 where it is wanted."""

    seat: Array
    """Expert × session."""
    load: Array
    """Expert, each session."""
    panel: dict[Class, Array]
    """By class and set of sessions: rooms, people heard, sittings and groups, all in one."""
    apart: dict[Class, dict[int, Array]]
    """By class, expert and set of sessions: what a panel with the expert does not do for those recused."""


@dataclass(frozen=True)
class Offers:
    """Of one class by set of sessions: the experts' seats, what the panel pays besides, the least of it all."""

    sets: NDArray[np.int64]
    cost: Array
    base: Array
    least: Array


class Pricing:
    """One class: who may sit, who may chair, who knows which direction."""

    def __init__(self, stock: Stock, grid: Grid, directions: Class) -> None:
        f, self.stock, self.grid, self.c = stock.f, stock, grid, directions
        self.rules, self.experts = f.problem.rules, np.array(stock.able[directions], dtype=np.int64)
        self.lack = np.array([f.lack(e, directions) for e in self.experts], dtype=np.int64)
        self.chairs = np.array([f.may_chair(e, directions) for e in self.experts], dtype=bool)
        self.near = np.array([[f.strength(e, d) >= 2 for e in self.experts] for d in directions], dtype=bool)
        self.firms = [f.problem.experts[e].employer for e in self.experts]
        self.steps = sorted({int(n) for n in self.lack[self.chairs]})
        """What a chair may lack."""

    def offers(self, prices: Prices, rng: random.Random) -> Offers:
        """What panels cost at the least, by set of sessions."""
        left, rooms = self.stock.left[self.stock.block[self.c]], self.stock.rooms
        sets = np.flatnonzero((self.grid.length <= left) & ~self.grid.sits[rooms <= 0].any(0))
        if len(sets) > LOOK:
            sets = np.sort(np.random.default_rng(rng.getrandbits(32)).choice(sets, LOOK, replace=False))
        cost, base = self._cost(prices, sets), prices.panel[self.c][sets]
        return Offers(sets, cost, base, base + self._least(cost, self.grid.length[sets]))

    def _cost(self, prices: Prices, sets: NDArray[np.int64]) -> Array:
        """What each expert's seat costs in each set."""
        each = prices.seat[self.experts] + (self.lack + prices.load[self.experts])[:, None]
        each[~self.stock.free[self.experts]] = NEVER
        cost: Array = each @ self.grid.sits[:, sets]
        for i, e in enumerate(self.experts):
            if int(e) in prices.apart[self.c]:
                cost[i] += prices.apart[self.c][int(e)][sets]
        cost[(cost >= NEVER / 2) | (self.grid.length[sets] > self.stock.load[self.experts][:, None])] = NEVER
        return cost

    def _least(self, cost: Array, length: NDArray[np.int64]) -> Array:
        """The cheapest chair, specialists and others, employers left aside."""
        size, near = self.rules.panel_size, self.near.any(0)
        first = max(1, self.rules.min_specialists)
        more, best = size - first, np.full(cost.shape[1], NEVER)
        if more < 0:
            return best  # more specialists asked for than a panel has seats
        known, others = _smallest(cost[near], size + 1), _sums(_smallest(cost[~near], more))
        for step in self.steps:
            chair = cost[self.chairs & (self.lack <= step)].min(0)
            rest = np.where(known < chair, known, np.roll(known, -1, 0))[:-1]  # specialists without the chair
            least, near_too = chair + step * length + rest[: first - 1].sum(0), _sums(rest[first - 1 : size - 1])
            best = np.minimum(best, least + np.min([near_too[i] + others[more - i] for i in range(more + 1)], axis=0))
        return best

    def panel(self, t: int, cost: Array) -> tuple[float, Column] | None:
        """The cheapest panel in the sessions of set ``t`` by its experts' ``cost``, all rules kept, by greed."""
        found = [p for step in self.steps if (p := self._panel(t, cost, step))]
        return min(found, key=lambda pair: pair[0], default=None)

    def _panel(self, t: int, cost: Array, step: int) -> tuple[float, Column] | None:
        seats, members, firms = cost.copy(), list[int](), Counter[str]()
        known = np.zeros(len(self.c), dtype=np.int64)
        who = self.chairs & (self.lack <= step)
        while len(members) < self.rules.panel_size:
            i = int(np.where(who, seats, NEVER).argmin())
            if not who[i] or seats[i] >= NEVER / 2:
                return None
            members.append(i)
            seats[i] = NEVER
            known += self.near[:, i]
            self._employed(i, firms, seats)
            lacking = np.flatnonzero(known < self.rules.min_specialists)
            who = self.near[lacking[0]] if len(lacking) else np.ones(len(seats), dtype=bool)
        if (known < self.rules.min_specialists).any():
            return None
        length = int(self.grid.length[t])
        mismatch = length * int(self.lack[members].sum() + self.lack[members[0]])
        experts = tuple(int(e) for e in self.experts[members])
        price = float(cost[members].sum()) + length * int(self.lack[members[0]])
        return price, Column(self.c, self.grid.times[t], experts, experts[0], mismatch)

    def _employed(self, i: int, firms: Counter[str], seats: Array) -> None:
        firm = self.firms[i]
        if firm is not None:
            firms[firm] += 1
            if firms[firm] >= self.rules.max_members_per_employer:
                seats[[j for j, other in enumerate(self.firms) if other == firm]] = NEVER


def _smallest(rows: Array, n: int) -> Array:
    """The ``n`` smallest of each column, in order; ``NEVER`` where there are not so many."""
    if len(rows) < n:
        rows = np.concatenate([rows, np.full((n - len(rows), rows.shape[1]), NEVER)])
    found: Array = np.sort(np.partition(rows, n - 1, 0)[:n] if n else rows[:0], 0)
    return found


def _sums(rows: Array) -> Array:
    """Of the first none, one, two and so on of the rows."""
    found: Array = np.concatenate([np.zeros((1, rows.shape[1])), rows.cumsum(0)])
    return found
