"""Why not: a known cause of every kind, and as a law on random instances that causes are minimal and effects true."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from ortools.sat.python import cp_model

from scheduler import Problem, check
from scheduler.explain.causes import Cause
from scheduler.explain.limits import Limit, Scope
from scheduler.explain.report import Explanation, explain
from scheduler.facts import Facts
from scheduler.model import Model
from scheduler.problem import Expert, Pin, Room

BOTH = ["S1", "S2"]
SETTLED = float("inf")
"""Seconds: what is claimed of these small rounds is not to depend on how fast the machine is."""


def round_of(**changes: Any) -> dict[str, Any]:
    """One direction, two sessions of two slots in one room, four experts of whom two may chair, three applicants."""
    return {
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": {"panel_size": 3, "min_specialists": 2, "max_members_per_employer": 1},
        "sessions": [
            {"id": "S1", "start": "2023-07-15T08:30", "end": "2023-07-15T08:50"},
            {"id": "S2", "start": "2023-07-15T14:00", "end": "2023-07-15T14:20"},
        ],
        "rooms": [{"id": "R1"}],
        "directions": [{"id": "D1", "name": "隔膜"}],
        "experts": [expert(n) for n in (1, 2, 3, 4)],
        "applicants": [applicant(n) for n in (1, 2, 3)],
    } | changes


def expert(n: int, **more: Any) -> dict[str, Any]:
    return {"id": f"E{n}", "employer": f"F{n}", "directions": {"D1": 3}, "chair": n < 3, "sessions": BOTH} | more


def applicant(n: int, **more: Any) -> dict[str, Any]:
    return {"id": f"A{n}", "direction": "D1", "employer": None} | more


def people(*first: dict[str, Any], n: int = 3) -> list[dict[str, Any]]:
    return [*first, *(applicant(i) for i in range(len(first) + 1, n + 1))]


def away(*times: tuple[str, str]) -> list[list[str]]:
    return [[f"2023-07-15T{a}", f"2023-07-15T{b}"] for a, b in times]


MORNING = away(("14:00", "14:20"), ("08:40", "08:50"))
KNOWN: dict[str, tuple[dict[str, Any], str, list[str], list[str], int]] = {
    "an applicant never free": (
        {"applicants": people(applicant(1, unavailable=away(("08:00", "09:00"), ("14:00", "15:00"))))},
        "applicant_time", ["A1"], ["A1 在所有时段都没有可用的答辩时间", "A1 无法安排"], 1,
    ),
    "two who want one slot": (
        {"applicants": people(applicant(1, unavailable=MORNING), applicant(2, unavailable=MORNING))},
        "applicant_time", ["A1", "A2", "S1"], ["A1、A2 只在 7 月 15 日上午有可用的答辩时间", "最多能安排 1 位"], 1,
    ),
    "an applicant whom too many must not hear": (
        {"applicants": people(applicant(1, employer="F3", recuse_experts=["E1"]))},
        "applicant_recusal", ["A1", "D1", "E1", "E3"],
        ["A1 须回避 E1（申报人提出回避）、E3（同单位），还有专家 2 位"], 1,
    ),
    "one specialist": (
        {"experts": [expert(1), *(expert(n, directions={"D1": 1}) for n in (2, 3, 4))]},
        "specialists", ["D1"], ["隔膜方向只有 1 位本方向专家（E1）（每组至少 2 位）", "3 位申报人都无法安排"], 3,
    ),
    "too few specialists at a time": (
        {"experts": [expert(1), *(expert(n, sessions=["S1"]) for n in (2, 3)),
                     *(expert(n, directions={}) for n in (4, 5, 6))]},
        "specialists", ["D1", "S2"], ["隔膜方向 7 月 15 日下午只有 1 位本方向专家（E1）"], 1,
    ),
    "the same few specialists on every half-day": (
        {"experts": [expert(1), expert(2, sessions=[]), *(expert(n, directions={}) for n in (4, 5, 6))]},
        "specialists", ["D1", "S1", "S2"], ["隔膜方向全部 2 个时段只有 1 位本方向专家（E1）（每组至少 2 位）"], 3,
    ),
    "nobody may chair": (
        {"experts": [expert(n, chair=False) for n in (1, 2, 3, 4)]},
        "chairs", ["D1"], ["隔膜方向没有可任组长的专家"], 3,
    ),
    "nobody who may chair comes in the afternoon": (
        {"experts": [expert(1, sessions=["S1"]), *(expert(n, chair=False) for n in (2, 3, 4, 5))]},
        "chairs", ["D1", "S2"], ["隔膜方向 7 月 15 日下午没有可任组长的专家", "最多能安排 2 位"], 1,
    ),
    "nobody comes in the afternoon": (
        {"experts": [expert(n, sessions=["S1"]) for n in (1, 2, 3, 4)]},
        "expert_time", ["D1", "S2"], ["7 月 15 日下午没有专家到场"], 1,
    ),
    "experts who come once": (
        {"experts": [expert(n, max_sessions=1) for n in (1, 2, 3, 4)]},
        "expert_time", ["D1"], ["最多场次"], 1,
    ),
    "a room in the morning only": (
        {"rooms": [{"id": "R1", "sessions": ["S1"]}]},
        "rooms", ["D1", "S1", "S2"], ["7 月 15 日下午没有可用的答辩室", "最多能安排 2 位"], 1,
    ),
    "two held in one slot": (
        {"applicants": people(*(applicant(n, pin={"room": "R1", "start": "2023-07-15T08:30"}) for n in (1, 2)))},
        "pins", ["A1", "A2"], ["A1、A2 固定在答辩室 R1 7 月 15 日 08:30"], 1,
    ),
    "one held where the room is closed": (
        {"applicants": people(applicant(1, pin={"session": "S2", "room": "R2"})),
         "rooms": [{"id": "R1"}, {"id": "R2", "sessions": ["S1"]}]},
        "pins", ["A1", "S2"], ["A1 固定在 7 月 15 日下午 答辩室 R2"], 1,
    ),
    "no room": ({"rooms": []}, "rooms", ["S1", "S2"], ["全部 2 个时段没有可用的答辩室"], 3),
    "no expert": ({"experts": []}, "specialists", ["D1"], ["没有本方向专家", "评审专家共 0 位，专家组需要 3 位"], 3),
    "fewer experts than two panels of specialists": (
        {"sessions": [round_of()["sessions"][0]], "rooms": [{"id": "R1"}, {"id": "R2"}],
         "experts": [expert(n, sessions=["S1"]) for n in (1, 2, 3, 4)]},
        "specialists", ["D1"], ["评审专家共 4 位，专家组需要 3 位，同一时段最多够 1 组。"], 1,
    ),
    "experts of two employers": (
        {"experts": [expert(n, employer=f"F{n % 2}") for n in (1, 2, 3, 4)]},
        "specialists", ["D1"], ["评审专家共 4 位，专家组需要 3 位，来自 2 个单位（同组同单位最多 1 位），不够一组"], 3,
    ),
    "slots enough for all, but not for two directions apart": (
        {"directions": [{"id": "D1", "name": "隔膜"}, {"id": "D2", "name": "电解液"}],
         "sessions": [round_of()["sessions"][0]],
         "experts": [expert(n, directions={"D1": 3, "D2": 3}, chair=True, sessions=["S1"]) for n in range(1, 7)],
         "applicants": [applicant(1), applicant(2, direction="D2")]},
        "rooms", ["D1", "D2", "S1"], ["每间 2 个答辩时间段；每场只听一个方向，或可以合组的方向。因此全部 2 位"], 1,
    ),
    "no session": ({"sessions": [], "experts": [], "rooms": []}, "rooms", [], ["没有时段"], 3),
    "a session shorter than a slot": (
        {"sessions": [{"id": "S1", "start": "2023-07-15T08:30", "end": "2023-07-15T08:35"}],
         "experts": [expert(1, sessions=["S1"])]},
        "rooms", [], ["没有一个时段够一个答辩时间段（10 分钟）"], 3,
    ),
    "no sitting allowed": (
        {"rules": {"panel_size": 3, "min_specialists": 2, "max_members_per_employer": 1, "max_sittings_per_panel": 0}},
        "rooms", [], ["每组最多场次为 0"], 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", KNOWN)
def test_a_known_cause(what: str) -> None:
    changes, kind, objects, says, left = KNOWN[what]
    problem = Problem.from_json(round_of(**changes))
    found = explain(problem, seconds=SETTLED, workers=1)
    document = found.to_json()
    assert (document["unscheduled"], document["proven"]) == (left, True)
    cause = document["causes"][0]
    assert (cause["kind"], sorted(cause["objects"])) == (kind, sorted(objects)), cause
    assert all(text in cause["message"] for text in says), cause["message"]
    assert [row["applicant"] for row in document["applicants"]] == list(found.schedule.unscheduled)
    assert all(row["reasons"] for row in document["applicants"])
    holds(problem, found)


CHANGES = {
    "an applicant never free": "请 A1 调整时间",
    "one specialist": "另请 1 位隔膜方向",
    "nobody may chair": "任组长",
    "nobody who may chair comes in the afternoon": "在 7 月 15 日下午也到场",
    "experts who come once": "最多场次由 1 增至 2",
    "a room in the morning only": "7 月 15 日下午增开 1 间答辩室",
    "two held in one slot": "取消 A1 的固定安排",
    "no room": "增开",
    "no expert": "另请 3 位",
}


def test_a_longer_half_day_gives_no_time_to_who_cannot_come_then() -> None:
    """The end of the half-day is no end of what keeps somebody away; the prolonged part is for the others."""
    whole_day = away(("08:30", "08:50"), ("14:00", "14:20"))
    problem = Problem.from_json(round_of(applicants=people(applicant(1, unavailable=whole_day), n=6)))
    found = explain(problem, seconds=SETTLED, workers=1)
    longer = [fix for told in found.causes for fix in told.fixes if "延长" in fix.change]
    assert longer
    for fix in longer:
        assert fix.unscheduled_after >= 1 or "A1" in fix.change, fix.change


@pytest.mark.parametrize("what", CHANGES)
def test_what_the_office_can_do_is_among_the_fixes(what: str) -> None:
    problem = Problem.from_json(round_of(**KNOWN[what][0]))
    (told, *_) = explain(problem, seconds=SETTLED, workers=1).causes
    assert any(CHANGES[what] in f.change for f in told.fixes), [f.change for f in told.fixes]
    assert told.fixes[0].unscheduled_after == 0


def test_everyone_heard_and_nobody_there() -> None:
    for changes in ({}, {"applicants": []}):
        document = explain(Problem.from_json(round_of(**changes)), seconds=SETTLED, workers=1).to_json()
        assert document == {"unscheduled": 0, "proven": True, "causes": [], "applicants": []}


def test_what_time_does_not_allow_is_not_claimed() -> None:
    found = explain(Problem.from_json(round_of(rooms=[])), seconds=1e-6, workers=1)
    assert not found.proven
    assert len(found.schedule.unscheduled) == 3
    assert all(found.reasons[a.id] for a in found.schedule and Problem.from_json(round_of()).applicants)


def test_two_who_are_alike_have_a_cause_each() -> None:
    away_all_day = away(("08:00", "09:00"), ("14:00", "15:00"))
    both = people(*(applicant(n, unavailable=away_all_day) for n in (1, 2)))
    found = explain(Problem.from_json(round_of(applicants=both)), seconds=SETTLED, workers=1)
    assert [t.cause.objects for t in found.causes] == [("A1",), ("A2",)]


def test_two_reasons_of_one_person_are_two_causes_and_one_change() -> None:
    one = applicant(1, unavailable=away(("08:00", "09:00"), ("14:00", "15:00")), recuse_experts=["E1", "E2"])
    found = explain(Problem.from_json(round_of(applicants=people(one))), seconds=SETTLED, workers=1)
    assert [t.cause.kind for t in found.causes] == ["applicant_time", "applicant_recusal"]
    holds(Problem.from_json(round_of(applicants=people(one))), found)


# -------------------------------------------------------------------- the law


def some_round(seed: int) -> dict[str, Any]:
    """Two directions that may mix, up to three sessions of two or three slots, panels of two; tight everywhere."""
    rng = random.Random(seed)
    days = [("15", "08:00"), ("15", "14:00"), ("16", "08:00")][: rng.choice([2, 3])]
    sessions = [
        {"id": f"S{i}", "start": f"2023-07-{d}T{t}", "end": f"2023-07-{d}T{t[:3]}{rng.choice([20, 30])}"}
        for i, (d, t) in enumerate(days)
    ]
    names = [s["id"] for s in sessions]

    def some(p: float) -> list[str]:
        return [s for s in names if rng.random() < p]

    experts = [
        {"id": f"E{i}", "employer": rng.choice([None, "F0", "F1", "F2"]), "chair": rng.random() < 0.5,
         "directions": {d: rng.choice([1, 2, 3]) for d in ("D0", "D1") if rng.random() < 0.7},
         "sessions": some(0.7), "max_sessions": rng.choice([None, None, 1]),
         "recuse_applicants": rng.choice([[], [], ["A0"], ["A1"]])}
        for i in range(rng.choice([3, 4, 6]))
    ]  # fmt: skip
    applicants = []
    for i in range(rng.choice([3, 5, 7])):
        a: dict[str, Any] = {"id": f"A{i}", "direction": rng.choice(["D0", "D0", "D1"])}
        a |= {"employer": rng.choice([None, "F0", "F9"])}
        if rng.random() < 0.4:
            a["unavailable"] = [[s["start"], s["end"]] for s in sessions if rng.random() < 0.6]
        if rng.random() < 0.2:
            a["pin"] = rng.choice([{"session": rng.choice(names)}, {"room": "R0"}, {"start": sessions[0]["start"]}])
        applicants.append(a)
    return {
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": {"panel_size": 2, "min_specialists": 1, "max_members_per_employer": rng.choice([1, 2]),
                  "mixes": rng.choice([[], [["D0", "D1"]]])},
        "sessions": sessions,
        "rooms": [{"id": f"R{i}", "sessions": rng.choice([None, some(0.7)])} for i in range(rng.choice([1, 2]))],
        "directions": [{"id": "D0"}, {"id": "D1"}],
        "experts": experts,
        "applicants": applicants,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_causes_are_minimal_and_effects_are_true(seed: int) -> None:
    problem = Problem.from_json(some_round(seed))
    found = explain(problem, seconds=SETTLED, workers=1)
    assert found.proven
    assert len(found.schedule.unscheduled) == fewest(problem)
    assert not check(problem, found.schedule.to_json()).violations
    assert bool(found.causes) == bool(found.schedule.unscheduled) == bool(found.reasons)
    holds(problem, found)


def holds(problem: Problem, found: Explanation) -> None:
    """Every cause is one, needs all it names, and every fix has the effect it claims: by the other model."""
    for told in found.causes:
        cause = told.cause
        assert fewest(world(problem, cause.scope)) == len(cause.scope.people) - cause.most > 0
        for name in cause.objects:
            assert fewest(world(problem, dropped(problem, cause, name))) == 0, (told.message, name)
        for fix in told.fixes:
            assert fewest(fix.problem) == fix.unscheduled_after < len(found.schedule.unscheduled), fix.change


def dropped(problem: Problem, cause: Cause, name: str) -> Scope:
    """The cause without an object: without its limits and without its people."""
    limits = frozenset(limit for limit in cause.scope.limits if limit.id != name)
    others = {a for a in cause.scope.people - set(cause.named) if problem.applicant[a].direction == name}
    return Scope(cause.scope.people - others - {name}, limits)


def world(problem: Problem, scope: Scope) -> Problem:
    """The instance in which only the scope's people are there and only its limits count, as the table has them."""
    facts, kept = Facts(problem), scope.limits
    directions = sorted({problem.applicant[a].direction for a in scope.people})
    names = frozenset(s.id for s in problem.sessions)

    def hearing(a: Any) -> Any:
        recused = frozenset(e for e in facts.recused[a.id] if Limit("recusal", e) in kept)
        return replace(
            a, employer=None, recuse_employers=frozenset(), recuse_experts=recused,
            unavailable=a.unavailable if Limit("time", a.id) in kept else (),
            pin=a.pin if Limit("pin", a.id) in kept else Pin(),
        )  # fmt: skip

    def sitting(e: Any) -> Any:
        free = [d for d in directions if Limit("chairs", d) not in kept and e.strength.get(d, 0) >= 2]
        return replace(
            e, recuse_applicants=frozenset(), recuse_employers=frozenset(),
            sessions=e.sessions | {s for s in names if Limit("coming", s) not in kept},
            max_sessions=e.max_sessions if Limit("load") in kept else None, chair=e.chair or bool(free),
        )  # fmt: skip

    heard = tuple(hearing(a) for a in problem.applicants if a.id in scope.people)
    experts = [sitting(e) for e in problem.experts]
    free = [d for d in directions if Limit("specialists", d) not in kept]
    others = frozenset(a.id for a in heard if a.direction not in free)  # strangers are there for these fields only
    for fields, leads in ((free, False), ([d for d in free if Limit("chairs", d) not in kept], True)):
        size = problem.rules.panel_size * len(scope.people) if fields else 0
        new = (f"stranger {leads} {i}" for i in range(size))
        experts += [Expert(name, None, dict.fromkeys(fields, 3), leads, names, None, others) for name in new]
    lifted = frozenset(s for s in names if Limit("rooms", s) not in kept)
    rooms = [r if r.sessions is None else replace(r, sessions=r.sessions | lifted) for r in problem.rooms]
    rooms += [Room(f"more {i}", lifted) for i in range(len(scope.people))]
    return replace(problem, applicants=heard, experts=tuple(experts), rooms=tuple(rooms))


