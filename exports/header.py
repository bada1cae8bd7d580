"""Find the header of a sheet by its words, and which column holds what."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from exports.aside import ASIDE
from exports.columns import COLUMNS
from exports.joined import joined, levels
from exports.sheet import Sheet
from exports.ticks import Half, half
from exports.words import CLOSED, Hit, filled_in, meaning, plain, under, word

LEAST = {"applicants": 2, "experts": 2, "sessions": 2, "rooms": 1}
"""How many known words make a header; a list of rooms may have one column alone."""
MUST = {"applicants": "name", "experts": "name", "rooms": "room", "sessions": "date"}
"""The column that names the rows; below its word a header has nothing more."""
NONE = "没有这一列"
"""The answer that a roster has no such column."""
TICKED = ("applicants", "experts")
"""Lists where times may be given by a column for each half-day."""
_FIRST_ROWS = 60
_DEEPEST = 3
_PART = 4
"""Characters of a word that tells a part of the word above it."""
Row = Mapping[int, object]


@dataclass(frozen=True)
class Header:
    """Where the header stands (its first and last row), the column of each key and the words of each column."""

    first: int
    last: int
    columns: dict[str, int]
    labels: dict[int, str]
    beside: tuple[dict[str, int], ...] = field(default=(), compare=False)
    """The same columns once more further right, where two lists stand side by side."""
    ticks: dict[int, Half] = field(default_factory=dict)
    """The columns of half-days to be ticked."""
    rivals: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Key → all columns whose words say it, where there are several."""
    more: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Key → the columns that say it together: 姓 and 名, 年 and 月, 专业一 to 专业三."""
    levels: dict[int, str] = field(default_factory=dict)
    """The columns of levels to be ticked: 中级, 高级."""
    choices: dict[int, str] = field(default_factory=dict)
    """The columns of directions to be ticked, or to be given a strength."""
    graded: bool = False
    """Whether numbers in those columns are strengths: 1 alone is a tick."""

    @property
    def words(self) -> dict[str, str]:
        """Key → the words its column was found by."""
        return {key: self.labels[column] for key, column in self.columns.items()}

    @property
    def unused(self) -> list[str]:
        """The words of the columns that no key has."""
        taken = {*self.columns.values(), *self.ticks, *self.levels, *self.choices}
        taken |= {column for more in self.beside for column in more.values()}
        taken |= {column for more in self.more.values() for column in more}
        return [text for column, text in self.labels.items() if column not in taken]


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
    return _header(sheet, header.first, [sheet.rows.get(row, {}) for row in range(header.first, last + 1)], kind)


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
        header = _header(sheet, first, block, kind)
        if before is None or _says_more(sheet, header, before, block, kind):
            yield header
        before = header


def _says_more(sheet: Sheet, header: Header, before: Header, block: Sequence[Row], kind: str) -> bool:
    """Whether the last row belongs to the header, and the first does: no data below a word, no title above it."""
    must = header.columns.get(MUST[kind])
    if must is None or (header.columns, header.ticks) == (before.columns, before.ticks):
        return False
    lowest = [str(row[must]) for row in block if must in row][-1]
    if _means(lowest, kind) != MUST[kind]:
        return False
    shorter = _header(sheet, header.first + 1, block[1:], kind)
    return (header.columns, header.beside, header.ticks) != (shorter.columns, shorter.beside, shorter.ticks)


def _header(sheet: Sheet, first: int, block: Sequence[Row], kind: str) -> Header:
    end = max((column for row in block for column in row), default=0)
    filled = [_spread(sheet, first + n, row, end) for n, row in enumerate(block[:-1])] + [dict(block[-1])]
    names = [column for row in block for column, value in row.items() if _means(value, kind) == MUST[kind]]
    hits: list[tuple[Hit, int]] = []
    labels: dict[int, str] = {}
    ticks: dict[int, Half] = {}
    for column in sorted({column for row in block for column in row}):
        path = [_written(row[column]) for row in filled if column in row]
        labels[column] = "/".join(dict.fromkeys(re.sub(r"\s", "", text) for text in path))
        groups = [n for n, row in enumerate(filled) if column in row and not _over_all(row, column, names)]
        if kind in TICKED and (found := half([_written(filled[n][column]) for n in groups])):
            ticks[column] = found
            continue
        tops = [str(filled[n][column]) for n in groups]
        if hit := _hit(block, filled, column, tops, kind):
            hits.append((hit, column))
    columns, beside = _sides(hits, labels, kind)
    rivals = {} if beside else _rivals(hits)
    return Header(first, first + len(block) - 1, columns, _unique(labels), beside, ticks, rivals)


def _written(value: object) -> str:
    """A header's word; a date cell as its day."""
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else str(value)


