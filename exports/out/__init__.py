"""Every workbook that goes out: ``write(kind, content)``."""

from __future__ import annotations

from exports.content import RoundContent
from exports.errors import ExportError
from exports.out import entry, groups, schedule, sheets, signin, summary
from exports.out.book import Book

KINDS = {
    "schedule": "答辩安排总表",
    "groups": "分组名单",
    "signin": "签到表",
    "sheets": "评分表",
    "entry": "评分录入模板",
    "summary": "成绩汇总表",
}
"""Kind → title, in the order of the page."""
_FILL = {
    "schedule": schedule.fill,
    "groups": groups.fill,
    "signin": signin.fill,
    "sheets": sheets.fill,
    "entry": entry.fill,
    "summary": summary.fill,
}


def write(kind: str, content: RoundContent) -> bytes:
    """The workbook of that kind as bytes.

    Raises
    ------
    ExportError
        for an unknown kind.
    """
    if kind not in KINDS:
        raise ExportError(f"没有名为“{kind}”的表格。可用：{'、'.join(KINDS)}。")
    book = Book(KINDS[kind], content)
    _FILL[kind](book, content)
    return book.finish()
