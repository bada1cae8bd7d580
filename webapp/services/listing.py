"""A long table by pages: what was searched, chosen and sorted is done by the database, ten thousand rows or ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from webapp.services.kernel import Sentence

SIZES = (50, 100, 200)
"""Rows of a page that may be chosen; the first is the usual."""


@dataclass(frozen=True)
class Column:
    """A column: what stands in a cell, here and in Excel, and what the database sorts by (``None``: not at all)."""

    key: str
    label: str
    text: Callable[[Any], str | Sentence]
    order: Any = None
    name: bool = False
    """A person's name: it never breaks over lines and leads to the person."""
    said: bool = False
    """The cell holds words of ours, to be said in the visitor's language."""


@dataclass(frozen=True)
class Facet:
    """Something to choose by: value → words, and the condition that a value stands for."""

    key: str
    label: str
    choices: Mapping[str, str]
    where: Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Table:
    """A kind of list: its rows before anything is asked, its columns, what can be chosen, how a word is looked for."""

    rows: Select[Any]
    columns: tuple[Column, ...]
    facets: tuple[Facet, ...] = ()
    search: Callable[[str], ColumnElement[bool]] | None = None
    usual: str = ""
    """The column it is sorted by where nothing is asked."""
    unique: Any = None
    """What decides among equals, so that pages neither repeat nor lose a row."""
    whole_rows: bool = False
    """Rows of several columns instead of one object each."""

    def read(self, session: Session, query: Select[Any]) -> Iterator[Any]:
        """The rows of a query of this table."""
        yield from session.execute(query) if self.whole_rows else session.scalars(query)


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
    query = _asked(table, asked)
    count, whole = (session.scalar(select(func.count()).select_from(q.subquery())) or 0 for q in (query, table.rows))
    last = max(1, -(-count // asked.size))
    at = min(asked.page, last)
    rows = table.read(session, _sorted(table, query, asked).limit(asked.size).offset((at - 1) * asked.size))
    now = Asked(asked.words, asked.sort, asked.down, at, asked.size, asked.chosen)
    return Page(table, now, tuple(rows), count, whole)


def every(session: Session, table: Table, asked: Asked) -> Iterator[list[str]]:
    """The texts of all rows that are meant, for Excel."""
    for row in table.read(session, _sorted(table, _asked(table, asked), asked)):
        yield [str(column.text(row)) for column in table.columns]


def _asked(table: Table, asked: Asked) -> Select[Any]:
    query = table.rows
    for facet in table.facets:
        if (value := asked.chosen.get(facet.key, "")) in facet.choices:
            query = query.where(facet.where(value))
    for word in asked.words.split() if table.search else ():
        query = query.where(table.search(word))  # type: ignore[misc]
    return query


def _sorted(table: Table, query: Select[Any], asked: Asked) -> Select[Any]:
    by = {column.key: column.order for column in table.columns if column.order is not None}
    order = by.get(asked.sort, by.get(table.usual))
    keys = [] if order is None else [order.desc() if asked.down and asked.sort in by else order.asc()]
    return query.order_by(*keys, table.unique) if table.unique is not None else query.order_by(*keys)
