"""Improvement: a few panels are taken out and made anew by patterns, with everything else around them.

What is taken out is chosen by where the cost lies: people without a place, sittings or groups too many, weak panels,
experts who come on many days or sit most, thin sittings; and panels that could use the same experts.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from math import inf
from typing import TYPE_CHECKING

from scheduler.anew import by_columns, by_patterns, one_sitting_less, wasteful
from scheduler.columns import Grid
from scheduler.facts import Facts
from scheduler.held import Held, consistent, cost, hold
from scheduler.part import Part
from scheduler.patterns import Class
from scheduler.remake import remake
from scheduler.rooms import settle
from scheduler.schedule import MISMATCH, SITTINGS, Schedule

if TYPE_CHECKING:
    from scheduler.annealing.renewal import Renewal

SMALL, FIRST, LARGE = 2.0, 5.0, 24.0
"""Sittings of a part: at the least, at first, at the most; it grows while parts are solved to their end."""
SECONDS = 0.6
"""For a part."""
PATIENCE = 150
"""So many steps without anything better double the time for a part, and with it the size it grows to."""
HURRY = 0.5
"""While people are left out, many short steps find them places sooner than a few long ones."""
ROAM, REFINE = 48, 48
"""Steps that only look at the first open level, and steps that look at all of them, once nothing gets better."""
HOME = 5
"""So many times of roaming lead away before all starts from the best again."""
COLUMNS, CLOSE, FAR, QUICK = 0.7, 10.0, 60.0, 0.4
"""Of the steps on a large problem so many go by columns, up to mismatch; sittings of the part, at first and at the
most: it grows while such a step is quick, in seconds."""
SETTLE, WIDER = 0.5, 5
"""Of those so many aim at the first open level, with so many times the sittings; the others at mismatch."""
DIVING, SHALLOW, DEEP = 0.5, 24.0, 100.0
"""Of those at mismatch so many dive; sittings of their part, at first and at the most: more where that was in vain."""
ANNEALING = 0.75
"""Of the steps on a large problem so many anneal, up to mismatch."""
LESS, ENOUGH = 0.1, 3
"""Of the steps on a large problem at its sittings so many give one up and fill the others of its block; its tries."""
REMAKING, TOGETHER, PATIENT = 0.2, (3, 6), 4.0
"""Of the steps at mismatch so many open all strangers' seats; for so many panels, in seconds."""


