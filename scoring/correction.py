"""Correction between the panels of one direction and level; each rounding step as set, half up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from scoring.errors import ScoringError
from scoring.marks import half_up

METHODS = ("pooled", "second_mean", "trimmed")
Decimals = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Correction:
    """Panel → mean, k and corrected scores; the grand mean; warnings of the guards."""

    means: dict[str, Decimal]
    grand: Decimal
    k: dict[str, Decimal]
    scores: dict[str, tuple[Decimal, ...]]
    warnings: tuple[str, ...]


def correct(
    method: str,
    panels: Mapping[str, Sequence[Decimal]],
    *,
    decimals: Decimals = (2, 3, 2),
    trim: int = 2,
    full: Decimal = Decimal(100),
    min_present: int = 8,
) -> Correction:
    """k of each panel and everyone's corrected score.

    ``pooled``: k = mean of all ÷ mean of the panel. ``second_mean``: k = unweighted mean of the panels' means ÷ mean
    of the panel. ``trimmed``: like pooled, without the ``trim`` highest and lowest of each panel and of the pool.

    Raises:
        ScoringError: an unknown method, an empty panel, a mean of 0, too few in a panel for ``trimmed``.
    """
    if method not in METHODS:
        raise ScoringError(f"没有修正办法“{method}”，可用：{'、'.join(METHODS)}。")
    if not panels or any(not scores for scores in panels.values()):
        raise ScoringError("每个专家组至少要有一个成绩。")
    least = 2 * trim + 1
    if method == "trimmed" and (trim < 0 or any(len(scores) < least for scores in panels.values())):
        raise ScoringError(f"去高低后修正要求每个专家组至少 {least} 人到场。")
    cut = trim if method == "trimmed" else 0
    with localcontext(prec=60):
        means = {panel: half_up(_mean(scores, cut), decimals[0]) for panel, scores in panels.items()}
        if any(mean == 0 for mean in means.values()):
            raise ScoringError("有专家组的平均分为 0，不能修正。")
        pool = list(means.values()) if method == "second_mean" else [x for scores in panels.values() for x in scores]
        grand = half_up(_mean(pool, cut), decimals[0])
        k = {panel: half_up(grand / mean, decimals[1]) for panel, mean in means.items()}
        scores = {panel: tuple(half_up(x * k[panel], decimals[2]) for x in panels[panel]) for panel in panels}
    return Correction(means, grand, k, scores, tuple(_guards(panels, k, scores, full, min_present)))


def _mean(scores: Sequence[Decimal], cut: int) -> Decimal:
    kept = sorted(scores)[cut : len(scores) - cut]
    return sum(kept, Decimal(0)) / len(kept)


def _guards(
    panels: Mapping[str, Sequence[Decimal]],
    k: Mapping[str, Decimal],
    scores: Mapping[str, Sequence[Decimal]],
    full: Decimal,
    min_present: int,
) -> list[str]:
    found = []
    for panel in panels:
        if len(panels[panel]) < min_present:
            found.append(f"专家组 {panel} 到场 {len(panels[panel])} 人，少于 {min_present} 人，系数不稳。")
        if not Decimal("0.90") <= k[panel] <= Decimal("1.10"):
            found.append(f"专家组 {panel} 的系数 {k[panel]} 超出 0.90–1.10。")
        if any(score > full for score in scores[panel]):
            found.append(f"专家组 {panel} 有修正后成绩超过满分 {full}，照实显示。")
    return found
