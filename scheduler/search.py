"""From a problem to a schedule: a quick first one, then level by level with CP-SAT, each answer checked.

Bounds: a level's bound comes from the model only where it holds every candidate panel that a schedule at least as good
could use (``_candidates`` says how many that is); elsewhere from counting slots, which is a relaxation of the whole.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from scheduler.check import check
from scheduler.errors import SchedulerError
from scheduler.facts import Facts
from scheduler.greedy import Greedy
from scheduler.problem import Problem
from scheduler.schedule import LEVELS, Schedule, empty

SHARES = (4, 3, 3, 8, 7, 3, 5)
"""How the time left is shared out among the levels still to come."""
LARGEST = 600_000
"""Seats (panel, expert, session) above which the whole model is not built."""


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
        self.facts = Facts(problem)
        self.best, self.cost = self._first(start)
        self.solved = [0] * 7
        """Bounds that the model proved; they hold for every schedule as good as the best one."""

    def _first(self, start: Schedule | None) -> tuple[Schedule, tuple[int, ...]]:
        """The best of the start, the quick one and the empty one."""
        found = [s for s in (start, Greedy(self.facts).run(), empty(self.problem)) if s is not None]
        rated = [(check(self.problem, s.to_json()), s) for s in found]
        if start is not None and rated[0][0].violations:
            raise SchedulerError(f"the start schedule is not one of this instance: {rated[0][0].violations[0]}")
        cost, best = min(((r.cost, s) for r, s in rated if not r.violations), key=lambda pair: pair[0])
        return best, cost

    def run(self) -> Schedule:
        """Work through the levels while there is time."""
        for level in range(7):
            if self.stopped():
                break
            if self.cost[level] > self.bound[level]:
                self._level(level, *self._candidates(level))
            if level == 0 and self.cost[0] and not self.stopped():
                self._level(0, self._every_candidate(), True)
        return self.best.rated(self.cost, self.bound, round(time.monotonic() - self.began, 2))

    def stopped(self) -> bool:
        """Whether time is up or somebody cancelled."""
        return time.monotonic() >= self.end or bool(self.cancel and self.cancel.is_set())

    # ---------------------------------------------------------------- bounds and candidates

    @property
    def bound(self) -> tuple[int, ...]:
        """The best proven bound of each level, with the earlier levels at their present cost."""
        return tuple(min(max(pair), c) for *pair, c in zip(self.solved, self._counted(), self.cost, strict=True))

    def _counted(self) -> tuple[int, ...]:
        """What counting slots and seats proves. Asked anew each time: fewer sittings allow a lower peak."""
        f, left, size = self.facts, self.cost[0], self.problem.rules.panel_size
        everyone = tuple(f.count)
        sittings = f.least_sittings(everyone, left) if left else sum(f.least_sittings(b, 0) for b in f.blocks)
        groups = sum(f.least_groups(b, left) for b in f.blocks) if left == 0 else 0
        held = self.cost[1]
        return (
            0,
            sittings,
            groups,
            0,
            2 * size if held else 0,
            ceil(held * size / max(1, len(self.problem.experts))),
            0,
        )

    def _candidates(self, level: int) -> tuple[list[tuple[str, ...]], bool]:
        """The candidate panels, and whether they are all that a schedule as good as the best one could use."""
        f, left = self.facts, self.cost[0]
        if level == 0:  # few at first: that finds most people a place soon
            return self._panels([f.least_sittings(b, 0) + 1 for b in f.blocks]), False
        least = [f.least_sittings(b, left) for b in f.blocks]
        caps = [n + self.cost[1] - sum(least) for n in least]
        if level >= 3:
            groups = [f.least_groups(b, left) for b in f.blocks]
            caps = [min(cap, g + self.cost[2] - sum(groups)) for cap, g in zip(caps, groups, strict=True)]
        return self._panels(caps), True

    def _every_candidate(self) -> list[tuple[str, ...]]:
        """A candidate for every place there is: none is left out that could hear one more."""
        places = sum(r.open_in(s.id) for r in self.problem.rooms for s in self.facts.sessions)
        return self._panels([places] * len(self.facts.blocks))

    def _panels(self, caps: list[int]) -> list[tuple[str, ...]]:
        """So many candidates for each direction and each mix of a block; never more than could hear somebody."""
        f, found = self.facts, list[tuple[str, ...]]()
        for block, cap in zip(f.blocks, caps, strict=True):
            for d in block:
                found += [(d,)] * min(cap, f.count[d])
            for mix in sorted(map(sorted, {m for m in self.problem.rules.mixes if m & set(block)})):
                here = tuple(d for d in block if d in mix and f.count[d])
                if len(here) > 1:
                    found += [here] * min(cap, sum(f.count[d] for d in here) // 2)
        return found

    def _seats(self, candidates: list[tuple[str, ...]]) -> int:
        """The size of a model with these candidates."""
        return len(candidates) * len(self.problem.experts) * len(self.facts.sessions)

    # ---------------------------------------------------------------- one level

    def _level(self, level: int, candidates: list[tuple[str, ...]], whole: bool) -> None:
        """Improve one level with these candidates; its bound counts where they are the ``whole``."""
        from scheduler.model import Model

        if not candidates or self._seats(candidates) > LARGEST:
            return
        model = Model(self.facts, candidates)
        for k in range(level):
            model.m.add(model.levels[k] <= self.cost[k])
        model.minimize([int(k == level) for k in range(7)])
        model.hint(self.best.panels)
        bound = self._solve(model, level)
        if whole and bound is not None:
            self.solved[level] = max(self.solved[level], bound)

    def _solve(self, model: Any, level: int) -> int | None:
        """Run the solver beside a watch that reports, stops, and gives back the bound."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        share = SHARES[level] / sum(SHARES[level:])
        solver.parameters.num_workers = self.workers
        solver.parameters.random_seed = self.seed
        solver.parameters.max_time_in_seconds = (
            max(0.2, (self.end - time.monotonic()) * share) if self.work is None else 1e6
        )
        if self.work is not None:
            solver.parameters.max_deterministic_time = max(1e-6, self.work * SHARES[level] / sum(SHARES))
        box: list[Any] = []
        thread = threading.Thread(target=lambda: box.append(solver.solve(model.m)), daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.2)
            self._report(level)
            if self.cancel and self.cancel.is_set():
                solver.stop_search()
        status = box[0] if box else cp_model.UNKNOWN
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self._take(model.schedule(solver.value))
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            return ceil(solver.best_objective_bound - 1e-6) if abs(solver.best_objective_bound) < 1e12 else None
        return None  # a claim of "infeasible" with a schedule at hand is no proof of anything

    def _take(self, schedule: Schedule) -> None:
        """Keep a schedule that the checker accepts and that is better."""
        report = check(self.problem, schedule.to_json())
        if not report.violations and report.cost < self.cost:
            self.best, self.cost = schedule, report.cost

    def _report(self, level: int) -> None:
        now = time.monotonic() - self.began
        if self.progress and now - getattr(self, "_reported", -1.0) >= 0.5:
            self._reported = now
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
