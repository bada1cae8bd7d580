"""抽签表: for each sitting the draw's commitment, digits, secret and seed, and who takes which place, to be signed."""

from __future__ import annotations

from exports.content import Drawn, Person, RoundContent, SittingRow
from exports.out.book import Book, half_day
from exports.out.signin import SIGN

WIDTHS = (12, 12, 10, 12, 34, 18)
HEAD = ("抽签次序", "答辩时间", "编号", "姓名", "工作单位", "签名")
BLANK = "____________________"


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet for each sitting; what is not drawn yet is left to be written in by hand."""
    for s in content.sittings:
        heading = f"抽签表　{s.panel}　{half_day(s.start)}　{s.room}"
        sheet = book.sheet(f"{s.panel} {s.start:%m-%d} {s.label}", heading, WIDTHS, head_rows=0)
        drawn = content.drawn.get(s.place, Drawn())
        seals = (("承诺值", drawn.commitment), ("现场数字", drawn.digits), ("密语", drawn.secret), ("种子", drawn.seed))
        for at, (word, value) in enumerate(seals, 2):
            book.merge(sheet, at, 0, 0, word, "head")
            book.merge(sheet, at, 1, len(WIDTHS) - 1, value or ("现场抽号" if drawn.hand else BLANK), "cell")
        book.row(sheet, 6, HEAD, "head")
        for at, row in enumerate(_rows(s, drawn, content.lots_at_check_in), 7):
            book.row(sheet, at, row, height=SIGN)
        at = 8 + len(s.people)
        note = "次序由 SHA-256(种子 | 时段/答辩室 | 编号) 排定，任何人都可以复算。" if drawn.seed else ""
        note = "次序按现场抽取的号码排定。" if drawn.hand else note
        sheet.write_string(at - 1, 0, f"本场代码 {s.place}。{note}", book.styles["note"])
        book.sign(sheet, at, ["抽签人", "监督人员", "日期"])
        book.pages(sheet, at, range(2, max(3, at - 3)))


def _rows(s: SittingRow, drawn: Drawn, later: bool) -> list[list[object]]:
    """In drawn order where there is one, else by time or, with lots at check-in, by code."""
    people = {p.code: p for p in s.people}
    if drawn.order and set(drawn.order) == set(people):
        return [[n, _time(people[code]), *_who(people[code]), None] for n, code in enumerate(drawn.order, 1)]
    listed = sorted(s.people, key=lambda p: p.code) if later else s.people
    return [[None, None if later else _time(p), *_who(p), None] for p in listed]


def _time(p: Person) -> str:
    return f"{p.start:%H:%M}" if p.start else ""


def _who(p: Person) -> list[object]:
    return [p.code, p.name, p.employer]
