"""Costs and bounds held against every schedule there is, on instances small enough to try them all.

A bound is never shown above the cost, so a wrong one hides behind a good schedule: the searches start from bad ones,
and what they proved is looked at from every cost.
"""

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from scheduler import Problem, Schedule, check, solve
from scheduler.bounds import Bounds
from scheduler.check import slot_starts
from scheduler.facts import Facts
from scheduler.held import hold
from scheduler.left import fewest_by_block
from scheduler.patterns import people
from scheduler.problem import stamp
from scheduler.search import Search


def instance(seed: int) -> dict:
    """Panels of one, two sessions on one day or two, at most two rooms and three applicants; every kind of rule."""
    rng = random.Random(seed)
    days = ["2023-07-15", rng.choice(["2023-07-15", "2023-07-16"])]
    hours = [("08:00", rng.choice(["08:10", "08:30"])), ("14:00", rng.choice(["14:20", "14:30"]))]
    sessions = [
        {"id": f"S{i}", "start": f"{d}T{a}", "end": f"{d}T{b}"}
        for i, (d, (a, b)) in enumerate(zip(days, hours, strict=True))
    ]
    rooms = [{"id": f"R{i}", "sessions": rng.choice([None, None, ["S0"], ["S1"]])} for i in range(rng.choice([1, 2]))]
    applicants = []
    for i in range(3):
        a = {"id": f"A{i}", "direction": rng.choice(["D0", "D1"]), "employer": rng.choice([None, "F0", "F1"])}
        if rng.random() < 0.4:
            s = rng.choice(sessions)
            a["unavailable"] = [[s["start"], s["start"][:14] + "10"]]
        if rng.random() < 0.2:
            a["pin"] = {"session": rng.choice(["S0", "S1"])}
        if rng.random() < 0.2:
            a["pin"] = {"room": rooms[-1]["id"]}
        applicants.append(a)
    experts = [
        {
            "id": f"E{i}",
            "employer": rng.choice([None, "F0", "F2"]),
            "chair": True,
            "directions": {d: rng.choice([2, 3]) for d in rng.choice([["D0"], ["D1"], ["D0", "D1"], ["D0", "D1"]])},
            "sessions": rng.choice([["S0"], ["S1"], ["S0", "S1"]]),
            "max_sessions": rng.choice([None, 1, 2]),
            "recuse_applicants": rng.choice([[], [], ["A0"]]),
        }
        for i in range(rng.choice([1, 2, 3]))
    ]
    rules = {
        "panel_size": 1,
        "min_specialists": 1,
        "max_members_per_employer": 1,
        "min_sitting": rng.choice([0, 2]),
        "max_sittings_per_panel": rng.choice([1, 2]),
        "mixes": rng.choice([[], [["D0", "D1"]], [["D0", "D1"]]]),
    }
    return {
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": rules,
        "sessions": sessions,
        "rooms": rooms,
        "directions": [{"id": "D0"}, {"id": "D1"}],
        "experts": experts,
        "applicants": applicants,
    }


def windowed(seed: int) -> dict:
    """The same, but every applicant is free now and then only, which counting slots knows nothing of."""
    document, rng = instance(seed), random.Random(-seed)
    starts = [t for s in Problem.from_json(document).sessions for t in slot_starts(s, 10)]
    for a in document["applicants"]:
        a["unavailable"] = [[stamp(t), stamp(t + timedelta(minutes=10))] for t in starts if rng.random() < 0.6]
    return document


Found = dict[tuple[int, ...], dict]
"""A valid schedule of each cost."""


def every_schedule(problem: Problem) -> Found:
    """A valid schedule of each cost there is, by the checker."""
    return dict(each_schedule(problem))


