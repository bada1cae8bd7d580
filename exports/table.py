"""The rows below a header: which are data, which are blank, notes, totals or a header again; and their cells."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Generic, TypeVar

from openpyxl.utils import get_column_letter

from exports.archive import MAX_COLUMNS
from exports.columns import COLUMNS, FREE, LONGEST
from exports.header import MUST, Header, header_at
from exports.reading import Problem, Reading, SheetFound, Skipped
from exports.said import say
from exports.sheet import Fault, Formula, Sheet
from exports.ticks import Marks
from exports.words import bare, plain

Row = TypeVar("Row")
_NOTE = re.compile(
    r"(合计|总计|小计|共计|注[:：]|备注[:：]|说明[:：]|填表|制表|审核|填报|(单位)?负责人|经办人|联系人|日期[:：]|第\d+页|共\d+[人名页]|\d+[.、．][^\d])"
)
_SUM = re.compile(r"(合计|总计|小计|共计)[:：]?(\d+[人名]?)?$")
_COUNT = re.compile(r"(合计|总计|小计|共计)?[:：]?\d+[人名]?")
_LABEL = re.compile(r":|[(\[](公章|盖章|签字|签章|签名)[)\]]")
_EXAMPLE = re.compile(r"(填写)?(示例|样例|范例|举例|例如|示范|例)[:：]?\d*")
"""What the first cell of a row says that shows how to fill in the others."""
MOST_SHOWN = 200
"""Characters of a value that a problem quotes."""
_LONG = 15
"""A cell of more characters, alone in its row and in its first column, is a note."""
_SHARED = {"unit", "insured_unit", "level", "direction", "county", "title", "role", "available", "waiting", "date"}


_DITTO = ("同上", "同前", "〃", "″", '"', "”")
BLANK, AGAIN, TOTAL, NUMBERS, TITLE, EXAMPLE = SKIPPED = (
    "空行",
    "又一个表头",
    "合计或注",
    "列号",
    "标题或注",
    "填写示例",
)
"""Why a row is no data."""
BESIDE = {"rooms": "sessions", "sessions": "rooms"}
"""Tables that may stand below each other in one sheet; the second's header ends the first."""


