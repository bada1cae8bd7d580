"""Quantiles of F and of Student's t, without another library: two functions are all that intervals need."""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p, sqrt

TINY = 1e-300
MOST_PARTS = 10_000


def f_quantile(p: float, first: float, second: float) -> float:
    """The value that F with ``first`` and ``second`` degrees of freedom (above 0, not only whole) stays under with
    probability ``p``, between 1e-304 and 1e304; relative error under 1e-9.

    Bisection on a logarithmic scale of F's distribution, an incomplete beta function (Abramowitz & Stegun 26.6.2).
    """
    low, high = -700.0, 700.0
    for _ in range(64):
        middle = (low + high) / 2
        if f_below(exp(middle), first, second) < p:
            low = middle
        else:
            high = middle
    return exp(high)


def t_quantile(p: float, freedom: float) -> float:
    """The value that Student's t stays under with probability ``p`` of at least one half: t² is F(1, freedom)."""
    return sqrt(f_quantile(2 * p - 1, 1, freedom))


def f_below(value: float, first: float, second: float) -> float:
    """The probability that F stays under ``value``."""
    odds = first * value / second
    return beta_below(odds / (1 + odds), 1 / (1 + odds), first / 2, second / 2)


def beta_below(x: float, rest: float, a: float, b: float) -> float:
    """The regularised incomplete beta function; ``rest`` is 1 − x, given apart to keep its digits.

    By its continued fraction (Abramowitz & Stegun 26.5.8), from the side on which it converges fast; where the two
    sides meet, rounding may call both the slow one, and either will do.
    """
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    slow = x > (a + 1) / (a + b + 2)
    return 1 - _by_fraction(rest, x, b, a) if slow else _by_fraction(x, rest, a, b)


def _by_fraction(x: float, rest: float, a: float, b: float) -> float:
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * (log1p(-x) if x < 0.5 else log(rest))
    return exp(front) / a / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d₁/(1 + d₂/(1 + …)) by Lentz's method."""
    value, c, d, n, change = 1.0, 1.0, 0.0, 0, inf
    while abs(change - 1) > 1e-15 and n < MOST_PARTS:
        n += 1
        m = n // 2
        if n % 2:
            part = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            part = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _away(1 + part * d)
        c = _away(1 + part / c)
        change = c * d
        value *= change
    return value


def _away(value: float) -> float:
    """Not exactly 0."""
    return value if abs(value) > TINY else TINY
