"""Bounds by branching: no whole panels break a row or cost less, and where it ends it says what the patterns say."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.arrays import NOBODY
from scheduler.bench import instances
from scheduler.branching import bound_by_branching
from scheduler.branching.cheapest import DEAR, Seats, cheapest
from scheduler.branching.offers import Column
from scheduler.branching.program import Program
from scheduler.branching.rows import Cluster, Row
from scheduler.branching.simplex import DUAL, PRIMAL, Simplex
from scheduler.branching.split import WHOLE, Split
from scheduler.branching.tree import Node, Tree
from scheduler.clusters import Demand
from scheduler.columns.grid import Grid
from scheduler.facts import Facts
from scheduler.held import Held, hold
from scheduler.patterns import Class
from scheduler.schedule import MISMATCH
from scheduler.search import Search
from tests.scheduler.test_bounds_of_panels import SEEDS, every_schedule, two_sittings

EVER = 10**6


def bound(f: Facts, sittings: int, groups: int, most: int = EVER) -> int:
    told = [0]
    bound_by_branching(f, sittings, groups, most, bool, told.append)
    assert told == sorted(told), "it never falls"
    return told[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_it_proves_nothing_that_is_not_so(seed: int) -> None:
    """At every number of sittings and groups with which everyone is heard."""
    problem, found = every_schedule(seed)
    facts = Facts(problem)
    for sittings, groups in sorted({c[1:3] for c in found if not c[0]}):
        least = min(c[3] for c in found if not c[0] and c[1] <= sittings and c[2] <= groups)
        assert bound(facts, sittings, groups) <= least


def test_one_group_of_who_has_time_for_two_sittings_or_two_of_who_knows_more() -> None:
    facts = Facts(Problem.from_json(two_sittings()))
    assert [bound(facts, 2, groups) for groups in (1, 2)] == [6, 2]
    assert bound(facts, 2, 1, most=4) == 4, "no more than there is"


@cache
def planned(name: str = "made-600-1") -> Search:
    """An instance of four clusters in which everyone is heard."""
    problem = Problem.from_json(instances.read(name))
    search = Search(problem, 60.0, 1, 0, None, None, None, None)
    search.ways._plan()
    search._take()
    assert not search.cost[0]
    return search


def cluster(at: int) -> tuple[Cluster, list[Held]]:
    """A cluster of the round, asked for what its panels have."""
    clusters = planned().ways.clusters
    names, facts = list(clusters.facts.items())[at]
    panels = [hold(clusters.f, p) for p in planned().best.panels if {*p.directions} <= {*names}]
    sittings, groups = sum(len(h.times) for h in panels), sum(len(h.panel.directions) for h in panels)
    return Cluster(facts, Grid.of(facts), sittings, groups), panels


def counted(row: Row, x: Cluster, panels: list[Held]) -> float:
    """What the row counts of the panels, with their strangers or without."""
    at = {times: t for t, times in enumerate(x.grid.times)}
    return sum(row.counts(h.panel.directions, at[tuple(h.times)], h.members) for h in panels)


@pytest.mark.parametrize("at", range(4))
def test_no_schedule_breaks_a_row_or_a_cut(at: int) -> None:
    x, panels = cluster(at)
    tree = Tree(Program(x), EVER, bool, lambda _: None)
    tree._cut()
    rows = list(tree.p.rows)
    assert len(rows) > len(x.rows()) or at < 3, "the largest cluster has cuts"
    for row in rows:
        assert row.low - 1e-9 <= counted(row, x, panels) <= row.high + 1e-9


def test_a_cut_holds_for_whatever_panels_an_expert_can_sit_on() -> None:
    """Every two or three panels of the expert at different times, no more sittings than the expert has."""
    x, _ = cluster(3)
    tree = Tree(Program(x), EVER, bool, lambda _: None)
    before = len(tree.p.rows)
    tree._cut()
    cuts = list(tree.p.rows)[before:]
    assert cuts
    for row in cuts[:40]:
        (e, values), most = next(iter(row.seat.items())), x.f.most_sessions(next(iter(row.seat)))
        sets = [t for t, times in enumerate(x.grid.times) if {*times} <= x.f.open[e] and len(times) <= most]
        for some in itertools.combinations(sets, 2):
            times = [s for t in some for s in x.grid.times[t]]
            if len(times) == len({*times}) <= most:
                assert sum(values[t] for t in some) <= row.high


@pytest.mark.parametrize(("name", "at", "splits"), [("made-600-1", 1, False), ("made-600-5", 2, True)])
def test_where_it_ends_it_says_what_the_patterns_say(name: str, at: int, splits: bool) -> None:
    """At the least sittings and groups; the second one only once lengths and experts are whole."""
    clusters = planned(name).ways.clusters
    names, f = list(clusters.facts.items())[at]
    least, told = clusters.least[names], [0]
    p = clusters._program(Demand(names, least.sittings, least.groups))
    answer = p.solve(p.levels[MISMATCH])
    assert answer.proven
    tree = Tree(Program(Cluster(f, Grid.of(f), least.sittings, least.groups)), EVER, bool, told.append)
    tree.grow()
    assert told[-1] == round(answer.cost)
    assert bool(tree.splits.rows) == splits


@settings(deadline=None)  # the first one makes the round, which is kept
@given(st.floats(0.01, 6.99).filter(lambda n: abs(n - round(n)) > WHOLE))
def test_every_whole_number_is_on_one_side_of_a_split(n: float) -> None:
    """Nothing is lost between the sides, so what both prove holds; also inside limits there were before."""
    key = ("panels", ("D1",), 0)
    tree = Tree(Program(cluster(0)[0]), EVER, bool, lambda _: None)
    sides = [side[key] for side in tree._sides(Node({key: (0, 7)}, Split(key, n), None))]
    for whole in range(8):
        assert sum(low <= whole <= high for low, high in sides) == 1
    assert not any(low <= n <= high for low, high in sides), "what was solved is on neither"


def small_program() -> Simplex:
    """Of two columns that cost 2 and 3 at least 4 together, of the first one 3 at the most: 3 and 1 of them, 9."""
    lp = Simplex()
    a, b = lp.column(2.0, []), lp.column(3.0, [])
    lp.row(4.0, np.inf, [(a, 1.0), (b, 1.0)])
    lp.row(-np.inf, 3.0, [(a, 1.0)])
    return lp


def test_a_program_goes_on_from_where_it_stood() -> None:
    lp = small_program()
    assert lp.solve(DUAL)
    assert (lp.cost, list(lp.values), list(lp.prices)) == (9.0, [3.0, 1.0], [3.0, -1.0])
    before = lp.basis()
    lp.limit(1, -np.inf, 1.0)
    assert lp.solve(DUAL)
    assert lp.cost == 11.0
    cheap = lp.column(1.0, [(0, 1.0), (lp.row(-np.inf, 2.0, []), 1.0)])
    lp.limit(1, -np.inf, 3.0)
    lp.start(before)
    assert lp.solve(PRIMAL)
    assert (lp.cost, lp.values[cheap]) == (6.0, 2.0), "two of the cheap one and two of the first"


def test_a_look_changes_nothing() -> None:
    lp = small_program()
    lp.solve(DUAL)
    basis, limits = lp.basis(), list(lp.limits)
    assert lp.look(1, -np.inf, 2.0, basis) == 10.0
    assert lp.limits == limits
    lp.start(basis)
    assert lp.solve(DUAL)
    assert lp.cost == 9.0


SIZE, SESSIONS = 3, 2
PRICES = st.one_of(st.integers(-4, 6).map(float), st.just(DEAR))


@st.composite
def seats(draw: st.DrawFn) -> tuple[Seats, np.ndarray, np.ndarray]:
    """Up to seven experts of up to three employers, and the prices of their seats in a short and a longer set."""
    n = draw(st.integers(1, 7))
    firm = sorted(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    numbers = st.lists(st.integers(0, 1), min_size=n, max_size=n).map(np.array)
    lack = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    x = Seats(
        lack, draw(numbers), draw(numbers), np.array(firm), 3, SIZE, draw(st.integers(0, 2)), draw(st.integers(1, 2))
    )
    price = draw(st.lists(st.lists(PRICES, min_size=SESSIONS, max_size=SESSIONS), min_size=n, max_size=n))
    return x, np.array(price), np.array([1, 3])


@given(seats())
def test_no_panel_is_cheaper_than_the_cheapest(some: tuple[Seats, np.ndarray, np.ndarray]) -> None:
    x, price, length = some
    sets, members = np.arange(SESSIONS), np.full((SESSIONS, SIZE), 99)
    found = cheapest(x, price, length, sets, members)
    assert list(found) == list(cheapest(x, price, length, sets, np.empty((0, 0), dtype=np.int64)))
    for t in sets:
        every = dict(_panels(x, price[:, t], int(length[t])))
        assert found[t] == min(every.values(), default=np.inf)
        if every:
            assert every[tuple(sorted(i for i in members[t] if i != NOBODY))] == found[t]


def _panels(x: Seats, price: np.ndarray, sittings: int) -> list[tuple[tuple[int, ...], float]]:
    """Every panel and what it costs, its cheapest chair counted."""
    able, found = [i for i in range(len(price)) if price[i] < DEAR], []
    for n in range(SIZE + 1):
        for mine in itertools.combinations(able, n):
            chairs = [int(x.lack[i]) for i in mine if x.chairs[i]]
            firms = [int(x.firm[i]) for i in mine]
            good = chairs and sum(x.near[i] for i in mine) >= x.specialists
            if good and all(firms.count(firm) <= x.same_firm for firm in firms):
                strangers = (SIZE - n) * x.stranger * sittings
                found.append((mine, float(sum(price[i] for i in mine) + min(chairs) * sittings + strangers)))
    return found


def test_stopped_it_says_what_it_has() -> None:
    x, _ = cluster(3)
    told: list[int] = []
    looks = itertools.count()
    bound_by_branching(x.f, x.sittings, x.groups, EVER, lambda: next(looks) > 6, told.append)
    assert told == sorted(told)
    whole = bound(x.f, x.sittings, x.groups, most=max(told, default=0) + 3)
    assert max(told, default=0) <= whole


def test_a_column_is_a_panel_of_the_rules() -> None:
    """Its mismatch is what level 4 counts of it, strangers on its open seats."""
    x, _ = cluster(2)
    program = Program(x)
    program.grow(bool)
    rules = x.f.problem.rules
    for column in list(program.columns)[:200]:
        assert column.mismatch == _mismatch(x.f, column, x.grid, column.directions)
        assert len(column.members) <= rules.panel_size
        assert all(x.f.open[e].issuperset(x.grid.times[column.times]) for e in column.members)


def _mismatch(f: Facts, column: Column, grid: Grid, c: Class) -> int:
    strangers = 3 * len(c) * (f.problem.rules.panel_size - len(column.members))
    chair = min(f.lack(e, c) for e in column.members if f.may_chair(e, c))
    return len(grid.times[column.times]) * (sum(f.lack(e, c) for e in column.members) + strangers + chair)