def each_schedule(problem: Problem) -> Iterator[tuple[tuple[int, ...], dict]]:
    """Every valid schedule with its cost."""
    starts = {s.id: slot_starts(s, problem.slot_minutes) for s in problem.sessions}
    places = [(s.id, r.id, t) for s in problem.sessions for r in problem.rooms if r.open_in(s.id) for t in starts[s.id]]
    for chosen in itertools.product([None, *places], repeat=len(problem.applicants)):
        taken = [c for c in chosen if c]
        if len(set(taken)) < len(taken):
            continue
        held = sorted({c[:2] for c in taken})
        for chairs in itertools.product(problem.experts, repeat=len(held)):
            for marks in itertools.product(range(2), repeat=len(held)):  # which of a chair's two panels it is
                document = spread(problem, chosen, dict(zip(held, zip(chairs, marks, strict=True), strict=True)))
                report = check(problem, document)
                if not report.violations:
                    yield report.cost, document


def spread(problem: Problem, chosen, held) -> dict:
    panels: dict = {}
    for (session, room), (expert, mark) in held.items():
        rows = [(a, c[2]) for a, c in zip(problem.applicants, chosen, strict=True) if c and c[:2] == (session, room)]
        panel = panels.setdefault(
            (expert.id, mark),
            {"id": f"{expert.id}{mark}", "chair": expert.id, "members": [expert.id], "directions": [], "sittings": []},
        )
        panel["directions"] = sorted({*panel["directions"], *(a.direction for a, _ in rows)})
        appointments = [{"applicant": a.id, "start": stamp(t)} for a, t in rows]
        panel["sittings"].append({"session": session, "room": room, "appointments": appointments})
    left = [a.id for a, c in zip(problem.applicants, chosen, strict=True) if not c]
    return {"panels": list(panels.values()), "unscheduled": left}


def test_a_bound_holds_where_no_earlier_level_costs_more():
    bounds = Bounds(Facts(Problem.from_json(instance(0))))
    bounds.put((0, 4, 2, 7, 20), 5)
    peak = {days: bounds.of((0, 4, 2, 7, days, 9, 0))[5] for days in (19, 20, 21)}
    assert peak[19] == peak[20] == 5 > peak[21]
    assert bounds.of((0, 4, 2, 8, 20, 9, 0))[5] == bounds.of((0, 4, 3, 7, 20, 9, 0))[5] == peak[21]


def test_a_bound_counts_the_sittings_of_the_present_schedule():
    """The first schedule takes four sittings where two do: two experts then need not sit twice each."""
    document = instance(0) | {
        "sessions": [
            {"id": f"S{d}{h}", "start": f"2023-07-1{d}T{a}:00", "end": f"2023-07-1{d}T{a}:20"}
            for d in (5, 6)
            for h, a in (("a", "08"), ("b", "14"))
        ],
        "rooms": [{"id": "R0"}],
        "experts": [
            {
                "id": f"E{i}",
                "employer": None,
                "chair": True,
                "directions": {"D0": 3, "D1": 3},
                "sessions": [f"S{d}a", f"S{d}b"],
            }
            for i, d in enumerate((5, 6))
        ],
        "applicants": [{"id": f"A{i}", "direction": f"D{i % 2}", "employer": None} for i in range(4)],
    }
    document["rules"] = document["rules"] | {"mixes": [["D0", "D1"]], "max_sittings_per_panel": 1, "min_sitting": 0}
    problem = Problem.from_json(document)
    answer = solve(problem, seconds=20, workers=1)
    assert answer.status == "optimal"
    assert answer.cost[:3] == (0, 2, 2)


def search_from(problem: Problem, cost: tuple[int, ...], document: dict, work: float | None = None) -> Search:
    """A search whose best schedule so far is the given one."""
    search = Search(problem, 20.0, 1, 0, work, None, None, None)
    search.best, search.cost = Schedule.from_json(document), cost
    search.improver.restart([hold(search.facts, p) for p in search.best.panels])
    return search


def ask(search: Search, level: int, nodes: int | None = None) -> None:
    """Everything the prover can ask about one level at the present cost, pooled and full."""
    before = search.improver.cost[:level]
    while (question := search.ways.prover.next(first=level)) and (question.level, question.before) == (level, before):
        bound = search.bounds.of(search.improver.cost)[level]
        search.ways.prover.ask(question, 20.0, search.stopped, nodes)
        if nodes is not None and bound == search.bounds.of(search.improver.cost)[level]:
            break


