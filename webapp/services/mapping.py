"""Which column of the file was read as what, for the office to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exports.aside import ASIDE
from exports.columns import COLUMNS, INSTEAD, NEEDED
from exports.header import NONE
from exports.reading import Reading
from webapp.services.kernel import Unreadable

PARTS = {"venue": ("rooms", "sessions"), "applicants": ("applicants",), "experts": ("experts",)}
"""Kind of a roster → the kinds of its tables."""
AUTOMATIC = "自动识别"
"""The answer that takes an earlier answer back."""


@dataclass(frozen=True)
class Column:
    """One of our columns: the key of its question, the headers it was found by, what may be chosen, what was."""

    key: str
    label: str
    needed: bool
    found: tuple[str, ...]
    options: tuple[str, ...]
    chosen: str

    @property
    def shown(self) -> bool:
        """Whether there is something to say about it."""
        return self.needed or bool(self.found or self.chosen)


def columns(parts: tuple[Reading[Any], ...], given: Mapping[str, str]) -> list[Column]:
    """The columns of every table that was found, in our order; ``given`` are the answers so far."""
    sheets = [sheet for part in parts for sheet in part.sheets]
    found = []
    for kind in dict.fromkeys(sheet.kind for sheet in sheets):
        own = [sheet for sheet in sheets if sheet.kind == kind]
        options = tuple(dict.fromkeys(label for sheet in own for label in (*sheet.mapping.values(), *sheet.unused)))
        have = {key for sheet in own for key in sheet.mapping}
        for key, words in COLUMNS[kind].items():
            asked = f"column:{kind}.{key}"
            labels = tuple(dict.fromkeys(sheet.mapping[key] for sheet in own if key in sheet.mapping))
            needed = key in NEEDED[kind] and INSTEAD.get(key) not in have
            elsewhere = ASIDE.get((kind, key), ())
            may = (*options, *elsewhere)
            chosen = given.get(asked, "")
            chosen = chosen if chosen in (*may, NONE) else ""
            found.append(Column(asked, words[0], needed and chosen not in elsewhere, labels, may, chosen))
    return found


def answer(kind: str, said: str) -> tuple[str, str]:
    """The question and the answer of 工作单位=供职单位, as the command line takes it.

    Raises:
        Unreadable: there is no = in it, or we have no such column.
    """
    ours, equals, theirs = said.partition("=")
    for table in PARTS[kind]:
        for key, words in COLUMNS[table].items():
            if equals and ours.strip() in (key, *words):
                return f"column:{table}.{key}", theirs.strip() or NONE
    known = "、".join(words[0] for table in PARTS[kind] for words in COLUMNS[table].values())
    raise Unreadable("“%(said)s”不是“本系统的列=文件中的表头”。本系统的列有：%(known)s。", said=said, known=known)
