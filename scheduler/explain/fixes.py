"""What the office can do about a cause: each change is made in the instance, and the changed instance is solved.

A change to solve comes in one of two ways: it is plain (a pin lifted, a room more), or the solver is asked for the
fewest experts to be asked, by letting it pass a limit at a price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

from scheduler.explain.causes import Cause, lifted
from scheduler.explain.limits import Limit, whole
from scheduler.explain.oracle import Least, Oracle
from scheduler.explain.words import Words
from scheduler.facts import Facts
from scheduler.problem import Applicant, Expert, Pin, Problem, Room, Session
from scheduler.said import joined, listed, moment, name, names, say
from scheduler.schedule import Schedule

MOST_ASKED = 12
"""Wishes in one change at most: an office that has more of them plans anew."""
MOST_NEW = 10
"""New experts, rooms or slots in one change at most."""
LONGER = timedelta(minutes=60)
"""What a session may be prolonged by."""


@dataclass(frozen=True)
class Fix:
    """A change, the instance with it made, and how many stay unscheduled in it; ``proven``: no fewer can."""

    change: str
    problem: Problem
    unscheduled_after: int
    proven: bool


@dataclass(frozen=True)
class Draft:
    """A change not yet solved."""

    change: str
    problem: Problem


class Fixes:
    """Changes for causes, tried on the whole instance."""

    def __init__(self, facts: Facts, oracle: Oracle, now: Schedule) -> None:
        self.facts, self.p, self.oracle, self.now = facts, facts.problem, oracle, now
        self.words = Words(self.p)
        self._solved: dict[str, Fix | None] = {}
        self._asked: dict[tuple[Limit, ...], Draft | None] = {}

    def solve(self, draft: Draft) -> Fix | None:
        """The draft with its effect; ``None`` where time ran out before there was one."""
        if draft.change not in self._solved:
            self._solved[draft.change] = self._solve(draft)
        return self._solved[draft.change]

    def _solve(self, draft: Draft) -> Fix | None:
        facts = Facts(draft.problem)
        found = self.oracle.within(0.4).least(facts, whole(facts), self.now)
        if found.schedule is None:
            return None
        return Fix(draft.change, draft.problem, len(found.left), found.proven)

    def drafts(self, cause: Cause) -> Iterator[Callable[[], Draft | None]]:
        """What might help, the easiest first; each is worked out when it is called."""
        kinds, scope = {limit.kind for limit in cause.scope.limits}, cause.scope
        yield from ((lambda a=a: self._unpin({a}, Draft("", self.p))) for a in scope.of("pin")[:3])
        yield from ((lambda a=a: self._free({a}, Draft("", self.p))) for a in scope.of("time")[:3])
        if kinds & {"chairs", "recusal"}:
            chairs = [Limit("chairs", d) for d in self._directions(cause)]
            yield lambda: self._ask(chairs)
        if kinds & {"coming", "recusal"}:
            yield from ((lambda s=s: self._ask([Limit("coming", s)])) for s in cause.scope.of("coming")[:3])
        if kinds & {"coming", "recusal", "load", "chairs", "specialists"}:
            comes = [Limit("coming", s.id) for s in self.p.sessions]
            yield lambda: self._ask(comes)
        if kinds & {"load", "coming", "recusal"}:
            yield lambda: self._ask([Limit("load")])
        yield from ((lambda s=s: self._ask([Limit("rooms", s)])) for s in scope.of("rooms")[:3])
        yield from ((lambda s=s: self._longer(cause, s)) for s in self._around(cause)[:2])
        if kinds & {"chairs", "specialists", "recusal"}:
            yield lambda: self._newcomers(cause)
        if not kinds & {"pin", "time"}:
            yield self._another_session

    def together(self, causes: list[Cause]) -> Draft | None:
        """One change for all causes: what is one's own first, then new experts, then the fewest to be asked."""
        own = {limit for cause in causes if cause.scope.limits for limit in lifted(cause.scope)}
        pinned, away = ({limit.id for limit in own if limit.kind == kind} for kind in ("pin", "time"))
        draft = self._free(away, self._unpin(pinned, Draft("", self.p)))
        problem, said = draft.problem, [draft.change] if draft.change else []
        for cause in causes:
            if any(limit.kind in ("chairs", "specialists", "recusal") for limit in cause.scope.limits):
                new = None if self._helps(problem, cause) else self._newcomers(cause, problem)
                problem, said = (new.problem, [*said, new.change]) if new else (problem, said)
        soft = [Limit("coming", s.id) for s in self.p.sessions] + [Limit("rooms", s.id) for s in self.p.sessions]
        soft += [*(Limit("chairs", d.id) for d in self.p.directions), Limit("load")]
        facts = Facts(problem)
        enough = said and self.oracle.within(0.3).can(facts, whole(facts))
        asked = None if enough else self._ask(soft, problem, 0.7)
        if asked is not None:
            problem, said = asked.problem, [*said, asked.change]
        return Draft(joined(said, "；"), problem) if said else None

    def _directions(self, cause: Cause) -> list[str]:
        mine = {self.p.applicant[a].direction for a in cause.scope.people}
        return [d.id for d in self.p.directions if d.id in mine]

    def _around(self, cause: Cause) -> list[str]:
        """Sessions worth prolonging: those it is about, or else all."""
        if any(limit.kind in ("specialists", "chairs", "rooms", "load") for limit in cause.scope.limits):
            return [s.id for s in self.facts.sessions]
        return []

    # ---------------------------------------------------------------- plain changes

    def _unpin(self, codes: set[str], first: Draft) -> Draft:
        people = tuple(replace(a, pin=Pin()) if a.id in codes else a for a in first.problem.applicants)
        text = say("取消%(who)s的固定安排", who=self._people(codes)) if codes else ""
        return _then(first, text, applicants=people)

    def _free(self, codes: set[str], first: Draft) -> Draft:
        people = tuple(replace(a, unavailable=()) if a.id in codes else a for a in first.problem.applicants)
        text = say("请%(who)s调整时间，全程可到场（取消其不可用时间）", who=self._people(codes)) if codes else ""
        return _then(first, text, applicants=people)

    def _people(self, codes: set[str]) -> str:
        return joined(names("applicant", (a.id for a in self.p.applicants if a.id in codes)))

    def _longer(self, cause: Cause, code: str) -> Draft | None:
        """A session prolonged by the fewest slots that take the cause away."""
        session = self.p.session[code]
        following = min((s.start for s in self.p.sessions if s.start >= session.end), default=session.end + LONGER)
        for n in range(1, MOST_NEW + 1):
            end = session.end + n * timedelta(minutes=self.p.slot_minutes)
            if end > min(following, session.end + LONGER):
                return None
            sessions = tuple(replace(s, end=end) if s.id == code else s for s in self.p.sessions)
            people = tuple(_away_until(a, session.end, end) for a in self.p.applicants)
            until = moment(end, with_day=False)
            text = say("%(when)s延长到 %(until)s", when=self.words.session(code), until=until)
            draft = Draft(text, replace(self.p, sessions=sessions, applicants=people))
            if self._helps(draft.problem, cause):
                return draft
        return None

    def _newcomers(self, cause: Cause, problem: Problem | None = None) -> Draft | None:
        """The fewest new experts who take the cause away: of the direction, able to chair, there all the time."""
        base, directions = problem or self.p, self._directions(cause)
        for n in range(1, MOST_NEW + 1):
            codes = _free_names("新专家", {e.id for e in base.experts}, n)
            sessions = frozenset(s.id for s in self.p.sessions)
            new = tuple(Expert(code, None, dict.fromkeys(directions, 3), True, sessions) for code in codes)
            problem = replace(base, experts=base.experts + new)
            if self._helps(problem, cause):
                fields = self.words.directions(directions)
                text = say("另请 %(n)s 位%(fields)s、可任组长、各时段都能到场的专家", n=n, fields=fields)
                return Draft(text, problem)
        return None

    def _helps(self, problem: Problem, cause: Cause) -> bool:
        return bool(self.oracle.can(Facts(problem), cause.scope))

    def _another_session(self) -> Draft | None:
        """A half-day more, the day after the last, with the fewest experts asked to come."""
        if not self.p.sessions or not self.p.rooms:
            return None
        last = max(self.p.sessions, key=lambda s: s.start)
        first = min((s for s in self.p.sessions if s.day == last.day), key=lambda s: s.start)
        day = timedelta(days=1)
        (code,) = _free_names("新时段", {s.id for s in self.p.sessions}, 1)
        breaks = tuple((a + day, b + day) for a, b in first.breaks)
        session = Session(code, first.start + day, first.end + day, breaks)
        rooms = tuple(r if r.sessions is None else replace(r, sessions=r.sessions | {code}) for r in self.p.rooms)
        problem = replace(self.p, sessions=(*self.p.sessions, session), rooms=rooms)
        draft = self._ask([Limit("coming", code)], problem)
        return Draft(say("增开一个时段：%(change)s", change=draft.change), draft.problem) if draft else None

    # ---------------------------------------------------------------- the fewest to be asked

    def _ask(self, soft: list[Limit], problem: Problem | None = None, share: float = 0.3) -> Draft | None:
        """The least that is asked for when these limits may be passed; ``None`` where that changes nothing."""
        key = tuple(sorted(soft))
        if problem is not None or key not in self._asked:
            facts = Facts(problem or self.p)
            found = self.oracle.within(share).least(facts, whole(facts), self.now, soft)
            draft = _granted(Words(facts.problem), facts.problem, found)
            if problem is not None:
                return draft
            self._asked[key] = draft
        return self._asked[key]


