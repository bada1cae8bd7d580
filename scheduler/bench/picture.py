"""The curve as a picture: seconds and megabytes over applicants, both scales logarithmic, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from scheduler.bench.figures import Row

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 520, 350, 62, 54, 24, 48
BLUE, ORANGE, GREY = "#0b6394", "#b4530a", "#767676"
STYLE = "text{font:12px system-ui,sans-serif;fill:#222}.title{font-size:14px;font-weight:600}.tick{fill:#555}"


@dataclass(frozen=True)
class Line:
    """A named series of (applicants, value), values above 0."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]


def curve(rows: Sequence[Row]) -> str:
    """The picture of runs of growing size; at least two of them."""
    heard = [(r.applicants, r.ours.heard) for r in rows if r.ours.heard]
    total = [(r.applicants, r.ours.total) for r in rows]
    memory = [(r.applicants, r.ours.megabytes) for r in rows if r.ours.megabytes]
    panels = [
        _Panel("seconds", [Line("everyone heard", BLUE, heard), Line("end of the run", ORANGE, total)]),
        _Panel("megabytes of memory", [Line("memory", BLUE, memory)]),
    ]
    sizes = [r.applicants for r in rows]
    drawn = "".join(f'<g transform="translate({i * WIDTH})">{p.draw(sizes)}</g>' for i, p in enumerate(panels))
    wide = WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT}" width="{wide}" height="{HEIGHT}" '
        'role="img"><title>Time and memory from few applicants to many, both scales logarithmic</title>'
        f'<style>{STYLE}</style><rect width="{wide}" height="{HEIGHT}" fill="#fff"/>{drawn}</svg>\n'
    )


@dataclass(frozen=True)
class _Panel:
    title: str
    lines: Sequence[Line]

    def draw(self, sizes: Sequence[int]) -> str:
        values = [y for line in self.lines for _, y in line.points] or [1.0]
        frame = _Frame(min(sizes), max(sizes), 10 ** floor(log10(min(values))), 10 ** ceil(log10(max(values) * 1.001)))
        return (
            f'<text class="title" x="{LEFT}" y="20">{escape(self.title)}</text>'
            + frame.axes(sizes)
            + "".join(frame.in_line(line) + frame.line(line) for line in self.lines)
            + "".join(_key(i, line.name, line.colour) for i, line in enumerate(self.lines))
            + _key(len(self.lines), "in line with the applicants", GREY, dashes="2 3")
        )


@dataclass(frozen=True)
class _Frame:
    """From applicants and values to places in the picture."""

    x0: float
    x1: float
    y0: float
    y1: float

    def x(self, value: float) -> float:
        share = log10(value / self.x0) / log10(self.x1 / self.x0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = log10(value / self.y0) / log10(self.y1 / self.y0)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def axes(self, sizes: Sequence[int]) -> str:
        """A line for each power of ten, a mark for each size."""
        powers = [10**k for k in range(round(log10(self.y0)), round(log10(self.y1)) + 1)]
        across = "".join(
            f'<path d="M{LEFT} {self.y(v)}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            f'<text class="tick" x="{LEFT - 8}" y="{self.y(v) + 4}" text-anchor="end">{v:,g}</text>'
            for v in powers
        )
        floor_ = HEIGHT - BOTTOM
        marks = "".join(
            f'<path d="M{self.x(n)} {floor_}v5" stroke="#555"/>'
            f'<text class="tick" x="{self.x(n)}" y="{floor_ + 18}" text-anchor="middle">{n:,}</text>'
            for n in sizes
        )
        name = f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">applicants</text>'
        return f'{across}<path d="M{LEFT} {floor_}H{WIDTH - RIGHT}" stroke="#555"/>{marks}{name}'

    def line(self, line: Line) -> str:
        """The series with a dot for each run."""
        places = [(self.x(n), self.y(v)) for n, v in line.points]
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{line.colour}"/>' for x, y in places)
        path = " ".join(f"{x},{y}" for x, y in places)
        return f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2"/>{dots}'

    def in_line(self, line: Line) -> str:
        """What the series would be if it grew with the applicants from 1,000 on, as far as the frame goes."""
        start = next(((n, v) for n, v in line.points if n >= 1000), None)
        if start is None or start[0] >= self.x1:
            return ""
        size = min(self.x1, start[0] * self.y1 / start[1])
        ends = f"{self.x(start[0])},{self.y(start[1])} {self.x(size)},{self.y(start[1] * size / start[0])}"
        return f'<polyline points="{ends}" fill="none" stroke="{GREY}" stroke-width="1.5" stroke-dasharray="2 3"/>'


def _key(place: int, name: str, colour: str, dashes: str = "") -> str:
    """A sample of a line with its name, above the frame."""
    x = LEFT + (0, 132, 264)[place]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{x} 37h20" stroke="{colour}" stroke-width="2"{dashed}/>'
        f'<text x="{x + 25}" y="41">{escape(name)}</text>'
    )
