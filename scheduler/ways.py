"""The two ways of working on a schedule: side by side in threads, or in turns by a given amount of work.

Side by side, one thread plans and then proves level after level by patterns; another improves and, where nothing gets
better, proves as well. In turns the same input gives the same bytes, however fast the machine is.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence

from scheduler.annealing.given import MOST_SESSIONS
from scheduler.bounds import Bounds
from scheduler.clusters import Clusters, Demand
from scheduler.columns import Grid
from scheduler.facts import Facts
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.left import fewest
from scheduler.lengths import bound_mismatch
from scheduler.plans import Plans
from scheduler.prove import Prover
from scheduler.question import Question
from scheduler.schedule import GROUPS, MISMATCH, SITTINGS, Panel, Schedule
from scheduler.whole import TIRED, Whole

QUIET = 24
"""Steps without anything better after which improvement makes room for proof."""
SMALL = 160
"""Applicants up to whom the whole model is asked before the patterns are asked a second question."""
HEARD = 0.2
"""Of the time that is left: so long at most it is asked how many can be heard, where not all can."""
PLANNED = 0.1
"""Of the time that is left: so long at most improvement waits for the plan."""
TICK = 0.02
"""Seconds between two looks at what was found."""
FOREVER = float("inf")


class Ways:
    """Planning, improving and proving of one problem; all find for the same :class:`Improver`."""

    def __init__(
        self,
        facts: Facts,
        improver: Improver,
        bounds: Bounds,
        seed: int,
        stopped: Callable[[], bool],
        end: float,
        panels: Callable[[], Sequence[Panel]],
    ) -> None:
        """``end``: of the time, on the monotonic clock; ``panels``: of the best schedule, with their rooms."""
        self.f, self.i, self.b, self.stopped, self.end, self.panels = facts, improver, bounds, stopped, end, panels
        self.prover = Prover(facts, improver, bounds, seed)
        self.clusters = Clusters(facts, improver, bounds, seed)
        self.plans = Plans(facts, self.clusters, improver, bounds, seed)
        self.whole = Whole(facts, improver, bounds, seed)
        self.large = len(self.clusters.facts) > 1
        """Whether it goes by clusters."""
        if self.large:
            self.i.grid = Grid.of(facts)
            self.i.annealing = len(facts.sessions) <= MOST_SESSIONS
        self.i.over, self.i.left = self._over, self._left
        self.i.least = self.clusters.at_least
        self.i.remaking = self.large and self.plans.whole
        self.numbers = itertools.count(1000)
        """Of times of improvement, each with chances of its own."""
        self.asked: set[Question | Demand | None] = set()
        """At this moment."""
        self.asking, self.probing = threading.Lock(), threading.Lock()
        self.counted = set[tuple[int, ...]]()
        """Costs up to the groups at which the mismatch was bounded by the panels' lengths."""
        self.planned = threading.Event()
        """The plan is made, or there is none."""
        self.counted_heard = False
        """It was asked how many can be heard."""
        self.told = False
        """Whether the first two levels were proven once."""

    def side_by_side(self, workers: int, tick: Callable[[], None]) -> None:
        """Until stopped; ``tick`` is called all the while."""
        jobs = [self._alone] if workers == 1 else [self._proving, self._improving]
        threads = [threading.Thread(target=job) for job in jobs]
        threads += [threading.Thread(target=self._improve, args=(n,)) for n in range(2, workers)]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                threads[0].join(TICK)
                tick()
        finally:  # whatever comes in between, no thread is left behind: it would break off inside a solver
            self.end = 0.0
            for thread in threads:
                thread.join()

    def in_turns(self, work: float, tick: Callable[[], None]) -> None:
        """Improve by steps and prove by nodes and by the solver's deterministic time."""
        tick()
        self._plan(work)
        for turn in range(4):
            self.i.work(turn, self._over, max(1, round(work * 4)))
            tick()
            for level in range(7):
                if self._over() or self.b.proven(self.i.cost, level):
                    continue
                if level and turn < 3 and not self.b.proven(self.i.cost, 0):
                    break  # who can be heard is open: proofs of later levels are long then, and soon worth nothing
                self._prove(level, work)
                tick()

    def _prove(self, level: int, work: float) -> None:
        question = self.prover.next(first=level)
        if question and question.level == level:
            self.prover.ask(question, FOREVER, self._over, max(1, round(work * 2)))
        while not self._over() and (probe := self.whole.probe(level)):
            if not self.whole.ask(probe, self.panels(), self._over, 0, work / 4):
                break

    # ---------------------------------------------------------------- the threads

    def _over(self) -> bool:
        return self.stopped() or time.monotonic() >= self.end

    def _proving(self) -> None:
        """Plans, then level after level; until everyone is heard it improves, for that is worth more."""
        self._plan()
        self.planned.set()
        if self.plans.over:
            self._hear()
        if self.i.cost[0] and not self.b.proven(self.i.cost, 0):
            end = time.monotonic() + 0.15 * self._left()
            self.i.work(1, lambda: self._over() or not self.i.cost[0] or time.monotonic() > end)
        while not self._over():
            if not self._ask(self._left()) and not self._probe():
                self._improve(next(self.numbers), most=5.0)

    def _hear(self) -> None:
        """As many of a large round as can be, and how many that are; asked once, while somebody is left out."""
        if self.counted_heard or not self.large or not self.i.cost[0]:
            return
        self.counted_heard = True
        now = Schedule(tuple(self.panels()), ())
        least = fewest(self.f, now, HEARD * self._left(), self.i.seed, self._over)
        self.b.put((), least.bound)
        if least.schedule:
            self.i.offer([hold(self.f, p) for p in least.schedule.panels])

    def _improving(self) -> None:
        """Improves; where nothing gets better it probes the whole model or asks the prover's next question."""
        self._while_planned()
        while not self._over():
            self.i.work(next(self.numbers), self._quiet)
            self.told = True
            if not self._over() and not (
                self._probe(patient=self._small) or self._ask(self._left()) or self._probe(patient=True)
            ):
                self.i.since = 0

    def _while_planned(self) -> None:
        """Let the plan go first while somebody is left out: steps would hear few more, and take its time."""
        end = time.monotonic() + (0 if self.f.windowed else PLANNED * self._left())
        while self.i.cost[0] and not self.planned.wait(TICK) and not self._over() and time.monotonic() < end:
            pass

    def _alone(self) -> None:
        """One thread for all, in turns that grow longer."""
        self._plan()
        turn = 0.1
        while not self._over():
            self._improve(next(self.numbers), most=turn)
            if not self._over():
                self._ask(turn)
            self._probe(most=turn)
            turn *= 1.7

    @property
    def _small(self) -> bool:
        return len(self.f.problem.applicants) <= SMALL

    @property
    def _hopeless(self) -> bool:
        """Whether another probe would be a waste: of a large problem after one, among windows while much is open."""
        return not self._small or (self.f.windowed and self.whole.silent >= TIRED and self.i.level <= MISMATCH)

    def _left(self) -> float:
        return self.end - time.monotonic()

    def _quiet(self) -> bool:
        cost = self.i.cost
        early = not self.told and self.b.proven(cost, 0) and self.b.proven(cost, 1)
        return self._over() or self.i.since > QUIET or early

    def _improve(self, number: int, most: float = FOREVER) -> None:
        """Improve until stopped or for so many seconds."""
        end = time.monotonic() + most
        self.i.work(number, lambda: self._over() or time.monotonic() > end)

    def _plan(self, work: float | None = None) -> None:
        """Everyone heard at the bound of sittings and groups, where that is soon found or refuted.

        Among windows it is not: there the prover says how many sittings it takes, and improvement joins them to panels.
        """
        if self.f.windowed:
            nodes, asked = None if work is None else max(1, round(work * 2)), set[Question]()
            while not self._over() and (question := self.prover.next(asked)) and question.level <= SITTINGS:
                self.prover.ask(question, self._left(), self._over, nodes)
                asked.add(question)  # with little work it is open still
            return
        while not self._over() and (demand := self.plans.next()):
            self.plans.ask(demand, self._left(), self._over, work)
            if work is None and self.plans.doubtful:
                self._hear()
            if self.b.of(self.i.cost)[0]:
                return

    def _ask(self, seconds: float) -> bool:
        """Ask the prover's next question, or of a large problem the clusters' next demand; whether there was one."""
        with self.asking:
            question = self.prover.next(self.asked)
            demand = None if question else self.clusters.next(self.asked)
            self.asked |= {question, demand}
        if question:
            self.prover.ask(question, seconds, self._over)
        elif demand:
            self.clusters.ask(demand, seconds / 2, self._over)
        self.asked -= {question, demand}
        return bool(question or demand) or self._bound_by_lengths(seconds)

    def _bound_by_lengths(self, seconds: float) -> bool:
        """Bound a large problem's mismatch once its groups are settled, where branching can't; whether it could."""
        key, settled = self.i.cost[:3], self.b.proven(self.i.cost, GROUPS) or self.i.since > QUIET
        with self.asking:
            if not self.i.grid or self.clusters.branching or key[0] or key in self.counted or not settled:
                return False
            self.counted.add(key)
        bound_mismatch(self.f, self.b, self.i.cost, seconds / 4, lambda: self._over() or self.i.cost[:3] != key)
        return True

    def _probe(self, patient: bool = True, most: float = FOREVER) -> bool:
        """Probe the whole model, if it is large as long as it answers; whether there was anything to probe."""
        if not self.probing.acquire(blocking=False):
            return False
        try:
            asked = False
            while not self._over() and (probe := self.whole.next(patient)):
                asked = True
                answered = self.whole.ask(probe, self.panels(), self._over, most)
                if not answered and self._hopeless:
                    if self._small:  # improvement has its turn
                        self.i.since = 0
                    break
            return asked
        finally:
            self.probing.release()
