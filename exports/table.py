"""The rows below a header: which are data, which are blank, notes, totals or a header again; and their cells."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Generic, TypeVar

from openpyxl.utils import get_column_letter

from exports.columns import COLUMNS, NEEDED
from exports.header import Header, bare, find_header, is_header, plain
from exports.opening import Formula, Sheet
from exports.reading import Problem, Question, Reading, SheetFound

Row = TypeVar("Row")
_NOTE = re.compile(r"(合计|总计|小计|共计|注[:：]|备注[:：]|说明[:：]|填表|制表|审核人|填报|单位负责人)")
_SHARED = {"unit", "insured_unit", "level", "direction", "county", "title", "role", "available", "waiting", "date"}


BESIDE = {"rooms": "sessions", "sessions": "rooms"}
"""Tables that may stand below each other in one sheet; the second's header ends the first."""


class Table(Generic[Row]):
    """One sheet with its header, adding problems and counts to a reading."""

    def __init__(self, sheet: Sheet, header: Header, kind: str, reading: Reading[Row]) -> None:
        self.sheet, self.header, self.kind, self.reading = sheet, header, kind, reading
        self.failed = False
        self.row = 0
        self._merged = {
            (row, left): (top, left)
            for top, left, bottom, _ in sheet.merges
            if top > header.last
            for row in range(top + 1, bottom + 1)
        }

    def rows(self) -> Iterator[int]:
        """Yield the rows that hold data; the others are counted as skipped."""
        for row in range(self.header.last + 1, self.sheet.last_row + 1):
            self.row = row
            if self.kind in BESIDE and is_header(self.sheet, row, BESIDE[self.kind]):
                return
            if self._skipped():
                self.reading.skipped += 1
            else:
                self.failed = False
                yield row

    def _skipped(self) -> bool:
        columns = self.header.columns
        mine = {key: self.sheet.cells.get((self.row, column)) for key, column in columns.items()}
        filled = {key: value for key, value in mine.items() if bare(value)}
        first = next((v for (r, _), v in sorted_row(self.sheet, self.row) if plain(v)), "")
        if not filled:
            return True
        again = sum(bare(value) in {bare(w) for w in COLUMNS[self.kind][key]} for key, value in filled.items())
        if again >= min(2, len(filled)):
            return True
        return len(filled) <= 2 and bool(_NOTE.match(plain(first)))

    def raw(self, key: str) -> object:
        """The value of a cell as it is; formulas give their cached value, or are a problem."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        place = (self.row, column)
        value = self.sheet.cells.get(place)
        if value is None and key in _SHARED:
            value = self.sheet.cells.get(self._merged.get(place, place))
        if not isinstance(value, Formula):
            return value
        if key == "name":
            self.error(key, "formula-in-name", "姓名是公式。", "请改成文字。")
        elif value.cached is None:
            self.error(key, "formula-no-value", "公式没有保存的结果。", "请改成文字，或用 Excel 打开后保存再导入。")
        return value.cached

    def text(self, key: str) -> str:
        """The text of a cell without control characters and spare spaces."""
        value = self.raw(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        kept = (c for c in str(value if value is not None else "") if unicodedata.category(c) not in ("Cc", "Cf"))
        return re.sub(r"\s+", " ", "".join(kept)).strip()

    def needed(self, key: str, rule: str, label: str) -> str:
        """As text; an empty cell is an error unless one was found there already."""
        before = self.failed
        text = self.text(key)
        if not text and self.failed == before:
            self.error(key, rule, f"{label}没有填写。", f"请填写{label}。")
        return text

    def error(self, key: str, rule: str, message: str, hint: str) -> None:
        """Note an error at a cell of the row."""
        self.failed = True
        self._note(key, rule, "error", message, hint)

    def warn(self, key: str, rule: str, message: str, hint: str) -> None:
        """Note a warning at a cell of the row."""
        self._note(key, rule, "warning", message, hint)

    def _note(self, key: str, rule: str, level: str, message: str, hint: str) -> None:
        column = self.header.columns.get(key, 1)
        value = self.sheet.cells.get((self.row, column), "")
        shown = value.text if isinstance(value, Formula) else str(value)
        cell = f"{get_column_letter(column)}{self.row}"
        words = self.header.words.get(key, key)
        problem = Problem(self.sheet.name, cell, words, shown, rule, level, message, hint)
        if problem not in self.reading.problems[-8:]:  # a cell may be looked at more than once
            self.reading.problems.append(problem)


def sorted_row(sheet: Sheet, row: int) -> list[tuple[tuple[int, int], object]]:
    """The filled cells of a row from left to right."""
    return [((row, c), sheet.cells[row, c]) for c in range(1, 101) if (row, c) in sheet.cells]


def tables(sheets: list[Sheet], kind: str, reading: Reading[Row]) -> list[Table[Row]]:
    """Find the sheets with a header of this kind; a needed column that is missing is an error and a question."""
    found: list[Table[Row]] = []
    for sheet in sheets:
        header = None if sheet.hidden else find_header(sheet, kind)
        if header and "name" not in header.columns and kind in ("applicants", "experts"):
            header = header if len(sheets) == 1 else None
        if header:
            reading.sheets.append(SheetFound(sheet.name, header.first, dict(header.words)))
            found.append(Table(sheet, header, kind, reading))
            _missing(found[-1], kind)
    if not found:
        words = "、".join(COLUMNS[kind][key][0] for key in NEEDED[kind])
        reading.problems.append(
            Problem("", "", "", "", "header-missing", "error", "没有找到表头。", f"表头里要有：{words}。")
        )
    return found


def _missing(table: Table[Row], kind: str) -> None:
    headers = tuple(str(v) for _, v in sorted_row(table.sheet, table.header.first))
    table.row = table.header.first
    for key in NEEDED[kind]:
        if key in table.header.columns or (key == "level" and "title" in table.header.columns):
            continue
        label = COLUMNS[kind][key][0]
        table.error(key, "column-missing", f"没有找到“{label}”一列。", f"请把这一列的表头改成“{label}”。")
        table.reading.ask(Question(f"column:{key}", f"哪一列是“{label}”？", headers, ""))
