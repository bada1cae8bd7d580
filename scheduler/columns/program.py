"""The program of a part with the columns it wants: solve, add the panels that would save most, until none would."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from math import ceil

import numpy as np
from numpy.typing import NDArray

from scheduler.columns.grid import Grid
from scheduler.columns.master import GROUP, SITTING, Master
from scheduler.columns.pricing import GAIN, NEVER, Offers, Pricing
from scheduler.columns.stock import Column, Stock

TRIES = 4
"""Sets of sessions looked at for each panel wanted."""


class Program:
    """A master and who finds its columns; ``start`` are the first ones."""

    def __init__(
        self,
        stock: Stock,
        grid: Grid,
        start: Iterable[Column],
        rng: random.Random,
        stop: Callable[[], bool],
        sitting: float = SITTING,
        group: float = GROUP,
    ) -> None:
        """``sitting``, ``group``: what they weigh against a mismatch."""
        self.stock, self.rng, self.stop = stock, rng, stop
        self.master = Master(stock, grid, sitting, group)
        self.pricings = [p for c in stock.able if (p := Pricing(stock, grid, c)).steps]
        for column in start:
            if stock.fits(column):
                self.master.add(column)

    def grow(self, rounds: int) -> bool:
        """Columns until none is wanted any more; whether the program is solved."""
        for _ in range(rounds):
            if self.stop() or not self.master.solve():
                return False
            if not self._add():
                return True
        return self.master.solve()

    def _add(self) -> int:
        """The panels that would save most, those of one round without a seat in common as far as may be."""
        prices, taken, added = self.master.prices(), np.zeros(self.stock.free.shape, dtype=bool), 0
        for pricing in self.rng.sample(self.pricings, len(self.pricings)):
            want = ceil(self.stock.left[self.stock.block[pricing.c]] / max(1, self.stock.f.limit)) + 2
            found = _worth(pricing, pricing.offers(prices, self.rng), want, taken)
            added += sum(self.master.add(column) for column in found)
        return added


def _worth(pricing: Pricing, offers: Offers, want: int, taken: NDArray[np.bool_]) -> list[Column]:
    """Up to so many panels worth a column, none with a seat that is taken; else the best there is."""
    wanted = np.flatnonzero(offers.least < -GAIN)
    order, found = wanted[np.argsort(offers.least[wanted], kind="stable")[: TRIES * want]], list[Column]()
    for q in order:
        times = list(pricing.grid.times[offers.sets[q]])
        cost = np.where(taken[pricing.experts][:, times].any(1), NEVER, offers.cost[:, q])
        panel = pricing.panel(int(offers.sets[q]), cost)
        if panel and panel[0] + offers.base[q] < -GAIN:
            found.append(panel[1])
            for e in panel[1].members:
                taken[e, times] = True
        if len(found) >= want:
            return found
    for q in order[: 0 if found else 3]:
        panel = pricing.panel(int(offers.sets[q]), offers.cost[:, q])
        if panel and panel[0] + offers.base[q] < -GAIN:
            found.append(panel[1])
    return found
