"""Improvement: a few panels are taken out and made anew by patterns, with everything else around them.

What is taken out is chosen by where the cost lies: people without a place, sittings or groups too many, weak panels,
experts who come on many days or sit most, thin sittings; and panels that could use the same experts.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence

from scheduler.facts import Facts
from scheduler.held import Held, consistent, cost, hold
from scheduler.part import Part
from scheduler.rooms import settle
from scheduler.schedule import Schedule

SMALL, FIRST, LARGE = 2.0, 5.0, 24.0
"""Sittings of a part: at the least, at first, at the most; it grows while parts are solved to their end."""


class Improver:
    """The best panels so far; any number of threads may take steps at the same time."""

    def __init__(self, facts: Facts, panels: Sequence[Held], seed: int = 0) -> None:
        self.f, self.seed = facts, seed
        self.panels: list[Held] = []
        self.cost: tuple[int, ...] = cost(facts, [])
        self.proven = [False] * 7
        """Levels that cannot get better: the search spends no time on them."""
        self.lock = threading.Lock()
        self.better = 0
        self.offer(panels)

    @property
    def level(self) -> int:
        """The first level that is not proven."""
        return next((k for k in range(7) if not self.proven[k]), 6)

    def offer(self, panels: Sequence[Held], gone: Sequence[Held] | None = None) -> bool:
        """Take panels that are no worse: as the whole, or in place of those ``gone`` while all of these still stand."""
        with self.lock:
            if gone is not None:
                out = {id(h) for h in gone}
                rest = [h for h in self.panels if id(h) not in out]
                if len(rest) + len(out) != len(self.panels):
                    return False
                panels = [*rest, *panels]
            if not consistent(self.f, panels):
                return False
            now = cost(self.f, panels)
            if now > self.cost:
                return False
            self.better += now < self.cost
            self.panels, self.cost = list(panels), now
            return True

    def schedule(self) -> Schedule | None:
        """The best panels as a schedule."""
        with self.lock:
            panels = list(self.panels)
        return settle(self.f, [h.panel for h in panels])

    def work(self, number: int, stop: Callable[[], bool], rounds: int | None = None, seconds: float = 0.6) -> None:
        """Take steps until told to stop, or so many ``rounds``; the same ones for the same seed and number."""
        rng, size, done = random.Random(f"{self.seed}/{number}"), FIRST, 0
        while not stop() and (rounds is None or done < rounds):
            size = self.step(rng, size, seconds, stop, by_work=rounds is not None)
            done += 1

    def step(self, rng: random.Random, size: float, seconds: float, stop: Callable[[], bool], by_work: bool) -> float:
        """Make one part anew; returns the size for the next one."""
        part = Part(self.f, list(self.panels), self.level, rng, size)
        solved, found = part.solve(seconds, stop, by_work)
        if found is not None:
            self.offer([hold(self.f, p) for p in found], part.out)
        return min(LARGE, size * 1.05) if solved else max(SMALL, size * 0.85)


