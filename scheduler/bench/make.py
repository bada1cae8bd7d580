"""Make instances of any size: near fields in clusters, scarce rooms and experts, recusals, blocked times, pins.

The same ``Kind`` always gives the same instance. Rooms and experts are sized from the sittings needed, so that an
instance of 30,000 is as tight as one of 100.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil, sqrt
from typing import Any

FIRST_DAY = datetime(2023, 7, 15)
HALVES = (("a", 510, 720, (610, 620)), ("p", 840, 1050, (940, 950)))
"""Letter, start, end, break: minutes of the day."""
CLUSTER = 6
"""Directions that are near each other."""
PANEL, SPECIALISTS = 5, 3


@dataclass(frozen=True)
class Kind:
    """What to make. ``pins``: share of the applicants; ``turnover``: minutes; ``tight``: share of the rooms' sittings
    that is needed; ``spare``: half-days of experts for each seat that is needed; ``windows``: everyone is free for
    some half-hours only.
    """

    applicants: int
    seed: int
    mixes: bool = False
    pins: float = 0.0
    uneven: bool = False
    turnover: int = 0
    tight: float = 0.85
    spare: float = 1.6
    windows: bool = field(default=False, repr=False)  # what is drawn for the rest stays the same

    @property
    def directions(self) -> int:
        """About one for 30 applicants, 4 to 24; twice as many with ``mixes``, so that some are small."""
        return min(24, max(4, self.applicants // 30)) * (2 if self.mixes else 1)

    @property
    def days(self) -> int:
        """Slower than the applicants: 1 for 80, 12 for 10,000."""
        return ceil(sqrt(self.applicants / 80))


def make(kind: Kind) -> dict[str, Any]:
    """An instance document."""
    rng = random.Random(repr(kind))
    codes = [f"D{i + 1}" for i in range(kind.directions)]
    weight = {code: (i + 1) ** -0.8 for i, code in enumerate(codes)}
    sessions = _sessions(kind, rng)
    employers = _Employers(kind.applicants, rng)
    applicants = [_applicant(f"A{i + 1:05d}", weight, employers, sessions, rng) for i in range(kind.applicants)]
    heard = Counter(a["direction"] for a in applicants)
    full = min(_slots(s, 10 + kind.turnover) for s in sessions)
    needed = {code: ceil(heard[code] / full) for code in codes}
    experts = _experts({c: n * PANEL * kind.spare for c, n in needed.items()}, employers, sessions, rng)
    _recuse(applicants, experts, employers, rng)
    if kind.windows:
        _windows(applicants, sessions, random.Random(f"windows {kind}"))
    _pin(applicants, sessions, kind.pins, rng)
    return {
        "name": f"made-{kind.applicants}-{kind.seed}",
        "talk_minutes": 5,
        "answer_minutes": 5,
        "turnover_minutes": kind.turnover,
        "rules": {
            "panel_size": PANEL,
            "min_specialists": SPECIALISTS,
            "max_members_per_employer": 1,
            "max_sittings_per_panel": 4,
            "min_sitting": 6,
            "mixes": _mixes(codes, heard, full) if kind.mixes else [],
        },
        "sessions": sessions,
        "rooms": _rooms(ceil(sum(needed.values()) / len(sessions) / kind.tight), sessions, rng),
        "directions": [{"id": code, "name": f"专业{i + 1}"} for i, code in enumerate(codes)],
        "experts": experts,
        "applicants": applicants,
    }


def _sessions(kind: Kind, rng: random.Random) -> list[dict[str, Any]]:
    """Two half-days a day; ``uneven``: three in ten end an hour early."""
    found = []
    for day in range(kind.days):
        for letter, start, end, pause in HALVES:
            end -= 60 if kind.uneven and rng.random() < 0.3 else 0
            times = [_at(day, minute) for minute in (start, end, *pause)]
            found.append({"id": f"S{day + 1}{letter}", "start": times[0], "end": times[1], "breaks": [times[2:]]})
    return found


def _at(day: int, minute: int) -> str:
    return (FIRST_DAY + timedelta(days=day, minutes=minute)).isoformat(timespec="minutes")


def _slots(session: Mapping[str, Any], length: int) -> int:
    """Slots before and after the break."""
    (pause,) = session["breaks"]
    parts = ((session["start"], pause[0]), (pause[1], session["end"]))
    return sum((datetime.fromisoformat(b) - datetime.fromisoformat(a)) // timedelta(minutes=length) for a, b in parts)


class _Employers:
    """Companies, a few of them large, and institutes, which send most experts."""

    def __init__(self, applicants: int, rng: random.Random) -> None:
        self.rng = rng
        self.companies = [f"C{i + 1}" for i in range(max(6, applicants // 5))]
        self.institutes = [f"U{i + 1}" for i in range(max(8, applicants // 20))]
        self.shares = list(accumulate((i + 1) ** -0.6 for i in range(len(self.companies))))

    def company(self) -> str:
        return self.rng.choices(self.companies, cum_weights=self.shares)[0]

    def institute(self) -> str:
        return self.rng.choice(self.institutes)


def _applicant(
    name: str, weight: Mapping[str, float], employers: _Employers, sessions: Sequence[Any], rng: random.Random
) -> dict[str, Any]:
    """One in eight misses a session, one in twelve the first or last hour or two of one."""
    away = []
    if rng.random() < 0.12:
        missed = rng.choice(sessions)
        away.append([missed["start"], missed["end"]])
    if rng.random() < 0.08:
        part = rng.choice(sessions)
        start, end = datetime.fromisoformat(part["start"]), datetime.fromisoformat(part["end"])
        hours = timedelta(hours=rng.choice((1, 2)))
        times = (start, start + hours) if rng.random() < 0.5 else (end - hours, end)
        away.append([moment.isoformat(timespec="minutes") for moment in times])
    return {
        "id": name,
        "direction": rng.choices(list(weight), list(weight.values()))[0],
        "employer": None if rng.random() < 0.01 else employers.company(),
        "unavailable": away,
    }


def _experts(
    half_days: Mapping[str, float], employers: _Employers, sessions: Sequence[Any], rng: random.Random
) -> list[dict[str, Any]]:
    """For each direction as many as offer so many half-days; four at least, the first two of them chairs."""
    found: list[dict[str, Any]] = []
    for code, wanted in half_days.items():
        offered, here = 0, 0
        while offered < wanted or here < 4:
            expert = {"id": f"E{len(found) + 1:04d}"} | _expert(code, list(half_days), employers, sessions, rng)
            expert["chair"] = here < 2 or rng.random() < 0.35
            offered += min(len(expert["sessions"]), expert.get("max_sessions", len(sessions)))
            here += 1
            found.append(expert)
    return found


def _expert(
    own: str, codes: Sequence[str], employers: _Employers, sessions: Sequence[Any], rng: random.Random
) -> dict[str, Any]:
    """A third work at companies; half have a limit of sessions."""
    expert: dict[str, Any] = {
        "employer": employers.company() if rng.random() < 0.35 else employers.institute(),
        "directions": _strengths(own, codes, rng),
        "sessions": _available(sessions, rng),
    }
    if rng.random() < 0.5:
        expert["max_sessions"] = rng.randint(2, max(2, min(6, len(sessions) - 1)))
    return expert


def _strengths(own: str, codes: Sequence[str], rng: random.Random) -> dict[str, int]:
    """3 in the own field, 1 or 2 in one to three near ones."""
    first = codes.index(own) // CLUSTER * CLUSTER
    near = [code for code in codes[first : first + CLUSTER] if code != own]
    chosen = rng.sample(near, min(len(near), rng.randint(1, 3)))
    return {own: 3} | {code: rng.choice((1, 2, 2)) for code in chosen}


def _available(sessions: Sequence[Any], rng: random.Random) -> list[str]:
    """By day: mostly all of it, sometimes a half of it, sometimes none; never nothing at all."""
    found: list[str] = []
    for day in range(0, len(sessions), 2):
        names = [s["id"] for s in sessions[day : day + 2]]
        found += rng.choices((names, names[:1], names[1:], []), (62, 12, 12, 14))[0]
    return found or [rng.choice(sessions)["id"]]


def _recuse(applicants: Sequence[Any], experts: Sequence[Any], employers: _Employers, rng: random.Random) -> None:
    """A few on either side list somebody or an employer."""
    for expert in experts:
        if rng.random() < 0.1:
            expert["recuse_employers"] = [employers.company()]
        if rng.random() < 0.1 and applicants:
            expert["recuse_applicants"] = [rng.choice(applicants)["id"]]
    for applicant in applicants:
        if rng.random() < 0.04:
            applicant["recuse_experts"] = [rng.choice(experts)["id"]]
        if rng.random() < 0.02:
            applicant["recuse_employers"] = [employers.institute()]


def _windows(applicants: Sequence[Any], sessions: Sequence[Any], rng: random.Random) -> None:
    """Somebody asked half-hour by half-hour is free in every second one."""
    halves = []
    for s in sessions:
        start, end = datetime.fromisoformat(s["start"]), datetime.fromisoformat(s["end"])
        halves += [start + timedelta(minutes=30 * n) for n in range((end - start) // timedelta(minutes=30))]
    for applicant in applicants:
        away = rng.sample(halves, len(halves) // 2)
        applicant["unavailable"] = [
            [t.isoformat(timespec="minutes"), (t + timedelta(minutes=30)).isoformat(timespec="minutes")]
            for t in sorted(away)
        ]


def _pin(applicants: Sequence[Any], sessions: Sequence[Any], share: float, rng: random.Random) -> None:
    """Hold a share of the applicants in a session in which nothing keeps them away."""
    for applicant in applicants:
        away = applicant["unavailable"]
        free = [s["id"] for s in sessions if not any(a < s["end"] and s["start"] < b for a, b in away)]
        if free and rng.random() < share:
            applicant["pin"] = {"session": rng.choice(free)}


def _mixes(codes: Sequence[str], heard: Mapping[str, int], full: int) -> list[list[str]]:
    """In each cluster, up to three of the smallest directions that fill no more than one sitting together."""
    found = []
    for first in range(0, len(codes), CLUSTER):
        mix: list[str] = []
        for code in sorted(codes[first : first + CLUSTER], key=lambda c: heard[c])[:3]:
            if sum(heard[c] for c in mix) + heard[code] <= full:
                mix.append(code)
        found += [mix] if len(mix) > 1 else []
    return found


def _rooms(count: int, sessions: Sequence[Any], rng: random.Random) -> list[dict[str, Any]]:
    """Where there are many, one in seven is closed for a session."""
    found: list[dict[str, Any]] = [{"id": f"R{i + 1}"} for i in range(max(1, count))]
    for room in found:
        if count > 3 and rng.random() < 0.15:
            closed = rng.choice(sessions)
            room["sessions"] = [s["id"] for s in sessions if s is not closed]
    return found
