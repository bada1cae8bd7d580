"""Problems by clusters of directions that share experts: what each needs at least, and better panels for one of them.

Each cluster is asked alone, with every room and as many experts without strength as it wants, so the sum of what the
clusters need at least is a bound of the whole. What is found for one is tried with the other clusters' panels around.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import ceil

from scheduler.bounds import Bounds
from scheduler.columns import sets_of
from scheduler.facts import Facts
from scheduler.held import Held, hold
from scheduler.improve import Improver
from scheduler.linear import SLACK
from scheduler.patterns import Class, Patterns, classes_of, longest_of, seats_of
from scheduler.prove import LARGEST
from scheduler.remake import remake
from scheduler.schedule import MISMATCH

Cluster = tuple[str, ...]
"""Its directions."""
PLACES = 12_000
"""Of experts on panels in sessions: up to so many, clusters are joined."""
PATTERNS = 5.0
"""Seconds for a cluster by patterns, where branching can go on."""
PATIENCE = 40.0
"""Seconds in which branching proves nothing more, before it is left."""
SETS = 7_000
"""Sets of sessions a panel may have: up to so many, branching looks at all of them."""
SPARE = 2
"""Up to so many groups more than the least there can be, a bound of the mismatch is made up of the clusters'."""


@dataclass(frozen=True)
class Demand:
    """A cluster that shall do with so many sittings and groups."""

    cluster: Cluster
    sittings: int
    groups: int


@dataclass
class Least:
    """What a cluster needs at least: sittings, and groups with so many sittings."""

    sittings: int
    groups: int


