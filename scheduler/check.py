"""Judge a schedule: every violation of H1 to H12 and the seven levels of cost.

Written from the page on the scheduling problem alone; it shares nothing with the model and imports only ``problem``.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from scheduler.problem import Applicant, Expert, Problem, Session


@dataclass(frozen=True)
class Violation:
    """A rule that is broken, where, in a sentence."""

    rule: str
    where: str
    text: str

    def __str__(self) -> str:
        """One line, the rule first."""
        return f"{self.rule} {self.where}: {self.text}"


@dataclass(frozen=True)
class Report:
    """What the checker found."""

    violations: tuple[Violation, ...]
    cost: tuple[int, ...]


def slot_starts(session: Session, minutes: int) -> list[datetime]:
    """The slots of a session, minute by minute as the page tells it."""
    length, at, out = timedelta(minutes=minutes), session.start, []
    while at + length <= session.end:
        overlapping = [b for b in session.breaks if b[0] < at + length and b[1] > at]
        if overlapping:
            at = min(overlapping)[1]
        else:
            out.append(at)
            at += length
    return out


def kept_apart(expert: Expert, applicant: Applicant) -> bool:
    """Whether H9 keeps the two apart."""
    if applicant.employer is not None and (
        applicant.employer == expert.employer or applicant.employer in expert.recuse_employers
    ):
        return True
    if expert.employer is not None and expert.employer in applicant.recuse_employers:
        return True
    return applicant.id in expert.recuse_applicants or expert.id in applicant.recuse_experts


class _Judge:
    def __init__(self, problem: Problem, document: dict[str, Any]) -> None:
        self.p, self.rows = problem, document
        self.bad: list[Violation] = []
        self.starts = {s.id: slot_starts(s, problem.slot_minutes) for s in problem.sessions}
        self.rooms = {r.id: {s.id for s in problem.sessions if r.open_in(s.id)} for r in problem.rooms}
        self.heard: Counter[str] = Counter()
        self.room_use: Counter[tuple[str, str]] = Counter()
        self.seat_use: Counter[tuple[str, str]] = Counter()
        self.sessions_of: dict[str, set[str]] = defaultdict(set)
        self.days: set[date] = set()
        self.heard_by_panel: dict[str, list[int]] = defaultdict(list)
        self.sittings = self.groups = self.mismatch = self.thin = 0

    def say(self, rule: str, where: str, text: str) -> None:
        self.bad.append(Violation(rule, where, text))

    def run(self) -> Report:
        panels = self.rows["panels"]
        for name, n in Counter(p["id"] for p in panels).items():
            if n > 1:
                self.say("H5", name, f"{n} panels have this id")
        for panel in panels:
            self.panel(panel)
        self.across()
        return Report(tuple(self.bad), self.cost())

    def panel(self, panel: dict[str, Any]) -> None:
        name, directions, rules = panel["id"], panel["directions"], self.p.rules
        members = [m for m in panel["members"] if m in self.p.expert]
        if len(members) < len(panel["members"]):
            self.say("H5", name, "has unknown members")
        if len(panel["members"]) != rules.panel_size or len(set(panel["members"])) != rules.panel_size:
            self.say(
                "H5",
                name,
                f"has {len(set(panel['members']))} distinct members of {len(panel['members'])}, not {rules.panel_size}",
            )
        self.chair(name, panel["chair"], members, directions)
        firms = Counter(self.p.expert[m].employer for m in members)
        for firm, n in firms.items():
            if firm is not None and n > rules.max_members_per_employer:
                self.say("H6", name, f"{n} members are of {firm}")
        self.listed(name, directions)
        for d in directions:
            able = sum(1 for m in members if self.p.expert[m].strength.get(d, 0) >= 2)
            if able < rules.min_specialists:
                self.say("H7", name, f"{able} specialists of {d}")
        self.groups += len(directions)
        held = panel["sittings"]
        limit = len(self.p.sessions) if rules.max_sittings_per_panel is None else rules.max_sittings_per_panel
        if not 1 <= len(held) <= limit:
            self.say("H12", name, f"has {len(held)} sittings")
        if len({s["session"] for s in held}) < len(held):
            self.say("H12", name, "sits twice in one session")
        per_sitting = sum(
            (3 - self.p.expert[m].strength.get(d, 0)) * (2 if m == panel["chair"] else 1)
            for m in dict.fromkeys(members)
            for d in dict.fromkeys(directions)
        )
        heard: Counter[str] = Counter()
        for sitting in held:
            self.sitting(name, directions, members, sitting, per_sitting, heard)
        for d in directions:
            self.heard_by_panel[d].append(heard[d])
            if not heard[d]:
                self.say("H12", name, f"hears nobody of {d}")
        self.room_changes(held)

    def chair(self, name: str, chair: str, members: list[str], directions: list[str]) -> None:
        expert = self.p.expert.get(chair)
        if (
            expert is None
            or chair not in members
            or not expert.chair
            or any(expert.strength.get(d, 0) < 2 for d in directions)
        ):
            self.say("H5", name, f"{chair} cannot chair it")

    def listed(self, name: str, directions: list[str]) -> None:
        together = len(directions) == 1 or any(set(directions) <= mix for mix in self.p.rules.mixes)
        if not directions or len(set(directions)) < len(directions) or not together:
            self.say("H8", name, f"cannot hear {directions} together")

    def sitting(
        self,
        name: str,
        directions: list[str],
        members: list[str],
        sitting: dict[str, Any],
        mismatch: int,
        heard: Counter[str],
    ) -> None:
        session, room = sitting["session"], sitting["room"]
        where = f"{name}/{session}/{room}"
        if session not in self.rooms.get(room, ()):
            self.say("H3", where, "the room is not open then")
        if session not in self.p.session:
            return
        self.sittings += 1
        self.mismatch += mismatch
        self.room_use[session, room] += 1
        self.days.add(self.p.session[session].day)
        for m in members:
            self.seat_use[m, session] += 1
            self.sessions_of[m].add(session)
            if session not in self.p.expert[m].sessions:
                self.say("H4", where, f"{m} is not available")
        rows = sitting["appointments"]
        if not rows:
            self.say("H12", where, "has no appointment")
        times: Counter[datetime] = Counter()
        for row in rows:
            start = (
                row["start"]
                if isinstance(row["start"], datetime)
                else datetime.strptime(row["start"], "%Y-%m-%dT%H:%M")
            )
            times[start] += 1
            self.appointment(where, directions, members, session, room, row["applicant"], start, heard)
        for start, n in times.items():
            if n > 1:
                self.say("H2", where, f"{n} applicants at {start:%H:%M}")
        last = max(times, default=None)
        self.thin += sum(1 for t in self.starts[session] if last is not None and t < last and t not in times)
        self.thin += max(0, self.p.rules.min_sitting - len(rows))

    def appointment(
        self,
        where: str,
        directions: list[str],
        members: list[str],
        session: str,
        room: str,
        who: str,
        start: datetime,
        heard: Counter[str],
    ) -> None:
        self.heard[who] += 1
        if start not in self.starts[session]:
            self.say("H2", where, f"{who} starts off the slots at {start:%H:%M}")
        applicant = self.p.applicant.get(who)
        if applicant is None:
            self.say("H1", where, f"{who} is no applicant")
            return
        heard[applicant.direction] += 1
        if applicant.direction not in directions:
            self.say("H8", where, f"{who} is of {applicant.direction}")
        for m in members:
            if kept_apart(self.p.expert[m], applicant):
                self.say("H9", where, f"{m} must not hear {who}")
        end = start + timedelta(minutes=self.p.slot_minutes)
        if any(a < end and start < b for a, b in applicant.unavailable):
            self.say("H10", where, f"{who} is unavailable at {start:%H:%M}")
        pin = applicant.pin
        if pin.session not in (None, session) or pin.room not in (None, room) or pin.start not in (None, start):
            self.say("H11", where, f"{who} is pinned elsewhere")

    def room_changes(self, held: list[dict[str, Any]]) -> None:
        by_day: dict[date, list[tuple[datetime, str]]] = defaultdict(list)
        for sitting in held:
            session = self.p.session.get(sitting["session"])
            if session is not None:
                by_day[session.day].append((session.start, sitting["room"]))
        for rows in by_day.values():
            order = [room for _, room in sorted(rows)]
            self.thin += sum(1 for a, b in itertools.pairwise(order) if a != b)

    def across(self) -> None:
        for (session, room), n in self.room_use.items():
            if n > 1:
                self.say("H3", f"{session}/{room}", f"holds {n} sittings")
        for (expert, session), n in self.seat_use.items():
            if n > 1:
                self.say("H4", f"{expert}/{session}", f"sits {n} times")
        for expert, sessions in self.sessions_of.items():
            limit = self.p.expert[expert].max_sessions
            if limit is not None and len(sessions) > limit:
                self.say("H4", expert, f"sits in {len(sessions)} sessions, at most {limit}")
        for who, n in self.heard.items():
            if n > 1:
                self.say("H1", who, f"is heard {n} times")
        left, missing = self.rows["unscheduled"], set(self.p.applicant) - set(self.heard)
        if len(set(left)) < len(left) or set(left) != missing:
            self.say("H1", "unscheduled", f"lists {len(left)}, {len(missing)} have no appointment")

    def cost(self) -> tuple[int, ...]:
        days = {(m, self.p.session[s].day) for m, held in self.sessions_of.items() for s in held}
        return (
            len(set(self.p.applicant) - set(self.heard)),
            self.sittings,
            self.groups,
            self.mismatch,
            len(days) + self.p.rules.panel_size * len(self.days),
            max(map(len, self.sessions_of.values()), default=0),
            self.thin + sum(max(n) - min(n) for n in self.heard_by_panel.values()),
        )


def check(problem: Problem, document: dict[str, Any]) -> Report:
    """Judge a schedule document."""
    return _Judge(problem, document).run()


def check_claims(document: dict[str, Any], cost: tuple[int, ...]) -> list[str]:
    """What is wrong with the cost, bound and status that a document declares."""
    wrong = (
        []
        if list(document.get("cost", ())) == list(cost)
        else [f"COST declared {document.get('cost')}, is {list(cost)}"]
    )
    bound = document.get("bound", ())
    if len(bound) != len(cost):
        return [*wrong, f"BOUND {bound}"]
    wrong += [
        f"BOUND level {k}: {b} is above the cost {c}"
        for k, (b, c) in enumerate(zip(bound, cost, strict=True), 1)
        if b > c
    ]
    if document.get("status") != ("optimal" if list(bound) == list(cost) else "feasible"):
        wrong.append(f"STATUS {document.get('status')}")
    return wrong
