"""One workbook in the office's style: title, thin lines, A4, repeated header, page numbers, text that stays text."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import xlsxwriter

from exports.content import RoundContent

_BASE: dict[str, Any] = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "宋体", "font_size": 18, "bold": True, "align": "center"},
    "note": {"font_size": 9},
    "head": {
        "font_name": "宋体",
        "bold": True,
        "border": 1,
        "align": "center",
        "text_wrap": True,
        "bg_color": "#EDEDED",
    },
    "cell": {"border": 1, "text_wrap": True},
    "center": {"border": 1, "align": "center", "text_wrap": True},
    "big": {"border": 1, "font_size": 14, "text_wrap": True},
    "mark": {"border": 1, "align": "center"},
    "large": {"border": 1, "font_size": 14, "align": "center"},
    "total": {"border": 1, "align": "center", "num_format": "General"},
    "dropped": {"border": 1, "align": "center", "num_format": "General", "font_strikeout": True, "bg_color": "#DDDDDD"},
    "sign": {"font_size": 12},
}

ROW = 21
"""Height of a row in points: one line of text with air."""
LINE = 15
"""Height of a further line in a row, at 11 points."""
NARROW = 20
"""Columns up to this width in characters hold codes, names, times: centred."""
A4 = (595, 842)
MARGIN = (36, 43)
"""Sides, top and bottom, in points."""
_SPARE = 0.95
"""Part of a page we fill: fonts differ from machine to machine."""


@dataclass
class _Paper:
    """A sheet as it will be printed: column widths in characters, the height of a page, of its rows, in points."""

    widths: Sequence[float]
    room: float
    head_rows: int
    heights: dict[int, float] = field(default_factory=dict)


@lru_cache(4096)
def lines(text: str, width: float, size: float = 11) -> int:
    """How many lines a text takes in a column of so many characters; a Chinese character takes two."""
    parts = text.split("\n")
    wide = [sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in part) * size / 10.5 for part in parts]
    return sum(max(1, math.ceil(units / max(1.0, width - 1))) for units in wide)


def _points(places: int) -> str:
    return "0." + "0" * places if places else "0"


def half_day(at: datetime) -> str:
    """7月15日 上午 08:30."""
    part = "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    return f"{at.month}月{at.day}日 {part} {at:%H:%M}"


class Book:
    """A workbook being written."""

    def __init__(self, title: str, content: RoundContent) -> None:
        self.title, self.content, self._out = title, content, io.BytesIO()
        self.file = xlsxwriter.Workbook(self._out, {"in_memory": True, "strings_to_formulas": False})
        self.file.set_properties(
            {"title": title, "subject": content.title, "comments": f"审计链头 {content.audit_head}"}
        )
        styles = _STYLES | {
            name: _STYLES["mark"] | {"num_format": _points(places)}
            for name, places in zip(
                ("mark", "mean", "k", "final"), (content.decimals, *content.correction_decimals), strict=True
            )
        }
        self.styles = {name: self.file.add_format(_BASE | own) for name, own in styles.items()}
        self._sizes = {name: own.get("font_size", _BASE["font_size"]) for name, own in styles.items()}
        self._names: set[str] = set()
        self._papers: dict[str, _Paper] = {}

    def sheet(
        self, name: str, heading: str, widths: Sequence[float], *, landscape: bool = False, head_rows: int = 3
    ) -> Any:
        """A sheet with its title in row 1 and where it comes from in row 2; rows to repeat on each page."""
        sheet = self.file.add_worksheet(self._free(name))
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        across, down = reversed(A4) if landscape else A4
        whole = sum(7 * width + 5 for width in widths) * 0.75
        room = (down - 2 * MARGIN[1]) / min(1.0, (across - 2 * MARGIN[0]) / whole) * _SPARE
        paper = self._papers[sheet.get_name()] = _Paper(widths, room, head_rows, {0: 30})
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_default_row(ROW)
        sheet.set_margins(*(MARGIN[0] / 72,) * 2, *(MARGIN[1] / 72,) * 2)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        if head_rows:
            sheet.repeat_rows(0, head_rows - 1)
            sheet.freeze_panes(head_rows, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        last = len(widths) - 1
        sheet.set_row(0, paper.heights[0])
        sheet.merge_range(0, 0, 0, last, "", self.styles["title"])
        sheet.write_string(0, 0, heading, self.styles["title"])
        sheet.write_string(
            1, 0, f"{self.content.title}　{self.content.version}　{self.content.made_at}", self.styles["note"]
        )
        return sheet

    def _free(self, name: str) -> str:
        short = re.sub(r"[\[\]:*?/\\]", " ", name)[:28].strip("'") or "表"
        number, found = 1, short
        while found.lower() in self._names:
            number += 1
            found = f"{short} {number}"
        self._names.add(found.lower())
        return found

    def row(self, sheet: Any, at: int, values: Sequence[object], style: str = "cell", height: float = ROW) -> None:
        """One row: text stays text, numbers and decimals are numbers, ``None`` is an empty cell with its lines.

        In plain rows what stands in a narrow column is centred. A row grows with its longest text: nothing is cut off.
        """
        widths, size = self._papers[sheet.get_name()].widths, self._sizes[style]
        texts = [lines(value, widths[n], size) for n, value in enumerate(values) if isinstance(value, str)]
        self.height(sheet, at, max(height, ROW + (max(texts, default=1) - 1) * LINE * size / 11))
        for column, value in enumerate(values):
            look = self.styles["center" if style == "cell" and widths[column] <= NARROW else style]
            if value is None or value == "":
                sheet.write_blank(at, column, None, look)
            elif isinstance(value, int | Decimal):
                sheet.write_number(at, column, float(value), look)
            else:
                sheet.write_string(at, column, str(value), look)

    def height(self, sheet: Any, at: int, points: float) -> None:
        """Set the height of a row."""
        self._papers[sheet.get_name()].heights[at] = points
        if points != ROW:
            sheet.set_row(at, points)

    def pages(self, sheet: Any, last: int, starts: Sequence[int]) -> None:
        """Break the pages only where a block starts, up to row ``last``: no signature stands alone on a page."""
        paper = self._papers[sheet.get_name()]
        head, breaks, used = sum(paper.heights.get(at, ROW) for at in range(paper.head_rows)), [], 0.0
        for first, after in zip(starts, [*starts[1:], last + 1], strict=True):
            block = sum(paper.heights.get(at, ROW) for at in range(first, after))
            if used and head + used + block > paper.room:
                breaks.append(first)
                used = 0.0
            used += block
        if breaks:
            sheet.set_h_pagebreaks(breaks)

    def sign(self, sheet: Any, at: int, words: Sequence[str]) -> None:
        """A line of signatures."""
        self.height(sheet, at, 34)
        sheet.write_string(at, 0, "　　　　".join(f"{word}：____________" for word in words), self.styles["sign"])

    def finish(self) -> bytes:
        """The file's bytes."""
        if not self.file.worksheets():
            sheet = self.sheet("空", self.title, [50, 10])
            sheet.write_string(2, 0, "现在没有可以列出的内容。", self.styles["cell"])
        self.file.close()
        return self._out.getvalue()
