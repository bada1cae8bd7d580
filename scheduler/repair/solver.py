"""One goal of a model, solved within a time limit or until it is stopped.

Probing and symmetry are off and the linear relaxation is full: at 300 applicants what took over 4 s takes under 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from ortools.sat.python import cp_model

from scheduler.quick import new_solver
from scheduler.repair.before import Before, Plan
from scheduler.repair.moves import Moves


@dataclass(frozen=True)
class Answer:
    """The goal's value in the best solution (``None``: none was found), its proven bound, the plan."""

    value: int | None
    bound: int
    plan: Plan | None = None


class Levelled(Protocol):
    """A model with levels."""

    m: cp_model.CpModel
    levels: list[Any]


class Stoppable:
    """Asks one question after the other; :meth:`stop`, from another thread, ends the present one and all to come."""

    def __init__(self, before: Before, seed: int) -> None:
        self.before, self.seed = before, seed
        self._present: cp_model.CpSolver | None = None

    def stop(self) -> None:
        """Stop at once. To be called until the asker has noticed: a solver that just starts does not hear it."""
        self.before.enough = True
        if self._present is not None:
            self._present.stop_search()

    def minimise(self, model: Moves, goal: Any, seconds: float, workers: int) -> Answer:
        """Minimise a goal; "infeasible" is taken as nothing found, not as a proof."""
        solver, status = self._run(model.m, goal, seconds, workers)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(round(solver.objective_value), _bound(solver), model.plan(solver.value))
        return Answer(None, _bound(solver) if status == cp_model.UNKNOWN else 0)

    def bound(self, model: Levelled, level: int, seconds: float, workers: int) -> int:
        """What is proven of a level."""
        solver, status = self._run(model.m, model.levels[level], seconds, workers)
        return 0 if status in (cp_model.INFEASIBLE, cp_model.MODEL_INVALID) else _bound(solver)

    def _run(self, m: cp_model.CpModel, goal: Any, seconds: float, workers: int) -> tuple[cp_model.CpSolver, Any]:
        m.minimize(goal)
        solver = new_solver()
        solver.parameters.max_time_in_seconds = max(0.05, 0 if self.before.enough else seconds)
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = self.seed
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.linearization_level = 2
        self._present = solver
        status = solver.solve(m)
        self._present = None
        return solver, status


def _bound(solver: cp_model.CpSolver) -> int:
    """The proven bound, never below 0; the solver starts from numbers that are none."""
    found = solver.best_objective_bound
    return max(0, ceil(found - 1e-6)) if abs(found) < 1e12 else 0
