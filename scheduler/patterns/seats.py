"""Patterns and seats: which panels there are, in which sessions, and who sits on them (H3 to H7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.linear import Linear, Terms

Class = tuple[str, ...]
"""The directions a panel hears."""
Times = tuple[int, ...]
"""Session numbers in order."""
Pattern = tuple[Class, Times]


class One(tuple[str, ...]):
    """A class for one panel, the ``number``-th of its directions: so panels of the same directions are told apart."""

    number: int

    def __new__(cls, directions: Iterable[str], number: int) -> One:
        """Unlike any other class of these directions."""
        made = super().__new__(cls, directions)
        made.number = number
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, One) and self.number == other.number and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash((tuple(self), self.number))


def chair_steps(program: Linear, panels: int, lack: Mapping[int, int]) -> list[int]:
    """Columns that together count what the chairs of ``panels`` lack: for each step the panels without a better.

    ``lack``: by column of those who may chair.
    """
    found = []
    for step in range(1, 1 + max(lack.values(), default=0)):
        found.append(program.column(program.high[panels], whole=False))
        better = [(column, 1) for column, n in lack.items() if n < step]
        program.row([(found[-1], 1), *better, (panels, -1)], low=0)
    return found


class Seats(Linear):
    """Columns for panels by pattern and for seats; the rows of the rules about experts and rooms; levels 2, 3 and 4."""

    def __init__(
        self,
        facts: Facts,
        classes: Iterable[Class],
        around: Around | None = None,
        *,
        able: Mapping[Class, Sequence[int]] | None = None,
        sessions: Iterable[int] | None = None,
        longest: Mapping[Class, int] | None = None,
        everyone: bool = True,
        pool: bool = False,
        counted: bool = True,
    ) -> None:
        super().__init__()
        self.f, self.rules, self.around = facts, facts.problem.rules, around or Around(facts)
        self.classes, self.everyone, self.pool = sorted(set(classes)), everyone, pool
        """``everyone``: nobody is left out; ``pool``: strangers may sit too, if ``counted`` as many as there are."""
        self.longest = longest or {}
        """By class: the most sittings of one panel, where it is less than the limit."""
        self.S = sorted(range(len(facts.sessions)) if sessions is None else sessions)
        self.able = {c: list(facts.know(c) if able is None else able[c]) for c in self.classes}
        self.room = [n - self.around.taken[s] for s, n in enumerate(facts.rooms_open)]
        self.panels: dict[Pattern, int] = {}
        self.seats: dict[Pattern, dict[int, int]] = {}
        self.strangers: dict[Times, dict[int, int]] = defaultdict(dict)
        self.filled: dict[Pattern, int] = {}
        self.at: dict[tuple[int, int], list[int]] = defaultdict(list)
        """(expert, session) → columns that seat the expert then."""
        self.load: dict[int, Terms] = defaultdict(list)
        self.sittings: Terms = []
        self.groups: Terms = []
        self.mismatch: Terms = []
        subsets = {e: self._subsets(e) for e in self._experts(counted)}
        self._patterns(subsets)
        if pool and counted:
            self._strangers(subsets)
        self._one_panel()
        self._h4_once_a_session()
        self._h3_rooms()

    def _experts(self, counted: bool) -> Iterable[int]:
        return (
            range(len(self.f.problem.experts))
            if self.pool and counted
            else sorted({e for x in self.able.values() for e in x})
        )

    def _subsets(self, e: int) -> list[Times]:
        """Every set of sessions in which the expert could sit on one panel."""
        busy, more = self.around.busy.get(e, ()), self.f.most_sessions(e) - self.around.load[e]
        free = [s for s in self.S if s in self.f.open[e] and s not in busy and self.room[s] > 0 and self.f.slots[s]]
        return [t for n in range(1, min(self.f.limit, more) + 1) for t in combinations(free, n)]

    def _patterns(self, subsets: Mapping[int, list[Times]]) -> None:
        for c in self.classes:
            members: dict[Times, list[int]] = defaultdict(list)
            longest = self.longest.get(c, self.f.limit)
            for e in self.able[c]:
                for t in subsets[e]:
                    if len(t) <= longest:
                        members[t].append(e)
            for t in sorted(members):
                most = self._most(c, t, members[t])
                if most > 0:
                    self._pattern((c, t), members[t], most)

    def _most(self, c: Class, t: Times, experts: list[int]) -> int:
        """So many panels of the pattern there can be at the most."""
        least = self.rules.min_specialists
        near = [sum(self.f.strength(e, d) >= 2 for e in experts) for d in c]
        limits = [sum(self.f.may_chair(e, c) for e in experts), *(self.room[s] for s in t)]
        limits += [n // least for n in near if least]
        limits += [1] if isinstance(c, One) else []
        return min(limits if self.pool else [*limits, len(experts) // self.rules.panel_size])

    def _pattern(self, pattern: Pattern, experts: list[int], most: int) -> None:
        """H5 and H7: a panel is full, knows its directions and has a chair among its members."""
        (c, t), f, size, least = pattern, self.f, self.rules.panel_size, self.rules.min_specialists
        chairs = [e for e in experts if f.may_chair(e, c)]
        near = [[e for e in experts if f.strength(e, d) >= 2] for d in c]
        y = self.panels[pattern] = self.column(most)
        mine = self.seats[pattern] = {e: self.column() for e in experts}
        for e, z in mine.items():
            self.row([(z, 1), (y, -1)], high=0)
            self._sits(e, t, z)
        everybody: Terms = [(z, 1) for z in mine.values()]
        if self.pool:
            filled = self.filled[pattern] = self.column(most * max(0, size - max(least, 1)))
            everybody.append((filled, 1))
            self.mismatch.append((filled, 3 * len(t) * len(c)))
        self.row([*everybody, (y, -size)], 0, 0)
        for x in near:
            self.row([*((mine[e], 1) for e in x), (y, -least)], low=0)
        self.row([*((mine[e], 1) for e in chairs), (y, -1)], low=0)
        self._h6_employers(mine, y)
        self.sittings.append((y, len(t)))
        self.groups.append((y, len(c)))
        self._mismatch(pattern, chairs)

    def _one_panel(self) -> None:
        """A class for one panel has one, and of those of the same directions the first has the most sittings."""
        mine: dict[Class, list[tuple[int, int]]] = {c: [] for c in self.classes if isinstance(c, One)}
        for (c, t), y in self.panels.items():
            if c in mine:
                mine[c].append((y, len(t)))
        for c, found in mine.items():
            self.row([(y, 1) for y, _ in found], high=1)
            later = One(c, c.number + 1) if isinstance(c, One) else c
            if later in mine:
                self.row([*found, *((y, -n) for y, n in mine[later])], low=0)

    def _mismatch(self, pattern: Pattern, chairs: list[int]) -> None:
        """Every member counts once, and the chair once more: in steps of what the best chair at hand lacks."""
        (c, t), mine, y = pattern, self.seats[pattern], self.panels[pattern]
        lack = {e: self.f.lack(e, c) for e in mine}
        self.mismatch += [(z, len(t) * lack[e]) for e, z in mine.items() if lack[e]]
        steps = chair_steps(self, y, {mine[e]: lack[e] for e in chairs})
        self.mismatch += [(missing, len(t)) for missing in steps]

    def _h6_employers(self, mine: Mapping[int, int], y: int) -> None:
        firms: dict[str, list[int]] = defaultdict(list)
        for e, z in mine.items():
            firm = self.f.problem.experts[e].employer
            if firm is not None:
                firms[firm].append(z)
        most = self.rules.max_members_per_employer
        for members in firms.values():
            if len(members) > most:
                self.row([*((z, 1) for z in members), (y, -most)], high=0)

    def _strangers(self, subsets: Mapping[int, list[Times]]) -> None:
        """Seats for whom a pattern's directions are strange, counted by sets of sessions."""
        filled: dict[Times, list[int]] = defaultdict(list)
        for (_, t), column in self.filled.items():
            filled[t].append(column)
        for e, mine in subsets.items():
            for t in mine:
                if t in filled:
                    v = self.strangers[t][e] = self.column()
                    self._sits(e, t, v)
        for t, columns in filled.items():
            self.row([*((v, 1) for v in self.strangers[t].values()), *((v, -1) for v in columns)], 0, 0)

    def _sits(self, e: int, t: Times, column: int) -> None:
        for s in t:
            self.at[e, s].append(column)
        self.load[e].append((column, len(t)))

    def _h4_once_a_session(self) -> None:
        for columns in self.at.values():
            if len(columns) > 1:
                self.row([(v, 1) for v in columns], high=1)
        for e, terms in self.load.items():
            if self.f.problem.experts[e].max_sessions is not None:
                self.row(terms, high=self.f.most_sessions(e) - self.around.load[e])

    def _h3_rooms(self) -> None:
        sitting: dict[int, Terms] = defaultdict(list)
        for (_, t), y in self.panels.items():
            for s in t:
                sitting[s].append((y, 1))
        for s, terms in sitting.items():
            self.row(terms, high=self.room[s])
