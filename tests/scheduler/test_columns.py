"""Panels by columns: the cheapest at given prices against all there are, and what a dive may take."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from scheduler import Problem, check, solve
from scheduler.anew import by_columns, one_sitting_less, wasteful
from scheduler.around import Around
from scheduler.bench import instances
from scheduler.columns import Column, Grid, Stock, choose, dive
from scheduler.columns.master import Master
from scheduler.columns.pricing import NEVER, Prices, Pricing
from scheduler.columns.stock import met
from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.held import Held, hold
from scheduler.improve import Improver
from scheduler.part import MISMATCH, Part
from scheduler.patterns import Patterns, classes_of
from scheduler.wishes import Wish


def facts(seed: int, people: int = 30, experts: int = 9, employers: int = 5, **more: object) -> Facts:
    """Two directions, four sessions of six slots; panels of four with two specialists."""
    rng = random.Random(seed)
    days = ("2026-07-15", "2026-07-16")
    sessions = [
        {"id": f"{d}{h}", "start": f"{d}T{h}:00", "end": f"{d}T{int(h) + 1}:00"} for d in days for h in ("08", "14")
    ]
    known = [{"D0": 3}, {"D0": 2, "D1": 2}, {"D1": 3}, {"D0": 1, "D1": 3}, {"D0": 3, "D1": 2}]
    document = {
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": {
            "panel_size": 4,
            "min_specialists": 2,
            "max_members_per_employer": 1,
            "max_sittings_per_panel": 3,
            "min_sitting": 0,
        },
        "sessions": sessions,
        "rooms": [{"id": f"R{i}"} for i in range(3)],
        "directions": [{"id": "D0"}, {"id": "D1"}],
        "experts": [
            {
                "id": f"E{i}",
                "employer": f"F{rng.randrange(employers)}",
                "chair": rng.random() < 0.7,
                "directions": rng.choice(known),
                "sessions": [s["id"] for s in sessions if rng.random() < 0.9],
                "max_sessions": rng.choice([None, 2, 3]),
                "recuse_applicants": [f"A{i}"] if rng.random() < 0.3 else [],
            }
            for i in range(experts)
        ],
        "applicants": [{"id": f"A{i}", "direction": f"D{i % 2}", "employer": None} for i in range(people)],
    }
    return Facts(Problem.from_json(document | more))


def stock(f: Facts, sittings: int = 8, groups: int = 4) -> Stock:
    everybody = range(len(f.problem.experts))
    return Stock(f, Around(f), dict.fromkeys(classes_of(f), everybody), sittings, groups)


def prices(f: Facts, s: Stock, grid: Grid, seed: int) -> Prices:
    draw = np.random.default_rng(seed)
    panel = {c: draw.uniform(-20, 0, len(grid.times)) for c in s.able}
    return Prices(draw.uniform(0, 3, s.free.shape), draw.uniform(0, 1, len(s.load)), panel, {c: {} for c in s.able})


def may_be(f: Facts, s: Stock, c: tuple[str, ...], times: tuple[int, ...], members: tuple[int, ...]) -> bool:
    """H4 to H7, written out."""
    firms = [f.problem.experts[e].employer for e in members]
    return (
        all(s.free[e, t] for e in members for t in times)
        and all(f.most_sessions(e) >= len(times) for e in members)
        and len(set(firms)) == len(firms)
        and all(sum(f.strength(e, d) >= 2 for e in members) >= f.problem.rules.min_specialists for d in c)
        and any(f.may_chair(e, c) for e in members)
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_panel_is_no_cheaper_than_said_and_keeps_the_rules(seed: int) -> None:
    f = facts(seed)
    s, grid = stock(f), Grid.of(f)
    at = prices(f, s, grid, seed)
    for c in s.able:
        pricing = Pricing(s, grid, c)
        offers = pricing.offers(at, random.Random(0))
        for q, t in enumerate(offers.sets):
            times, found = grid.times[t], pricing.panel(int(t), offers.cost[:, q])
            every = [
                sum(offers.cost[e, q] for e in m) + len(times) * min(f.lack(e, c) for e in m if f.may_chair(e, c))
                for m in combinations(range(len(f.problem.experts)), 4)
                if may_be(f, s, c, times, m)
            ]
            least = min(every, default=NEVER)
            assert offers.least[q] - offers.base[q] <= least + 1e-9
            if found:
                assert may_be(f, s, c, times, found[1].members)
                assert found[0] >= least - 1e-9
                lack = sum(f.lack(e, c) for e in (*found[1].members, found[1].chair))
                assert found[1].mismatch == lack * len(times)


@pytest.mark.parametrize("seed", range(4))
def test_where_nobody_shares_an_employer_the_cheapest_is_found(seed: int) -> None:
    f = facts(seed, employers=1000)
    s, grid = stock(f), Grid.of(f)
    for c in s.able:
        pricing = Pricing(s, grid, c)
        offers = pricing.offers(prices(f, s, grid, seed), random.Random(0))
        for q, t in enumerate(offers.sets):
            found = pricing.panel(int(t), offers.cost[:, q])
            told = offers.least[q] - offers.base[q]
            assert (found is None and told >= NEVER / 2) or (found and found[0] == pytest.approx(told))


@pytest.mark.parametrize("seed", range(20))
def test_a_dive_takes_what_there_is_and_no_more(seed: int) -> None:
    f = facts(seed, experts=14)
    s, whole = stock(f), stock(f)
    found = dive(s, Grid.of(f), [], random.Random(seed), lambda: False)
    assert found is not None
    for column in found:
        assert may_be(f, whole, column.directions, column.times, column.members)
        assert whole.fits(column)
        whole.take(column)
    assert sum(len(c.directions) for c in found) <= s.groups
    assert sum(len(c.times) for c in found) <= s.sittings


def test_more_specialists_than_seats_are_no_panel() -> None:
    f = facts(1)
    f.problem = replace(f.problem, rules=replace(f.problem.rules, min_specialists=6))
    s, grid = stock(f), Grid.of(f)
    for c in s.able:
        assert (Pricing(s, grid, c).offers(prices(f, s, grid, 1), random.Random(0)).least >= NEVER / 2).all()


def test_a_dive_hears_everybody_where_that_is_easy() -> None:
    f = facts(1, experts=24, employers=1000)
    found = dive(stock(f, 6, 2), Grid.of(f), [], random.Random(1), lambda: False)
    assert found
    held = {d: sum(6 * len(c.times) for c in found if d in c.directions) for d in ("D0", "D1")}
    assert all(held[d] >= 15 for d in held)
    assert sum(len(c.directions) for c in found) == 2


def fewest(f: Facts, sittings: int, groups: int) -> float | None:
    """The fewest mismatches with everyone heard, by the patterns' program; ``None`` where not everyone can be."""
    classes = classes_of(f)
    p = Patterns(f, classes, able=dict.fromkeys(classes, range(len(f.problem.experts))), everyone=True)
    p.row(p.levels[1], high=sittings)
    p.row(p.levels[2], high=groups)
    answer = p.solve(p.levels[MISMATCH])
    assert answer.ended
    return None if answer.values is None else round(answer.cost)


