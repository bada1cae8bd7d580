"""All panels that share experts made anew by annealing; then strangers and people for the whole."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

from scheduler.annealing.changes import dealt, shifted
from scheduler.annealing.cooling import COLD, NEVER, Seated, anneal
from scheduler.annealing.people import heard
from scheduler.annealing.strangers import Open, seated
from scheduler.annealing.tries import FIRST, Way, longer, ways_of
from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.held import Held
from scheduler.patterns import Class, Frame
from scheduler.schedule import Panel

MOST, LONGEST = 1_500_000, 20_000_000
"""Moves of one try, of all panels together: where work is given, and where time is, up to a minute."""
AGAIN = 3
"""So often the part of a direction that was seated with its best may try to follow."""
LEFT = 0.95
"""So much of what directions alone can put right is left to them."""
ALL = 0.5
"""Of the times so often everything that may be too many is taken away at once."""
Stop = Callable[[], bool]
Now = Callable[[], Sequence[Held]]
"""The best panels at this moment: other parts may get better while one is annealed."""


@dataclass(frozen=True)
class Out:
    """The panels of a part, and those that stay around."""

    f: Facts
    """Of their people."""
    around: Around
    out: list[Held]
    rest: list[Held]
    frames: list[Frame]
    """Of the rest, without strangers who know something of the part."""

    @property
    def panels(self) -> list[Seated]:
        """Those of the part, as annealing starts from them."""
        return [seat(h) for h in self.out]

    @property
    def lack(self) -> int:
        """Mismatch of the part."""
        return sum(h.mismatch for h in self.out)


class Renewal:
    """Tries of one problem, each way's with more moves than its last one in vain."""

    def __init__(
        self,
        f: Facts,
        by_work: bool,
        least: Callable[[Collection[str]], int],
        left: Callable[[], float] = lambda: inf,
    ) -> None:
        """``by_work``: the same tries have the same end, however fast the machine is.

        ``least``: what the mismatch of some directions is known to be at least; ``left``: seconds until the end.
        """
        self.f, self.by_work, self.least, self.left = f, by_work, least, left
        self.most = MOST if by_work else LONGEST
        self.ways = ways_of(self.parts)
        self.less = dict.fromkeys(self.parts, FIRST)
        """Moves for each panel, where groups or sittings shall be fewer."""

    @cached_property
    def parts(self) -> list[frozenset[str]]:
        """Directions joined while they share experts or a mix."""
        joined: list[set[str]] = []
        for mine in self._together():
            near = [x for x in joined if x & mine]
            joined = [x for x in joined if not x & mine] + [set().union(mine, *near)]
        return [frozenset(x) for x in joined]

    def _together(self) -> Iterable[set[str]]:
        people = {d for d, n in self.f.count.items() if n}
        yield from (here for b in self.f.blocks if (here := people.intersection(b)))
        yield from (here for x in self.f.strengths if (here := people.intersection(x)))

    def better(self, now: Now, rng: random.Random, stop: Stop) -> list[Panel] | None:
        """All panels, those of one part with fewer mismatches; ``None`` where none were found."""
        held = now()
        way = self._next(held, rng)
        if not way:
            return None
        o = self._out(way.part, held)
        moves, began = way.fitting(len(o.out), self.left()), time.monotonic()
        least, found = (self._best_first if way.whole else self._at_once)(way, moves, now, o, rng, stop)
        way.pace = (time.monotonic() - began) / max(1, moves * len(o.out))
        way.ended(bool(found), least, o.lack, len(o.out), self.most)
        return found

    def _at_once(
        self, way: Way, moves: int, now: Now, o: Out, rng: random.Random, stop: Stop
    ) -> tuple[int, list[Panel] | None]:
        """All panels of the part with everybody."""
        start = shifted(o.f, o.around, o.panels, rng) if way.shift else o.panels
        return self._anew(way.part, now, o, start, moves, o.lack, rng, stop, way.heat) if start else (NEVER, None)

    def _best_first(
        self, way: Way, moves: int, now: Now, o: Out, rng: random.Random, stop: Stop
    ) -> tuple[int, list[Panel] | None]:
        """Those who lack nothing in a direction alone; then everybody for it and for the others of its part."""
        least, best = anneal(o.f, o.around, o.panels, moves, o.lack, rng, stop, way.heat, best=True)
        tries = (self._follow(way, best, FIRST * n, now, rng, stop) for n in range(1, AGAIN + 1)) if best else ()
        return least, next((found for found in tries if found or stop()), None)

    def _follow(
        self, way: Way, best: Sequence[Seated], moves: int, now: Now, rng: random.Random, stop: Stop
    ) -> list[Panel] | None:
        """Everybody, for a direction seated with its best and for the others of its part."""
        o = self._out(way.whole, now())
        start = [*best, *(seat(h) for h in o.out if h.panel.directions[0] not in way.part)]
        return self._anew(way.whole, now, o, start, moves, o.lack, rng, stop, COLD)[1]

    def _next(self, held: Sequence[Held], rng: random.Random) -> Way | None:
        """One of the ways of the parts in which something may be better; of a direction alone if its bound is known."""
        mine = {way.part: [h for h in held if h.panel.directions[0] in way.part] for way in self.ways}
        least = {part: self.least(part) for part in mine}
        gap = {part: sum(h.mismatch for h in out) - least[part] for part, out in mine.items()}
        ways = [x for x in self.ways if gap[x.part] > 0 and (least[x.part] or not x.whole)]
        alone = {x.part: gap[x.part] for x in ways if x.whole}
        left = {part: n - LEFT * min(n, sum(m for x, m in alone.items() if x < part)) for part, n in gap.items()}
        ways_of_part = Counter(x.part for x in ways)
        turns = [x.turn(left[x.part] / ways_of_part[x.part], len(mine[x.part])) for x in ways]
        return rng.choices(ways, turns)[0] if ways else None

    def fewer(self, now: Now, rng: random.Random, stop: Stop) -> list[Panel] | None:
        """All panels, those of one part in fewer groups or sittings; ``None`` where none were found."""
        held = now()
        many = self._many(held)
        spare = {part: mine for part in self.parts if (mine := [c for c in many if c[0] in part])}
        if not spare:
            return None
        part = rng.choices([*spare], [len(x) for x in spare.values()])[0]
        less = spare[part] if rng.random() < ALL else rng.sample(spare[part], 1)
        o = self._out(part, held)
        wanted = {c: (self.f.least_sittings(c, 0), self.f.least_groups(c, 0)) for c in less}
        panels = dealt(o.f, o.around, o.panels, wanted, rng)
        if not panels:
            return None
        _, found = self._anew(part, now, o, panels, self.less[part], NEVER, rng, stop)
        if not found:
            self.less[part] = longer(self.less[part], len(panels), MOST)
        return found

    def _many(self, held: Sequence[Held]) -> list[Class]:
        """Classes of one direction, in no mix, with more groups or sittings than counting says."""
        groups, sittings = Counter[Class](), Counter[Class]()
        for h in held:
            groups[h.panel.directions] += 1
            sittings[h.panel.directions] += len(h.times)
        f = self.f
        return [
            b
            for b in f.blocks
            if len(b) == 1 and (groups[b] > f.least_groups(b, 0) or sittings[b] > f.least_sittings(b, 0))
        ]

    def _out(self, part: frozenset[str], held: Sequence[Held]) -> Out:
        out = [h for h in held if h.panel.directions[0] in part]
        rest = [h for h in held if h.panel.directions[0] not in part]
        f, mine = self.f.part({a for h in out for a in h.people}), {*self.f.know(part)}
        frames = [self._without(h, mine) for h in rest]
        return Out(f, Around(f, [self._staffed(h, x) for h, x in zip(rest, frames, strict=True)]), out, rest, frames)

    def _anew(
        self,
        part: frozenset[str],
        now: Now,
        o: Out,
        panels: Sequence[Seated],
        moves: int,
        most: int,
        rng: random.Random,
        stop: Stop,
        heat: float = 1.0,
    ) -> tuple[int, list[Panel] | None]:
        """The least mismatch of the part; where it is less than ``most`` all panels, if they can be had so."""
        least, better = anneal(o.f, o.around, panels, moves, most, rng, stop, heat)
        return least, self._whole(self._out(part, now()), better, rng, stop) if better and not stop() else None

    def _whole(self, o: Out, panels: Sequence[Seated], rng: random.Random, stop: Stop) -> list[Panel] | None:
        """These panels and those around, with all their members and people."""
        new = [Open(chaired(o.f, panel), frozenset()) for panel in panels]
        old = [Open(frame, self._apart(h)) for frame, h in zip(o.frames, o.rest, strict=True)]
        seats = seated(self.f, [*new, *old], rng, stop, self.by_work)
        filled = seats and heard(o.f, seats[: len(new)], rng)
        if not seats or not filled:
            return None
        return [*filled, *(self._staffed(h, frame) for h, frame in zip(o.rest, seats[len(new) :], strict=True))]

    def _without(self, h: Held, gone: Container[int]) -> Frame:
        """The panel without those of its strangers who are missed elsewhere."""
        knowing = {*self.f.know(h.panel.directions)}
        members = tuple(e for e in h.members if e in knowing or e not in gone)
        return h.panel.directions, h.times, members, self.f.expert_number[h.panel.chair]

    def _apart(self, h: Held) -> frozenset[int]:
        return frozenset(self.f.expert_number[e] for a in h.people for e in self.f.recused[a])

    def _staffed(self, h: Held, frame: Frame) -> Panel:
        return replace(h.panel, members=tuple(self.f.problem.experts[e].id for e in frame[2]))


def seat(h: Held) -> Seated:
    """The panel as annealing starts from it."""
    return h.panel.directions, h.times, h.members


def chaired(f: Facts, panel: Seated) -> Frame:
    """The panel with the best chair of its members."""
    c, times, members = panel
    return c, times, members, min((e for e in members if f.may_chair(e, c)), key=lambda e: f.lack(e, c))
