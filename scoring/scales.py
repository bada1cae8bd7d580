"""From marks to the categories of a Rasch scale: one scale of all marks, or bands for each item."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.errors import ScoringError
from scoring.said import say

BANDS = 6
"""Bands of an item at most: fewer ratings stand in each of more."""


@dataclass(frozen=True)
class Scaled:
    """Each mark as a band, the scale it stands on, and for each scale the mean mark of every band seen, rising."""

    scale: list[int]
    band: list[int]
    values: list[list[float]]


def one_scale(marks: Sequence[Decimal]) -> Scaled:
    """Every mark seen is a category of the one scale; a mark nobody gave is none."""
    seen = sorted(set(marks))
    return Scaled([0] * len(marks), [bisect_left(seen, mark) for mark in marks], [[float(mark) for mark in seen]])


def partial_credit(marks: Sequence[Decimal], items: Sequence[str], full: Mapping[str, Decimal]) -> Scaled:
    """A scale for each item, in the order of the items' first mark.

    An item with at most ``BANDS`` different marks keeps them. Else its marks are folded into ``BANDS`` bands of equal
    width from the least mark seen to the item's full mark; each includes its lower end, the last one both.

    Raises:
        ScoringError: an item without a full mark, a mark above it.
    """
    order = {item: n for n, item in enumerate(dict.fromkeys(items))}
    own: dict[str, set[Decimal]] = defaultdict(set)
    for mark, item in zip(marks, items, strict=True):
        if item not in full:
            raise ScoringError(say("项目 %(item)s 没有写满分。", item=item))
        if mark > full[item]:
            raise ScoringError(
                say("项目 %(item)s：%(mark)s 超过满分 %(full)s。", item=item, mark=mark, full=full[item])
            )
        own[item].add(mark)
    folded = {item: _folded(seen, full[item]) for item, seen in own.items()}
    band = [folded[item][mark] for mark, item in zip(marks, items, strict=True)]
    values = []
    for item in order:
        rows = [(b, mark) for b, mark, other in zip(band, marks, items, strict=True) if other == item]
        top = max(b for b, _ in rows)
        values.append([_mean([mark for b, mark in rows if b == k]) for k in range(top + 1)])
    return Scaled([order[item] for item in items], band, values)


def _folded(seen: set[Decimal], full: Decimal) -> dict[Decimal, int]:
    """Mark → band, bands that nobody used left out."""
    if len(seen) <= BANDS:
        return {mark: n for n, mark in enumerate(sorted(seen))}
    least = Fraction(min(seen))
    raw = {mark: min(int((Fraction(mark) - least) * BANDS / (Fraction(full) - least)), BANDS - 1) for mark in seen}
    used = sorted(set(raw.values()))
    return {mark: used.index(band) for mark, band in raw.items()}


def _mean(marks: Sequence[Decimal]) -> float:
    return float(sum(map(Fraction, marks), Fraction(0)) / len(marks))