def prove(search: Search, level: int, work: float | None = None) -> None:
    """One level alone, by patterns and by the whole model."""
    ask(search, level, None if work is None else 0)
    search._take()
    probe(search, level, work)


def probe(search: Search, level: int, work: float | None = None) -> None:
    """One level by the whole model; with given work one target only."""
    whole = search.ways.whole
    while (target := whole.probe(level)) and not search.stopped():
        whole.ask(target, search.best.panels, search.stopped, 20.0, work)
        search._take()
        if work is not None:
            break


def assert_valid(costs, search: Search) -> None:
    """At every cost there is: where the search itself has found the best, a bound above it would not be seen."""
    best: dict[tuple[int, ...], int] = {}
    for cost in costs:
        for level in range(7):
            best[cost[:level]] = min(cost[level], best.get(cost[:level], cost[level]))
    for cost in costs:
        bound = search.bounds.of(cost)
        for level in range(7):
            assert bound[level] <= best[cost[:level]], (level + 1, cost, bound)


@pytest.mark.parametrize("seed", range(40))
def test_no_bound_is_above_what_there_is(seed):
    """Every schedule is made once, and then held against all ways of proving."""
    problem = Problem.from_json(instance(seed))
    found = every_schedule(problem)
    counting(problem, found)
    left_out(problem, found)
    from_the_worst(problem, found)
    each_level(problem, found)
    cut_short(problem, found)


def counting(problem: Problem, found: Found) -> None:
    for cost, document in found.items():
        assert_valid(found, search_from(problem, cost, document))


def left_out(problem: Problem, found: Found) -> None:
    """Who must be left out of a block saves the others no sitting; what is counted so holds for every schedule."""
    cost = min(found)
    search = search_from(problem, cost, found[cost])
    left = fewest_by_block(search.facts, search.best.unscheduled, 20.0, 0, bool)
    assert sum(left.values()) <= cost[0]
    search.bounds.left = left
    assert_valid(found, search)


def from_the_worst(problem: Problem, found: Found) -> None:
    least = min(found)[0]
    for cost in {max(found), max(c for c in found if c[0] == least)}:
        search = search_from(problem, cost, found[cost])
        answer = search.run()
        assert_valid(found, search)
        assert answer.cost == min(found)


def each_level(problem: Problem, found: Found) -> None:
    """One level alone, the later ones untouched: its bound is that of all schedules as good on the earlier levels."""
    for level in range(1, 7):
        cost = bad(found, level)
        search = search_from(problem, cost, found[cost])
        prove(search, level)
        assert_valid(found, search)
        assert search.cost[level] == min(c[level] for c in found if c[:level] == cost[:level])


def cut_short(problem: Problem, found: Found) -> None:
    """A search that ends early claims no more than it proved."""
    for level in range(7):
        cost = bad(found, level)
        search = search_from(problem, cost, found[cost], work=1e-6)
        prove(search, level, work=1e-6)
        assert_valid(found, search)


def bad(found: Found, level: int) -> tuple[int, ...]:
    """Best before the level, worst from it on."""
    return max(found, key=lambda c: (tuple(-x for x in c[:level]), c[level:]))


@pytest.mark.parametrize("unions", [0, people.UNIONS])
@pytest.mark.parametrize("seed", range(14))
def test_windows_of_every_sort_from_a_bad_schedule(seed, unions, monkeypatch):
    """Told by unions of windows or slot by slot, and where the sittings are bounded by who is free when."""
    monkeypatch.setattr(people, "UNIONS", unions)
    problem = Problem.from_json(windowed(seed))
    assert Facts(problem).windowed
    found = every_schedule(problem)
    for level in range(4):
        cost = bad(found, level)
        search = search_from(problem, cost, found[cost])
        ask(search, level)
        assert_valid(found, search)
        assert search.improver.cost[level] == min(c[level] for c in found if c[:level] == cost[:level])
