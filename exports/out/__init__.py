"""Every workbook that goes out: ``write(kind, content)``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from exports.content import RoundContent
from exports.errors import ExportError
from exports.out import (
    attendance,
    contacts,
    entry,
    experts,
    fees,
    groups,
    lots,
    minutes,
    notice,
    opinions,
    origins,
    results,
    rosters,
    schedule,
    sheets,
    signin,
    summary,
    votes,
)
from exports.out.book import Book
from exports.said import say

BOOKS: dict[str, tuple[str, Callable[[Book, RoundContent], None]]] = {
    "schedule": ("答辩安排总表", schedule.fill),
    "groups": ("分组名单", groups.fill),
    "experts": ("专家安排表", experts.fill),
    "signin": ("签到表", signin.fill),
    "lots": ("抽签表", lots.fill),
    "sheets": ("评分表", sheets.fill),
    "entry": ("评分录入模板", entry.fill),
    "summary": ("成绩汇总表", summary.fill),
    "results": ("成绩册", results.fill),
    "origins": ("成绩由来", origins.fill),
    "minutes": ("会议记录和答辩记录", minutes.fill),
    "opinions": ("答辩意见", opinions.fill),
    "votes": ("表决结果", votes.fill),
    "attendance": ("专家出席统计", attendance.fill),
    "fees": ("劳务费签领表", fees.fill),
    "contacts": ("联系表", contacts.fill),
    "notice": ("公示名单", notice.fill),
    "rosters": ("名册", rosters.fill),
}
"""Kind → title and what fills it, in the order of the page."""
KINDS = {kind: title for kind, (title, _fill) in BOOKS.items()}
FORMS = ("sheets", "minutes", "opinions", "origins")
"""Kinds with a page for each applicant, the first one for each of their experts."""
PAGES = 2_000
"""Pages of one workbook of forms at most; with more there is one for each panel."""
PUBLIC = ("groups", "notice")
"""Kinds that may hang on a wall; all others are internal."""


def parts(kind: str, content: RoundContent) -> tuple[str, ...]:
    """What there is a workbook of its own for: nothing but the whole (an empty word), or each panel."""
    pages: Counter[str] = Counter()
    for s in content.sittings if kind in FORMS else ():
        pages[s.panel] += len(s.people) * (len(s.seats) if kind == "sheets" else 1)
    if pages.total() <= PAGES:
        return ("",)
    return (*[minutes.COMMITTEE] * (kind == "minutes"), *(panel for panel, number in pages.items() if number))


def write(kind: str, content: RoundContent) -> bytes:
    """The workbook of that kind as bytes; of forms the part that the content names.

    Raises
    ------
    ExportError
        for an unknown kind, or where the round is not that far.
    """
    if kind not in BOOKS:
        raise ExportError(say("没有名为“%(kind)s”的表格。可用：%(names)s。", kind=kind, names="、".join(BOOKS)))
    title, fill = BOOKS[kind]
    book = Book(kind, title, content)
    fill(book, content)
    return book.finish()
