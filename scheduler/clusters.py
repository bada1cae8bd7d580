"""Large problems by clusters of directions that share experts: bounds of groups and mismatch, and whole schedules.

Each cluster is asked alone, with every room and as many experts without strength as it wants, so the sum of what the
clusters need at least is a bound of the whole. Their solutions are then placed one after the other, the largest first,
with the rooms and experts that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from scheduler.around import Around
from scheduler.bounds import Bounds
from scheduler.facts import Facts
from scheduler.held import Held, hold
from scheduler.improve import Improver
from scheduler.patterns import Class, Pattern, Patterns, classes_of, longest_of, seats_of
from scheduler.prove import LARGEST, MISMATCH
from scheduler.staffing import Staffing

Cluster = tuple[str, ...]
"""Its directions."""
STAFF, PLACE = 5.0, 10.0
"""Seconds for the people of a cluster's panels, and for other panels where those of its plan find no room."""


@dataclass(frozen=True)
class Demand:
    """A cluster that shall do with so many groups."""

    cluster: Cluster
    groups: int


class Clusters:
    """What the clusters need at least, and their plans; several threads may ask different demands."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed
        self.bound: dict[Demand, float] = {}
        """Mismatch at least."""
        self.ended: set[Demand] = set()
        self.plan: dict[Cluster, tuple[int, list[Pattern]]] = {}
        """Groups and panels."""

    @cached_property
    def facts(self) -> dict[Cluster, Facts]:
        """By cluster, the smallest first: the facts of its people."""
        found = {c: self.f.part({a.id for a in self.f.problem.applicants if a.direction in c}) for c in self._merged()}
        return dict(sorted(found.items(), key=lambda pair: pair[1].count.total()))

    @cached_property
    def least(self) -> dict[Cluster, int]:
        """Groups at least; grows as fewer turn out to be impossible."""
        return {c: sum(self.f.least_groups(b, 0) for b in self.f.blocks if b[0] in c) for c in self.facts}

    def _merged(self) -> list[Cluster]:
        """Blocks joined while they share experts, the closest first, as long as the program stays small enough."""
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
        """Whether a program of these directions is small enough to be solved."""
        return self._size(directions) <= LARGEST

    def _longest(self, classes: Sequence[Class]) -> dict[Class, int]:
        return longest_of(self.f, classes, self.i.cost[1])

    def _size(self, directions: Iterable[str]) -> int:
        classes = classes_of(self.f, directions)
        return seats_of(self.f, classes, self._longest(classes))

    def next(self, busy: Container[object] = ()) -> Demand | None:
        """The next cluster, the smallest first, with as few groups as may be enough."""
        cost = self.i.cost
        if cost[0] or not self.b.proven(cost, 1):
            return None
        spare = cost[2] - sum(self.least.values())
        for more in range(min(spare, 2) + 1):
            for c in self.facts:
                demand = Demand(c, self.least[c] + more)
                if demand not in self.ended and demand not in busy and self._size(c) <= LARGEST:
                    return demand
        return None

    def ask(self, demand: Demand, seconds: float, stop: Callable[[], bool]) -> None:
        """Take a demand as far as it gets; what it finds is put together with the rest."""
        f, before = self.facts[demand.cluster], self.i.cost[:2]
        p = self._program(f, demand.cluster, Around(self.f), demand.groups, counted=False)
        plans: list[list[Pattern]] = []

        def watch(bound: float) -> None:
            self.bound[demand] = max(bound, self.bound.get(demand, 0))

        answer = p.solve(
            p.levels[MISMATCH],
            seconds,
            seed=self.seed,
            watch=watch,
            found=lambda values: plans.append(p.panels_in(values)),
            stop=lambda: stop() or self.i.cost[:2] != before,
            eager=True,
        )
        if answer.impossible:
            self.least[demand.cluster] = max(self.least[demand.cluster], demand.groups + 1)
        elif answer.values is not None and answer.ended:
            watch(answer.bound)
        self.ended.add(demand)
        self._tell(before)
        if plans:
            known = self.plan.get(demand.cluster)
            if known is None or demand.groups <= known[0]:
                self.plan[demand.cluster] = demand.groups, plans[-1]
                self.place(stop)

    def _program(self, f: Facts, c: Cluster, around: Around, groups: int, counted: bool) -> Patterns:
        classes = classes_of(f, c)
        p = Patterns(f, classes, around, longest=self._longest(classes), pool=True, counted=counted)
        least = {b: self.f.least_sittings(b, 0) for b in self.f.blocks}
        spare = self.i.cost[1] - sum(least.values())
        p.row(p.levels[1], high=spare + sum(n for b, n in least.items() if b[0] in c))
        p.row(p.levels[2], high=groups)
        return p

    def _tell(self, before: tuple[int, ...]) -> None:
        """The sums of the clusters as bounds; groups to spare go where they help most."""
        self.b.put(before, sum(self.least.values()))
        cost = self.i.cost
        spare = cost[2] - sum(self.least.values())
        if cost[:2] != before or not 0 <= spare <= 3:
            return
        best = [0.0] * (spare + 1)
        for c, least in self.least.items():
            mine = [self.bound.get(Demand(c, least + n), 0.0) for n in range(spare + 1)]
            best = [min(best[k - n] + mine[n] for n in range(k + 1)) for k in range(spare + 1)]
        self.b.put(cost[:3], min(best))

    def place(self, stop: Callable[[], bool]) -> None:
        """The clusters' plans with people, the largest first; a cluster without a plan keeps its panels."""
        placed: list[Held] = []
        present = self.i.panels
        for c in reversed(self.facts):
            if stop():
                return
            mine = [h for h in present if set(h.panel.directions) <= set(c)]
            found = self._placed(c, placed, mine, stop)
            if found is None:
                return
            placed += found
        self.i.offer(placed)

    def _placed(
        self, c: Cluster, placed: Sequence[Held], mine: list[Held], stop: Callable[[], bool]
    ) -> list[Held] | None:
        """The plan with people beside what is placed, else other panels for as many groups."""
        if c not in self.plan:
            return mine
        f, around, (groups, plan) = self.facts[c], Around(self.f, [h.panel for h in placed]), self.plan[c]
        staffed = Staffing(f, plan, 0, around).solve(STAFF, self.seed, stop)
        if not staffed:
            p = self._program(f, c, around, groups, counted=True)
            answer = p.solve(p.levels[MISMATCH], PLACE, seed=self.seed, stop=stop, eager=True)
            if answer.values is not None:
                staffed = Staffing(f, p.panels_in(answer.values), 0, around).solve(STAFF, self.seed, stop)
        return [hold(self.f, panel) for panel in staffed] if staffed else None
