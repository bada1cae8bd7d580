"""Lists that are none of people in rows: a form on its side, a card for each, several rows a person."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from exports.columns import COLUMNS, NEEDED
from exports.header import MUST, Header
from exports.reading import Problem
from exports.said import say
from exports.sheet import Sheet
from exports.words import meaning, plain

_FIRST_ROWS = 60


def on_its_side(sheets: Sequence[Sheet], headers: Sequence[Header], kind: str) -> Problem | None:
    """What is said where the words of a header run down a column, and no row says as much of what is needed."""
    needed = {*NEEDED[kind]}
    most = max((len(needed & {*header.columns}) for header in headers), default=0)
    for sheet in sheets:
        for column, keys in _down(sheet, kind).items():
            if len(needed & keys) > max(most, 1) and MUST[kind] in keys:
                letter = get_column_letter(column)
                words = "、".join(COLUMNS[kind][key][0] for key in NEEDED[kind] if key in keys)
                what = say("表头竖着写在 %(letter)s 列（%(words)s）。", letter=letter, words=words)
                hint = say("名册要一人一行，表头在上：可复制后用“选择性粘贴—转置”，或把登记表汇总成一张名册。")
                return Problem(sheet.name, f"{letter}1", "", "", "on-its-side", "error", what, hint)
    return None


def _down(sheet: Sheet, kind: str) -> dict[int, set[str]]:
    """Column → the keys whose words stand in it."""
    found: dict[int, set[str]] = {}
    for row in range(1, _FIRST_ROWS + 1):
        for column, value in sheet.rows.get(row, {}).items():
            if isinstance(value, str) and (hit := meaning(value, kind)):
                found.setdefault(column, set()).add(hit[1])
    return found


def rows_of_one(sheet: Sheet, header: Header, kind: str) -> Problem | None:
    """What is said where most names stand over several rows that hold other things too."""
    name = header.columns.get(MUST[kind], 0)
    below = [row for row in sheet.rows if row > header.last]
    tall = [
        (top, bottom)
        for top, left, bottom, _ in sheet.merges
        if left == name and top > header.last and bottom > top and plain(sheet.cells.get((top, name)))
    ]
    more = sorted(top for top, bottom in tall if any(_own(sheet, row) for row in range(top + 1, bottom + 1)))
    named = sum(name in sheet.rows[row] for row in below)
    if len(more) * 2 <= named or not more:
        return None
    what = say("一个人占了几行（从第 %(row)s 行起）。", row=more[0])
    hint = say("名册要一人一行：请把每人第二行起的内容移到自己的列里。")
    return Problem(sheet.name, f"{get_column_letter(name)}{more[0]}", "", "", "rows-of-one", "error", what, hint)


def _own(sheet: Sheet, row: int) -> bool:
    return any(plain(value) for value in sheet.rows.get(row, {}).values())
