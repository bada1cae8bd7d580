"""Which sheets of a file hold a roster, and what is said where none does or a column is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from exports import unseen
from exports.aside import ABOVE, ASIDE, BY_SHEET, WITH_NAME, above_all, heading, house, name_and_unit
from exports.columns import COLUMNS, INSTEAD, NEEDED, OTHERS
from exports.guess import by_content, header_by_content
from exports.header import MUST, NONE, find_header
from exports.reading import Answers, Problem, Question, Reading, SheetFound
from exports.said import say
from exports.sheet import Sheet
from exports.table import Table
from exports.words import FOREIGN, bare, near, plain, word

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


TICKED = {"applicants": "unavailable", "experts": "available"}
"""Kind of a list → the column that columns of half-days stand for."""


def tables(sheets: list[Sheet], kind: str, reading: Reading[Row], answers: Answers | None = None) -> list[Table[Row]]:
    """Find the sheets with a header of this kind; a needed column that is missing is an error and a question.

    A sheet without the column that names its rows is another list, unless no sheet has one; a sheet that is plainly
    another roster is none of this kind. Where several sheets have such a list, the office says which.
    """
    given = (answers or Answers()).given
    seen = [sheet for sheet in sheets if not sheet.hidden]
    unseen.sheets(sheets, kind, reading)
    other = {sheet.name: roster for sheet in seen if (roster := _other(sheet, kind, given))}
    headed = [(s, header) for s in seen if s.name not in other and (header := find_header(s, kind, given))]
    if not headed and kind in TICKED:
        strange = [sheet for sheet in seen if sheet.name not in other]
        headed = [(sheet, header) for sheet in strange if (header := header_by_content(sheet, kind, given))]
    named = [(s, header) for s, header in headed if MUST[kind] in header.columns]
    found = [Table(sheet, header, kind, reading, given) for sheet, header in named or headed[:1]]
    said = given.get(f"sheets:{kind}", "")
    found = [table for table in found if table.sheet.name == said] or found
    for table in found:
        reading.sheets.append(_sheet_found(table, kind))
        _unsure(table, kind, _missing(table, kind))
        _rivals(table, kind)
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
    return SheetFound(table.sheet.name, table.header.first, words, unused, kind)


def _which(found: list[Table[Row]], kind: str) -> None:
    names = [table.sheet.name for table in found]
    what = say("有 %(n)s 张工作表都像%(lists)s：%(names)s。", n=len(names), lists=LISTS[kind], names="、".join(names))
    found[0].row = found[0].header.first
    found[0].error(MUST[kind], "sheet-which", what, say("请回答读哪一张，或者全部读。"))
    found[0].reading.ask(Question(f"sheets:{kind}", say("哪一张是%(lists)s？", lists=LISTS[kind]), (*names, ALL), ""))


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


def _missing(table: Table[Row], kind: str) -> list[str]:
    """Ask for each needed column that was not found; the headers that may be it."""
    header, guessed = table.header, list[str]()
    table.row = header.first
    for key in NEEDED[kind]:
        if table.has(key) or INSTEAD.get(key) in header.columns or (key == "level" and header.levels):
            continue
        label = COLUMNS[kind][key][0]
        table.error(
            key,
            "column-missing",
            say("没有找到“%(label)s”一列。", label=label),
            say("请回答在哪里，或把这一列的表头改成“%(label)s”。", label=label),
        )
        free = [text for text in header.unused if text not in guessed]
        best = near(key, kind, free, 0.5) or by_content(table.sheet, header, key) or _aside(table, key, guessed)
        elsewhere = (answer for answer in ASIDE.get((kind, key), ()) if answer != BY_SHEET)
        options = (*dict.fromkeys(header.labels.values()), *elsewhere)
        table.reading.ask(Question(f"column:{kind}.{key}", say("哪一列是“%(label)s”？", label=label), options, best))
        guessed.append(best)
    return guessed


def _aside(table: Table[Row], key: str, guessed: Sequence[str]) -> str:
    """Where else than in a column it may be said: the best guess, or empty; the name may be guessed itself."""
    sheet, header = table.sheet, table.header
    if key == "level":
        return table.level
    below = [cells for row, cells in sheet.rows.items() if row > header.last]
    alone = [heading(str(*cells.values())) for cells in below if len(cells) == 1]
    directions = [plain(name) for name in table.reading.by_direction]
    if key == "direction" and any(name in plain(text) for text in alone for name in directions):
        return ABOVE
    if key != "unit":
        return ""
    above = [str(value) for (row, _), value in sheet.cells.items() if row < header.first]
    if any(map(house, alone)) or above_all(above):
        return ABOVE
    column = header.columns.get("name") or next((c for c, text in header.labels.items() if text in guessed), 0)
    names = [str(cells[column]) for cells in below if column in cells]
    return WITH_NAME if sum(name_and_unit(name) is not None for name in names) * 2 > len(names) else ""


def _rivals(table: Table[Row], kind: str) -> None:
    """Several columns whose words say the same and whose cells do not: the office says which is meant."""
    header = table.header
    below = [cells for row, cells in table.sheet.rows.items() if row > header.last]
    for key, columns in (header.rivals | _better(table, kind, below)).items():
        full = [sum(column in cells for cells in below) for column in columns]
        differ = any(len({bare(cells[c]) for c in columns if c in cells}) > 1 for cells in below)
        if not differ or min(full) * 2 < max(full):
            continue
        label, labels = COLUMNS[kind][key][0], [header.labels[column] for column in columns]
        fits = [c for c in columns if key == "direction" and _known(table, below, c)]
        best = header.labels[fits[0]] if len(fits) == 1 else header.words[key]
        table.row = header.first
        what = say("有 %(n)s 列都像“%(label)s”：%(labels)s。", n=len(columns), label=label, labels="、".join(labels))
        hint = say("请回答是哪一列；不回答就读“%(words)s”。", words=header.words[key])
        if key in NEEDED[kind]:
            table.error(key, "column-two", what, say("请回答是哪一列。"))
        else:
            table.warn(key, "column-two", what, hint)
        ask = say("哪一列是“%(label)s”？", label=label)
        table.reading.ask(Question(f"column:{kind}.{key}", ask, tuple(labels), best))


def _better(table: Table[Row], kind: str, below: Sequence[Mapping[int, object]]) -> dict[str, tuple[int, ...]]:
    """The column of directions and those that nobody reads although they hold nothing but the round's directions."""
    header, column = table.header, table.header.columns.get("direction")
    if not column or "direction" in header.rivals or f"column:{kind}.direction" in table.given:
        return {}
    free = [c for c, text in header.labels.items() if text in header.unused and _known(table, below, c)]
    return {"direction": (column, *free)} if free else {}


