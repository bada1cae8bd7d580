"""The answer of a repair and its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduler.bounds import Bounds
from scheduler.repair.before import Before
from scheduler.repair.judge import ORDER, Changes, Judge, Rated
from scheduler.schedule import Schedule


@dataclass(frozen=True)
class Repaired:
    """The new schedule and what it changes.

    ``cost`` and ``bound`` are in the order of a repair (:data:`ORDER`): a bound is proven of its level, what has
    started kept, with the earlier levels at their cost. The schedule's own bounds are the instance's, whatever stood
    before.
    ``past``: what of the past breaks the instance as it is now, in the checker's sentences; it was kept.
    """

    schedule: Schedule
    changes: Changes
    cost: tuple[int, ...]
    bound: tuple[int, ...]
    past: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The schedule's document with ``changes`` and ``repair``."""
        proof = {"levels": list(ORDER), "cost": list(self.cost), "bound": list(self.bound), "past": list(self.past)}
        return self.schedule.to_json() | {"changes": self.changes.to_json(), "repair": proof}


def repaired(before: Before, judge: Judge, best: Rated, bound: tuple[int, ...], seconds: float) -> Repaired:
    """The answer of a search."""
    cost = best.schedule.cost
    of_instance = Bounds(before.facts)
    of_instance.put((), sum(len(k.people) for k in before.facts.kinds if not any(k.masks)))
    if before.now is None:  # a repair may then choose among all schedules
        of_instance.put((), bound[0])
    schedule = best.schedule.rated(cost, of_instance.of(cost), round(seconds, 2))
    return Repaired(schedule, best.changes, best.cost, bound, tuple(str(v) for v in judge.history))
