"""How severe or lenient each expert of one panel is, beside the others who heard the same applicants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from scoring.connected import groups
from scoring.quantiles import t_quantile
from scoring.said import say

FLAG = 3
"""Marks from which a difference that is no accident is worth a look."""


@dataclass(frozen=True)
class Severity:
    """Own total minus the others' mean, on average: below 0 is more severe; ``None`` where nothing can be compared."""

    mean: float | None
    ci95: tuple[float, float] | None
    n: int
    """Applicants whom another expert scored too."""
    flagged: bool
    """The interval excludes 0 and the mean is at least ``FLAG`` marks."""
    reason: str = ""


def severity(totals: Mapping[tuple[str, str], Decimal]) -> dict[str, Severity]:
    """Expert → severity, from (applicant, expert) → total of one panel; Student's t over the applicants."""
    apart = groups(totals)
    own: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for (applicant, expert), total in totals.items():
        own[applicant][expert] = Fraction(total)
    if len(apart) > 1:
        why = say("评分分成 %(n)s 组，组与组之间没有共同的专家或申报人，不能比较。", n=len(apart))
        return {expert: Severity(None, None, 0, False, why) for _, expert in totals}
    differences: dict[str, list[Fraction]] = {expert: [] for _, expert in totals}
    for sheets in own.values():
        whole = sum(sheets.values(), Fraction(0))
        for expert, mine in sheets.items():
            if len(sheets) > 1:
                differences[expert].append(mine - (whole - mine) / (len(sheets) - 1))
    return {expert: _of(found) for expert, found in differences.items()}


def _of(differences: list[Fraction]) -> Severity:
    n = len(differences)
    if n == 0:
        return Severity(None, None, 0, False, say("没有其他专家给同一申报人评分，不能比较。"))
    mean = sum(differences, Fraction(0)) / n
    if n == 1:
        return Severity(float(mean), None, 1, False, say("只有 1 位申报人可比，没有区间。"))
    spread = sum(((d - mean) ** 2 for d in differences), Fraction(0)) / (n - 1)
    half = t_quantile(0.975, n - 1) * sqrt(spread / n)
    low, high = float(mean) - half, float(mean) + half
    return Severity(float(mean), (low, high), n, abs(mean) >= FLAG and (low > 0 or high < 0))
