"""Which sheets of a file hold a roster, and what is said where none does or a column is missing."""

from collections.abc import Mapping
from typing import TypeVar

from exports.columns import COLUMNS, NEEDED
from exports.header import MUST, find_header
from exports.reading import Answers, Problem, Question, Reading, SheetFound
from exports.sheet import Sheet
from exports.table import Table

Row = TypeVar("Row")
ROSTERS = {
    "applicants": "申报人员名册",
    "experts": "评审专家名册",
    "rooms": "场地与时段",
    "sessions": "场地与时段",
}
"""Kind of a table → the roster it stands in."""
ONLY = {
    "applicants": ("level",),
    "experts": ("role", "available", "max_sessions", "recuse_units", "recuse_people"),
    "rooms": ("room",),
    "sessions": ("date",),
}
"""Columns that no other roster has."""


def tables(sheets: list[Sheet], kind: str, reading: Reading[Row], answers: Answers | None = None) -> list[Table[Row]]:
    """Find the sheets with a header of this kind; a needed column that is missing is an error and a question.

    A sheet without the column that names its rows is another list, unless no sheet has one; a sheet that is plainly
    another roster is none of this kind.
    """
    given = (answers or Answers()).given
    seen = [sheet for sheet in sheets if not sheet.hidden]
    other = {sheet.name: roster for sheet in seen if (roster := _other(sheet, kind, given))}
    headed = [(s, header) for s in seen if s.name not in other and (header := find_header(s, kind, given))]
    named = [(s, header) for s, header in headed if MUST[kind] in header.columns]
    found = [Table(sheet, header, kind, reading) for sheet, header in named or headed[:1]]
    for table in found:
        reading.sheets.append(SheetFound(table.sheet.name, table.header.first, table.header.words))
        _missing(table, kind)
    if not found and other:
        sheet, roster = next(iter(other.items()))
        hint = f"要导入的是{ROSTERS[kind]}，请检查是否传对了文件。"
        reading.problems.append(Problem(sheet, "", "", "", "wrong-roster", "error", f"这是一份{roster}。", hint))
    elif not found:
        words = "、".join(COLUMNS[kind][key][0] for key in NEEDED[kind])
        reading.problems.append(
            Problem("", "", "", "", "header-missing", "error", "没有找到表头。", f"表头里要有：{words}。")
        )
    return found


def _other(sheet: Sheet, kind: str, given: Mapping[str, str]) -> str:
    """The roster this sheet is when it is plainly not one of this kind: whole, with a column only that one has."""
    mine = find_header(sheet, kind, given)
    if mine and any(key in mine.columns for key in ONLY[kind]):
        return ""
    for roster in COLUMNS:
        header = find_header(sheet, roster, {}) if ROSTERS[roster] != ROSTERS[kind] else None
        if header and {*NEEDED[roster]} <= {*header.columns} and {*ONLY[roster]} & {*header.columns}:
            return ROSTERS[roster]
    return ""


def _missing(table: Table[Row], kind: str) -> None:
    header = table.header
    table.row = header.first
    for key in NEEDED[kind]:
        if key in header.columns or (key == "level" and "title" in header.columns):
            continue
        words = COLUMNS[kind][key]
        table.error(key, "column-missing", f"没有找到“{words[0]}”一列。", f"请把这一列的表头改成“{words[0]}”。")
        question = f"哪一列是“{words[0]}”？"
        options = tuple(dict.fromkeys(header.labels.values()))
        table.reading.ask(Question(f"column:{kind}.{key}", question, options, header.likely(words)))


def somebody(found: list[Table[Row]], label: str) -> None:
    """A list without a single row of data is an error at the first cell below its header."""
    if found and not found[0].reading.read - found[0].reading.skipped:
        table = found[0]
        table.row = table.header.last + 1
        table.error(MUST[table.kind], "no-rows", f"表头下面没有{label}。", "请检查是否传对了文件，填好后重新导入。")
