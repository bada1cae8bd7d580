"""How far the experts of one panel agree: intraclass correlations, Kendall's W, α, generalizability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring.errors import ScoringError
from scoring.quantiles import f_quantile
from scoring.said import say, several

Interval = tuple[float, float]
ICC = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")


@dataclass(frozen=True)
class Agreement:
    """What could be computed; ``None`` where not, and ``reason`` says why."""

    icc: dict[str, float | None] = field(default_factory=lambda: dict.fromkeys(ICC))
    ci95: dict[str, Interval | None] = field(default_factory=lambda: dict.fromkeys(ICC))
    kendall_w: float | None = None
    chi2: float | None = None
    reason: str = ""

    @property
    def alpha(self) -> float | None:
        """Cronbach's α: on a complete matrix the same figure as ICC3k."""
        return self.icc["icc3k"]

    @property
    def e_rho2(self) -> float | None:
        """Generalizability Eρ² (order only): on a complete matrix the same figure as ICC3k."""
        return self.icc["icc3k"]

    @property
    def phi(self) -> float | None:
        """Dependability Φ (a reference line): on a complete matrix the same figure as ICC2k."""
        return self.icc["icc2k"]


@dataclass(frozen=True)
class Variance:
    """The two-way analysis of variance of n applicants × k experts, exact: mean squares."""

    n: int
    k: int
    rows: Fraction
    columns: Fraction
    error: Fraction
    within: Fraction

    @classmethod
    def of(cls, matrix: Sequence[Sequence[Fraction]]) -> Variance:
        """The mean squares between applicants, between experts, of the rest, and within applicants."""
        n, k = len(matrix), len(matrix[0])
        rows = [sum(row, Fraction(0)) for row in matrix]
        columns = [sum(column, Fraction(0)) for column in zip(*matrix, strict=True)]
        middle = sum(rows, Fraction(0)) ** 2 / (n * k)
        total = sum((x * x for row in matrix for x in row), Fraction(0)) - middle
        by_row = sum((x * x for x in rows), Fraction(0)) / k - middle
        by_column = sum((x * x for x in columns), Fraction(0)) / n - middle
        rest = (total - by_row - by_column) / ((n - 1) * (k - 1))
        return cls(n, k, by_row / (n - 1), by_column / (k - 1), rest, (total - by_row) / (n * (k - 1)))


def agreement(matrix: Sequence[Sequence[Decimal | None]]) -> Agreement:
    """The agreement of one panel: rows are applicants, columns experts, ``None`` is *not scored*.

    Shrout & Fleiss (1979); McGraw & Wong (1996); Kendall & Babington Smith (1939), with ties.

    Raises:
        ScoringError: no rows, or rows of different length.
    """
    if not matrix or len({len(row) for row in matrix}) != 1 or not matrix[0]:
        raise ScoringError(say("矩阵没有内容，或各行长短不一。"))
    whole = [[Fraction(x) for x in row if x is not None] for row in matrix]
    holes = sum(len(row) for row in matrix) - sum(len(row) for row in whole)
    if holes:
        return Agreement(reason=say("有 %(n)s 处没有评分，矩阵不完整，不能计算一致性。", n=holes))
    if len(matrix) < 2 or len(matrix[0]) < 2:
        few = say("%(n)s 位申报人、%(k)s 位专家：各至少 2 位才能计算一致性。", n=len(matrix), k=len(matrix[0]))
        return Agreement(reason=few)
    v = Variance.of(whole)
    icc = {name: _ratio(*pair) for name, pair in _parts(v).items()}
    ci95 = dict(_intervals(v, icc["icc2"]))
    kendall_w = _kendall(whole)
    chi2 = None if kendall_w is None else v.k * (v.n - 1) * kendall_w
    return Agreement(icc, ci95, kendall_w, chi2, several(_reasons(v, icc, ci95, kendall_w)))


def _reasons(
    v: Variance,
    icc: dict[str, float | None],
    ci95: dict[str, Interval | None],
    kendall_w: float | None,
) -> Iterator[str]:
    """A sentence for each kind of figure that is not there."""
    if v.rows == 0:
        yield say("各位申报人的平均分没有差别，部分系数没有意义。")
    elif icc["icc2k"] is None:
        yield say("专家的出入盖过了申报人之间的差别，没有 ICC2k（Φ）：可以当作没有一致性。")
    if any(ci95[name] is None for name in ICC[:3]):
        yield say("没有差异可供估计的系数没有区间。")
    elif icc["icc2k"] is not None and ci95["icc2k"] is None:
        yield say("ICC2k 的区间向下没有底，不列。")
    if kendall_w is None:
        yield say("每位专家都没有分出先后，没有肯德尔 W。")


