"""What is hidden in a roster is pointed out: who hid it may have meant it to be left out."""

from collections.abc import Iterable
from typing import TypeVar

from openpyxl.utils import get_column_letter

from exports.header import MUST
from exports.locating import find_header
from exports.reading import Problem, Reading
from exports.said import say
from exports.sheet import Sheet
from exports.table import Table

Row = TypeVar("Row")


def sheets(found: Iterable[Sheet], kind: str, reading: Reading[Row]) -> None:
    """Hidden sheets with such a list are not read, and named."""
    for sheet in found:
        header = find_header(sheet, kind, {}) if sheet.hidden else None
        if header and MUST[kind] in header.columns:
            reading.hidden.append(sheet.name)
            what = say("工作表“%(name)s”是隐藏的，没有读。", name=sheet.name)
            hint = say("如果也要读，请在 Excel 中取消隐藏后重新导入。")
            reading.problems.append(Problem(sheet.name, "", "", "", "hidden", "warning", what, hint))


def within(table: Table[Row]) -> None:
    """Hidden rows and columns are read like all others, and named once."""
    sheet, header = table.sheet, table.header
    rows = [row for row in sheet.hidden_rows if row > header.last and row in sheet.rows]
    columns = [column for column in sheet.hidden_columns if column in header.columns.values()]
    if rows:
        table.row = rows[0]
        what = say("第 %(rows)s 行是隐藏的，也读了。", rows=_runs(rows))
        hint = say("如果不该导入，请在 Excel 中删去这些行（只是筛选掉的也会读）。")
        table.note_at(1, "hidden", "warning", what, hint)
    if columns:
        table.row = header.first
        letters = "、".join(map(get_column_letter, columns))
        what, hint = say("%(letters)s 列是隐藏的，也读了。", letters=letters), say("请核对这些列的内容是不是最新的。")
        table.note_at(columns[0], "hidden", "warning", what, hint)


def _runs(numbers: list[int]) -> str:
    """Numbers as a text: 4、7—9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs)