def test_chosen_panels_hear_everyone_and_lack_no_less_than_the_fewest() -> None:
    best, dear, never = 0, 0, 0
    for seed in range(12):
        f = facts(seed, experts=14, employers=8)
        s, grid, least = stock(f), Grid.of(f), fewest(f, 8, 4)
        found = choose(s, grid, [], 1_000, random.Random(seed), lambda: False, by_work=True)
        if least is None or found is None:
            assert found is None
            never += 1
            continue
        for column in found:
            assert may_be(f, s, column.directions, column.times, column.members)
            assert s.fits(column)
            s.take(column)
        for d, people in f.count.items():
            assert sum(6 * len(c.times) for c in found if d in c.directions) >= people
        assert sum(len(c.directions) for c in found) <= s.groups
        lack = sum(c.mismatch for c in found)
        best, dear = best + (lack == least), dear + (lack > least)
        assert lack >= least
        assert choose(stock(f), grid, [], int(least) - 1, random.Random(seed), lambda: False, by_work=True) is None
    assert best > dear
    assert never < 6


def test_behind_a_dive_there_are_fewer_mismatches_to_choose_and_never_too_few() -> None:
    better = 0
    for seed in range(8):
        f = facts(seed, experts=14, employers=8)
        grid, least = Grid.of(f), fewest(f, 8, 4)
        plain, dived = (
            choose(stock(f), grid, [], 1_000, random.Random(seed), lambda: False, by_work=True, diving=diving)
            for diving in (False, True)
        )
        assert (least is None) <= (dived is None)
        if least is None or not dived:
            continue
        assert heard(f, dived)
        whole = stock(f)
        for column in dived:
            assert whole.fits(column)
            whole.take(column)
        assert sum(c.mismatch for c in dived) >= least
        better += plain is None or sum(c.mismatch for c in dived) < sum(c.mismatch for c in plain)
    assert better


def held(found: list[Column], d: str) -> int:
    """Sittings of the direction."""
    return sum(len(c.times) for c in found if d in c.directions)


def heard(f: Facts, found: list[Column]) -> bool:
    """Whether everybody has a place."""
    return all(n <= 6 * held(found, d) for d, n in f.count.items())


def test_given_back_everything_is_there_again() -> None:
    f = facts(1, experts=14)
    s = stock(f)
    before = s.copy()
    found = dive(s, Grid.of(f), [], random.Random(1), lambda: False)
    assert found
    assert not s.fits(found[0])
    s.restore(before)
    assert s.fits(found[0])
    assert (s.left, s.load.tolist(), s.rooms.tolist()) == (before.left, before.load.tolist(), before.rooms.tolist())


