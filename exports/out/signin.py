"""签到表: one sheet a sitting, with cells to sign in."""

from __future__ import annotations

from exports.content import RoundContent
from exports.out.book import Book, half_day


def fill(book: Book, content: RoundContent) -> None:
    """Write one sheet for each sitting."""
    for s in content.sittings:
        name = f"{s.panel} {s.start:%m-%d} {s.label}"
        sheet = book.sheet(name, f"签到表　{s.panel}　{half_day(s.start)}　{s.room}", [6, 10, 12, 34, 12, 18])
        book.row(sheet, 2, ["序号", "编号", "姓名", "工作单位", "答辩时间", "签名"], "head")
        at = 3
        for at, p in enumerate(s.people, 3):
            sheet.set_row(at, 26)
            book.row(sheet, at, [at - 2, p.code, p.name, p.employer, f"{p.start:%H:%M}" if p.start else "", None])
        at += 2
        book.row(sheet, at, ["", "角色", "专家", "", "到场时间", "签名"], "head")
        for seat in s.seats:
            at += 1
            sheet.set_row(at, 26)
            book.row(sheet, at, ["", "组长" if seat.chair else "成员", seat.name, "", "", None])
        book.sign(sheet, at + 2, ["签到台"])
