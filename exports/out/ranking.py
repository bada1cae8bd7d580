"""The sheet 名次: who has a score, by direction, the items compared where scores are equal, the rank, live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import Person, RoundContent
from exports.out.book import Book, ref
from exports.out.marks import Marks

SAME = 8
"""Means of an item that agree to so many decimals are equal: what binary fractions add is behind them."""


class Ranking:
    """The sheet, and the cell of each applicant's rank."""

    def __init__(self, book: Book, content: RoundContent, marks: Marks, final: Mapping[str, str]) -> None:
        """``final``: applicant → the cell of the score that is ranked."""
        self.book, self.content, self.marks, self.final = book, content, marks, final
        self.cells: dict[str, str] = {}
        """Applicant → the cell of the rank."""
        groups: dict[str, list[Person]] = defaultdict(list)
        for person in content.people:
            if (row := content.results.get(person.code)) and row.final is not None and row.rank is not None:
                groups[person.direction].append(person)
        if groups:
            self._sheet(groups)

    def _sheet(self, groups: Mapping[str, list[Person]]) -> None:
        content = self.content
        breaks = [item.name for key in content.tie_break for item in content.items if item.key == key]
        sheet = self.book.sheet("名次", "名次（同一方向内，同分同名次）", [24, 10, 12, 12, *[14] * len(breaks), 10])
        self.book.row(sheet, 2, ["专业方向", "编号", "姓名", "成绩", *breaks, "名次"], "head")
        top = 3
        for people in groups.values():
            for line, person in enumerate(people):
                self._row(sheet, top + line, person, top, top + len(people))
            top += len(people)
        self.book.table(sheet, 2, top - 1, 5 + len(breaks))
        self.book.protect(sheet)

    def _row(self, sheet: Any, at: int, person: Person, first: int, after: int) -> None:
        book, content, result = self.book, self.content, self.content.results[person.code]
        keys, look = content.tie_break, "mark" if result.k is None else "final"
        book.row(sheet, at, [person.direction, person.code, person.name, *[None] * (len(keys) + 2)])
        book.value(sheet, at, 3, f"={self.final[person.code]}", result.final or Decimal(0), look)
        for column, key in enumerate(keys, 4):
            own = [marks[key] for marks in result.marks.values()]
            mean = round(sum(own, Decimal(0)) / len(own), SAME)
            cells = self.marks.item(person.code, key)
            formula = f"=ROUND(AVERAGE({cells}),{SAME})" if cells else ""
            book.value(sheet, at, column, formula, mean, "total")
        rank = 4 + len(keys)
        book.value(sheet, at, rank, _formula(at, first, after, len(keys)), result.rank or 0, "total")
        self.cells[person.code] = ref(sheet, at, rank)


def _formula(at: int, first: int, after: int, breaks: int) -> str:
    """1 and how many are better: by the score, then by each item in turn."""

    def better(column: int) -> str:
        letter = xl_col_to_name(column)
        cells, own = f"${letter}${first + 1}:${letter}${after}", f"{letter}{at + 1}"
        more = f"({cells}>{own})"
        return more if column == 3 + breaks else f"({more}+({cells}={own})*{better(column + 1)})"

    if not breaks:
        return f"=RANK(D{at + 1},$D${first + 1}:$D${after})"
    return f"=1+SUMPRODUCT({better(3)}*1)"
