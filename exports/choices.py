"""Directions given by a column each, ticked or with the strength 1 to 3: which columns they are, what a row says."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from exports.directions import spelled
from exports.header import Header
from exports.said import say
from exports.sheet import Sheet
from exports.table import Table
from exports.ticks import BLANK, MINUS, PLUS
from exports.words import plain

Row = TypeVar("Row")
_FEWEST = 2
"""So many columns must bear names of directions."""
_STRENGTHS = ("1", "2", "3")


def chosen(sheet: Sheet, header: Header, directions: Iterable[str]) -> Header:
    """The header with the columns of the round's directions, where no column says the direction."""
    names = {spelled(name): name for name in directions}
    own = {column: spelled(label.rpartition("/")[2]) for column, label in header.labels.items()}
    found = {column: names[said] for column, said in own.items() if said in names}
    if "direction" in header.columns or len(found) < _FEWEST or len({*found.values()}) < len(found):
        return header
    graded = any(c in found and r > header.last and plain(v) in _STRENGTHS[1:] for (r, c), v in sheet.cells.items())
    return replace(header, choices=found, graded=graded)


def strengths(table: Table[Row]) -> dict[str, int]:
    """Direction → strength of the row; a mark that is none of ours is an error, and so is a row without any."""
    cells, choices = table.sheet.cells, table.header.choices
    marks = {column: plain(cells.get((table.row, column))) for column in choices}
    found: dict[str, int] = {}
    for column, mark in marks.items():
        if table.header.graded and mark in _STRENGTHS:
            found[choices[column]] = int(mark)
        elif mark.lower() in PLUS:
            found[choices[column]] = 3
        elif mark.lower() not in (*BLANK, *MINUS):
            what = say("看不出“%(mark)s”是不是这个方向的专家。", mark=mark)
            table.note_at(column, "direction-tick", "error", what, say("请写 √，或写程度 1、2、3。"))
            table.failed = True
    if not any(mark for mark in marks.values()):
        what, hint = say("各个专业方向都没有打勾。"), say("请在这位专家的方向下打勾。")
        table.note_at(min(choices), "direction-missing", "error", what, hint)
        table.failed = True
    return found
