"""What happens to a published round, at random: the instance afterwards, what is past left as it was."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FORMAT = "%Y-%m-%dT%H:%M"
Document = dict[str, Any]


@dataclass
class Round:
    """An instance to change, and what chance chose: a panel, a sitting, its appointments and sessions still to come."""

    rng: random.Random
    new: Document
    panel: Document
    sitting: Document
    rows: list[Document]
    open: set[str]

    def lost(self) -> set[str]:
        """All that is to come, or the sitting's session only."""
        return self.open if self.rng.random() < 0.5 else self.open & {self.sitting["session"]}

    def some(self, most: int) -> dict[str, str]:
        """Applicants of the sitting with their starts."""
        rows = self.rng.sample(self.rows, min(most, len(self.rows)))
        return {r["applicant"]: r["start"] for r in rows}


def happens(rng: random.Random, instance: Document, schedule: Document, now: str | None) -> tuple[str, Document]:
    """One event: its name, and the instance as it is then. What has begun at ``now`` is not lost any more."""
    panel = rng.choice(schedule["panels"])
    sitting = rng.choice(panel["sittings"])
    rows = [r for r in sitting["appointments"] if now is None or r["start"] >= now]
    to_come = {s["id"] for s in instance["sessions"] if now is None or s["start"] > now}
    made = Round(rng, copy.deepcopy(instance), panel, sitting, rows, to_come)
    kind = rng.choice([*EVENTS])
    EVENTS[kind](made)
    return kind, made.new


def ill(r: Round) -> None:
    who, lost = r.rng.choice(r.panel["members"]), r.lost()
    for e in r.new["experts"]:
        if e["id"] == who:
            e["sessions"] = [s for s in e["sessions"] if s not in lost]


def gone(r: Round) -> None:
    if len(r.open) == len(r.new["sessions"]):
        who = r.rng.choice(r.panel["members"])
        r.new["experts"] = [e for e in r.new["experts"] if e["id"] != who]
        for a in r.new["applicants"]:
            a["recuse_experts"] = [e for e in a.get("recuse_experts") or () if e != who]


def room(r: Round) -> None:
    lost = r.lost()
    for x in r.new["rooms"]:
        if x["id"] == r.sitting["room"]:
            had = [s["id"] for s in r.new["sessions"]] if x.get("sessions") is None else x["sessions"]
            x["sessions"] = [s for s in had if s not in lost]


def cut(r: Round) -> None:
    for s in r.new["sessions"]:
        if s["id"] == r.sitting["session"] and s["id"] in r.open:
            end = datetime.strptime(s["end"], FORMAT) - timedelta(minutes=r.rng.choice([10, 30, 60]))
            s["end"] = end.strftime(FORMAT)
            s["breaks"] = [b for b in s.get("breaks") or () if b[1] <= s["end"]]


def late(r: Round) -> None:
    chosen = r.some(3)
    for a in r.new["applicants"]:
        if a["id"] in chosen:
            start = chosen[a["id"]]
            a["unavailable"] = [*(a.get("unavailable") or ()), [f"{start[:11]}00:00", f"{start[:14]}59"]]


def withdrawn(r: Round) -> None:
    chosen = r.some(4)
    r.new["applicants"] = [a for a in r.new["applicants"] if a["id"] not in chosen]
    for e in r.new["experts"]:
        e["recuse_applicants"] = [a for a in e.get("recuse_applicants") or () if a not in chosen]


def added(r: Round) -> None:
    for n in range(r.rng.choice([1, 3])):
        like = copy.deepcopy(r.rng.choice(r.new["applicants"]))
        r.new["applicants"].append(like | {"id": f"NEW{n}", "pin": None})


def swapped(r: Round) -> None:
    chosen = r.some(2)
    place = {"session": r.sitting["session"], "room": r.sitting["room"]}
    for a in r.new["applicants"]:
        if a["id"] in chosen and len(chosen) == 2:
            a["pin"] = place | {"start": next(start for who, start in chosen.items() if who != a["id"])}


def recused(r: Round) -> None:
    for e in r.new["experts"]:
        if e["id"] == r.panel["members"][0] and r.sitting["session"] in r.open:
            e["recuse_applicants"] = [*(e.get("recuse_applicants") or ()), r.rows[0]["applicant"]]


EVENTS: dict[str, Callable[[Round], None]] = {
    f.__name__: f for f in (ill, gone, room, cut, late, withdrawn, added, swapped, recused)
}


def moment(rng: random.Random, instance: Document) -> str | None:
    """Before everything, or some minutes into a session."""
    if rng.random() < 0.4:
        return None
    start = datetime.strptime(rng.choice(instance["sessions"])["start"], FORMAT)
    return (start + timedelta(minutes=rng.choice([0, 5, 45, 100]))).strftime(FORMAT)
