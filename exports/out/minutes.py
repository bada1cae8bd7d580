"""会议记录 of the committee and 答辩记录 of each applicant, to be written and signed."""

from __future__ import annotations

from typing import Any

from exports.content import MeetingRow, Person, RoundContent, SittingRow
from exports.out.book import Book
from exports.out.forms import WIDTHS, box, per_applicant

QUESTIONS = 5
"""Rows for a question and its answer."""
COMMITTEE = "会议记录"
"""The part of the round's minutes that is no panel's."""
EMPTY = MeetingRow("", "", "", "", "", (), "", "")


def fill(book: Book, content: RoundContent) -> None:
    """Write the committee's minutes, then each panel's records."""
    if content.shows(COMMITTEE):
        _meeting(book, content)
    per_applicant(book, content, "答辩记录", "答辩记录", _record, ["记录人", "组长", "日期"])


def _meeting(book: Book, content: RoundContent) -> None:
    sheet = book.sheet("会议记录", "评审委员会会议记录", WIDTHS, head_rows=0)
    at = 2
    m = content.meeting or EMPTY
    there = f"{len(m.members)} 人" if m.members else ""
    for word, value, other, second in (
        ("评委会", content.organisation, "评审批次", content.title),
        ("时间", m.held_at, "地点", m.place),
        ("主持人", m.chair, "记录人", m.recorder),
        ("应到委员", f"{m.invited} 人" if m.invited else "", "实到委员", there),
    ):
        book.row(sheet, at, (word, value, other, second), "field", height=28)
        for column, text in ((0, word), (2, other)):
            sheet.write_string(at, column, text, book.styles["head"])
        at += 1
    for word, height, value in (
        ("出席委员", 90, "、".join(m.members)),
        ("评审对象", 60, _subjects(content)),
        ("评议意见", 190, m.opinion),
        ("投票结果", 90, _voted(content)),
        ("其他事项", 60, m.other),
    ):
        at = box(book, sheet, at, word, height, value)
    book.sign(sheet, at, ["主任委员", "记录人", "日期"])
    book.protect(sheet)


def _subjects(content: RoundContent) -> str:
    """Whom the committee speaks about; who was not heard is counted apart."""
    absent = sum(not content.was_heard(person.code) for person in content.people)
    less = f"其中 {absent} 人没有参加答辩，" if absent else ""
    return f"高级 {len(content.people)} 人（材料评审和答辩），{less}中级 {len(content.review_only)} 人（材料评审）。"


def _voted(content: RoundContent) -> str:
    """What the ballots say, level by level, where this reader may know."""
    if not content.votes:
        return "见表决结果。"
    said = []
    for level, people in (("高级", content.people), ("中级", content.review_only)):
        votes = [content.votes[p.code] for p in people if p.code in content.votes]
        if votes:
            passed = sum(vote.passed for vote in votes)
            said.append(f"{level}：表决 {len(votes)} 人，通过 {passed} 人，未通过 {len(votes) - passed} 人。")
    return "".join(said) + "每人票数见表决结果。"


def _record(book: Book, sheet: Any, at: int, _sitting: SittingRow, person: Person) -> int:
    begin, end = book.content.heard.get(person.code, ("", ""))
    line = ("陈述开始", begin, "答辩结束", end)
    if not book.content.was_heard(person.code):
        line = ("结果", book.content.results[person.code].outcome, "", "")
    book.row(sheet, at, line, "field", height=28)
    for column, text in ((0, line[0]), (2, line[2])):
        sheet.write_string(at, column, text, book.styles["head"])
    at = box(book, sheet, at + 1, "陈述要点", 90)
    note = book.content.notes.get(person.code)
    asked = list(note.questions) if note else []
    for number, (question, answer) in enumerate([*asked, *[("", "")] * (QUESTIONS - len(asked))], 1):
        at = box(book, sheet, at, f"提问 {number}", 42, question)
        at = box(book, sheet, at, "回答", 46, answer)
    return at
