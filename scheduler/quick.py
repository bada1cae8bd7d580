"""A CP-SAT model solved by one worker in a little time: what the steps of a search ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ortools.sat.python import cp_model


def solved(
    model: cp_model.CpModel,
    seconds: float,
    seed: int,
    stop: Callable[[], bool] | None = None,
    by_work: bool = False,
    linear: bool = False,
) -> Callable[[Any], int] | None:
    """What answers a variable's value; ``None`` where nothing meets the model or time was too short.

    ``by_work``: the seconds are the solver's deterministic ones; ``linear``: with its full linear relaxation.
    """
    if stop and stop():
        return None
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if linear:
        solver.parameters.linearization_level = 2
    if by_work:
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.max_time_in_seconds = seconds
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return solver.value if found else None
