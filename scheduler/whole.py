"""The whole model for CP-SAT as a prover: exact in every level, for small problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.candidates import candidates
from scheduler.facts import Facts
from scheduler.held import hold
from scheduler.quick import watched
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
        return 0 < len(self.f.problem.applicants) <= LARGEST and bool(candidates(self.f, self.i.cost, 0))

    def prove(
        self, level: int, seconds: float, stop: Callable[[], bool], best: Schedule, work: float | None = None
    ) -> None:
        """Take the level as far as it gets; better solutions are offered, the bound is kept."""
        from ortools.sat.python import cp_model

        from scheduler.model import Model

        cost = best.cost
        model = Model(self.f, candidates(self.f, cost, level))
        for k in range(level):
            model.m.add(model.level(k) <= cost[k])
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
        status = watched(solver, model.m, ended, Found())
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            bound = solver.best_objective_bound
            if abs(bound) < 1e12:  # "infeasible" with a schedule at hand is no proof of anything
                self.b.put(cost[:level], bound)
