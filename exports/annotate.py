"""Give a roster back with a 问题 column."""

import io
from typing import Any

import openpyxl

from exports.errors import UnreadableFile
from exports.opening import MAX_COLUMNS, open_sheets
from exports.reading import Reading

_HEAD = "问题"


def annotate(data: bytes, filename: str, *readings: Reading[Any]) -> bytes:
    """Return the .xlsx with the problems of each row in a column 问题: right of the last one, or the one it has.

    Raises
    ------
    UnreadableFile
        where the file is no .xlsx, or its columns are used up.
    """
    open_sheets(data, filename)
    if not data.startswith(b"PK"):
        raise UnreadableFile(f"文件“{filename}”不是 .xlsx，请先另存为 .xlsx，再要回带问题的文件。")
    book = openpyxl.load_workbook(io.BytesIO(data))
    for found in (found for reading in readings for found in reading.sheets):
        sheet = book[found.sheet]
        column = _column(sheet, found.header_row)
        sheet.cell(found.header_row, column, _HEAD)
        for row, text in _by_row(readings, found.sheet).items():
            sheet.cell(row, column).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _column(sheet: Any, header_row: int) -> int:
    """The column of the problems, empty: a file that comes back corrected has one from the time before."""
    old = next((cell.column for cell in sheet[header_row] if cell.value == _HEAD), None)
    for row in range(header_row + 1, sheet.max_row + 1) if old else ():
        sheet.cell(row, old).value = None
    column: int = old or sheet.max_column + 1
    if column > MAX_COLUMNS:
        raise UnreadableFile(f"工作表“{sheet.title}”已有 100 列，没有地方写问题。")
    return column


def _by_row(readings: tuple[Reading[Any], ...], sheet: str) -> dict[int, str]:
    texts: dict[int, str] = {}
    for problem in (problem for reading in readings for problem in reading.problems):
        if problem.sheet == sheet and problem.cell:
            row = int("".join(c for c in problem.cell if c.isdigit()))
            texts[row] = texts.get(row, "") + f"{problem.cell}：{problem.message}{problem.hint}"
    return texts
