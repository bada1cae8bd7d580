"""One workbook in the office's style: title, thin lines, A4, repeated header, page numbers, text that stays text."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from exports.content import RoundContent
from exports.out.paper import LINE, MARGIN, NARROW, ROW, Paper, lines
from exports.out.styles import BASE, STYLES, points

LIFTED = {"autofilter": True, "sort": True, "format_cells": True, "format_columns": True, "format_rows": True}
"""What stays possible on a protected sheet. There is no password: it guards against a slip, not against intent."""
COMPUTED = ("summary", "results", "origins")
"""Kinds that show what was computed."""
HIGHEST = 409
"""Points of a row in Excel at most."""


@lru_cache(4096)
def half_day(at: datetime) -> str:
    """7月15日 上午 08:30."""
    part = "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    return f"{at.month}月{at.day}日 {part} {at:%H:%M}"


def ref(sheet: Any, row: int, column: int) -> str:
    """The address of a cell for a formula on another sheet."""
    name = sheet.get_name().replace("'", "''")
    return f"'{name}'!{xl_rowcol_to_cell(row, column)}"


class Book:
    """A workbook being written."""

    workbook = xlsxwriter.Workbook

    def __init__(self, kind: str, title: str, content: RoundContent) -> None:
        self.kind, self.title, self.content, self._out = kind, title, content, io.BytesIO()
        self.file = self.workbook(self._out, {"strings_to_formulas": False})
        self.file.set_properties(
            {"title": title, "subject": content.title, "comments": f"审计链头 {content.audit_head}"}
        )
        for name, value in stamps(kind, content).items():
            self.file.set_custom_property(name, value, "text")
        places = zip(("mark", "mean", "k", "final"), (content.decimals, *content.correction_decimals), strict=True)
        styles = STYLES | {name: STYLES["mark"] | {"num_format": points(n)} for name, n in places}
        self.styles = {name: self.file.add_format(BASE | own) for name, own in styles.items()}
        self._sizes = {name: own.get("font_size", BASE["font_size"]) for name, own in styles.items()}
        self._names: set[str] = set()
        self._papers: dict[str, Paper] = {}
        self._known: dict[tuple[str, str], list[tuple[Any, float, float]]] = {}

    def sheet(
        self, name: str, heading: str, widths: Sequence[float], *, landscape: bool = False, head_rows: int = 3
    ) -> Any:
        """A sheet with its title in row 1 and where it comes from in row 2; rows to repeat on each page."""
        sheet = self.file.add_worksheet(self._free(name))
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        self._papers[sheet.get_name()] = paper = Paper(widths, landscape, head_rows)
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
        sheet.set_row(0, paper.heights[0])
        self.merge(sheet, 0, 0, len(widths) - 1, heading, "title")
        self.origin(sheet, 1)
        return sheet

    def origin(self, sheet: Any, at: int) -> None:
        """The line that says which round, version, computation and moment a page shows."""
        content = self.content
        computed = ""
        if self.kind in COMPUTED and content.computation:
            stands = "，尚未确认" if content.unconfirmed else ""
            instead = f"，更正第 {content.corrected.number} 次" if content.corrected else ""
            computed = f"第 {content.computation} 次计算{instead}{stands}"
        parts = [content.title, content.version, computed]
        sheet.write_string(at, 0, "　".join(part for part in (*parts, content.made_at) if part), self.styles["note"])

    def _free(self, name: str) -> str:
        short = re.sub(r"[\[\]:*?/\\]", " ", name)[:28].strip("'") or "表"
        number, found = 1, short
        while found.lower() in self._names:
            number += 1
            found = f"{short} {number}"
        self._names.add(found.lower())
        return found

    def paper(self, sheet: Any) -> Paper:
        """How a sheet will be printed."""
        return self._papers[sheet.get_name()]

    def row(self, sheet: Any, at: int, values: Sequence[object], style: str = "cell", height: float = ROW) -> None:
        """One row: text stays text, numbers and decimals are numbers, ``None`` is an empty cell with its lines.

        In plain rows what stands in a narrow column is centred. A row grows with its longest text: nothing is cut off.
        """
        columns, size, most = self._columns(sheet, style), self._sizes[style], 1
        for column, value in enumerate(values):
            form, width, room = columns[column]
            if value is None or value == "":
                sheet.write_blank(at, column, None, form)
            elif isinstance(value, str):
                sheet.write_string(at, column, value, form)
                if len(value) * (2 - value.isascii()) > room or "\n" in value:
                    most = max(most, lines(value, width, size))
            else:
                sheet.write_number(at, column, float(value), form)  # type: ignore[arg-type]
        tall = max(height, ROW + (most - 1) * LINE * size / 11)
        if tall != ROW:
            self.height(sheet, at, tall)

    def _columns(self, sheet: Any, style: str) -> list[tuple[Any, float, float]]:
        """Each column's format, its width, and the units (see :func:`exports.out.paper.units`) of a line in it."""
        key = sheet.get_name(), style
        if key not in self._known:
            look, narrow = self.styles[style], self.styles["center" if style == "cell" else style]
            widths, size = self._papers[key[0]].widths, self._sizes[style]
            self._known[key] = [(narrow if w <= NARROW else look, w, (w - 1) * 10.5 / size) for w in widths]
        return self._known[key]

    def value(self, sheet: Any, at: int, column: int, formula: str, stored: Decimal | int | str, style: str) -> None:
        """A live formula with the value we stored beside it; the value alone where there is no formula."""
        shown = float(stored) if isinstance(stored, Decimal) else stored
        if not formula:
            sheet.write(at, column, shown, self.styles[style])
            return
        sheet.write_formula(at, column, formula, self.styles[style], shown)

    def merge(self, sheet: Any, at: int, first: int, last: int, text: str, style: str, height: float = ROW) -> None:
        """One text over several columns; the row grows with it."""
        if last > first:
            sheet.merge_range(at, first, at, last, "", self.styles[style])
        sheet.write_string(at, first, text, self.styles[style])
        size = self._sizes[style]
        paper = self._papers[sheet.get_name()]
        most = lines(text, sum(paper.widths[first : last + 1]), size)
        tall = max(height, paper.heights.get(at, ROW), ROW + (most - 1) * LINE * size / 11)
        if tall != ROW:
            self.height(sheet, at, tall)

    def height(self, sheet: Any, at: int, height: float) -> None:
        """Set the height of a row in points; Excel knows none above 409."""
        height = min(height, HIGHEST)
        self._papers[sheet.get_name()].heights[at] = height
        sheet.set_row(at, height)

    def pages(self, sheet: Any, last: int, starts: Sequence[int]) -> None:
        """Break the pages only where a block starts, up to row ``last``: no signature stands alone on a page."""
        if breaks := self._papers[sheet.get_name()].breaks(last, starts):
            sheet.set_h_pagebreaks(breaks)

    def table(self, sheet: Any, first: int, last: int, columns: int) -> None:
        """A filter over the header in row ``first``, where there is anything to filter."""
        if last > first:
            sheet.autofilter(first, 0, last, columns - 1)

    def protect(self, sheet: Any) -> None:
        """Only cells of the style ``input`` can be typed into."""
        sheet.protect("", LIFTED)

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


def stamps(kind: str, content: RoundContent) -> dict[str, str]:
    """What a workbook carries so that it can be checked against the data later (``rostrum verify``)."""
    return {
        "rostrum_kind": kind,
        "rostrum_round": content.title,
        "rostrum_version": content.version,
        "rostrum_computation": str(content.computation),
        "rostrum_made_at": content.made_at,
        "rostrum_audit_head": content.audit_head,
        "rostrum_reader": content.reader,
        "rostrum_part": content.part,
        "rostrum_unconfirmed": "1" if content.unconfirmed else "",
    }