def _means(value: object, kind: str) -> str:
    hit = meaning(str(value), kind)
    return hit[1] if hit else ""


def _over_all(row: Row, column: int, names: Sequence[int]) -> bool:
    """Whether the word over a column stands over the names as well: a title over everything is no group."""
    return bool(names) and all(row.get(name) == row[column] for name in names)


def _hit(block: Sequence[Row], filled: Sequence[Row], column: int, tops: Sequence[str], kind: str) -> Hit | None:
    """The meaning of a column: its lowest word under the others, else a word above it that is its alone."""
    own = [n for n, row in enumerate(block) if column in row]
    for n in reversed(own):
        text = str(block[n][column])
        above = [top for top in tops if top != text]
        if filled_in(text) and len(own) > 1:
            return None
        shared = list(filled[n].values()).count(block[n][column]) > 1
        if n != own[-1] and (shared or word(text).startswith(CLOSED)):
            return None
        if hit := under(text, above, kind) if above else meaning(text, kind):
            return hit
    return None


def _spread(sheet: Sheet, row: int, cells: Row, end: int) -> dict[int, object]:
    """A row of group words, each over its merged columns; where nothing is merged, up to the next word or the end."""
    wide = [(left, right) for top, left, _, right in sheet.merges if top == row and right > left]
    out: dict[int, object] = {}
    for column, value in cells.items():
        right = next((right for left, right in wide if left == column), column)
        if not wide:
            right = min((other for other in cells if other > column), default=end + 1) - 1
        out |= dict.fromkeys(range(column, right + 1), value)
    return out


def _sides(
    hits: list[tuple[Hit, int]], labels: Mapping[int, str], kind: str
) -> tuple[dict[str, int], tuple[dict[str, int], ...]]:
    """The columns, and once more those of lists that stand beside the first with the very same words."""
    names = sorted(c for (_, key), c in hits if key == MUST[kind])
    twins = [c for c in names if _own(labels[c]) == _own(labels[names[0]])]
    if len(twins) > 1:
        before = names[0] - min(c for _, c in hits)
        ends = [twin - before for twin in twins[1:]] + [max(c for _, c in hits) + 1]
        sides = [range(twin - before, end) for twin, end in zip(twins, ends, strict=True)]
        first, *others = (_first([(hit, c) for hit, c in hits if c in side]) for side in sides)
        if len(first) > 1 and all([*other] == [*first] for other in others):
            return first, tuple(others)
    return _first(hits), ()


def _rivals(hits: list[tuple[Hit, int]]) -> dict[str, tuple[int, ...]]:
    """Key → its columns, where the words of several say the same."""
    found: dict[str, list[int]] = {}
    for (_rank, key), column in hits:
        found.setdefault(key, []).append(column)
    return {key: tuple(columns) for key, columns in found.items() if len(columns) > 1}


def _own(label: str) -> str:
    """The lowest word of a column's label: two lists may each have a title of their own."""
    return label.rpartition("/")[2]


def _first(hits: list[tuple[Hit, int]]) -> dict[str, int]:
    """Key → its column, from left to right: the better known word, then the one further left."""
    columns: dict[str, int] = {}
    for (_rank, key), column in sorted(hits, key=lambda hit: (hit[0][0], hit[1])):
        columns.setdefault(key, column)
    return dict(sorted(columns.items(), key=lambda item: item[1]))


def _unique(labels: Mapping[int, str]) -> dict[int, str]:
    """Labels that tell their columns apart: two of the same words get their letters."""
    texts = list(labels.values())
    return {
        c: text if texts.count(text) == 1 else f"{text}（{get_column_letter(c)}列）"
        for c, text in labels.items()
        if text
    }
