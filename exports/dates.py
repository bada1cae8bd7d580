"""Dates and times as rosters write them."""

import datetime as dt
import re
from functools import lru_cache

from exports.words import bare, plain

_FORMS = (
    re.compile(r"(\d{4})[.\-/年](\d{1,2})(?:[.\-/月](\d{1,2})日?)?月?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})?"),
)


def partial_date(value: object) -> str | None:
    """Return YYYY-MM-DD or YYYY-MM for any of the usual forms; None where the value is not understood."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    if isinstance(value, int | float) and 15000 < value < 80000:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(value))).isoformat()
    if isinstance(value, float) and str(value).endswith(".1"):
        return None  # January, or October that lost its zero
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _date(str(value))


@lru_cache(2**12)
def _date(text: str) -> str | None:
    text = bare(re.sub(r"(T|\s+)0?0:00(:00)?$", "", text.strip()))
    for form in _FORMS:
        if match := form.fullmatch(text):
            year, month, day = (int(part) if part else None for part in match.groups())
            return _iso(year or 0, month or 0, day)
    return None


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        found = dt.date(year, month, day or 1)
    except ValueError:
        return None
    return found.isoformat() if day else found.isoformat()[:7]


def clock(value: object) -> str | None:
    """Return HH:MM of a time of day; None where the value is not understood."""
    if isinstance(value, dt.datetime | dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and 0 < value < 1:
        return f"{round(value * 1440) // 60:02d}:{round(value * 1440) % 60:02d}"
    match = re.fullmatch(r"(\d{1,2})(?::|[时点](?=\d|$))(\d{2})?(?:分|:00)?", plain(value))
    if not match or (not match[2] and ":" in match[0]) or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return f"{int(match[1]):02d}:{match[2] or '00'}"
