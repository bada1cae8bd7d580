"""答辩意见: the panel's opinion on each applicant, a page each, signed by the chair and the members."""

from __future__ import annotations

from typing import Any

from exports.content import Person, RoundContent, SittingRow
from exports.out.book import Book
from exports.out.forms import box, per_applicant

ASPECTS = ("科研或\n技改能力", "掌握技能", "取得科研\n（技术）成果", "为企业\n所作贡献", "答辩情况")
"""What the notice names for the talk, and the answers."""
ABREAST = 3
"""Experts who sign beside each other."""


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet for each panel, a page an applicant."""
    per_applicant(book, content, "答辩意见", "答辩意见", _opinion, ["组长", "记录人", "日期"])


def _opinion(book: Book, sheet: Any, at: int, sitting: SittingRow, person: Person) -> int:
    note = book.content.notes.get(person.code)
    for aspect in ASPECTS:
        at = box(book, sheet, at, aspect, 50)
    at = box(book, sheet, at, "专家组意见", 150, note.opinion if note else "")
    names = [f"{seat.name}：____________" for seat in sitting.seats]
    rows = ["　　".join(names[n : n + ABREAST]) for n in range(0, len(names), ABREAST)]
    return box(book, sheet, at, "专家签名", 80, "\n" + "\n\n".join(rows))
