"""Which rows below a header are no data, and why: blank, a header again, totals, notes, titles."""

import re
from collections.abc import Mapping
from string import ascii_uppercase

from exports.columns import COLUMNS
from exports.header import MUST, Header
from exports.locating import header_at
from exports.sheet import Formula, Sheet
from exports.words import bare, plain

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
_TOTAL = r"(?:本页|本单位|本组|本表|全部|以上|累计|总)?(?:合计|总计|小计|共计|累计|人数)"
_OF = r"[人名页条位份项]"
_NOTE = re.compile(
    rf"({_TOTAL}|注:|备注:|说明:|填表|制表|审核|填报|(单位)?负责人|经办人|联系人|日期:|第\d+页|共\d+{_OF}|\d+[.、][^\d])"
)
_SUM = re.compile(rf"{_TOTAL}:?(\d+{_OF}?)?$")
_COUNT = re.compile(rf"(?:{_TOTAL})?:?\d+{_OF}?")
_LABEL = re.compile(r":|[(\[](公章|盖章|签字|签章|签名)[)\]]")
_EXAMPLE = re.compile(r"(填写)?(示例|样例|范例|举例|例如|示范|例):?\d*")
"""What the first cell of a row says that shows how to fill in the others."""
_ASIDE = re.compile(r".*[:。;]|\(.*\)")
"""A cell alone that is no person, however short: it ends as a sentence does, or stands in brackets."""
_ABOUT = re.compile(r"安排|时间|时段|日程|场地|场所|一览|名单|表$")
"""Words of the title of a second list: a room's name has none of them."""
_LONG = 15
"""A cell of more characters, alone in its row and in its first column, is a note."""
_FOOT = 2
"""Filled cells at most of a row below the last name that is a note: who sends the list, and when."""
Row = Mapping[int, object]


class Skipping:
    """The rows of one sheet that a list of this kind does not read."""

    def __init__(self, sheet: Sheet, kind: str) -> None:
        self.sheet, self.kind = sheet, kind
        self._names = {k: {bare(w) for w in COLUMNS[k][MUST[k]]} for k in {kind, BESIDE.get(kind, kind)}}
        self._ends = dict[int, int]()
        self._asked: tuple[int, Mapping[int, str]] = (0, {})
        self._words = {key: {bare(word) for word in words} for key, words in COLUMNS[kind].items()}

    def begins(self, row: int, kind: str) -> Header | None:
        """The header that begins at this row: it says the word that names the rows."""
        found = not self._names[kind].isdisjoint(self._said(row).values())
        return header_at(self.sheet, row, kind) if found else None

    def _said(self, row: int) -> Mapping[int, str]:
        """The words of a row by column; it is asked about more than once."""
        if row != self._asked[0]:
            self._asked = row, {column: bare(value) for column, value in self.sheet.rows.get(row, {}).items()}
        return self._asked[1]

    def why(self, header: Header, row: int, titled: bool) -> str:
        """Why the row is no data; empty where it is. Where people are ``titled``, a cell alone is a title."""
        cells = self.sheet.rows.get(row, {})
        said = self._said(row)
        filled = {key: said[column] for key, column in header.columns.items() if said.get(column)}
        first = next((plain(value) for value in cells.values() if plain(value)), "")
        if not filled:
            return TITLE if first else BLANK
        again = sum(text in self._words[key] for key, text in filled.items())
        if again >= min(2, len(filled)) or any(self._repeats(header, at, filled) for at in (header.first, header.last)):
            return AGAIN
        if self._noted(header, row, len(filled), first):
            return TOTAL
        if _EXAMPLE.fullmatch(first):
            return EXAMPLE
        if row == header.last + 1 and _counted([plain(value) for value in cells.values()]):
            return NUMBERS
        return TITLE if len(cells) == 1 and self._title(header, row, titled) else ""

    def _noted(self, header: Header, row: int, filled: int, first: str) -> bool:
        """Whether the row is a total, a note or a line of signatures."""
        cells = self.sheet.rows[row]
        named = cells.get(header.columns.get(MUST[self.kind], 0))
        name = plain(named.cached if isinstance(named, Formula) else named)
        if _SUM.search(first) and (first == name or not name or _COUNT.fullmatch(name)):
            return True
        if self.kind not in BESIDE and len(cells) <= _FOOT and self._at_the_foot(header, row):
            return True
        if not _NOTE.match(first):
            return False
        labels = sum(bool(_LABEL.search(plain(value))) for value in cells.values())
        return filled <= 2 or labels * 2 >= len(cells)

    def _at_the_foot(self, header: Header, row: int) -> bool:
        """Whether the row stands below the last name with a blank row between."""
        column = header.columns.get(MUST[self.kind], 0)
        if column not in self._ends:
            self._ends[column] = max((row for row, at in self.sheet.cells if at == column), default=0)
        last = self._ends[column]
        return bool(last) and last + 1 < row and last + 1 not in self.sheet.rows

    def _title(self, header: Header, row: int, titled: bool) -> bool:
        """Whether the one cell of the row stands over others: merged, or with nothing but its like before a header."""
        ((column, value),) = self.sheet.rows[row].items()
        if titled or _ASIDE.fullmatch(plain(value)):
            return True
        if column > min(header.columns.values()):
            return False
        if len(plain(value)) > _LONG or any(m[0] == row and m[1] == column < m[3] for m in self.sheet.merges):
            return True
        if self.kind in BESIDE and self.begins(row + 1, BESIDE[self.kind]):
            return row - 1 not in self.sheet.rows or _ABOUT.search(plain(value)) is not None
        below = row + 1
        while below <= self.sheet.last_row and len(self.sheet.rows.get(below, {})) < 2:
            below += 1
        return self.begins(below, self.kind) is not None

    def _repeats(self, header: Header, row: int, filled: Mapping[str, str]) -> bool:
        cells, columns = self.sheet.cells, header.columns
        return all(text == bare(cells.get((row, columns[key]))) for key, text in filled.items())


def _counted(texts: list[str]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3; 甲, 乙, 丙; A, B, C."""
    if len(texts) > 1 and all(len(text) == 1 for text in texts) and "".join(texts).startswith(("甲乙", "AB")):
        return "".join(texts) in ("甲乙丙丁戊己庚辛壬癸", ascii_uppercase)[texts[0] == "A"]
    numbers = [int(text) for text in texts if text.isdecimal()]
    return len(numbers) == len(texts) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
