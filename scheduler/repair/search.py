"""From the old schedule to the new one: what remains of it, then wider and wider windows, level by level.

First only what broke is free, with guests elsewhere; then the sessions it lies in; then everything, as far as that is
small enough. A level is left alone once its bound is met. What comes after the four changes is decided last.
The work is done in a thread; the caller's own looks at it, tells how far it is and stops it when asked to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from typing import Any

from scheduler.facts import Facts
from scheduler.greedy import Greedy
from scheduler.problem import Problem
from scheduler.repair.before import Before, Enough, Place, sittings
from scheduler.repair.bounds import Least, least
from scheduler.repair.fallback import remains
from scheduler.repair.flow import Flow
from scheduler.repair.judge import ORDER, Judge, Rated
from scheduler.repair.levels import Panels
from scheduler.repair.moves import Moves
from scheduler.repair.repaired import Repaired, repaired
from scheduler.repair.solver import Answer, Stoppable
from scheduler.repair.window import Windows, places
from scheduler.schedule import Schedule
from scheduler.search import Event, Progress

SIMPLE = 5
"""Levels that need no panels: the changes and the sittings."""
STAGES = (0,), (1, 2), (3,), (4,)
"""Which of them are decided in one go: who changes session and who only place are one question."""
SHARE = 0.6
"""The part of the time in which these are decided; the panels have the rest."""
BOUNDS = 0.3
"""The part in which the sessions are asked one by one."""
SEATS = 3_000
"""Places times experts above which not everything is freed at once,"""
LINKED = 600
"""and above which its panels are not looked at as a whole."""
COUNTED = 3_000
"""Applicants above which the whole is not counted."""
LOOK = 0.1
"""Seconds between two looks at the work,"""
TELL = 0.5
"""and between two reports."""


class Search:
    """One repair."""

    def __init__(
        self, problem: Problem, old: Schedule, now: datetime | None, seconds: float, workers: int, seed: int
    ) -> None:
        self.began, self.seconds = time.monotonic(), seconds
        self.workers, self.before = workers, Before(Facts(problem), old, now)
        self.solver = Stoppable(self.before, seed)
        self.judge = Judge(self.before)
        self.windows = Windows(self.before)
        self.every = {(self.before.facts.sessions[s].id, room) for s, room in self.windows.places}
        self.first = remains(self.before)
        self.best = self._first()
        self.least = Least()
        self.proven: dict[int, tuple[tuple[int, ...], int]] = {}
        """Level → the cost of the levels before it, and what was proven of it with them."""

    def _first(self) -> Rated:
        found = self.judge.rate(self.first) or self.judge.rate(self.before.only_past(self.first))
        assert found is not None
        return found

    def run(self, progress: Callable[[Progress], None] | None = None, cancel: Event | None = None) -> Repaired:
        """Repair while there is time, something left to win and nobody cancels; the best is kept."""
        told = 0.0
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(self._repair)
            try:
                while not wait([work], LOOK).done:
                    if time.monotonic() > self.began + self.seconds or (cancel is not None and cancel.is_set()):
                        self.solver.stop()
                    if progress is not None and time.monotonic() - told >= TELL:
                        told = time.monotonic()
                        progress(self._progress())
            finally:  # whatever comes in between, the thread is not left behind inside a solver
                while not work.done():
                    self.solver.stop()
                    wait([work], LOOK)
            with suppress(Enough):  # what was found until then is kept
                work.result()
        if progress is not None:
            progress(self._progress())
        return repaired(self.before, self.judge, self.best, self.bound, time.monotonic() - self.began)

    def _progress(self) -> Progress:
        best = self.best
        bound = self._bound(best.cost)
        level = next((k for k, cost in enumerate(best.cost) if bound[k] != cost), len(ORDER) - 1)
        return Progress(ORDER[level], best.cost, bound, round(time.monotonic() - self.began, 1))

    def _repair(self) -> None:
        number = self.before.facts.session_number
        now = {h.place: h for h in self.first}
        touched = {place for place, h in self.before.held.items() if now.get(place) != h}
        self.until = self.began + BOUNDS * self.seconds
        sessions = {number[s] for s, _ in touched if s in number}
        self.least = least(self.before, self.first, sessions, self._quick, self.left)
        self.until = self.began + SHARE * self.seconds
        narrow, *wider = self._widening(touched)
        self._moves(narrow)
        self._counted()
        self._afresh()
        for free in wider:
            if not self.settled():
                self._moves(free)
        self.until = self.began + self.seconds
        self._changed_panels()
        if self._seats(self.every) <= LINKED:
            self._panels(self.every)

    def _afresh(self) -> None:
        """Where people are left out: a schedule made anew, if it leaves out fewer. With a past there is none."""
        if self.best.cost[0] > self.bound[0] and not self.before.started and self.before.now is None:
            made = self.judge.rate(sittings(Greedy(self.before.facts).run()))
            if made is not None and made.cost < self.best.cost:
                self.best = made

    def left(self) -> float:
        """Seconds left, for the changes or for all."""
        return 0.0 if self.before.enough else self.until - time.monotonic()

    @property
    def bound(self) -> tuple[int, ...]:
        """What is proven of each level, with the earlier ones at their present cost."""
        return self._bound(self.best.cost)

    def _bound(self, cost: tuple[int, ...]) -> tuple[int, ...]:
        found = [0] * len(cost)
        found[1:4] = self.least.bound(cost)
        for k, (prefix, value) in tuple(self.proven.items()):
            if prefix == cost[:k]:
                found[k] = max(found[k], value)
        return tuple(min(pair) for pair in zip(found, cost, strict=True))

    def settled(self) -> bool:
        """Whether the simple levels are proven."""
        return self.bound[:SIMPLE] == self.best.cost[:SIMPLE]

    def _proves(self, level: int, prefix: tuple[int, ...], value: int) -> None:
        known = self.proven.get(level)
        if known is None or known[0] != prefix or known[1] < value:
            self.proven[level] = prefix, value

    # ---------------------------------------------------------------- what is freed

    def _widening(self, touched: set[Place]) -> list[set[Place]]:
        """What broke, what the bounds moved, empty places; with it each session it lies in; all of them; everything.

        Each as far as it is small enough.
        """
        sessions = sorted({s for s, _ in touched})
        broken = touched | self.least.moved
        empty = self.every - places(self.first)
        near = {place for place in empty if place[0] in sessions}
        room = SEATS // max(1, len(self.before.facts.problem.experts)) - len(broken | near)
        narrow = broken | near | set(sorted(empty - near)[: max(0, room)])
        found = [narrow]
        for names in *([s] for s in sessions), sessions:
            wider = narrow | {place for place in self.every if place[0] in names}
            if wider not in (*found, self.every) and self._seats(wider) <= SEATS:
                found.append(wider)
        return [*found, *([self.every] if self._seats(self.every) <= SEATS else [])]

    def _seats(self, free: Collection[Place]) -> int:
        return len(free) * len(self.before.facts.problem.experts)

    # ---------------------------------------------------------------- the changes

    def _counted(self) -> None:
        """Bounds of the simple levels from counting people, rooms and seats."""
        if self.settled() or len(self.before.facts.problem.applicants) > COUNTED:
            return
        flow, cost = Flow(self.before), self.best.cost
        for level in range(SIMPLE):
            if self.left() <= 0:
                return
            if self.bound[level] < cost[level]:
                self._proves(level, cost[:level], self.solver.bound(flow, level, self.left() / 8, 1))
            flow.m.add(flow.levels[level] <= cost[level])

    def _moves(self, free: set[Place]) -> None:
        """The simple levels in a window; then experts back to the seats they had, as far as it costs nothing."""
        model, start = Moves(self.before, self.windows.around(self.best.plan, free)), self.best
        for stage in STAGES:
            if self.left() <= 0:
                return
            last = stage[-1]
            if any(self.bound[k] < self.best.cost[k] for k in stage):
                self._stage(model, stage, free)
            for k, value in zip(stage, model.worth(self.best.plan)[stage[0] : last + 1], strict=True):
                model.m.add(model.levels[k] <= value)
        if self.best is not start and self.left() > 0:
            self._better(self._minimise(model, model.wish, self.left() / 4), SIMPLE)

    def _stage(self, model: Moves, stage: tuple[int, ...], free: set[Place]) -> None:
        """Levels in one go, an earlier one weighing more than all a later one can be."""
        weight = len(self.before.facts.problem.applicants) + 1
        first, prefix = stage[0], self.best.cost[: stage[0]]
        goal = model.levels[first] if len(stage) == 1 else weight * model.levels[first] + model.levels[first + 1]
        answer = self._minimise(model, goal, self.left() / (1 + self._open(first)))
        self._better(answer)
        if free == self.every and self.best.cost[:first] == prefix:
            values = (answer.bound,) if len(stage) == 1 else divmod(answer.bound, weight)
            for k, value in zip(stage, values, strict=True):
                if k == first or answer.value == answer.bound:
                    self._proves(k, self.best.cost[:k], value)

    def _open(self, level: int) -> int:
        """How many simple levels from this one on are not proven."""
        return sum(b < c for b, c in zip(self.bound[level:SIMPLE], self.best.cost[level:SIMPLE], strict=True))

    # ---------------------------------------------------------------- the panels

    def _changed_panels(self) -> None:
        """The levels that look at panels, where something changed."""
        now = {h.place: h for h in self.best.plan}
        changed = {p for p in set(now) | set(self.before.held) if now.get(p) != self.before.held.get(p)}
        if changed:
            self._panels(changed)

    def _panels(self, free: set[Place]) -> None:
        """The levels that look at panels; among equals, experts back to the seats they had."""
        if self.left() <= 0:
            return
        model = Panels(self.before, self.windows.around(self.best.plan, free))
        for level, value in enumerate(model.worth(self.best.plan)):
            model.m.add(model.levels[level] <= value)
        for level in range(SIMPLE, len(model.levels)):
            prefix = self.best.cost[:level]
            answer = self._minimise(model, model.levels[level], self.left() / (len(model.levels) + 1 - level))
            if answer.value is None:
                return
            self._better(answer)
            if free == self.every and self.best.cost[:level] == prefix:
                self._proves(level, prefix, answer.bound)
            model.m.add(model.levels[level] <= answer.value)
        self._better(self._minimise(model, model.wish, self.left()))

    # ---------------------------------------------------------------- answers

    def _minimise(self, model: Moves, goal: Any, seconds: float) -> Answer:
        model.hint(self.best.plan)
        return self.solver.minimise(model, goal, seconds, self.workers)

    def _quick(self, model: Moves, goal: Any) -> Answer:
        """For small models: one worker, a share of the time."""
        return self.solver.minimise(model, goal, self.left() / 6, 1)

    def _better(self, answer: Answer, levels: int = len(ORDER)) -> bool:
        """Keep the answer if it is better in so many levels, seats kept deciding among equals; whether it was."""
        rated = None if answer.plan is None else self.judge.rate(answer.plan)
        best = self.best
        if rated is None or (*rated.cost[:levels], rated.moved) >= (*best.cost[:levels], best.moved):
            return False
        self.best = rated
        return True


def repair(
    problem: Problem,
    old: Schedule,
    now: datetime | None = None,
    *,
    seconds: float | None = None,
    workers: int = 2,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    cancel: Event | None = None,
) -> Repaired:
    """Repair a published schedule for an instance that changed; what has started at ``now`` stays.

    ``seconds``: at most about so long; without it 4, above 2,000 applicants one more for each 500. ``progress`` hears
    level, cost, bound and time in the order of a repair at least each second; ``cancel`` ends it with the best so far.

    Raises:
        Refused: the schedule is of another round or no schedule in itself, or the instance lacks a past session.
    """
    limit = max(4.0, len(problem.applicants) / 500) if seconds is None else seconds
    return Search(problem, old, now, limit, workers, seed).run(progress, cancel)
