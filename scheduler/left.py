"""Who must be left out: of large rounds asked of the model of level 1 alone, whose panels have one sitting each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler.explain.limits import Scope, whole
from scheduler.explain.oracle import Least, Oracle
from scheduler.facts import Facts
from scheduler.patterns import Class
from scheduler.schedule import Schedule

Stop = Callable[[], bool]


def fewest(f: Facts, now: Schedule, seconds: float, seed: int, stop: Stop) -> Least:
    """The fewest who are left out that were found, with their schedule, and how many it must be."""
    return Oracle(seconds, 1, seed, stop).least(f, whole(f), now)


def fewest_by_block(f: Facts, left: Iterable[str], seconds: float, seed: int, stop: Stop) -> dict[Class, int]:
    """Of each block with somebody left out: how many of its people must be, had it all rooms and experts."""
    applicant, oracle = f.problem.applicant, Oracle(seconds, 1, seed, stop)
    limits = whole(f).limits
    found: dict[Class, int] = {}
    for block in sorted({f.block_of([applicant[a].direction]) for a in left}):
        people = frozenset(a for a, who in applicant.items() if who.direction in block)
        found[block] = oracle.within(0.5).least(f, Scope(people, limits)).bound
    return found