def _parts(v: Variance) -> dict[str, tuple[Fraction, Fraction]]:
    """Numerator and denominator of each coefficient (Shrout & Fleiss 1979, p. 423 and 426)."""
    one, two = v.rows - v.within, v.rows - v.error
    between = (v.columns - v.error) / v.n
    return {
        "icc1": (one, v.rows + (v.k - 1) * v.within),
        "icc2": (two, v.rows + (v.k - 1) * v.error + v.k * between),
        "icc3": (two, v.rows + (v.k - 1) * v.error),
        "icc1k": (one, v.rows),
        "icc2k": (two, v.rows + between),
        "icc3k": (two, v.rows),
    }


def _ratio(top: Fraction, bottom: Fraction) -> float | None:
    """None over a variance that is estimated at nothing or less: Φ would then come out above 1."""
    return float(top / bottom) if bottom > 0 else None


def _intervals(v: Variance, icc2: float | None) -> Iterator[tuple[str, Interval | None]]:
    """95 % intervals, never divided by the error (Shrout & Fleiss 1979, p. 424 f.; averages by Spearman–Brown)."""
    rows = float(v.rows)
    one = _by_f(rows, float(v.within), v.n - 1, v.n * (v.k - 1), v.k)
    two = _of_icc2(v, icc2)
    three = _by_f(rows, float(v.error), v.n - 1, (v.n - 1) * (v.k - 1), v.k)
    for name, interval in (("icc1", one), ("icc2", two), ("icc3", three)):
        yield name, interval
        yield f"{name}k", _averaged(interval, v.k)


def _by_f(rows: float, error: float, first: int, second: int, k: int) -> Interval | None:
    if rows == 0:
        return None
    low, high = error * f_quantile(0.975, first, second), error / f_quantile(0.975, second, first)
    return (rows - low) / (rows + (k - 1) * low), (rows - high) / (rows + (k - 1) * high)


def _of_icc2(v: Variance, icc2: float | None) -> Interval | None:
    """The freedom of the judges' part by Satterthwaite, as given by Shrout & Fleiss (1979, p. 425)."""
    if icc2 is None:
        return None
    n, k, rows, columns, error = v.n, v.k, float(v.rows), float(v.columns), float(v.error)
    judges, rest = k * icc2 * columns, (n * (1 + (k - 1) * icc2) - k * icc2) * error
    part = k * columns + (k * n - k - n) * error
    if 0 in (rows, part, judges + rest):
        return None
    freedom = (k - 1) * (n - 1) * (judges + rest) ** 2 / ((n - 1) * judges**2 + rest**2)
    low, high = f_quantile(0.025, freedom, n - 1), f_quantile(0.025, n - 1, freedom)  # 1/F of the page: never infinite
    return n * (low * rows - error) / (part + n * low * rows), n * (rows - high * error) / (high * part + n * rows)


def _averaged(interval: Interval | None, k: int) -> Interval | None:
    """Of one expert's interval that of the mean of k (Spearman–Brown); none where one end has no such figure."""
    if interval is None or 1 + (k - 1) * interval[0] <= 0:
        return None
    low, high = (k * icc / (1 + (k - 1) * icc) for icc in interval)
    return low, high


def _kendall(matrix: Sequence[Sequence[Fraction]]) -> float | None:
    """W with the correction for ties."""
    n, m = len(matrix), len(matrix[0])
    columns = list(zip(*matrix, strict=True))
    sums = [sum(row) for row in zip(*map(_ranks, columns), strict=True)]
    middle = Fraction(m * (n + 1), 2)
    ties = sum(t**3 - t for column in columns for t in Counter(column).values())
    bottom = m * m * (n**3 - n) - m * ties
    return float(12 * sum((x - middle) ** 2 for x in sums) / bottom) if bottom else None


def _ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """Ranks from 1, tied ones sharing their mean."""
    place: dict[Fraction, Fraction] = {}
    before = 0
    for value, count in sorted(Counter(values).items()):
        place[value] = before + Fraction(count + 1, 2)
        before += count
    return [place[value] for value in values]
