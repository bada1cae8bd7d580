"""Annealing: what the moves keep true, what it finds where the answer is known, and what a schedule gets from it."""

from __future__ import annotations

import importlib.util
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from math import comb
from types import ModuleType

import numba
import numpy as np
import pytest
from numba.core import caching

from scheduler import Problem, check, compiled, solve
from scheduler.annealing import kernel
from scheduler.annealing.best import best_only
from scheduler.annealing.changes import dealt, shifted
from scheduler.annealing.cooling import anneal
from scheduler.annealing.given import Given, given
from scheduler.annealing.people import heard
from scheduler.annealing.renewal import NEVER, Renewal, chaired
from scheduler.annealing.strangers import Open, seated
from scheduler.around import Around
from scheduler.arrays import Numbers
from scheduler.bench import instances
from scheduler.facts import Facts
from scheduler.held import Held, cost, hold
from scheduler.improve import Improver
from scheduler.patterns import Frame
from scheduler.schedule import MISMATCH
from scheduler.search import Search


@pytest.fixture(scope="module")
def plain() -> ModuleType:
    """The compiled module once more, as plain Python: what it does can be seen, and is counted as tested."""
    numba.config.DISABLE_JIT = 1
    try:
        return loaded(kernel)
    finally:
        numba.config.DISABLE_JIT = 0


def loaded(module: ModuleType) -> ModuleType:
    """The module's file as another module."""
    spec = importlib.util.spec_from_file_location(f"plain_{module.__name__}", str(module.__file__))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def first(name: str) -> tuple[Facts, list[Held]]:
    """An instance and the panels of its first schedule."""
    problem = Problem.from_json(instances.read(name))
    search = Search(problem, 1.0, 1, 0, None, None, None, None)
    return search.facts, [hold(search.facts, p) for p in search.best.panels]


def arrays(f: Facts, panels: list[Held], around: Around | None = None) -> tuple[Given, Numbers, Numbers, Numbers]:
    """What the kernel is given for these panels."""
    classes = sorted({h.panel.directions for h in panels})
    held = Counter[tuple[str, ...]]()
    for h in panels:
        held[h.panel.directions] += len(h.times)
    g = given(f.part({a for h in panels for a in h.people}), classes, around or Around(f), held)
    kinds = np.array([classes.index(h.panel.directions) for h in panels])
    times = np.array([sum(1 << s for s in h.times) for h in panels])
    return g, kinds, times, np.array([h.members for h in panels])


NAMES = ["made-60-1", "made-80-2-mixes", "made-80-3-uneven", "made-80-4-tight", "made-60-5-windows"]


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_counted_on_the_way_is_what_is_there(plain: ModuleType, name: str, alone: bool) -> None:
    f, panels = first(name)
    g, kinds, times, members = arrays(f, panels)
    g = best_only(g) if alone else g
    x = plain.seats(g, kinds, times, members)
    for seed, heat in enumerate((20.0, 2.0, 0.3)):
        plain.cool(g, x, heat, heat, 2, seed, NEVER, times.copy(), members.copy())
        anew = plain.seats(g, x.kind, x.times, x.members)
        for field in ("members", "cost", "broken", "free", "load", "rooms", "missing", "lacking"):
            assert getattr(x, field).tolist() == getattr(anew, field).tolist(), field
        assert x.lacking[0] == sum(max(0, n) for n in x.missing)


def test_a_move_undone_leaves_no_trace(plain: ModuleType) -> None:
    f, panels = first("made-80-2-mixes")
    x = plain.seats(*(g_and := arrays(f, panels)))
    g, fields = g_and[0], ("times", "members", "cost", "broken", "free", "load", "rooms", "missing", "lacking")
    np.random.seed(3)
    moved = 0
    for n in range(3000):
        before = {field: getattr(x, field).tolist() for field in fields}
        x.touched[0] = 0
        move = (plain.move_seat, plain.move_open, plain.move_session, plain.move_sitting, plain.move_panels)[n % 5]
        if move(g, x):
            moved += 1
            plain.weigh(g, x)
            plain.undo(g, x)
        assert {field: getattr(x, field).tolist() for field in fields} == before
    assert moved > 300