def fewest(problem: Problem) -> int:
    """How many stay unscheduled at least, by the model of the whole problem."""
    facts = Facts(problem)
    places = sum(r.open_in(s.id) for r in problem.rooms for s in problem.sessions)
    mixes = [tuple(d for d in sorted(m) if facts.count[d]) for m in problem.rules.mixes]
    kinds = [(d,) for d in facts.count] + [m for m in mixes if len(m) > 1]
    candidates = [ds for ds in kinds for _ in range(min(places, sum(facts.count[d] for d in ds)))]
    if not candidates:
        return len(problem.applicants)
    model, solver = Model(facts, candidates), cp_model.CpSolver()
    model.minimize([1, 0, 0, 0, 0, 0, 0])
    solver.parameters.num_workers = 1
    assert solver.solve(model.m) == cp_model.OPTIMAL
    return round(solver.objective_value)


def test_a_cause_that_does_not_say_why_so_many_are_out_tells_what_all_limits_leave() -> None:
    """By who may chair when, three of four could be heard; E1, who comes twice, may sit once."""
    times = ("08:00", "09:00", "10:00", "11:00")
    document = round_of(
        rules={"panel_size": 1, "min_specialists": 1, "max_members_per_employer": 1},
        sessions=[
            {"id": f"S{n}", "start": f"2023-07-15T{t}", "end": f"2023-07-15T{t[:3]}10"} for n, t in enumerate(times, 1)
        ],
        experts=[expert(1, sessions=["S1", "S2"], max_sessions=1), expert(2, sessions=["S3"])],
        applicants=people(n=4),
    )
    told = explain(Problem.from_json(document), seconds=SETTLED)
    assert len(told.schedule.unscheduled) == 2
    first, *_ = told.causes
    assert (first.cause.most, first.cause.together) == (3, 2)
    assert "最多能安排 3 位。连同其余各项条件，最多能安排 2 位。" in first.message
