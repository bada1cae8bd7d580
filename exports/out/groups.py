"""分组名单, for the public: no experts, no ID numbers, no phones; names as the round shows them."""

from __future__ import annotations

from exports.content import RoundContent
from exports.out.book import Book, half_day


def fill(book: Book, content: RoundContent) -> None:
    """Write the list."""
    sheet = book.sheet("分组名单", "答辩分组名单", [9, 18, 7, 10, 10, 30, 20, 20, 14], landscape=True)
    book.row(
        sheet, 2, ["答辩小组", "专业方向", "序号", "编号", "姓名", "工作单位", "报到时间", "答辩时间", "答辩室"], "head"
    )
    at = 3
    for s in content.sittings:
        for number, p in enumerate(s.people, 1):
            times = [half_day(s.report), half_day(p.start) if p.start else ""]
            book.row(sheet, at, [s.panel, p.direction, number, p.code, p.public_name, p.employer, *times, s.room])
            at += 1
