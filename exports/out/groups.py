"""分组名单, for the public: no experts, no ID numbers, no phones; names as the round shows them."""

from __future__ import annotations

from exports.content import Person, RoundContent, SittingRow
from exports.out.book import Book, half_day

HEAD = ("答辩小组", "专业方向", "序号", "编号", "姓名", "工作单位", "报到时间", "答辩时间", "答辩室")
HEAD_BY_LOT = ("答辩小组", "专业方向", "编号", "姓名", "工作单位", "报到时间", "答辩室")


def fill(book: Book, content: RoundContent) -> None:
    """Write the list; where lots are drawn at check-in it tells neither order nor time, and goes by the ids."""
    later = content.lots_at_check_in
    widths = [9, 24, 10, 10, 32, 21, 14] if later else [9, 24, 6, 10, 10, 32, 20, 20, 14]
    sheet = book.sheet("分组名单", "答辩分组名单", widths, landscape=True)
    book.row(sheet, 2, HEAD_BY_LOT if later else HEAD, "head")
    at = 3
    for s in content.sittings:
        people = sorted(s.people, key=lambda p: p.code) if later else s.people
        for number, person in enumerate(people, 1):
            book.row(sheet, at, _by_lot(s, person) if later else _in_order(s, number, person))
            at += 1


def _in_order(s: SittingRow, number: int, p: Person) -> list[object]:
    start = half_day(p.start) if p.start else ""
    return [s.panel, p.direction, number, p.code, p.public_name, p.employer, half_day(s.report), start, s.room]


def _by_lot(s: SittingRow, p: Person) -> list[object]:
    return [s.panel, p.direction, p.code, p.public_name, p.employer, half_day(s.report), s.room]
