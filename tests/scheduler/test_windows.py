"""People who are free now and then only: how many sittings they need, and schedules where that decides."""

import random

from scheduler import Problem, check, solve
from scheduler.bench import instances
from scheduler.facts import Facts
from scheduler.windows import least_sittings
from tests.scheduler.small_rounds import small_round


def test_known_answers():
    morning, both = (0b1111, 0), (0b1111, 0b1111)
    assert least_sittings([], [9, 9], [4, 4], 0) == 0
    assert least_sittings([both] * 9, [9, 9], [4, 4], 0) == 3
    assert least_sittings([both] * 9, [9, 9], [4, 4], 1) == 2
    assert least_sittings([(0b0001, 0)] * 3, [9, 9], [4, 4], 0) == 3
    assert least_sittings([(0b0001, 0)] * 3 + [both] * 9, [9, 9], [4, 4], 0) == 3
    assert least_sittings([morning, (0, 0b1000)], [9, 9], [4, 4], 0) == 2
    assert least_sittings([(0b0011, 0), (0b0110, 0), (0b0011, 0)], [9, 9], [4, 4], 0) == 1
    assert least_sittings([(0b0011, 0)] * 3, [9, 9], [4, 4], 0) == 2


def test_who_can_not_be_heard_bounds_nothing():
    assert least_sittings([(0, 0)] * 3, [9, 9], [4, 4], 2) == 0
    assert least_sittings([(1, 0)] * 3, [2, 9], [4, 4], 0) == 0


def test_people_are_counted_where_windows_say_little():
    document, _ = small_round(random.Random(1))
    document["applicants"] = [a | {"unavailable": []} for a in document["applicants"]]
    assert not Facts(Problem.from_json(document)).windowed


def test_as_few_sittings_as_the_windows_allow():
    """More than counting slots says; every sitting in a program of its own, and then joined to panels."""
    problem = Problem.from_json(instances.read("made-60-2-windows"))
    facts = Facts(problem)
    counted = sum(-(-n // facts.most) for n in facts.count.values())
    answer = solve(problem, seconds=20)
    assert not check(problem, answer.to_json()).violations
    assert answer.cost[0] == 0
    assert answer.cost[1] == answer.bound[1]
    assert answer.cost[1] >= counted
    assert answer.cost[2] < answer.cost[1]
    assert answer.bound[2] == answer.cost[2]


def test_little_work_comes_to_an_end():
    """Questions that so little work leaves open are not asked again and again."""
    problem = Problem.from_json(instances.read("made-30-2-windows"))
    answer = solve(problem, work=0.01, workers=1)
    assert not check(problem, answer.to_json()).violations
    assert answer.bound <= answer.cost
