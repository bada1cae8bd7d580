"""Panels made anew by simulated annealing: all that share experts, at once, in as many sittings and groups."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from scheduler.annealing.best import best_only
from scheduler.annealing.given import MOST_SESSIONS, Given, given
from scheduler.annealing.kernel import STEPS, cool, seats
from scheduler.around import Around
from scheduler.arrays import NOBODY, Numbers
from scheduler.facts import Facts
from scheduler.patterns import Class, Times

COLD = 0.1
"""The temperature at the end, for each sitting a panel has on average."""
LOOK = 20_000
"""Moves after which it is asked whether to stop."""
Seated = tuple[Class, Times, tuple[int, ...]]
"""A panel with its members, or some of them."""
Stop = Callable[[], bool]
NEVER = 2**60
"""More than any mismatch."""


class Ended(NamedTuple):
    """How a try ended."""

    least: int
    """The least mismatch it met without a broken rule; ``NEVER`` where there was none."""
    panels: list[Seated] | None
    """The panels, where that is less than was asked for."""


def anneal(
    f: Facts,
    around: Around,
    panels: Sequence[Seated],
    moves: int,
    most: int,
    rng: random.Random,
    stop: Stop,
    heat: float,
    best: bool = False,
) -> Ended:
    """Panels of the same classes with fewer mismatches than ``most``, if there are any; a few seats may be open.

    ``f``: of the people to be heard; ``moves``: for each panel; ``heat``: at first, the less the more stays as it is;
    ``best``: whether those are left out who lack something, so that seats of theirs are open.
    """
    classes = sorted({c for c, _, _ in panels})
    held = Counter[Class]()
    for c, times, _ in panels:
        held[c] += len(times)
    g = given(f, classes, around, held)
    g = best_only(g) if best else g
    kinds = np.array([classes.index(c) for c, _, _ in panels], dtype=np.int64)
    bits = np.array([sum(1 << s for s in times) for _, times, _ in panels], dtype=np.int64)
    members = np.full((len(panels), g.size), NOBODY, dtype=np.int64)
    for row, (_, _, mine) in zip(members, panels, strict=True):
        row[: len(mine)] = mine
    least = _cooled(g, kinds, bits, members, moves, heat, rng, stop)
    return Ended(least, _seated(classes, kinds, bits, members) if least < most else None)


def _cooled(
    g: Given,
    kinds: Numbers,
    times: Numbers,
    members: Numbers,
    moves: int,
    heat: float,
    rng: random.Random,
    stop: Stop,
) -> int:
    """The least mismatch; its panels are in ``times`` and ``members`` then."""
    x, found, sittings = seats(g, kinds, times, members), NEVER, sum(int(t).bit_count() for t in times) / len(kinds)
    looks = ceil(moves * len(kinds) / LOOK)
    rounds, fall = max(1, ceil(moves * len(kinds) / STEPS / looks)), (COLD / heat) ** (1 / looks)
    for look in range(looks):
        hot = heat * sittings * fall**look
        found = cool(g, x, hot, hot * fall, rounds, rng.randrange(2**31), found, times, members)
        if stop():
            break
    return found


def _seated(classes: Sequence[Class], kinds: Numbers, times: Numbers, members: Numbers) -> list[Seated]:
    sessions = range(MOST_SESSIONS)
    return [
        (classes[kind], tuple(s for s in sessions if int(bits) >> s & 1), tuple(int(e) for e in row if e != NOBODY))
        for kind, bits, row in zip(kinds, times, members, strict=True)
    ]
