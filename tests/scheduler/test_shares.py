"""Parts of a large schedule that others solve: cut out, checked, put back, or lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler import Problem, Schedule, check
from scheduler.bench.make import Kind, make
from scheduler.facts import Facts
from scheduler.greedy import Greedy
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.shares import Share, Shares
from scheduler.writing import instance_document


class Helper:
    """One helper who waits; answers are what the test puts back."""

    def __init__(self) -> None:
        self.waiting, self.parts, self.back = [1], list[Share](), list[tuple[int, Schedule | None]]()

    def idle(self) -> list[int]:
        return list(self.waiting)

    def give(self, helper: int, share: Share) -> None:
        self.waiting.remove(helper)
        self.parts.append(share)

    def answers(self) -> list[tuple[int, Schedule | None]]:
        found, self.back = self.back, []
        return found


def improved(part: Share) -> Schedule | None:
    """A few steps further."""
    facts = Facts(part.problem)
    alone = Improver(facts, [hold(facts, p) for p in part.schedule.panels])
    alone.work(0, lambda: False, rounds=4)
    return alone.schedule()


@pytest.fixture(scope="module")
def problem() -> Problem:
    return Problem.from_json(make(Kind(300, 1)))


@pytest.fixture
def begun(problem: Problem) -> tuple[Helper, Improver, Shares]:
    facts, helper = Facts(problem), Helper()
    improver = Improver(facts, [hold(facts, p) for p in Greedy(facts).run().panels])
    return helper, improver, Shares(problem, improver, helper, 0)


@pytest.mark.parametrize(
    "kind", [Kind(60, 1, mixes=True), Kind(60, 2, pins=0.3, uneven=True), Kind(60, 3, windows=True)]
)
def test_a_written_problem_is_read_as_the_same(kind: Kind) -> None:
    problem = Problem.from_json(make(kind))
    assert Problem.from_json(instance_document(problem)) == problem


def test_what_a_helper_finds_makes_the_whole_better(begun: tuple[Helper, Improver, Shares]) -> None:
    helper, improver, shares = begun
    shares.exchange(60)
    (part,) = helper.parts
    assert not check(part.problem, part.schedule.to_json()).violations, "the part is a valid schedule by itself"
    away = {a.id for a in part.problem.applicants} - set(part.schedule.unscheduled)
    assert improver.lent == away
    helper.back = [(1, improved(part))]
    was, nobody_else = improver.cost, {h for h in improver.panels if away.isdisjoint(h.people)}
    shares.exchange(60)
    assert improver.cost < was
    assert shares.taken == 1
    assert nobody_else <= set(improver.panels), "all others are as they were"
    assert improver.lent == frozenset()
    found = improver.schedule()
    assert found is not None
    assert not check(shares.problem, found.to_json()).violations


def test_panels_that_are_away_are_left_alone(begun: tuple[Helper, Improver, Shares]) -> None:
    _helper, improver, shares = begun
    shares.exchange(60)
    mine = [h for h in improver.panels if not improver.lent.isdisjoint(h.people)]
    improver.work(0, lambda: False, rounds=5)
    assert {id(h) for h in mine} <= {id(h) for h in improver.panels}
    assert improver.steps == 5, "improvement went on beside them"


def test_nonsense_and_the_lost_change_nothing(begun: tuple[Helper, Improver, Shares]) -> None:
    helper, improver, shares = begun
    shares.exchange(60)
    (part,) = helper.parts
    first = part.schedule.panels[0]
    broken = replace(part.schedule, panels=(replace(first, members=first.members[1:]), *part.schedule.panels[1:]))
    was = improver.cost
    for answer in (broken, None, part.schedule):
        helper.back = [(1, answer), (77, part.schedule)]
        shares.exchange(60)
        assert (improver.cost, improver.lent, shares.taken) == (was, frozenset(), 0)
        helper.waiting = [1]
        shares.exchange(60)


def test_too_late_or_too_small_and_nothing_is_given(begun: tuple[Helper, Improver, Shares]) -> None:
    helper, improver, shares = begun
    shares.exchange(1)
    improver.restart(improver.panels[:6])
    shares.exchange(60)
    assert helper.parts == []
