"""Questions to the solver: can these people all be heard, how many must be left out, at the least of what price.

No answer is taken on trust: before a person is told, "infeasible" is asked again of a solver with other parameters and
without what counting says (:meth:`sure`), and a schedule is counted by the checker.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from scheduler.check import check
from scheduler.explain.heard import hint, people_left, schedule
from scheduler.explain.hearing import Hearing
from scheduler.explain.limits import Limit, Scope, whole
from scheduler.facts import Facts
from scheduler.quick import new_solver, watched
from scheduler.schedule import Schedule

total = cp_model.LinearExpr.sum
SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)
LARGEST = 400_000
"""Variables above which a question is not asked: there would be no answer in time."""
SMALL = 3_000
"""Variables below which one worker is faster than several."""


@dataclass(frozen=True)
class Least:
    """The fewest left out that were found, who they are, and how many it must be."""

    left: tuple[str, ...]
    bound: int
    schedule: Schedule | None = None
    asked: tuple[tuple[str, str, str, int], ...] = ()
    """(kind, id, session, how much) of the soft limits that were passed."""

    @property
    def proven(self) -> bool:
        """Whether fewer is impossible."""
        return len(self.left) == self.bound


class Answer(NamedTuple):
    """A status and the solver that gave it."""

    status: Any
    solver: Any


class Oracle:
    """The solver with its deadline; ``open`` counts the questions that time left without an answer."""

    def __init__(self, seconds: float, workers: int, seed: int, stop: Callable[[], bool] = bool) -> None:
        self.end = time.monotonic() + seconds
        self.workers, self.seed, self.stop, self.open = workers, seed, stop, 0

    def within(self, share: float) -> Oracle:
        """The same with a share of the time that is left."""
        return Oracle(self.rest * share, self.workers, self.seed, self.stop)

    @property
    def rest(self) -> float:
        """Seconds that are left."""
        return self.end - time.monotonic()

    def can(self, facts: Facts, scope: Scope) -> bool | None:
        """Whether everyone in the scope can be heard; ``None`` where time ran out."""
        return self._can(facts, scope, self._first)

    def sure(self, facts: Facts, scope: Scope) -> bool | None:
        """The same asked again, of a solver with other parameters, whatever counting says."""
        return self._can(facts, scope, self._second)

    def _can(self, facts: Facts, scope: Scope, parameters: Any) -> bool | None:
        if not scope.people:
            return True
        if self.rest <= 0:
            self.open += 1
            return None
        model = Hearing(facts, scope)
        if parameters == self._first and model.counted():
            return False
        status = self._ask(_with(model.m, total(model.left) == 0), model, parameters).status
        if status in SOLVED:
            return True
        if status == cp_model.INFEASIBLE:
            return False
        self.open += 1
        return None

    def least(self, facts: Facts, scope: Scope, start: Schedule | None = None, soft: Iterable[Limit] = ()) -> Least:
        """The fewest people left out; of the soft limits no more is passed than that takes, as far as time allows."""
        if self.rest <= 0:
            return Least(tuple(sorted(scope.people)), 0)
        model = Hearing(facts, scope, frozenset(soft))
        if start is not None:
            hint(model, start)
        left, bound = total(model.left), model.counted()
        answer = Answer(cp_model.INFEASIBLE, None) if bound else self._ask(_with(model.m, left == 0), model)
        if answer.status not in SOLVED:
            bound = max(bound, int(answer.status == cp_model.INFEASIBLE))
            least = _with(model.m, left >= bound)
            least.minimize(left)
            answer = self._ask(least, model)
            if answer.status not in SOLVED:
                return Least(tuple(sorted(scope.people)), bound)
            bound = max(bound, ceil(answer.solver.best_objective_bound - 1e-6))
        if model.asked:
            answer = self._cheapest(model, answer)
        return self._told(facts, model, answer.solver, bound)

    def _cheapest(self, model: Hearing, answer: Answer) -> Answer:
        """The same number left out at the least price; what it was where time is short."""
        value, price = answer.solver.value, total(list(model.asked.values()))
        cheap = _with(model.m, total(model.left) == sum(map(value, model.left)))
        cheap.clear_hints()
        for v in model.variables:
            cheap.add_hint(v, value(v))
        cheap.minimize(price)
        found = self.within(0.4)._ask(cheap, model)
        return found if found.status in SOLVED else answer

    def _told(self, facts: Facts, model: Hearing, solver: Any, bound: int) -> Least:
        people = tuple(people_left(model, solver.value))
        asked = tuple((*key, n) for key, v in model.asked.items() if (n := solver.value(v)))
        if model.soft or model.scope != whole(facts):
            return Least(people, bound, None, asked)
        found = schedule(model, solver.value)
        report = check(facts.problem, found.to_json())
        assert not report.violations, report.violations
        return Least(found.unscheduled, bound, found)

    # ---------------------------------------------------------------- the solver

    def _ask(self, m: Any, model: Hearing, parameters: Any = None) -> Answer:
        solver = new_solver()
        if self.rest <= 0 or model.size > LARGEST:
            return Answer(cp_model.UNKNOWN, solver)
        solver.parameters.max_time_in_seconds = max(0.01, self.rest)
        solver.parameters.num_workers = 1 if model.size < SMALL else self.workers
        (parameters or self._first)(solver.parameters)
        return Answer(watched(solver, m, self.stop), solver)

    def _first(self, parameters: Any) -> None:
        parameters.random_seed = self.seed

    def _second(self, parameters: Any) -> None:
        parameters.random_seed = self.seed + 1
        parameters.linearization_level = 2
        parameters.symmetry_level = 0
        parameters.cp_model_probing_level = 0


def _with(m: Any, constraint: Any) -> Any:
    """The model and one constraint more."""
    more = m.clone()
    more.add(constraint)
    return more
