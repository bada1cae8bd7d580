"""Marks as decimals: reading one, rounding one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

from scoring.errors import ScoringError


def half_up(value: Decimal, decimals: int | None) -> Decimal:
    """Round half up (四舍五入) to so many decimals; ``None`` leaves the value as it is."""
    if decimals is None:
        return value
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def mark(value: object, place: str) -> Decimal | None:
    """A mark from JSON or a form; ``None`` is *not scored*.

    Raises:
        ScoringError: no finite number; ``place`` is named.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ScoringError(f"{place}：“{value}”不是分数。")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ScoringError(f"{place}：“{value}”不是分数。") from error
    if not number.is_finite():
        raise ScoringError(f"{place}：“{value}”不是分数。")
    return number
