"""Columns that say one thing together: 姓 and 名, 年 and 月, 专业一 to 专业三, 日期 and 半天, levels to tick."""

import re
from collections.abc import Container, Mapping

from exports.columns import GIVEN_NAMES, SURNAMES
from exports.words import series, word

LISTS = ("direction", "recuse", "recuse_units", "recuse_people")
"""Keys whose cells are lists, so that several columns may be one list."""
DATES = ("birth", "cur_date", "hire_date")
TIMES = ("available", "unavailable")
_DAY, _HALF = "日期", ("半天", "时段", "时间", "时间段", "场次")
_PARTS = ("年", "月", "日")
_LEVELS = {"中级": "中级", "高级": "高级", "副高": "高级", "副高级": "高级", "正高": "高级", "正高级": "高级"}


def joined(labels: Mapping[int, str], columns: Mapping[str, int], taken: Container[int]) -> dict[str, tuple[int, ...]]:
    """Key → its columns, where it has more than one, in the order they are read."""
    free = {c: label for c, label in labels.items() if c not in taken and c not in columns.values()}
    found: dict[str, tuple[int, ...]] = {}
    for key, column in columns.items():
        rest = _rest(key, labels.get(column, ""), free)
        if rest:
            found[key] = (column, *rest)
    return found


def _rest(key: str, label: str, free: Mapping[int, str]) -> tuple[int, ...]:
    group, own = _apart(label)
    if key == "name" and own in {word(surname) for surname in SURNAMES}:
        given = {word(name) for name in GIVEN_NAMES}
        return tuple(c for c, other in free.items() if _apart(other)[1] in given)[:1]
    if key in DATES and own == "年":
        parts = {_apart(other)[1]: c for c, other in free.items() if _apart(other)[0] == group}
        return tuple(parts[part] for part in _PARTS[1:] if part in parts)
    if key in TIMES and own.endswith(_DAY):
        halves = {own.removesuffix(_DAY) + half for half in _HALF} | {*_HALF}
        return tuple(c for c, other in free.items() if _apart(other)[1] in halves)[:1]
    if key in LISTS and series(own) != own:
        return tuple(c for c, other in free.items() if series(_apart(other)[1]) == series(own))
    return ()


def times(day: str, half: str = "") -> str:
    """What a cell of days and one of half-days say: 15日、16日 and 上午 are 15日上午、16日上午."""
    return "、".join(part + half for part in re.split(r"[、,，;；和及]", day) if part)


def levels(labels: Mapping[int, str]) -> dict[int, str]:
    """The columns of levels to be ticked; none where not both levels have one, or one has several."""
    found = {c: _LEVELS[own] for c, label in labels.items() if (own := _apart(label)[1]) in _LEVELS}
    return found if {*found.values()} == {"中级", "高级"} else {}


def _apart(label: str) -> tuple[str, str]:
    """The words above the lowest, and the lowest as a header's word; the letter that tells twins apart is no word."""
    group, _, own = label.rpartition("/")
    return group, word(own)
