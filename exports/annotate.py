"""Give a roster back with a 问题 column."""

from typing import Any

from exports.apart import ANNOTATE, apart
from exports.archive import MAX_COLUMNS
from exports.errors import UnreadableFile
from exports.opening import open_sheets
from exports.reading import Reading
from exports.said import say
from exports.sheet import Sheet

HEAD = "问题"


def annotate(data: bytes, filename: str, *readings: Reading[Any]) -> bytes:
    """Return an .xlsx with the problems of each row in a column 问题: right of the last one, or the one it has.

    An .xlsx comes back as it was; an .xls or .csv as a new workbook with its cells, so that it can be corrected.

    Raises
    ------
    UnreadableFile
        where the file cannot be opened, or its columns are used up.
    """
    sheets = {sheet.name: sheet for sheet in open_sheets(data, filename)}
    headers = {found.sheet: found.header_row for reading in readings for found in reading.sheets}
    notes = [[name, row, _column(sheets[name], row), _by_row(readings, name)] for name, row in headers.items()]
    return apart(ANNOTATE, data, filename, head=HEAD, notes=notes)


def _column(sheet: Sheet, header_row: int) -> int:
    """The column of the problems: a file that comes back corrected has one from the time before."""
    titles = sheet.rows.get(header_row, {})
    old = next((column for column, value in titles.items() if str(value).partition("：")[0] == HEAD), None)
    column = old or max((column for _, column in sheet.cells), default=0) + 1
    if column > MAX_COLUMNS:
        raise UnreadableFile(say("工作表“%(name)s”已有 100 列，没有地方写问题。", name=sheet.name))
    return column


def _by_row(readings: tuple[Reading[Any], ...], sheet: str) -> dict[int, str]:
    texts: dict[int, str] = {}
    for problem in (problem for reading in readings for problem in reading.problems):
        if problem.sheet == sheet and problem.cell:
            row = int("".join(c for c in problem.cell if c.isdigit()))
            texts[row] = texts.get(row, "") + f"{problem.cell}：{problem.message}{problem.hint}"
    return texts
