"""联系表: phones for informing applicants and experts; internal."""

from __future__ import annotations

from exports.content import RoundContent
from exports.out.book import Book, half_day
from exports.out.experts import by_expert

PEOPLE = ("编号", "姓名", "工作单位", "联系电话", "报到时间", "专家组", "答辩室", "通知情况")
EXPERTS = ("编号", "专家", "工作单位", "联系电话", "专家组", "场次", "通知情况")


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet of applicants and one of experts, each with a column for how it went."""
    sheet = book.sheet("申报人", "申报人联系表（内部使用）", (10, 10, 32, 18, 20, 9, 16, 16), landscape=True)
    book.row(sheet, 2, PEOPLE, "head")
    placed = [(s, p) for s in content.sittings for p in s.people]
    rows = [(p.code, p.name, p.employer, p.phone, half_day(s.report), s.panel, s.room, None) for s, p in placed]
    rows += [(p.code, p.name, p.employer, p.phone, "未安排", "", "", None) for p in content.unscheduled]
    for at, row in enumerate(sorted(rows, key=lambda row: row[0]), 3):
        book.row(sheet, at, row)
    book.table(sheet, 2, 2 + len(rows), len(PEOPLE))
    sheet = book.sheet("专家", "专家联系表（内部使用）", (10, 10, 30, 18, 10, 36, 16), landscape=True)
    book.row(sheet, 2, EXPERTS, "head")
    at = 2
    for at, (seat, held) in enumerate(by_expert(content), 3):
        times = "\n".join(f"{half_day(s.start)} {s.room}" for s, _role in held)
        panels = "、".join(dict.fromkeys(s.panel for s, _role in held))
        book.row(sheet, at, (seat.code, seat.name, seat.employer, seat.phone, panels, times, None))
    book.table(sheet, 2, at, len(EXPERTS))
