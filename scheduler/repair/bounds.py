"""What a repair costs at least: each session for itself, where nobody comes from elsewhere and every expert is free.

Of a valid schedule, the sittings of one session with only those heard there before are valid by themselves. So the
people who must leave a session, then those who must change their place in it, then the experts who must be called anew,
counted session by session, are a relaxation of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from scheduler.repair.before import Before, Place, Plan
from scheduler.repair.moves import Moves
from scheduler.repair.solver import Answer
from scheduler.repair.window import Windows

Clock = Callable[[], float]
"""Seconds that are left."""


@dataclass(frozen=True)
class Least:
    """People who leave their session, or their place in it, and experts called, at least.

    Each with the ones before it at their least. ``exact``: how many of them are solved to the end in every session.
    """

    leave: int = 0
    place: int = 0
    called: int = 0
    exact: int = 3
    moved: frozenset[Place] = frozenset()
    """Places that these least changes alter."""

    def bound(self, cost: tuple[int, ...]) -> tuple[int, int, int]:
        """Session, place and called at least, in a plan of this cost up to the level before each."""
        place = self.place if self.exact >= 1 and cost[1] == self.leave else 0
        tight = self.exact >= 2 and cost[1] == self.leave and cost[2] == self.place
        return self.leave, place, self.called if tight else 0


def least(
    before: Before, first: Plan, touched: Collection[int], solve: Callable[[Moves, Any], Answer], left: Clock
) -> Least:
    """The bound from the ``touched`` sessions (by number), as many as ``left`` leaves time for; in the others all stay.

    A session that is not looked at adds nothing.
    """
    windows = Windows(before)
    gone = sum(session not in before.facts.session_number for session, _, _ in before.at.values())
    found, exact, moved = [gone, 0, 0], 3, set[Place]()
    for s in sorted(touched):
        if left() <= 0:
            return Least(found[0], found[1], found[2], 0, frozenset(moved))
        window = windows.session(s)
        model, weight = Moves(before, window), len(window.loose) + 1
        model.hint(first)
        answer = solve(model, weight * model.levels[0] + model.levels[2])
        leave, place = divmod(answer.bound, weight)
        found[0] += leave
        if answer.plan is None or answer.value != answer.bound:
            exact = 0
            continue
        found[1] += place
        moved |= _moved(before, before.facts.sessions[s].id, answer.plan)
        model.m.add(model.levels[0] <= leave)
        model.m.add(model.levels[2] <= place)
        model.hint(answer.plan)
        called = solve(model, model.levels[3])
        found[2] += called.bound
        if called.value != called.bound:
            exact = min(exact, 2)
    return Least(found[0], found[1], found[2], exact, frozenset(moved))


def _moved(before: Before, session: str, plan: Plan) -> set[Place]:
    """Where the session's plan loses people of before."""
    now = {h.place: {a.applicant for a in h.rows} for h in plan}
    held = [h for h in before.held.values() if h.session == session]
    return {h.place for h in held if not {a.applicant for a in h.rows} <= now.get(h.place, set())}
