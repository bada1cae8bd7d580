"""All panels that share experts made anew by annealing; then strangers and people for the whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.annealing.changes import dealt, shifted
from scheduler.annealing.cooling import Seated, anneal
from scheduler.annealing.people import heard
from scheduler.annealing.strangers import Open, seated
from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.held import Held
from scheduler.patterns import Class, Frame
from scheduler.schedule import Panel

FIRST, MORE = 50_000, 1.4
"""Moves for each panel: at first, and so many times as many after each try in vain."""
MOST = 15_000_000
"""Moves of one try, of all panels together: some six seconds."""
HEATS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""The less the more stays as it is."""
TRIES = [*((heat, False) for heat in HEATS), *((heat, True) for heat in HEATS[2:])]
"""Temperature, and whether a class has a panel less and another one more."""
WON, LOST, SELDOM, OFTEN = 2.0, 0.5, 0.1, 5.0
"""A way of trying is taken more often where it did well, less often else; within these."""
ALL = 0.5
"""Of the times so often everything that may be too many is taken away at once."""
NEVER = 2**60
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


class Renewal:
    """Tries of one problem, each with more moves than the last one in vain."""

    def __init__(self, f: Facts, by_work: bool) -> None:
        """``by_work``: the same tries have the same end, however fast the machine is."""
        self.f, self.by_work = f, by_work
        self.moves = [FIRST] * len(self.parts)
        self.luck = [[1 / heat for heat, _ in TRIES] for _ in self.parts]
        """The colder the sooner, at first: it is quick where much can still be better."""

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
        lack = [sum(h.mismatch for h in held if h.panel.directions[0] in part) for part in self.parts]
        if not any(lack):
            return None
        at = rng.choices(range(len(lack)), [n * max(mine) for n, mine in zip(lack, self.luck, strict=True)])[0]
        way = rng.choices(range(len(TRIES)), self.luck[at])[0]
        heat, shift = TRIES[way]
        o = self._out(at, held)
        panels = [(h.panel.directions, h.times, h.members) for h in o.out]
        found = self._anew(
            at, now, o, shifted(o.f, o.around, panels, rng) if shift else panels, heat, lack[at], rng, stop
        )
        self.luck[at][way] = min(OFTEN, max(SELDOM, self.luck[at][way] * (WON if found else LOST)))
        return found

    def fewer(self, now: Now, rng: random.Random, stop: Stop) -> list[Panel] | None:
        """All panels, those of one part in fewer groups or sittings; ``None`` where none were found."""
        held = now()
        many = self._many(held)
        spare = [[c for c in many if c[0] in part] for part in self.parts]
        if not any(spare):
            return None
        at = rng.choices(range(len(spare)), [len(x) for x in spare])[0]
        less = spare[at] if rng.random() < ALL else rng.sample(spare[at], 1)
        o = self._out(at, held)
        wanted = {c: (self.f.least_sittings(c, 0), self.f.least_groups(c, 0)) for c in less}
        panels = dealt(o.f, o.around, [(h.panel.directions, h.times, h.members) for h in o.out], wanted, rng)
        return self._anew(at, now, o, panels, 1.0, NEVER, rng, stop) if panels else None

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

    def _out(self, at: int, held: Sequence[Held]) -> Out:
        out = [h for h in held if h.panel.directions[0] in self.parts[at]]
        rest = [h for h in held if h.panel.directions[0] not in self.parts[at]]
        f, mine = self.f.part({a for h in out for a in h.people}), {*self.f.know(self.parts[at])}
        frames = [self._without(h, mine) for h in rest]
        return Out(f, Around(f, [self._staffed(h, x) for h, x in zip(rest, frames, strict=True)]), out, rest, frames)

    def _anew(
        self,
        at: int,
        now: Now,
        o: Out,
        panels: Sequence[Seated],
        heat: float,
        most: int,
        rng: random.Random,
        stop: Stop,
    ) -> list[Panel] | None:
        """All panels; where that was in vain, the next time with more moves."""
        frames = anneal(o.f, o.around, panels, self.moves[at], most, rng, stop, heat)
        found = self._whole(self._out(at, now()), frames, rng, stop) if frames and not stop() else None
        if not found:
            self.moves[at] = min(max(FIRST, MOST // max(1, len(panels))), round(self.moves[at] * MORE))
        return found

    def _whole(self, o: Out, frames: Sequence[Frame], rng: random.Random, stop: Stop) -> list[Panel] | None:
        """These panels and those around, with all their members and people."""
        new = [Open(frame, frozenset()) for frame in frames]
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
