"""A bound of the mismatch for rounds of any size: who sits on how many panels of which length, whenever that is.

A panel of four sittings takes four of an expert's sessions or none. So who has few sessions serves short panels only,
and of those there are as few as there are groups: that alone says more than any count of seats. The sessions themselves
and recusals are left out, so the program is small and what it proves holds for the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from math import ceil

from scheduler.bounds import Bounds
from scheduler.facts import Facts
from scheduler.linear import Linear, Terms
from scheduler.patterns import Class, classes_of
from scheduler.patterns.seats import chair_steps


class Lengths(Linear):
    """``panels[c, k]``: of class ``c`` with ``k`` sittings; on them experts, and strangers counted by length."""

    def __init__(self, facts: Facts, sittings: int, groups: int) -> None:
        """Everyone is heard in so many sittings by so many groups, at the most."""
        super().__init__()
        self.f, self.rules, self.mismatch = facts, facts.problem.rules, Terms()
        self.load: dict[int, Terms] = defaultdict(list)
        self.panels: dict[tuple[Class, int], int] = {}
        self.strange: dict[int, Terms] = defaultdict(list)
        for c in classes_of(facts):
            for k in range(1, min(facts.limit, sittings) + 1):
                self._panels(c, k, sittings // k)
        for k in sorted(self.strange):
            self._strangers(k)
        for e, terms in self.load.items():
            self.row(terms, high=facts.most_sessions(e))
        self._everyone()
        self.row([(n, k) for (_, k), n in self.panels.items()], high=sittings)
        self.row([(n, len(c)) for (c, _), n in self.panels.items()], high=groups)

    def _panels(self, c: Class, k: int, most: int) -> None:
        """H5 and H7, of all panels of the class and length together."""
        f, size, least = self.f, self.rules.panel_size, self.rules.min_specialists
        n = self.panels[c, k] = self.column(most)
        mine = {e: self.column(f.most_sessions(e) // k) for e in f.know(c) if f.most_sessions(e) >= k}
        other = self.column(most * max(0, size - max(1, least)))
        self.strange[k].append((other, -1))
        self.row([*((v, 1) for v in mine.values()), (other, 1), (n, -size)], 0, 0)
        for d in c:
            self.row([*((v, 1) for e, v in mine.items() if f.strength(e, d) >= 2), (n, -least)], low=0)
        for e, v in mine.items():
            self.row([(v, 1), (n, -1)], high=0)
            self.load[e].append((v, k))
        self.mismatch += [(v, k * f.lack(e, c)) for e, v in mine.items() if f.lack(e, c)]
        self.mismatch.append((other, 3 * k * len(c)))
        self._chairs(c, k, n, {e: v for e, v in mine.items() if f.may_chair(e, c)})

    def _chairs(self, c: Class, k: int, n: int, chairs: dict[int, int]) -> None:
        """The chair counts once more, in steps of what the best at hand lacks."""
        self.row([*((v, 1) for v in chairs.values()), (n, -1)], low=0)
        steps = chair_steps(self, n, {v: self.f.lack(e, c) for e, v in chairs.items()})
        self.mismatch += [(missing, k) for missing in steps]

    def _strangers(self, k: int) -> None:
        """Whoever has time may fill the last seats, on any panel of the length."""
        sits = []
        for e in range(len(self.f.problem.experts)):
            if self.f.most_sessions(e) >= k:
                v = self.column(self.f.most_sessions(e) // k)
                self.load[e].append((v, k))
                sits.append((v, 1.0))
        self.row([*sits, *self.strange[k]], 0, 0)

    def _everyone(self) -> None:
        """Sittings enough for each block and each direction."""
        f = self.f
        for b in f.blocks:
            self.row([(n, k) for (c, k), n in self.panels.items() if {*c} & {*b}], low=f.least_sittings(b, 0))
        for d, people in f.count.items():
            held: Terms = [(n, k) for (c, k), n in self.panels.items() if d in c]
            self.row(held, low=ceil(people / max(1, f.most)))


def bound_mismatch(
    facts: Facts, bounds: Bounds, cost: tuple[int, ...], seconds: float, stop: Callable[[], bool], seed: int = 0
) -> None:
    """What the mismatch is at least with everyone heard at this cost's sittings and groups."""
    p = Lengths(facts, cost[1], cost[2])
    key = (0, *cost[1:3])
    answer = p.solve(p.mismatch, seconds, seed=seed, stop=stop, watch=lambda bound: bounds.put(key, bound))
    if not answer.impossible:
        bounds.put(key, answer.bound)