class Improver:
    """The best panels so far, and those the steps go on from; any number of threads may take steps at the same time.

    Where nothing has been better for a while, some steps *roam*: they accept whatever is no worse up to the first open
    level, and so leave a place where all later levels hold on to each other. Then the rest is refined again.
    """

    def __init__(self, facts: Facts, panels: Sequence[Held], seed: int = 0) -> None:
        self.f, self.seed = facts, seed
        self.panels: list[Held] = []
        self.cost: tuple[int, ...] = cost(facts, [])
        self.here, self.cost_here = self.panels, self.cost
        """Where the steps are; no better than the best."""
        self.proven = [False] * 7
        """Levels that cannot get better: the search spends no time on them."""
        self.grid: Grid | None = None
        """Of a large problem: some steps go by columns."""
        self.over: Callable[[], bool] = bool
        """Whether the whole search is: annealing goes on beyond the turn of its thread, or it would be in vain."""
        self.left: Callable[[], float] = lambda: inf
        """Seconds until then."""
        self.annealing = False
        """Whether some steps do."""
        self.least: Callable[[Collection[str]], int] = lambda _: 0
        """What the mismatch of some directions is at least, as far as it is known."""
        self.renewal: Renewal | None = None
        self.reach, self.refused = CLOSE, Counter[Class]()
        self.depth = defaultdict[str, float](lambda: SHALLOW)
        """By direction."""
        self.remaking = False
        """Whether some steps open all strangers' seats."""
        self.lent = frozenset[str]()
        """Applicants whose panels are being made anew elsewhere."""
        self.lock = threading.Lock()
        self.better = self.steps = self.since = 0
        """How often the best changed; steps taken, in all and since it last changed."""
        self.offer(panels)

    @property
    def level(self) -> int:
        """The first level that is not proven."""
        return next((k for k in range(7) if not self.proven[k]), 6)

    def restart(self, panels: Sequence[Held]) -> None:
        """Forget everything and go on from these panels."""
        self.panels, self.cost = list(panels), cost(self.f, panels)
        self.here, self.cost_here = self.panels, self.cost

    def offer(self, panels: Sequence[Held], gone: Sequence[Held] | None = None, depth: int = 7) -> bool:
        """Take panels that are no worse in the first ``depth`` levels: as the whole, or in place of those ``gone``."""
        with self.lock:
            if gone is not None:
                out = {id(h) for h in gone}
                rest = [h for h in self.here if id(h) not in out]
                if len(rest) + len(out) != len(self.here):
                    return False
                panels = [*rest, *panels]
            if not consistent(self.f, panels):
                return False
            now = cost(self.f, panels)
            if now >= self.cost:
                if now[:depth] <= self.cost_here[:depth]:
                    self.here, self.cost_here = list(panels), now
                return False
            if settle(self.f, [h.panel for h in panels]) is None:
                return False
            self.here, self.cost_here = list(panels), now
            self.better, self.since = self.better + 1, 0
            self.panels, self.cost = list(panels), now
            return True

    def swap(self, people: set[str], panels: Sequence[Held]) -> bool:
        """Take panels in place of those of the best that hear these people and nobody else; whether it gets better."""
        with self.lock:
            gone = [h for h in self.panels if not people.isdisjoint(h.people)]
            rest = [h for h in self.panels if people.isdisjoint(h.people)]
        return {a for h in gone for a in h.people} == people and self.offer([*rest, *panels])

    def schedule(self) -> Schedule | None:
        """The best panels as a schedule."""
        with self.lock:
            panels = list(self.panels)
        return settle(self.f, [h.panel for h in panels])

    def work(
        self,
        number: int,
        stop: Callable[[], bool],
        rounds: int | None = None,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        """Take steps until told to stop, or so many ``rounds``; the same ones for the same seed and number."""
        rng, size, done = random.Random(f"{self.seed}/{number}"), FIRST, 0
        while not stop() and (rounds is None or done < rounds):
            began = time.monotonic()
            size = self.step(rng, size, stop, by_work=rounds is not None)
            done += 1
            if pause:
                pause(time.monotonic() - began)

    def step(self, rng: random.Random, size: float, stop: Callable[[], bool], by_work: bool) -> float:
        """Make one part anew; returns the size for the next one."""
        roaming = self._turn()
        level = self.level
        if self.grid and level == SITTINGS and rng.random() < LESS:
            self._sitting_less(rng, stop, by_work)
            return size
        if self.annealing and level <= MISMATCH and not self.cost_here[0] and rng.random() < ANNEALING:
            self._anneal(rng, level, by_work)
            return size
        if self.grid and level <= MISMATCH and not self.cost_here[0] and rng.random() < COLUMNS:
            self._by_columns(self.grid, rng, level, roaming, stop, by_work)
            return size
        if self.remaking and not by_work and level == MISMATCH and rng.random() < REMAKING:
            self._remake(rng, stop)
            return size
        part = Part(self.f, list(self.here), level, rng, size, roaming, self.lent)
        seconds = SECONDS * (1 + self.since / PATIENCE) * (1 if level else HURRY)
        solved, found = by_patterns(part, seconds, stop, by_work)
        if found is not None:
            self.offer([hold(self.f, p) for p in found], part.out, level + 1 if roaming else 7)
        return min(LARGE, size * 1.05) if solved else max(SMALL, size * 0.85)

    def _sitting_less(self, rng: random.Random, stop: Callable[[], bool], by_work: bool) -> None:
        """A block that has a sitting too many without it; where that does not do a few times, no more."""
        here = list(self.here)
        blocks = [b for b in wasteful(self.f, here) if self.refused[b] < ENOUGH]
        if not blocks:
            return
        block = rng.choice(blocks)
        made = one_sitting_less(self.f, here, block, rng, stop, by_work)
        if not made or not self.offer([hold(self.f, p) for p in made[1]], made[0], SITTINGS + 1):
            self.refused[block] += 1

    def _by_columns(
        self, grid: Grid, rng: random.Random, level: int, roaming: bool, stop: Callable[[], bool], by_work: bool
    ) -> None:
        """Many panels anew by columns; what is no worse up to mismatch is gone on from."""
        began, aim = time.monotonic(), level if rng.random() < SETTLE else MISMATCH
        if aim == MISMATCH and rng.random() < DIVING:
            self._dive(grid, rng, roaming, stop, by_work)
            return
        size = (CLOSE if by_work else self.reach) * (1 if aim == MISMATCH else WIDER)
        part = Part(self.f, list(self.here), level, rng, size, roaming, self.lent, aim)
        found = by_columns(part, grid, stop, by_work)
        if found is not None:
            self.offer([hold(self.f, p) for p in found], part.out, MISMATCH + 1)
        if aim != MISMATCH:
            return
        quick = time.monotonic() - began < QUICK
        self.reach = min(FAR, self.reach * 1.05) if quick else max(CLOSE, self.reach * 0.85)

    def _dive(self, grid: Grid, rng: random.Random, roaming: bool, stop: Callable[[], bool], by_work: bool) -> None:
        """Panels around a direction with mismatches; where that was in vain, the next time more of them."""
        here, lack = list(self.here), Counter[str]()
        for h in here:
            lack.update(dict.fromkeys(h.panel.directions, 1 + h.mismatch))
        at = rng.choices([*lack], [*lack.values()])[0]
        part = Part(self.f, here, MISMATCH, rng, self.depth[at], roaming, self.lent, MISMATCH, at)
        found = by_columns(part, grid, stop, by_work, diving=True)
        better = found is not None and self.offer([hold(self.f, p) for p in found], part.out, MISMATCH + 1)
        self.depth[at] = max(SHALLOW, self.depth[at] * 0.9) if better else min(DEEP, self.depth[at] * 1.3)

    def _anneal(self, rng: random.Random, level: int, by_work: bool) -> None:
        """All panels that share experts: in fewer sittings or groups while these are open, with fewer mismatches."""
        from scheduler.annealing.renewal import Renewal

        with self.lock:
            self.renewal = self.renewal or Renewal(self.f, by_work, self.least, self.left)
        found = self.renewal.fewer(lambda: self.panels, rng, self.over) if level < MISMATCH else None
        found = found or self.renewal.better(lambda: self.panels, rng, self.over)
        if found:
            self.offer([hold(self.f, panel) for panel in found])

    def _remake(self, rng: random.Random, stop: Callable[[], bool]) -> None:
        """A few panels that could use the same experts, one with mismatches among them, all strangers' seats open."""
        with self.lock:
            panels = list(self.panels)
        worst = rng.choices(panels, [h.mismatch + 0.1 for h in panels])[0]
        mine = set(self.f.know(worst.panel.directions))
        shared = {id(h): len(mine.intersection(self.f.know(h.panel.directions))) for h in panels}
        near = sorted(panels, key=lambda h: (h is not worst, -shared[id(h)] * rng.uniform(0.3, 1)))
        out = near[: rng.randint(*TOGETHER)]
        classes = {tuple(h.panel.directions) for h in out}
        found = remake(self.f, panels, out, classes, PATIENT, stop, rng.randrange(2**31))
        self.offer([hold(self.f, panel) for panel in found or ()])

    def _turn(self) -> bool:
        """Whether this step roams; after some times of roaming all starts from the best again."""
        with self.lock:
            self.steps += 1
            self.since += 1
            place = (self.since - REFINE) % (ROAM + REFINE) if self.since >= REFINE else REFINE + ROAM
            if self.since % (HOME * (ROAM + REFINE)) == 0:
                self.here, self.cost_here = list(self.panels), self.cost
            return place < ROAM and self.level < 5