def planted(panels: list[tuple[int, ...]], sessions: int, members: int) -> tuple[Given, Numbers]:
    """Panels with these sessions, and experts who are free for two of them and for nothing else; bits of the sessions.

    Whoever knows nothing of the direction has time at all hours.
    """
    days = [f"2026-07-{n + 1:02}" for n in range(sessions)]
    both = [(a, b) for a, b in combinations(range(len(panels)), 2) if not {*panels[a]} & {*panels[b]}]
    wanted, experts = Counter(dict.fromkeys(range(len(panels)), members)), []
    for a, b in both * members:
        if wanted[a] and wanted[b]:
            wanted.subtract((a, b))
            experts.append([f"S{s}" for s in sorted(panels[a] + panels[b])])
    assert not any(wanted.values())
    every = [f"S{s}" for s in range(sessions)]
    document = {
        "name": "planted",
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": {"panel_size": members, "min_specialists": 1, "max_members_per_employer": 1},
        "sessions": [{"id": s, "start": f"{d}T08:00", "end": f"{d}T09:00"} for s, d in zip(every, days, strict=True)],
        "rooms": [{"id": f"R{i}"} for i in range(len(panels))],
        "directions": [{"id": "D", "name": "D"}],
        "experts": [
            {"id": f"E{i}", "employer": f"F{i}", "directions": {"D": 3}, "chair": True, "sessions": x}
            for i, x in enumerate(experts)
        ]
        + [{"id": f"X{i}", "employer": f"Y{i}", "directions": {}, "sessions": every} for i in range(60)],
        "applicants": [{"id": "A", "direction": "D", "employer": None}],
    }
    f = Facts(Problem.from_json(document))
    g = given(f, [("D",)], Around(f), {("D",): sum(map(len, panels))})
    return g, np.array([sum(1 << s for s in times) for times in panels])


THREE_WAYS = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (1, 5, 6), (2, 3, 7)]
"""Nine sessions in three ways."""


def test_panels_are_found_whose_members_have_time_for_nothing_else() -> None:
    g, times = planted(THREE_WAYS, 9, 4)
    ends = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        start = np.array([sum(1 << int(s) for s in rng.choice(9, 3, replace=False)) for _ in times])
        nobody = np.full((len(times), g.size), -1)
        x = kernel.seats(g, np.zeros(len(times), dtype=np.int64), start, nobody)
        ends.append(int(kernel.cool(g, x, 3.0, 0.3, 20, seed, NEVER, start, nobody)))
    assert min(ends) == 0


def test_the_times_of_a_panel_made_anew_are_those_of_the_most(plain: ModuleType) -> None:
    g, times = planted(THREE_WAYS, 9, 4)
    nobody = np.full((0, g.size), -1)
    none = np.zeros(0, dtype=np.int64)
    x = plain.seats(g, none, none, nobody)
    np.random.seed(1)
    found = {plain.best_times(g, x, 0, 3) for _ in range(200)}
    free = {t: sum(not t & ~int(e) for e, load in zip(x.free, x.load, strict=True) if load < 9) for t in found}
    assert found >= {int(t) for t in times}, "each of the planted ones in its turn"
    assert min(free.values()) >= g.size, "and none for which fewer are free than there are seats"
    x.rooms[0] = 0
    assert not any(plain.best_times(g, x, 0, 3) & 1 for _ in range(50)), "where there is no room nobody sits"
    assert plain.best_times(g, x, 0, 7) == 0, "nobody is free for seven"


