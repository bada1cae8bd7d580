"""Find the header of a sheet by its words, and which column holds what."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from exports.columns import COLUMNS
from exports.sheet import Sheet

_GROUPS = {  # what a word of the second header row means under the word above it; other words there mean nothing
    "现": {"名称": "cur_title", "职务": "cur_title", "取得时间": "cur_date", "聘任时间": "hire_date"},
    "申报": {"名称": "title", "职务": "title", "级别": "level", "专业": "direction"},
    "学历": {"学历": "edu", "毕业院校": "school", "专业": "major", "所学专业": "major"},
}
_CLOSED = "现"
"""Under the present title a 级别 is not the level applied for: only the words of its group count."""
LEAST = {"applicants": 2, "experts": 2, "sessions": 2, "rooms": 1}
"""How many known words make a header; a list of rooms may have one column alone."""
MUST = {"applicants": "name", "experts": "name", "rooms": "room", "sessions": "date"}
"""The column whose word stands in one row of a header of two."""


@dataclass(frozen=True)
class Header:
    """Where the header stands (its first and last row), the column of each key and the words of each column."""

    first: int
    last: int
    columns: dict[str, int]
    labels: dict[int, str]

    @property
    def words(self) -> dict[str, str]:
        """Key → the words its column was found by."""
        return {key: self.labels[column] for key, column in self.columns.items()}

    def named(self, label: str) -> int | None:
        """The column with these words that no key has yet."""
        taken = set(self.columns.values())
        return next((c for c, text in self.labels.items() if text == label and c not in taken), None)

    def likely(self, words: tuple[str, ...]) -> str:
        """The label of a column that is nearest to one of the words; empty where none is near."""
        free = {bare(text): text for column, text in self.labels.items() if column not in self.columns.values()}
        near = [n for word in words for n in difflib.get_close_matches(bare(word), free, 1, 0.5)]
        return free[near[0]] if near else ""


def plain(value: object) -> str:
    """Drop spaces, line breaks, * and the difference of full and half width."""
    return _plain(str(value)) if value is not None else ""


def bare(value: object) -> str:
    """As plain, without bracketed hints."""
    return _bare(str(value)) if value is not None else ""


@lru_cache(2**16)
def _plain(text: str) -> str:
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", text))


@lru_cache(2**16)
def _bare(text: str) -> str:
    return re.sub(r"[(\[【][^)\]】]*[)\]】]", "", _plain(text))


def find_header(sheet: Sheet, kind: str, answers: Mapping[str, str]) -> Header | None:
    """The header with the most known words among the first 60 rows, of one row or two; None where there is none.

    ``answers`` name the columns that were asked about: ``column:applicants.unit`` → the words of the header.
    """
    grid: dict[int, dict[int, object]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        if row <= 61:
            grid.setdefault(row, {})[column] = value
    found: list[Header] = []
    inside = 0
    for row in sorted(grid):
        two = _of_two(row, grid[row], grid.get(row + 1, {}), kind)
        if two:
            found.append(two)
            inside = row + 1
        elif row != inside:
            found.append(_of_one(row, grid[row], kind))
    best = max(found, key=lambda header: len(header.columns), default=None)
    if best is None or len(best.columns) < LEAST[kind]:
        return None
    for key in COLUMNS[kind]:
        told = best.named(answers.get(f"column:{kind}.{key}", ""))
        if key not in best.columns and told:
            best.columns[key] = told
    return best


def is_header(sheet: Sheet, row: int, kind: str) -> bool:
    """Whether a row is a header of that kind: two tables may stand in one sheet."""
    words = {bare(word) for seen in COLUMNS[kind].values() for word in seen}
    return sum(bare(value) in words for (r, _), value in sheet.cells.items() if r == row) >= max(2, LEAST[kind])


def _known(kind: str) -> dict[str, tuple[int, str]]:
    return {bare(word): (rank, key) for key, words in COLUMNS[kind].items() for rank, word in enumerate(words)}


def _of_one(row: int, cells: Mapping[int, object], kind: str) -> Header:
    known = _known(kind)
    hits = [(known[bare(value)], column) for column, value in cells.items() if bare(value) in known]
    return Header(row, row, _first(hits), {column: _label(value) for column, value in cells.items()})


def _of_two(row: int, upper: Mapping[int, object], lower: Mapping[int, object], kind: str) -> Header | None:
    """A header whose second row says more about the first: 名称 and 取得时间 under 现任专业技术职务."""
    known = _known(kind)
    above: dict[int, object] = {}
    for column in range(1, max((*upper, *lower)) + 1):
        above[column] = upper.get(column, above.get(column - 1))
    below = {c: hit for c in lower if (hit := _below(bare(above[c]), bare(lower[c]), known))}
    hits = below | {
        c: known[bare(top)]
        for c, top in upper.items()
        if c not in below and bare(top) in known and (c not in lower or not bare(top).startswith(_CLOSED))
    }
    columns = _first([(hit, column) for column, hit in hits.items()])
    must = columns.get(MUST[kind], 0)
    if (must in upper) == (must in lower):
        return None
    alone = {c: known[bare(word)][1] for c, word in lower.items() if bare(word) in known}
    if not below if must in upper else alone == {c: key for c, (_, key) in hits.items()}:
        return None
    labels = {c: "/".join(dict.fromkeys(_label(v) for v in (top, lower.get(c)) if v)) for c, top in above.items()}
    return Header(row, row + 1, columns, {c: text for c, text in labels.items() if text})


def _below(top: str, word: str, known: Mapping[str, tuple[int, str]]) -> tuple[int, str] | None:
    """What a word of the second row means under the one above it; a group's own words come first."""
    keys = {key for _, key in known.values()}
    for start, group in _GROUPS.items():
        if top.startswith(start) and group.get(word) in keys:
            return -1, group[word]
    return None if top.startswith(_CLOSED) else known.get(word)


def _first(hits: list[tuple[tuple[int, str], int]]) -> dict[str, int]:
    """Key → its column, from left to right: the better known word, then the one further left."""
    columns: dict[str, int] = {}
    for (_rank, key), column in sorted(hits, key=lambda hit: (hit[0][0], hit[1])):
        columns.setdefault(key, column)
    return dict(sorted(columns.items(), key=lambda item: item[1]))


def _label(value: object) -> str:
    return re.sub(r"\s", "", str(value))
