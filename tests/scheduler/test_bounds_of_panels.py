"""Costs and bounds held against every schedule there is, where panels have two or three members.

As in ``test_bounds``, for what a panel of one cannot show: employers, strengths, strangers, chairs.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from functools import cache

import pytest

from scheduler import Problem, check
from scheduler.check import slot_starts
from scheduler.facts import Facts
from scheduler.lengths import Lengths, bound_mismatch
from scheduler.problem import stamp
from scheduler.prove import LARGEST
from tests.scheduler.test_bounds import ask, assert_valid, probe, prove, search_from

SEEDS = (1, 2, 3, 5, 10, 16, 17, 22, 23, 26, 35, 36, 39, 43, 46, 48, 56, 59)
"""Those of the first sixty with most to lose: costs apart on many levels, strangers, not too many schedules."""
Place = tuple[str, str]
"""Session and room."""
Heard = tuple[tuple[str, str], ...]
"""Applicants and starts."""
Part = tuple[tuple[Place, Heard], ...]
"""What one panel hears, sitting by sitting."""


def instance(seed: int) -> dict:
    """Panels of two or three out of three to five experts, two sessions, two or three applicants, at most two rooms."""
    rng = random.Random(f"panels {seed}")
    size, many = rng.choice([2, 2, 3]), rng.choice([2, 3, 3])
    second = rng.choice(["2023-07-15T14:", "2023-07-16T08:"])
    sessions = [
        {"id": "S0", "start": "2023-07-15T08:00", "end": rng.choice(["2023-07-15T08:10", "2023-07-15T08:20"])},
        {"id": "S1", "start": f"{second}00", "end": f"{second}20"},
    ]
    rooms = [{"id": f"R{i}", "sessions": rng.choice([None, None, ["S1"]])} for i in range(rng.choice([1, 2, 2]))]
    known = rng.choice([0.6, 0.9])
    experts = [
        {
            "id": f"E{i}",
            "employer": rng.choice([None, None, "F0", "F1", "F2"]),
            "chair": rng.random() < 0.75,
            "directions": {d: rng.choice([1, 2, 2, 3, 3]) for d in ("D0", "D1") if rng.random() < known},
            "sessions": rng.choice([["S0"], ["S1"], *[["S0", "S1"]] * 6]),
            "max_sessions": rng.choice([None, None, None, 1]),
            "recuse_applicants": rng.choice([[], [], [], ["A0"]]),
        }
        for i in range(rng.choice([3, 4, 5, 5] if size == 2 else [4, 5, 5]))
    ]
    applicants = []
    for i in range(many):
        a = {"id": f"A{i}", "direction": rng.choice(["D0", "D1"]), "employer": rng.choice([None, None, "F0"])}
        if rng.random() < 0.3:
            s = rng.choice(sessions)
            a["unavailable"] = [[s["start"], s["start"][:14] + "10"]]
        if rng.random() < 0.15:
            a["pin"] = rng.choice([{"session": "S1"}, {"room": rooms[-1]["id"]}])
        applicants.append(a)
    return {
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": {
            "panel_size": size,
            "min_specialists": rng.choice([1, 1, 2]),
            "max_members_per_employer": rng.choice([1, 1, 2]),
            "min_sitting": rng.choice([0, 2]),
            "max_sittings_per_panel": rng.choice([1, 2, None]),
            "mixes": rng.choice([[], [["D0", "D1"]]]),
        },
        "sessions": sessions,
        "rooms": rooms,
        "directions": [{"id": "D0"}, {"id": "D1"}],
        "experts": experts,
        "applicants": applicants,
    }


@cache
def every_schedule(seed: int) -> tuple[Problem, dict[tuple[int, ...], dict]]:
    """The problem, and a valid schedule of each cost there is, by the checker."""
    problem, found = Problem.from_json(instance(seed)), {}
    places = [(s, r.id, t) for s in problem.sessions for r in problem.rooms for t in slot_starts(s, 10)]
    may = cache(lambda heard: panels(problem, heard))
    for chosen in itertools.product([None, *places], repeat=len(problem.applicants)):
        taken = [c for c in chosen if c]
        if len(set(taken)) < len(taken):
            continue
        heard: dict[Place, Heard] = {}
        for a, c in zip(problem.applicants, chosen, strict=True):
            if c:
                heard[c[0].id, c[1]] = (*heard.get((c[0].id, c[1]), ()), (a.id, stamp(c[2])))
        for parts in groupings(list(heard.items())):
            for some in itertools.product(*map(may, parts)):
                document = whole(problem, some)
                report = check(problem, document)
                if not report.violations:
                    found[report.cost] = document
    return problem, found


def groupings(sittings: list[tuple[Place, Heard]]) -> list[list[Part]]:
    """Every way to give sittings to panels; no panel sits twice in a session."""
    if not sittings:
        return [[]]
    first, *rest = sittings
    found = [[(first,), *more] for more in groupings(rest)]
    for other in rest:
        if other[0][0] != first[0][0]:
            found += [[(first, other), *more] for more in groupings([x for x in rest if x is not other])]
    return found


def panels(problem: Problem, part: Part) -> list[dict]:
    """Every panel for these sittings that the checker accepts as the only one: what breaks a rule alone always does."""
    heard = {a for _, rows in part for a, _ in rows}
    sittings = [
        {"session": s, "room": r, "appointments": [{"applicant": a, "start": t} for a, t in rows]}
        for (s, r), rows in part
    ]
    found = [
        {"directions": sorted({problem.applicant[a].direction for a in heard}), "chair": chair}
        | {"members": list(team), "sittings": sittings}
        for team in itertools.combinations([e.id for e in problem.experts], problem.rules.panel_size)
        for chair in team
    ]
    return [panel for panel in found if not check(problem, whole(problem, [panel])).violations]


def whole(problem: Problem, some: Iterable[dict]) -> dict:
    """These panels as a schedule."""
    rows = [{"id": f"P{q}"} | panel for q, panel in enumerate(some)]
    heard = {a["applicant"] for panel in rows for sitting in panel["sittings"] for a in sitting["appointments"]}
    return {"panels": rows, "unscheduled": [a.id for a in problem.applicants if a.id not in heard]}


def bad(found: Iterable[tuple[int, ...]], level: int) -> list[tuple[int, ...]]:
    """By the number of those left out, the cost that is furthest above what the level can be: a wrong bound shows."""
    least: dict[tuple[int, ...], int] = {}
    for c in sorted(found, reverse=True):
        least[c[:level]] = c[level]
    worst = {c[0]: c for c in sorted(found, key=lambda c: (c[level] - least[c[:level]], c))}
    return [worst[left] for left in sorted(worst)]


@pytest.mark.parametrize("seed", SEEDS)
def test_counting_proves_nothing_that_is_not_so(seed):
    problem, found = every_schedule(seed)
    for cost in bad(found, 1):
        assert_valid(found, search_from(problem, cost, found[cost]))


@pytest.mark.parametrize("seed", SEEDS)
def test_patterns_prove_nothing_that_is_not_so(seed):
    problem, found = every_schedule(seed)
    for level in range(6):
        for cost in bad(found, level):
            search = search_from(problem, cost, found[cost])
            ask(search, level)
            search._take()
            assert_valid(found, search)


@pytest.mark.parametrize("largest", [LARGEST, 0])
@pytest.mark.parametrize("seed", SEEDS)
def test_clusters_prove_nothing_that_is_not_so(seed, largest, monkeypatch):
    """Every block a cluster of its own, asked for as few groups as may be enough and for one and two more.

    By patterns, or where these would be too many, by branching alone.
    """
    monkeypatch.setattr("scheduler.clusters.Clusters._near", lambda *_: False)
    monkeypatch.setattr("scheduler.clusters.LARGEST", largest)
    problem, found = every_schedule(seed)
    fewest = min(found)[:2]
    for cost in sorted(c for c in found if c[:2] == fewest and not c[0]):
        search = search_from(problem, cost, found[cost])
        ask(search, 1)
        while demand := search.ways.clusters.next():
            search.ways.clusters.ask(demand, 20.0, search.stopped)
            assert_valid(found, search)
        search._take()
        assert not check(problem, search.best.to_json()).violations


@pytest.mark.parametrize("seed", SEEDS)
def test_lengths_prove_nothing_that_is_not_so(seed):
    """At every number of sittings and groups with which everyone is heard; somewhere they say more than nothing."""
    problem, found = every_schedule(seed)
    for cost in {c[:3]: c for c in sorted(found) if not c[0]}.values():
        search = search_from(problem, cost, found[cost])
        bound_mismatch(search.facts, search.bounds, cost, 20.0, search.stopped)
        assert_valid(found, search)


def two_sittings() -> dict:
    """Six people in two sittings; two experts know most and sit once, two know less and have time for both."""
    known = [(3, 1), (3, 1), (2, 2), (2, 2)]
    return instance(0) | {
        "rules": {"panel_size": 2, "min_specialists": 1, "max_members_per_employer": 1, "max_sittings_per_panel": 2},
        "sessions": [
            {"id": f"S{i}", "start": f"2023-07-15T{h}:00", "end": f"2023-07-15T{h}:30"}
            for i, h in enumerate(("08", "14"))
        ],
        "directions": [{"id": "D0"}],
        "experts": [
            {"id": f"E{i}", "employer": None, "chair": True, "directions": {"D0": n}, "sessions": ["S0", "S1"]}
            | {"max_sessions": most}
            for i, (n, most) in enumerate(known)
        ],
        "applicants": [{"id": f"A{i}", "direction": "D0", "employer": None} for i in range(6)],
    }


def test_who_has_few_sessions_left_sits_on_short_panels_only():
    """Two sittings: as one group of those with time for both, who lack one each; as two, one better each."""
    facts = Facts(Problem.from_json(two_sittings()))
    for groups, mismatch in ((1, 6), (2, 2)):
        p = Lengths(facts, 2, groups)
        assert p.solve(p.mismatch).cost == mismatch


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_plans_prove_nothing_that_is_not_so(seed, apart, monkeypatch):
    """All in one, and every block a cluster of its own, from the worst schedule; a plan of all is a valid one."""
    if apart:
        monkeypatch.setattr("scheduler.clusters.Clusters._near", lambda *_: False)
    problem, found = every_schedule(seed)
    search = search_from(problem, max(found), found[max(found)])
    while demand := search.ways.plans.next():
        search.ways.plans.ask(demand, 60.0, search.stopped)
        assert_valid(found, search)
    search._take()
    assert not check(problem, search.best.to_json()).violations
    least = min(found)
    if not apart and not least[0] and least[1] <= search.ways.clusters.before[1]:
        assert search.cost[:3] == least[:3]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_proves_what_is_so(seed):
    """And all of it, where nothing better turns up in an earlier level."""
    problem, found = every_schedule(seed)
    for level in range(7):
        for cost in bad(found, level):
            search = search_from(problem, cost, found[cost])
            probe(search, level)
            assert_valid(found, search)
            if search.cost[:level] == cost[:level]:
                assert search.cost[level] == search.bound[level]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_search_cut_short_claims_no_more_than_it_proved(seed):
    problem, found = every_schedule(seed)
    for level in range(7):
        for cost in bad(found, level):
            search = search_from(problem, cost, found[cost], work=1e-6)
            prove(search, level, work=1e-6)
            assert_valid(found, search)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_search_finds_the_best_there_is(seed):
    problem, found = every_schedule(seed)
    search = search_from(problem, max(found), found[max(found)])
    assert search.run().cost == min(found)
    assert_valid(found, search)