def test_an_expert_is_counted_in_every_set_of_the_sessions_once(plain: ModuleType) -> None:
    g, _ = planted(THREE_WAYS, 9, 4)
    none, mine = np.zeros(0, dtype=np.int64), [0, 1, 3, 6, 8]
    for n in range(1, len(mine) + 1):
        x = plain.seats(g, none, none, np.full((0, g.size), -1))
        assert plain.count_sets(g, x, 0, 0, sum(1 << s for s in mine), n) == 1
        met = sorted(int(x.sets[slot]) for slot in x.met[1 : 1 + x.met[0]])
        assert met == sorted(sum(1 << s for s in each) for each in combinations(mine, n))
        assert comb(plain.widest(n), n) <= plain.SETS < comb(plain.widest(n) + 1, n)


def test_the_best_alone_are_those_who_lack_nothing_and_an_open_seat_counts_as_the_next_best() -> None:
    f, panels = first("made-60-1")
    g, *_ = arrays(f, panels)
    best = best_only(g)
    for c in range(len(g.known)):
        mine = g.pool[g.pool_of[c] : g.pool_of[c] + g.known[c]].tolist()
        kept = best.pool[best.pool_of[c] : best.pool_of[c + 1]].tolist()
        lacks = [int(g.lack[c, e]) for e in mine]
        assert kept == [e for e, lack in zip(mine, lacks, strict=True) if lack == 0]
        assert best.open[c] == min(filter(None, lacks), default=g.stranger[c]) < g.open[c]
    there = set(best.pool.tolist())
    assert best.free.tolist() == [n if e in there else 0 for e, n in enumerate(g.free.tolist())]


def test_who_comes_later_may_chair(plain: ModuleType) -> None:
    g, times = planted(THREE_WAYS, 9, 4)
    nobody = np.full((1, g.size), -1)
    full = np.array([[e for e in range(len(g.load)) if not times[0] & ~int(g.free[e])][: g.size]])
    best = best_only(g)._replace(chairs=np.zeros_like(g.chairs), open=np.array([1]))

    def costs(g: Given, members: Numbers) -> tuple[int, int]:
        x = plain.seats(g, np.zeros(1, dtype=np.int64), times[:1], members)
        return int(x.cost[0]), int(x.broken[0])

    assert costs(best, nobody) == (3 * (g.size + 1), 0), "each open seat in each of three sittings, and the chair"
    assert costs(best, full) == (3 * 2, 0), "somebody gives the seat to one who lacks something, as chair too"
    assert costs(best._replace(later=0), full) == (3 * plain.CHAIR, 3 * plain.CHAIR), (
        "if nobody comes, a rule is broken"
    )


def test_an_open_seat_goes_to_somebody_free_else_to_one_who_sits_elsewhere(plain: ModuleType) -> None:
    g, times = planted(THREE_WAYS, 9, 4)
    best, kinds = best_only(g), np.zeros(2, dtype=np.int64)
    able = [e for e in range(len(g.load)) if best.free[e] and not times[0] & ~int(best.free[e])]
    assert len(able) == g.size
    clash = times[0] | 1 << next(s for s in range(9) if best.free[able[0]] & ~times[0] & 1 << s)
    both = np.array([times[0], clash])
    members = np.full((2, g.size), -1)
    members[0, : g.size - 2] = able[2:]
    np.random.seed(2)
    got = set()
    for elsewhere in (False, True):
        members[1, 0] = able[0] if elsewhere else -1
        for _ in range(60):
            x = plain.seats(best, kinds, both, members)
            x.touched[0] = 0
            if plain.move_open(best, x) and x.touched[1] == 0:
                (new,) = {*x.members[0].tolist()} - {-1, *able[2:]}
                got.add((elsewhere, new))
                assert (new == able[0] and elsewhere) == (x.touched[0] == 2), "only who must leaves another seat"
                assert able[0] not in x.members[1] or new != able[0]
    assert got == {(False, able[0]), (False, able[1]), (True, able[1])}, "who is free before who sits elsewhere"
    members[0, g.size - 2] = able[1]
    members[1, 0] = able[0]
    taken = [plain.seats(best, kinds, both, members) for _ in range(60)]
    for x in taken:
        x.touched[0] = 0
        plain.move_open(best, x)
    ends = {tuple(x.members[0].tolist()) for x in taken if able[0] in x.members[0]}
    assert ends, "if nobody is free, he leaves the other panel"
    assert all((x.members[1] == -1).all() for x in taken if able[0] in x.members[0])


