"""A dive: solve, take the panels the program likes most, solve what is left, until nothing more fits."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scheduler.columns.grid import Grid
from scheduler.columns.master import GROUP, HAIR, SITTING, SOME
from scheduler.columns.program import Program
from scheduler.columns.stock import Column, Stock
from scheduler.linear import INFINITY

ROUNDS, MANY, LATER = 12, 100, 4
"""Of new columns, at first, where only mismatches count, and each time panels were taken."""
SHARE = 0.04
"""Of the groups, taken in one go besides those that are whole anyway."""
NOISE = (0.05, 0.3, 0.6)
"""What chance adds to how much of a panel there is, one of these for each dive."""
WHOLE = 0.999
BACK = 8
"""So often panels are given back that leave somebody without a place."""


def dive(
    stock: Stock,
    grid: Grid,
    start: Iterable[Column],
    rng: random.Random,
    stop: Callable[[], bool],
    most: int | None = None,
) -> list[Column] | None:
    """Panels for the stock's people, ``start`` among those looked at; ``None`` if stopped.

    ``most``: only mismatches count, and no more than so many; ``None`` as well where the program costs more.
    """
    return _Dive(stock, grid, start, rng, stop, most).run()


@dataclass(frozen=True)
class Choice:
    """Panels taken in one go; ``guessed`` are those the program has only in part."""

    panels: tuple[Column, ...]
    guessed: tuple[Column, ...]


class _Dive:
    def __init__(
        self,
        stock: Stock,
        grid: Grid,
        start: Iterable[Column],
        rng: random.Random,
        stop: Callable[[], bool],
        most: int | None,
    ) -> None:
        weights = (SITTING, GROUP) if most is None else (0, 0)
        self.most = INFINITY if most is None else most + HAIR
        self.stock, self.rng, self.program = stock, rng, Program(stock, grid, start, rng, stop, *weights)
        self.master = self.program.master
        self.held, self.banned, self.noise = set[Column](), set[Column](), rng.choice(NOISE)

    def run(self) -> list[Column] | None:
        back = BACK
        if not self.program.grow(ROUNDS if self.most == INFINITY else MANY) or self.master.cost > self.most:
            return None
        while True:
            before = self.stock.copy()
            choice = self._choose()
            if not choice.panels:
                return sorted(self.held, key=lambda c: (c.directions, c.times, c.members))
            self.held |= {*choice.panels}
            self.master.bound(self.held, self.banned)
            if not self.program.grow(LATER):
                return None
            if choice.guessed and back and (self.master.missing or self.master.cost > self.most):
                back -= 1
                self._give_back(choice, before)
                if not self.master.solve():
                    return None

    def _give_back(self, choice: Choice, before: Stock) -> None:
        self.held -= {*choice.panels}
        self.banned |= {*choice.guessed}
        self.stock.restore(before)
        self.master.bound(self.held, self.banned)

    def _choose(self) -> Choice:
        """Panels that are whole, and some more of the largest, with chance among them; they are taken."""
        liked = []
        for n, column in enumerate(self.master.columns):
            value = 0.0 if column in self.held else self.master.value(column)
            if value > SOME:
                liked.append(
                    (value if value > WHOLE else min(WHOLE, value + self.noise * self.rng.random()), -n, column)
                )
        more, panels, guessed = max(1, round(SHARE * self.stock.groups)), list[Column](), list[Column]()
        for value, _, column in sorted(liked, key=lambda x: x[:2], reverse=True):
            if value <= WHOLE and len(guessed) >= more:
                break
            if self.stock.fits(column):
                self.stock.take(column)
                panels.append(column)
                guessed += [] if value > WHOLE else [column]
        return Choice(tuple(panels), tuple(guessed))
