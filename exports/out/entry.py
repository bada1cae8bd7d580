"""评分录入模板: a row for each sheet that is not handed in yet, to fill in without a network and read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import ItemRow, RoundContent, SittingRow
from exports.out.book import Book

KEY, VERSION, RUBRIC = "表号", "版本", "评分标准"
"""The columns by which a row finds its sheet; VERSION and RUBRIC are hidden."""
FIXED = (KEY, VERSION, RUBRIC, "时间", "编号", "姓名", "专家")
TOTAL = "合计"
WIDTHS = (30, 5, 5, 8, 10, 11, 20)
ROWS_OF_HEAD = 3


def fill(book: Book, content: RoundContent) -> None:
    """Write one worksheet for each panel; only the marks can be typed."""
    panels: dict[str, list[SittingRow]] = defaultdict(list)
    for sitting in content.sittings:
        panels[sitting.panel].append(sitting)
    for panel, sittings in panels.items():
        _panel(book, content, panel, sittings)


def _panel(book: Book, content: RoundContent, panel: str, sittings: list[SittingRow]) -> None:
    """The sheets of a panel that are not handed in yet; a panel without any needs no page."""
    first, last = len(FIXED), len(FIXED) + len(content.items)
    rows = [row for s in sittings for row in _rows(content, panel, s)]
    if not rows:
        return
    widths = [*WIDTHS, *[12] * len(content.items), 8]
    sheet = book.sheet(panel, f"评分录入　{panel}", widths, landscape=True)
    heads = [f"{item.name}\n（{item.full}）" for item in content.items]
    book.row(sheet, 2, [*FIXED, *heads, TOTAL], "head")
    left, right = xl_col_to_name(first), xl_col_to_name(last - 1)
    for at, row in enumerate(rows, ROWS_OF_HEAD):
        book.row(sheet, at, row)
        for column in range(first, last):
            sheet.write_blank(at, column, None, book.styles["input"])
        marks = f"{left}{at + 1}:{right}{at + 1}"
        total = f'=IF(COUNT({marks})={last - first},SUM({marks}),"")'
        sheet.write_formula(at, last, total, book.styles["total"], "")
    at = ROWS_OF_HEAD + len(rows)
    for column, item in enumerate(content.items, first):
        _bounds(sheet, column, at - 1, item)
    for column in (1, 2):
        sheet.set_column(column, column, None, None, {"hidden": True})
    sheet.freeze_panes(ROWS_OF_HEAD, first)
    book.table(sheet, 2, at - 1, last + 1)
    book.protect(sheet)


def _rows(content: RoundContent, panel: str, sitting: SittingRow) -> Iterator[list[object]]:
    """Id, versions and who scores whom, of each sheet that is not handed in."""
    for p in sitting.people:
        for seat in sitting.seats:
            key = content.sheet_key.format(panel=panel, applicant=p.code, expert=seat.code)
            if key in content.handed_in:
                continue
            time = f"{p.start:%H:%M}" if p.start and not content.lots_at_check_in else ""
            who = f"{seat.name}（{seat.code}）"
            yield [key, content.sheet_versions.get(key, 0), content.rubric, time, p.code, p.name, who]


def _bounds(sheet: Any, column: int, last: int, item: ItemRow) -> None:
    """Only marks from 0 to the full mark in whole steps can be typed."""
    cell = f"{xl_col_to_name(column)}{ROWS_OF_HEAD + 1}"
    steps = f"ABS({cell}/{item.step}-ROUND({cell}/{item.step},0))<0.000001"
    rule = f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}<={item.full},{steps})"
    words = f"{item.name}：0 到 {item.full}，每 {item.step} 分一档。"
    sheet.data_validation(
        ROWS_OF_HEAD,
        column,
        last,
        column,
        {
            "validate": "custom",
            "value": rule,
            "input_title": item.name[:32],
            "input_message": words[:255],
            "error_title": "分数不对",
            "error_message": words[:255],
        },
    )
