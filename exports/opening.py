"""Open a roster safely: sizes are checked before anything is unpacked, and no XML entity is ever expanded."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from exports.errors import UnreadableFile

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 100 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 100
_REF = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")
_DTD = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


@dataclass(frozen=True)
class Formula:
    """A formula cell: its text and the value stored beside it (None where there is none)."""

    text: str
    cached: object


class Fault(str):
    """An error value of Excel's, such as #N/A: it stands where a value should be."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: cells by (row, column), both from 1; merges as (first row, first column, last row, last column)."""

    name: str
    hidden: bool
    cells: dict[tuple[int, int], object]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def last_row(self) -> int:
        """The last row that is not empty; 0 for an empty sheet."""
        return max((row for row, _ in self.cells), default=0)


def open_sheets(data: bytes, filename: str) -> list[Sheet]:
    """Return the sheets of an .xlsx, .xls or .csv file in their order.

    Raises
    ------
    UnreadableFile
        with a sentence that says what is wrong and what to do.
    """
    if not data:
        raise UnreadableFile(f"文件“{filename}”是空的，请重新选择文件。")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"文件“{filename}”超过 10 MB，请删去图片和无关的表后再导入。")
    if data.startswith(b"PK"):
        _check_archive(data, filename)
        return _from_xlsx(data, filename)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _from_xls(data, filename)
    if filename.lower().endswith(".csv"):
        return [_from_csv(data, filename)]
    raise UnreadableFile(f"文件“{filename}”不是 Excel 工作簿，请另存为 .xlsx 后再导入。")


def _check_archive(data: bytes, filename: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, filename)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, NotImplementedError) as error:
        raise UnreadableFile(f"文件“{filename}”已损坏，请用 Excel 或 WPS 打开后另存，再导入。") from error


def _check_parts(archive: zipfile.ZipFile, filename: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 2000:
        raise UnreadableFile(f"文件“{filename}”解开后超过 100 MB，请删去无关的内容后再导入。")
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(f"文件“{filename}”不是 Excel 工作簿，请另存为 .xlsx 后再导入。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(f"文件“{filename}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_part(archive.read(part), part.filename, filename)


def _check_part(content: bytes, part: str, filename: str) -> None:
    if any(mark in content for mark in _DTD):
        raise UnreadableFile(f"文件“{filename}”含有不安全的实体定义，没有打开。请用 Excel 或 WPS 另存后再导入。")
    if not part.startswith("xl/worksheets/"):
        return
    for match in _REF.finditer(content):
        letters, row = coordinate_from_string(match[1].decode())
        if row > MAX_ROWS or len(letters) > 2 or (len(letters) == 2 and letters > "CV"):
            raise UnreadableFile(
                f"文件“{filename}”在 {letters}{row} 还有单元格，超过 20,000 行或 100 列，请删去后再导入。"
            )


def _from_xlsx(data: bytes, filename: str) -> list[Sheet]:
    try:
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data))
        return [_sheet(ws, values[ws.title]) for ws in formulas.worksheets]
    except Exception as error:
        raise UnreadableFile(f"文件“{filename}”无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。") from error


def _sheet(ws: Worksheet, cached: Worksheet) -> Sheet:
    cells: dict[tuple[int, int], object] = {}
    for row in ws.iter_rows(max_row=min(ws.max_row, MAX_ROWS), max_col=min(ws.max_column, MAX_COLUMNS)):
        for cell in row:
            if cell.value is None:
                continue
            value = _value(cell)
            if cell.data_type == "f":
                text = value.text if isinstance(value, ArrayFormula) else value
                value = Formula(str(text), _value(cached.cell(cell.row, cell.column)))
            cells[cell.row, cell.column] = value
    merges = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in ws.merged_cells.ranges]
    return Sheet(ws.title, ws.sheet_state != "visible", cells, merges)


def _value(cell: Any) -> object:
    return Fault(cell.value) if cell.data_type == "e" else cell.value


def _from_xls(data: bytes, filename: str) -> list[Sheet]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile(f"文件“{filename}”设有打开密码，请取消密码后再导入。")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(f"文件“{filename}”无法读取，请用 Excel 或 WPS 另存为 .xlsx 后再导入。") from error
    return [_table(name, rows, filename) for name, rows in tables]


def _from_csv(data: bytes, filename: str) -> Sheet:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return _table("CSV", list(csv.reader(io.StringIO(data.decode(encoding)))), filename)
        except (UnicodeDecodeError, csv.Error):
            continue
    raise UnreadableFile(f"文件“{filename}”的文字编码认不出，请另存为 .xlsx 后再导入。")


def _table(name: str, rows: Sequence[Sequence[object]], filename: str) -> Sheet:
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise UnreadableFile(f"文件“{filename}”超过 20,000 行或 100 列，请删去无关的内容后再导入。")
    cells = {(i, j): v for i, row in enumerate(rows, 1) for j, v in enumerate(row, 1) if v not in ("", None)}
    return Sheet(name, False, dict(cells))
