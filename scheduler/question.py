"""What the prover asks: how little a level can cost, and with which costs of the others that answer holds."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.schedule import DAYS, MISMATCH, PEAK


@dataclass(frozen=True)
class Question:
    """A level at the costs ``before`` it, asked of the pooled or of the full program."""

    level: int
    before: tuple[int, ...]
    pooled: bool
    target: int | None = None
    """What the level shall cost, where that is asked."""

    @property
    def aim(self) -> int:
        """The level that is minimised."""
        if self.target is None:
            return self.level
        return DAYS if self.level == PEAK else MISMATCH

    @property
    def settled(self) -> int:
        """So many levels must stay at their costs while this is asked; a lower peak is asked with the fewest days."""
        return min(self.level, self.aim)

    @property
    def subject(self) -> tuple[object, ...]:
        """The same for questions that would find the same: a lower peak with a day less is no other one."""
        return self.level, self.before[: self.settled], self.pooled, self.target

    @property
    def key(self) -> tuple[int, ...] | None:
        """The costs at which the bound of ``aim`` holds; ``None`` where levels between the two are left open."""
        if self.target is None:
            return self.before
        return (*self.before, self.target) if self.level + 1 == self.aim else None
