"""What the forms to be signed share: a page for each applicant with the head line, boxes to write in, signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exports.content import Person, RoundContent, SittingRow
from exports.out.book import Book, half_day

WIDTHS = (12, 32, 12, 32)
Body = Callable[[Book, Any, int, SittingRow, Person], int]
"""Writes the body of a page from a row on and returns the row after it."""


def per_applicant(book: Book, content: RoundContent, name: str, title: str, body: Body, signs: list[str]) -> None:
    """A sheet for each panel with a page for each applicant it hears, in time; what is locked are the words."""
    panels: dict[str, list[SittingRow]] = {}
    for sitting in content.sittings:
        panels.setdefault(sitting.panel, []).append(sitting)
    for panel, sittings in panels.items():
        pairs = [(s, p) for s in sittings for p in s.people]
        if not pairs or not content.shows(panel):
            continue
        sheet = book.sheet(f"{panel} {name}", title, WIDTHS, head_rows=0)
        top, starts = 0, []
        for sitting, person in pairs:
            starts.append(top)
            if top:
                book.merge(sheet, top, 0, 3, title, "title", book.paper(sheet).heights[0])
                book.origin(sheet, top + 1)
            after = body(book, sheet, _head(book, sheet, top + 2, sitting, person), sitting, person)
            book.sign(sheet, after, signs)
            top = after + 1
        sheet.set_h_pagebreaks(starts[1:])
        book.protect(sheet)


def _head(book: Book, sheet: Any, at: int, s: SittingRow, p: Person) -> int:
    """Who, where and when: three rows of words and values; returns the row after them."""
    time = s.start if book.content.lots_at_check_in or p.start is None else p.start
    rows = (
        ("申报人", f"{p.name}（{p.code}）", "工作单位", p.employer),
        ("专业方向", p.direction, "申报职称", p.title),
        ("专家组", s.panel, "时间地点", f"{half_day(time)}　{s.room}"),
    )
    for line, (word, value, other, second) in enumerate(rows, at):
        book.row(sheet, line, (word, value, other, second), height=28)
        for column, text in ((0, word), (2, other)):
            sheet.write_string(line, column, text, book.styles["head"])
    return at + len(rows)


def box(book: Book, sheet: Any, at: int, word: str, height: float, value: str = "") -> int:
    """A word on the left and a box to write in; returns the row after it."""
    book.merge(sheet, at, 0, 0, word, "head", height)
    book.merge(sheet, at, 1, 3, value, "box", height)
    return at + 1
