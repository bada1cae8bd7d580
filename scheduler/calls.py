"""Who is called (抽取专家): among experts who serve equally well it is drawn, not left to the solver's habits.

A *call* is all the seats one called expert holds: the panels, and which of them the expert chairs. An expert serves a
call as well as its holder where no rule and no level can tell them apart: free in all its sessions (H4), kept apart
from nobody heard there (H9), may chair if the call chairs (H5), and has the holder's strength in every direction the
panels hear (H7, level 4). Levels 5 and 6 count a call whoever holds it. Employers (H6) depend on who else sits there,
so they are looked at when two are exchanged.

The calls take their turn by panel ids. Each is drawn among its holder, the holders of later calls and those not called,
as far as an exchange with the holder leaves both calls served as well; the least SHA-256(seed | panel ids | expert id)
takes it. Later holders take part so that equals are equally likely to be called, whomever the solver chose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scheduler.conflicts import Conflicts
from scheduler.problem import Expert, Problem
from scheduler.schedule import Panel, Schedule
from scheduler.seed import digest


@dataclass(frozen=True)
class Call:
    """One draw: the panels, and the experts in drawn order; the first is called."""

    panels: tuple[str, ...]
    experts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The record."""
        return {"panels": list(self.panels), "experts": list(self.experts)}


@dataclass(frozen=True)
class _Seats:
    """What a call asks of its holder."""

    panels: tuple[str, ...]
    chairs: tuple[str, ...]
    strength: tuple[tuple[str, int], ...]
    sessions: frozenset[str]
    apart: frozenset[str]

    def fit(self, expert: Expert) -> bool:
        """Whether the expert serves them as well as the holder, employers aside."""
        return (
            all(expert.strength.get(d, 0) == n for d, n in self.strength)
            and self.sessions <= expert.sessions
            and (expert.max_sessions is None or len(self.sessions) <= expert.max_sessions)
            and (expert.chair or not self.chairs)
            and expert.id not in self.apart
        )


def draw_calls(problem: Problem, schedule: Schedule, seed: str) -> tuple[Schedule, tuple[Call, ...]]:
    """A valid schedule with its experts drawn, of the same cost; the draws that had a choice, in turn."""
    table = _Table(problem, schedule)
    calls = []
    for turn in range(len(table.seats)):
        panels = table.seats[turn].panels
        order = sorted(table.pool(turn), key=lambda who: digest(seed, *panels, who))
        table.exchange(turn, order[0])
        calls.append(Call(panels, tuple(order)))
    return table.seated(schedule), tuple(c for c in calls if len(c.experts) > 1)


class _Table:
    """Calls and their holders: ``holder[turn]`` has ``seats[turn]``, ``turn_of`` is the way back."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem = problem
        made = [(seats, who) for who, seats in _called(problem, schedule).items()]
        made.sort(key=lambda row: (row[0].panels, row[0].chairs, row[0].strength, row[1]))
        self.seats = [seats for seats, _ in made]
        self.first = [who for _, who in made]
        self.holder = list(self.first)
        self.turn_of = {who: turn for turn, who in enumerate(self.holder)}
        self.firms = {p.id: Counter(problem.expert[m].employer for m in p.members) for p in schedule.panels}

    def pool(self, turn: int) -> list[str]:
        """Who may take a call: its holder, and everyone an exchange with whom leaves both sides served as well."""
        seats, holder = self.seats[turn], self.problem.expert[self.holder[turn]]
        return [e.id for e in self.problem.experts if seats.fit(e) and self._gives(turn, holder, e)]

    def _gives(self, turn: int, holder: Expert, expert: Expert) -> bool:
        theirs = self.turn_of.get(expert.id)
        if theirs is None:
            return self._employers(self.seats[turn].panels, holder, expert)
        if theirs <= turn:
            return theirs == turn
        mine, other = set(self.seats[turn].panels), set(self.seats[theirs].panels)
        return (
            self.seats[theirs].fit(holder)
            and self._employers(mine - other, holder, expert)
            and self._employers(other - mine, expert, holder)
        )

    def _employers(self, panels: Iterable[str], leaves: Expert, comes: Expert) -> bool:
        """Whether H6 holds with one for the other."""
        most = self.problem.rules.max_members_per_employer
        firm = comes.employer
        return firm in (None, leaves.employer) or all(self.firms[p][firm] < most for p in panels)

    def exchange(self, turn: int, expert: str) -> None:
        """Give the call to the expert, and the expert's call, if any, to the holder."""
        holder, theirs = self.holder[turn], self.turn_of.get(expert)
        del self.turn_of[holder]
        self._hold(turn, holder, expert)
        if theirs not in (None, turn):
            self._hold(theirs, expert, holder)

    def _hold(self, turn: int, leaves: str, comes: str) -> None:
        self.holder[turn] = comes
        self.turn_of[comes] = turn
        for panel in self.seats[turn].panels:
            self.firms[panel][self.problem.expert[leaves].employer] -= 1
            self.firms[panel][self.problem.expert[comes].employer] += 1

    def seated(self, schedule: Schedule) -> Schedule:
        """The schedule with the calls' holders in their seats."""
        now = dict(zip(self.first, self.holder, strict=True))
        panels = (replace(p, chair=now[p.chair], members=tuple(now[m] for m in p.members)) for p in schedule.panels)
        return replace(schedule, panels=tuple(panels))


def _called(problem: Problem, schedule: Schedule) -> dict[str, _Seats]:
    conflicts = Conflicts(problem)
    apart = {p.id: frozenset().union(*(conflicts.of(who) for who in _heard(p))) for p in schedule.panels}
    held: dict[str, list[Panel]] = {}
    for panel in sorted(schedule.panels, key=lambda p: p.id):
        for who in panel.members:
            held.setdefault(who, []).append(panel)
    return {who: _seats(problem.expert[who], panels, apart) for who, panels in held.items()}


def _seats(holder: Expert, panels: list[Panel], apart: Mapping[str, frozenset[str]]) -> _Seats:
    heard = sorted({d for p in panels for d in p.directions})
    return _Seats(
        tuple(p.id for p in panels),
        tuple(p.id for p in panels if p.chair == holder.id),
        tuple((d, holder.strength.get(d, 0)) for d in heard),
        frozenset(s.session for p in panels for s in p.sittings),
        frozenset().union(*(apart[p.id] for p in panels)),
    )


def _heard(panel: Panel) -> list[str]:
    return [a.applicant for s in panel.sittings for a in s.appointments]
