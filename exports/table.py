"""The rows below a header: which are data, which are blank, notes, totals or a header again; and their cells."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from openpyxl.utils import get_column_letter

from exports.columns import COLUMNS, FREE, LONGEST
from exports.header import Header, bare, is_header, plain
from exports.reading import Problem, Reading
from exports.sheet import Fault, Formula, Sheet

Row = TypeVar("Row")
_NOTE = re.compile(r"(合计|总计|小计|共计|注[:：]|备注[:：]|说明[:：]|填表|制表|审核人|填报|单位负责人)")
_LONG = 15
"""A cell of more characters, alone in its row and in its first column, is a note."""
_SHARED = {"unit", "insured_unit", "level", "direction", "county", "title", "role", "available", "waiting", "date"}


BESIDE = {"rooms": "sessions", "sessions": "rooms"}
"""Tables that may stand below each other in one sheet; the second's header ends the first."""


class Table(Generic[Row]):
    """One sheet with its header, adding problems and counts to a reading."""

    def __init__(self, sheet: Sheet, header: Header, kind: str, reading: Reading[Row]) -> None:
        self.sheet, self.header, self.kind, self.reading = sheet, header, kind, reading
        self.failed = False
        self.row = 0
        self._rows = sheet.by_row()
        self._words = {key: {bare(word) for word in words} for key, words in COLUMNS[kind].items()}
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
        columns, cells = self.header.columns, self._rows.get(self.row, {})
        filled = {key: cells[column] for key, column in columns.items() if bare(cells.get(column))}
        first = next((value for value in cells.values() if plain(value)), "")
        if not filled:
            return True
        again = sum(bare(value) in self._words[key] for key, value in filled.items())
        if again >= min(2, len(filled)) or any(
            self._repeats(row, filled) for row in (self.header.first, self.header.last)
        ):
            return True
        if len(filled) <= 2 and _NOTE.match(plain(first)):
            return True
        (column, value), *others = cells.items()
        wide = any(m[0] == self.row and m[1] == column < m[3] for m in self.sheet.merges)
        return not others and column <= min(columns.values()) and (wide or len(plain(value)) > _LONG)

    def _repeats(self, row: int, filled: dict[str, object]) -> bool:
        cells, columns = self.sheet.cells, self.header.columns
        return all(bare(value) == bare(cells.get((row, columns[key]))) for key, value in filled.items())

    def raw(self, key: str) -> object:
        """The value of a cell as it is; formulas give their cached value, or are a problem."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        place = (self.row, column)
        value = self.sheet.cells.get(place)
        if value is None and key in _SHARED:
            value = self.sheet.cells.get(self._merged.get(place, place))
        if isinstance(value, Formula):
            if key == "name":
                self.error(key, "formula-in-name", "姓名是公式。", "请改成文字。")
            elif value.cached is None:
                self.error(key, "formula-no-value", "公式没有保存的结果。", "请改成文字，或用 Excel 打开后保存再导入。")
            value = value.cached
        if isinstance(value, Fault):
            self.error(key, "cell-error", f"单元格里是错误值 {value}。", "请改成正确的内容。")
            return None
        return value

    def text(self, key: str, line: str = "") -> str:
        """The text of a cell without control characters and spare spaces; ``line`` stands for a line break."""
        value = self.raw(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, dt.datetime):
            value = value.date() if value.time() == dt.time() else value
        text = _cleaned(str(value), line) if value is not None else ""
        most = LONGEST.get(key, 64)
        if len(text) > most and key not in FREE:
            self.error(key, "too-long", f"内容有 {len(text)} 个字，最多 {most} 个。", "请缩短后重新填写。")
        return text

    def needed(self, key: str, rule: str, label: str, line: str = "") -> str:
        """As text; an empty cell is an error unless one was found there already, or the whole column is missing."""
        text = self.text(key, line)
        if key not in self.header.columns:
            self.failed = True
        elif not text and not any(p.cell == self.cell(key) and p.level == "error" for p in self.reading.problems[-8:]):
            self.error(key, rule, f"{label}没有填写。", f"请填写{label}。")
        return text

    def error(self, key: str, rule: str, message: str, hint: str) -> None:
        """Note an error at a cell of the row."""
        self.failed = True
        self._note(key, rule, "error", message, hint)

    def warn(self, key: str, rule: str, message: str, hint: str) -> None:
        """Note a warning at a cell of the row."""
        self._note(key, rule, "warning", message, hint)

    def cell(self, key: str) -> str:
        """The address of a cell of the row: B7."""
        return f"{get_column_letter(self.header.columns.get(key, 1))}{self.row}"

    def _note(self, key: str, rule: str, level: str, message: str, hint: str) -> None:
        place = (self.row, self.header.columns.get(key, 0))
        value = self.sheet.cells.get(place, "")
        shown = value.text if isinstance(value, Formula) else str(value)
        cell = self.cell(key)
        words = self.header.words.get(key, COLUMNS[self.kind][key][0])
        problem = Problem(self.sheet.name, cell, words, shown, rule, level, message, hint)
        if problem not in self.reading.problems[-8:]:  # a cell may be looked at more than once
            self.reading.problems.append(problem)


@lru_cache(2**14)
def _cleaned(text: str, line: str) -> str:
    if not text.isprintable():
        text = re.sub(r"[\r\n]+", line, text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(text.split())
