"""The sheet 修正: each direction's panels side by side, their means, grand mean and k, all live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import RoundContent
from exports.out.book import Book, ref
from exports.out.marks import by_panel, rounded
from scoring.correction import correct

WORDS = {"off": "不修正", "pooled": "修正系数", "second_mean": "二次平均", "trimmed": "去高低后修正"}
TRIM = 2
"""How many of the highest and lowest ``trimmed`` leaves out, as scoring/correction.py does."""


class Correction:
    """The sheet, where there is anything to correct, and the cell of each panel's k."""

    def __init__(self, book: Book, content: RoundContent, raw: Mapping[str, str]) -> None:
        """``raw``: applicant → the cell of the score before correction."""
        self.content, self.book = content, book
        self.k: dict[tuple[str, str], str] = {}
        """(direction, panel) → the cell of its k."""
        groups: dict[str, dict[str, list[tuple[str, Decimal]]]] = defaultdict(lambda: defaultdict(list))
        for panel, (_seats, people) in by_panel(content).items():
            for person in people:
                result = content.results.get(person.code)
                if result and result.k is not None and result.raw is not None:
                    groups[person.direction][panel].append((raw[person.code], result.raw))
        if groups:
            self._sheet(groups)

    def _sheet(self, groups: Mapping[str, Mapping[str, list[tuple[str, Decimal]]]]) -> None:
        most = max(len(panels) for panels in groups.values())
        heading = f"组间修正（{WORDS[self.content.correction]}）"
        sheet = self.book.sheet("修正", heading, [24, *[12] * max(most, 3)], head_rows=2, landscape=most > 6)
        top, tops = 2, []
        for direction, panels in groups.items():
            tops.append(top)
            top = self._block(sheet, top, direction, panels) + 2
        self.book.pages(sheet, top - 2, tops)
        self.book.protect(sheet)

    def _block(self, sheet: Any, top: int, direction: str, panels: Mapping[str, list[tuple[str, Decimal]]]) -> int:
        book, places, depth = self.book, self.content.correction_decimals, max(len(s) for s in panels.values())
        raw = {panel: [score for _, score in scores] for panel, scores in panels.items()}
        answer = correct(self.content.correction, raw, decimals=places)
        book.row(sheet, top, [direction, *panels], "head")
        for line in range(depth):
            book.row(sheet, top + 1 + line, ["答辩成绩", *[None] * len(panels)])
        mean, grand, k = (top + line for line in range(1 + depth, 4 + depth))
        for at, word in ((mean, "平均分"), (grand, "总平均分"), (k, "系数 k")):
            book.row(sheet, at, [word, *[None] * len(panels)])
        last = xl_col_to_name(len(panels))
        for column, (panel, scores) in enumerate(panels.items(), 1):
            letter = xl_col_to_name(column)
            for line, (cell, score) in enumerate(scores, 1):
                book.value(sheet, top + line, column, f"={cell}", score, "mark")
            own = f"{letter}{top + 2}:{letter}{mean}"
            book.value(sheet, mean, column, f"={rounded(self._mean(own), places[0])}", answer.means[panel], "mean")
            quotient = rounded(f"$B${grand + 1}/{letter}{mean + 1}", places[1])
            book.value(sheet, k, column, f"={quotient}", answer.k[panel], "k")
            self.k[direction, panel] = ref(sheet, k, column)
        pool = f"AVERAGE(B{mean + 1}:{last}{mean + 1})"
        whole = pool if self.content.correction == "second_mean" else self._mean(f"B{top + 2}:{last}{mean}")
        book.value(sheet, grand, 1, f"={rounded(whole, places[0])}", answer.grand, "mean")
        return k

    def _mean(self, cells: str) -> str:
        if self.content.correction != "trimmed":
            return f"AVERAGE({cells})"
        ends = "+".join(f"{name}({cells},{n})" for name in ("LARGE", "SMALL") for n in range(1, TRIM + 1))
        return f"(SUM({cells})-({ends}))/(COUNT({cells})-{2 * TRIM})"