def _known(table: Table[Row], below: Sequence[Mapping[int, object]], column: int) -> bool:
    """Whether every cell of a column is one of the round's directions."""
    names = {plain(name) for name in table.reading.by_direction}
    said = [plain(cells[column]) for cells in below if column in cells and len(cells) > 1]
    return bool(said) and all(text in names for text in said)


_OTHERS = {word(other) for other in OTHERS}


def _ours(label: str) -> bool:
    """Whether a header may be one of ours: no other known word, and not about somebody else."""
    above, _, own = label.rpartition("/")
    known = not {word(own), word(label)} & _OTHERS
    return known and not any(person in above for person in FOREIGN)


def _unsure(table: Table[Row], kind: str, taken: Sequence[str]) -> None:
    """A column that nobody reads and that may be one we know is asked about; it stops nothing."""
    header = table.header
    rivals = {header.labels[column] for columns in header.rivals.values() for column in columns}
    free = [text for text in header.unused if _ours(text) and text not in (*taken, *rivals)]
    ticked = TICKED.get(kind) if header.ticks else None
    for key in COLUMNS[kind]:
        if key in header.columns or key in NEEDED[kind] or key == ticked or f"column:{kind}.{key}" in table.given:
            continue
        best = near(key, kind, free) or by_content(table.sheet, header, key)
        if not best:
            continue
        free = [text for text in free if text != best]
        label = COLUMNS[kind][key][0]
        table.row = header.first
        place = next(column for column, text in header.labels.items() if text == best)
        what, hint = (
            say("表头“%(best)s”没有认出来，可能是“%(label)s”。", best=best, label=label),
            say("请回答是不是；不回答就不读这一列。"),
        )
        table.note_at(place, "column-unsure", "warning", what, hint)
        options = (*dict.fromkeys(header.labels.values()), NONE)
        table.reading.ask(Question(f"column:{kind}.{key}", say("哪一列是“%(label)s”？", label=label), options, best))


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
