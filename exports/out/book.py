"""One workbook in the office's style: title, thin lines, A4, repeated header, page numbers, text that stays text."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
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
    "mark": {"border": 1, "align": "center", "num_format": "0.00"},
    "total": {"border": 1, "align": "center", "num_format": "General"},
    "dropped": {"border": 1, "align": "center", "num_format": "General", "font_strikeout": True, "bg_color": "#DDDDDD"},
    "sign": {"font_size": 12},
}

ROW = 21
"""Height of a row in points: one line of text with air."""
NARROW = 20
"""Columns up to this width in characters hold codes, names, times: centred."""


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
        self.styles = {name: self.file.add_format(_BASE | own) for name, own in _STYLES.items()}
        self._names: set[str] = set()
        self._narrow: dict[str, list[bool]] = {}

    def sheet(
        self, name: str, heading: str, widths: Sequence[float], *, landscape: bool = False, head_rows: int = 3
    ) -> Any:
        """A sheet with its title in row 1 and where it comes from in row 2; rows to repeat on each page."""
        sheet = self.file.add_worksheet(self._free(name))
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_default_row(ROW)
        self._narrow[sheet.get_name()] = [width <= NARROW for width in widths]
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        if head_rows:
            sheet.repeat_rows(0, head_rows - 1)
            sheet.freeze_panes(head_rows, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        last = len(widths) - 1
        sheet.set_row(0, 30)
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

    def row(self, sheet: Any, at: int, values: Sequence[object], style: str = "cell") -> None:
        """One row: text stays text, numbers and decimals are numbers, ``None`` is an empty cell with its lines.

        In plain rows what stands in a narrow column is centred.
        """
        narrow = self._narrow[sheet.get_name()]
        for column, value in enumerate(values):
            look = self.styles["center" if style == "cell" and narrow[column] else style]
            if value is None or value == "":
                sheet.write_blank(at, column, None, look)
            elif isinstance(value, int | Decimal):
                sheet.write_number(at, column, float(value), look)
            else:
                sheet.write_string(at, column, str(value), look)

    def sign(self, sheet: Any, at: int, words: Sequence[str]) -> None:
        """A line of signatures."""
        sheet.set_row(at, 34)
        sheet.write_string(at, 0, "　　　　".join(f"{word}：____________" for word in words), self.styles["sign"])

    def finish(self) -> bytes:
        """The file's bytes."""
        if not self.file.worksheets():
            sheet = self.sheet("空", self.title, [50, 10])
            sheet.write_string(2, 0, "现在没有可以列出的内容。", self.styles["cell"])
        self.file.close()
        return self._out.getvalue()