class Clusters:
    """What the clusters need at least; several threads may ask different demands."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed
        self.bound: dict[Demand, int] = {}
        """Mismatch at least."""
        self.ended: set[Demand] = set()
        self.least = {c: self.counted(c) for c in self.facts}
        """Counted at first; grows as less turns out to be impossible. Made here, before several threads ask for it."""

    @cached_property
    def facts(self) -> dict[Cluster, Facts]:
        """By cluster, the smallest first: the facts of its people."""
        found = {c: self.f.part({a.id for a in self.f.problem.applicants if a.direction in c}) for c in self._merged()}
        return dict(sorted(found.items(), key=lambda pair: pair[1].count.total()))

    @cached_property
    def branching(self) -> bool:
        """Whether every cluster's mismatch can be bounded by branching."""
        return all(map(few_sets, self.facts.values()))

    def counted(self, c: Cluster) -> Least:
        """What counting says the cluster needs at least."""
        mine = [b for b in self.f.blocks if b[0] in c]
        return Least(sum(self.f.least_sittings(b, 0) for b in mine), sum(self.f.least_groups(b, 0) for b in mine))

    @property
    def before(self) -> tuple[int, int]:
        """Everyone heard in as few sittings as the clusters need: the costs at which the groups' bounds hold."""
        return 0, sum(x.sittings for x in self.least.values())

    @property
    def groups(self) -> int:
        """So many the clusters need at least."""
        return sum(x.groups for x in self.least.values())

    def _merged(self) -> list[Cluster]:
        """All, or blocks joined while they share experts, the closest first, as long as a model of them stays small."""
        heard = [d for d in self.f.count if self.f.count[d]]
        if self._near(heard):
            return [tuple(heard)] if heard else []
        parts = [set(b) for b in self.f.blocks if any(self.f.count[d] for d in b)]
        know = [set(self.f.know(p)) for p in parts]
        close = {(i, j): len(know[i] & know[j]) for i, j in combinations(range(len(parts)), 2)}
        home = list(range(len(parts)))
        for (i, j), shared in sorted(close.items(), key=lambda pair: -pair[1]):
            a, b = home[i], home[j]
            if a != b and shared and self._near(parts[a] | parts[b]):
                parts[a] |= parts[b]
                home = [a if h == b else h for h in home]
        number = self.f.direction_number.__getitem__
        return [tuple(sorted(parts[h], key=number)) for h in sorted(set(home))]

    def _near(self, directions: Iterable[str]) -> bool:
        """Whether a model of these directions is small enough to be solved."""
        return self.places(directions) <= PLACES

    def places(self, directions: Iterable[str]) -> int:
        """Of experts on panels in sessions, with as few panels as can be."""
        blocks = {b for b in self.f.blocks for d in directions if d in b}
        panels = sum(self.f.least_groups(b, 0) for b in blocks)
        return panels * len(self.f.problem.experts) * len(self.f.sessions)

    def _longest(self, classes: Sequence[Class]) -> dict[Class, int]:
        return longest_of(self.f, classes, self.i.cost[1])

    def _size(self, directions: Iterable[str]) -> int:
        classes = classes_of(self.f, directions)
        return seats_of(self.f, classes, self._longest(classes))

    def next(self, busy: Container[object] = ()) -> Demand | None:
        """The next cluster, the smallest first, with as few groups as may be enough."""
        cost = self.i.cost
        if cost[:2] != self.before or len(self.facts) < 2:
            return None
        for more in range(min(cost[2] - self.groups, SPARE) + 1):
            for c in self.facts:
                demand = Demand(c, self.least[c].sittings, self.least[c].groups + more)
                if demand not in self.ended and demand not in busy and (self._small(c) or few_sets(self.facts[c])):
                    return demand
        return None

    def ask(self, demand: Demand, seconds: float, stop: Callable[[], bool]) -> None:
        """Take a demand as far as it gets: by patterns, which find panels, then by branching, which proves more."""
        before, branching = self.before, few_sets(self.facts[demand.cluster])

        def over() -> bool:
            return stop() or self.before != before

        proven = self._small(demand.cluster) and self._by_patterns(
            demand, min(PATTERNS, seconds) if branching else seconds, over
        )
        if branching and not proven and not over():
            self._by_branching(demand, over)
        self.ended.add(demand)

    def _by_branching(self, demand: Demand, over: Callable[[], bool]) -> None:
        """As long as its bound rises now and then."""
        from scheduler.branching import bound_by_branching  # numba takes its time: not before it is wanted

        mine, rose = sum(h.mismatch for h in self._panels(demand)), time.monotonic()

        def tell(bound: int) -> None:
            nonlocal rose
            if bound > self.bound.get(demand, 0):
                rose = time.monotonic()
            self._watch(demand, bound)

        def tired() -> bool:
            return over() or time.monotonic() > rose + PATIENCE

        bound_by_branching(self.facts[demand.cluster], demand.sittings, demand.groups, mine, tired, tell)

    def _small(self, c: Cluster) -> bool:
        return self._size(c) <= LARGEST

    def _by_patterns(self, demand: Demand, seconds: float, over: Callable[[], bool]) -> bool:
        """What it finds is put in the place of the cluster's panels; whether nothing is open any more."""
        p = self._program(demand)
        answer = p.solve(
            p.levels[MISMATCH], seconds, seed=self.seed, watch=lambda bound: self._watch(demand, bound), stop=over
        )
        if answer.impossible and not over():
            self.least[demand.cluster].groups = max(self.least[demand.cluster].groups, demand.groups + 1)
            self.tell()
        elif answer.values is not None:
            self._watch(demand, answer.bound)
        if answer.proven and not answer.impossible:
            self._fit(demand, seconds, over)
        return answer.proven

    def _watch(self, demand: Demand, bound: float) -> None:
        self.bound[demand] = max(ceil(bound - SLACK), self.bound.get(demand, 0))
        self.tell()

    def _panels(self, demand: Demand) -> list[Held]:
        return [h for h in self.i.panels if {*h.panel.directions} <= {*demand.cluster}]

    def _program(self, demand: Demand) -> Patterns:
        c = demand.cluster
        classes = classes_of(self.f, c)
        p = Patterns(self.facts[c], classes, longest=self._longest(classes), pool=True, counted=False)
        p.row(p.levels[1], high=demand.sittings)
        p.row(p.levels[2], high=demand.groups)
        return p

    def tell(self) -> None:
        """The sums of the clusters as bounds; groups to spare go where they help most."""
        self.b.put((0,), self.before[1])
        self.b.put(self.before, self.groups)
        cost = self.i.cost
        spare = cost[2] - self.groups
        if cost[:2] != self.before or not 0 <= spare <= SPARE:
            return
        best = [0] * (spare + 1)
        for c, least in self.least.items():
            mine = [self.bound.get(Demand(c, least.sittings, least.groups + n), 0) for n in range(spare + 1)]
            best = [min(best[k - n] + mine[n] for n in range(k + 1)) for k in range(spare + 1)]
        self.b.put(cost[:3], min(best))

    def at_least(self, directions: Collection[str]) -> int:
        """What the mismatch of these is at least, as far as it is known, with as many groups as there are now."""
        spare = max(0, self.i.cost[2] - self.groups)
        asked = [Demand(c, x.sittings, x.groups + spare) for c, x in self.least.items() if {*c} <= {*directions}]
        return sum(self.bound.get(demand, 0) for demand in asked)

    def _fit(self, demand: Demand, seconds: float, stop: Callable[[], bool]) -> None:
        """Other panels for the cluster in the rooms that the others leave."""
        c, mine = demand.cluster, self._panels(demand)
        if self.i.cost[:2] == self.before and sum(h.mismatch for h in mine) > self.bound.get(demand, 0):
            classes = classes_of(self.f, c)
            found = remake(self.f, self.i.panels, mine, classes, seconds, stop, self.seed, self._longest(classes))
            self.i.offer([hold(self.f, panel) for panel in found or ()])


def few_sets(f: Facts) -> bool:
    """Whether branching can look at every set of sessions a panel may have."""
    return sets_of(f) <= SETS