def test_a_panel_has_the_best_of_those_who_are_free_and_one_who_may_chair(plain: ModuleType) -> None:
    g, times = planted(THREE_WAYS, 9, 4)
    able = [e for e in range(len(g.load)) if g.lack[0, e] == 0 and not times[0] & ~int(g.free[e])]
    chairs, lack = np.zeros_like(g.chairs), g.lack.copy()
    lack[0, able[:2]] = 1, 2
    seen = set()
    for chair in (0, 3):
        chairs[0] = 0
        chairs[0, able[chair]] = 1
        given = g._replace(chairs=chairs, lack=lack, size=3)
        for seed in range(40):
            np.random.seed(seed)
            x = plain.seats(given, np.zeros(1, dtype=np.int64), times[:1], np.full((1, 3), -1))
            plain.fill(given, x, 0)
            seen.add((chair, frozenset(map(able.index, x.members[0].tolist()))))
    assert seen == {(0, frozenset({0, 2, 3})), (3, frozenset({0, 2, 3}))}, "the least, and who may chair"
    for chair in (1, 3):
        chairs[0] = 0
        chairs[0, able[chair]] = 1
        lack[0, able[0]] = 0
        given = g._replace(chairs=chairs, lack=lack, size=3)
        x = plain.seats(given, np.zeros(1, dtype=np.int64), times[:1], np.full((1, 3), -1))
        plain.fill(given, x, 0)
        assert able[chair] in x.members[0], "though three others lack less"
        assert sum(lack[0, x.members[0]]) == (2 if chair == 1 else 0)


@pytest.mark.parametrize("alone", [False, True])
def test_the_compiled_moves_are_the_plain_ones(plain: ModuleType, alone: bool) -> None:
    f, panels = first("made-60-1")
    g, kinds, times, members = arrays(f, panels)
    g = best_only(g) if alone else g
    ends = []
    for module in (plain, kernel):
        x, t, m = module.seats(g, kinds, times, members), times.copy(), members.copy()
        found = module.cool(g, x, 5.0, 0.5, 2, 11, NEVER, t, m)
        ends.append((int(found), t.tolist(), m.tolist(), x.members.tolist()))
    assert ends[0] == ends[1]


@pytest.mark.parametrize("name", ["n60-1", "made-100-7", "made-80-2-mixes"])
def test_it_finds_what_is_best_in_the_sittings_and_groups_of_the_best(name: str) -> None:
    problem = Problem.from_json(instances.read(name))
    best = solve(problem, seconds=20, workers=2)
    f = Facts(problem)
    assert best.bound[MISMATCH] == best.cost[MISMATCH]
    wanted = [(h.panel.directions, h.times, ()) for h in (hold(f, p) for p in best.panels)]
    found = [
        panels
        for seed in range(12)
        if (panels := anneal(f, Around(f), wanted, 20_000, NEVER, random.Random(seed), bool, 1.0).panels)
    ]
    counted = []
    for end in found:
        whole = seated(f, [Open(chaired(f, x), frozenset()) for x in end], random.Random(1), bool, by_work=True)
        done = whole and heard(f, whole, random.Random(1))
        if done:
            counted.append(cost(f, [hold(f, p) for p in done])[MISMATCH])
    assert min(counted, default=None) == best.cost[MISMATCH]


