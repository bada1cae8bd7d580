"""Read a filled-in 评分录入模板: one row a sheet, its id, its marks; every problem at its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.utils import get_column_letter

from exports.errors import UnreadableFile
from exports.opening import open_sheets
from exports.out.entry import FIXED, KEY, RUBRIC, TOTAL, VERSION
from exports.reading import Problem
from exports.said import say
from exports.sheet import Fault, Formula, Sheet
from exports.words import bare, plain
from scoring.errors import ScoringError
from scoring.rubric import Item, Rubric


@dataclass(frozen=True)
class EntryRow:
    """A sheet as typed: where it stands, its id, the versions it was made from, its marks by item."""

    sheet: str
    cell: str
    key: str
    base_version: int
    marks: Mapping[str, str | None]


@dataclass
class EntryReading:
    """A workbook as understood; ``empty`` counts the sheets nobody has marked."""

    rows: list[EntryRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty: int = 0


def read_entry(data: bytes, filename: str, rubric: Rubric) -> EntryReading:
    """Read every worksheet that has the template's header; nothing else in the file counts.

    Raises:
        UnreadableFile: no workbook, or none of its worksheets is of the template.
    """
    reading = EntryReading()
    found = [table for sheet in open_sheets(data, filename) if (table := _Table.of(sheet, rubric, reading))]
    if not found:
        raise UnreadableFile(
            say("文件“%(name)s”里没有“%(key)s”一列。请用导出的评分录入模板填写。", name=filename, key=KEY)
        )
    for table in found:
        table.read()
    return reading


class _Table:
    def __init__(self, sheet: Sheet, row: int, heads: dict[int, object], rubric: Rubric, reading: EntryReading) -> None:
        self.sheet, self.head, self.heads, self.rubric, self.reading = sheet, row, heads, rubric, reading
        self.seen: dict[str, str] = {}
        by_word = {bare(value): column for column, value in heads.items()}
        self.columns = {word: by_word[word] for word in FIXED if word in by_word}
        exact = {plain(value): column for column, value in heads.items()}
        for item in rubric.items:  # names that differ in their brackets only stand in the template with their full mark
            column = exact.get(plain(f"{item.name}（{item.full}）"), by_word.get(bare(item.name)))
            if column is not None:
                self.columns[item.name] = column

    @classmethod
    def of(cls, sheet: Sheet, rubric: Rubric, reading: EntryReading) -> _Table | None:
        """The table of a worksheet, found by the word of its id column; ``None`` where there is none."""
        for row in sorted({row for row, _ in sheet.cells if row <= 30}):
            heads = {column: value for (r, column), value in sheet.cells.items() if r == row}
            if KEY in map(bare, heads.values()):
                return cls(sheet, row, heads, rubric, reading)
        return None

    def read(self) -> None:
        missing = [i for i in self.rubric.items if i.name not in self.columns]
        for item in missing:
            self._say(
                self.head,
                KEY,
                "column-missing",
                say("没有“%(name)s”一列。", name=item.name),
                say("请用本批次导出的模板填写。"),
            )
        if missing or self._unknown():
            return
        for row in range(self.head + 1, self.sheet.last_row + 1):
            self._row(row)

    def _unknown(self) -> bool:
        """Whether something is written in a column that is no item: a mark there would count nowhere."""
        below = {column for (row, column), value in self.sheet.cells.items() if row > self.head and plain(value)}
        known = set(self.columns.values())
        found = [c for c, value in self.heads.items() if c in below - known and bare(value) not in ("", TOTAL)]
        for column in found:
            word = plain(self.heads[column])
            self.columns[word] = column
            self._say(
                self.head,
                word,
                "column-unknown",
                say("评分标准中没有项目“%(name)s”。", name=word),
                say("请删去这一列后重新读入。"),
            )
        return bool(found)

    def _row(self, row: int) -> None:
        key = plain(self._value(row, KEY))
        texts = {i.key: self._mark_text(row, i) for i in self.rubric.items}
        if all(text == "" for text in texts.values()):
            self.reading.empty += bool(key)
            return
        before = len(self.reading.problems)
        if not key:
            self._say(row, KEY, "sheet-missing", say("有分数，没有表号。"), say("请填写印在评分表上的表号。"))
        elif key in self.seen:
            self._say(
                row,
                KEY,
                "sheet-twice",
                say("这份评分表在 %(place)s 已有一行。", place=self.seen[key]),
                say("请只留一行。"),
            )
        elif (text := plain(self._value(row, RUBRIC)) or str(self.rubric.version)) != str(self.rubric.version):
            self._say(
                row,
                RUBRIC,
                "rubric-old",
                say("按第 %(said)s 版评分标准填写。", said=text),
                say("请重新导出模板后填写。"),
            )
        version = plain(self._value(row, VERSION)) or "0"
        if not re.fullmatch(r"\d{1,9}", version):
            self._say(row, VERSION, "version", say("版本不是整数。"), say("请不要改动这一列，或重新导出模板。"))
        marks = {i.key: self._mark(row, i, texts[i.key]) for i in self.rubric.items}
        if len(self.reading.problems) == before:
            self.seen[key] = self._cell(row, KEY)
            self.reading.rows.append(EntryRow(self.sheet.name, self.seen[key], key, int(version), marks))

    def _mark_text(self, row: int, item: Item) -> str | None:
        """A mark as typed; empty where none is, ``None`` where the cell has a value that cannot be used."""
        value = self._value(row, item.name)
        if isinstance(value, Formula):
            value = value.cached if value.cached is not None else Fault("公式")
        if isinstance(value, Fault | bool):
            return None
        if isinstance(value, int | float):
            return format(Decimal(f"{value:.15g}" if isinstance(value, float) else value), "f")  # what Excel keeps
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value if value is not None else "")))

    def _mark(self, row: int, item: Item, text: str | None) -> str | None:
        if text == "":
            self._say(
                row,
                item.name,
                "mark-missing",
                say("%(name)s没有评分。", name=item.name),
                say("每项都要打分；整份未评请把本行都留空。"),
            )
            return None
        try:
            parsed = item.parse("?" if text is None else text)
        except ScoringError as error:
            hint = say("请按评分表改正。")
            if isinstance(self._value(row, item.name), Formula) and text is None:
                formula = say("%(name)s是公式，没有算出的值。", name=item.name)
                self._say(row, item.name, "mark", formula, say("请在 Excel 中打开并保存后重新读入，或改成数字。"))
                return None
            self._say(row, item.name, "mark", error.said, hint)
            return None
        return None if parsed is None else format(parsed, "f")

    def _value(self, row: int, word: str) -> object:
        column = self.columns.get(word)
        return None if column is None else self.sheet.cells.get((row, column))

    def _cell(self, row: int, word: str) -> str:
        return f"{get_column_letter(self.columns.get(word, self.columns[KEY]))}{row}"

    def _say(self, row: int, word: str, rule: str, message: str, hint: str) -> None:
        value = self._value(row, word)
        shown = value.text if isinstance(value, Formula) else str(value if value is not None else "")
        self.reading.problems.append(
            Problem(self.sheet.name, self._cell(row, word), word, shown[:80], rule, "error", message, hint)
        )
