"""A long table by pages: what was searched, chosen and sorted is done here, ten thousand rows or ten.

Most tables are the database's (their rows are a query, their conditions and orders are its expressions). What no table
of the database holds, such as a difference of two versions, is in memory: rows are a sequence, conditions and orders
are functions of a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.services.kernel import Sentence, Sentences

Words = str | Sentence | Sentences
SIZES = (50, 100, 200)
"""Rows of a page that may be chosen; the first is the usual."""
AT_ONCE = 500
"""Rows that are read and completed together."""


@dataclass(frozen=True)
class Column:
    """A column: what stands in a cell, here and in Excel, and what it is sorted by: an expression, several of them one
    after the other, or for rows in memory a function (``None``: not at all)."""

    key: str
    label: str
    text: Callable[[Any], Words]
    order: Any = None
    name: bool = False
    """A person's name: it never breaks over lines and leads to the person."""
    said: bool = False
    """The cell holds words of ours, to be said in the visitor's language."""
    short: bool = False
    """A code, a time or a number: it never breaks over lines."""


@dataclass(frozen=True)
class Facet:
    """Something to choose by: value → words, and the condition that a value stands for."""

    key: str
    label: str
    choices: Mapping[str, Words]
    where: Callable[[str], Any]


@dataclass(frozen=True)
class Table:
    """A kind of list: its rows before anything is asked, its columns, what can be chosen, how a word is looked for."""

    rows: Select[Any] | Sequence[Any]
    columns: tuple[Column, ...]
    facets: tuple[Facet, ...] = ()
    search: Callable[[str], Any] | None = None
    usual: str = ""
    """The column it is sorted by where nothing is asked."""
    unique: Any = None
    """What decides among equals, so that pages neither repeat nor lose a row."""
    whole_rows: bool = False
    """Rows of several columns instead of one object each."""
    asks: str = "姓名、拼音、单位、编号"
    """What may be looked for, in words."""
    complete: Callable[[Session, Sequence[Any]], Iterable[Any]] = lambda _session, rows: rows
    """What the cells need beside a row of the query, fetched for many rows at once."""

    def read(self, session: Session, query: Select[Any]) -> Iterator[Any]:
        """The rows of a query of this table."""
        found = session.execute(query) if self.whole_rows else session.scalars(query)
        for some in found.partitions(AT_ONCE):
            yield from self.complete(session, some)


@dataclass(frozen=True)
class Asked:
    """What a visitor asks of a list; words that make no sense count as nothing asked."""

    words: str = ""
    sort: str = ""
    down: bool = False
    page: int = 1
    size: int = SIZES[0]
    chosen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, str], words: str = "") -> Asked:
        """From an address: ``sort=-name&page=2&size=100&level=senior``; the words come another way."""
        sort, page, size = given.get("sort", ""), given.get("page", ""), given.get("size", "")
        number = int(page) if page.isdecimal() and len(page) < 7 else 1
        rows = int(size) if size in map(str, SIZES) else SIZES[0]
        rest = {key: value for key, value in given.items() if key not in ("sort", "page", "size")}
        return cls(words.strip()[:100], sort.removeprefix("-"), sort.startswith("-"), max(1, number), rows, rest)


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    table: Table
    asked: Asked
    rows: tuple[Any, ...]
    count: int
    """Of all pages."""
    whole: int
    """Without words and choices."""

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.count // self.asked.size))

    @property
    def first(self) -> int:
        """The number of the page's first row."""
        return (self.asked.page - 1) * self.asked.size + 1

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + len(self.rows) - 1

    def address(self, **other: object) -> dict[str, str]:
        """The parameters of this list with some of them changed; the usual ones are left out."""
        asked = self.asked
        sort = ("-" if asked.down else "") + asked.sort if asked.sort else ""
        known = {facet.key for facet in self.table.facets}
        now = {key: value for key, value in asked.chosen.items() if key in known} | {"sort": sort, "size": asked.size}
        now |= {"page": asked.page} | other
        usual = {"page": 1, "size": SIZES[0]}
        return {key: str(value) for key, value in now.items() if value not in ("", None, usual.get(key))}

    def turned(self, column: Column) -> str:
        """What to sort by when a column's header is pressed."""
        return f"-{column.key}" if self.asked.sort == column.key and not self.asked.down else column.key


def page(session: Session, table: Table, asked: Asked) -> Page:
    """The page asked for, the last one where there are not so many."""
    meant = _meant(table, asked)
    count, whole = _count(session, meant), _count(session, table.rows)
    at = min(asked.page, max(1, -(-count // asked.size)))
    first = (at - 1) * asked.size
    if isinstance(meant, Select):
        rows = tuple(table.read(session, meant.limit(asked.size).offset(first)))
    else:
        rows = tuple(meant[first : first + asked.size])
    return Page(table, replace(asked, page=at), rows, count, whole)


def every(
    session: Session, table: Table, asked: Asked, spoken: Callable[[Words], str] | None = None
) -> Iterator[list[str]]:
    """The texts of all rows that are meant, for Excel; ``spoken`` puts our own words into the visitor's language."""
    meant = _meant(table, asked)
    for row in table.read(session, meant) if isinstance(meant, Select) else meant:
        yield [(spoken if spoken and column.said else str)(column.text(row)) for column in table.columns]


def _meant(table: Table, asked: Asked) -> Select[Any] | Sequence[Any]:
    """The rows that were searched and chosen, in their order."""
    conditions = [
        facet.where(value) for facet in table.facets if (value := asked.chosen.get(facet.key, "")) in facet.choices
    ]
    conditions += [table.search(word) for word in asked.words.split()] if table.search else []
    orders = {column.key: column.order for column in table.columns if column.order is not None}
    order, down = orders.get(asked.sort, orders.get(table.usual)), asked.down and asked.sort in orders
    if not isinstance(table.rows, Select):
        rows = [row for row in table.rows if all(holds(row) for holds in conditions)]
        return sorted(rows, key=order, reverse=down) if order else rows
    keys = order if isinstance(order, tuple) else () if order is None else (order,)
    ways = [(key.desc() if down else key.asc()).nulls_last() for key in keys]
    last = () if table.unique is None else (table.unique,)
    return table.rows.where(*conditions).order_by(*ways, *last)


def _count(session: Session, rows: Select[Any] | Sequence[Any]) -> int:
    if not isinstance(rows, Select):
        return len(rows)
    return session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
