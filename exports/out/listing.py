"""A list as the page shows it, whole and filtered: for the office's own work in Excel; nothing reads it back."""

from __future__ import annotations

from collections.abc import Sequence

from exports.content import RoundContent
from exports.out.book import Book

WIDEST = 40.0


def listing(
    round_name: str, title: str, made_at: str, audit_head: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> bytes:
    """The workbook of a list; columns are as wide as their texts."""
    book = Book("listing", title, RoundContent(round_name, "", made_at, audit_head, (), ()))
    looked = [head, *rows[:500]]
    widths = [min(WIDEST, max(6.0, *(2.0 * len(row[at]) + 2 for row in looked))) for at in range(len(head))]
    sheet = book.sheet(title, f"{title}（内部使用）", widths, landscape=True)
    book.row(sheet, 2, head, "head")
    for at, row in enumerate(rows, 3):
        book.row(sheet, at, row)
    book.table(sheet, 2, 2 + len(rows), len(head))
    return book.finish()
