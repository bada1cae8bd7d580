"""From the sheets of one applicant to one score: mean, trim_total, trim_item, median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from scoring.errors import ScoringError
from scoring.marks import PRECISION, half_up
from scoring.said import say, several

METHODS = ("mean", "trim_total", "trim_item", "median")
TOO_FEW = "有效评分表 %(n)s 份，少于 %(least)s 份，没有成绩。"
NOT_TRIMMED = "有效评分表 %(n)s 份，少于 %(least)s 份，不去高低，取平均分。"
Sheet = Sequence[Decimal | None]


@dataclass(frozen=True)
class Aggregate:
    """A score and how it came about; ``score`` is ``None`` where there is none, and ``reason`` says why."""

    score: Decimal | None
    dropped: tuple[tuple[int, ...], ...]
    """``(sheet,)`` or ``(sheet, item)``, by position among all sheets given, from 0: the high one, then the low one."""
    valid: int
    method: str
    """The method used: ``mean`` where there were too few sheets to trim."""
    reason: str = ""
    kept: Decimal | None = None
    """The sum of what was kept; ``score`` is ``kept ÷ over``, rounded."""
    over: int = 0


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
        raise ScoringError(
            say("没有合分办法“%(method)s”，可用：%(names)s。", method=method, names=several(METHODS, "、"))
        )
    if len({len(sheet) for sheet in sheets}) > 1 or any(len(sheet) == 0 for sheet in sheets):
        raise ScoringError(say("各份评分表的项目数不同，或没有项目。"))
    if min_sheets < 1 or min_sheets_to_trim < 3:
        raise ScoringError(say("有效评分表至少 1 份，去高低至少从 3 份起。"))
    whole = [(n, [m for m in sheet if m is not None]) for n, sheet in enumerate(sheets) if None not in sheet]
    if len(whole) < min_sheets:
        return Aggregate(None, (), len(whole), method, say(TOO_FEW, n=len(whole), least=min_sheets))
    used, reason = method, ""
    if method.startswith("trim") and len(whole) < min_sheets_to_trim:
        used, reason = "mean", say(NOT_TRIMMED, n=len(whole), least=min_sheets_to_trim)
    with localcontext(prec=PRECISION):
        kept, over, dropped = _RULES[used](whole)
    return Aggregate(half_up(Fraction(kept) / over, decimals), dropped, len(whole), used, reason, kept, over)


Whole = list[tuple[int, list[Decimal]]]
Answer = tuple[Decimal, int, tuple[tuple[int, ...], ...]]


def _totals(whole: Whole) -> list[tuple[int, Decimal]]:
    return [(n, sum(marks, Decimal(0))) for n, marks in whole]


def _extremes(rows: list[tuple[int, Decimal]]) -> tuple[int, int]:
    """The first of the highest and the first other of the lowest: of tied ones only one is dropped."""
    high = max(rows, key=lambda row: row[1])[0]
    low = min((row for row in rows if row[0] != high), key=lambda row: row[1])[0]
    return high, low


def _mean(whole: Whole) -> Answer:
    return sum((total for _, total in _totals(whole)), Decimal(0)), len(whole), ()


def _trim_total(whole: Whole) -> Answer:
    totals = _totals(whole)
    out = _extremes(totals)
    return sum((t for n, t in totals if n not in out), Decimal(0)), len(whole) - 2, tuple((n,) for n in out)


def _trim_item(whole: Whole) -> Answer:
    kept, dropped = Decimal(0), []
    for item in range(len(whole[0][1])):
        rows = [(n, marks[item]) for n, marks in whole]
        out = _extremes(rows)
        kept += sum((mark for n, mark in rows if n not in out), Decimal(0))
        dropped += [(n, item) for n in out]
    return kept, len(whole) - 2, tuple(dropped)


def _median(whole: Whole) -> Answer:
    totals = sorted(total for _, total in _totals(whole))
    middle = totals[(len(totals) - 1) // 2 : len(totals) // 2 + 1]
    return sum(middle, Decimal(0)), len(middle), ()


_RULES = {"mean": _mean, "trim_total": _trim_total, "trim_item": _trim_item, "median": _median}
