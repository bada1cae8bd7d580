"""Parts of a large schedule solved elsewhere: some panels as a small instance of their own, improved and given back.

While a part is away, improvement leaves its panels alone. What comes back is checked, and taken where it still fits
what happened meanwhile and makes the whole better. What never comes back has cost nothing but time.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from scheduler.check import check
from scheduler.held import Held, hold
from scheduler.improve import Improver
from scheduler.pins import apart
from scheduler.problem import Problem
from scheduler.rooms import settle
from scheduler.schedule import Schedule

PANELS = 12
"""A schedule of fewer panels has no parts to give away."""
PEOPLE = 200
"""In a part: as many as are solved well in its seconds."""
SECONDS = 20.0
"""For a part; with less than a few of them left none is given away."""
LEAST = 4.0


@dataclass(frozen=True)
class Share:
    """An instance of the part alone, its panels so far, and the seconds it may take."""

    problem: Problem
    schedule: Schedule
    seconds: float


class Helpers(Protocol):
    """Others who solve parts, each under a number of its own that comes once. No method waits for them."""

    def idle(self) -> Collection[int]:
        """Who waits for a part."""

    def give(self, helper: int, share: Share) -> None:
        """A part for one who waits."""

    def answers(self) -> Iterable[tuple[int, Schedule | None]]:
        """What has come back since this was last asked; ``None`` from one who is gone."""


class Shares:
    """The parts that are away."""

    def __init__(self, problem: Problem, improver: Improver, helpers: Helpers, seed: int) -> None:
        self.problem, self.i, self.helpers, self.rng = problem, improver, helpers, random.Random(f"{seed}/shares")
        self.away: dict[int, Share] = {}
        self.taken = 0
        """Parts that made the whole better."""

    def exchange(self, left: float) -> None:
        """Take what came back, and give parts to all who wait; ``left``: seconds."""
        for helper, schedule in self.helpers.answers():
            share = self.away.pop(helper, None)
            if share and schedule:
                self.taken += self._take(share, schedule)
        for helper in self.helpers.idle():
            share = self._cut(min(SECONDS, 0.8 * left)) if left > LEAST else None
            if share is None:
                break
            self.away[helper] = share
            self._lend()
            self.helpers.give(helper, share)
        self._lend()

    def _lend(self) -> None:
        self.i.lent = frozenset(a for share in self.away.values() for a in _heard(share.schedule))

    def _take(self, share: Share, schedule: Schedule) -> bool:
        if check(share.problem, schedule.to_json()).violations:
            return False
        return self.i.swap(_heard(share.schedule), [hold(self.i.f, p) for p in schedule.panels])

    def _cut(self, seconds: float) -> Share | None:
        """A panel with those nearest to it, beside all others; ``None`` where there are too few."""
        panels = list(self.i.panels)
        whole = settle(self.i.f, [h.panel for h in panels])
        free = [q for q, h in enumerate(panels) if self.i.lent.isdisjoint(h.people)]
        if whole is None or len(panels) < PANELS or 2 * len(free) < len(panels):
            return None
        out = {whole.panels[q].id for q in self._near(panels, free)}
        problem = apart(self.problem, whole, {p.id for p in whole.panels} - out)[1]
        mine = tuple(p for p in whole.panels if p.id in out)
        waiting = self._waiting(whole, {d for p in mine for d in p.directions})
        heard = _heard(Schedule(mine, ())) | set(waiting)
        return Share(problem.only(heard), Schedule(mine, waiting), seconds)

    def _near(self, panels: list[Held], free: list[int]) -> list[int]:
        """The places of a few panels that could use the same experts."""
        know, rng = self.i.f.know, self.rng
        first = rng.choice(free)
        mine = set(know(panels[first].panel.directions))
        shared = {q: len(mine.intersection(know(panels[q].panel.directions))) * rng.uniform(0.5, 1) for q in free}
        out, people = list[int](), 0
        for q in sorted(free, key=lambda q: (q != first, -shared[q])):
            people += panels[q].heard.total()
            if out and people > PEOPLE:
                break
            out.append(q)
        return out

    def _waiting(self, whole: Schedule, directions: Collection[str]) -> tuple[str, ...]:
        return tuple(a for a in whole.unscheduled if self.problem.applicant[a].direction in directions)


def _heard(schedule: Schedule) -> set[str]:
    return {a.applicant for p in schedule.panels for s in p.sittings for a in s.appointments}
