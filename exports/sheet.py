"""A sheet as read from a file, whatever its kind; plain data that passes between processes as JSON."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula cell: its text and the value stored beside it (None where there is none)."""

    text: str
    cached: object


class Fault(str):
    """An error value of Excel's, such as #N/A: it stands where a value should be."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: cells by (row, column), both from 1; merges as (first row, first column, last row, last column)."""

    name: str
    hidden: bool
    cells: dict[tuple[int, int], object]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    @property
    def last_row(self) -> int:
        """The last row that is not empty; 0 for an empty sheet."""
        return max(self.rows, default=0)

    @cached_property
    def rows(self) -> dict[int, dict[int, object]]:
        """The filled cells of each row by column, from left to right."""
        rows: dict[int, dict[int, object]] = {}
        for (row, column), value in self.cells.items():
            rows.setdefault(row, {})[column] = value
        return rows


@dataclass(frozen=True)
class Packed:
    """A sheet as the reading process sent it: unpacked when it is looked at, so a large workbook is never whole."""

    name: str
    document: bytes

    def unpacked(self) -> Sheet:
        """Its cells."""
        return from_json(json.loads(self.document))


def to_line(document: Any) -> bytes:
    """A sheet in a line: its name, a tab, which no JSON has, and itself."""
    return (
        "\t".join(json.dumps(part, ensure_ascii=False) for part in (document["name"], document)).encode(
            "utf-8", "replace"
        )
        + b"\n"
    )


def packed(lines: bytes) -> Iterator[Packed]:
    """The sheets of such lines."""
    for line in io.BytesIO(lines):
        name, _, document = line.partition(b"\t")
        yield Packed(json.loads(name), document)


def to_json(
    name: str,
    hidden: bool,
    rows: list[list[object]],
    merges: list[tuple[int, int, int, int]],
    unseen: tuple[Iterable[int], Iterable[int]] = ((), ()),
) -> Any:
    """A sheet as the reading process sends it: rows from the first, None for an empty cell; hidden rows and columns."""
    cells = [[_out(value) for value in row] for row in rows]
    return {"name": name, "hidden": hidden, "rows": cells, "merges": merges, "unseen": [sorted(at) for at in unseen]}


def from_json(document: Any) -> Sheet:
    """The sheet that was sent."""
    cells = {
        (i, j): _in(value) if isinstance(value, list) else value
        for i, row in enumerate(document["rows"], 1)
        for j, value in enumerate(row, 1)
        if value is not None
    }
    merges = [tuple(merge) for merge in document["merges"]]
    return Sheet(document["name"], document["hidden"], cells, merges, *document["unseen"])


def _out(value: object) -> object:
    match value:
        case Fault():
            return ["fault", str(value)]
        case Formula():
            return ["formula", value.text, _out(value.cached)]
        case dt.datetime() | dt.date():
            return ["moment", value.isoformat()]
        case dt.time():
            return ["time", value.isoformat()]
        case dt.timedelta():
            return ["hours", value.total_seconds()]
    return value


def _in(value: list[Any]) -> object:
    match value:
        case ["fault", text]:
            return Fault(text)
        case ["formula", text, cached]:
            return Formula(text, _in(cached) if isinstance(cached, list) else cached)
        case ["moment", text]:
            return dt.datetime.fromisoformat(text)
        case ["time", text]:
            return dt.time.fromisoformat(text)
    return dt.timedelta(seconds=value[1])
