"""Costs and bounds held against every schedule there is, on instances small enough to try them all."""

import itertools
import random

import pytest

from scheduler import Problem, check, solve
from scheduler.check import slot_starts
from scheduler.problem import stamp


def instance(seed: int) -> dict:
    """Panels of one, two sessions on one day or two, at most two rooms and three applicants; every kind of rule."""
    rng = random.Random(seed)
    days = ["2023-07-15", rng.choice(["2023-07-15", "2023-07-16"])]
    hours = [("08:00", rng.choice(["08:10", "08:20"])), ("14:00", rng.choice(["14:10", "14:20"]))]
    sessions = [{"id": f"S{i}", "start": f"{d}T{a}", "end": f"{d}T{b}"} for i, (d, (a, b)) in enumerate(zip(days, hours, strict=True))]
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
            "id": f"E{i}", "employer": rng.choice([None, "F0", "F2"]), "chair": True,
            "directions": {d: rng.choice([2, 3]) for d in rng.choice([["D0"], ["D1"], ["D0", "D1"]])},
            "sessions": rng.choice([["S0"], ["S1"], ["S0", "S1"]]), "max_sessions": rng.choice([None, 1, 2]),
            "recuse_applicants": rng.choice([[], [], ["A0"]]),
        }
        for i in range(3)
    ]
    rules = {
        "panel_size": 1, "min_specialists": 1, "max_members_per_employer": 1, "min_sitting": rng.choice([0, 2]),
        "max_sittings_per_panel": rng.choice([1, 2]), "mixes": rng.choice([[], [["D0", "D1"]]]),
    }
    return {
        "talk_minutes": 5, "answer_minutes": 5, "rules": rules, "sessions": sessions, "rooms": rooms,
        "directions": [{"id": "D0"}, {"id": "D1"}], "experts": experts, "applicants": applicants,
    }


def every_cost(problem: Problem) -> set[tuple[int, ...]]:
    """The costs of all valid schedules, by the checker."""
    starts = {s.id: slot_starts(s, problem.slot_minutes) for s in problem.sessions}
    places = [(s.id, r.id, t) for s in problem.sessions for r in problem.rooms if r.open_in(s.id) for t in starts[s.id]]
    found = set()
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
                    found.add(report.cost)
    return found


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


@pytest.mark.parametrize("seed", range(24))
def test_cost_and_bound_against_every_schedule(seed):
    problem = Problem.from_json(instance(seed))
    costs, answer = every_cost(problem), solve(problem, seconds=20, workers=1)
    assert answer.cost in costs
    for level in range(7):
        as_good = {c for c in costs if c[:level] == answer.cost[:level]}
        assert answer.bound[level] <= min(c[level] for c in as_good)
    if answer.status == "optimal":
        assert answer.cost == min(costs)
