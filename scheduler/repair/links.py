"""A window with its panels: links from sitting to sitting of one panel.

``link[i, j]``: spot j is the panel's next sitting after spot i. A link means the same experts, chair and directions, so
``hears`` says here what the whole panel lists. Panels outside the window count as they are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

from scheduler.repair.before import Before, Plan
from scheduler.repair.moves import Moves
from scheduler.repair.panels import chains, directions
from scheduler.repair.rules import Var, total
from scheduler.repair.window import Window


class Links(Moves):
    """The rules with panels as links."""

    def __init__(self, before: Before, window: Window) -> None:
        super().__init__(before, window)
        self.outside = chains(before, window.rest)
        self.link: dict[tuple[int, int], Var] = {}
        self.before_of: dict[int, list[Var]] = defaultdict(list)
        self.after_of: dict[int, list[Var]] = defaultdict(list)
        self.links()
        self.lengths()

    def links(self) -> None:
        """One panel before and one after at most; what is linked is alike."""
        order = sorted(self.I, key=lambda i: self.spots[i].s)
        for i, j in combinations(order, 2):
            if self.spots[i].s < self.spots[j].s and self._may_link(i, j):
                v = self.link[i, j] = self.flag("link", i, j)
                self.after_of[i].append(v)
                self.before_of[j].append(v)
                self._alike(i, j, v)
        for many in (self.after_of, self.before_of):
            for here in many.values():
                self.m.add_at_most_one(here)

    def _may_link(self, i: int, j: int) -> bool:
        a, b = self.spots[i].team, self.spots[j].team
        if not set(self.spots[i].directions) & set(self.spots[j].directions):
            return False
        return a is None or b is None or (a.chair, set(a.members)) == (b.chair, set(b.members))

    def _alike(self, i: int, j: int, v: Var) -> None:
        for u in (self.used[i], self.used[j]):
            if not isinstance(u, int):
                self.m.add_implication(v, u)
        for mine, other in ((i, j), (j, i)):
            for d in self.spots[mine].directions:
                there = self.hears.get((other, d), 0)
                self.m.add(self.hears[mine, d] <= there).only_enforce_if(v)
        self._same_experts(i, j, v, self.seat, "members")
        self._same_experts(i, j, v, self.chair, "chair")

    def _same_experts(self, i: int, j: int, v: Var, seats: dict[tuple[int, int], Var], what: str) -> None:
        """Both have as many, so that one way will do."""
        for mine, other in ((i, j), (j, i)):
            team = self.spots[mine].team
            if team is not None:
                names = team.members if what == "members" else (team.chair,)
                for e in (self.f.expert_number.get(m, -1) for m in names):
                    if self.spots[other].team is None:
                        self.m.add(seats.get((other, e), 0) == 1).only_enforce_if(v)
                return
        for e in range(len(self.p.experts)):
            if (i, e) in seats:
                self.m.add(seats[i, e] <= seats.get((j, e), 0)).only_enforce_if(v)

    def lengths(self) -> None:
        """H12: a panel has so many sittings at most."""
        linked = sorted({i for pair in self.link for i in pair})
        number = {i: self.whole(self.f.limit - 1, "number", i) for i in linked}
        for (i, j), v in self.link.items():
            self.m.add(number[j] >= number[i] + 1).only_enforce_if(v)

    def first(self, i: int) -> Any:
        """1 where no link leads to the spot."""
        return 1 - total(self.before_of[i]) if self.before_of[i] else 1

    def values(self, plan: Plan) -> dict[Any, int]:
        """As in :class:`Moves`, with the links; what follows from them is left to the solver."""
        values = super().values(plan)
        spot = {x.place(self.f): i for i, x in enumerate(self.spots)}
        for chain in chains(self.before, plan):
            mine = [spot[h.place] for h in chain if h.place in spot]
            for n, i in enumerate(mine):
                values["number", i] = n
                for d in directions(self.p, chain):
                    values["hears", i, d] = 1
                    values["head", i, d] = int(n == 0)
            for i, j in pairwise(mine):
                values["link", i, j] = 1
        return values

    def plan(self, value: Any) -> Plan:
        """The plan with its sittings named by panel."""
        home = {i: i for i in self.I}
        for (i, j), v in sorted(self.link.items(), key=lambda row: self.spots[row[0][0]].s):
            if value(v):
                home[j] = home[i]
        label = {self.spots[i].place(self.f): f"spot {home[i]}" for i in self.I}
        return tuple(replace(h, panel=label.get(h.place, h.panel)) for h in super().plan(value))
