"""专家安排表, internal: each expert's sittings with room, panel and role."""

from __future__ import annotations

from exports.content import RoundContent, Seat, SittingRow
from exports.out.book import Book, half_day

HEAD = ("序号", "编号", "专家", "工作单位", "职称", "角色", "专家组", "时间", "答辩室", "人数")
WIDTHS = (6, 9, 10, 30, 14, 7, 9, 20, 16, 7)


def fill(book: Book, content: RoundContent) -> None:
    """Write a row for each expert's sitting, by expert and time."""
    sheet = book.sheet("专家安排", "专家安排表（内部使用）", WIDTHS, landscape=True)
    book.row(sheet, 2, HEAD, "head")
    at, starts = 3, []
    for number, (seat, held) in enumerate(by_expert(content), 1):
        starts.append(at)
        for s, role in held:
            place = [s.panel, half_day(s.start), s.room, len(s.people)]
            book.row(sheet, at, [number, seat.code, seat.name, seat.employer, seat.title, role, *place])
            at += 1
    book.table(sheet, 2, at - 1, len(HEAD))
    book.pages(sheet, at - 1, starts)


def by_expert(content: RoundContent) -> list[tuple[Seat, list[tuple[SittingRow, str]]]]:
    """Each called expert with the sittings in time, and the role in each."""
    held: dict[str, list[tuple[SittingRow, str]]] = {seat.code: [] for seat in content.seats}
    for s in sorted(content.sittings, key=lambda s: s.start):
        for seat in s.seats:
            held[seat.code].append((s, "组长" if seat.chair else "成员"))
    return [(seat, held[seat.code]) for seat in content.seats]
