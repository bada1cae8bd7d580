"""Marks as decimals: reading one, rounding one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction

from scoring.errors import ScoringError
from scoring.said import say

DIGITS = 12
"""Places before and after the point that a mark may have; sums of marks are then exact in ``PRECISION`` digits."""
PRECISION = 60
SHOWN = 40
"""Characters of what is no mark that its error repeats."""


def half_up(value: Decimal | Fraction, decimals: int | None) -> Decimal:
    """Round half up (四舍五入) to so many decimals, from the exact value; ``None`` asks for no rounding.

    A fraction without an end keeps 28 digits where no rounding is asked for.
    """
    if decimals is None:
        return value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
    over, under = value.as_integer_ratio()
    whole = (2 * abs(over) * 10**decimals + under) // (2 * under)
    return Decimal(f"{-whole if over < 0 else whole}E-{decimals}")


def total(marks: Iterable[Decimal]) -> Decimal:
    """The sum of marks, without the zero that steps of a half may leave: 66, not 66.0."""
    with localcontext(prec=PRECISION):
        found = sum(marks, Decimal(0))
        whole = found.to_integral_value()
        return whole if whole == found else found.normalize()


def on_step(number: Decimal, step: Decimal) -> bool:
    """Whether a number is a whole multiple of a step, however small the step is."""
    (over, under), (whole, parts) = number.as_integer_ratio(), step.as_integer_ratio()
    return not over * parts % (under * whole)


def mark(value: object, place: str) -> Decimal | None:
    """A mark from JSON or a form; ``None`` is *not scored*.

    Raises:
        ScoringError: no finite number, or one of absurd size; ``place`` is named.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _no_mark(value, place)
    try:
        number = Decimal(str(value).strip().replace("_", "x"))
    except InvalidOperation as error:
        raise _no_mark(value, place) from error
    if not number.is_finite() or number.adjusted() >= DIGITS or int(number.as_tuple().exponent) < -2 * DIGITS:
        raise _no_mark(value, place)
    return number or number.copy_abs()  # -0 is 0


def _no_mark(value: object, place: str) -> ScoringError:
    return ScoringError(say("%(place)s：“%(value)s”不是分数。", place=place, value=str(value)[:SHOWN]))


def least_zero(value: object, place: str) -> Decimal | None:
    """A mark that is 0 or more; ``None`` is *not scored*.

    Raises:
        ScoringError: no number, or one under 0; ``place`` is named.
    """
    number = mark(value, place)
    if number is not None and number < 0:
        raise ScoringError(say("%(place)s：分数 %(number)s 小于 0。", place=place, number=number))
    return number