def test_open_seats_go_to_who_is_free_of_another_employer_and_may_hear_everybody() -> None:
    f, panels = first("made-80-3-uneven")
    bare = [Open((h.panel.directions, h.times, h.members[:2], h.members[0]), frozenset()) for h in panels]
    whole = seated(f, bare, random.Random(0), bool, by_work=True)
    assert whole
    sits = Counter((e, s) for _, times, members, _ in whole for e in members for s in times)
    assert max(sits.values()) == 1
    assert all(s in f.open[e] for e, s in sits)
    loads = Counter(e for e, _ in sits)
    assert all(n <= f.most_sessions(e) for e, n in loads.items())
    for _, _, members, _ in whole:
        assert len(set(members)) == f.problem.rules.panel_size
        firms = Counter(f.problem.experts[e].employer for e in members)
        firms.pop(None, None)
        assert all(n <= f.problem.rules.max_members_per_employer for n in firms.values())
    taken = {whole[0][2][2]}
    apart = [Open(bare[0].frame, frozenset(taken)), *bare[1:]]
    again = seated(f, apart, random.Random(0), bool, by_work=True)
    assert again
    assert not taken.intersection(again[0][2])
    nobody = [Open(bare[0].frame, frozenset(range(len(f.open)))), *bare[1:]]
    assert seated(f, nobody, random.Random(0), bool, by_work=True) is None


def tiny(people: list[dict[str, object]]) -> Facts:
    """Two sessions of three slots, a panel of one."""
    session = {"start": "2026-07-01T08:00", "end": "2026-07-01T08:30"}
    later = {"start": "2026-07-01T09:00", "end": "2026-07-01T09:30"}
    document = {
        "name": "tiny",
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": {"panel_size": 1, "min_specialists": 1, "max_members_per_employer": 1},
        "sessions": [{"id": "S1", **session}, {"id": "S2", **later}],
        "rooms": [{"id": "R1"}],
        "directions": [{"id": "D", "name": "D"}],
        "experts": [
            {"id": f"E{i}", "employer": f"F{i}", "directions": {"D": 3}, "chair": True, "sessions": ["S1", "S2"]}
            for i in range(2)
        ],
        "applicants": [{"id": f"A{i}", "direction": "D", "employer": "X", **x} for i, x in enumerate(people)],
    }
    return Facts(Problem.from_json(document))


def test_people_find_the_last_places_that_fit_all_of_them() -> None:
    early: dict[str, object] = {"unavailable": [["2026-07-01T08:10", "2026-07-01T18:00"]]}
    middle: dict[str, object] = {
        "unavailable": [["2026-07-01T08:00", "2026-07-01T08:10"], ["2026-07-01T08:20", "2026-07-01T18:00"]]
    }
    frames: list[Frame] = [(("D",), (0, 1), (0,), 0)]
    f = tiny([{}, {}, {}, {}, middle, early])
    found = heard(f, frames, random.Random(0))
    assert found
    starts = {a.applicant: a.start for s in found[0].sittings for a in s.appointments}
    assert len(starts) == 6
    assert str(starts["A5"]).endswith("08:00:00")
    assert str(starts["A4"]).endswith("08:10:00")
    assert heard(tiny([{}, {}, {}, {}, early, early]), frames, random.Random(0)) is None
    assert heard(tiny([{"recuse_experts": ["E0"]}, {}]), frames, random.Random(0)) is None
    assert heard(tiny([early]), frames, random.Random(0)) is None, "a sitting would stay empty"


def test_sittings_are_dealt_evenly_where_there_are_rooms() -> None:
    f, panels = first("made-80-4-tight")
    mine = [(h.panel.directions, h.times, h.members) for h in panels]
    c = max({c for c, _, _ in mine}, key=lambda c: sum(len(t) for k, t, _ in mine if k == c))
    sittings = sum(len(t) for k, t, _ in mine if k == c)
    found = dealt(f, Around(f), mine, {c: (sittings, 2)}, random.Random(0))
    assert found
    lengths = sorted(len(t) for k, t, _ in found if k == c)
    assert sum(lengths) == sittings
    assert lengths[-1] - lengths[0] <= 1
    assert [x for x in found if x[0] != c] == [x for x in mine if x[0] != c]
    here = Counter(s for _, t, _ in found for s in t)
    assert all(n <= f.rooms_open[s] for s, n in here.items())
    full = replace(f.problem, rooms=f.problem.rooms[:1])
    assert dealt(Facts(full), Around(Facts(full)), mine, {c: (sittings, 2)}, random.Random(0)) is None


