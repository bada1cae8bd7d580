"""The sheet 统计 of the 成绩册: how many of each panel were heard, mean, spread, highest and lowest, live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from exports.content import Person, RoundContent
from exports.out.book import Book
from exports.out.marks import rounded
from scoring.marks import half_up

OUTCOMES = ("已答辩", "缺席", "放弃", "取消资格", "延期")
HEAD = ("专业方向", "专家组", "应答辩", *OUTCOMES, "平均分", "标准差", "最高", "最低")
PANEL, OUTCOME, SCORE = "E", "F", "H"
"""The columns of a direction's sheet that are counted."""


class Statistics:
    """The sheet; a direction's rows are written once its own sheet is known."""

    def __init__(self, book: Book, content: RoundContent) -> None:
        self.book, self.content, self.at = book, content, 3
        self.sheet = book.sheet("统计", "答辩成绩统计", (22, 9, 9, *[9] * 5, 10, 10, 9, 9), landscape=True)
        book.row(self.sheet, 2, HEAD, "head")
        book.protect(self.sheet)

    def direction(self, direction: str, sheet: Any, people: Sequence[Person], panel: Mapping[str, str]) -> None:
        """A row for each panel that hears the direction, and for who has none."""
        where = "'" + sheet.get_name().replace("'", "''") + "'!"
        cells = {c: f"{where}${c}$4:${c}${3 + len(people)}" for c in (PANEL, OUTCOME, SCORE)}
        for code in sorted({panel.get(p.code, "") for p in people}, key=lambda code: (not code, code)):
            own = [p for p in people if panel.get(p.code, "") == code]
            self._row(direction, code, own, cells)
            self.at += 1

    def _row(self, direction: str, panel: str, people: Sequence[Person], cells: Mapping[str, str]) -> None:
        book, sheet, at, content = self.book, self.sheet, self.at, self.content
        book.row(sheet, at, [direction, panel or "未安排", *[None] * (len(HEAD) - 2)])
        name = f'"{panel}"'
        results = [content.results[p.code] for p in people if p.code in content.results]
        counted = f"SUMPRODUCT(({cells[PANEL]}={name})*1)"
        book.value(sheet, at, 2, f"={counted}", len(people), "total")
        for column, outcome in enumerate(OUTCOMES, 3):
            formula = f'=SUMPRODUCT(({cells[PANEL]}={name})*({cells[OUTCOME]}="{outcome}"))'
            book.value(sheet, at, column, formula, sum(r.outcome == outcome for r in results), "total")
        scores = [r.raw for r in results if r.raw is not None]
        if scores:
            own = f"IF(({cells[PANEL]}={name})*ISNUMBER({cells[SCORE]}),{cells[SCORE]})"
            for column, (function, value) in enumerate(_figures(scores, content.decimals).items(), 3 + len(OUTCOMES)):
                formula = f"{{={rounded(f'{function}({own})', content.decimals)}}}"
                look = book.styles["mark"]
                sheet.write_array_formula(at, column, at, column, formula, look, float(value))


def _figures(scores: Sequence[Decimal], places: int) -> dict[str, Decimal]:
    """Excel's function → its value, rounded half up."""
    mean = Fraction(sum(scores, Decimal(0))) / len(scores)
    spread = sum(((Fraction(x) - mean) ** 2 for x in scores), Fraction(0)) / len(scores)
    root = (Decimal(spread.numerator) / Decimal(spread.denominator)).sqrt()
    figures: dict[str, Decimal | Fraction] = {"AVERAGE": mean, "STDEVP": root, "MAX": max(scores), "MIN": min(scores)}
    return {name: half_up(value, places) for name, value in figures.items()}
