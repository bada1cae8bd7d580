"""The explanation of an instance: the command line's document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from scheduler.explain.causes import Cause, Causes
from scheduler.explain.fixes import Fix, Fixes
from scheduler.explain.limits import whole
from scheduler.explain.oracle import Oracle
from scheduler.explain.words import Words, message
from scheduler.facts import Facts
from scheduler.problem import Problem
from scheduler.said import name, say
from scheduler.schedule import LEVELS, Schedule
from scheduler.search import Progress, solve

MOST_FIXES = 4
"""Fixes told for a cause."""


@dataclass(frozen=True)
class Told:
    """A cause with its sentence and its fixes, the best first."""

    cause: Cause
    message: str
    fixes: tuple[Fix, ...]

    def to_json(self) -> dict[str, Any]:
        """The page's document of a cause."""
        fixes = [{"change": f.change, "unscheduled_after": f.unscheduled_after} for f in self.fixes]
        return {
            "kind": self.cause.kind,
            "objects": list(self.cause.objects),
            "message": self.message,
            "fixes": fixes,
        }


@dataclass(frozen=True)
class Explanation:
    """Why not; ``proven``: nobody more can be heard, every cause is minimal, every effect is the best there is."""

    schedule: Schedule
    proven: bool
    causes: tuple[Told, ...]
    reasons: dict[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Any]:
        """The page's document."""
        return {
            "unscheduled": len(self.schedule.unscheduled),
            "proven": self.proven,
            "causes": [told.to_json() for told in self.causes],
            "applicants": [{"applicant": a, "reasons": list(r)} for a, r in self.reasons.items()],
        }


def limit_of(problem: Problem) -> float:
    """The seconds an explanation takes at most when nobody says: 8 up to 120 applicants, 54 at 300, 300 at last."""
    return min(300.0, 8.0 + max(0, len(problem.applicants) - 120) * 0.256)


def explain(problem: Problem, *, seconds: float | None = None, workers: int = 2, seed: int = 0) -> Explanation:
    """Why somebody cannot be heard, in at most so many seconds; ``float("inf")``: until all of it is settled."""
    seconds = limit_of(problem) if seconds is None else seconds
    oracle = Oracle(seconds, workers, seed)
    facts = Facts(problem)
    now = _heard(problem, oracle, seconds)
    if not now.unscheduled:
        return Explanation(now, True, (), {})
    least = oracle.within(0.35).least(facts, whole(facts), now)
    now = least.schedule if least.schedule and len(least.left) < len(now.unscheduled) else now
    search = Causes(facts, oracle.within(0.6))
    causes = list(search.find(now.unscheduled))
    fixes, told = _fixes(Fixes(facts, oracle, now), causes)
    words = Words(problem)
    said = tuple(Told(c, message(words, c), tuple(f)) for c, f in zip(causes, told, strict=True))
    proven = least.proven and search.settled and fixes
    return Explanation(now, proven, said, _reasons(words, search, oracle, now, said))


def _heard(problem: Problem, oracle: Oracle, seconds: float) -> Schedule:
    """A schedule of the ordinary search, stopped as soon as level 1 is over."""
    over = Event()

    def watch(progress: Progress) -> None:
        if progress.level != LEVELS[0] or not progress.cost[0]:
            over.set()

    return solve(
        problem, seconds=max(0.2, seconds / 20), workers=oracle.workers, seed=oracle.seed, progress=watch, cancel=over
    )


def _fixes(fixes: Fixes, causes: Sequence[Cause]) -> tuple[bool, list[list[Fix]]]:
    """Fixes by cause, the best first, in turns so that each cause has some before time is out; whether all are proven.

    Where no single change has everyone heard, one change for all causes is tried; it stands with the first cause and
    with those that have no other.
    """
    before = len(fixes.now.unscheduled)
    found: list[dict[str, Fix]] = [{} for _ in causes]
    most = fixes.oracle.within(0.7)
    open_ = {i: fixes.drafts(cause) for i, cause in enumerate(causes)}
    while open_ and most.rest > 0:
        for i, drafts in list(open_.items()):
            make = next(drafts, None) if len(found[i]) < MOST_FIXES else None
            draft = make() if make else None
            fix = fixes.solve(draft) if draft else None
            if fix and fix.unscheduled_after < before:
                found[i][fix.change] = fix
            if make is None:
                del open_[i]
    best = min((f.unscheduled_after for mine in found for f in mine.values()), default=before)
    if best and causes and fixes.oracle.rest > 0:
        draft = fixes.together(list(causes))
        fix = fixes.solve(draft) if draft else None
        if fix and fix.unscheduled_after < best:
            for mine in found:
                if mine is found[0] or not mine:
                    mine[fix.change] = fix
    rows = [_best(list(mine.values())) for mine in found]
    return all(f.proven for row in rows for f in row), rows


def _best(fixes: list[Fix]) -> list[Fix]:
    """The best first; one whose effect is not certain only where there is no other."""
    proven = [f for f in fixes if f.proven] or fixes
    return sorted(proven, key=lambda f: (f.unscheduled_after, len(f.change)))


def _reasons(
    words: Words, search: Causes, oracle: Oracle, now: Schedule, told: Sequence[Told]
) -> dict[str, tuple[str, ...]]:
    """The causes that concern each applicant left over; never none."""
    found = {}
    for a in now.unscheduled:
        mine = [t.message for t in told if a in t.cause.concerned] or _own_reason(words, search.alone(a, oracle))
        if not mine and told:
            shared = [t.message for t in told if len(t.cause.concerned) > 1] or [t.message for t in told]
            mine = [_contended(a, text) for text in shared]
        found[a] = tuple(mine) or (_unknown(a),)
    return found


def _contended(applicant: str, text: str) -> str:
    who = name("applicant", applicant)
    return say("%(who)s须与其他申报人争用同样的专家和答辩室。%(text)s", who=who, text=text)


def _unknown(applicant: str) -> str:
    who = name("applicant", applicant)
    return say("在限定时间内没有为%(who)s找到空位，也没有找到原因；请增加时间后重试。", who=who)


def _own_reason(words: Words, cause: Cause | None) -> list[str]:
    """Why somebody alone cannot be heard, where the causes told do not say so."""
    return [message(words, cause)] if cause else []