def test_a_group_moves_from_one_direction_to_another() -> None:
    f, panels = first("made-300-1")
    mine = [(h.panel.directions, h.times, h.members) for h in panels]
    found = shifted(f, Around(f), mine, random.Random(1))
    assert found
    before, after = Counter(c for c, _, _ in mine), Counter(c for c, _, _ in found)
    assert sorted((after - before).values()) == sorted((before - after).values()) == [1]
    assert sum(len(t) for _, t, _ in found) == sum(len(t) for _, t, _ in mine)
    assert shifted(f, Around(f), mine[:1], random.Random(1)) is None, "of one panel there is none to spare"


def test_who_may_not_be_heard_by_somebody_is_wished_for_only_where_it_matters() -> None:
    f = tiny([{"recuse_experts": ["E0"]}, {}, {}])
    lone = given(f, [("D",)], Around(f), {("D",): 1})
    assert lone.wish.tolist() == [[0b11, 1]]
    assert lone.apart.tolist() == [[1], [0]]
    assert given(f, [("D",)], Around(f), {("D",): 3}).wish.tolist() == [], "E0 sits twice at the most"


def test_who_may_be_heard_by_neither_of_two_wants_a_panel_without_both() -> None:
    f = tiny([{"recuse_experts": ["E0", "E1"]}])
    both = given(f, [("D",)], Around(f), {("D",): 2})
    assert both.apart.tolist() == [[1, 0, 1], [0, 1, 1]]


def test_in_sessions_of_several_lengths_some_sittings_are_long() -> None:
    f = tiny([{}] * 10)
    short, long = f.problem.sessions
    f = Facts(replace(f.problem, sessions=(short, replace(long, end=long.end + timedelta(minutes=30)))))
    assert f.slots == [3, 6]
    found = given(f, [("D",)], Around(f), {("D",): 2})
    assert found.wish.tolist() == [[0b10, 2]]
    assert not found.apart.any()
    assert given(f, [("D",)], Around(f), {("D",): 4}).wish.tolist() == []


def test_fewer_mismatches_and_groups_are_a_schedule_the_checker_accepts() -> None:
    f, panels = first("made-600-1")
    rng = random.Random(0)
    improver = Improver(f, panels)
    renewal = Renewal(f, by_work=True, least=lambda _: 0)
    begin = improver.cost
    for way in (renewal.fewer, renewal.better, renewal.better):
        found = way(lambda: improver.panels, rng, bool)
        if found:
            improver.offer([hold(f, p) for p in found])
    assert improver.cost[2] < begin[2] or improver.cost[MISMATCH] < begin[MISMATCH]
    schedule = improver.schedule()
    assert schedule
    report = check(f.problem, schedule.to_json())
    assert not report.violations
    assert report.cost[:6] == improver.cost[:6]


def test_the_same_tries_have_the_same_end() -> None:
    f, panels = first("made-600-1")
    ends = [
        Renewal(f, by_work=True, least=lambda _: 0).better(lambda: panels, random.Random(5), bool) for _ in range(2)
    ]
    assert ends[0] == ends[1]


def test_without_a_folder_for_what_is_compiled_it_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(compiled).kept()
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    assert not loaded(compiled).kept(), "and the module is there all the same"


def test_it_stops_when_told_to() -> None:
    f, panels = first("made-600-1")
    assert Renewal(f, by_work=False, least=lambda _: 0).better(lambda: panels, random.Random(5), lambda: True) is None