def _away_until(a: Applicant, old: datetime, new: datetime) -> Applicant:
    """Whoever cannot come to the end of a session cannot come to its new end."""
    if all(end != old for _start, end in a.unavailable):
        return a
    return replace(a, unavailable=tuple((start, new if end == old else end) for start, end in a.unavailable))


def _then(first: Draft, text: str, **changed: Any) -> Draft:
    """A change after another."""
    said = [part for part in (first.change, text) if part]
    return Draft(joined(said, "；") if len(said) > 1 else next(iter(said), ""), replace(first.problem, **changed))


def _granted(words: Words, problem: Problem, found: Least) -> Draft | None:
    """The instance in which everything asked for is granted, in words; ``None`` where it is nothing or too much."""
    asked = sorted(found.asked)
    if not 0 < len(asked) <= MOST_ASKED:
        return None
    comes: dict[str, list[str]] = {}
    more, chairs, rooms = dict[str, int](), [], problem.rooms
    said, in_order = list[str](), sorted(problem.sessions, key=lambda s: s.start)
    for kind, code, session, n in asked:
        if kind == "coming":
            comes.setdefault(code, []).append(session)
        elif kind == "load":
            more[code] = n
        elif kind == "chairs":
            chairs.append(code)
        else:
            rooms += tuple(Room(r, frozenset([code])) for r in _free_names("新答辩室", {r.id for r in rooms}, n))
            said.append(say("%(when)s增开 %(n)s 间答辩室", when=words.session(code), n=n))
    when: dict[tuple[str, ...], list[str]] = {}
    for e, sessions in comes.items():
        when.setdefault(tuple(s.id for s in in_order if s.id in sessions), []).append(e)
    said += [
        say("请%(who)s在%(when)s也到场", who=joined(names("expert", who)), when=words.sessions(sessions))
        for sessions, who in when.items()
    ]
    for e, n in more.items():
        old = problem.expert[e].max_sessions or 0
        text = say("%(who)s的最多场次由 %(old)s 增至 %(new)s", who=name("expert", e), old=old, new=old + n)
        said.append(text)
    said += [say("请%(who)s任组长", who=listed(names("expert", chairs)))] if chairs else []

    def granted(e: Expert) -> Expert:
        limit = None if e.max_sessions is None else e.max_sessions + more.get(e.id, 0)
        return replace(
            e, sessions=e.sessions.union(comes.get(e.id, ())), max_sessions=limit, chair=e.chair or e.id in chairs
        )

    return Draft(joined(said, "，"), replace(problem, experts=tuple(map(granted, problem.experts)), rooms=rooms))


def _free_names(word: str, taken: set[str], n: int) -> list[str]:
    free = (code for i in count(1) if (code := f"{word} {i}") not in taken)
    return list(islice(free, n))
