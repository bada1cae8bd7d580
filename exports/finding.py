"""Which sheets of a file hold a roster, and what is said where none does or a column is missing."""

from dataclasses import replace
from typing import TypeVar

from exports import asking, unseen
from exports.aside import BY_SHEET
from exports.asking import TICKED
from exports.choices import chosen
from exports.columns import COLUMNS, NEEDED
from exports.guess import header_by_content
from exports.header import MUST, Header
from exports.locating import find_header
from exports.reading import Answers, Problem, Question, Reading, SheetFound
from exports.said import say
from exports.sheet import Sheet
from exports.sideways import on_its_side, rows_of_one
from exports.table import Table

Row = TypeVar("Row")
ROSTERS = {
    "applicants": "申报人员名册",
    "experts": "评审专家名册",
    "rooms": "场地与时段",
    "sessions": "场地与时段",
}
"""Kind of a table → the roster it stands in."""
LISTS = ROSTERS | {"rooms": "答辩室一览", "sessions": "时段一览"}
"""Kind of a table → what it is called where several are alike."""
ONLY = {
    "applicants": ("level",),
    "experts": ("role", "available", "max_sessions", "recuse_units", "recuse_people"),
    "rooms": ("room",),
    "sessions": ("date",),
}
"""Columns that no other roster has."""

ALL = "全部工作表"
"""The answer that every sheet with such a list is read."""


def tables(sheets: list[Sheet], kind: str, reading: Reading[Row], answers: Answers | None = None) -> list[Table[Row]]:
    """Find the sheets with a header of this kind; a needed column that is missing is an error and a question.

    A sheet without the column that names its rows is another list, unless no sheet has one; a sheet that is plainly
    another roster is none of this kind. Where several sheets have such a list, the office says which.
    """
    given = (answers or Answers()).given
    seen = [sheet for sheet in sheets if not sheet.hidden]
    unseen.sheets(sheets, kind, reading)
    headers = {sheet.name: find_header(sheet, kind, given) for sheet in seen}
    other = {sheet.name: roster for sheet in seen if (roster := _other(sheet, kind, headers[sheet.name]))}
    headed = [(s, header) for s in seen if s.name not in other and (header := headers[s.name])]
    if kind == "experts":
        headed = [(sheet, chosen(sheet, header, reading.by_direction)) for sheet, header in headed]
    if not headed and kind in TICKED:
        strange = [sheet for sheet in seen if sheet.name not in other]
        headed = [(sheet, header) for sheet in strange if (header := header_by_content(sheet, kind, given))]
    named = [(s, header) for s, header in headed if MUST[kind] in header.columns]
    if kind in TICKED and (odd := _odd(seen, named or headed, kind)):
        reading.problems.append(odd)
        return []
    found = [Table(sheet, header, kind, reading, given) for sheet, header in named or headed[:1]]
    said = given.get(f"sheets:{kind}", "")
    found = [table for table in found if table.sheet.name == said] or found
    for table in found:
        reading.sheets.append(_sheet_found(table, kind))
        asking.unsure(table, kind, asking.missing(table, kind))
        asking.rivals(table, kind)
        unseen.within(table)
    if len(found) > 1 and said != ALL:
        _which(found, kind)
    if len(found) > 1 and all(table.level for table in found):
        reading.questions = [_by_sheet(question) for question in reading.questions]
    if not found and other:
        sheet, roster = next(iter(other.items()))
        hint = say("要导入的是%(rosters)s，请检查是否传对了文件。", rosters=ROSTERS[kind])
        reading.problems.append(
            Problem(sheet, "", "", "", "wrong-roster", "error", say("这是一份%(roster)s。", roster=roster), hint)
        )
    elif not found:
        words = "、".join(COLUMNS[kind][key][0] for key in NEEDED[kind])
        reading.problems.append(
            Problem(
                "",
                "",
                "",
                "",
                "header-missing",
                "error",
                say("没有找到表头。"),
                say("表头里要有：%(words)s。", words=words),
            )
        )
    return found


def _odd(seen: list[Sheet], headed: list[tuple[Sheet, Header]], kind: str) -> Problem | None:
    """What is said of lists that are none of people in rows."""
    tall = (rows_of_one(sheet, header, kind) for sheet, header in headed)
    return on_its_side(seen, [header for _, header in headed], kind) or next(filter(None, tall), None)


def _by_sheet(question: Question) -> Question:
    """The question about the level, where the name or title of each of several sheets says one."""
    if question.key != "column:applicants.level":
        return question
    return replace(question, options=(*question.options, BY_SHEET), best=BY_SHEET)


def _has(sheet: Sheet, kind: str) -> bool:
    header = find_header(sheet, kind, {})
    return header is not None and MUST[kind] in header.columns


def _sheet_found(table: Table[Row], kind: str) -> SheetFound:
    unused = tuple(dict.fromkeys(table.header.unused))
    words = dict(table.header.words)
    if table.header.ticks:
        words.setdefault(TICKED[kind], "、".join(half.text for half in table.header.ticks.values()))
    if table.header.choices:
        words.setdefault("direction", "、".join(table.header.choices.values()))
    return SheetFound(table.sheet.name, table.header.first, words, unused, kind)


def _which(found: list[Table[Row]], kind: str) -> None:
    names = [table.sheet.name for table in found]
    what = say("有 %(n)s 张工作表都像%(lists)s：%(names)s。", n=len(names), lists=LISTS[kind], names="、".join(names))
    found[0].row = found[0].header.first
    found[0].error(MUST[kind], "sheet-which", what, say("请回答读哪一张，或者全部读。"))
    found[0].reading.ask(Question(f"sheets:{kind}", say("哪一张是%(lists)s？", lists=LISTS[kind]), (*names, ALL), ""))


def _other(sheet: Sheet, kind: str, mine: Header | None) -> str:
    """The roster this sheet is when it is plainly not one of this kind: whole, with a column only that one has."""
    if mine and any(key in mine.columns for key in ONLY[kind]):
        return ""
    for roster in COLUMNS:
        header = find_header(sheet, roster, {}) if ROSTERS[roster] != ROSTERS[kind] else None
        if header and {*NEEDED[roster]} <= {*header.columns} and {*ONLY[roster]} & {*header.columns}:
            return ROSTERS[roster]
    return ""


def somebody(found: list[Table[Row]], label: str) -> None:
    """A list without a single row of data is an error at the first cell below its header."""
    if found and not found[0].reading.read - found[0].reading.skipped:
        table = found[0]
        table.row = table.header.last + 1
        table.error(
            MUST[table.kind],
            "no-rows",
            say("表头下面没有%(label)s。", label=label),
            say("请检查是否传对了文件，填好后重新导入。"),
        )
