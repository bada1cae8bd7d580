"""The committee's secret ballot on one applicant (表决): two thirds of the experts present."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.errors import ScoringError
from scoring.said import say


def needed(present: int) -> int:
    """How many votes for are needed: two thirds of those present, rounded up."""
    return -(-2 * present // 3)


@dataclass(frozen=True)
class Vote:
    """One applicant's ballot, in whole votes; every expert present casts one.

    Raises:
        ScoringError: a number under 0, nobody present, or numbers that do not add up.
    """

    present: int
    votes_for: int
    against: int
    abstain: int
    spoiled: int

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        counts = (self.votes_for, self.against, self.abstain, self.spoiled)
        if self.present < 1 or min(counts) < 0:
            raise ScoringError(say("到会人数至少 1 人，票数不能小于 0。"))
        if sum(counts) != self.present:
            found = {"n": sum(counts), "present": self.present}
            raise ScoringError(say("同意、反对、弃权、废票合计 %(n)s 票，与到会 %(present)s 人不符。", **found))

    @property
    def needed(self) -> int:
        """How many votes for are needed."""
        return needed(self.present)

    @property
    def passed(self) -> bool:
        """Whether the vote passed."""
        return self.votes_for >= self.needed
