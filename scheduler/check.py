"""Judge a schedule: every violation of H1 to H12 and the seven levels of cost.

Written from the page on the scheduling problem alone; it shares nothing with the model and imports only ``problem``.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

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


@dataclass
class Part:
    """What one panel breaks by itself, and what it counts towards the whole."""

    bad: list[Violation]
    sittings: int = 0
    groups: int = 0
    mismatch: int = 0
    thin: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    rooms: Counter[tuple[str, str]] = field(default_factory=Counter)
    seats: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_direction: Counter[str] = field(default_factory=Counter)

    def note(self, rule: str, where: str, text: str) -> None:
        """Note a broken rule."""
        self.bad.append(Violation(rule, where, text))


class Judge:
    """The checker of one problem: each panel by itself (:meth:`panel`), then all together (:meth:`report`)."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        self.starts = {s.id: slot_starts(s, problem.slot_minutes) for s in problem.sessions}
        self.slots = {name: frozenset(starts) for name, starts in self.starts.items()}
        self.rooms = {r.id: {s.id for s in problem.sessions if r.open_in(s.id)} for r in problem.rooms}

    # ---------------------------------------------------------------- one panel

    def panel(self, panel: dict[str, Any]) -> Part:
        """Judge one panel of a document by itself."""
        part, name, directions, rules = Part([]), panel["id"], panel["directions"], self.p.rules
        members = [m for m in panel["members"] if m in self.p.expert]
        if len(members) < len(panel["members"]):
            part.note("H5", name, "has unknown members")
        distinct = len(set(panel["members"]))
        if len(panel["members"]) != rules.panel_size or distinct != rules.panel_size:
            part.note(
                "H5",
                name,
                f"has {distinct} distinct members of {len(panel['members'])}, not {rules.panel_size}",
            )
        self._chair(part, name, panel["chair"], members, directions)
        firms = Counter(self.p.expert[m].employer for m in members)
        for firm, n in firms.items():
            if firm is not None and n > rules.max_members_per_employer:
                part.note("H6", name, f"{n} members are of {firm}")
        self._listed(part, name, directions)
        for d in directions:
            able = sum(1 for m in members if self.p.expert[m].strength.get(d, 0) >= 2)
            if able < rules.min_specialists:
                part.note("H7", name, f"{able} specialists of {d}")
        part.groups = len(directions)
        held = panel["sittings"]
        limit = len(self.p.sessions) if rules.max_sittings_per_panel is None else rules.max_sittings_per_panel
        if not 1 <= len(held) <= limit:
            part.note("H12", name, f"has {len(held)} sittings")
        if len({s["session"] for s in held}) < len(held):
            part.note("H12", name, "sits twice in one session")
        per_sitting = sum(
            (3 - self.p.expert[m].strength.get(d, 0)) * (2 if m == panel["chair"] else 1)
            for m in dict.fromkeys(members)
            for d in dict.fromkeys(directions)
        )
        for sitting in held:
            self._sitting(part, name, directions, members, sitting)
        part.mismatch = per_sitting * part.sittings
        for d in directions:
            if not part.by_direction[d]:
                part.note("H12", name, f"hears nobody of {d}")
        part.by_direction = Counter({d: part.by_direction[d] for d in directions})
        part.thin += self._room_changes(held)
        return part

    def _chair(self, part: Part, name: str, chair: str, members: list[str], directions: list[str]) -> None:
        expert = self.p.expert.get(chair)
        if (
            expert is None
            or chair not in members
            or not expert.chair
            or any(expert.strength.get(d, 0) < 2 for d in directions)
        ):
            part.note("H5", name, f"{chair} cannot chair it")

    def _listed(self, part: Part, name: str, directions: list[str]) -> None:
        together = len(directions) == 1 or any(set(directions) <= mix for mix in self.p.rules.mixes)
        if not directions or len(set(directions)) < len(directions) or not together:
            part.note("H8", name, f"cannot hear {directions} together")

    def _sitting(
        self, part: Part, name: str, directions: list[str], members: list[str], sitting: dict[str, Any]
    ) -> None:
        session, room = sitting["session"], sitting["room"]
        where = f"{name}/{session}/{room}"
        if session not in self.rooms.get(room, ()):
            part.note("H3", where, "the room is not open then")
        if session not in self.p.session:
            return
        part.sittings += 1
        part.rooms[session, room] += 1
        for m in members:
            part.seats[m, session] += 1
            if session not in self.p.expert[m].sessions:
                part.note("H4", where, f"{m} is not available")
        rows = sitting["appointments"]
        if not rows:
            part.note("H12", where, "has no appointment")
        times: Counter[datetime] = Counter()
        for row in rows:
            start = (
                row["start"]
                if isinstance(row["start"], datetime)
                else datetime.strptime(row["start"], "%Y-%m-%dT%H:%M")
            )
            times[start] += 1
            self._appointment(part, where, directions, members, session, room, row["applicant"], start)
        for start, n in times.items():
            if n > 1:
                part.note("H2", where, f"{n} applicants at {start:%H:%M}")
        last = max(times, default=None)
        part.thin += sum(1 for t in self.starts[session] if last is not None and t < last and t not in times)
        part.thin += max(0, self.p.rules.min_sitting - len(rows))

    def _appointment(
        self,
        part: Part,
        where: str,
        directions: list[str],
        members: list[str],
        session: str,
        room: str,
        who: str,
        start: datetime,
    ) -> None:
        part.heard[who] += 1
        if start not in self.slots[session]:
            part.note("H2", where, f"{who} starts off the slots at {start:%H:%M}")
        applicant = self.p.applicant.get(who)
        if applicant is None:
            part.note("H1", where, f"{who} is no applicant")
            return
        part.by_direction[applicant.direction] += 1
        if applicant.direction not in directions:
            part.note("H8", where, f"{who} is of {applicant.direction}")
        for m in members:
            if kept_apart(self.p.expert[m], applicant):
                part.note("H9", where, f"{m} must not hear {who}")
        end = start + timedelta(minutes=self.p.slot_minutes)
        if any(a < end and start < b for a, b in applicant.unavailable):
            part.note("H10", where, f"{who} is unavailable at {start:%H:%M}")
        pin = applicant.pin
        if pin.session not in (None, session) or pin.room not in (None, room) or pin.start not in (None, start):
            part.note("H11", where, f"{who} is pinned elsewhere")

    def _room_changes(self, held: list[dict[str, Any]]) -> int:
        by_day: dict[date, list[tuple[datetime, str]]] = defaultdict(list)
        for sitting in held:
            session = self.p.session.get(sitting["session"])
            if session is not None:
                by_day[session.day].append((session.start, sitting["room"]))
        changes = 0
        for rows in by_day.values():
            order = [room for _, room in sorted(rows)]
            changes += sum(1 for a, b in itertools.pairwise(order) if a != b)
        return changes

    # ---------------------------------------------------------------- all of them

    def report(self, names: list[str], parts: list[Part], unscheduled: list[str]) -> Report:
        """The whole of it: the panels' ids, their parts in the same order, and who is listed as unscheduled."""
        whole = Whole(self.p)
        for name, part in zip(names, parts, strict=True):
            whole.put(name, part)
        return whole.report(unscheduled)


