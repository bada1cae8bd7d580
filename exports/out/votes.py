"""表决结果: the committee's secret ballot for each applicant; needed votes and outcome are live formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from exports.content import Person, RoundContent
from exports.out.book import Book
from scoring.vote import needed

HEAD = ("序号", "编号", "姓名", "工作单位", "到会", "同意", "反对", "弃权", "废票", "需要", "结果")
WIDTHS = (6, 10, 10, 32, 8, 8, 8, 8, 8, 8, 12)
COUNTS = range(4, 9)
"""The columns somebody types votes into."""


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet for each level and direction; who is known not to have been heard is not voted on."""
    for level, direction, people in _groups(content):
        sheet = book.sheet(f"{level} {direction}", f"表决结果　{level}　{direction}", WIDTHS, landscape=True)
        book.row(sheet, 2, HEAD, "head")
        for number, person in enumerate(people, 1):
            _row(book, sheet, 2 + number, number, person)
        at = 3 + len(people)
        note = "同意票达到到会专家的三分之二为通过；各栏合计应等于到会人数。"
        sheet.write_string(at, 0, note, book.styles["note"])
        book.sign(sheet, at + 1, ["计票人", "监票人", "主任委员", "日期"])
        votes = {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 99,
            "error_title": "票数不对",
            "error_message": "应为 0 到 99 的整数。请改正后再填。",
        }
        sheet.data_validation(3, COUNTS[0], at - 1, COUNTS[-1], votes)
        book.pages(sheet, at + 1, range(3, max(4, at - 2)))
        book.protect(sheet)


def _groups(content: RoundContent) -> Iterator[tuple[str, str, list[Person]]]:
    heard = tuple(person for person in content.people if content.was_heard(person.code))
    for level, everyone in (("高级", heard), ("中级", content.review_only)):
        groups: dict[str, list[Person]] = defaultdict(list)
        for person in sorted(everyone, key=lambda p: p.code):
            groups[person.direction].append(person)
        for direction, people in groups.items():
            yield level, direction, people


def _row(book: Book, sheet: Any, at: int, number: int, person: Person) -> None:
    vote = book.content.votes.get(person.code)
    counts = (vote.present, vote.votes_for, vote.against, vote.abstain, vote.spoiled) if vote else (None,) * 5
    book.row(sheet, at, [number, person.code, person.name, person.employer, *[None] * 7])
    for column, count in zip(COUNTS, counts, strict=True):
        if count is None:
            sheet.write_blank(at, column, None, book.styles["input"])
        else:
            sheet.write_number(at, column, count, book.styles["input"])
    row = at + 1
    words = ("通过" if vote.passed else "未通过") if vote else ""
    book.value(sheet, at, 9, f'=IF(E{row}="","",ROUNDUP(E{row}*2/3,0))', needed(vote.present) if vote else "", "total")
    outcome = f'=IF(E{row}="","",IF(SUM(F{row}:I{row})<>E{row},"票数不符",IF(F{row}>=J{row},"通过","未通过")))'
    book.value(sheet, at, 10, outcome, words, "center")
