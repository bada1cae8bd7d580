"""The sheet 修正 of the 成绩汇总表: each direction's panels side by side, their means, grand mean and k, all live."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name

from exports.content import RoundContent
from exports.out.book import Book
from scoring.correction import correct

NAME = "修正"
WORDS = {"pooled": "修正系数", "second_mean": "二次平均", "trimmed": "去高低后修正"}
TRIM = 2
"""How many of the highest and lowest ``trimmed`` leaves out, as scoring/correction.py does."""


class Scores:
    """The scores to correct by direction and panel, with the cells they stand in."""

    def __init__(self, content: RoundContent) -> None:
        self.content = content
        self.groups: dict[str, dict[str, list[tuple[str, Decimal]]]] = defaultdict(lambda: defaultdict(list))
        place: dict[str, int] = defaultdict(int)
        for sitting in content.sittings:
            for person in sitting.people:
                place[sitting.panel] += 1
                result = content.results.get(person.code)
                if result and result.k is not None and result.raw is not None:
                    cell = f"'{sitting.panel} 汇总'!{xl_col_to_name(4 + len(sitting.seats))}{place[sitting.panel] + 3}"
                    self.groups[person.direction][sitting.panel].append((cell, result.raw))
        self.tops: dict[str, int] = {}
        self.k: dict[tuple[str, str], str] = {}
        """(direction, panel) → the cell of its k."""
        top = 2
        for direction, panels in self.groups.items():
            self.tops[direction] = top
            for column, panel in enumerate(panels, 1):
                self.k[direction, panel] = f"'{NAME}'!{xl_col_to_name(column)}{top + 4 + self._depth(direction)}"
            top += self._depth(direction) + 6

    def _depth(self, direction: str) -> int:
        return max(len(scores) for scores in self.groups[direction].values())

    def write(self, book: Book) -> None:
        """The sheet, where there is anything to correct."""
        if not self.groups:
            return
        most = max(len(panels) for panels in self.groups.values())
        heading = f"组间修正（{WORDS[self.content.correction]}）"
        sheet = book.sheet(NAME, heading, [24, *[12] * max(most, 3)], head_rows=2)
        for direction in self.groups:
            self._block(book, sheet, direction)
        book.pages(sheet, max(self.tops.values()) + 6, list(self.tops.values()))

    def _block(self, book: Book, sheet: object, direction: str) -> None:
        panels, top, depth = self.groups[direction], self.tops[direction], self._depth(direction)
        write = sheet.write_formula  # type: ignore[attr-defined]
        raw = {panel: [score for _, score in scores] for panel, scores in panels.items()}
        answer = correct(self.content.correction, raw, decimals=self.content.correction_decimals)
        book.row(sheet, top, [direction, *panels], "head")
        for line in range(depth):
            book.row(sheet, top + 1 + line, ["答辩成绩", *[None] * len(panels)])
        for line, word in enumerate(("平均分", "总平均分", "系数 k"), 1 + depth):
            book.row(sheet, top + line, [word, *[None] * len(panels)])
        first, last = xl_col_to_name(1), xl_col_to_name(len(panels))
        means = f"{first}{top + 2 + depth}:{last}{top + 2 + depth}"
        grand = f"${first}${top + 3 + depth}"
        pool = f"{first}{top + 2}:{last}{top + 1 + depth}"
        places = self.content.correction_decimals
        for column, (panel, scores) in enumerate(panels.items(), 1):
            letter = xl_col_to_name(column)
            for line, (cell, score) in enumerate(scores, 1):
                write(top + line, column, f"={cell}", book.styles["mark"], float(score))
            own = f"{letter}{top + 2}:{letter}{top + 1 + depth}"
            mean = f"=ROUND({self._mean(own)},{places[0]})"
            write(top + 1 + depth, column, mean, book.styles["mean"], float(answer.means[panel]))
            k = f"=ROUND({grand}/{letter}{top + 2 + depth},{places[1]})"
            write(top + 3 + depth, column, k, book.styles["k"], float(answer.k[panel]))
        whole = f"AVERAGE({means})" if self.content.correction == "second_mean" else self._mean(pool)
        write(top + 2 + depth, 1, f"=ROUND({whole},{places[0]})", book.styles["mean"], float(answer.grand))

    def _mean(self, cells: str) -> str:
        if self.content.correction != "trimmed":
            return f"AVERAGE({cells})"
        ends = "+".join(f"{name}({cells},{n})" for name in ("LARGE", "SMALL") for n in range(1, TRIM + 1))
        return f"(SUM({cells})-({ends}))/(COUNT({cells})-{2 * TRIM})"
