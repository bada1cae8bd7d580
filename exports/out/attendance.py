"""专家出席统计: half-days per expert, as scheduled and as seen at the desk or from the sheets handed in."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from exports.content import RoundContent
from exports.out.book import Book
from exports.out.experts import by_expert


def fill(book: Book, content: RoundContent) -> None:
    """Write a row for each called expert, a column for each half-day; the counts are live."""
    halves = sorted({(s.start, s.label) for s in content.sittings})
    heads = [f"{start.month}月{start.day}日\n{label}" for start, label in halves]
    widths = (6, 10, 10, 30, 9, *[9] * len(halves), 9, 9)
    sheet = book.sheet("出席统计", "专家出席统计", widths, landscape=True)
    book.row(sheet, 2, ("序号", "编号", "专家", "工作单位", "专家组", *heads, "应到半天", "实到半天"), "head")
    at = 2
    for at, (seat, held) in enumerate(by_expert(content), 3):
        panels = "、".join(dict.fromkeys(s.panel for s, _role in held))
        there = {(s.start, s.label): "到" if seat.code in s.present else "排" for s, _role in held}
        row = [at - 2, seat.code, seat.name, seat.employer, panels, *(there.get(half) for half in halves)]
        book.row(sheet, at, [*row, None, None])
        cells = f"{xl_col_to_name(5)}{at + 1}:{xl_col_to_name(4 + len(halves))}{at + 1}"
        came = sum(word == "到" for word in there.values())
        book.value(sheet, at, 5 + len(halves), f"=COUNTA({cells})", len(there), "total")
        book.value(sheet, at, 6 + len(halves), f'=COUNTIF({cells},"到")', came, "total")
    book.table(sheet, 2, at, len(widths))
    note = "“到”为签到台已签到或本场已提交评分表，“排”为已排而两样都还没有。"
    sheet.write_string(at + 2, 0, note, book.styles["note"])
    book.sign(sheet, at + 3, ["统计人", "核对人", "日期"])
    book.pages(sheet, at + 3, range(3, max(4, at - 1)))
