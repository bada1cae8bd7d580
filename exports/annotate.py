"""Give a roster back with a 问题 column."""

import io
from typing import Any

import openpyxl

from exports.errors import UnreadableFile
from exports.opening import MAX_COLUMNS, open_sheets
from exports.reading import Reading


def annotate(data: bytes, filename: str, reading: Reading[Any]) -> bytes:
    """Return the .xlsx with the problems of each row in a column 问题 right of its last one.

    Raises
    ------
    UnreadableFile
        where the file is no .xlsx, or its columns are used up.
    """
    open_sheets(data, filename)
    if not data.startswith(b"PK"):
        raise UnreadableFile(f"文件“{filename}”不是 .xlsx，请先另存为 .xlsx，再要回带问题的文件。")
    book = openpyxl.load_workbook(io.BytesIO(data))
    for found in reading.sheets:
        sheet = book[found.sheet]
        column = sheet.max_column + 1
        if column > MAX_COLUMNS:
            raise UnreadableFile(f"工作表“{found.sheet}”已有 100 列，没有地方写问题。")
        sheet.cell(found.header_row, column, "问题")
        for row, text in _by_row(reading, found.sheet).items():
            sheet.cell(row, column).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _by_row(reading: Reading[Any], sheet: str) -> dict[int, str]:
    texts: dict[int, str] = {}
    for problem in reading.problems:
        if problem.sheet == sheet:
            row = int("".join(c for c in problem.cell if c.isdigit()))
            texts[row] = texts.get(row, "") + f"{problem.cell}：{problem.message}{problem.hint}"
    return texts
