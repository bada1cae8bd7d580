"""Each hard rule broken once: the checker names exactly that rule; the cost of a schedule counted by hand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from scheduler import Problem, check
from scheduler.check import check_claims

Change = Callable[[dict[str, Any], dict[str, Any]], object]

INSTANCE: dict[str, Any] = {
    "talk_minutes": 5,
    "answer_minutes": 5,
    "rules": {
        "panel_size": 3,
        "min_specialists": 2,
        "max_members_per_employer": 1,
        "max_sittings_per_panel": 2,
        "min_sitting": 2,
        "mixes": [["D2", "D3"]],
    },
    "sessions": [
        {"id": "S1", "start": "2023-07-15T08:30", "end": "2023-07-15T09:30"},
        {"id": "S2", "start": "2023-07-15T14:00", "end": "2023-07-15T15:00"},
        {"id": "S3", "start": "2023-07-16T08:30", "end": "2023-07-16T09:30"},
    ],
    "rooms": [{"id": "R1"}, {"id": "R2", "sessions": ["S1", "S2"]}],
    "directions": [{"id": f"D{n}", "name": f"方向{n}"} for n in (1, 2, 3)],
    "experts": [
        {"id": "E1", "employer": "F1", "directions": {"D1": 3}, "chair": True, "sessions": ["S1", "S2", "S3"]},
        {"id": "E2", "employer": "F2", "directions": {"D1": 2}, "sessions": ["S1", "S2", "S3"], "max_sessions": 2},
        {"id": "E3", "employer": "F3", "directions": {"D1": 1}, "sessions": ["S1", "S2", "S3"]},
        {"id": "E4", "employer": "F4", "directions": {"D2": 3, "D3": 3}, "chair": True, "sessions": ["S1", "S2"]},
        {"id": "E5", "employer": "F5", "directions": {"D2": 3, "D3": 2}, "chair": True, "sessions": ["S1", "S2"]},
        {"id": "E6", "employer": "F6", "directions": {"D2": 2}, "sessions": ["S1", "S2"]},
        {"id": "E7", "employer": "F6", "directions": {"D1": 2, "D2": 3}, "sessions": ["S1", "S2", "S3"]},
        {"id": "E8", "employer": "F1", "directions": {"D1": 3}, "sessions": ["S1", "S2", "S3"]},
    ],
    "applicants": [
        {"id": "A1", "direction": "D1", "employer": "G1"},
        {"id": "A2", "direction": "D1", "employer": "G2", "unavailable": [["2023-07-15T08:30", "2023-07-15T08:40"]]},
        {"id": "A3", "direction": "D1", "employer": "G3", "pin": {"session": "S3", "room": "R1"}},
        {"id": "A4", "direction": "D2", "employer": "G4", "recuse_experts": ["E7"]},
        {"id": "A5", "direction": "D3", "employer": "G4", "recuse_employers": ["F2"]},
        {"id": "A6", "direction": "D1", "employer": "F8"},
    ],
}
"""E7 and E6 share an employer, so do E1 and E8."""

P1 = {
    "id": "P1",
    "directions": ["D1"],
    "chair": "E1",
    "members": ["E1", "E2", "E3"],
    "sittings": [
        {
            "session": "S1",
            "room": "R1",
            "appointments": [
                {"applicant": "A1", "start": "2023-07-15T08:30"},
                {"applicant": "A2", "start": "2023-07-15T08:50"},
            ],
        },
        {"session": "S3", "room": "R1", "appointments": [{"applicant": "A3", "start": "2023-07-16T08:30"}]},
    ],
}
P2 = {
    "id": "P2",
    "directions": ["D2", "D3"],
    "chair": "E4",
    "members": ["E4", "E5", "E6"],
    "sittings": [
        {
            "session": "S1",
            "room": "R2",
            "appointments": [
                {"applicant": "A4", "start": "2023-07-15T08:30"},
                {"applicant": "A5", "start": "2023-07-15T08:40"},
            ],
        }
    ],
}
SCHEDULE: dict[str, Any] = {"panels": [P1, P2], "unscheduled": ["A6"]}


def sitting(s: dict[str, Any], panel: int = 0, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = s["panels"][panel]["sittings"][number]
    return found


def first(s: dict[str, Any], panel: int = 0) -> dict[str, Any]:
    row: dict[str, Any] = sitting(s, panel)["appointments"][0]
    return row


def member(s: dict[str, Any], place: int, who: str, panel: int = 0) -> None:
    s["panels"][panel]["members"][place] = who


BROKEN: list[tuple[str, str, Change]] = [
    ("H1", "an applicant twice", lambda i, s: sitting(s, 0, 1)["appointments"].append({"applicant": "A1", "start": "2023-07-16T08:40"})),
    ("H1", "an unknown applicant", lambda i, s: first(s).update(applicant="A9")),
    ("H1", "somebody forgotten", lambda i, s: s["unscheduled"].clear()),
    ("H1", "unscheduled and heard", lambda i, s: s["unscheduled"].append("A1")),
    ("H2", "two in a slot", lambda i, s: first(s, 1).update(start="2023-07-15T08:40")),
    ("H2", "off the slots", lambda i, s: first(s, 1).update(start="2023-07-15T08:35")),
    ("H3", "a room twice", lambda i, s: sitting(s, 1).update(room="R1")),
    ("H3", "a room that is not open", lambda i, s: (sitting(s, 0, 1).update(room="R2"), i["applicants"][2].pop("pin"))),
    ("H3", "an unknown room", lambda i, s: sitting(s, 1).update(room="R9")),
    ("H4", "two panels at once", lambda i, s: (member(s, 2, "E3", 1), i["experts"][2]["directions"].update(D2=2, D3=2))),
    ("H4", "not available", lambda i, s: i["experts"][2].update(sessions=["S1"])),
    ("H4", "too many sessions", lambda i, s: i["experts"][1].update(max_sessions=1)),
    ("H5", "too few members", lambda i, s: s["panels"][0]["members"].pop()),
    ("H5", "a member twice", lambda i, s: member(s, 2, "E2")),
    ("H5", "an unknown member", lambda i, s: member(s, 2, "E99")),
    ("H5", "a chair who may not", lambda i, s: s["panels"][0].update(chair="E2")),
    ("H5", "a chair from elsewhere", lambda i, s: s["panels"][0].update(chair="E4")),
    ("H5", "a weak chair", lambda i, s: i["experts"][3]["directions"].update(D3=1) or i["experts"][5]["directions"].update(D3=2)),
    ("H5", "two panels of one id", lambda i, s: s["panels"][1].update(id="P1")),
    ("H6", "two of one employer", lambda i, s: member(s, 2, "E8")),
    ("H7", "too few specialists", lambda i, s: i["experts"][1]["directions"].update(D1=1)),
    ("H8", "a direction not listed", lambda i, s: first(s, 1).update(applicant="A6") or s.update(unscheduled=["A4"])),
    ("H8", "no mix allowed", lambda i, s: i["rules"].update(mixes=[])),
    ("H9", "the same employer", lambda i, s: i["applicants"][0].update(employer="F2")),
    ("H9", "an expert lists the employer", lambda i, s: i["experts"][2].update(recuse_employers=["G1"])),
    ("H9", "an applicant lists the employer", lambda i, s: i["applicants"][1].update(recuse_employers=["F3"])),
    ("H9", "an expert lists the applicant", lambda i, s: i["experts"][0].update(recuse_applicants=["A3"])),
    ("H9", "an applicant lists the expert", lambda i, s: member(s, 2, "E7", 1) or i["experts"][6]["directions"].update(D3=2)),
    ("H10", "an unavailable applicant", lambda i, s: i["applicants"][0].update(unavailable=[["2023-07-15T08:35", "2023-07-15T08:36"]])),
    ("H11", "a pin left", lambda i, s: i["applicants"][2].update(pin={"session": "S1"})),
    ("H11", "a pinned start left", lambda i, s: i["applicants"][2].update(pin={"start": "2023-07-16T08:40"})),
    ("H12", "a panel without a sitting", lambda i, s: s["panels"][1].update(sittings=[]) or s["unscheduled"].extend(["A4", "A5"])),
    ("H12", "an empty sitting", lambda i, s: sitting(s, 0, 1)["appointments"].clear() or s["unscheduled"].append("A3")),
    ("H12", "too many sittings", lambda i, s: i["rules"].update(max_sittings_per_panel=1)),
    ("H12", "nobody of a listed direction", lambda i, s: sitting(s, 1)["appointments"].pop() and s["unscheduled"].append("A5")),
]  # fmt: skip


def test_the_schedule_as_it_is_breaks_nothing_and_costs_what_it_should() -> None:
    report = check(Problem.from_json(INSTANCE), SCHEDULE)
    assert report.violations == ()
    mismatch = 2 * (0 + 1 + 2) + (0 + 0 + 1) + (0 + 1 + 3)  # P1 sits twice; P2 hears two directions
    days = (2 + 2 + 2 + 1 + 1 + 1) + 3 * 2
    thin = 1 + (2 - 1)  # 08:40 is empty before 08:50; one applicant short of two on the 16th
    assert report.cost == (1, 3, 3, mismatch, days, 2, thin)


@pytest.mark.parametrize(("rule", "what", "change"), BROKEN, ids=[f"{rule}-{what}" for rule, what, _ in BROKEN])
def test_a_broken_rule_is_named(rule: str, what: str, change: Change) -> None:
    instance, schedule = copy.deepcopy(INSTANCE), copy.deepcopy(SCHEDULE)
    change(instance, schedule)
    found = check(Problem.from_json(instance), schedule).violations
    assert rule in {v.rule for v in found}, what
    assert str(found[0]).startswith(found[0].rule)


def test_every_rule_has_a_mutation() -> None:
    assert {rule for rule, _what, _change in BROKEN} == {f"H{n}" for n in range(1, 13)}


def test_a_room_changed_within_a_day_counts_as_thin() -> None:
    schedule = copy.deepcopy(SCHEDULE)
    schedule["panels"][0]["sittings"][1] = {
        "session": "S2",
        "room": "R2",
        "appointments": [{"applicant": "A6", "start": "2023-07-15T14:00"}],
    }
    schedule["unscheduled"] = ["A3"]
    report = check(Problem.from_json(INSTANCE), schedule)
    assert report.violations == ()
    assert report.cost[6] == 1 + 1 + 1


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ({"cost": [0] * 7}, "COST"),
        ({"bound": [9, 9]}, "BOUND"),
        ({"bound": [2, 0, 0, 0, 0, 0, 0]}, "BOUND level 1"),
        ({"status": "optimal"}, "STATUS"),
    ],
)
def test_what_a_schedule_claims_is_checked(claim: dict[str, Any], says: str) -> None:
    cost = check(Problem.from_json(INSTANCE), SCHEDULE).cost
    honest = {"cost": list(cost), "bound": [0] * 7, "status": "feasible"}
    assert check_claims(honest, cost) == []
    assert any(text.startswith(says) for text in check_claims(honest | claim, cost))
