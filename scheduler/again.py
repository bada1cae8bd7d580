"""Solve again from here: the search starts from a schedule at hand, and keeps the panels that have pins as they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace

from scheduler.bounds import Bounds
from scheduler.check import check
from scheduler.errors import SchedulerError
from scheduler.explain.places import Places
from scheduler.facts import Facts
from scheduler.pins import PanelPin, apart, joined
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from scheduler.search import Event, Progress, solve
from scheduler.shares import Helpers

MENDING = 0.3
"""The part of the time in which a schedule that breaks rules is made valid before the search."""


def again(
    problem: Problem,
    schedule: Schedule,
    pins: Collection[PanelPin] = (),
    *,
    seconds: float = 60.0,
    workers: int = 2,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    cancel: Event | None = None,
    helpers: Helpers | None = None,
) -> Schedule:
    """The best schedule found from ``schedule`` on. A panel with a pin stays whole: its experts, sittings, applicants.

    Who is left over beside the kept panels may still take a free slot of theirs.

    Raises:
        SchedulerError: a kept panel breaks a rule, so that it cannot be kept.
    """
    end = time.monotonic() + seconds
    kept, rest = apart(problem, schedule, {pin.panel for pin in pins})
    if not kept:
        start = _valid(problem, schedule, seconds * MENDING, workers, seed, cancel)
        left = max(0.1, end - time.monotonic())
        return solve(
            problem,
            seconds=left,
            workers=workers,
            seed=seed,
            start=start,
            progress=progress,
            cancel=cancel,
            helpers=helpers,
        )
    heard = {a.applicant for p in kept for s in p.sittings for a in s.appointments}
    outside = frozenset(problem.applicant) - heard
    alone = Schedule(kept, tuple(a.id for a in problem.applicants if a.id in outside))
    if broken := check(problem, alone.to_json()).violations:
        raise SchedulerError(f"a kept panel breaks a rule: {broken[0]}")
    others = tuple(p for p in schedule.panels if p not in kept)
    free = replace(schedule, panels=others, unscheduled=tuple(a for a in schedule.unscheduled if a in outside))
    start = _valid(rest, free, seconds * MENDING, workers, seed, cancel)
    base = check(problem, alone.to_json()).cost
    found = solve(
        rest,
        seconds=max(0.1, end - time.monotonic()),
        workers=workers,
        seed=seed,
        start=start,
        progress=progress and _told(progress, base),
        cancel=cancel,
        helpers=helpers,
    )
    return _rated(problem, _taken_in(problem, joined(kept, found)), found.seconds)


def _valid(
    problem: Problem, schedule: Schedule, seconds: float, workers: int, seed: int, cancel: Event | None
) -> Schedule:
    """The schedule, repaired where it does not fit the problem."""
    heard = {a.applicant for p in schedule.panels for s in p.sittings for a in s.appointments}
    missing = tuple(a.id for a in problem.applicants if a.id not in heard)
    schedule = replace(schedule, unscheduled=missing)
    if not check(problem, schedule.to_json()).violations:
        return schedule
    from scheduler.repair import repair

    return repair(problem, schedule, seconds=seconds, workers=workers, seed=seed, cancel=cancel).schedule


def _taken_in(problem: Problem, schedule: Schedule) -> Schedule:
    """Those left over in free slots, one after the other, each in the cheapest."""
    for applicant in schedule.unscheduled:
        best = next(iter(Places(problem, schedule).of_applicant(applicant).possible), None)
        if best is not None and best.price.difference < (0,) * 7:
            schedule = best.price.schedule
    return schedule


def _rated(problem: Problem, schedule: Schedule, seconds: float) -> Schedule:
    """With its cost, and the bounds that hold for the instance whatever was kept."""
    cost = check(problem, schedule.to_json()).cost
    return schedule.rated(cost, Bounds(Facts(problem)).of(cost), seconds)


def _told(progress: Callable[[Progress], None], base: tuple[int, ...]) -> Callable[[Progress], None]:
    """Progress of the rest with what the kept panels cost; the bounds are those of the rest beside them."""

    def whole(costs: tuple[int, ...]) -> tuple[int, ...]:
        summed = tuple(a + b for a, b in zip(costs, base, strict=True))
        return costs[:1] + summed[1:5] + (max(costs[5], base[5]),) + summed[6:]

    return lambda p: progress(replace(p, cost=whole(p.cost), bound=whole(p.bound)))