def test_who_is_recused_or_away_has_a_wish() -> None:
    wish = Wish("D0", frozenset({3}), (0, 2))
    panel = Column(("D0",), (0, 1, 2), (1, 2, 4, 5), 1, 0)
    assert met(wish, panel) == 2
    assert met(Wish("D0", frozenset({4}), ()), panel) == 0
    assert met(Wish("D1", frozenset({3}), ()), panel) == 0
    assert met(Wish("D0", frozenset(), ()), panel) == 3


def test_a_direction_of_one_panel_goes_without_whom_somebody_may_not_meet() -> None:
    f = facts(4, people=8, experts=14, employers=1000)
    apart = {e for kind in f.kinds for e in kind.recused}
    assert apart
    found = dive(stock(f, 2, 2), Grid.of(f), [], random.Random(4), lambda: False)
    assert found
    for column in found:
        names = {f.problem.experts[e].id for e in column.members}
        mine = {e for kind in f.kinds if kind.direction in column.directions for e in kind.recused}
        assert not names & mine


def test_stopped_it_has_no_answer() -> None:
    f = facts(1)
    assert dive(stock(f), Grid.of(f), [], random.Random(1), lambda: True) is None


def test_the_prices_are_those_of_the_program() -> None:
    """A column in the program's solution costs as much as it is worth: the reduced cost of what is used is 0."""
    f = facts(2, experts=14)
    s, grid = stock(f), Grid.of(f)
    master, pricings, rng = Master(s, grid), [Pricing(s, grid, c) for c in s.able], random.Random(2)
    for _ in range(30):
        assert master.solve()
        at, new = master.prices(), 0
        for p in pricings:
            offers = p.offers(at, rng)
            for q in np.flatnonzero(offers.least < -1e-6):
                panel = p.panel(int(offers.sets[q]), offers.cost[:, q])
                new += bool(panel and panel[0] + offers.base[q] < -1e-6 and master.add(panel[1]))
        if not new:
            break
    used = [c for c in master.columns if master.value(c) > 1e-6]
    assert used
    for column in used:
        p = next(p for p in pricings if p.c == column.directions)
        offers = p.offers(at, rng)
        q = [grid.times[t] for t in offers.sets].index(column.times)
        lack = len(column.times) * f.lack(column.chair, column.directions)
        assert offers.base[q] + sum(offers.cost[e, q] for e in column.members) + lack == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("diving", [True, False])
def test_a_part_by_columns_is_valid_and_no_worse(diving: bool) -> None:
    problem = Problem.from_json(instances.read("made-300-2-mixes-uneven"))
    f, rng = Facts(problem), random.Random(5)
    first = solve(problem, seconds=2)
    improver = Improver(f, [hold(f, p) for p in first.panels])
    grid, before, found = Grid.of(f), improver.cost, 0
    for _ in range(6):
        part = Part(f, list(improver.here), MISMATCH, rng, 20.0, aim=MISMATCH)
        panels = by_columns(part, grid, lambda: False, by_work=False, diving=diving)
        if panels is not None:
            found += 1
            improver.offer([hold(f, p) for p in panels], part.out, MISMATCH + 1)
    assert found
    assert improver.cost <= before
    schedule = improver.schedule()
    assert schedule is not None
    assert not check(problem, schedule.to_json()).violations


def test_of_many_sessions_some_sets_of_each_length() -> None:
    f = Facts(Problem.from_json(instances.read("made-3000-1")))
    grid = Grid.of(f)
    assert len(grid.times) <= 20_000
    assert {len(t) for t in grid.times} == set(range(1, f.limit + 1))
    assert len(set(grid.times)) == len(grid.times)


def test_a_sitting_too_many_is_given_up() -> None:
    """Three panels of two sittings each hear 9 of 12: none has a sitting to spare, all together have one and a half."""
    people = [{"id": f"A{i}", "direction": "D0", "employer": None} for i in range(27)]
    f = facts(1, experts=24, employers=1000, applicants=people)
    panels, apart = list[Held](), set[str]().union(*f.recused.values())
    for i, t in enumerate(((0, 1), (1, 2), (2, 3))):
        able = [e for e in f.know(("D0",)) if f.strength(e, "D0") >= 2 and f.open[e] >= {*t} and f.most_sessions(e) > 1]
        able = [e for e in able if f.problem.experts[e].id not in apart]
        members = tuple([e for e in able if e not in {m for p in panels for m in p.members}][:4])
        chair = next(e for e in members if f.may_chair(e, ("D0",)))
        names = {a["id"] for a in people[9 * i : 9 * i + 9]}
        filled = Filling(f.part(names), [(("D0",), t, members, chair)], {}).solve(5.0)
        assert filled
        panels += [hold(f, p) for p in filled]
    improver = Improver(f, panels)
    assert improver.cost[:2] == (0, 6)
    assert wasteful(f, improver.panels) == [("D0",)]
    made = one_sitting_less(f, improver.panels, ("D0",), random.Random(1), lambda: False, by_work=True)
    assert made
    assert improver.offer([hold(f, p) for p in made[1]], made[0])
    assert improver.cost[:2] == (0, 5)
    assert wasteful(f, improver.panels) == []