class Table(Generic[Row]):
    """One sheet with its header, adding problems and counts to a reading."""

    def __init__(
        self, sheet: Sheet, header: Header, kind: str, reading: Reading[Row], given: Mapping[str, str] | None = None
    ) -> None:
        self.sheet, self.header, self.kind, self.reading, self.given = sheet, header, kind, reading, given or {}
        self.failed = False
        self.row = 0
        self.marks: Marks | None = None
        """What the ticks of the list mean, once they were looked at."""
        self._names = {k: {bare(w) for w in COLUMNS[k][MUST[k]]} for k in {kind, BESIDE.get(kind, kind)}}
        self._words = {key: {bare(word) for word in words} for key, words in COLUMNS[kind].items()}
        self.covered = {
            (row, column): (top, left)
            for top, left, bottom, right in sheet.merges
            if top > header.last and header.ticks
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        """Where ticks may stand over several rows or columns: place → the cell that says it."""
        self._merged = {
            (row, left): (top, left)
            for top, left, bottom, _ in sheet.merges
            if top > header.last
            for row in range(top + 1, bottom + 1)
        }

    def rows(self) -> Iterator[int]:
        """Yield the rows that hold data; the others are counted as skipped. Lists beside each other come in turn."""
        whole = self.header
        sides = (whole.columns, *whole.beside)
        for number, columns in enumerate(sides):
            end = min(sides[number + 1].values()) if number + 1 < len(sides) else MAX_COLUMNS + 1
            ticks = {at: half for at, half in whole.ticks.items() if min(columns.values(), default=1) <= at < end}
            self.header, self.marks = replace(whole, columns=columns, ticks=ticks), None
            yield from self._below()
        self.header = whole

    def _below(self) -> Iterator[int]:
        row, end = self.header.last, self.sheet.last_row
        while row < end:
            row = self.row = row + 1
            cells = self.sheet.rows.get(row, {})
            if self.kind in BESIDE and self._begins(cells, row, BESIDE[self.kind]):
                return
            if again := self._begins(cells, row, self.kind):
                self._skip(AGAIN, again.last - row + 1)
                row = again.last
                self._go_on(again)
            elif why := self._skipped(cells):
                self._skip(why)
            else:
                self.failed = False
                yield row

    def _begins(self, cells: Mapping[int, object], row: int, kind: str) -> Header | None:
        """The header that begins at this row: it says the word that names the rows."""
        names = self._names[kind]
        return header_at(self.sheet, row, kind) if any(bare(v) in names for v in cells.values()) else None

    def _go_on(self, again: Header) -> None:
        """Below a second header its columns count, where they are others."""
        same = [again.columns.get(key) == column for key, column in self.header.columns.items() if key in again.columns]
        if not all(same) and not self.header.beside:
            self.header, self.marks = again, None
            found = SheetFound(self.sheet.name, again.first, again.words, tuple(again.unused), self.kind)
            self.reading.sheets.append(found)

    def _skip(self, why: str, rows: int = 1) -> None:
        self.reading.skipped += rows
        text = "，".join(plain(value) for value in self.sheet.rows.get(self.row, {}).values())
        if why != BLANK or text:
            self.reading.skips.append(Skipped(self.sheet.name, self.row, why, text[:60]))

    def _skipped(self, cells: Mapping[int, object]) -> str:
        """Why the row is no data; empty where it is."""
        columns = self.header.columns
        filled = {key: cells[column] for key, column in columns.items() if bare(cells.get(column))}
        first = next((value for value in cells.values() if plain(value)), "")
        if not filled:
            return TITLE if first else BLANK
        again = sum(bare(value) in self._words[key] for key, value in filled.items())
        if again >= min(2, len(filled)) or any(
            self._repeats(row, filled) for row in (self.header.first, self.header.last)
        ):
            return AGAIN
        if self._noted(cells, len(filled), plain(first)):
            return TOTAL
        if _EXAMPLE.fullmatch(plain(first)):
            return EXAMPLE
        if self.row == self.header.last + 1 and _counted([plain(value) for value in cells.values()]):
            return NUMBERS
        if len(cells) > 1:
            return ""
        ((column, value),) = cells.items()
        alone = column <= min(columns.values())
        return TITLE if alone and (len(plain(value)) > _LONG or self._title(column)) else ""

    def _noted(self, cells: Mapping[int, object], filled: int, first: str) -> bool:
        """Whether the row is a total, a note or a line of signatures."""
        name = plain(cells.get(self.header.columns.get(MUST[self.kind], 0)))
        if _SUM.match(first) and (first == name or not name or _COUNT.fullmatch(name)):
            return True
        if not _NOTE.match(first):
            return False
        labels = sum(bool(_LABEL.search(plain(value))) for value in cells.values())
        return filled <= 2 or labels * 2 >= len(cells)

    def _title(self, column: int) -> bool:
        """Whether the one cell of the row stands over others: merged, or with nothing but its like before a header."""
        if any(m[0] == self.row and m[1] == column < m[3] for m in self.sheet.merges):
            return True
        below = self.row + 1
        while below <= self.sheet.last_row and len(self.sheet.rows.get(below, {})) < 2:
            below += 1
        return self._begins(self.sheet.rows.get(below, {}), below, self.kind) is not None

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
        if type(value) is str and value not in _DITTO:
            return value
        if isinstance(value, Formula):
            if key == "name":
                self.error(key, "formula-in-name", say("姓名是公式。"), say("请改成文字。"))
            elif value.cached is None:
                self.error(
                    key,
                    "formula-no-value",
                    say("公式没有保存的结果。"),
                    say("请改成文字，或用 Excel 打开后保存再导入。"),
                )
            value = value.cached
        if value in _DITTO and key in _SHARED:
            value = self._above(column)
            self.warn(
                key, "ditto", say("按上面一格读作“%(value)s”。", value=value), say("请核对；要避免这条提示，请写全。")
            )
        if isinstance(value, Fault):
            self.error(key, "cell-error", say("单元格里是错误值 %(value)s。", value=value), say("请改成正确的内容。"))
            return None
        return value

    def _above(self, column: int) -> object:
        """What the next cell above says that is neither empty nor 同上."""
        for row in range(self.row - 1, self.header.last, -1):
            value = self.sheet.rows.get(row, {}).get(column)
            if value is not None and value not in _DITTO:
                return value
        return None

    def text(self, key: str, line: str = "") -> str:
        """The text of a cell without control characters and spare spaces; ``line`` stands for a line break."""
        value = self.raw(key)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, dt.datetime):
            value = value.date() if value.time() == dt.time() else value
        text = _cleaned(str(value), line)
        most = LONGEST.get(key, 64)
        if len(text) > most and key not in FREE:
            self.error(
                key,
                "too-long",
                say("内容有 %(n)s 个字，最多 %(most)s 个。", n=len(text), most=most),
                say("请缩短后重新填写。"),
            )
        return text

    def needed(self, key: str, rule: str, label: str, line: str = "") -> str:
        """As text; an empty cell is an error unless one was found there already, or the whole column is missing."""
        text = self.text(key, line)
        if key not in self.header.columns:
            self.failed = True
        elif not text and not any(p.cell == self.cell(key) and p.level == "error" for p in self.reading.problems[-8:]):
            self.error(key, rule, say("%(label)s没有填写。", label=label), say("请填写%(label)s。", label=label))
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
        return self.cell_at(self.header.columns.get(key, 1))

    def cell_at(self, column: int) -> str:
        """The address of the row's cell in a column."""
        return f"{get_column_letter(column)}{self.row}"

    def _note(self, key: str, rule: str, level: str, message: str, hint: str) -> None:
        words = self.header.words.get(key, COLUMNS[self.kind][key][0])
        self.note_at(self.header.columns.get(key, 0), rule, level, message, hint, words)

    def note_at(self, column: int, rule: str, level: str, message: str, hint: str, words: str = "") -> None:
        """Note a problem at a column of the row, once: a cell may be looked at more than once."""
        value = self.sheet.cells.get((self.row, column), "")
        shown = value.text if isinstance(value, Formula) else str(value)
        cell = f"{get_column_letter(column or 1)}{self.row}"
        words = words or self.header.labels.get(column, "")
        problem = Problem(self.sheet.name, cell, words, shown[:MOST_SHOWN], rule, level, message, hint)
        if problem not in self.reading.problems[-8:]:
            self.reading.problems.append(problem)


def _counted(texts: list[str]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3."""
    numbers = [int(text) for text in texts if text.isdecimal()]
    return len(numbers) == len(texts) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@lru_cache(2**14)
def _cleaned(text: str, line: str) -> str:
    if not text.isprintable():
        text = re.sub(r"[\r\n]+", line, text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(text.split())
