"""The page of benchmarks in Markdown, from measured rows alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isinf

from scheduler.bench.figures import Row, Run, compare, missed, ratios
from scheduler.bench.instances import CURVE, TABLE, WORDS
from scheduler.schedule import LEVELS

HEAD = """# Benchmarks

`rostrum bench` made this page from the figures in `{figures}`. Each instance goes through `rostrum solve` in a process
of its own; times count from the start of that process, reading and imports included; the package's checker judges
every schedule.

    rostrum bench                                     # the table and the curve, into docs/benchmarks.md
    rostrum bench curve -o docs/benchmarks.md         # these rows anew, the others stay
    rostrum bench n300-1 made-500-7-mixes-pins my.json --seconds 20
    rostrum bench --peer "python run.py {{instance}} {{output}} {{seconds}}"

Names: {names}; `made-N-SEED`, an instance of N applicants, with any of {words} behind it; else a file.

A peer is any program that reads an instance and writes a schedule in our format. It runs after ours with the same
seconds on the same cores, not on the curve, and our checker counts its cost. Timefold (Java), for one: a program around
the jars of `pip install timefold==1.24.0b0` and a JDK 17.
"""
COSTS = """
## What must be reached

**Bold**: proven, the cost is its lower bound; elsewhere the bound stands behind the cost. “All heard”: the first
schedule that leaves nobody out. Memory: all processes of the run together.

"""
PEER = """
## Beside the peer

The first level that differs decides. Ratio: ours ÷ the peer's, level by level; below 1 is better.

"""
GROWTH = """
## From 100 to 30,000

Instances of our generator, each as tight as the others. A run ends when every level is proven, else at its limit; the
dotted lines grow with the applicants.

"""
RUN = (*LEVELS, "status", "all heard", "total", "memory")
BESIDE = ("instance", "limit", "rostrum", "peer", "rostrum is", "ratio", "peer's time", "peer's memory")


def page(rows: Iterable[Row], figures: str, picture: str) -> str:
    """The whole page; ``figures`` and ``picture`` are the names of the files beside it."""
    ordered = in_order(rows)
    judged, growth = [r for r in ordered if r.name not in CURVE], [r for r in ordered if r.name in CURVE]
    beside = [r for r in ordered if r.peer is not None]
    words = _words(f"-{word}" for word in WORDS)
    parts = [HEAD.format(figures=figures, names=_words(TABLE), words=words), _machines(ordered)]
    if judged:
        parts += [COSTS, _table(("instance", "applicants", "limit", *RUN, "must reach"), map(_judged, judged))]
    if beside:
        parts += [PEER, _table(BESIDE, map(_beside, beside))]
    if growth:
        shown = f"![Seconds and megabytes over applicants]({picture})\n\n" if len(growth) > 1 else ""
        parts += [GROWTH, shown, _table(("applicants", "limit", *RUN), map(_grown, growth))]
    return "".join(parts)


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The table's rows, the curve's, then the others by name."""
    known = [*TABLE, *CURVE]
    return sorted(rows, key=lambda r: (known.index(r.name) if r.name in known else len(known), r.name))


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _machines(rows: Sequence[Row]) -> str:
    """Where and when; by row if not all on one day on one machine."""
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(f"{row.day}, {row.machine}", []).append(row.name)
    several = len(places) > 1
    return "\n" + "".join(f"- {place}{': ' + ', '.join(n) if several else ''}\n" for place, n in places.items())


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _judged(row: Row) -> list[str]:
    wrong = missed(row, TABLE.get(row.name))
    reached = "reached" if row.name in TABLE else "–"
    return [row.name, f"{row.applicants:,}", f"{row.seconds:g} s", *_run(row.ours), "; ".join(wrong) or reached]


def _grown(row: Row) -> list[str]:
    return [f"{row.applicants:,}", f"{row.seconds:g} s", *_run(row.ours)]


def _run(run: Run) -> list[str]:
    if not run.cost:
        return [*["–"] * len(LEVELS), "no valid schedule", "–", _seconds(run.total), _memory(run)]
    cells = [f"**{c}**" if c == b else f"{c} ({b})" for c, b in zip(run.cost, run.bound, strict=True)]
    status = "optimal" if run.proven == len(LEVELS) else f"{run.proven} levels proven"
    return [*cells, status, _seconds(run.heard), _seconds(run.total), _memory(run)]


def _beside(row: Row) -> list[str]:
    peer, names = row.peer, [row.name, f"{row.seconds:g} s"]
    assert peer is not None
    ours = _vector(row.ours)
    if not peer.cost or not row.ours.cost:
        told = "; ".join(peer.faults) or "without a valid schedule"
        return [*names, ours, _vector(peer), told, "–", _seconds(peer.total), _memory(peer)]
    shares = ", ".join("∞" if isinf(x) else f"{x:.3g}" for x in ratios(row.ours.cost, peer.cost))
    words = compare(row.ours.cost, peer.cost)[1]
    return [*names, ours, _vector(peer), words, shares, _seconds(peer.total), _memory(peer)]


def _vector(run: Run) -> str:
    return ", ".join(map(str, run.cost)) or "–"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _memory(run: Run) -> str:
    return "–" if run.megabytes is None else f"{run.megabytes:,.0f} MB"
