"""The review mark of the papers and the defence's score as one figure, where a round wants one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.errors import ScoringError
from scoring.marks import half_up
from scoring.said import say
from scoring.story import written

Weights = tuple[int, int]
"""Of papers and defence, in per cent."""


@dataclass(frozen=True)
class Together:
    """The figure and how it came about; ``score`` is ``None`` where a part is missing, and ``reason`` says which."""

    score: Decimal | None
    formula: str = ""
    exact: str = ""
    reason: str = ""


def together(papers: Decimal | None, defence: Decimal | None, weights: Weights, *, decimals: int = 2) -> Together:
    """The weighted mean of both, rounded once, half up.

    Raises:
        ScoringError: weights that are negative or do not make 100.
    """
    if min(weights) < 0 or sum(weights) != 100:
        given = {"papers": weights[0], "defence": weights[1]}
        raise ScoringError(say("材料与答辩的权重 %(papers)s 与 %(defence)s 合计应为 100，且不小于 0。", **given))
    if papers is None or defence is None:
        return Together(None, reason=_missing(papers, defence))
    exact = (Fraction(papers) * weights[0] + Fraction(defence) * weights[1]) / 100
    formula = f"{papers:f}×{weights[0]}%+{defence:f}×{weights[1]}%"
    return Together(half_up(exact, decimals), formula, written(exact))


def _missing(papers: Decimal | None, defence: Decimal | None) -> str:
    if papers is None and defence is None:
        return say("没有材料评审分和答辩成绩，不合成总分。")
    return say("没有材料评审分，不合成总分。") if papers is None else say("没有答辩成绩，不合成总分。")
