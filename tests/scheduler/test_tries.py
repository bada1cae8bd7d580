"""Ways of trying: each has its time by what it brings, and none is spent on what cannot be better."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from math import inf

from scheduler import check
from scheduler.annealing.cooling import NEVER, anneal
from scheduler.annealing.renewal import Renewal
from scheduler.annealing.tries import FIRST, FITS, MORE, SELDOM, Way, ways_of
from scheduler.bounds import Bounds
from scheduler.clusters import Clusters, Demand
from scheduler.held import Held, hold
from scheduler.improve import Improver
from tests.scheduler.test_annealing import first

PART, OTHER = frozenset({"D1", "D2"}), frozenset({"D3"})


def lack(panels: list[Held], part: Collection[str]) -> int:
    return sum(h.mismatch for h in panels if h.panel.directions[0] in part)


def test_tries_twice_as_long_have_half_as_many_turns_and_twice_the_gap_twice_as_many() -> None:
    short, long = (Way(PART, 1.0, shift=False, moves=moves) for moves in (100, 200))
    assert short.turn(3, 5) == 2 * long.turn(3, 5) == 2 * short.turn(3, 10)
    assert short.turn(6, 5) == 2 * short.turn(3, 5)


def test_a_try_in_vain_makes_the_next_one_longer_and_rarer_up_to_a_limit() -> None:
    way = Way(PART, 1.0, shift=False, moves=FIRST)
    often = way.luck
    way.ended(well=False, least=200, lack=100, panels=10, most=10**9)
    assert way.moves == FIRST * MORE
    assert way.luck < often
    way.ended(well=True, least=90, lack=100, panels=10, most=10**9)
    assert way.moves == FIRST * MORE, "what did well stays as long"
    assert way.luck > often
    for _ in range(50):
        way.ended(well=False, least=200, lack=100, panels=10, most=10_000_000)
    assert (way.moves, way.luck) == (1_000_000, SELDOM)


def test_a_try_fits_into_the_time_left_once_its_pace_is_known() -> None:
    way = Way(PART, 1.0, shift=False, moves=1000)
    assert way.fitting(10, 0.1) == 1000
    way.pace = 0.001
    assert way.fitting(10, 5.0) == round(FITS * 500)
    assert way.fitting(10, 1e6) == way.fitting(10, inf) == 1000
    assert way.fitting(10, -1.0) == 1, "the time may be over"


def test_at_the_end_tries_are_as_short_as_the_time_left() -> None:
    f, panels = first("made-600-1")
    looks = Counter[float]()
    for seconds in (inf, 0.01):
        renewal = Renewal(f, by_work=False, least=lambda _: 0, left=lambda s=seconds: s)
        for way in renewal.ways:
            way.moves, way.pace = 10 * way.moves, 1.0
        for n in range(3):
            renewal.better(lambda: panels, random.Random(n), lambda s=seconds: bool(looks.update([s])))
    assert 0 < looks[0.01] < looks[inf] / 10


def test_a_try_that_ended_near_keeps_its_turns() -> None:
    way = Way(PART, 4.0, shift=False, moves=FIRST)
    way.ended(well=False, least=102, lack=100, panels=10, most=10**9)
    assert way.luck == 1.0
    assert way.moves == FIRST * MORE, "longer all the same"
    way.ended(well=False, least=100, lack=100, panels=10, most=10**9)
    assert way.luck < 1.0, "where it began it saw nothing new"


def test_all_parts_at_once_are_one_more_and_each_direction_of_several_alone() -> None:
    alone = {frozenset({"D1"}), frozenset({"D2"})}
    assert {way.part for way in ways_of([PART, OTHER])} == {PART, OTHER, PART | OTHER, *alone}
    assert {way.part for way in ways_of([PART])} == {PART, *alone}


def test_a_direction_alone_has_turns_where_its_bound_is_known() -> None:
    f, panels = first("made-600-1")
    part = max(Renewal(f, by_work=True, least=lambda _: 0).parts, key=len)
    bad = max((frozenset({d}) for d in part), key=lambda d: lack(panels, d))

    def tried(known: int) -> list[frozenset[str]]:
        lone = Renewal(f, by_work=True, least=lambda x: known if x == bad else lack(panels, x))
        before = [way.moves for way in lone.ways]
        found = lone.better(lambda: panels, random.Random(1), bool)
        return [x.part for x, n in zip(lone.ways, before, strict=True) if x.moves > n or (found and x.luck > 1.0)]

    assert tried(0) == []
    assert tried(1) == [bad]


def test_the_best_of_a_direction_come_first_and_its_part_follows() -> None:
    f, panels = first("made-600-1")
    improver = Improver(f, panels)
    renewal = Renewal(f, by_work=True, least=lambda _: 0)
    way = next(x for x in renewal.ways if x.part == {"D3"})
    out = renewal._out(way.part, panels)
    least, found = renewal._best_first(way, way.moves, lambda: panels, out, random.Random(1), bool)
    alone = anneal(out.f, out.around, out.panels, way.moves, NEVER, random.Random(1), bool, way.heat, best=True)
    assert alone.least == least < lack(panels, way.part)
    assert found
    assert improver.offer([hold(f, panel) for panel in found])
    assert alone.panels
    new = {times for _, times, _ in alone.panels} - {h.times for h in out.out}
    assert new & {h.times for h in improver.panels if h.panel.directions[0] in way.part}, "as the best can"
    assert lack(improver.panels, way.whole) < lack(panels, way.whole)
    schedule = improver.schedule()
    assert schedule
    assert not check(f.problem, schedule.to_json()).violations
    before, after = (
        sorted(h.times for h in x if h.panel.directions[0] not in way.whole) for x in (panels, improver.panels)
    )
    assert before == after, "other parts sit when they sat"


def test_what_a_direction_alone_can_put_right_is_mostly_left_to_it() -> None:
    f, panels = first("made-600-1")
    part = max(Renewal(f, by_work=True, least=lambda _: 0).parts, key=len)
    bad = max((frozenset({d}) for d in part), key=lambda d: lack(panels, d))
    lone = Renewal(f, by_work=True, least=lambda x: 1 if x == bad else lack(panels, x - bad))
    moves = Counter[bool]()
    for n in range(1000):
        way = lone._next(panels, random.Random(n))
        assert way
        moves[way.part == bad] += way.moves * sum(h.panel.directions[0] in way.part for h in panels)
    assert moves[True] > 0.8 * sum(moves.values()), "it would be a thirteenth"
    assert moves[False]


def test_what_cannot_be_better_is_left_alone() -> None:
    f, panels = first("made-600-1")
    best = Renewal(f, by_work=True, least=lambda part: lack(panels, part))
    before = [way.moves for way in best.ways]
    assert best.better(lambda: panels, random.Random(1), bool) is None
    assert [way.moves for way in best.ways] == before, "nothing was tried"
    bad = max(best.parts, key=lambda part: lack(panels, part))
    one = Renewal(f, by_work=True, least=lambda part: 0 if part == bad else lack(panels, part))
    for n in range(3):
        one.better(lambda: panels, random.Random(n), bool)
    assert {way.part for way in one.ways if way.luck != 1.0} == {bad}


def test_what_is_known_of_some_directions_is_the_sum_of_their_clusters() -> None:
    f, panels = first("made-600-1")
    improver = Improver(f, panels)
    clusters = Clusters(f, improver, Bounds(f), seed=0)
    spare = max(0, improver.cost[2] - clusters.groups)
    for n, (c, least) in enumerate(clusters.least.items(), 1):
        clusters.bound[Demand(c, least.sittings, least.groups + spare)] = n
    a, b, *_ = clusters.least
    assert [clusters.at_least(x) for x in (a, b, (*a, *b), a[:-1])] == [1, 2, 3, 0], "of a part of one nothing is"
