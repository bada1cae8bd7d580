"""The whole problem by patterns as a prover: bounds of the first six levels, and the solutions on the way to them.

Each level is first asked of a *pooled* program, where experts who know nothing of a panel's directions are counted
together: small, and its bound holds. What stays open there is asked of the *full* one, which seats them too.

Groups mostly can be as few as their bound: that many are asked for, with the least mismatch. A lower peak is asked for
with the fewest days: mostly they are too many then, which is soon seen. For sittings, and for who is heard, a panel of
one sitting is as good as any, so their programs have no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from scheduler.bounds import Bounds
from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.linear import Answer
from scheduler.patterns import Class, One, Patterns, classes_of, longest_of, seats_of
from scheduler.question import Question
from scheduler.schedule import DAYS, GROUPS, PEAK, SITTINGS, Panel
from scheduler.staffing import Staffing

LARGEST = 6_500
"""Seats of a program that is still solved; a larger problem goes by clusters."""
SMALL = 1_000
"""Seats of a full program that is not worth a pooled one before it."""
SPARE = 1
"""Up to so many panels more than the least there can be, panels of the same directions are told apart."""
FILL, STAFF = 2.0, 6.0
"""Seconds at the most for the people of a solution's panels, and for other members as well."""


class Prover:
    """Finds the next question and takes it as far as it gets; several threads may ask different ones."""

    def __init__(self, facts: Facts, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.i, self.b, self.seed = facts, improver, bounds, seed
        self.ended: set[tuple[tuple[int, ...], bool]] = set()
        """Costs of the earlier levels at which the next one was solved to its end, pooled or full."""

    def next(self, busy: Iterable[object] = (), first: int = 0) -> Question | None:
        """The next question from this level on that is not being asked; ``None`` where nothing can be asked.

        Level by level, but a lower peak is asked of the pooled program before fewer days of the full one.
        """
        asked = {q.subject for q in busy if isinstance(q, Question)}
        open_ = (q for q in self._open(first) if q.subject not in asked)
        return min(open_, key=lambda q: (q.level >= DAYS and not q.pooled, q.level), default=None)

    def _open(self, first: int) -> Iterable[Question]:
        cost = self.i.cost
        for level in range(first, 6):
            before = cost[:level]
            if self.b.proven(cost, level) or (not level and not cost[0]):
                continue
            small = LARGEST if level <= SITTINGS else SMALL
            for pooled in (True, False) if self.size(cost, level, False) > small else (False,):
                if (before, pooled) not in self.ended and self.size(cost, level, pooled) <= LARGEST:
                    yield Question(level, before, pooled, self._target(cost, level))

    def _target(self, cost: tuple[int, ...], level: int) -> int | None:
        if level == PEAK:
            return cost[PEAK] - 1
        return self.b.of(cost)[level] if level == GROUPS else None

    def size(self, cost: Sequence[int], level: int, pooled: bool) -> int:
        """Seats of the program, about."""
        return seats_of(self.f, self.classes, self._longest(self.classes, cost, level), everybody=not pooled)

    @cached_property
    def classes(self) -> list[Class]:
        """Every set of directions a panel may hear."""
        return classes_of(self.f)

    def _longest(self, classes: Iterable[Class], cost: Sequence[int], level: int) -> dict[Class, int]:
        if level <= SITTINGS:
            return dict.fromkeys(classes, 1)
        return longest_of(self.f, classes, None if cost[0] else cost[1])

    def ask(self, q: Question, seconds: float, stop: Callable[[], bool], nodes: int | None = None) -> None:
        """Take a question as far as it gets in the time, or in so many nodes of the search tree."""
        if q.level == 0 and self._everyone(q, seconds / 2, stop, nodes):
            return
        p = self._program(q, everyone=q.level > 0 and not q.before[0])
        if q.target is not None:
            p.row(p.levels[q.level], high=q.target)

        def ended() -> bool:
            now = self.i.cost
            if stop() or now[: q.settled] != q.before[: q.settled]:
                return True
            if q.key is None:
                return self.b.proven(now, q.level)
            return now[: q.aim] == q.key and self.b.proven(now, q.aim)

        def watch(bound: float) -> None:
            if q.key is not None:
                self.b.put(q.key, bound)

        at_the_end = nodes is not None or q.level <= SITTINGS
        answer = p.solve(
            p.levels[q.aim],
            seconds,
            seed=self.seed,
            nodes=nodes,
            hint=None if q.pooled or q.target is not None else p.hint(self.i.panels),
            stop=ended,
            watch=watch,
            found=None if at_the_end else lambda values: self.take(p, values, stop, by_work=False),
        )
        self._conclude(q, answer)
        if answer.values is not None and at_the_end:
            self.take(p, answer.values, stop, by_work=nodes is not None)

    def _conclude(self, q: Question, answer: Answer) -> None:
        """Keep what the answer proves, and that the question need not be asked again."""
        if q.target is not None and answer.impossible:
            self.b.put(q.before, q.target + 1)
        elif q.key is not None:
            if answer.values is not None or q.target is not None:
                self.b.put(q.key, answer.bound)
            if answer.proven:
                self.ended |= {(q.before, q.pooled), (q.key, q.pooled)}
        elif answer.values is not None and self.i.cost[: q.level + 1] > (*q.before, q.target):
            self.ended.add((q.before, q.pooled))

    def _program(self, q: Question, everyone: bool) -> Patterns:
        cost = (*q.before, *[0] * 7)
        classes = self.classes if q.pooled else self._apart(q)
        longest = self._longest(classes, cost, q.level)
        all_ = range(len(self.f.problem.experts))
        able = None if q.pooled else dict.fromkeys(classes, all_)
        p = Patterns(self.f, classes, able=able, longest=longest, everyone=everyone, pool=q.pooled)
        for k in range(q.level):
            p.row(p.levels[k], high=cost[k])
        return p

    def _apart(self, q: Question) -> list[Class]:
        """Classes for one panel each, where it is known about how many panels there are."""
        classes = self.classes
        groups = q.before[2] if q.level > 2 else q.target if q.level == 2 else None
        if groups is None or q.before[0]:
            return classes
        least = {c: self.f.least_groups(c, 0) for c in self.f.blocks}
        spare = groups - sum(least.values())
        if spare > SPARE:
            return classes
        return [One(c, i) for c in classes for i in range(least.get(c, len(c)) // len(c) + spare)]

    def _everyone(self, q: Question, seconds: float, stop: Callable[[], bool], nodes: int | None) -> bool:
        """Ask for places for everyone, which is easier than for as many as can be; whether they were found."""
        p = self._program(q, everyone=True)
        answer = p.solve([], seconds, seed=self.seed, nodes=nodes, stop=lambda: stop() or not self.i.cost[0])
        if answer.values is not None:
            self.take(p, answer.values, stop, by_work=nodes is not None)
        return not self.i.cost[0]

    def take(self, p: Patterns, values: Sequence[float], stop: Callable[[], bool], by_work: bool) -> None:
        """Fill a solution with people and offer it; where its own members do not do, others for the same panels."""
        frames = p.frames(values)
        filled = Filling(self.f, frames, {}).solve(FILL, self.seed, stop, by_work) if frames else None
        if filled:
            self.i.offer([hold(self.f, panel) for panel in filled])
        if (p.pool or not filled or self._left(filled) > self.i.cost[0]) and not stop():
            staffed = Staffing(self.f, p.panels_in(values), self.i.cost[0]).solve(STAFF, self.seed, stop, by_work)
            if staffed:
                self.i.offer([hold(self.f, panel) for panel in staffed])

    def _left(self, panels: Iterable[Panel]) -> int:
        return len(self.f.problem.applicants) - sum(len(s.appointments) for x in panels for s in x.sittings)
