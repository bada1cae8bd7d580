"""评分表, the paper fallback: a page for each expert and applicant, with the tablet's sheet id as text and QR."""

from __future__ import annotations

import io
from collections import defaultdict

import segno

from exports.content import Person, RoundContent, Seat, SittingRow
from exports.out.book import Book, half_day

WIDTHS = (34, 14, 16, 26)
MASK = 2
"""One pattern for all codes: any can be scanned, and to try all eight of each takes half the time of the workbook."""
SCALE, EDGE = 4, 2
COLUMN = 180
"""Pixels of the last column: a code that reaches into another is stretched where the columns' font is missing."""
ITEMS = (300, 28, 64)
"""Points that all items share, and the least and most of one."""


def fill(book: Book, content: RoundContent) -> None:
    """Write one sheet for each panel's expert, a page an applicant."""
    seats = {(s.panel, seat.code): seat for s in content.sittings for seat in s.seats}
    people: dict[str, list[tuple[SittingRow, Person]]] = defaultdict(list)
    for s in content.sittings:
        people[s.panel] += ((s, p) for p in s.people)
    for (panel, _code), seat in seats.items():
        if not content.shows(panel):
            continue
        sheet = book.sheet(f"{panel} {seat.code}", "答辩评分表", WIDTHS, head_rows=0)
        pairs = people[panel]
        rows = len(content.items) + 12
        for number, (sitting, person) in enumerate(pairs):
            _page(book, sheet, content, number * rows, sitting, person, seat)
        sheet.set_h_pagebreaks([n * rows for n in range(1, len(pairs))])


def _page(
    book: Book, sheet: object, content: RoundContent, top: int, s: SittingRow, person: Person, seat: Seat
) -> None:
    write = sheet.write_string  # type: ignore[attr-defined]
    key = content.sheet_key.format(panel=s.panel, applicant=person.code, expert=seat.code)
    if top:
        sheet.merge_range(top, 0, top, 3, "", book.styles["title"])  # type: ignore[attr-defined]
        write(top, 0, "答辩评分表", book.styles["title"])
    write(top + 1, 0, f"{content.title}　{content.version}", book.styles["note"])
    time = person.start if person.start and not content.lots_at_check_in else s.start
    book.row(sheet, top + 2, ["申报人", person.code, person.name, person.employer], height=36)
    book.row(sheet, top + 3, ["专业方向", person.direction, "专家", f"{seat.name}（{seat.code}）"], height=36)
    book.row(sheet, top + 4, [f"专家组 {s.panel}", "时间地点", half_day(time), s.room], height=36)
    book.row(sheet, top + 5, ["项目", "满分", "评分", "备注"], "head")
    at = top + 6
    whole, least, most = ITEMS
    height = min(most, max(least, whole / max(1, len(content.items))))
    for item in content.items:
        prompts = f"\n（{'、'.join(item.prompts)}）" if item.prompts else ""
        book.row(sheet, at, [f"{item.name}{prompts}", item.full, None, None], "big", height)
        sheet.write_number(at, 1, float(item.full), book.styles["large"])  # type: ignore[attr-defined]
        at += 1
    full = sum(item.full for item in content.items)
    book.row(sheet, at, ["合计", full, None, None], "big", 40)
    sheet.write_number(at, 1, float(full), book.styles["large"])  # type: ignore[attr-defined]
    write(at + 1, 0, f"每项都要打分，不能留空；{_steps(content)}涂改处请签名。", book.styles["note"])
    write(at + 2, 0, f"表号 {key}", book.styles["sign"])
    book.sign(sheet, at + 4, ["专家签名", "日期"])
    image = io.BytesIO()
    code = segno.make_qr(key, error="m", mask=MASK)  # never a Micro QR: few cameras and scanners read those
    code.save(image, kind="png", scale=SCALE, border=EDGE)
    place = {"image_data": image, "x_offset": max(0, COLUMN - code.symbol_size(SCALE, EDGE)[0]), "y_offset": 6}
    sheet.insert_image(at + 1, 3, f"{key}.png", place)  # type: ignore[attr-defined]


def _steps(content: RoundContent) -> str:
    """By what steps marks are given, where not all are whole ones: paper refuses nothing."""
    by: dict[str, list[str]] = defaultdict(list)
    for item in content.items:
        by[f"{item.step.normalize():f}"].append(item.name)
    if set(by) <= {"1"}:
        return ""
    if len(by) == 1:
        return f"各项每步 {next(iter(by))} 分；"
    return "".join(f"{'、'.join(names)}每步 {step} 分；" for step, names in by.items())
