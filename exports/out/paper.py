"""How a sheet lies on A4: what a row's height has to be, and where a page ends."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

ROW = 21
"""Height of a row in points: one line of text with air."""
LINE = 15
"""Height of a further line in a row, at 11 points."""
NARROW = 20
"""Columns up to this width in characters hold codes, names, times: centred."""
A4 = (595, 842)
MARGIN = (36, 43)
"""Sides, top and bottom, in points."""
TITLE = 30
_WIDE = re.compile(r"[^\x00-\x7f]+")
_SPARE = 0.95
"""Part of a page we fill: fonts differ from machine to machine."""


def units(text: str) -> int:
    """The width of a text in characters; one beyond ASCII takes two, as a Chinese font draws it."""
    return len(text) + sum(map(len, _WIDE.findall(text)))


@lru_cache(16384)
def lines(text: str, width: float, size: float = 11) -> int:
    """How many lines a text takes in a column of so many characters."""
    return sum(max(1, math.ceil(units(part) * size / 10.5 / max(1.0, width - 1))) for part in text.split("\n"))


class Paper:
    """A sheet as it will be printed, one page wide: column widths in characters, heights in points of its rows."""

    def __init__(self, widths: Sequence[float], landscape: bool, head_rows: int) -> None:
        self.widths, self.head_rows = widths, head_rows
        across, down = reversed(A4) if landscape else A4
        whole = sum(7 * width + 5 for width in widths) * 0.75
        self.room = (down - 2 * MARGIN[1]) / min(1.0, (across - 2 * MARGIN[0]) / whole) * _SPARE
        """Height of a page in points of the sheet: a wide sheet is printed smaller and holds more rows."""
        self.heights: dict[int, float] = {0: TITLE}

    def high(self, first: int, after: int) -> float:
        """The height of the rows from ``first`` to before ``after``."""
        return sum(self.heights.get(at, ROW) for at in range(first, after))

    def breaks(self, last: int, starts: Sequence[int]) -> list[int]:
        """The rows new pages start with, where blocks start at ``starts`` and the last ends with row ``last``."""
        if not starts:
            return []
        head, found, used = self.high(0, self.head_rows), [], 0.0
        for first, after in zip(starts, [*starts[1:], last + 1], strict=True):
            block = self.high(first, after)
            if used and head + used + block > self.room:
                found.append(first)
                used = 0.0
            used += block
        return found
