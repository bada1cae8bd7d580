"""The problem, or a part of it, by patterns of panels; from a solution to panels with members, and back to a hint.

A pattern is a set of directions with a set of sessions: ``panels[pattern]`` counts the panels that use it, and
``seats[pattern][expert]`` says who sits on one of them. Nobody sits on what is not there, which is what makes the
linear relaxation strong. Applicants are counted by kind, class of panels and session; what that promises about two
panels of one class in one session is a relaxation, and :mod:`scheduler.filling` decides. With ``pool``, strangers
(experts without strength in a pattern's directions) are counted by sets of sessions, which is a relaxation too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ortools.sat.python import cp_model

from scheduler.held import Held
from scheduler.patterns.extent import classes_of, longest_of, seats_of
from scheduler.patterns.people import People
from scheduler.patterns.seats import Class, One, Pattern, Times
from scheduler.quick import solved

__all__ = ["Class", "Frame", "One", "Pattern", "Patterns", "Times", "classes_of", "longest_of", "seats_of"]


Frame = tuple[Class, Times, tuple[int, ...], int]
"""A panel without its people: directions, sessions, members, chair (numbers of experts)."""
SPLIT = 0.5
"""Of the solver's deterministic seconds, to tell panels of one pattern apart."""


class Patterns(People):
    """See the module."""

    def frames(self, values: Sequence[float]) -> list[Frame] | None:
        """The panels of a solution; ``None`` where experts counted together can not be told apart into panels."""
        found: list[Frame] = []
        spare = {t: [e for e, v in mine.items() if values[v] > 0.5] for t, mine in self.strangers.items()}
        for pattern, y in self.panels.items():
            n = round(values[y])
            if not n:
                continue
            c, t = pattern
            experts = [e for e, z in self.seats[pattern].items() if values[z] > 0.5]
            for _ in range(n * self.rules.panel_size - len(experts)):
                if not spare.get(t):
                    return None
                experts.append(spare[t].pop())
            split = self._split(c, experts, n)
            if split is None:
                return None
            found += [(tuple(c), t, members, self._chair(c, members)) for members in split]
        return found

    def panels_in(self, values: Sequence[float]) -> list[Pattern]:
        """The panels of a solution without their people."""
        return [(tuple(c), t) for (c, t), y in self.panels.items() for _ in range(round(values[y]))]

    def _chairs(self, c: Class, members: Iterable[int]) -> list[int]:
        return [e for e in members if self.f.may_chair(e, c)]

    def _chair(self, c: Class, members: Iterable[int]) -> int:
        """The one who costs least."""
        return min(self._chairs(c, members), key=lambda e: self.f.lack(e, c))

    def _split(self, c: Class, experts: list[int], n: int) -> list[tuple[int, ...]] | None:
        """``n`` panels out of so many experts."""
        if n == 1:
            return [tuple(experts)] if self._whole(c, experts) else None
        m, total = cp_model.CpModel(), cp_model.LinearExpr.sum
        sits = {(e, i): m.new_bool_var("") for e in experts for i in range(n)}
        for e in experts:
            m.add_exactly_one(sits[e, i] for i in range(n))
        for i in range(n):
            m.add(total([sits[e, i] for e in experts]) == self.rules.panel_size)
            m.add(total([sits[e, i] for e in self._chairs(c, experts)]) >= 1)
            for d in c:
                near = [sits[e, i] for e in experts if self.f.strength(e, d) >= 2]
                m.add(total(near) >= self.rules.min_specialists)
            for firm in self._firms(experts):
                m.add(total([sits[e, i] for e in firm]) <= self.rules.max_members_per_employer)
        value = solved(m, SPLIT, 0, by_work=True)
        return value and [tuple(e for e in experts if value(sits[e, i])) for i in range(n)]

    def _firms(self, experts: Iterable[int]) -> list[list[int]]:
        """By employer, where there is more than one expert of it."""
        firms: dict[str | None, list[int]] = defaultdict(list)
        for e in experts:
            firms[self.f.problem.experts[e].employer].append(e)
        return [mine for firm, mine in firms.items() if firm is not None and len(mine) > 1]

    def _whole(self, c: Class, members: Sequence[int]) -> bool:
        """H5 to H7 of one panel."""
        return (
            bool(self._chairs(c, members))
            and all(len(firm) <= self.rules.max_members_per_employer for firm in self._firms(members))
            and all(sum(self.f.strength(e, d) >= 2 for e in members) >= self.rules.min_specialists for d in c)
        )

    def hint(self, panels: Iterable[Held]) -> dict[int, float] | None:
        """Values of the whole columns for these panels; ``None`` where they do not fit the columns."""
        values: dict[int, float] = {v: 0.0 for v, whole in enumerate(self.whole) if whole}
        load = Counter(self.around.load)
        names: dict[Class, list[Class]] = defaultdict(list)
        for c in self.classes:
            names[tuple(c)].append(c)
        for h in sorted(panels, key=lambda h: -len(h.times)):
            mine = names[tuple(sorted(h.panel.directions, key=self.f.direction_number.__getitem__))]
            if not mine:
                return None
            pattern = (mine.pop(0) if isinstance(mine[0], One) else mine[0]), h.times
            if pattern not in self.panels or (not self.pool and any(e not in self.seats[pattern] for e in h.members)):
                return None
            values[self.panels[pattern]] += 1
            for e in h.members:
                self._seat(values, pattern, e)
                load[e] += len(h.times)
                for s in h.times:
                    key = e, self.f.day_number[s]
                    if key in self.day:
                        values[self.day[key]] = 1
            for s in h.times:
                if self.f.day_number[s] in self.used_day:
                    values[self.used_day[self.f.day_number[s]]] = 1
        values[self.peak] = max([*load.values(), self.around.peak], default=0)
        return values

    def _seat(self, values: dict[int, float], pattern: Pattern, e: int) -> None:
        if e in self.seats[pattern]:
            values[self.seats[pattern][e]] = 1
            return
        values[self.filled[pattern]] += 1
        if e in self.strangers[pattern[1]]:
            values[self.strangers[pattern[1]][e]] = 1
