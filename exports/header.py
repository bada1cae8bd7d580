"""Find the header of a sheet by its words, and which column holds what."""

import re
import unicodedata
from dataclasses import dataclass

from exports.columns import COLUMNS
from exports.opening import Sheet

_GROUPS = {  # what the second row of a merged header means under its first
    "现": {"名称": "cur_title", "职务": "cur_title", "取得时间": "cur_date", "聘任时间": "hire_date"},
    "申报": {"名称": "title", "职务": "title", "级别": "level", "专业": "direction"},
    "学历": {"学历": "edu", "毕业院校": "school", "专业": "major", "所学专业": "major"},
}


LEAST = {"applicants": 2, "experts": 2, "sessions": 2, "rooms": 1}
"""How many known words make a header; a list of rooms may have one column alone."""


@dataclass(frozen=True)
class Header:
    """Where the header stands (its first and last row) and the column of each key, with the words it was found by."""

    first: int
    last: int
    columns: dict[str, int]
    words: dict[str, str]


def plain(value: object) -> str:
    """Drop spaces, line breaks, * and the difference of full and half width."""
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", str(value if value is not None else "")))


def bare(value: object) -> str:
    """As plain, without bracketed hints."""
    return re.sub(r"[(\[【][^)\]】]*[)\]】]", "", plain(value))


def find_header(sheet: Sheet, kind: str) -> Header | None:
    """Return the header with the most known words among the first 60 rows; None where no row has enough of them."""
    known = {bare(word): (rank, key) for key, words in COLUMNS[kind].items() for rank, word in enumerate(words)}
    best = max(range(1, min(sheet.last_row, 60) + 1), key=lambda row: len(_row(sheet, row, known)), default=0)
    if not best or len(_row(sheet, best, known)) < LEAST[kind]:
        return None
    found = _row(sheet, best, known)
    last = best
    if second := _second(sheet, best, found.get("name"), kind):
        last = best + 1
        covered = set(second.values())
        found = {key: column for key, column in found.items() if column not in covered} | second
    return Header(best, last, found, {key: _words(sheet, best, last, col) for key, col in found.items()})


def is_header(sheet: Sheet, row: int, kind: str) -> bool:
    """Whether a row is a header of that kind: two tables may stand in one sheet."""
    words = {bare(word) for seen in COLUMNS[kind].values() for word in seen}
    return sum(bare(value) in words for (r, _), value in sheet.cells.items() if r == row) >= max(2, LEAST[kind])


def _row(sheet: Sheet, row: int, known: dict[str, tuple[int, str]]) -> dict[str, int]:
    ranked: dict[str, tuple[int, int]] = {}
    for (r, column), value in sheet.cells.items():
        if r == row and (hit := known.get(bare(value))):
            ranked[hit[1]] = min(ranked.get(hit[1], (99, 0)), (hit[0], column))
    return {key: column for key, (_, column) in ranked.items()}


def _second(sheet: Sheet, row: int, name: int | None, kind: str) -> dict[str, int]:
    if kind != "applicants" or name is None or (row + 1, name) in sheet.cells:
        return {}
    found: dict[str, int] = {}
    parent = ""
    for column in range(1, max(c for _, c in sheet.cells) + 1):
        parent = bare(sheet.cells[row, column]) if (row, column) in sheet.cells else parent
        child = bare(sheet.cells.get((row + 1, column)))
        for start, group in _GROUPS.items():
            if parent.startswith(start) and child in group:
                found[group[child]] = column
    return found


def _words(sheet: Sheet, first: int, last: int, column: int) -> str:
    texts = [str(sheet.cells[row, column]) for row in range(first, last + 1) if (row, column) in sheet.cells]
    return "/".join(re.sub(r"\s", "", text) for text in texts)