Key = TypeVar("Key")


class Tally(dict[Key, int]):
    """How often each thing is there; ``often``: what is there more than once."""

    def __init__(self) -> None:
        super().__init__()
        self.often: dict[Key, int] = {}

    def add(self, key: Key, n: int) -> int:
        """Count on, or back with a negative number; the new count."""
        now = self.get(key, 0) + n
        if now:
            self[key] = now
        else:
            self.pop(key, None)
        if now > 1:
            self.often[key] = now
        else:
            self.often.pop(key, None)
        return now


class Whole:
    """Panels judged together. One can be put in or taken out again at the cost of that one alone."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        self.parts: dict[int, Part] = {}
        self.names, self.heard, self.rooms = Tally[str](), Tally[str](), Tally[tuple[str, str]]()
        self.seats, self.load = Tally[tuple[str, str]](), Tally[str]()
        self.days, self.used = Tally[tuple[str, date]](), Tally[date]()
        self.sums = [0, 0, 0, 0]
        """Sittings, groups, mismatch, thin."""
        self.by_direction: dict[str, Tally[int]] = defaultdict(Tally)
        """Direction → how many panels hear so many of it."""
        self.missing = set(problem.applicant)

    def put(self, name: str, part: Part) -> None:
        """One panel more."""
        self.parts[id(part)] = part
        self._count(name, part, 1)

    def take(self, name: str, part: Part) -> None:
        """A panel that was put in goes."""
        del self.parts[id(part)]
        self._count(name, part, -1)

    def _count(self, name: str, part: Part, by: int) -> None:
        self.names.add(name, by)
        for i, n in enumerate((part.sittings, part.groups, part.mismatch, part.thin)):
            self.sums[i] += by * n
        for who, n in part.heard.items():
            if self.heard.add(who, by * n):
                self.missing.discard(who)
            elif who in self.p.applicant:
                self.missing.add(who)
        for place, n in part.rooms.items():
            self.rooms.add(place, by * n)
            self.used.add(self.p.session[place[0]].day, by)
        for seat, n in part.seats.items():
            self._sit(seat, by * n)
        for d, n in part.by_direction.items():
            self.by_direction[d].add(n, by)

    def _sit(self, seat: tuple[str, str], n: int) -> None:
        before = seat in self.seats
        by = (self.seats.add(seat, n) > 0) - before
        if by:
            self.load.add(seat[0], by)
            self.days.add((seat[0], self.p.session[seat[1]].day), by)

    def report(self, unscheduled: Collection[str]) -> Report:
        """What all of them break and cost."""
        bad = [Violation("H5", name, f"{n} panels have this id") for name, n in self.names.often.items()]
        for part in self.parts.values():
            bad += part.bad
        bad += self._across()
        if len(set(unscheduled)) < len(unscheduled) or self.missing != set(unscheduled):
            text = f"lists {len(unscheduled)}, {len(self.missing)} have no appointment"
            bad.append(Violation("H1", "unscheduled", text))
        return Report(tuple(bad), self._cost())

    def _across(self) -> Iterator[Violation]:
        for (session, room), n in self.rooms.often.items():
            yield Violation("H3", f"{session}/{room}", f"holds {n} sittings")
        for (expert, session), n in self.seats.often.items():
            yield Violation("H4", f"{expert}/{session}", f"sits {n} times")
        for expert, n in self.load.items():
            limit = self.p.expert[expert].max_sessions
            if limit is not None and n > limit:
                yield Violation("H4", expert, f"sits in {n} sessions, at most {limit}")
        for who, n in self.heard.often.items():
            yield Violation("H1", who, f"is heard {n} times")

    def _cost(self) -> tuple[int, ...]:
        sittings, groups, mismatch, thin = self.sums
        uneven = sum(max(sizes) - min(sizes) for sizes in self.by_direction.values() if sizes)
        days = len(self.days) + self.p.rules.panel_size * len(self.used)
        peak = max(self.load.values(), default=0)
        return (len(self.missing), sittings, groups, mismatch, days, peak, thin + uneven)


def check(problem: Problem, document: dict[str, Any]) -> Report:
    """Judge a schedule document."""
    judge, panels = Judge(problem), document["panels"]
    return judge.report([p["id"] for p in panels], [judge.panel(p) for p in panels], document["unscheduled"])


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
