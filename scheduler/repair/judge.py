"""What a plan is worth: the four counts of change, then the schedule's levels; ``None`` where it is not valid.

What is past may break the instance as it is now (an expert who fell ill did sit). That is known once: violations that
the past alone has are history, told in the answer, and excuse nothing that is still to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.check import check
from scheduler.problem import stamp
from scheduler.repair.before import Before, Held, Plan
from scheduler.repair.panels import schedule
from scheduler.schedule import LEVELS, Schedule

CHANGES = ("unscheduled", "session", "place", "called")
ORDER = (*CHANGES, *LEVELS[1:])
"""What a repair minimises, one after the other."""


@dataclass(frozen=True)
class Changes:
    """Who is unscheduled, who changes session, who room or start, and which experts are called anew for a session.

    Who had a place and has none (``left``) costs as much as a change of session: nobody gives way to somebody who had
    none.
    """

    unscheduled: tuple[str, ...]
    session: tuple[str, ...]
    place: tuple[str, ...]
    called: tuple[tuple[str, str], ...]
    left: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many of each."""
        return len(self.unscheduled), len(self.session) + len(self.left), len(self.place), len(self.called)

    def to_json(self) -> dict[str, Any]:
        """The document's ``changes``."""
        return {
            "unscheduled": list(self.unscheduled),
            "session": list(self.session),
            "place": list(self.place),
            "called": [list(pair) for pair in self.called],
        }


@dataclass(frozen=True)
class Rated:
    """A valid plan with its schedule, its changes and its cost in the order of :data:`ORDER`; ``moved``: see there."""

    cost: tuple[int, ...]
    moved: int
    plan: Plan
    schedule: Schedule
    changes: Changes


class Judge:
    """Rates plans of one repair."""

    def __init__(self, before: Before) -> None:
        self.before = before
        past = schedule(before, before.only_past(before.held.values()))
        self.history = check(before.facts.problem, past.to_json()).violations

    def rate(self, plan: Plan) -> Rated | None:
        """The plan's worth, its panels formed and named."""
        before = self.before
        made = schedule(before, plan)
        report = check(before.facts.problem, made.to_json())
        new = Counter(report.violations) - Counter(self.history)
        if new or (self.history and faults(before, [h for h in plan if h.place not in before.started])):
            return None
        found = changes(before, made)
        cost = (*found.counts, *report.cost[1:])
        return Rated(cost, moved(before, plan), plan, made.rated(report.cost, (), 0.0), found)


def changes(before: Before, new: Schedule) -> Changes:
    """Counted like the page does, each list in the instance's order."""
    problem = before.facts.problem
    after = {a.applicant: (s.session, s.room, a.start) for p in new.panels for s in p.sittings for a in s.appointments}
    had = [a.id for a in problem.applicants if a.id in before.at]
    calls = {(m, s.session) for p in new.panels for s in p.sittings for m in p.members} - before.called
    order = before.facts.session_number
    return Changes(
        new.unscheduled,
        tuple(a for a in had if a in after and after[a][0] != before.at[a][0]),
        tuple(a for a in had if a in after and after[a][0] == before.at[a][0] and after[a] != before.at[a]),
        tuple(sorted(calls, key=lambda pair: (order[pair[1]], pair[0]))),
        tuple(a for a in had if a not in after),
    )


def moved(before: Before, plan: Plan) -> int:
    """No level, a wish where all levels are equal: seats and chairs of old places with somebody else in them."""
    pairs = [(h, before.held[h.place]) for h in plan if h.place in before.held]
    return sum(len(set(h.members) - set(old.members)) + (h.chair != old.chair) for h, old in pairs)


def faults(before: Before, sittings: Sequence[Held]) -> set[int]:
    """The numbers of the sittings that break a rule by themselves, each judged as a panel of its own."""
    names = [f"sitting {i}" for i in range(len(sittings))]
    number = {name: i for i, name in enumerate(names)}
    number |= {f"{name}/{h.session}/{h.room}": i for i, (name, h) in enumerate(zip(names, sittings, strict=True))}
    problem = before.facts.problem
    panels = []
    for name, h in zip(names, sittings, strict=True):
        heard = {problem.applicant[a.applicant].direction for a in h.rows}
        rows = [{"applicant": a.applicant, "start": stamp(a.start)} for a in h.rows]
        held = {"session": h.session, "room": h.room, "appointments": rows}
        panels.append(
            {
                "id": name,
                "directions": sorted(heard),
                "chair": h.chair,
                "members": list(h.members),
                "sittings": [held],
            }
        )
    report = check(problem, {"panels": panels, "unscheduled": []})
    return {number[v.where] for v in report.violations if v.where in number}
