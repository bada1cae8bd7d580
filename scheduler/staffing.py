"""The best members and people for panels whose directions and sessions are given: the whole model with these held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.model import Model
from scheduler.patterns import Pattern
from scheduler.quick import solved
from scheduler.schedule import Panel

WEIGHTS = (0, 0, 0, 100_000, 1_000, 100, 1)
"""Of the levels: those before are settled by the panels."""


class Staffing:
    """Mismatch first, then the later levels; the panels stay."""

    def __init__(self, facts: Facts, panels: Sequence[Pattern], left: int, around: Around | None = None) -> None:
        """``left``: so many may stay without an appointment."""
        self.model = Model(facts, [c for c, _ in panels], around, times=[times for _, times in panels])
        self.model.m.add(self.model.level(0) <= left)
        self.model.minimize(WEIGHTS)

    def solve(
        self, seconds: float, seed: int = 0, stop: Callable[[], bool] | None = None, by_work: bool = False
    ) -> list[Panel] | None:
        """The panels with their people; ``None`` where there are none or time was too short.

        ``by_work``: the seconds are the solver's deterministic ones.
        """
        # Seats are an assignment: with the linear relaxation a hundred times as fast.
        value = solved(self.model.m, seconds, seed, stop, by_work, linear=True)
        return None if value is None else self.model.panels(value)
