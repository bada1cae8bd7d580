"""成绩汇总表: a panel's totals, what was dropped, score, k, final, rank; every number a live formula on the marks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import Person, ResultRow, RoundContent, Seat, SittingRow
from exports.out import correction
from exports.out.book import Book

WORDS = {"mean": "平均分", "trim_total": "去总分最高最低", "trim_item": "分项去最高最低", "median": "中位数"}


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet of results for each panel, once computed one of marks too, and one of the correction."""
    panels: dict[str, list[SittingRow]] = defaultdict(list)
    for sitting in content.sittings:
        panels[sitting.panel].append(sitting)
    scores = correction.Scores(content)
    for panel, sittings in panels.items():
        people = [p for s in sittings for p in s.people]
        _Panel(book, content, panel, sittings[0].seats, people, scores).write()
    scores.write(book)


class _Panel:
    """One panel: the marks in 分项, the totals and results in front of them."""

    def __init__(
        self,
        book: Book,
        content: RoundContent,
        panel: str,
        seats: tuple[Seat, ...],
        people: list[Person],
        scores: correction.Scores,
    ) -> None:
        self.book, self.content, self.panel, self.seats, self.people = book, content, panel, seats, people
        self.marks_name, self.scores = f"{panel} 分项", scores

    def write(self) -> None:
        """Both sheets."""
        book, content, seats = self.book, self.content, self.seats
        widths = [5, 9, 9, 26, *[8] * len(seats), 10, 7, 9, 6, 20]
        directions = "、".join(dict.fromkeys(p.direction for p in self.people))
        sheet = book.sheet(f"{self.panel} 汇总", f"成绩汇总表　{self.panel}　{directions}", widths, landscape=True)
        names = [s.name for s in seats]
        heads = ["序号", "编号", "姓名", "工作单位", *names, "答辩成绩", "k", "修正后", "名次", "备注"]
        book.row(sheet, 2, heads, "head")
        for number, person in enumerate(self.people):
            self._row(sheet, 3 + number, number, person)
        at = 4 + len(self.people)
        chain = f"合分办法：{WORDS[content.method]}；划线并加底色的为去掉的分数。审计链头 {content.audit_head[:16]}"
        sheet.write_string(at, 0, chain, book.styles["note"])
        book.sign(sheet, at + 1, ["记分员", "核分人", "组长", "日期"])
        book.pages(sheet, at + 1, range(3, max(4, at - 3)))
        if content.computed:
            self._marks()

    def _row(self, sheet: Any, at: int, number: int, person: Person) -> None:
        book, seats = self.book, self.seats
        result = self.content.results.get(person.code)
        note = _note(result, self.content)
        left = [number + 1, person.code, person.name, person.employer]
        book.row(sheet, at, [*left, *[None] * (len(seats) + 4), note])
        if result is None or result.outcome != "已答辩":
            sheet.write_string(at, 4 + len(seats), result.outcome if result else "", book.styles["center"])
            return
        for n, seat in enumerate(seats):
            if seat.code in result.marks:
                look = book.styles["dropped" if (seat.code,) in result.dropped else "total"]
                total = float(sum(result.marks[seat.code].values()))
                if self.content.computed:
                    sheet.write_formula(at, 4 + n, f"=SUM({self._cells(number, n)})", look, total)
                else:
                    sheet.write_number(at, 4 + n, total, look)
        self._score(sheet, at, number, person, result)

    def _score(self, sheet: Any, at: int, number: int, person: Person, result: ResultRow) -> None:
        """The score and, once computed, k, the final score and the rank."""
        book, raw = self.book, result.raw
        score, k, final, rank = range(4 + len(self.seats), 8 + len(self.seats))
        if raw is None:
            return
        if formula := self._formula(result, number, at + 1):
            sheet.write_formula(at, score, formula, book.styles["mark"], float(raw))
        else:
            sheet.write_number(at, score, float(raw), book.styles["mark"])
        if not self.content.computed:
            return
        here = f"{xl_col_to_name(score)}{at + 1}"
        if result.k is not None and result.final is not None:
            cell = self.scores.k[person.direction, self.panel]
            sheet.write_formula(at, k, f"={cell}", book.styles["k"], float(result.k))
            product = f"=ROUND({here}*{xl_col_to_name(k)}{at + 1},{self.content.correction_decimals[2]})"
            sheet.write_formula(at, final, product, book.styles["final"], float(result.final))
        else:
            sheet.write_formula(at, final, f"={here}", book.styles["mark"], float(raw))
        if result.rank is not None:
            sheet.write_number(at, rank, result.rank, book.styles["total"])

    def _cells(self, number: int, expert: int) -> str:
        """The marks of one expert for one applicant, in the sheet of marks."""
        first = 4 + number * len(self.content.items)
        column = xl_col_to_name(3 + expert)
        return f"'{self.marks_name}'!{column}{first}:{column}{first + len(self.content.items) - 1}"

    def _formula(self, result: ResultRow, number: int, row: int) -> str:
        """The score of the totals or marks; empty where it needs marks that are not in the workbook."""
        content, count = self.content, len(result.marks)
        totals = f"{xl_col_to_name(4)}{row}:{xl_col_to_name(3 + len(self.seats))}{row}"
        method = content.method
        if method.startswith("trim") and count < content.min_sheets_to_trim:
            method = "mean"
        if method == "trim_item" and not content.computed:
            return ""
        if method == "trim_item":
            last = xl_col_to_name(2 + len(self.seats))
            first = 4 + number * len(content.items)
            rows = [f"'{self.marks_name}'!D{r}:{last}{r}" for r in range(first, first + len(content.items))]
            inner = "+".join(f"(SUM({r})-MAX({r})-MIN({r}))/(COUNT({r})-2)" for r in rows)
        elif method == "trim_total":
            inner = f"(SUM({totals})-MAX({totals})-MIN({totals}))/(COUNT({totals})-2)"
        else:
            inner = f"{'MEDIAN' if method == 'median' else 'AVERAGE'}({totals})"
        return f"=ROUND({inner},{content.decimals})"

    def _marks(self) -> None:
        book, content = self.book, self.content
        sheet = book.sheet(self.marks_name, f"评分明细　{self.panel}", [10, 12, 20, *[10] * len(self.seats)])
        book.row(sheet, 2, ["编号", "姓名", "项目", *[s.name for s in self.seats]], "head")
        at = 3
        starts = range(3, 3 + len(self.people) * len(content.items), max(1, len(content.items)))
        for person in self.people:
            result = content.results.get(person.code)
            for item in content.items:
                own = [result.marks.get(s.code, {}).get(item.key) if result else None for s in self.seats]
                book.row(sheet, at, [person.code, person.name, item.name, *own], "total")
                for n, seat in enumerate(self.seats):
                    if result and own[n] is not None and (seat.code, item.key) in result.dropped:
                        sheet.write_number(at, 3 + n, float(own[n] or 0), book.styles["dropped"])
                at += 1
        book.pages(sheet, at - 1, starts)


def _note(result: ResultRow | None, content: RoundContent) -> str:
    """The remark, and on which side of the round's reference line the score is; never more than that."""
    if result is None:
        return ""
    line = content.reference_line
    if line is None or result.raw is None or not content.computed:
        return result.note
    return f"{result.note}{'达到' if result.raw >= line else '未达到'}参考线 {line}。"
