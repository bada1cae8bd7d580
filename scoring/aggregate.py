"""From the sheets of one applicant to one score: mean, trim_total, trim_item, median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from scoring.errors import ScoringError
from scoring.marks import half_up

METHODS = ("mean", "trim_total", "trim_item", "median")
Sheet = Sequence[Decimal | None]


@dataclass(frozen=True)
class Aggregate:
    """A score and how it came about; ``score`` is ``None`` where there is none, and ``reason`` says why."""

    score: Decimal | None
    dropped: tuple[tuple[int, ...], ...]
    """``(sheet,)`` or ``(sheet, item)``, by position among all sheets given, from 0."""
    valid: int
    method: str
    """The method used: ``mean`` where there were too few sheets to trim."""
    reason: str = ""


def aggregate(
    method: str,
    sheets: Sequence[Sheet],
    *,
    min_sheets_to_trim: int = 5,
    min_sheets: int = 3,
    decimals: int = 2,
) -> Aggregate:
    """One score of the sheets that are complete, rounded once, half up.

    Raises:
        ScoringError: an unknown method, sheets of different length, limits that make no sense.
    """
    if method not in METHODS:
        raise ScoringError(f"没有合分办法“{method}”，可用：{'、'.join(METHODS)}。")
    if len({len(sheet) for sheet in sheets}) > 1 or any(len(sheet) == 0 for sheet in sheets):
        raise ScoringError("各份评分表的项目数不同，或没有项目。")
    if min_sheets < 1 or min_sheets_to_trim < 3:
        raise ScoringError("有效评分表至少 1 份，去高低至少从 3 份起。")
    whole = [(n, [m for m in sheet if m is not None]) for n, sheet in enumerate(sheets) if None not in sheet]
    if len(whole) < min_sheets:
        return Aggregate(None, (), len(whole), method, f"有效评分表 {len(whole)} 份，少于 {min_sheets} 份，没有成绩。")
    used, reason = method, ""
    if method.startswith("trim") and len(whole) < min_sheets_to_trim:
        used, reason = "mean", f"有效评分表 {len(whole)} 份，少于 {min_sheets_to_trim} 份，不去高低，取平均分。"
    value, dropped = _RULES[used](whole)
    exact = Decimal(value.numerator) / Decimal(value.denominator) if decimals is None else _rounded(value, decimals)
    return Aggregate(exact, dropped, len(whole), used, reason)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up from the exact fraction, so that no division rounds before."""
    scaled = value * 10**decimals
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
    return half_up(Decimal(-whole if scaled < 0 else whole).scaleb(-decimals), decimals)


Whole = list[tuple[int, list[Decimal]]]
Answer = tuple[Fraction, tuple[tuple[int, ...], ...]]


def _totals(whole: Whole) -> list[tuple[int, Fraction]]:
    return [(n, sum(map(Fraction, marks), Fraction(0))) for n, marks in whole]


def _extremes(rows: list[tuple[int, Fraction]]) -> tuple[int, int]:
    """The first of the highest and the first other of the lowest: of tied ones only one is dropped."""
    high = max(rows, key=lambda row: row[1])[0]
    low = min((row for row in rows if row[0] != high), key=lambda row: row[1])[0]
    return high, low


def _mean(whole: Whole) -> Answer:
    totals = _totals(whole)
    return sum((t for _, t in totals), Fraction(0)) / len(totals), ()


def _trim_total(whole: Whole) -> Answer:
    totals = _totals(whole)
    out = _extremes(totals)
    kept = [t for n, t in totals if n not in out]
    return sum(kept, Fraction(0)) / len(kept), tuple((n,) for n in out)


def _trim_item(whole: Whole) -> Answer:
    value, dropped = Fraction(0), []
    for item in range(len(whole[0][1])):
        rows = [(n, Fraction(marks[item])) for n, marks in whole]
        out = _extremes(rows)
        kept = [m for n, m in rows if n not in out]
        value += sum(kept, Fraction(0)) / len(kept)
        dropped += [(n, item) for n in out]
    return value, tuple(dropped)


def _median(whole: Whole) -> Answer:
    return Fraction(median(t for _, t in _totals(whole))), ()


_RULES = {"mean": _mean, "trim_total": _trim_total, "trim_item": _trim_item, "median": _median}
