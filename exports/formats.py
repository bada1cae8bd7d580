"""Read the values of a file by what it is, whatever its name says. Runs in the child process of exports.apart."""

import contextlib
import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import xlrd
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from exports.archive import MAX_COLUMNS, MAX_ROWS, Part, look_through
from exports.errors import UnreadableFile
from exports.said import say
from exports.sheet import Fault, Formula, to_json, to_line

MAX_TEXT = 32_767
"""Characters of a cell, as in Excel."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "gb18030"))
_DELIMITERS = (",", "\t", ";", "，", "|")
_OTHERS = {b"%PDF": "PDF 文件", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"Rar!": "压缩包", b"7z\xbc": "压缩包"}
"""How a file begins → what it is."""


def read(data: bytes, filename: str) -> bytes:
    """The sheets of an .xlsx, .xls (.et) or .csv (.txt) in their order, as ``packed`` in sheet.py takes them.

    Raises
    ------
    UnreadableFile
        with a sentence that says what the file is and what to do.
    """
    out = io.BytesIO()
    for sheet in _sheets(data, filename):
        out.write(to_line(sheet))
    if not out.tell():
        raise UnreadableFile(
            say("文件“%(name)s”里没有工作表，请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。", name=filename)
        )
    return out.getvalue()


def results(data: bytes, filename: str) -> bytes:
    """The same for a workbook that went out: the marks of ten thousand applicants take more memory than a roster."""
    return read(data, filename)


def _sheets(data: bytes, filename: str) -> Iterable[Any]:
    if data.startswith(b"PK"):
        return _from_xlsx(data, filename)
    if data.startswith(_OLE) or _BIFF.match(data):
        return _from_xls(data, filename)
    kind = next((kind for start, kind in _OTHERS.items() if data.startswith(start)), "")
    if kind:
        raise UnreadableFile(
            say(
                "文件“%(name)s”是%(kind)s，不是 Excel 工作簿。请选择 .xlsx、.xls 或 .csv 文件。",
                name=filename,
                kind=kind,
            )
        )
    return [_from_text(data, filename)]


def _from_xlsx(data: bytes, filename: str) -> Iterator[Any]:
    parts = look_through(data, filename)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.name in parts:
                yield _worksheet(book, meta, parts.pop(meta.name), filename)
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            say("文件“%(name)s”无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。", name=filename)
        ) from error


def _worksheet(book: CalamineWorkbook, meta: Any, part: Part, filename: str) -> Any:
    sheet = book.get_sheet_by_name(meta.name)
    rows: list[list[object]] = [[_plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), fault in part.faults.items():
        _put(rows, row, column, fault)
    for (row, column), formula in part.formulas.items():
        cached = _at(rows, row, column)
        _put(rows, row, column, Formula(formula.text, formula.cached if cached is None else cached))
    merges = [(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
    unseen = part.hidden_rows, part.hidden_columns
    return _document(meta.name, meta.visible != SheetVisibleEnum.Visible, rows, merges, filename, unseen)


def _plain(value: object) -> object:
    """Whole numbers as such; beyond 15 digits a number has lost some, and stays what it is."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return None if value == "" else value


def _at(rows: list[list[object]], row: int, column: int) -> object:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None


def _put(rows: list[list[object]], row: int, column: int, value: object) -> None:
    """Set a cell of a table that may be too short for it: an empty formula has no value, and so no place yet."""
    if row < 1 or column < 1:
        return
    rows += [[] for _ in range(row - len(rows))]
    rows[row - 1] += [None] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = value


def _from_xls(data: bytes, filename: str) -> list[Any]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile(say("文件“%(name)s”设有打开密码，请取消密码后再导入。", name=filename))
    if "WordDocument".encode("utf-16-le") in data:
        raise UnreadableFile(
            say("文件“%(name)s”是 Word 文档，不是 Excel 工作簿。请选择 .xlsx、.xls 或 .csv 文件。", name=filename)
        )
    try:
        with xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ignore_workbook_corruption=True
        ) as book:
            return [_old_sheet(book, sheet, filename) for sheet in book.sheets()]
    except UnreadableFile:
        raise
    except Exception as error:  # a broken one may raise anything
        if "encrypted" in str(error):
            raise UnreadableFile(say("文件“%(name)s”设有打开密码，请取消密码后再导入。", name=filename)) from error
        raise UnreadableFile(
            say("文件“%(name)s”无法读取，请用 Excel 或 WPS 另存为 .xlsx 后再导入。", name=filename)
        ) from error


