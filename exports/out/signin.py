"""签到表: one sheet a sitting, with cells to sign in."""

from __future__ import annotations

from exports.content import RoundContent
from exports.out.book import Book, half_day

SIGN = 26
"""Height of a row somebody signs in."""


def fill(book: Book, content: RoundContent) -> None:
    """Write one sheet for each sitting."""
    for s in content.sittings:
        name = f"{s.panel} {s.start:%m-%d} {s.label}"
        sheet = book.sheet(name, f"签到表　{s.panel}　{half_day(s.start)}　{s.room}", [6, 10, 12, 34, 12, 18])
        later = content.lots_at_check_in
        book.row(sheet, 2, ["序号", "编号", "姓名", "工作单位", "抽签序号" if later else "答辩时间", "签名"], "head")
        people = sorted(s.people, key=lambda p: p.code) if later else s.people
        at = 3
        for at, p in enumerate(people, 3):
            time = f"{p.start:%H:%M}" if p.start and not later else None
            book.row(sheet, at, [at - 2, p.code, p.name, p.employer, time, None], height=SIGN)
        at += 2
        book.row(sheet, at, ["序号", "角色", "专家", "工作单位", "到场时间", "签名"], "head")
        for number, seat in enumerate(s.seats, 1):
            at += 1
            role = "组长" if seat.chair else "成员"
            book.row(sheet, at, [number, role, seat.name, seat.employer, None, None], height=SIGN)
        book.sign(sheet, at + 2, ["签到台", "日期"])
        book.pages(sheet, at + 2, range(3, 4 + len(people)))
