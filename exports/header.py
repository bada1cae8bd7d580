"""What a header is, and which column holds what where some rows are one."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from exports.sheet import Sheet
from exports.ticks import Half, half
from exports.words import CLOSED, Hit, filled_in, meaning, under, word

LEAST = {"applicants": 2, "experts": 2, "sessions": 2, "rooms": 1}
"""How many known words make a header; a list of rooms may have one column alone."""
MUST = {"applicants": "name", "experts": "name", "rooms": "room", "sessions": "date"}
"""The column that names the rows; below its word a header has nothing more."""
NONE = "没有这一列"
"""The answer that a roster has no such column."""
TICKED = ("applicants", "experts")
"""Lists where times may be given by a column for each half-day."""
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


def header_of(sheet: Sheet, first: int, block: Sequence[Row], kind: str) -> Header:
    """The header that these rows make, from row ``first`` on."""
    end = max((column for row in block for column in row), default=0)
    filled = [_spread(sheet, first + n, row, end) for n, row in enumerate(block[:-1])] + [dict(block[-1])]
    names = [column for row in block for column, value in row.items() if means(value, kind) == MUST[kind]]
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


def means(value: object, kind: str) -> str:
    """The key a word says; empty where it says none."""
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
