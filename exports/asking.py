"""What is asked about the columns of a list: those that are missing, those that are several, those nobody knows."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from exports.aside import (
    ABOVE,
    ASIDE,
    BY_SHEET,
    WITH_DIRECTION,
    WITH_NAME,
    a_level,
    above_all,
    direction_and_level,
    heading,
    house,
    name_and_unit,
)
from exports.columns import COLUMNS, INSTEAD, NEEDED, OTHERS
from exports.directions import spelled
from exports.guess import by_content
from exports.header import NONE
from exports.reading import Question
from exports.said import say
from exports.table import Table
from exports.words import FOREIGN, bare, near, plain, word

Row = TypeVar("Row")
TICKED = {"applicants": "unavailable", "experts": "available"}
"""Kind of a list → the column that columns of half-days stand for."""
_OTHERS = {word(other) for other in OTHERS}


def missing(table: Table[Row], kind: str) -> list[str]:
    """Ask for each needed column that was not found; the headers that may be it."""
    header, guessed = table.header, list[str]()
    table.row = header.first
    for key in NEEDED[kind]:
        ticked = {"level": header.levels, "direction": header.choices}.get(key)
        if table.has(key) or INSTEAD.get(key) in header.columns or ticked:
            continue
        label = COLUMNS[kind][key][0]
        table.error(
            key,
            "column-missing",
            say("没有找到“%(label)s”一列。", label=label),
            say("请回答在哪里，或把这一列的表头改成“%(label)s”。", label=label),
        )
        free = [text for text in header.unused if text not in guessed]
        best = _guessed(table, key, free, guessed)
        elsewhere = (answer for answer in ASIDE.get((kind, key), ()) if answer != BY_SHEET)
        options = (*dict.fromkeys(header.labels.values()), *elsewhere)
        table.reading.ask(Question(f"column:{kind}.{key}", say("哪一列是“%(label)s”？", label=label), options, best))
        guessed.append(best)
    return guessed


def _guessed(table: Table[Row], key: str, free: Sequence[str], guessed: Sequence[str]) -> str:
    """Where a column may be that was not found: what stands below says more about directions than the header does."""
    kind, header = table.kind, table.header
    below = [cells for row, cells in table.sheet.rows.items() if row > header.last]
    if key in ("level", "direction") and "direction" not in header.columns:
        said = {column: [str(cells[column]) for cells in below if column in cells] for column in header.labels}
        for column, text in header.labels.items() if key == "direction" else ():
            if text in free and _known(table, below, column):
                return text
        both = [c for c, texts in said.items() if header.labels[c] in header.unused and _both(table, texts)]
        if both and kind == "applicants":
            return WITH_DIRECTION if key == "level" else header.labels[both[0]]
    return near(key, kind, free, 0.5) or by_content(table.sheet, header, key) or _aside(table, key, guessed)


def _both(table: Table[Row], texts: Sequence[str]) -> bool:
    """Whether most cells of a column hold a direction of the round and a level."""
    names = {spelled(name) for name in table.reading.by_direction}
    found = [both for text in texts if (both := direction_and_level(text)) and spelled(both[0]) in names]
    return len(found) * 2 > len(texts)


def _aside(table: Table[Row], key: str, guessed: Sequence[str]) -> str:
    """Where else than in a column it may be said: the best guess, or empty; the name may be guessed itself."""
    sheet, header = table.sheet, table.header
    below = [cells for row, cells in sheet.rows.items() if row > header.last]
    alone = [heading(str(*cells.values())) for cells in below if len(cells) == 1]
    if key == "level":
        return ABOVE if any(map(a_level, alone)) else table.level
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


def rivals(table: Table[Row], kind: str) -> None:
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


def _ours(label: str) -> bool:
    """Whether a header may be one of ours: no other known word, and not about somebody else."""
    above, _, own = label.rpartition("/")
    known = not {word(own), word(label)} & _OTHERS
    return known and not any(person in above for person in FOREIGN)


def unsure(table: Table[Row], kind: str, taken: Sequence[str]) -> None:
    """A column that nobody reads and that may be one we know is asked about; it stops nothing."""
    header = table.header
    alike = {header.labels[column] for columns in header.rivals.values() for column in columns}
    free = [text for text in header.unused if _ours(text) and text not in (*taken, *alike)]
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