def _old_sheet(book: Any, sheet: Any, filename: str) -> Any:
    rows = [[_old_value(book, cell) for cell in sheet.row(number)] for number in range(sheet.nrows)]
    merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    hidden = [[at + 1 for at, info in kept.items() if info.hidden] for kept in (sheet.rowinfo_map, sheet.colinfo_map)]
    return _document(sheet.name, sheet.visibility != 0, rows, merges, filename, (hidden[0], hidden[1]))


def _old_value(book: Any, cell: Any) -> object:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Fault(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment: dt.datetime = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (OverflowError, ValueError):
            return float(cell.value)
        return moment.time() if cell.value < 1 else moment
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else _plain(cell.value)


def _from_text(data: bytes, filename: str) -> Any:
    text = _decoded(data)
    start = (text or "").lstrip()[:200].lower()
    if text is None or "\0" in text:
        raise UnreadableFile(say("文件“%(name)s”不是 Excel 工作簿，请另存为 .xlsx 后再导入。", name=filename))
    if start.startswith("<") or "<html" in start:
        text = say(
            "文件“%(name)s”其实是网页或 XML 格式的表格，请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。", name=filename
        )
        raise UnreadableFile(text)
    head = "\n".join(text.splitlines()[:20])
    delimiter = max(_DELIMITERS, key=lambda mark: sum(mark in line for line in head.splitlines()))
    if delimiter not in head:
        raise UnreadableFile(
            say("文件“%(name)s”不是 Excel 工作簿，也不是用逗号分隔的 .csv。请另存为 .xlsx 后再导入。", name=filename)
        )
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [[_typed(cell) for cell in row] for row in lines]
    except csv.Error as error:
        text = say(
            "文件“%(name)s”到第 %(line)s 行读不下去，多半是引号没有成对。请用 Excel 打开核对，另存为 .xlsx 后再导入。",
            name=filename,
            line=lines.line_num,
        )
        raise UnreadableFile(text) from error
    return _document("CSV", False, rows, [], filename)


def _decoded(data: bytes) -> str | None:
    """The text by its mark; UTF-16 without one by where its zero bytes stand, else UTF-8 or GB18030."""
    zeros = [data[start:2000:2].count(0) for start in (0, 1)]
    if min(zeros) * 4 < max(zeros) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _typed(cell: str) -> object:
    """The text of a cell; ="0123" and a leading ' or tab keep Excel from making numbers of it."""
    match = re.fullmatch(r'\s*="([^"]*)"\s*', cell)
    text = match[1] if match else cell.strip("\t ").removeprefix("'")
    return text or None


def _document(
    name: str,
    hidden: bool,
    rows: list[list[object]],
    merges: Sequence[tuple[int, int, int, int]],
    filename: str,
    unseen: tuple[Iterable[int], Iterable[int]] = ((), ()),
) -> Any:
    """The sheet without what is empty at its ends; more than 20,000 rows or 100 columns are refused."""
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise UnreadableFile(say("文件“%(name)s”超过 20,000 行或 100 列，请删去无关的内容后再导入。", name=filename))
    if any(isinstance(value, str) and len(value) > MAX_TEXT for row in rows for value in row):
        raise UnreadableFile(say("文件“%(name)s”有单元格超过 32,767 个字，请改短后再导入。", name=filename))
    kept = [(top, left, min(bottom, len(rows)), right) for top, left, bottom, right in merges if top <= len(rows)]
    if sum(bottom - top + 1 for top, _, bottom, _ in kept) > MAX_ROWS * MAX_COLUMNS:
        raise UnreadableFile(
            say("文件“%(name)s”的合并单元格互相重叠，请用 Excel 或 WPS 打开后另存，再导入。", name=filename)
        )
    return to_json(name, hidden, rows, kept, unseen)
