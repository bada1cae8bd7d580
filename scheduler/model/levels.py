"""The seven levels as expressions; what is around counts where a level looks at the whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from scheduler.model.rules import Rules, Var, total


class Levels(Rules):
    """The rules with the cost of each level: the part's share, the whole's for peak and spread."""

    def __init__(self, *what: Any, **named: Any) -> None:
        super().__init__(*what, **named)
        self._levels: dict[int, Any] = {}

    def level(self, k: int) -> Any:
        """The cost of level ``k``, its variables made when it is first asked for: who only asks for some has less."""
        if k not in self._levels:
            names = (self.unscheduled, self.sittings, self.groups, self.mismatch, self.days, self.peak, self.thin)
            self._levels[k] = names[k]()
        return self._levels[k]

    def minimize(self, weights: Sequence[int]) -> None:
        """Minimise the levels by weights; a single level has a one among zeros."""
        self.m.minimize(total([w * self.level(k) for k, w in enumerate(weights) if w]))

    def unscheduled(self) -> Any:
        """Level 1."""
        return total(self.left)

    def sittings(self) -> Any:
        """Level 2."""
        return total(list(self.sits.values()))

    def groups(self) -> Any:
        """Level 3."""
        return total(list(self.hears.values()))

    def mismatch(self) -> Any:
        """Level 4: by seat where a panel hears one direction, by panel and sitting where it may hear several."""
        terms = [
            (3 - self.strength(e, self.candidates[p][0])) * v
            for (p, e, _), v in self.seat.items()
            if len(self.candidates[p]) == 1 and self.strength(e, self.candidates[p][0]) < 3
        ]
        for p, ds in enumerate(self.candidates):
            terms += self._weak_chairs(p, ds[0]) if len(ds) == 1 else self._mixed(p, ds)
        return total(terms)

    def _weak_chairs(self, p: int, d: str) -> list[Var]:
        """A chair of strength 2 counts once more in every sitting."""
        weak = [v for (q, e), v in self.chair.items() if q == p and self.strength(e, d) == 2]
        found = []
        for s in self.S if weak else ():
            found.append(self.flag("weak", p, s))
            self.m.add(found[-1] >= total(weak) + self.sits[p, s] - 1)
        return found

    def _mixed(self, p: int, ds: tuple[str, ...]) -> list[Var]:
        most = 3 * (self.p.rules.panel_size + 1)
        by_direction, found = [], []
        for d in ds:
            by_direction.append(self.whole(most, "mismatch", p, d))
            each = [(3 - self.strength(e, d)) * self.member[p, e] for e in self.able[p]]
            each += [(3 - self.strength(e, d)) * v for (q, e), v in self.chair.items() if q == p]
            self.m.add(by_direction[-1] >= total(each) - most * (1 - self.hears[p, d]))
        for s in self.S:
            found.append(self.whole(most * len(ds), "mismatch in", p, s))
            self.m.add(found[-1] >= total(by_direction) - most * len(ds) * (1 - self.sits[p, s]))
        return found

    def days(self) -> Any:
        """Level 5."""
        used = []
        for i in range(len(self.f.days)):
            if i in self.around.used_days:
                continue
            used.append(self.flag("used day", i))
            for s in self.S:
                if self.f.day_number[s] == i:
                    for p in self.P:
                        self.m.add_implication(self.sits[p, s], used[-1])
        return total([*self.day.values(), *(self.p.rules.panel_size * v for v in used)])

    def peak(self) -> Any:
        """Level 6."""
        peak = self.whole(len(self.S), "peak")
        self.m.add(peak >= self.around.peak)
        for load in self.load.values():
            self.m.add(load <= peak)
        return peak

    def thin(self) -> Any:
        """Level 7."""
        terms: list[Any] = [self.length[k] - self.count[k] for k in self.length]
        least = self.p.rules.min_sitting
        for k, v in self.sits.items() if least else ():
            terms.append(self.whole(least, "short", *k))
            self.m.add(terms[-1] >= least * v - self.count[k])
        for d, n in self.f.count.items():
            panels = [p for p in self.P if (p, d) in self.hears]
            fixed = self.around.heard.get(d, [])
            if panels and len(panels) + len(fixed) > 1:
                n = max(n, *fixed) if fixed else n
                most, fewest = self.whole(n, "most", d), self.whole(n, "fewest", d)
                self.m.add(fewest <= most)
                if fixed:
                    self.m.add(most >= max(fixed))
                    self.m.add(fewest <= min(fixed))
                for p in panels:
                    self.m.add(most >= self.heard[p, d])
                    self.m.add(fewest <= self.heard[p, d] + n * (1 - self.hears[p, d]))
                terms.append(most - fewest)
        return total([*terms, *self.room_changes()])

    def room_changes(self) -> list[Var]:
        """Changes of the type of room between a panel's next sittings of a day; inside a type none is needed."""
        found = []
        for a, b in combinations(self.S, 2) if self.type else ():
            if self.f.day_number[a] == self.f.day_number[b]:
                for p in self.P:
                    change = self.flag("change", p, a, b)
                    found.append(change)
                    between = total([self.sits[p, s] for s in range(a + 1, b)])
                    for t in range(len(self.f.room_types)):
                        if (p, a, t) in self.type:
                            later = self.sits[p, b] - self.type.get((p, b, t), 0)
                            self.m.add(change >= self.type[p, a, t] + later - 1 - between)
        return found
