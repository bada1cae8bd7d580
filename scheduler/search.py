"""From a problem to a schedule: a quick first one, then improvement and proof side by side, each answer checked.

One thread improves (:mod:`scheduler.improve`), another proves level after level (:mod:`scheduler.prove`, and
:mod:`scheduler.whole` for small problems); both offer what they find to the same :class:`Improver`. With a given amount
of work they take turns instead, so that the same input gives the same bytes.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scheduler.bounds import Bounds
from scheduler.check import check
from scheduler.clusters import Clusters, Demand
from scheduler.errors import SchedulerError
from scheduler.facts import Facts
from scheduler.greedy import Greedy
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.plans import Plans
from scheduler.problem import Problem
from scheduler.prove import Prover, Question
from scheduler.schedule import LEVELS, Schedule, empty
from scheduler.whole import Whole

QUIET = 24
"""Steps without anything better after which a small problem's improvement makes room for proof."""


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
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.workers, self.seed, self.work = problem, workers, seed, work
        self.end = self.began + seconds if work is None else float("inf")
        self.progress, self.cancel = progress, cancel
        self.finished = False
        self.numbers = itertools.count(1000)
        """Of times of improvement, each with chances of its own."""
        self.asked: set[Question | Demand | None] = set()
        """Of the prover, at this moment."""
        self.asking = threading.Lock()
        self.told = False
        self.busy: set[int] = set()
        """Levels that the whole model is at work on."""
        self.tries: Counter[tuple[int, ...]] = Counter()
        """Costs of the earlier levels → how often the whole model tried the next one."""
        self.facts = Facts(problem)
        self.best, self.cost = self._first(start)
        self.bounds = Bounds(self.facts)
        self.improver = Improver(self.facts, [hold(self.facts, p) for p in self.best.panels], seed)
        self.prover = Prover(self.facts, self.improver, self.bounds, seed)
        self.clusters = Clusters(self.facts, self.improver, self.bounds, seed)
        self.plans = Plans(self.facts, self.clusters, self.improver, self.bounds, seed)
        self.improver.remaking = len(self.clusters.facts) > 1 and self.plans.whole
        self.whole = Whole(self.facts, self.improver, self.bounds, seed)
        self.taken, self.reported, self.checking = -1, -1.0, 0.0

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
        """Whether all is proven, time is up or somebody cancelled."""
        return self.finished or time.monotonic() >= self.end or bool(self.cancel and self.cancel.is_set())

    def run(self) -> Schedule:
        """Improve and prove until all is proven or the time is over."""
        self._tick()
        if self.work is not None:
            self._in_turns(self.work)
        elif self.problem.applicants:
            self._side_by_side()
        self._take()
        self._report(True)
        return self.best.rated(self.cost, self.bound, round(time.monotonic() - self.began, 2))

    # ---------------------------------------------------------------- the two ways of working

    def _side_by_side(self) -> None:
        jobs = [self._improving_and_proving] if self.workers == 1 else [self._proving, self._improving]
        if self.workers > 1 and self.whole.useful():
            jobs.append(self._modelling)
        threads = [threading.Thread(target=job) for job in jobs]
        threads += [threading.Thread(target=self._improve, args=(n,)) for n in range(2, self.workers)]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                threads[0].join(0.05)
                self._tick()
        finally:  # whatever comes in between, no thread is left behind: it would break off inside a solver
            self.finished = True
            for thread in threads:
                thread.join()

    def _improve(self, number: int, most: float = float("inf")) -> None:
        """Improve until stopped or for so many seconds."""
        end = time.monotonic() + most
        self.improver.work(number, lambda: self.stopped() or time.monotonic() > end)

    def _improving(self) -> None:
        """The thread that improves; where nothing gets better it asks the prover's next question meanwhile."""
        while not self.stopped():
            self.improver.work(next(self.numbers), self._quiet, pause=self._pause if self.whole.useful() else None)
            self.told = True
            if self.stopped() or not self._ask(self._left()):
                self.improver.since = 0

    def _quiet(self) -> bool:
        return self.stopped() or self.improver.since > QUIET or (not self.told and min(self._unproven(), default=7) > 1)

    def _pause(self, took: float) -> None:
        """After a step that took so many seconds: wait as long, where a late level is all that is open."""
        late = min(self._unproven(), default=7) > 2
        end = time.monotonic() + took * (late and self.improver.since > QUIET)
        while not self.stopped() and time.monotonic() < end:
            time.sleep(0.01)

    def _modelling(self) -> None:
        """The thread that proves with the whole model, once improvement has become slow."""
        while not self.stopped():
            if self.improver.since < QUIET or not self._prove_by_model(self._left()):
                time.sleep(0.02)

    def _proving(self) -> None:
        """The thread that proves, level after level; until everyone is heard it improves, for that is worth more."""
        self._plan(self._left)
        if self.improver.cost[0]:
            self._until_heard()
        while not self.stopped():
            if not self._ask(self._left()):
                if self.whole.useful():
                    time.sleep(0.02)
                else:
                    self._improve(next(self.numbers), most=5.0)

    def _left(self) -> float:
        return self.end - time.monotonic()

    def _ask(self, seconds: float, first: int = 0) -> bool:
        """Ask the prover's next question, or of a large problem the clusters' next demand; whether there was one."""
        with self.asking:
            question = self.prover.next(self.asked, first)
            demand = None if question else self.clusters.next(self.asked)
            self.asked |= {question, demand}
        if question:
            self.prover.ask(question, seconds, self.stopped)
        elif demand:
            self.clusters.ask(demand, seconds / 2, self.stopped)
        self.asked -= {question, demand}
        return bool(question or demand)

    def _plan(self, seconds: Callable[[], float], work: float | None = None) -> None:
        """Everyone heard at the bound of sittings and groups, where that is soon found or refuted."""
        while not self.stopped() and (demand := self.plans.next()):
            self.plans.ask(demand, seconds(), self.stopped, work)

    def _until_heard(self) -> None:
        end = time.monotonic() + 0.15 * (self.end - time.monotonic())
        self.improver.work(1, lambda: self.stopped() or not self.improver.cost[0] or time.monotonic() > end)

    def _improving_and_proving(self) -> None:
        """One thread for both, in turns that grow longer."""
        self._plan(self._left)
        turn = 0.1
        while not self.stopped():
            self._improve(next(self.numbers), most=turn)
            if not self.stopped():
                self._ask(turn)
            self._prove_by_model(turn)
            turn *= 1.7

    def _open(self) -> bool:
        """Whether it is still open who can be heard: proofs of later levels are long then, and soon worth nothing."""
        return not self.bounds.proven(self.improver.cost, 0)

    def _unproven(self) -> list[int]:
        """Levels without a proof."""
        cost = self.improver.cost
        return [k for k in range(7) if not self.bounds.proven(cost, k)]

    def _prove_by_model(self, seconds: float) -> bool:
        """Take the first level that is open with the whole model; whether there was one."""
        patterns = self.prover.next() is not None
        open_ = [k for k in self._unproven() if k not in self.busy and (k == 6 or not patterns)]
        if not open_ or self.stopped() or not self.whole.useful():
            return False
        level = min(open_, key=lambda k: (self.tries[self.improver.cost[:k]], k))
        self.tries[self.improver.cost[:level]] += 1
        self.busy.add(level)
        self._take()
        self.whole.prove(level, seconds, self.stopped, self.best.rated(self.cost, self.bound, 0))
        self.busy.discard(level)
        return True

    def _in_turns(self, work: float) -> None:
        """Improve by steps and prove by nodes: the same each time, however fast the machine is."""
        self.improver.proven = [self.bounds.proven(self.improver.cost, k) for k in range(7)]
        self._plan(self._left, work)
        for turn in range(4):
            self.improver.work(turn, self.stopped, max(1, round(work * 4)))
            self._tick()
            for level in range(7):
                if self.stopped() or self.bounds.proven(self.improver.cost, level):
                    continue
                if level and turn < 3 and self._open():
                    break
                question = self.prover.next(first=level)
                if question and question.level == level:
                    self.prover.ask(question, float("inf"), self.stopped, max(1, round(work * 2)))
                elif self.whole.useful():
                    self._take()
                    best = self.best.rated(self.cost, self.bound, 0)
                    self.whole.prove(level, 0, self.stopped, best, work / 4)
                self._tick()

    # ---------------------------------------------------------------- what is kept and told

    def _tick(self) -> None:
        """Look at what has been found, and tell."""
        if self.improver.better != self.taken and (self.work is not None or time.monotonic() > self.checking):
            self._take()
        cost = self.improver.cost
        self.improver.proven = [self.bounds.proven(cost, k) for k in range(7)]
        self.finished = self.finished or self.bound == self.cost
        self._report(False)

    def _take(self) -> None:
        """Keep the improver's schedule where the checker accepts it and it is better."""
        self.taken = self.improver.better
        began = time.monotonic()
        schedule = self.improver.schedule()
        if schedule is not None:
            report = check(self.problem, schedule.to_json())
            if not report.violations and report.cost < self.cost:
                heard = bool(self.cost[0]) and not report.cost[0]
                self.best, self.cost = schedule, report.cost
                self._report(heard)
        now = time.monotonic()
        self.checking = now + 10 * (now - began)  # a large schedule is not checked at every step

    def _report(self, at_once: bool) -> None:
        now = time.monotonic() - self.began
        if self.progress and (at_once or now - self.reported >= 0.5):
            self.reported = now
            level = next((k for k in range(7) if self.bound[k] != self.cost[k]), 6)
            self.progress(Progress(LEVELS[level], self.cost, self.bound, round(now, 1)))


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
) -> Schedule:
    """The best schedule found in ``seconds`` (or in a deterministic amount of ``work``), with cost and proven bound.

    Raises:
        SchedulerError: ``start`` is not a valid schedule of this problem.
    """
    return Search(problem, seconds, workers, seed, work, start, progress, cancel).run()
