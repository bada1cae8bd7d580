"""The whole model for CP-SAT as a prover: exact in every level, for small problems."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from scheduler.facts import Facts
from scheduler.held import hold
from scheduler.schedule import Schedule

if TYPE_CHECKING:
    from scheduler.bounds import Bounds
    from scheduler.improve import Improver

LARGEST = 160
"""Applicants above whom the whole model is not built: it proves nothing more in any time an office has."""


class Whole:
    """One level at a time, with the earlier ones at their cost."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed

    def useful(self) -> bool:
        """Whether the problem is small enough for the model."""
        return 0 < len(self.f.problem.applicants) <= LARGEST and bool(self.candidates(self.i.cost, 0))

    def candidates(self, cost: Sequence[int], level: int) -> list[tuple[str, ...]]:
        """All candidate panels that a schedule at least as good in the levels before could use."""
        f, left = self.f, cost[0]
        if level == 0:
            places = sum(f.rooms_open)
            return self._panels([places] * len(f.blocks))
        least = [f.least_sittings(b, left) for b in f.blocks]
        caps = [n + cost[1] - sum(least) for n in least]
        if level >= 3:
            groups = [f.least_groups(b, left) for b in f.blocks]
            caps = [min(cap, g + cost[2] - sum(groups)) for cap, g in zip(caps, groups, strict=True)]
        return self._panels(caps)

    def _panels(self, caps: Sequence[int]) -> list[tuple[str, ...]]:
        """So many candidates for each direction and each mix of a block; never more than could hear somebody."""
        f, found = self.f, list[tuple[str, ...]]()
        for block, cap in zip(f.blocks, caps, strict=True):
            for d in block:
                found += [(d,)] * min(cap, f.count[d])
            for mix in sorted(map(sorted, {m for m in f.problem.rules.mixes if m & set(block)})):
                here = tuple(d for d in block if d in mix and f.count[d])
                if len(here) > 1:
                    found += [here] * min(cap, sum(f.count[d] for d in here) // 2)
        return found

    def prove(
        self, level: int, seconds: float, stop: Callable[[], bool], best: Schedule, work: float | None = None
    ) -> None:
        """Take the level as far as it gets; better solutions are offered, the bound is kept."""
        from ortools.sat.python import cp_model

        from scheduler.model import Model

        cost = best.cost
        model = Model(self.f, self.candidates(cost, level))
        for k in range(level):
            model.m.add(model.levels[k] <= cost[k])
        model.minimize([int(k == level) for k in range(7)])
        model.hint(best.panels)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.optimize_with_lb_tree_search = True  # of all its ways the one that proves here
        solver.parameters.random_seed = self.seed
        if work is None:
            solver.parameters.max_time_in_seconds = max(0.1, seconds)
        else:
            solver.parameters.max_deterministic_time = work

        def done() -> bool:
            now = self.i.cost
            return now[:level] != cost[:level] or self.b.proven(now, level)

        def ended() -> bool:  # when this is asked depends on the clock
            return stop() or (work is None and done())

        class Found(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(callback) -> None:  # noqa: N805  # ``self`` is the prover
                self.i.offer([hold(self.f, p) for p in model.panels(callback.value)])
                if done():
                    callback.stop_search()

        if work is None:  # what arrives in between depends on the clock
            solver.best_bound_callback = lambda bound: self.b.put(cost[:level], bound)
        status = _watched(solver, model.m, ended, Found())
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            bound = solver.best_objective_bound
            if abs(bound) < 1e12:  # "infeasible" with a schedule at hand is no proof of anything
                self.b.put(cost[:level], bound)


def _watched(solver: Any, model: Any, ended: Callable[[], bool], found: Any) -> Any:
    """Solve in a thread beside, so that it can be stopped at any moment."""
    box: list[Any] = []
    thread = threading.Thread(target=lambda: box.append(solver.solve(model, found)), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
        if ended():
            solver.stop_search()
    return box[0]
