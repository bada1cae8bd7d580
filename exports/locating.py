"""Find the header of a sheet by its words, and take in what the office said about its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from exports.aside import ASIDE
from exports.columns import COLUMNS
from exports.header import LEAST, MUST, NONE, Header, Row, header_of, means
from exports.joined import joined, levels
from exports.sheet import Sheet
from exports.words import plain

_FIRST_ROWS = 60
_DEEPEST = 3
_PART = 4
"""Characters of a word that tells a part of the word above it."""


def find_header(sheet: Sheet, kind: str, answers: Mapping[str, str]) -> Header | None:
    """The header with the most known words among the first 60 rows, of one to three; None where there is none.

    Rows of groups above it belong to it, even where they say that a word is about something else.

    ``answers`` say which column it is, or none: ``column:applicants.unit`` → the words of the header.
    """
    found = [h for row in sorted(sheet.rows) if row <= _FIRST_ROWS for h in _blocks(sheet, row, kind)]
    best = max(found, key=_weight, default=None)
    if best is None or len(best.columns) < LEAST[kind]:
        return None
    same = [h for h in found if h.last == best.last and h.columns.get(MUST[kind]) == best.columns.get(MUST[kind])]
    return told(_whole(sheet, min(same, key=lambda header: header.first), kind), kind, answers)


def _whole(sheet: Sheet, header: Header, kind: str) -> Header:
    """The header with the rows that its words reach into, and a row that only tells parts: 年, 月; 中级, 高级."""
    must, last = header.columns.get(MUST[kind], 0), header.last
    reach = [
        bottom for top, left, bottom, right in sheet.merges if header.first <= top <= last and left <= must <= right
    ]
    last = min(max([last, *reach]), header.first + _DEEPEST - 1)
    parts = sheet.rows.get(last + 1, {})
    bare = [column for column in parts if column not in sheet.rows.get(last, {})]
    short = all(len(plain(value)) <= _PART and not re.search(r"\d", plain(value)) for value in parts.values())
    if must and bare and short and must not in parts and last < header.first + _DEEPEST - 1:
        last += 1
    if last == header.last:
        return header
    return header_of(sheet, header.first, [sheet.rows.get(row, {}) for row in range(header.first, last + 1)], kind)


def _weight(header: Header) -> tuple[int, ...]:
    """How much a header says: columns of half-days together are one more; then the further up, and the fewer rows."""
    said = len(header.columns) + bool(header.ticks)
    return said, len(header.ticks), -header.first, header.first - header.last


def header_at(sheet: Sheet, row: int, kind: str) -> Header | None:
    """The header that begins at a row, if one does: with the word that names the rows and one more."""
    best = max(_blocks(sheet, row, kind), key=lambda header: len(header.columns), default=None)
    return best if best and MUST[kind] in best.columns and len(best.columns) >= max(2, LEAST[kind]) else None


def told(header: Header, kind: str, answers: Mapping[str, str]) -> Header:
    """The header with the columns the office named; what had such a column before has none any more."""
    columns, rivals = dict(header.columns), dict(header.rivals)
    for key in COLUMNS[kind]:
        said = answers.get(f"column:{kind}.{key}", "")
        column = next((c for c, text in header.labels.items() if text == said), None)
        if said == NONE or said in ASIDE.get((kind, key), ()):
            columns.pop(key, None)
        elif column:
            columns = {other: c for other, c in columns.items() if c != column} | {key: column}
        if key not in columns or column:
            rivals.pop(key, None)
    ticked = levels(header.labels) if kind == "applicants" else {}
    if columns.get("level", 0) in ticked or "level" not in columns:
        columns.pop("level", None)
    else:
        ticked = {}
    columns = dict(sorted(columns.items(), key=lambda item: item[1]))
    more = joined(header.labels, columns, header.ticks)
    rivals = {key: found for key, found in rivals.items() if key not in more}
    return replace(header, columns=columns, rivals=rivals, more=more, levels=ticked)


def _blocks(sheet: Sheet, first: int, kind: str) -> Iterator[Header]:
    """The headers of one, two and three rows that may begin here; a row more must say more."""
    before: Header | None = None
    for last in range(first, first + _DEEPEST):
        block = [sheet.rows.get(row, {}) for row in range(first, last + 1)]
        if not block[-1]:
            return
        header = header_of(sheet, first, block, kind)
        if before is None or _says_more(sheet, header, before, block, kind):
            yield header
        before = header


def _says_more(sheet: Sheet, header: Header, before: Header, block: Sequence[Row], kind: str) -> bool:
    """Whether the last row belongs to the header, and the first does: no data below a word, no title above it."""
    must = header.columns.get(MUST[kind])
    if must is None or (header.columns, header.ticks) == (before.columns, before.ticks):
        return False
    lowest = [str(row[must]) for row in block if must in row][-1]
    if means(lowest, kind) != MUST[kind]:
        return False
    shorter = header_of(sheet, header.first + 1, block[1:], kind)
    return (header.columns, header.beside, header.ticks) != (shorter.columns, shorter.beside, shorter.ticks)
