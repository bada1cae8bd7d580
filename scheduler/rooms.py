"""Panels become one schedule: rooms handed out day by day, ids in order, who is left over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scheduler.facts import Facts
from scheduler.schedule import Panel, Schedule, Sitting


def settle(facts: Facts, panels: Sequence[Panel]) -> Schedule | None:
    """The schedule of these panels; ``None`` where a session has too few rooms or two sittings need the same one."""
    rooms = Rooms(facts, panels)
    if not rooms.found():
        return None
    placed = []
    for q, panel in enumerate(panels):
        sittings = (replace(s, room=rooms.of[q, facts.session_number[s.session]]) for s in panel.sittings)
        placed.append(replace(panel, id=f"P{q + 1}", sittings=tuple(sittings)))
    heard = {a.applicant for panel in panels for s in panel.sittings for a in s.appointments}
    return Schedule(tuple(placed), tuple(a.id for a in facts.problem.applicants if a.id not in heard))


class Rooms:
    """Who sits where: first in rooms that people are pinned to, else in the day's last room, else where it can stay."""

    def __init__(self, facts: Facts, panels: Sequence[Panel]) -> None:
        self.f = facts
        self.of: dict[tuple[int, int], str] = {}
        """(panel, session's number) → room."""
        self.sitting: dict[int, dict[int, Sitting]] = defaultdict(dict)
        """Session's number → panel → its sitting then."""
        for q, panel in enumerate(panels):
            for s in panel.sittings:
                self.sitting[facts.session_number[s.session]][q] = s
        self.free = {s: [r.id for r in facts.problem.rooms if r.open_in(facts.sessions[s].id)] for s in self.sitting}

    def found(self) -> bool:
        """Hand them out; whether there were enough."""
        return self._pinned() and all(self._session(s) for s in sorted(self.sitting))

    def _take(self, q: int, s: int, room: str) -> bool:
        if room not in self.free[s]:
            return False
        self.free[s].remove(room)
        self.of[q, s] = room
        return True

    def _pinned(self) -> bool:
        for s, here in self.sitting.items():
            for q, sitting in here.items():
                wanted = {self.f.problem.applicant[a.applicant].pin.room for a in sitting.appointments} - {None}
                if len(wanted) > 1 or not all(self._take(q, s, str(room)) for room in wanted):
                    return False
        return True

    def _later(self, q: int, s: int) -> list[int]:
        """The panel's sessions on the same day after this one."""
        day = self.f.day_number[s]
        return [t for t in sorted(self.sitting) if t > s and self.f.day_number[t] == day and q in self.sitting[t]]

    def _session(self, s: int) -> bool:
        waiting = [q for q in self.sitting[s] if (q, s) not in self.of]
        day = self.f.day_number[s]
        for q in list(waiting):
            earlier = [t for t in range(s) if self.f.day_number[t] == day and (q, t) in self.of]
            if earlier and self._take(q, s, self.of[q, earlier[-1]]):
                waiting.remove(q)
        for q in sorted(waiting, key=lambda q: -len(self._later(q, s))):
            if not self.free[s] or not self._take(q, s, self._best(q, s)):
                return False
        return True

    def _best(self, q: int, s: int) -> str:
        """A room that the panel can keep for the day; else the one that is least use to others later."""
        later = self._later(q, s)
        kept = Counter({r: sum(self.of.get((q, t)) == r or r in self.free[t] for t in later) for r in self.free[s]})
        day = self.f.day_number[s]
        use = Counter(r for t in self.free if t > s and self.f.day_number[t] == day for r in self.free[t])
        return max(self.free[s], key=lambda r: (kept[r], -use[r]))
