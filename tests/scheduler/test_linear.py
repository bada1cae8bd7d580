"""Small programs with known answers; what SCIP says of them; no word of its own on the terminal."""

from __future__ import annotations

import gc
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.linear import INFINITY, Linear, Terms


def two_of_three() -> tuple[Linear, Terms]:
    """Two of three things that cost 3, 5 and 4: the first and the last for 7."""
    program = Linear()
    columns = [program.column() for _ in range(3)]
    program.row([(c, 1) for c in columns], low=2)
    return program, list(zip(columns, (3, 5, 4), strict=True))


def hard(n: int = 40, measures: int = 20) -> tuple[Linear, Terms]:
    """So many weights split in halves by several measures at a time: forty by twenty are not solved in a moment."""
    rng, program = random.Random(5), Linear()
    columns = [program.column() for _ in range(n)]
    cost: Terms = []
    for _ in range(measures):
        weights = [rng.randrange(100) for _ in columns]
        over, under = program.column(INFINITY, whole=False), program.column(INFINITY, whole=False)
        half = sum(weights) // 2
        program.row([*zip(columns, weights, strict=True), (under, 1), (over, -1)], half, half)
        cost += [(over, 1), (under, 1)]
    return program, cost


def test_the_best_of_a_small_program():
    program, cost = two_of_three()
    answer = program.solve(cost)
    assert answer.values == pytest.approx([1, 0, 1])
    assert (answer.cost, answer.bound) == pytest.approx((7, 7))
    assert (answer.proven, answer.impossible) == (True, False)


def test_whole_numbers_cost_more_than_parts_of_them():
    program = Linear()
    x, y = program.column(5), program.column(5)
    program.row([(x, 2), (y, 2)], low=5)
    assert program.solve([(x, 1), (y, 1)]).cost == pytest.approx(3)


def test_columns_that_need_not_be_whole_have_a_bound_as_well():
    program = Linear()
    x = program.column(5, whole=False)
    program.row([(x, 2)], low=5)
    answer = program.solve([(x, 1)])
    assert (answer.cost, answer.bound) == pytest.approx((2.5, 2.5))


def test_what_cannot_be():
    program, cost = two_of_three()
    program.row(cost, high=6)
    answer = program.solve(cost)
    assert (answer.values, answer.impossible, answer.proven) == (None, True, True)


def test_a_row_of_nothing_that_asks_for_something_cannot_be():
    program, cost = two_of_three()
    program.row([], low=1)
    assert program.solve(cost).impossible


def test_a_row_of_nothing_that_asks_for_nothing_is_left_out():
    program, cost = two_of_three()
    program.row([], low=0, high=3)
    assert len(program.rows) == 1
    assert program.solve(cost).cost == pytest.approx(7)


def test_a_column_may_stand_in_a_row_and_in_the_cost_more_than_once():
    program = Linear()
    x = program.column(9)
    program.row([(x, 1), (x, 1)], low=7)
    assert program.solve([(x, 1), (x, 2)]).cost == pytest.approx(12)


def test_a_column_starts_at_its_low_end():
    program = Linear()
    x = program.column(9, low=2)
    program.row([(x, 1)], low=1)
    assert program.solve([(x, 1)]).cost == pytest.approx(2)


def test_stopped_at_once_it_claims_nothing():
    program, cost = hard()
    answer = program.solve(cost, stop=lambda: True)
    assert (answer.proven, answer.impossible, answer.ended) == (False, False, False)
    assert answer.bound < answer.cost


def test_a_hint_is_where_it_starts():
    """Half of the columns given by a known solution: the first one found is not dearer."""
    program, cost = hard()
    known = program.solve(cost, nodes=300, seed=1)
    first: list[float] = []
    hint = dict(enumerate(known.values[:40]))
    program.solve(cost, nodes=1, hint=hint, found=lambda v: first.append(sum(f * v[c] for c, f in cost)))
    assert min(first) <= known.cost + 1e-6


def test_a_hint_that_cannot_be_does_no_harm():
    program, cost = two_of_three()
    assert program.solve(cost, hint={0: 0, 1: 0, 2: 0}).cost == pytest.approx(7)


def test_nodes_end_it_and_the_same_each_time():
    program, cost = hard()
    first, again = (program.solve(cost, nodes=20, seed=3) for _ in range(2))
    assert first == again
    assert first.values is not None
    assert not first.proven
    assert first.bound < first.cost


def test_it_ends_when_all_is_proven_and_not_before():
    program, cost = hard(16, 4)
    answer = program.solve(cost)
    assert answer.proven
    assert answer.cost - 1 < answer.bound <= answer.cost + 1e-6


def test_who_watches_sees_bounds_that_hold():
    program, cost = Linear(), []
    cost = [(program.column(3), c) for c in (13, 17, 19)]
    program.row([(x, c + 1) for x, c in cost], low=61)
    program.row([(x, c + 3) for x, c in cost], high=71)
    seen: list[float] = []
    answer = program.solve(cost, watch=seen.append)
    assert answer.proven
    assert all(bound <= answer.cost + 1e-6 for bound in seen)


def test_who_watches_hears_nothing_when_the_solver_is_taken_down():
    """The nodes still open are dropped then, and what is left looks like a better bound."""
    program, cost = hard()
    seen: list[float] = []
    answer = program.solve(cost, nodes=1, watch=seen.append)
    gc.collect()
    assert not answer.ended
    assert max(seen) <= answer.bound + 1e-6


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_as_by_trying_everything(data):
    """Up to four columns from 0 to 2, up to three rows: the best, or that there is none."""
    n = data.draw(st.integers(1, 4))
    factors = st.lists(st.integers(-3, 3), min_size=n, max_size=n)
    rows = data.draw(st.lists(st.tuples(factors, st.integers(-4, 8), st.integers(0, 5)), max_size=3))
    cost, program = data.draw(factors), Linear()
    for _ in range(n):
        program.column(2)
    for row, low, more in rows:
        program.row(enumerate(row), low, low + more)
    every = itertools.product(range(3), repeat=n)
    costs = [
        sum(c * v for c, v in zip(cost, x, strict=True))
        for x in every
        if all(low <= sum(f * v for f, v in zip(row, x, strict=True)) <= low + more for row, low, more in rows)
    ]
    hint = data.draw(st.none() | st.dictionaries(st.integers(0, n - 1), st.integers(0, 2)))
    answer = program.solve(list(enumerate(cost)), hint=hint)
    assert answer.impossible == (not costs)
    if costs:
        assert answer.proven
        assert answer.cost == pytest.approx(min(costs))
        assert min(costs) - 1 < answer.bound <= min(costs) + 1e-6


def test_nothing_is_printed(capfd):
    """SCIP prints from C, past Python's streams."""
    program, cost = two_of_three()
    for options in ({}, {"hint": {0: 0}}, {"seconds": 0}, {"watch": lambda _: None}):
        program.solve(cost, **options)
    program.row(cost, high=6)
    program.solve(cost)
    hard()[0].solve(hard()[1], nodes=1)
    hard()[0].solve(hard()[1], stop=lambda: True)
    Linear().solve([])
    assert capfd.readouterr() == ("", "")
