"""Write the 问题 column into a workbook. Runs in the child process of exports.apart."""

import io
from copy import copy
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from exports.errors import UnreadableFile
from exports.formats import read
from exports.said import say
from exports.sheet import Fault, Formula, packed

_RED = "FF9D1C1C"
_WIDTH = 60


def annotated(data: bytes, filename: str, head: str, notes: list[tuple[str, int, int, dict[str, str]]]) -> bytes:
    """The workbook with ``notes``: sheet, header row, column, and the text of each row; other texts there go.

    Raises
    ------
    UnreadableFile
        where it cannot be opened or written.
    """
    try:
        book = _opened(data) or _copied(data, filename)
        for name, header_row, column, texts in notes:
            _write(book[name], head, header_row, column, texts)
        out = io.BytesIO()
        book.save(out)
    except Exception as error:  # whatever a strange workbook makes the library raise
        if isinstance(error, UnreadableFile | MemoryError):
            raise
        raise UnreadableFile(
            say(
                "文件“%(name)s”不能加上“%(head)s”列，请用 Excel 或 WPS 另存为 .xlsx 后再导入。",
                name=filename,
                head=head,
            )
        ) from error
    return out.getvalue()


def _opened(data: bytes) -> Any:
    """The workbook itself; None where it is no .xlsx, or one that only our reader understands."""
    try:
        return openpyxl.load_workbook(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception:
        return None


def _write(sheet: Any, head: str, header_row: int, column: int, texts: dict[str, str]) -> None:
    for (old,) in sheet.iter_rows(min_row=header_row + 1, min_col=column, max_col=column):
        if old.value is not None:
            old.value = None
    title = sheet.cell(header_row, column, head)
    if column > 1:
        title._style = copy(sheet.cell(header_row, column - 1)._style)
    for number, text in texts.items():
        if int(number) != header_row:
            cell = sheet.cell(int(number), column, text)
            cell.font, cell.alignment = Font(color=_RED), Alignment(wrap_text=True, vertical="top")
        else:
            title.value = f"{head}：{text}"
    sheet.column_dimensions[get_column_letter(column)].width = _WIDTH


def _copied(data: bytes, filename: str) -> Any:
    """A new workbook with the same cells; text stays text, so that nothing loses its zeros or becomes a formula."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in (one.unpacked() for one in packed(read(data, filename))):
        made = book.create_sheet(sheet.name)
        made.sheet_state = "hidden" if sheet.hidden else "visible"
        for (row, column), value in sheet.cells.items():
            cell = made.cell(row, column)
            cell.value = value.cached if isinstance(value, Formula) else value
            if isinstance(value, str):
                cell.data_type, cell.number_format = "e" if isinstance(value, Fault) else "s", "@"
        for top, left, bottom, right in sheet.merges:
            made.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    return book
