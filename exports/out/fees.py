"""劳务费签领表: half-days are known, amounts are left blank and signed for."""

from __future__ import annotations

from exports.content import RoundContent
from exports.out.book import Book
from exports.out.experts import by_expert
from exports.out.signin import SIGN

HEAD = (
    "序号",
    "专家",
    "工作单位",
    "职称",
    "身份证号",
    "半天数",
    "标准（元）",
    "金额（元）",
    "个税（元）",
    "实发（元）",
    "签名",
)
WIDTHS = (6, 10, 28, 12, 21, 8, 11, 11, 11, 11, 16)


def fill(book: Book, content: RoundContent) -> None:
    """Write a row for each called expert; amounts typed in are added up."""
    sheet = book.sheet("劳务费", "评审专家劳务费签领表", WIDTHS, landscape=True)
    book.row(sheet, 2, HEAD, "head")
    at = 2
    for at, (seat, held) in enumerate(by_expert(content), 3):
        row = [at - 2, seat.name, seat.employer, seat.title, seat.id_no, len(held)]
        book.row(sheet, at, [*row, None, None, None, None, None], height=SIGN)
        for column in range(6, 10):
            sheet.write_blank(at, column, None, book.styles["money"])
    last = at
    book.row(sheet, last + 1, [None, "合计", *[None] * 9], height=SIGN)
    if last > 2:
        book.value(sheet, last + 1, 5, f"=SUM(F4:F{last + 1})", sum(len(h) for _, h in by_expert(content)), "total")
        for letter, column in zip("HIJ", (7, 8, 9), strict=True):
            book.value(sheet, last + 1, column, f"=SUM({letter}4:{letter}{last + 1})", 0, "money")
    book.sign(sheet, last + 3, ["制表人", "审核人", "负责人", "日期"])
    book.pages(sheet, last + 3, range(3, max(4, last - 1)))
