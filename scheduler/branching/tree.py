"""The tree: where numbers that are whole in any schedule are not, the program is solved with less and with more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import ceil, floor, inf
from typing import NamedTuple

from scheduler.branching.cuts import Cuts
from scheduler.branching.program import Program
from scheduler.branching.rows import Cluster
from scheduler.branching.simplex import Basis
from scheduler.branching.split import Key, Split, Splits
from scheduler.columns.grid import Grid
from scheduler.facts import Facts
from scheduler.linear import SLACK

Limits = dict[Key, tuple[float, float]]
ROUNDS, GAIN = 8, 0.3
"""Of cuts, before anything is split; a round that gains less is the last one."""


def bound_by_branching(
    f: Facts, sittings: int, groups: int, most: int, stop: Callable[[], bool], tell: Callable[[int], None]
) -> None:
    """Tell what the mismatch of these people is at least, as it rises, until it is ``most`` or nothing is left.

    ``f``: of the people of some directions, asked alone; ``sittings``, ``groups``: they have no more.
    """
    Tree(Program(Cluster(f, Grid.of(f), sittings, groups)), most, stop, tell).grow()


@dataclass(frozen=True)
class Node:
    """A program with limits of its own, solved: what it is split by, and where the solver stood."""

    limits: Limits
    split: Split | None
    """``None`` where all that is counted is whole, or nothing was solved."""
    basis: Basis


class Waiting(NamedTuple):
    """In line: the least bound first, then whoever came first."""

    bound: float
    number: int
    node: Node


class Tree:
    """Best first: the least bound in line is what is proven."""

    def __init__(self, program: Program, most: int, stop: Callable[[], bool], tell: Callable[[int], None]) -> None:
        self.p, self.cuts, self.splits = program, Cuts(program), Splits(program)
        self.most, self.stop, self.tell = most, stop, tell
        self.number = count()
        self.line: list[Waiting] = []

    def grow(self) -> None:
        """Until stopped, or the bound is as high as it may be, or all that is counted is whole."""
        self._wait(self._cut(), {})
        while not self.stop():
            self.tell(min(self.most, ceil(self.line[0].bound - SLACK)) if self.line else self.most)
            if not self.line or not self.line[0].node.split:
                return
            bound, _, node = heappop(self.line)
            for limits in self._sides(node):
                self._wait(max(bound, self._solved(limits, node.basis)), limits)

    def _wait(self, bound: float, limits: Limits) -> None:
        """What costs as much as it may at the most is not looked at any more."""
        if bound <= self._enough:
            node = Node(limits, self.splits.next(), self.p.lp.basis())
            heappush(self.line, Waiting(bound, next(self.number), node))

    def _cut(self) -> float:
        """The whole, with cuts as long as they help."""
        bound = self.p.grow(self.stop)
        for _ in range(ROUNDS):
            rows = self.cuts.broken() if self.p.solved else []
            for row in rows:
                self.p.add(row)
            before, bound = bound, max(bound, self.p.grow(self.stop) if rows else 0.0)
            if bound < before + GAIN:
                break
        return bound

    def _sides(self, node: Node) -> Iterator[Limits]:
        """With less and with more of what is not whole."""
        if node.split:
            key, n = node.split.key, node.split.count
            low, high = node.limits.get(key, (-inf, inf))
            yield {**node.limits, key: (low, floor(n))}
            yield {**node.limits, key: (ceil(n), high)}

    def _solved(self, limits: Limits, basis: Basis) -> float:
        """With these limits, from where the solver stood before them: what is proven."""
        for key, row in self.splits.rows.items():
            self.p.limit(row, *limits.get(key, (-inf, inf)))
        self.p.lp.start(basis)
        return self.p.grow(self.stop, self._enough)

    @property
    def _enough(self) -> float:
        return self.most - 1 + SLACK
