"""The sheets 分项: each panel's marks by applicant, item and expert, and each expert's total of them, live.

Who may see the totals alone gets them in one line an applicant, as numbers; who may not see them gets no such sheet.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from exports.content import Person, RoundContent, Seat
from exports.out.book import Book, ref

FIRST = 3
"""The column of the first expert's marks; the first row of marks has the same number."""


class Marks:
    """Where every mark and total stands, and the sheets with them; made before the sheets that refer to them."""

    def __init__(self, book: Book, content: RoundContent, totals: bool = True) -> None:
        """``totals``: whether a reader of totals alone finds them here; else the sheet in front has them."""
        self.content = content
        self.places = places(content)
        self.items = content.items if content.detail == "items" else ()
        self._row: dict[str, tuple[Any, int, int]] = {}
        """Applicant → sheet, row of the first item, number of experts; empty where nothing stands here."""
        shown = content.detail == "items" or (content.detail == "totals" and totals)
        for panel, (seats, people) in by_panel(content).items() if shown else ():
            widths = [10, 12, 20, *[10] * len(seats)]
            name, heading = ("分项", "评分明细") if self.items else ("合计", "各专家合计")
            sheet = book.sheet(f"{panel} {name}", f"{heading}　{panel}", widths, landscape=len(seats) > 5)
            book.row(sheet, 2, ["编号", "姓名", "项目", *[s.name for s in seats]], "head")
            for number, person in enumerate(people):
                top = 3 + number * (len(self.items) + 1)
                self._row[person.code] = sheet, top, len(seats)
                self._write(book, person, seats)
            block = len(self.items) + 1
            book.pages(sheet, 2 + len(people) * block, range(3, 3 + len(people) * block, block))
            book.protect(sheet)

    def _write(self, book: Book, person: Person, seats: tuple[Seat, ...]) -> None:
        sheet, top, _ = self._row[person.code]
        result = self.content.results.get(person.code)
        marks = result.marks if result else {}
        dropped = result.dropped if result else frozenset()
        for line, item in enumerate(self.items):
            own = [marks.get(s.code, {}).get(item.key) for s in seats]
            book.row(sheet, top + line, [person.code, person.name, item.name, *own], "total")
            for n, seat in enumerate(seats):
                if own[n] is not None and (seat.code, item.key) in dropped:
                    sheet.write_number(top + line, FIRST + n, float(own[n] or 0), book.styles["dropped"])
        at = top + len(self.items)
        book.row(sheet, at, [person.code, person.name, "合计", *[None] * len(seats)], "sum")
        for n, seat in enumerate(seats):
            if seat.code in marks:
                letter = xl_col_to_name(FIRST + n)
                total = f"SUM({letter}{top + 1}:{letter}{at})"
                look = "dropped" if (seat.code,) in dropped else "sum"
                stored = sum(marks[seat.code].values(), Decimal(0))
                live = f"={rounded(total, self.places)}" if self.items else ""
                book.value(sheet, at, FIRST + n, live, stored, look)

    def total(self, code: str, seat: int) -> str:
        """The cell of one expert's total for an applicant; empty where none is here."""
        if code not in self._row:
            return ""
        sheet, top, _ = self._row[code]
        return ref(sheet, top + len(self.items), FIRST + seat)

    def totals(self, code: str) -> str:
        """The cells of all experts' totals for an applicant; empty where none is here."""
        return self._across(code, len(self.items)) if code in self._row else ""

    def item(self, code: str, key: str) -> str:
        """The cells of all experts' marks in one item; empty where none is here."""
        keys = [item.key for item in self.items]
        return self._across(code, keys.index(key)) if key in keys else ""

    def _across(self, code: str, line: int) -> str:
        sheet, top, seats = self._row[code]
        return f"{ref(sheet, top + line, FIRST)}:{xl_col_to_name(FIRST + seats - 1)}{top + line + 1}"

    def score(self, code: str, totals: str) -> str:
        """The score's formula: of the totals in those cells, or of the single marks where each item is trimmed.

        Empty where the reader may not see what it is made of.
        """
        content = self.content
        method = used_method(content, len(content.results[code].marks))
        if not totals or (method == "trim_item" and not self.items):
            return ""
        if method == "trim_item":
            cells = [self.item(code, item.key) for item in content.items]
            inner = "+".join(f"(SUM({c})-MAX({c})-MIN({c}))/(COUNT({c})-2)" for c in cells)
            return f"={rounded(inner, content.decimals)}"
        return of_totals(method, totals, content.decimals)


def used_method(content: RoundContent, sheets: int) -> str:
    """How so many sheets are combined: too few to trim are averaged."""
    trims = content.method.startswith("trim")
    return "mean" if trims and sheets < content.min_sheets_to_trim else content.method


def of_totals(method: str, totals: str, decimals: int) -> str:
    """The score's formula over cells with the experts' totals."""
    if method == "trim_total":
        inner = f"(SUM({totals})-MAX({totals})-MIN({totals}))/(COUNT({totals})-2)"
    else:
        inner = f"{'MEDIAN' if method == 'median' else 'AVERAGE'}({totals})"
    return f"={rounded(inner, decimals)}"


def rounded(inner: str, places: int) -> str:
    """Half up. The inner rounding takes away what binary fractions add: a tie such as 82.125 stays one."""
    return f"ROUND(ROUND({inner},{places + 8}),{places})"


def places(content: RoundContent) -> int:
    """How many decimals a mark has at most."""
    marks = (mark for row in content.results.values() for own in row.marks.values() for mark in own.values())
    steps = (item.step for item in content.items)
    return max((-int(m.normalize().as_tuple().exponent) for m in (*steps, *marks)), default=0) if content.items else 0


def by_panel(content: RoundContent) -> dict[str, tuple[tuple[Seat, ...], list[Person]]]:
    """Panel → its seats and everyone it hears."""
    found: dict[str, tuple[tuple[Seat, ...], list[Person]]] = defaultdict(lambda: ((), []))
    for s in content.sittings:
        found[s.panel] = s.seats, [*found[s.panel][1], *s.people]
    return found
