"""Correction between the panels of one direction and level; each rounding step as set, half up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from scoring.errors import NotComputable, ScoringError
from scoring.marks import PRECISION, half_up
from scoring.said import say, several

METHODS = ("pooled", "second_mean", "trimmed")
TOO_SHORT = "去高低后修正要求每个专家组至少 %(least)s 人到场：%(place)s。"
AT_PANEL = "专家组 %(panel)s 到场 %(n)s 人"
ZERO = "专家组 %(panel)s 的平均分为 0，不能修正。"
Decimals = tuple[int | None, int | None, int | None]
K_LEAST, K_MOST = Decimal("0.90"), Decimal("1.10")


@dataclass(frozen=True)
class Part:
    """What a mean is made of: the sum of what was kept and how many that are."""

    kept: Decimal
    over: int
    out: tuple[Decimal, ...] = ()
    """What was left out: the lowest, then the highest, in order."""


@dataclass(frozen=True)
class Correction:
    """Panel → mean, k and corrected scores; the grand mean; warnings of the guards; what the means are made of."""

    means: dict[str, Decimal]
    grand: Decimal
    k: dict[str, Decimal]
    scores: dict[str, tuple[Decimal, ...]]
    warnings: tuple[str, ...]
    parts: dict[str, Part]
    pool: Part


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
    A step with ``None`` decimals is exact.

    Raises:
        ScoringError: an unknown method, an empty panel, too few in a panel for ``trimmed``.
        NotComputable: a mean of 0.
    """
    if method not in METHODS:
        raise ScoringError(
            say("没有修正办法“%(method)s”，可用：%(names)s。", method=method, names=several(METHODS, "、"))
        )
    if not panels or any(not scores for scores in panels.values()):
        raise ScoringError(say("每个专家组至少要有一个成绩。"))
    cut = trim if method == "trimmed" else 0
    short = [panel for panel, scores in panels.items() if len(scores) <= 2 * cut]
    if cut < 0 or short:
        place = say(AT_PANEL, panel=short[0], n=len(panels[short[0]])) if short else say("去掉 %(n)s 个", n=cut)
        raise ScoringError(say(TOO_SHORT, least=2 * max(cut, 0) + 1, place=place))
    parts = {panel: _part(scores, cut) for panel, scores in panels.items()}
    means = {panel: half_up(_quotient(part), decimals[0]) for panel, part in parts.items()}
    exact = {panel: _step(_quotient(part), decimals[0]) for panel, part in parts.items()}
    zero = [panel for panel, mean in exact.items() if mean == 0]
    if zero:
        raise NotComputable(say(ZERO, panel=zero[0]))
    if method == "second_mean":
        pool, middle = _part(list(means.values()), 0), sum(exact.values(), Fraction(0)) / len(exact)
    else:
        pool = _part([x for scores in panels.values() for x in scores], cut)
        middle = _quotient(pool)
    grand = _step(middle, decimals[0])
    k = {panel: _step(grand / mean, decimals[1]) for panel, mean in exact.items()}
    shown = {panel: half_up(grand / mean, decimals[1]) for panel, mean in exact.items()}
    scores = {panel: tuple(half_up(Fraction(x) * k[panel], decimals[2]) for x in panels[panel]) for panel in panels}
    warnings = tuple(_guards(panels, shown, scores, full, min_present))
    return Correction(means, half_up(middle, decimals[0]), shown, scores, warnings, parts, pool)


def _part(scores: Sequence[Decimal], cut: int) -> Part:
    ordered, last = sorted(scores), len(scores) - cut
    kept, out = ordered[cut:last], (*ordered[:cut], *ordered[last:])
    with localcontext(prec=PRECISION):
        return Part(sum(kept, Decimal(0)), len(kept), out)


def _quotient(part: Part) -> Fraction:
    return Fraction(part.kept) / part.over


def _step(value: Fraction, decimals: int | None) -> Fraction:
    """The value after a rounding step, exact where none is set."""
    return value if decimals is None else Fraction(half_up(value, decimals))


def _guards(
    panels: Mapping[str, Sequence[Decimal]],
    k: Mapping[str, Decimal],
    scores: Mapping[str, Sequence[Decimal]],
    full: Decimal,
    min_present: int,
) -> list[str]:
    found: list[str] = []
    for panel in panels:
        if len(panels[panel]) < min_present:
            few = {"panel": panel, "n": len(panels[panel]), "least": min_present}
            found.append(say("专家组 %(panel)s 到场 %(n)s 人，少于 %(least)s 人，系数不稳。", **few))
        if not K_LEAST <= k[panel] <= K_MOST:
            far = {"panel": panel, "k": k[panel], "low": K_LEAST, "high": K_MOST}
            found.append(say("专家组 %(panel)s 的系数 %(k)s 超出 %(low)s–%(high)s。", **far))
        if any(score > full for score in scores[panel]):
            found.append(say("专家组 %(panel)s 有修正后成绩超过满分 %(full)s，照实显示。", panel=panel, full=full))
    return found
