"""Applicants by kind, class and session (H1, H8 to H12), and the levels that look at everyone: left out, days, peak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from scheduler.facts import Kind
from scheduler.linear import INFINITY, Terms
from scheduler.patterns.seats import Class, Seats

UNIONS = 16
"""Up to so many unions of windows each has a row (Hall's theorem); more are told slot by slot."""


def _unions(masks: Iterable[int]) -> list[int] | None:
    """Every union of the masks; ``None`` where there are too many."""
    found: set[int] = set()
    for mask in masks:
        found |= {mask, *(mask | other for other in found)}
        if len(found) > UNIONS:
            return None
    return sorted(found)


class People(Seats):
    """Seats with the people who are heard; ``levels`` holds the costs of levels 1 to 6."""

    def __init__(self, *what: Any, **named: Any) -> None:
        super().__init__(*what, **named)
        self.heard: dict[tuple[int, Class, int], int] = {}
        self.left: dict[int, int] = {}
        self._in: dict[tuple[Class, int], Terms] = defaultdict(list)
        self._part: dict[tuple[Class, int], dict[int, Terms]] = defaultdict(dict)
        """(class, session) → slots → those who can take only these slots."""
        self._places()
        for k, kind in enumerate(self.f.kinds):
            self._h1_heard(k, kind)
        self._h2_h10_slots()
        self._h8_directions()
        self._counted()
        self.day: dict[tuple[int, int], int] = {}
        self.used_day: dict[int, int] = {}
        self.levels: list[Terms] = [
            [(v, 1) for v in self.left.values()],
            self.sittings,
            self.groups,
            self.mismatch,
            self._days(),
            self._peak(),
        ]

    def _places(self) -> None:
        """Panels and seats by class and session."""
        self.held: dict[tuple[Class, int], list[int]] = defaultdict(list)
        self.seated: dict[tuple[Class, int, int], list[int]] = defaultdict(list)
        self.places: dict[str, dict[Class, list[int]]] = defaultdict(lambda: defaultdict(list))
        """Direction → places that hear it → their sessions."""
        for pattern, y in self.panels.items():
            c, times = pattern
            for s in times:
                for d in c:
                    if s not in self.places[d][c]:
                        self.places[d][c].append(s)
                self.held[c, s].append(y)
                for e, z in self.seats[pattern].items():
                    self.seated[c, s, e].append(z)

    def _h1_heard(self, k: int, kind: Kind) -> None:
        n = len(kind.people)
        self.left[k] = self.column(0 if self.everyone else n, whole=False)
        terms: Terms = [(self.left[k], 1)]
        apart = [self.f.expert_number[e] for e in sorted(kind.recused)]
        for c, sessions in self.places[kind.direction].items():
            for s in sessions:
                if kind.masks[s]:
                    v = self.heard[k, c, s] = self.column(n, whole=False)
                    terms.append((v, 1))
                    self._in[c, s].append((v, 1))
                    if kind.masks[s] != self.f.full[s]:
                        self._part[c, s].setdefault(kind.masks[s], []).append((v, 1))
                    self._h9_recusals(v, n, c, s, apart)
                    if not apart and n < self.f.slots[s]:
                        self.row([(v, 1), *((y, -n) for y in self.held[c, s])], high=0)
        self.row(terms, n, n)

    def _h9_recusals(self, v: int, n: int, c: Class, s: int, apart: list[int]) -> None:
        """Only so many as the panels of this class without the recused expert could hear."""
        for e in apart:
            if (c, s, e) in self.seated:
                here = self.seated[c, s, e]
                self.row([(v, 1), *((y, -n) for y in self.held[c, s]), *((z, n) for z in here)], high=0)

    def _h2_h10_slots(self) -> None:
        """A sitting has so many slots; those who can take only some of them find a place there."""
        for (c, s), terms in self._in.items():
            self.row([*terms, *((y, -self.f.slots[s]) for y in self.held[c, s])], high=0)
        for key, parts in self._part.items():
            unions = _unions(parts)
            if unions is None:
                self._slot_by_slot(key, parts)
                continue
            for mask in unions:
                inside = [t for m, terms in parts.items() if m | mask == mask for t in terms]
                self.row([*inside, *((y, -mask.bit_count()) for y in self.held[key])], high=0)

    def _slot_by_slot(self, key: tuple[Class, int], parts: Mapping[int, Terms]) -> None:
        """Where the windows are of many sorts: everyone with a window takes one of its slots, each panel offers one."""
        at: dict[int, Terms] = defaultdict(list)
        for mask, people in parts.items():
            mine = {t: self.column(INFINITY, whole=False) for t in range(mask.bit_length()) if mask >> t & 1}
            self.row([*people, *((v, -1) for v in mine.values())], 0, 0)
            for t, v in mine.items():
                at[t].append((v, 1))
        for taken in at.values():
            self.row([*taken, *((y, -1) for y in self.held[key])], high=0)

    def _h8_directions(self) -> None:
        """A panel of several directions hears somebody of each, and every sitting somebody."""
        of: dict[tuple[Class, str], Terms] = defaultdict(list)
        for (k, c, _), v in self.heard.items():
            of[c, self.f.kinds[k].direction].append((v, 1))
        for c in self.classes:
            if len(c) > 1:
                panels: Terms = [(y, -1) for (c2, _), y in self.panels.items() if c2 == c]
                for d in c:
                    self.row([*of[c, d], *panels], low=0)
        for key, held in self.held.items():
            self.row([*self._in[key], *((y, -1) for y in held)], low=0)

    def _counted(self) -> None:
        """Where everyone is heard: the least sittings, panels and slots of each direction and each block of mixes."""
        if not self.everyone:
            return
        most = max([1, *(self.f.slots[s] for s in self.S)])
        for scope in sorted({*((d,) for d in self.f.count), *self.f.blocks}):
            n = sum(self.f.count[d] for d in scope)
            mine = [(times, y) for (c, times), y in self.panels.items() if not {*c}.isdisjoint(scope)]
            least = ceil(n / most)
            self.row([(y, len(t)) for t, y in mine], low=least)
            self.row([(y, 1) for _, y in mine], low=ceil(least / max(1, self.f.limit)))
            self.row([(y, sum(self.f.slots[s] for s in t)) for t, y in mine], low=n)

    def _days(self) -> Terms:
        """Level 5: an expert's days, and every day on which anyone sits."""
        f, terms = self.f, list[tuple[int, float]]()
        for (e, s), columns in self.at.items():
            key = e, f.day_number[s]
            if key not in self.around.days:
                if key not in self.day:
                    self.day[key] = self.column()
                    terms.append((self.day[key], 1))
                self.row([*((v, 1) for v in columns), (self.day[key], -1)], high=0)
        for s in self.S:
            i = f.day_number[s]
            if i not in self.around.used_days:
                if i not in self.used_day:
                    self.used_day[i] = self.column()
                    terms.append((self.used_day[i], self.rules.panel_size))
                held = [(y, 1) for (_, t), y in self.panels.items() if s in t]
                self.row([*held, (self.used_day[i], -self.room[s])], high=0)
                for y, _ in held if len(self.panels) < 1000 else ():
                    self.row([(y, 1), (self.used_day[i], -self.high[y])], high=0)
        return terms

    def _peak(self) -> Terms:
        """Level 6: the most sittings of any expert, those around included."""
        self.peak = self.column(len(self.f.sessions), low=self.around.peak)
        for e, terms in self.load.items():
            self.row([*terms, (self.peak, -1)], high=-self.around.load[e])
        return [(self.peak, 1)]
