"""How many patterns and seats a program would have, before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from math import comb

from scheduler.facts import Facts
from scheduler.patterns.seats import Class


def classes_of(f: Facts, directions: Iterable[str] | None = None) -> list[Class]:
    """Every set of directions a panel may hear: of all, or of these."""
    wanted = {d for d, n in f.count.items() if n} & set(f.count if directions is None else directions)
    number = f.direction_number.__getitem__
    found: set[Class] = {(d,) for d in wanted}
    for mix in f.problem.rules.mixes:
        here = sorted(mix & wanted, key=number)
        for n in range(2, len(here) + 1):
            found |= set(combinations(here, n))
    return sorted(found)


def seats_of(f: Facts, classes: Iterable[Class], longest: Mapping[Class, int], everybody: bool = False) -> int:
    """Seats by patterns, about: of the experts who know a direction of the class, or of ``everybody``."""

    @cache
    def sets(n: int, most: int) -> int:
        return sum(comb(n, k) for k in range(1, most + 1))

    every = range(len(f.problem.experts))
    return sum(
        sets(len(f.open[e]), longest.get(c, f.limit)) for c in classes for e in (every if everybody else f.know(c))
    )


def longest_of(f: Facts, classes: Iterable[Class], sittings: int | None) -> dict[Class, int]:
    """The most of one panel, where all hold so many ``sittings``: what its block needs, and what there is to spare."""
    if sittings is None:
        return {}
    spare = sittings - sum(f.least_sittings(b, 0) for b in f.blocks)
    block = {d: b for b in f.blocks for d in b}
    return {c: min(f.limit, f.least_sittings(block[c[0]], 0) + spare) for c in classes}
