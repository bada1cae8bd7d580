"""Extreme scores: who has only highest or only lowest categories tells how far, not where.

They are set apart before the estimation, as are the ratings they leave behind, until nobody is extreme; afterwards each
is measured against those estimated, with the score moved in by ``MOVED_IN`` (Linacre, Facets and Winsteps).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from scoring.errors import NotComputable
from scoring.rasch import FARTHEST, Floats, Ints, chances, moments
from scoring.said import say

MOVED_IN = 0.3
SIGNS = (1.0, -1.0, -1.0)
"""How applicants, experts and items enter a logit."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Frame:
    """R ratings as arrays: applicant, expert and item by place, the scale and the band; and each facet's places."""

    columns: tuple[Ints, Ints, Ints]
    places: tuple[dict[str, int], dict[str, int], dict[str, int]]
    scale: Ints
    band: Ints

    @classmethod
    def of(cls, keys: Sequence[tuple[str, str, str]], scale: Sequence[int], band: Sequence[int]) -> Frame:
        """Names get places in the order of their first rating."""
        a, e, i = ({name: n for n, name in enumerate(dict.fromkeys(key[f] for key in keys))} for f in range(3))
        rows = [(a[key[0]], e[key[1]], i[key[2]]) for key in keys]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        numbers = np.array(scale, dtype=np.int64), np.array(band, dtype=np.int64)
        return cls((columns[0], columns[1], columns[2]), (a, e, i), *numbers)


@dataclass(frozen=True)
class Part:
    """What is estimated, and who was set apart."""

    active: Bools
    x: Ints
    """Each rating's category among the bands its scale has in the active ratings; beyond them the nearest."""
    tops: Ints
    bands: list[Ints]
    """For each scale the bands that are its categories."""
    extreme: tuple[dict[int, bool], dict[int, bool], dict[int, bool]]
    """For each facet: the place of who was set apart → whether the score is the highest."""


def set_apart(frame: Frame) -> Part:
    """Set the extreme ones apart until nobody is.

    Raises:
        NotComputable: nobody is left.
    """
    active = np.ones(len(frame.band), dtype=bool)
    extreme: tuple[dict[int, bool], dict[int, bool], dict[int, bool]] = ({}, {}, {})
    while active.any():
        bands, x, tops = _categories(frame, active)
        found = [_ends(column, active, x, tops[frame.scale]) for column in frame.columns]
        if not any(found):
            return Part(active, x, tops, bands, extreme)
        for column, ends, known in zip(frame.columns, found, extreme, strict=True):
            known |= ends
            active &= ~np.isin(column, list(ends))
    raise NotComputable(say("没有评分，或评分没有差别，或只有最高、最低两头，没有多面 Rasch 结果。"))


def _categories(frame: Frame, active: Bools) -> tuple[list[Ints], Ints, Ints]:
    bands, x = [], np.zeros(len(frame.band), dtype=np.int64)
    for scale in range(int(frame.scale.max()) + 1):
        own = frame.scale == scale
        seen = np.unique(frame.band[own & active])
        bands.append(seen)
        x[own] = np.clip(np.searchsorted(seen, frame.band[own]), 0, max(len(seen) - 1, 0))
    return bands, x, np.array([max(len(seen) - 1, 0) for seen in bands])


def _ends(column: Ints, active: Bools, x: Ints, top: Ints) -> dict[int, bool]:
    """Who has active ratings only at the top (true) or only at the bottom of their scales."""
    count, low, high = (
        np.bincount(column[active & which], minlength=column.max() + 1) for which in (x >= 0, x == 0, x == top)
    )
    ends = np.flatnonzero((count > 0) & ((low == count) | (high == count)))
    return {int(n): bool(high[n] == count[n]) for n in ends}


def against_the_others(
    frame: Frame, part: Part, steps: Sequence[Floats], logits: Sequence[Floats], facet: int, place: int
) -> tuple[float, float, Bools] | None:
    """Measure and error of one set apart, and the ratings they rest on: those by and of who was estimated.

    ``None`` where there are no such ratings.
    """
    others = [other for other in range(3) if other != facet]
    rows = (frame.columns[facet] == place) & (part.tops[frame.scale] > 0)
    for other in others:
        rows &= ~np.isin(frame.columns[other], list(part.extreme[other]))
    if not rows.any():
        return None
    beside = sum(
        (SIGNS[other] * logits[other][frame.columns[other][rows]] for other in others), np.zeros(int(rows.sum()))
    )
    scale = frame.scale[rows]
    target = float(part.tops[scale].sum()) - MOVED_IN if part.extreme[facet][place] else MOVED_IN
    low, high = -FARTHEST, FARTHEST
    for _ in range(60):
        middle = (low + high) / 2
        expected, variance = moments(chances(beside + middle, scale, steps))
        low, high = (middle, high) if expected.sum() < target else (low, middle)
    return SIGNS[facet] * middle, 1 / sqrt(float(variance.sum())), rows
