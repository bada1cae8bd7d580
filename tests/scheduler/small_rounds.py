"""Small rounds with a valid schedule, made at random: two panels, three sittings, eight slots a session."""

from __future__ import annotations

import random
from typing import Any

BREAK = ["2023-07-15T09:10", "2023-07-15T09:20"]
SESSIONS = [
    {
        "id": "S1",
        "start": "2023-07-15T08:30",
        "end": "2023-07-15T10:00",
        "breaks": [["2023-07-15T09:10", "2023-07-15T09:20"]],
    },
    {"id": "S2", "start": "2023-07-15T14:00", "end": "2023-07-15T15:20"},
    {"id": "S3", "start": "2023-07-16T08:30", "end": "2023-07-16T09:50"},
]
STARTS = {
    "S1": [f"2023-07-15T{t}" for t in ("08:30", "08:40", "08:50", "09:00", "09:20", "09:30", "09:40", "09:50")],
    "S2": [f"2023-07-15T{t}" for t in ("14:00", "14:10", "14:20", "14:30", "14:40", "14:50", "15:00", "15:10")],
    "S3": [f"2023-07-16T{t}" for t in ("08:30", "08:40", "08:50", "09:00", "09:10", "09:20", "09:30", "09:40")],
}
PLACES = {"P1": [("S1", "R1"), ("S3", "R2")], "P2": [("S1", "R2")]}
RULES = {
    "panel_size": 3,
    "min_specialists": 2,
    "max_members_per_employer": 1,
    "max_sittings_per_panel": 2,
    "min_sitting": 3,
    "mixes": [["D1", "D2"]],
}


def small_round(rng: random.Random, most: int = 6) -> tuple[dict[str, Any], dict[str, Any]]:
    """An instance and a valid schedule: up to ``most`` applicants a sitting, some blocked, pinned or left over."""
    applicants: list[dict[str, Any]] = []
    panels = [_panel(rng, name, most, applicants) for name in PLACES]
    left = [_applicant(rng, applicants, rng.choice(["D1", "D2"])) for _ in range(rng.randint(0, 2))]
    experts = _experts(rng, [a["id"] for a in applicants])
    instance = {
        "talk_minutes": 5,
        "answer_minutes": 5,
        "rules": RULES,
        "sessions": SESSIONS,
        "rooms": [{"id": "R1"}, {"id": "R2"}],
        "directions": [{"id": "D1"}, {"id": "D2"}],
        "experts": experts,
        "applicants": applicants,
    }
    return instance, {"panels": panels, "unscheduled": [a["id"] for a in left]}


def _panel(rng: random.Random, name: str, most: int, applicants: list[dict[str, Any]]) -> dict[str, Any]:
    number, sittings = int(name[1]), []
    for session, room in PLACES[name]:
        used = rng.sample(STARTS[session], rng.randint(1, most))
        rows = []
        for start in used:
            a = _applicant(rng, applicants, f"D{number}")
            _block(rng, a, session, room, start)
            rows.append({"applicant": a["id"], "start": start})
        sittings.append({"session": session, "room": room, "appointments": rows})
    members = [f"E{3 * number - n}" for n in (0, 1, 2)]
    return {
        "id": name,
        "directions": [f"D{number}"],
        "chair": rng.choice(members),
        "members": members,
        "sittings": sittings,
    }


def _applicant(rng: random.Random, applicants: list[dict[str, Any]], direction: str) -> dict[str, Any]:
    applicants.append({"id": f"A{len(applicants) + 1}", "direction": direction, "employer": rng.choice([None, "G1"])})
    return applicants[-1]


def _block(rng: random.Random, a: dict[str, Any], session: str, room: str, start: str) -> None:
    others = [t for t in STARTS[session] if t != start]
    a["unavailable"] = [[t, t[:-1] + "5"] for t in rng.sample(others, rng.choice([0, 0, 1, 3, 6]))]
    if rng.random() < 0.2:
        a["pin"] = rng.choice([{"start": start}, {"session": session, "room": room}])


def _experts(rng: random.Random, applicants: list[str]) -> list[dict[str, Any]]:
    """E1 to E3 sit on P1, E4 to E6 on P2; panels may share employers, members of one do not."""
    firms = [f"F{n}" for p in PLACES for n in rng.sample(range(1, 6), 3)]
    experts = []
    for n in range(1, 11):
        called = n <= 6
        experts.append({
            "id": f"E{n}",
            "employer": firms[n - 1] if called else rng.choice([None, f"F{rng.randint(1, 10)}"]),
            "directions": {"D1": rng.choice([2, 3]), "D2": rng.choice([2, 3])},
            "chair": called or rng.random() < 0.7,
            "sessions": ["S1", "S2", "S3"] if called or rng.random() < 0.7 else ["S1"],
            "max_sessions": None if called else rng.choice([None, 1]),
            "recuse_applicants": [] if called else rng.sample(applicants, rng.choice([0, 0, 1])),
        })  # fmt: skip
    return experts
