"""The levels that look at panels: groups, mismatch, days, peak, thin; what is outside the window counts as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from scheduler.repair.before import Before, Held
from scheduler.repair.links import Links
from scheduler.repair.panels import directions
from scheduler.repair.rules import Var, total
from scheduler.repair.window import Window


class Panels(Links):
    """A window with all levels."""

    def __init__(self, before: Before, window: Window) -> None:
        super().__init__(before, window)
        self.levels += [self.directions(), self.mismatch(), self.days(), self.peak(), self.thin()]

    def directions(self) -> Any:
        """Directions over panels: a panel's are counted at its first sitting."""
        found: list[Any] = [len(directions(self.p, c)) for c in self.outside]
        for (i, d), hears in self.hears.items():
            if not self.before_of[i]:
                found.append(hears)
                continue
            found.append(self.flag("head", i, d))
            self.m.add(found[-1] >= hears + self.first(i) - 1)
        return total(found)

    def mismatch(self) -> Any:
        """3 less the strength, the chair twice, over the directions the panel lists, for each sitting."""
        found: list[Any] = [self._of_team(h.members, h.chair, d) for h, d in self._outside_pairs()]
        for (i, d), hears in self.hears.items():
            team = self.spots[i].team
            if team is not None:
                found.append(self._of_team(team.members, team.chair, d) * hears)
                continue
            each = [(3 - self.strength(e, d)) * v for (j, e), v in self.seat.items() if j == i]
            each += [(3 - self.strength(e, d)) * v for (j, e), v in self.chair.items() if j == i]
            if len(self.spots[i].directions) == 1:
                found += each
                continue
            most = 3 * (self.p.rules.panel_size + 1)
            found.append(self.whole(most, "mismatch", i, d))
            self.m.add(found[-1] >= total(each) - most * (1 - hears))
        return total(found)

    def _outside_pairs(self) -> list[tuple[Held, str]]:
        return [(h, d) for c in self.outside for d in directions(self.p, c) for h in c]

    def _of_team(self, members: tuple[str, ...], chair: str, d: str) -> int:
        known = [self.p.expert[m] for m in members if m in self.p.expert]
        return sum((3 - e.strength.get(d, 0)) * (2 if e.id == chair else 1) for e in known)

    def days(self) -> Any:
        """Days of experts, and the panel's size for each day that is used."""
        known = [(m, h) for h in self.fixed() for m in h.members if m in self.p.expert]
        sure = {(self.f.expert_number[m], self._day(h.session)) for m, h in known}
        used = {self._day(h.session) for h in self.fixed()}
        found: list[Any] = [len(sure) + self.p.rules.panel_size * len(used)]
        at: dict[tuple[int, int], list[Var]] = defaultdict(list)
        for (i, e), v in self.seat.items():
            at[e, self.f.day_number[self.spots[i].s]].append(v)
        for key, seats in at.items():
            if key not in sure:
                found.append(self.flag("day", *key))
                for v in seats:
                    self.m.add_implication(v, found[-1])
        for day in {self.f.day_number[x.s] for x in self.spots} - used:
            v = self.flag("used day", day)
            found.append(self.p.rules.panel_size * v)
            for i, x in enumerate(self.spots):
                if self.f.day_number[x.s] == day:
                    self.m.add(self.used[i] <= v)
        return total(found)

    def _day(self, session: str) -> int:
        return self.f.day_number[self.f.session_number[session]]

    def peak(self) -> Any:
        """The most sittings of any expert."""
        peak = self.whole(len(self.f.sessions), "peak")
        self.m.add(peak >= max((n for e, n in self.load.items() if e >= 0), default=0))
        for e, seats in self.mine.items():
            self.m.add(peak >= self.load[e] + total(seats))
        return peak

    def thin(self) -> Any:
        """Gaps and missing people of the window's sittings, spread of each direction, changes of room."""
        found: list[Any] = []
        for i in self.I:
            found += self._gaps(i)
        for d in self.f.count:
            found += self._spread(d)
        for (i, j), v in self.link.items():
            a, b = self.spots[i], self.spots[j]
            if self.f.day_number[a.s] == self.f.day_number[b.s] and a.room != b.room:
                found.append(v)
        return total(found)

    def _gaps(self, i: int) -> list[Any]:
        x = self.spots[i]
        starts = self.f.starts[x.s]
        rows = x.team.rows if x.team else ()
        kept = [starts.index(a.start) for a in rows if a.applicant in x.kept and a.start in starts]
        length = self.whole(len(starts), "length", i)
        count = total([len(x.kept), *self.later[i]])
        self.m.add(length >= max((t + 1 for t in kept), default=0))
        for _, (j, t, v) in self.stay.items():
            if j == i:
                self.m.add(length >= t + 1).only_enforce_if(v)
        for (_, j, t), v in self.slot.items():
            if j == i:
                self.m.add(length >= t + 1).only_enforce_if(v)
        self._fill(i, length, kept)
        short = self.whole(self.p.rules.min_sitting, "short", i)
        self.m.add(short >= self.p.rules.min_sitting * self.used[i] - count)
        return [length - count, short]

    def _fill(self, i: int, length: Var, kept: list[int]) -> None:
        """Below the last used slot there is a slot that may be given away for each of those who are not kept."""
        x = self.spots[i]
        usable = [t for t in range(self.f.slots[x.s]) if x.usable >> t & 1]
        later = total(self.later[i])
        steady = usable == list(range(len(kept), len(kept) + len(usable))) and sorted(kept) == list(range(len(kept)))
        if steady:
            self.m.add(length >= len(kept) + later)
            return
        for n, t in enumerate(usable):
            enough = self.flag("ends by", i, t)
            self.m.add(later <= n).only_enforce_if(~enough)
            self.m.add(length >= t + 1).only_enforce_if(enough)

    def _spread(self, d: str) -> list[Any]:
        """The most less the fewest applicants a panel hears of the direction: counted along the links."""
        outside = [n for c in self.outside if (n := sum(self.direction(a.applicant) == d for h in c for a in h.rows))]
        here = [i for i in self.I if (i, d) in self.hears]
        if len(here) + len(outside) < 2 or not here:
            return [max(outside) - min(outside)] if outside else []
        n = max([self.f.count[d], *outside])
        most, fewest = self.whole(n, "most", d), self.whole(n, "fewest", d)
        for k in outside:
            self.m.add(most >= k)
            self.m.add(fewest <= k)
        so_far = {i: self.whole(n, "so far", i, d) for i in here}
        for i in here:
            self.m.add(so_far[i] >= self._heard(i, d))
            if not self.before_of[i]:
                self.m.add(so_far[i] == self._heard(i, d))
            else:
                self.m.add(so_far[i] <= self._heard(i, d) + n * total(self.before_of[i]))
            self.m.add(most >= so_far[i])
            last = total(self.after_of[i]) if self.after_of[i] else 0
            self.m.add(fewest <= so_far[i] + n * (1 - self.hears[i, d]) + n * last)
        for (i, j), v in self.link.items():
            if i in so_far and j in so_far:
                self.m.add(so_far[j] == so_far[i] + self._heard(j, d)).only_enforce_if(v)
        self.m.add(fewest <= most)
        return [most - fewest]

    def _heard(self, i: int, d: str) -> Any:
        if not hasattr(self, "_by_direction"):
            self._by_direction: dict[tuple[int, str], list[Any]] = defaultdict(list)
            for j, x in enumerate(self.spots):
                for name, k in Counter(self.direction(a) for a in x.kept).items():
                    self._by_direction[j, name].append(k)
            for a, (j, _, v) in self.stay.items():
                self._by_direction[j, self.direction(a)].append(v)
            for (g, j), v in self.y.items():
                self._by_direction[j, self.f.kinds[self.groups[g].kind].direction].append(v)
        return total(self._by_direction[i, d])
