"""From a problem to a schedule: a quick first one, then improvement and proof side by side, each answer checked.

How the work is shared out is told in :mod:`scheduler.ways`; all that is found goes to the same :class:`Improver`, and
from there, accepted by the checker, to the best schedule.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from scheduler.bounds import Bounds
from scheduler.check import check
from scheduler.errors import SchedulerError
from scheduler.facts import Facts
from scheduler.greedy import Greedy
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.left import fewest_by_block
from scheduler.problem import Problem
from scheduler.schedule import LEVELS, Panel, Schedule, empty
from scheduler.shares import Helpers, Shares
from scheduler.ways import Ways


class Event(Protocol):
    """What cancels a search, like ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to stop now."""


@dataclass(frozen=True)
class Progress:
    """How far a search is: the level it works on, the cost and bound so far, seconds since the start."""

    level: str
    cost: tuple[int, ...]
    bound: tuple[int, ...]
    elapsed: float
    parts: int = 0
    """Parts that helpers made better."""


class Search:
    """One run; :meth:`run` always ends with a valid schedule."""

    def __init__(
        self,
        problem: Problem,
        seconds: float,
        workers: int,
        seed: int,
        work: float | None,
        start: Schedule | None,
        progress: Callable[[Progress], None] | None,
        cancel: Event | None,
        helpers: Helpers | None = None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.workers, self.seed, self.work = problem, workers, seed, work
        self.end = self.began + seconds if work is None else float("inf")
        self.progress, self.cancel = progress, cancel
        self.helpers = helpers
        self.finished = self.settled = False
        """Nothing is open any more; or of a large round not how many are left out, and time is given, not work."""
        self.facts = Facts(problem)
        self.best, self.cost = self._first(start)
        self.bounds = Bounds(self.facts)
        self.improver = Improver(self.facts, [hold(self.facts, p) for p in self.best.panels], seed)
        self.ways = Ways(self.facts, self.improver, self.bounds, seed, self.stopped, self.end, self._panels)
        self.taken, self.reported, self.checking = -1, -1.0, 0.0
        self.shares = Shares(problem, self.improver, helpers, seed) if helpers and work is None else None

    def _first(self, start: Schedule | None) -> tuple[Schedule, tuple[int, ...]]:
        """The best of the start, the quick one and the empty one."""
        found = [s for s in (start, Greedy(self.facts).run(), empty(self.problem)) if s is not None]
        rated = [(check(self.problem, s.to_json()), s) for s in found]
        if start is not None and rated[0][0].violations:
            raise SchedulerError(f"the start schedule is not one of this instance: {rated[0][0].violations[0]}")
        cost, best = min(((r.cost, s) for r, s in rated if not r.violations), key=lambda pair: pair[0])
        return best, cost

    @property
    def bound(self) -> tuple[int, ...]:
        """The best proven bound of each level, with the earlier levels at their present cost."""
        return self.bounds.of(self.cost)

    def stopped(self) -> bool:
        """Whether this search is over: all is proven, who is left out is settled, time is up or somebody cancelled."""
        return self.finished or self.settled or self._ended()

    def _ended(self) -> bool:
        return time.monotonic() >= self.end or bool(self.cancel and self.cancel.is_set())

    def run(self) -> Schedule:
        """Improve and prove until all is proven or the time is over."""
        self._tick()
        if self.work is not None:
            self.ways.in_turns(self.work, self._tick)
        elif self.problem.applicants:
            self.ways.side_by_side(self.workers, self._tick)
        self._take()
        if self.settled and not self._ended():
            self._go_on()
        self._report(True)
        return self.best.rated(self.cost, self.bound, round(time.monotonic() - self.began, 2))

    def _go_on(self) -> None:
        """The others as a round of their own, in which everyone is heard: what is made for those works again."""
        rest = self.problem.only(self.problem.applicant.keys() - set(self.best.unscheduled))
        seconds, left = self.end - time.monotonic(), self.best.unscheduled
        self.bounds.left = fewest_by_block(self.facts, left, 0.1 * seconds, self.seed, self._ended)
        search = Search(
            rest,
            max(0.0, self.end - time.monotonic()),
            self.workers,
            self.seed,
            work=None,
            start=replace(self.best, unscheduled=()),
            progress=self._of_others,
            cancel=self.cancel,
            helpers=self.helpers,
        )
        self._keep(replace(search.run(), unscheduled=left))

    def _of_others(self, progress: Progress) -> None:
        """Tell how far they are, for all."""
        cost = (self.cost[0], *progress.cost[1:])
        if self.progress:
            self.progress(self._progress(cost, progress.parts))

    # ---------------------------------------------------------------- what is kept and told

    def _tick(self) -> None:
        """Look at what has been found, here and by helpers, and tell."""
        if self.shares:
            self.shares.exchange(self.end - time.monotonic())
        if self.improver.better != self.taken and (self.work is not None or time.monotonic() > self.checking):
            self._take()
        cost = self.improver.cost
        self.improver.proven = [self.bounds.proven(cost, k) for k in range(7)]
        self.finished = self.finished or self.bound == self.cost
        self.settled = self.work is None and self.ways.large and 0 < self.cost[0] == self.bound[0]
        self._report(False)

    def _panels(self) -> tuple[Panel, ...]:
        """Of the best schedule that the checker accepts."""
        return self.best.panels

    def _take(self) -> None:
        """Keep the improver's schedule where the checker accepts it and it is better."""
        self.taken = self.improver.better
        began = time.monotonic()
        schedule = self.improver.schedule()
        if schedule is not None:
            self._keep(schedule)
        now = time.monotonic()
        self.checking = now + 10 * (now - began)  # a large schedule is not checked at every step

    def _keep(self, schedule: Schedule) -> None:
        """Where the checker accepts it and it is better."""
        report = check(self.problem, schedule.to_json())
        if not report.violations and report.cost < self.cost:
            heard = bool(self.cost[0]) and not report.cost[0]
            self.best, self.cost = schedule, report.cost
            self._report(heard)

    def _report(self, at_once: bool) -> None:
        now = time.monotonic() - self.began
        if self.progress and (at_once or now - self.reported >= 0.5):
            self.reported = now
            self.progress(self._progress(self.cost, self.shares.taken if self.shares else 0))

    def _progress(self, cost: tuple[int, ...], parts: int) -> Progress:
        bound = self.bounds.of(cost)
        level = next((k for k in range(7) if bound[k] != cost[k]), 6)
        return Progress(LEVELS[level], cost, bound, round(time.monotonic() - self.began, 1), parts)


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    workers: int = 2,
    seed: int = 0,
    work: float | None = None,
    start: Schedule | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Event | None = None,
    helpers: Helpers | None = None,
) -> Schedule:
    """The best schedule found in ``seconds`` (or in a deterministic amount of ``work``), with cost and proven bound.

    ``helpers`` solve parts of a large schedule elsewhere, unless the work is given: that repeats to the byte.

    Raises:
        SchedulerError: ``start`` is not a valid schedule of this problem.
    """
    return Search(problem, seconds, workers, seed, work, start, progress, cancel, helpers).run()
