"""Solves of CP-SAT models: in a little time by one worker, or watched so that they can be stopped at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ortools.sat.python import cp_model


def new_solver() -> cp_model.CpSolver:
    """A solver that leaves Ctrl+C to the command: caught inside it would end one question and not the search."""
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    return solver


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
    solver = new_solver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.cp_model_probing_level = solver.parameters.symmetry_level = 0  # longer than the search itself
    if linear:
        solver.parameters.linearization_level = 2
    if by_work:
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.max_time_in_seconds = seconds
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return solver.value if found else None


def watched(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    ended: Callable[[], bool],
    found: cp_model.CpSolverSolutionCallback | None = None,
) -> cp_model.CpSolverStatus:
    """Solve in a thread beside, so that it can be stopped at any moment."""
    box: list[cp_model.CpSolverStatus] = []
    thread = threading.Thread(target=lambda: box.append(solver.solve(model, found)), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
        if ended():
            solver.stop_search()
    return box[0]
