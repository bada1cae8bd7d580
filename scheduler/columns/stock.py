"""What there is for the panels of a part, and what is asked of them; less with every panel that is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.patterns import Class, Times
from scheduler.wishes import Wish


@dataclass(frozen=True)
class Column:
    """A panel without its people, and what it counts at level 4."""

    directions: Class
    times: Times
    members: tuple[int, ...]
    chair: int
    mismatch: int


def met(wish: Wish, column: Column) -> int:
    """Sittings of the panel in which those who wish it could be heard."""
    if wish.direction not in column.directions or wish.experts.intersection(column.members):
        return 0
    return len({*column.times} & {*wish.sessions}) if wish.sessions else len(column.times)


class Stock:
    """Seats, rooms and sittings left for panels of some classes, everything else around them."""

    def __init__(
        self,
        facts: Facts,
        around: Around,
        able: Mapping[Class, Sequence[int]],
        sittings: int,
        groups: int,
    ) -> None:
        """``facts``: of the people to be heard; ``sittings``, ``groups``: at the most."""
        self.f, self.sittings, self.groups = facts, sittings, groups
        self.able = {c: list(able[c]) for c in sorted(able)}
        experts, sessions = range(len(facts.problem.experts)), range(len(facts.sessions))
        free = [[s in facts.open[e] and s not in around.busy.get(e, ()) for s in sessions] for e in experts]
        self.free = np.array(free, dtype=bool).reshape(len(experts), len(sessions))
        self.load = np.array([facts.most_sessions(e) - around.load[e] for e in experts], dtype=np.int64)
        self.rooms = np.array([n - around.taken[s] for s, n in enumerate(facts.rooms_open)], dtype=np.int64)
        self.count = {d: n for d, n in facts.count.items() if n}
        heard = [b for b in facts.blocks if any(d in self.count for d in b)]
        self.least = {b: facts.least_sittings(b, 0) for b in heard}
        spare = max(0, sittings - sum(self.least.values()))
        self.left = {b: n + spare for b, n in self.least.items()}
        """By block: so many sittings more it may have."""
        self.block = {c: facts.block_of(c) for c in self.able}

    def fits(self, column: Column) -> bool:
        """Whether the panel can still be taken."""
        k, times = len(column.times), list(column.times)
        return (
            k <= self.left[self.block[column.directions]]
            and bool((self.rooms[times] > 0).all())
            and all(k <= self.load[e] and self.free[e, times].all() for e in column.members)
        )

    def restore(self, before: Stock) -> None:
        """As it was when it was copied."""
        self.left, self.rooms, self.load, self.free = before.left, before.rooms, before.load, before.free

    def copy(self) -> Stock:
        """What is left, to come back to."""
        found = copy(self)
        found.left, found.rooms = dict(self.left), self.rooms.copy()
        found.load, found.free = self.load.copy(), self.free.copy()
        return found

    def take(self, column: Column) -> None:
        """The panel's seats, rooms and sittings are no longer there."""
        k, times = len(column.times), list(column.times)
        self.left[self.block[column.directions]] -= k
        self.rooms[times] -= 1
        for e in column.members:
            self.load[e] -= k
            self.free[e, times] = False
