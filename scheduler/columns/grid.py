"""Sets of sessions in which a panel may sit, as arrays: all there are, or so many of each length by chance."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from scheduler.facts import Facts
from scheduler.patterns import Times

MOST = 20_000
"""Sets of sessions."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """``sits[s, t]``: whether set ``t`` has session ``s``; ``length`` and ``slots`` of each set."""

    times: tuple[Times, ...]
    sits: Array
    length: NDArray[np.int64]
    slots: NDArray[np.int64]

    @staticmethod
    def of(f: Facts, seed: int = 0) -> Grid:
        """The shorter sets first; what is left of the number is shared by the longer ones."""
        n, rng, found = len(f.sessions), random.Random(seed), list[Times]()
        for k in range(1, f.limit + 1):
            share = (MOST - len(found)) // (f.limit + 1 - k)
            found += combinations(range(n), k) if comb(n, k) <= share else _some(n, k, share, rng)
        sits = np.zeros((n, len(found)))
        for t, times in enumerate(found):
            sits[list(times), t] = 1
        slots = np.array(f.slots, dtype=np.int64)
        return Grid(tuple(found), sits, sits.sum(0).astype(np.int64), (slots @ sits).astype(np.int64))


def sets_of(f: Facts) -> int:
    """How many sets of sessions a panel may have."""
    return sum(comb(len(f.sessions), k) for k in range(1, f.limit + 1))


def _some(n: int, k: int, share: int, rng: random.Random) -> Iterable[Times]:
    """Different sets of ``k`` of ``n`` sessions, at most ``share``."""
    return sorted({tuple(sorted(rng.sample(range(n), k))) for _ in range(share)})
