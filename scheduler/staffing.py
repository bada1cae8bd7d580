"""The best members and people for panels whose directions and sessions are given: the whole model with these held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ortools.sat.python import cp_model

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.model import Model
from scheduler.patterns import Pattern
from scheduler.schedule import Panel

WEIGHTS = (0, 0, 0, 100_000, 1_000, 100, 1)
"""Of the levels: those before are settled by the panels."""


class Staffing:
    """Mismatch first, then the later levels; the panels stay."""

    def __init__(self, facts: Facts, panels: Sequence[Pattern], left: int, around: Around | None = None) -> None:
        """``left``: so many may stay without an appointment."""
        self.model = Model(facts, [c for c, _ in panels], around)
        for p, (_, times) in enumerate(panels):
            for s in self.model.S:
                self.model.m.add(self.model.sits[p, s] == int(s in times))
        self.model.m.add(self.model.levels[0] <= left)
        self.model.minimize(WEIGHTS)

    def solve(
        self, seconds: float, seed: int = 0, stop: Callable[[], bool] | None = None, by_work: bool = False
    ) -> list[Panel] | None:
        """The panels with their people; ``None`` where there are none or time was too short.

        ``by_work``: the seconds are the solver's deterministic ones.
        """
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2  # a hundred times as fast here: seats are an assignment
        solver.parameters.random_seed = seed
        if by_work:
            solver.parameters.max_deterministic_time = seconds
        else:
            solver.parameters.max_time_in_seconds = seconds
        if (stop and stop()) or solver.solve(self.model.m) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return self.model.panels(solver.value)
