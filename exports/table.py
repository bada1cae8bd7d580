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
from exports.aside import Aside, direction_and_level, level_of, name_and_unit
from exports.columns import COLUMNS, FREE, LONGEST
from exports.header import MUST, Header
from exports.joined import DATES, TIMES, times
from exports.locating import told
from exports.reading import Problem, Reading, SheetFound, Skipped, Understood
from exports.said import say
from exports.sheet import Fault, Formula, Sheet
from exports.skipping import AGAIN, BESIDE, BLANK, TITLE, Skipping
from exports.ticks import Marks
from exports.words import plain

Row = TypeVar("Row")
_TOTAL = r"(?:本页|本单位|本组|本表|全部|以上|累计|总)?(?:合计|总计|小计|共计|累计|人数)"
_OF = r"[人名页条位份项]"
MOST_SHOWN = 200
"""Characters of a value that a problem quotes."""
_SHARED = {"unit", "insured_unit", "level", "direction", "county", "title", "role", "available", "waiting", "date"}


_DITTO = ("同上", "同前", "〃", "″", '"', "”")


class Table(Generic[Row]):
    """One sheet with its header, adding problems and counts to a reading."""

    def __init__(
        self, sheet: Sheet, header: Header, kind: str, reading: Reading[Row], given: Mapping[str, str] | None = None
    ) -> None:
        self.sheet, self.header, self.kind, self.reading, self.given = sheet, header, kind, reading, given or {}
        self.failed = False
        self.row = 0
        self.skips = Skipping(sheet, kind)
        above = [str(value) for (row, _), value in sheet.cells.items() if row < header.first]
        self.aside = Aside.of(kind, self.given, header.columns, above)
        """What the office said stands elsewhere than in a column."""
        self.level = level_of((sheet.name, *above))
        """What name and title of the sheet say about everybody's level."""
        self.marks: Marks | None = None
        """What the ticks of the list mean, once they were looked at."""
        self.covered = {
            (row, column): (top, left)
            for top, left, bottom, right in sheet.merges
            if top > header.last and header.ticks
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        """Where ticks may stand over several rows or columns: place → the cell that says it."""
        self._elsewhere = {*self.aside.told, *self.aside.shared}
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
            if self.kind in BESIDE and self.skips.begins(row, BESIDE[self.kind]):
                return
            if again := self.skips.begins(row, self.kind):
                self._skip(AGAIN, again.last - row + 1)
                row = again.last
                self._go_on(again)
            elif why := self.skips.why(self.header, row, self.aside.titled):
                self._skip(why)
                if why == TITLE:
                    self._titled(cells)
            else:
                self.failed = False
                yield row

    def _titled(self, cells: Mapping[int, object]) -> None:
        """Take in what a title says about the people below, and say it back."""
        column, value = next(iter(cells.items()))
        if heard := self.aside.heard(str(value), self.reading.by_direction):
            key, meaning = heard
            text = f"{COLUMNS[self.kind][key][0]}：{meaning}"
            self.reading.understood.append(
                Understood(self.sheet.name, self.cell_at(column), "", str(value), text, "titles")
            )

    def _go_on(self, again: Header) -> None:
        """Below a second header its columns count, where they are others."""
        same = [again.columns.get(key) == column for key, column in self.header.columns.items() if key in again.columns]
        if not all(same) and not self.header.beside:
            self.header, self.marks = told(again, self.kind, self.given), None
            found = SheetFound(self.sheet.name, again.first, again.words, tuple(again.unused), self.kind)
            self.reading.sheets.append(found)

    def _skip(self, why: str, rows: int = 1) -> None:
        self.reading.skipped += rows
        text = "，".join(plain(value) for value in self.sheet.rows.get(self.row, {}).values())
        if why != BLANK or text:
            self.reading.skips.append(Skipped(self.sheet.name, self.row, why, text[:60]))

    def raw(self, key: str) -> object:
        """The value of a cell as it is; formulas give their cached value, or are a problem."""
        if key in self._elsewhere:
            return self._aside(key)
        column = self.header.columns.get(key)
        if column is None:
            return None
        if key in self.header.more:
            return self._joined(key)
        return self._at(key, column)

    def _joined(self, key: str) -> object:
        """What several columns say together: a name, a date, a list."""
        found = [plain(value) for c in self.header.more[key] if (value := self._at(key, c)) is not None]
        if key in TIMES:
            return times(*found) or None if found else None
        return {"name": "", **dict.fromkeys(DATES, "-")}.get(key, "、").join(found) or None

    def _aside(self, key: str) -> object:
        """What a title above the person says, or a part of the name's cell."""
        if key not in self.aside.shared:
            return self.aside.headings.get(key)
        if key in ("direction", "level"):
            return self._direction_or_level(key)
        value = self._at("name", self.header.columns.get("name", 0))
        if value is None:
            return None
        if both := name_and_unit(str(value)):
            if key == "name":
                text = f"{COLUMNS[self.kind]['name'][0]}：{both[0]}；{COLUMNS[self.kind]['unit'][0]}：{both[1]}"
                seen = Understood(self.sheet.name, self.cell("name"), both[0], str(value), text, "titles")
                self.reading.understood += [seen] if seen not in self.reading.understood[-1:] else []
            return both[key != "name"]
        hint = say("请写成“张三（单位全称）”。")
        self.error("name", "name-with-unit", say("没有分清哪一部分是姓名、哪一部分是单位。"), hint)
        return value if key == "name" else None

    def _direction_or_level(self, key: str) -> object:
        """A part of the cell that holds both; a cell without a level is a direction alone."""
        value = self._at("direction", self.header.columns.get("direction", 0))
        both = direction_and_level(str(value)) if value is not None else None
        return both[key == "level"] if both else value if key == "direction" else None

    def has(self, key: str) -> bool:
        """Whether the list says this, in a column or elsewhere."""
        return key in self.header.columns or key in self.aside.told

    def _at(self, key: str, column: int) -> object:
        """The value of one cell as ``raw`` gives it."""
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
        if not self.has(key):
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
        return self.cell_at(self._place(key) or 1)

    def _place(self, key: str) -> int:
        """The column a key is said in, or that names the rows where it is said elsewhere; 0 where it is nowhere."""
        return self.header.columns.get(MUST[self.kind] if key in self.aside.told else key, 0)

    def cell_at(self, column: int) -> str:
        """The address of the row's cell in a column."""
        return f"{get_column_letter(column)}{self.row}"

    def _note(self, key: str, rule: str, level: str, message: str, hint: str) -> None:
        words = self.header.words.get(key, COLUMNS[self.kind][key][0])
        self.note_at(self._place(key), rule, level, message, hint, words)

    def note_at(self, column: int, rule: str, level: str, message: str, hint: str, words: str = "") -> None:
        """Note a problem at a column of the row, once: a cell may be looked at more than once."""
        value = self.sheet.cells.get((self.row, column), "")
        shown = value.text if isinstance(value, Formula) else str(value)
        cell = f"{get_column_letter(column or 1)}{self.row}"
        words = words or self.header.labels.get(column, "")
        problem = Problem(self.sheet.name, cell, words, shown[:MOST_SHOWN], rule, level, message, hint)
        if problem not in self.reading.problems[-8:]:
            self.reading.problems.append(problem)


@lru_cache(2**14)
def _cleaned(text: str, line: str) -> str:
    if not text.isprintable():
        text = re.sub(r"[\r\n]+", line, text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(text.split())
