"""The whole model for CP-SAT as a prover, exact in every level: whether a level can cost so little or not.

Asked for any schedule at a cost, the solver finds one or refutes it far sooner than it minimises. So it is asked for
one less than the cost, which may end it at once, and then halves what lies between bound and cost: what is found lowers
the cost, what is refuted raises the bound, what takes too long is put off with more time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduler.bounds import Bounds
from scheduler.candidates import Candidate, candidates
from scheduler.facts import Facts
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.model import Model
from scheduler.quick import new_solver, watched
from scheduler.schedule import Panel

LARGEST = 20_000
"""Places of an expert on a candidate panel in a session: a model with more is not asked."""
FIRST = 2.0
"""Seconds for a probe at first."""
TIRED = 2
"""So many probes without an answer: something else is worth more meanwhile."""


@dataclass(frozen=True)
class Probe:
    """Whether the next level can cost so little with the levels ``before`` it at these costs."""

    before: tuple[int, ...]
    target: int


class Whole:
    """Asks one probe after the other; one thread at a time."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed
        self.seconds: dict[tuple[int, ...], float] = defaultdict(lambda: FIRST)
        """Costs of the levels before → seconds for a probe."""
        self.open: dict[tuple[int, ...], set[int]] = defaultdict(set)
        """Costs of the levels before → targets for which that was too short."""
        self.silent = 0
        """Probes without an answer, since the last one with one."""
        self.found: dict[tuple[int, ...], bool] = defaultdict(bool)
        """Costs of the levels before → whether the last answer was a schedule: then the best is still far off."""

    def next(self, patient: bool = True) -> Probe | None:
        """Of the open levels the one whose probes are the shortest; ``patient``: also where there were no answers."""
        cost = self.i.cost
        levels = sorted((k for k in range(7) if self._asked(cost, k)), key=lambda k: (self.seconds[cost[:k]], k))
        return self.probe(levels[0]) if levels and (patient or self.silent < TIRED) else None

    def _asked(self, cost: tuple[int, ...], level: int) -> bool:
        return not self.b.proven(cost, level) and self._size(cost, level) <= LARGEST

    def _size(self, cost: tuple[int, ...], level: int) -> int:
        return len(candidates(self.f, cost, level)) * len(self.f.problem.experts) * len(self.f.sessions)

    def probe(self, level: int) -> Probe | None:
        """The next target of a level; ``None`` where it is proven or the model too large."""
        cost = self.i.cost
        if not self._asked(cost, level):
            return None
        before, low, high = cost[:level], self.b.of(cost)[level], cost[level] - 1
        targets = [(low + high) // 2, high] if self.found[before] else [high, (low + high) // 2]
        left = [t for t in targets if t not in self.open[before]]
        if not left:
            self.seconds[before] *= 2
            self.open[before].clear()
        return Probe(before, (left or targets)[0])

    def ask(
        self,
        probe: Probe,
        panels: Sequence[Panel],
        stop: Callable[[], bool],
        seconds: float,
        work: float | None = None,
    ) -> bool:
        """Whether there is an answer; ``panels``: where the solver starts, ``work``: its deterministic time."""
        before, level, cost = probe.before, len(probe.before), self.i.cost
        model = Model(self.f, self._panels(probe))
        for k in range(level):
            model.m.add(model.level(k) <= before[k])
        model.m.add(model.level(level) <= probe.target)
        if not (*before, probe.target)[0]:
            model.counted()
        model.hint(panels)
        solver = new_solver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.random_seed = self.seed
        if work is None:
            solver.parameters.max_time_in_seconds = max(0.1, min(seconds, self.seconds[before]))
        else:
            solver.parameters.max_deterministic_time = work

        def settled() -> bool:
            """Whether others have answered; when this is asked depends on the clock."""
            now = self.i.cost
            return work is None and (now[:level] != before or self.b.of(now)[level] > probe.target >= now[level])

        status = watched(solver, model.m, lambda: stop() or settled())
        if status == cp_model.INFEASIBLE:
            self.b.put(before, probe.target + 1)
        elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.i.offer([hold(self.f, p) for p in model.panels(solver.value)])
        else:
            self.open[before].add(probe.target)
        self.found[before] = self.i.cost < cost
        answered = self.found[before] or status == cp_model.INFEASIBLE
        self.silent = 0 if answered else self.silent + 1
        return answered

    def _panels(self, probe: Probe) -> list[Candidate]:
        """All that a schedule at these costs could use."""
        cost = (*probe.before, probe.target, *[0] * 7)
        return candidates(self.f, cost, len(probe.before) + 1 if probe.before else 0)
