"""成绩册, for the committee: each direction by rank, the intermediate level, statistics, settings used, marks."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import Person, RoundContent
from exports.errors import ExportError
from exports.out.book import Book, ref
from exports.out.correction import Correction
from exports.out.marks import Marks, by_panel, rounded
from exports.out.ranking import Ranking
from exports.out.statistics import Statistics
from exports.out.summary import corrected, note
from exports.said import say

HEAD = ("名次", "编号", "姓名", "工作单位", "专家组", "结果", "评分表", "答辩成绩", "k", "修正后")
WIDTHS = (6, 9, 10, 30, 8, 9, 8, 10, 8, 9)
PAPERS, TOGETHER, NOTE = ("材料评审", 9), ("总分", 9), ("备注", 22)
"""Further columns and their widths: the first two only where the round has them."""
SCORE = 7
"""The column of the score."""


def fill(book: Book, content: RoundContent) -> None:
    """Write the book.

    Raises:
        ExportError: the results are not computed yet.
    """
    if not content.computed:
        raise ExportError(say("成绩还没有计算，不能出成绩册。请先在“成绩”页计算。"))
    panel = {p.code: name for name, (_seats, people) in by_panel(content).items() for p in people}
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in content.people:
        groups[person.direction].append(person)
    more = [*([PAPERS] if content.papers else []), *([TOGETHER] if content.papers and content.weights else []), NOTE]
    head, widths = [*HEAD, *(word for word, _ in more)], [*WIDTHS, *(width for _, width in more)]
    sheets = {
        direction: book.sheet(direction, f"答辩成绩册　{direction}", widths, landscape=True) for direction in groups
    }
    ordered = {direction: sorted(people, key=_order(content)) for direction, people in groups.items()}
    _review_only(book, content)
    statistics = Statistics(book, content) if groups else None
    _settings(book, content)
    _corrected(book, content)
    cells = {
        column: {p.code: ref(sheets[d], 3 + n, column) for d, people in ordered.items() for n, p in enumerate(people)}
        for column in (SCORE, SCORE + 2)
    }
    marks = Marks(book, content)
    correction = Correction(book, content, cells[SCORE])
    ranking = Ranking(book, content, marks, cells[SCORE + 2])
    for direction, people in ordered.items():
        sheet = sheets[direction]
        book.row(sheet, 2, head, "head")
        for at, person in enumerate(people, 3):
            _row(book, sheet, at, person, panel.get(person.code, ""), (marks, correction, ranking))
        _signed(book, sheet, 3 + len(people))
        book.pages(sheet, 4 + len(people), range(3, max(4, 1 + len(people))))
        book.table(sheet, 2, 2 + len(people), len(head))
        book.protect(sheet)
        if statistics:
            statistics.direction(direction, sheet, people, panel)


def _order(content: RoundContent) -> Any:
    def key(person: Person) -> tuple[bool, int, str]:
        row = content.results.get(person.code)
        return (row is None or row.rank is None, row.rank or 0 if row else 0, person.code)

    return key


def _row(
    book: Book, sheet: Any, at: int, person: Person, panel: str, behind: tuple[Marks, Correction, Ranking]
) -> None:
    marks, correction, ranking = behind
    result = book.content.results.get(person.code)
    outcome = result.outcome if result else ""
    sheets = len(result.marks) if result and result.outcome == "已答辩" else None
    left = [None, person.code, person.name, person.employer, panel, outcome, sheets]
    papers = book.content.papers
    spare: list[object] = [papers.get(person.code), *([None] if book.content.weights else [])] if papers else []
    book.row(sheet, at, [*left, None, None, None, *spare, note(result, book.content)])
    if result is None or result.raw is None:
        return
    if papers and result.together is not None:
        _together(book, sheet, at, result.together)
    formula = marks.score(person.code, marks.totals(person.code))
    book.value(sheet, at, SCORE, formula, result.raw, "mark")
    corrected(book, sheet, at, SCORE, result, correction.k.get((person.direction, panel)))
    if rank := ranking.cells.get(person.code):
        book.value(sheet, at, 0, f"={rank}", result.rank or 0, "total")


def _together(book: Book, sheet: Any, at: int, stored: Decimal) -> None:
    """The papers' mark and the final score by the round's weights."""
    final, papers = (f"{xl_col_to_name(column)}{at + 1}" for column in (SCORE + 2, SCORE + 3))
    first, second = book.content.weights or (0, 100)
    formula = rounded(f"({papers}*{first}+{final}*{second})/100", book.content.decimals)
    book.value(sheet, at, SCORE + 4, f"={formula}", stored, "mark")


def _review_only(book: Book, content: RoundContent) -> None:
    """The intermediate level: no defence, so no score here."""
    if not content.review_only:
        return
    widths = (6, 10, 12, 34, 24, 20, 10)
    sheet = book.sheet("中级", "中级申报人（只评审材料，不参加答辩）", widths, landscape=True)
    book.row(sheet, 2, ("序号", "编号", "姓名", "工作单位", "专业方向", "申报职称", "材料评审"), "head")
    for number, p in enumerate(content.review_only, 1):
        left = [number, p.code, p.name, p.employer, p.direction, p.title]
        book.row(sheet, 2 + number, [*left, content.papers.get(p.code)])
    last = 4 + len(content.review_only)
    _signed(book, sheet, last - 1)
    book.pages(sheet, last, range(3, max(4, last - 3)))
    book.table(sheet, 2, last - 2, len(widths))
    book.protect(sheet)


def _signed(book: Book, sheet: Any, at: int) -> None:
    """Which record of acts the page rests on, and who signs it."""
    sheet.write_string(at, 0, f"审计链头 {book.content.short_head}", book.styles["note"])
    book.sign(sheet, at + 1, ["记分员", "核分人", "成绩管理员", "日期"])


def _corrected(book: Book, content: RoundContent) -> None:
    """What this computation changed of the released one it stands for."""
    found = content.corrected
    if found is None:
        return
    heading = f"更正：第 {content.computation} 次计算代替已公布的第 {found.number} 次"
    sheet = book.sheet("更正", heading, (10, 12, 34, 70), landscape=True)
    book.row(sheet, 2, ("编号", "姓名", "成绩的变化", "评分表的变化"), "head")
    at = 3
    for row in found.rows:
        hidden = [f"{len(row.sheets)} 份评分表有改动"] if row.sheets else []
        sheets = list(row.sheets) if content.detail != "none" else hidden
        book.row(sheet, at, (row.code, row.name, "\n".join(row.results), "\n".join(sheets)))
        at += 1
    for text in found.reasons if found.rows else ("每个人的成绩都一样。", *found.reasons):
        book.merge(sheet, at, 0, 3, text, "cell")
        at += 1
    _signed(book, sheet, at)
    book.protect(sheet)


def _settings(book: Book, content: RoundContent) -> None:
    """What the results were computed by."""
    sheet = book.sheet("设置", "计算成绩所用的设置", (24, 72))
    book.row(sheet, 2, ("项目", "值"), "head")
    rows = [*content.used, ("安排", content.version), ("导出时间", content.made_at), ("审计链头", content.audit_head)]
    for at, (label, value) in enumerate(rows, 3):
        book.row(sheet, at, (label, value))
    book.protect(sheet)
