"""评分表, the paper fallback: a page for each expert and applicant, with the tablet's sheet id as text and QR."""

from __future__ import annotations

import io

import segno

from exports.content import Person, RoundContent, Seat, SittingRow
from exports.out.book import Book

ROWS = 18
"""Rows of one page."""


def fill(book: Book, content: RoundContent) -> None:
    """Write one sheet for each panel's expert, a page an applicant."""
    seats = {(s.panel, seat.code): seat for s in content.sittings for seat in s.seats}
    for (panel, _code), seat in seats.items():
        sheet = book.sheet(f"{panel} {seat.code}", "答辩评分表", [34, 14, 16, 26], head_rows=0)
        pairs = [(s, p) for s in content.sittings if s.panel == panel for p in s.people]
        for number, (sitting, person) in enumerate(pairs):
            _page(book, sheet, content, number * ROWS, sitting, person, seat)
        sheet.set_h_pagebreaks([n * ROWS for n in range(1, len(pairs))])


def _page(
    book: Book, sheet: object, content: RoundContent, top: int, s: SittingRow, person: Person, seat: Seat
) -> None:
    write = sheet.write_string  # type: ignore[attr-defined]
    key = content.sheet_key.format(panel=s.panel, applicant=person.code, expert=seat.code)
    if top:
        sheet.merge_range(top, 0, top, 3, "", book.styles["title"])  # type: ignore[attr-defined]
        write(top, 0, "答辩评分表", book.styles["title"])
    write(top + 1, 0, f"{content.title}　{content.version}", book.styles["note"])
    for row in (top + 2, top + 3):
        sheet.set_row(row, 36)  # type: ignore[attr-defined]
    book.row(sheet, top + 2, ["申报人", person.code, person.name, person.employer])
    book.row(sheet, top + 3, ["专业方向", person.direction, "专家", f"{seat.name}（{seat.code}）"])
    book.row(sheet, top + 4, ["项目", "满分", "评分", "备注"], "head")
    at = top + 5
    for item in content.items:
        sheet.set_row(at, 46)  # type: ignore[attr-defined]
        prompts = f"\n（{'、'.join(item.prompts)}）" if item.prompts else ""
        book.row(sheet, at, [f"{item.name}{prompts}", item.full, None, None], "big")
        at += 1
    sheet.set_row(at, 40)  # type: ignore[attr-defined]
    book.row(sheet, at, ["合计", sum(item.full for item in content.items), None, None], "big")
    write(at + 1, 0, "每项都要打分，不能留空；涂改处请签名。", book.styles["note"])
    write(at + 2, 0, f"表号 {key}", book.styles["note"])
    book.sign(sheet, at + 4, ["专家签名", "日期"])
    image = io.BytesIO()
    segno.make(key, error="m").save(image, kind="png", scale=4, border=2)
    place = {"image_data": image, "x_offset": 90, "y_offset": 6}
    sheet.insert_image(at + 1, 3, f"{key}.png", place)  # type: ignore[attr-defined]
