"""A dive: solve, take the panels the program likes most, solve what is left, until nothing more fits."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scheduler.columns.grid import Grid
from scheduler.columns.master import SOME
from scheduler.columns.program import Program
from scheduler.columns.stock import Column, Stock
from scheduler.linear import INFINITY

ROUNDS, LATER = 12, 4
"""Of new columns, at first and each time panels were taken."""
SHARE = 0.04
"""Of the groups, taken in one go besides those that are whole anyway."""
NOISE = (0.05, 0.3, 0.6)
"""What chance adds to how much of a panel there is, one of these for each dive."""
WHOLE = 0.999
BACK = 8
"""So often panels are given back that leave somebody without a place."""


def dive(
    stock: Stock, grid: Grid, start: Iterable[Column], rng: random.Random, stop: Callable[[], bool]
) -> list[Column] | None:
    """Panels for the stock's people, ``start`` among those looked at; ``None`` if stopped."""
    program = Program(stock, grid, start, rng, stop)
    return Dive(program, rng).run() if program.grow(ROUNDS) else None


@dataclass(frozen=True)
class Choice:
    """Panels taken in one go; ``guessed`` are those the program has only in part."""

    panels: tuple[Column, ...]
    guessed: tuple[Column, ...]


class Dive:
    """Down from a program that is solved; what is taken leaves its stock."""

    def __init__(self, program: Program, rng: random.Random, most: float = INFINITY) -> None:
        """``most``: what the program may cost before panels are given back."""
        self.program, self.rng, self.most = program, rng, most
        self.master, self.stock = program.master, program.stock
        self.held, self.banned, self.noise = set[Column](), set[Column](), rng.choice(NOISE)

    def run(self) -> list[Column] | None:
        """The panels; ``None`` if stopped."""
        back = BACK
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
