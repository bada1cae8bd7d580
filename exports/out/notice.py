"""公示名单: those whose recorded vote passed. No scores, IDs, phones or experts."""

from __future__ import annotations

from exports.content import Person, RoundContent
from exports.errors import ExportError
from exports.out.book import Book
from exports.said import Said, say

HEAD = ("序号", "姓名", "工作单位", "专业方向", "级别", "申报职称")
WIDTHS = (6, 12, 36, 22, 8, 20)
NARROWER = (6, 14, 44, 28, 10)
"""Where no title applied for is on the roster, there is no column for it."""


def fill(book: Book, content: RoundContent) -> None:
    """Write the list.

    Raises:
        ExportError: a vote is not recorded yet, or the notice's days are not set.
    """
    everyone = [*(("高级", p) for p in content.people), *(("中级", p) for p in content.review_only)]
    _require_votes(content, [p for _level, p in everyone])
    if content.notice is None:
        raise ExportError(say("还没有公示日期。请先在“批次设置”中填写公示开始日期。"))
    start, end, says = content.notice.start, content.notice.end, content.notice.says
    if end is None:
        raise ExportError(Said.of("%(says)s", {"says": says}))
    passed = [(level, p) for level, p in everyone if p.code in content.votes and content.votes[p.code].passed]
    passed.sort(key=lambda pair: (pair[1].direction, pair[0] != "高级", pair[1].code))
    titled = any(p.title for _level, p in passed)
    sheet = book.sheet("公示名单", "评审通过人员公示名单", WIDTHS if titled else NARROWER)
    book.row(sheet, 2, HEAD if titled else HEAD[:-1], "head")
    for number, (level, p) in enumerate(passed, 1):
        book.row(sheet, 2 + number, [number, p.name, p.employer, p.direction, level, *[p.title] * titled])
    at, last_column = 4 + len(passed), (len(WIDTHS) if titled else len(NARROWER)) - 1
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in (start, end))
    book.merge(sheet, at, 0, last_column, f"公示时间：{first}至{last}。{says}", "text", 40)
    ask = "公示期间如有异议，请以书面形式向评审委员会办公室反映，并提供联系方式以便核实。"
    book.merge(sheet, at + 1, 0, last_column, ask, "text", 40)
    book.merge(sheet, at + 3, 3, last_column, content.organisation or content.title, "text", 26)
    book.merge(sheet, at + 4, 3, last_column, first, "text", 26)
    book.pages(sheet, at + 4, range(3, max(4, at - 2)))


def _require_votes(content: RoundContent, people: list[Person]) -> None:
    heard = [p for p in people if p.code not in content.results or content.results[p.code].outcome == "已答辩"]
    missing = [p.code for p in heard if p.code not in content.votes]
    if missing:
        some = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        raise ExportError(
            say(
                "还有 %(n)s 位没有记录表决结果（%(some)s），不能出公示名单。请先由成绩管理员记录表决结果。",
                n=len(missing),
                some=some,
            )
        )
