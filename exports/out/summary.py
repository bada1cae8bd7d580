"""成绩汇总表: a panel's totals, what was dropped, score, k, final, rank; every number a live formula on the marks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import Person, ResultRow, RoundContent, Seat
from exports.out.book import Book, ref
from exports.out.correction import Correction
from exports.out.marks import Marks, by_panel, of_totals, rounded, used_method
from exports.out.ranking import Ranking

WORDS = {"mean": "平均分", "trim_total": "去总分最高最低", "trim_item": "分项去最高最低", "median": "中位数"}


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet of results for each panel; once computed the marks, the correction and the ranks behind them."""
    panels = [
        _Panel(book, content, panel, seats, people) for panel, (seats, people) in by_panel(content).items() if seats
    ]
    marks = Marks(book, content, totals=False) if content.computed and panels else None
    if marks is not None:
        correction = Correction(book, content, {code: cell for p in panels for code, cell in p.cells(0).items()})
        ranking = Ranking(book, content, marks, {code: cell for p in panels for code, cell in p.cells(2).items()})
        for panel in panels:
            panel.computed(marks, correction, ranking)
    for panel in panels:
        panel.write()


class _Panel:
    """One panel's sheet: everyone it hears down, its experts across, then score, k, final, rank and remark."""

    def __init__(
        self, book: Book, content: RoundContent, panel: str, seats: tuple[Seat, ...], people: list[Person]
    ) -> None:
        self.book, self.content, self.panel, self.seats, self.people = book, content, panel, seats, people
        directions = "、".join(dict.fromkeys(p.direction for p in people))
        widths = [5, 9, 9, 26, *[8] * len(seats), 10, 7, 9, 6, 20]
        heading = f"成绩汇总表　{panel}　{directions}"
        self.sheet = book.sheet(f"{panel} 汇总", heading, widths, landscape=True)
        self.score = 4 + len(seats)
        self._behind: tuple[Marks, Correction, Ranking] | None = None

    def cells(self, right: int) -> dict[str, str]:
        """Applicant → the cell so many columns right of the score."""
        return {p.code: ref(self.sheet, 3 + n, self.score + right) for n, p in enumerate(self.people)}

    def computed(self, marks: Marks, correction: Correction, ranking: Ranking) -> None:
        """From here on totals, k, final and rank refer to these sheets."""
        self._behind = marks, correction, ranking

    def write(self) -> None:
        """The sheet."""
        book, content, sheet = self.book, self.content, self.sheet
        names = [s.name for s in self.seats]
        heads = ["序号", "编号", "姓名", "工作单位", *names, "答辩成绩", "k", "修正后", "名次", "备注"]
        book.row(sheet, 2, heads, "head")
        for number, person in enumerate(self.people, 1):
            self._row(sheet, 2 + number, number, person)
        at = 4 + len(self.people)
        chain = f"合分办法：{WORDS[content.method]}；划线并加底色的为去掉的分数。审计链头 {content.short_head}"
        sheet.write_string(at, 0, chain, book.styles["note"])
        book.sign(sheet, at + 1, ["记分员", "核分人", "组长", "日期"])
        book.pages(sheet, at + 1, range(3, max(4, at - 3)))
        book.protect(sheet)

    def _row(self, sheet: Any, at: int, number: int, person: Person) -> None:
        book, result = self.book, self.content.results.get(person.code)
        left = [number, person.code, person.name, person.employer]
        book.row(sheet, at, [*left, *[None] * (len(self.seats) + 4), note(result, self.content)])
        if result is None or result.outcome != "已答辩":
            sheet.write_string(at, self.score, result.outcome if result else "", book.styles["center"])
            return
        for n, seat in enumerate(self.seats):
            if seat.code in result.marks:
                look = "dropped" if (seat.code,) in result.dropped else "total"
                total = sum(result.marks[seat.code].values(), Decimal(0))
                cell = self._behind[0].total(person.code, n) if self._behind else ""
                book.value(sheet, at, 4 + n, f"={cell}" if cell else "", total, look)
        if result.raw is not None:
            self._score(sheet, at, person, result, result.raw)

    def _score(self, sheet: Any, at: int, person: Person, result: ResultRow, raw: Decimal) -> None:
        """The score and, once computed, k, the final score and the rank."""
        book, content = self.book, self.content
        totals = f"{xl_col_to_name(4)}{at + 1}:{xl_col_to_name(self.score - 1)}{at + 1}"
        if self._behind is None:
            method = used_method(content, len(result.marks))
            if method == "trim_item":  # needs the single marks, which nobody may see yet
                sheet.write_number(at, self.score, float(raw), book.styles["mark"])
            else:
                book.value(sheet, at, self.score, of_totals(method, totals, content.decimals), raw, "mark")
            return
        marks, correction, ranking = self._behind
        book.value(sheet, at, self.score, marks.score(person.code, totals), raw, "mark")
        k = correction.k.get((person.direction, self.panel))
        corrected(book, sheet, at, self.score, result, k)
        if rank := ranking.cells.get(person.code):
            book.value(sheet, at, self.score + 3, f"={rank}", result.rank or 0, "total")


def corrected(book: Book, sheet: Any, at: int, score: int, result: ResultRow, k: str | None) -> None:
    """k and the corrected score right of the score; without a correction the score itself is final."""
    here = f"{xl_col_to_name(score)}{at + 1}"
    if k is not None and result.k is not None and result.final is not None:
        book.value(sheet, at, score + 1, f"={k}", result.k, "k")
        product = rounded(f"{here}*{xl_col_to_name(score + 1)}{at + 1}", book.content.correction_decimals[2])
        book.value(sheet, at, score + 2, f"={product}", result.final, "final")
    elif result.raw is not None:
        book.value(sheet, at, score + 2, f"={here}", result.raw, "mark")


def note(result: ResultRow | None, content: RoundContent) -> str:
    """The remark, and on which side of the round's reference line the score is; never more than that."""
    if result is None:
        return ""
    line, score = content.reference_line, result.final if content.line_meets == "final" else result.raw
    if line is None or score is None or not content.computed:
        return result.note
    return f"{result.note}{'达到' if score >= line else '未达到'}参考线 {line}。"
