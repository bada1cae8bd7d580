"""Pictures of the reports: shapes with coordinates in a box, drawn as SVG by ``_chart.html``; no script, no library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, inf, log10

LABEL, WIDTH, ROW = 190, 960, 30
"""Room for the names on the left, width of a picture, height of a row, in pixels."""
BANDS = ((-inf, 0.5, "low"), (0.5, 0.75, "middle"), (0.75, 0.9, "good"), (0.9, 1.0, "best"))
"""Agreement as it is usually read (Koo & Li 2016): from, to, class."""


@dataclass(frozen=True)
class Shape:
    """A line, a dot, a box or a text; ``look`` is its class, ``says`` its tooltip."""

    kind: str
    x: float
    y: float
    look: str
    x2: float = 0
    y2: float = 0
    text: str = ""
    says: str = ""
    anchor: str = "start"


@dataclass(frozen=True)
class Row:
    """One row: its name, its points, an interval or none."""

    name: str
    points: tuple[float, ...]
    interval: tuple[float, float] | None = None
    flagged: bool = False
    says: str = ""


@dataclass
class Chart:
    """A picture with what it shows in words, for who cannot see it."""

    title: str
    height: float = 0
    shapes: list[Shape] = field(default_factory=list)
    width: float = WIDTH


@dataclass(frozen=True)
class Axis:
    """Values from ``low`` to ``high`` laid out between the labels and the right edge."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Sequence[float]) -> Axis:
        """An axis with round ticks that holds all values."""
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if high - low < 1e-9:
            low, high = low - 1, high + 1
        step: float = 10 ** floor(log10((high - low) / 4))
        step *= next(n for n in (1, 2, 5, 10) if (high - low) / (step * n) <= 6)
        return cls(floor(low / step) * step, ceil(high / step) * step, step)

    def at(self, value: float) -> float:
        """Where a value stands, in pixels; beyond the ends at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(LABEL + share * (WIDTH - LABEL - 20), 1)

    def ticks(self) -> Iterator[float]:
        """The values that are written under the axis."""
        for n in range(round((self.high - self.low) / self.step) + 1):
            yield self.low + n * self.step


def rows(title: str, found: Sequence[Row], axis: Axis, *, zero: bool = False, bands: bool = False) -> Chart:
    """A row for each name: its dots, its interval; ``zero`` marks 0, ``bands`` tints the bands of agreement."""
    chart = Chart(title, height=ROW * len(found) + 40)
    bottom = ROW * len(found) + 8
    if bands:
        for low, high, look in BANDS:
            chart.shapes.append(Shape("box", axis.at(low), 4, look, axis.at(high), bottom))
    for value in axis.ticks():
        chart.shapes.append(Shape("line", axis.at(value), 4, "grid", axis.at(value), bottom))
        chart.shapes.append(Shape("text", axis.at(value), bottom + 20, "tick", text=f"{value:g}", anchor="middle"))
    if zero:
        chart.shapes.append(Shape("line", axis.at(0), 4, "zero", axis.at(0), bottom))
    for n, row in enumerate(found):
        y = ROW * n + 22
        chart.shapes.append(
            Shape("text", LABEL - 12, y + 5, "flag" if row.flagged else "name", text=row.name, anchor="end")
        )
        if row.interval:
            chart.shapes += _interval(row.interval, axis, y, row.says)
        look = "flag" if row.flagged else "dot"
        chart.shapes += [Shape("dot", axis.at(x), y, look, says=row.says or f"{row.name} {x:g}") for x in row.points]
    return chart


def _interval(ends: tuple[float, float], axis: Axis, y: float, says: str) -> Iterator[Shape]:
    """The line of an interval, with an arrow at an end that lies beyond the axis."""
    low, high = ends
    yield Shape("line", axis.at(low), y, "interval", axis.at(high), y, says=says)
    for beyond, arrow, value in ((low < axis.low, "◂", low), (high > axis.high, "▸", high)):
        if beyond:
            yield Shape("text", axis.at(value), y + 5, "beyond", text=arrow, says=f"{value:.2f}", anchor="middle")


def ruler(title: str, columns: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> Chart:
    """A vertical ruler in logits: each column's names beside it, high above; near ones share a line."""
    every = [value for _name, marks in columns for _label, value in marks]
    axis = Axis.over(every)
    tall = 460.0
    chart = Chart(title, height=tall + 50)

    def at(value: float) -> float:
        return round(34 + (axis.high - value) / (axis.high - axis.low) * tall, 1)

    for value in axis.ticks():
        chart.shapes.append(Shape("line", 50, at(value), "grid", WIDTH, at(value)))
        chart.shapes.append(Shape("text", 42, at(value) + 5, "tick", text=f"{value:g}", anchor="end"))
    wide = (WIDTH - 60) / max(1, len(columns))
    for n, (name, marks) in enumerate(columns):
        x = 60 + n * wide
        chart.shapes.append(Shape("text", x, 18, "head", text=name))
        for y, labels in _lines(marks, at):
            most = max(1, int(wide // 78))
            text = " ".join(labels[:most]) + (f" +{len(labels) - most}" if len(labels) > most else "")
            chart.shapes.append(Shape("text", x + 8, y + 5, "name", text=text, says=" ".join(labels)))
            chart.shapes.append(Shape("dot", x, y, "dot"))
    return chart


def _lines(marks: Sequence[tuple[str, float]], at: object, apart: float = 17) -> list[tuple[float, list[str]]]:
    """Labels by the height they stand at, those nearer than a line of text together."""
    assert callable(at)
    found: list[tuple[float, list[str]]] = []
    for label, value in sorted(marks, key=lambda mark: -mark[1]):
        y = at(value)
        if found and y - found[-1][0] < apart:
            found[-1][1].append(label)
        else:
            found.append((y, [label]))
    return found


@dataclass(frozen=True)
class Square:
    """One square of a grid: its words, its class, what it says more."""

    text: str
    look: str = ""
    says: str = ""


WIDEST = 12
"""Columns of a grid side by side; more go below."""


def grids(title: str, columns: Sequence[tuple[str, str]], found: Sequence[tuple[str, Sequence[Square]]]) -> list[Chart]:
    """Rows across columns of two-line heads, each square with its words; many columns make several pictures."""
    parts = max(1, -(-len(columns) // WIDEST))
    wide = -(-len(columns) // parts)
    made = []
    for part in range(parts):
        cut = slice(part * wide, (part + 1) * wide)
        named = title if parts == 1 else f"{title} · {part + 1}/{parts}"
        made.append(_grid(named, columns[cut], [(name, squares[cut]) for name, squares in found]))
    return made


def _grid(title: str, columns: Sequence[tuple[str, str]], found: Sequence[tuple[str, Sequence[Square]]]) -> Chart:
    chart = Chart(title, height=50 + ROW * len(found) + 10)
    step = (WIDTH - LABEL - 10) / max(1, len(columns))
    for n, (above, below) in enumerate(columns):
        x = LABEL + (n + 0.5) * step
        chart.shapes.append(Shape("text", round(x, 1), 18, "tick", text=above, anchor="middle"))
        chart.shapes.append(Shape("text", round(x, 1), 36, "tick", text=below, anchor="middle"))
    for m, (name, squares) in enumerate(found):
        y = 46 + ROW * m
        chart.shapes.append(Shape("text", LABEL - 12, y + 20, "name", text=name, anchor="end"))
        for n, square in enumerate(squares):
            x = LABEL + n * step
            chart.shapes.append(
                Shape("box", round(x + 2, 1), y + 2, square.look, round(x + step - 2, 1), y + ROW - 2, says=square.says)
            )
            middle = round(x + step / 2, 1)
            chart.shapes.append(
                Shape("text", middle, y + 20, "in", text=square.text, says=square.says, anchor="middle")
            )
    return chart


@dataclass(frozen=True)
class Bar:
    """One row of bars: parts one after the other, a word at the end."""

    name: str
    parts: tuple[tuple[float, float, str, str], ...]
    """From, to, class, what it says."""
    text: str = ""
    words: tuple[tuple[float, str], ...] = ()
    """What is written over the bars, and from where."""


def bars(title: str, found: Sequence[Bar], axis: Axis, ticks: Sequence[tuple[float, str]]) -> Chart:
    """Rows of bars over an axis with ticks in words: loads, or what happens when."""
    chart = Chart(title, height=ROW * len(found) + 40)
    bottom = ROW * len(found) + 8
    for value, word in ticks:
        chart.shapes.append(Shape("line", axis.at(value), 4, "grid", axis.at(value), bottom))
        chart.shapes.append(Shape("text", axis.at(value), bottom + 20, "tick", text=word, anchor="middle"))
    for n, bar in enumerate(found):
        y = ROW * n + 8
        chart.shapes.append(Shape("text", LABEL - 12, y + 19, "name", text=bar.name, anchor="end"))
        for low, high, look, says in bar.parts:
            chart.shapes.append(Shape("box", axis.at(low), y + 4, look, axis.at(high), y + ROW - 4, says=says))
        for at, word in bar.words:
            chart.shapes.append(Shape("text", axis.at(at) + 6, y + 20, "in", text=word))
        if bar.text:
            end = max((high for _low, high, _look, _says in bar.parts), default=axis.low)
            chart.shapes.append(Shape("text", axis.at(end) + 6, y + 19, "tick", text=bar.text))
    return chart
