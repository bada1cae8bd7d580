"""Who is heard in which sitting: panels with their members and sessions are filled with people, as evenly as can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ortools.sat.python import cp_model

from scheduler.facts import Facts
from scheduler.patterns import Frame
from scheduler.quick import solved
from scheduler.schedule import Appointment, Panel, Sitting
from scheduler.seating import seat

LEFT = 10_000
"""What one person without a place weighs against level 7."""
total = cp_model.LinearExpr.sum


class Filling:
    """Panels ``frames`` and the people of ``facts``; fewest left out, then least of level 7."""

    def __init__(self, facts: Facts, frames: Sequence[Frame], around: Mapping[str, Sequence[int]]) -> None:
        """``around``: by direction, how many each panel elsewhere hears of it."""
        self.f, self.frames, self.m = facts, frames, cp_model.CpModel()
        self.sittings = [(p, s) for p, (_, times, _, _) in enumerate(frames) for s in times]
        self.x: dict[tuple[int, int, int], Any] = {}
        self.left: list[Any] = []
        self.terms: list[Any] = []
        self._heard()
        self._slots()
        self._pinned_rooms()
        self._spread(around)
        self.m.minimize(LEFT * total(self.left) + total(self.terms))

    def _heard(self) -> None:
        apart = [{self.f.expert_number[e] for e in kind.recused} for kind in self.f.kinds]
        may = [
            [p for p, (c, _, members, _) in enumerate(self.frames) if kind.direction in c and not apart[k] & {*members}]
            for k, kind in enumerate(self.f.kinds)
        ]
        self.of: dict[tuple[int, str], list[Any]] = defaultdict(list)
        self.here: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for k, kind in enumerate(self.f.kinds):
            n, mine = len(kind.people), []
            for p in may[k]:
                for s in self.frames[p][1]:
                    if kind.masks[s]:
                        v = self.x[p, s, k] = self.m.new_int_var(0, min(n, self.f.slots[s]), "")
                        mine.append(v)
                        self.here[p, s].append(v)
                        self.of[p, kind.direction].append(v)
            self.left.append(self.m.new_int_var(0, n, ""))
            self.m.add(total([*mine, self.left[-1]]) == n)

    def _slots(self) -> None:
        """As in the model: only who cannot take every slot is put on one, the others fill up to the last used."""
        partial: dict[tuple[int, int], list[int]] = defaultdict(list)
        for p, s, k in self.x:
            if self.f.kinds[k].masks[s] != self.f.full[s]:
                partial[p, s].append(k)
        least = self.f.problem.rules.min_sitting
        for p, s in self.sittings:
            count = total(self.here[p, s])
            self.m.add(count >= 1)
            if not partial[p, s]:
                self.m.add(count <= self.f.slots[s])
            else:
                self._slot_by_slot(p, s, partial[p, s], count)
            if least:
                short = self.m.new_int_var(0, least, "")
                self.m.add(short >= least - count)
                self.terms.append(short)

    def _slot_by_slot(self, p: int, s: int, kinds: Sequence[int], count: Any) -> None:
        length = self.m.new_int_var(0, self.f.slots[s], "")
        self.m.add(count <= length)
        self.terms.append(length - count)
        at: dict[int, list[Any]] = defaultdict(list)
        for k in kinds:
            mine = []
            for t in range(self.f.slots[s]):
                if self.f.kinds[k].masks[s] >> t & 1:
                    v = self.m.new_bool_var("")
                    mine.append(v)
                    at[t].append(v)
                    self.m.add(length >= t + 1).only_enforce_if(v)
            self.m.add(total(mine) == self.x[p, s, k])
        for column in at.values():
            self.m.add_at_most_one(column)

    def _pinned_rooms(self) -> None:
        """H11: a sitting is in the room its people are pinned to, and no other sitting then."""
        claims: dict[tuple[int, int], dict[str, Any]] = defaultdict(dict)
        for (p, s, k), v in self.x.items():
            room = self.f.kinds[k].room
            if room is not None:
                if room not in claims[p, s]:
                    claims[p, s][room] = self.m.new_bool_var("")
                self.m.add(v <= len(self.f.kinds[k].people) * claims[p, s][room])
        taken: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for (_, s), rooms in claims.items():
            self.m.add_at_most_one(list(rooms.values()))
            for room, v in rooms.items():
                taken[room, s].append(v)
        for here in taken.values():
            self.m.add_at_most_one(here)

    def _spread(self, around: Mapping[str, Sequence[int]]) -> None:
        panels: dict[str, list[Any]] = defaultdict(list)
        for p, (c, *_) in enumerate(self.frames):
            for d in c:
                panels[d].append(total(self.of[p, d]))
                if len(c) > 1:
                    self.m.add(panels[d][-1] >= 1)
        for d, heard in panels.items():
            fixed = around.get(d, ())
            if len(heard) + len(fixed) > 1:
                n = max(len(self.f.problem.applicants), *fixed, 1)
                most, fewest = self.m.new_int_var(0, n, ""), self.m.new_int_var(0, n, "")
                for count in (*heard, *fixed):
                    self.m.add(most >= count)
                    self.m.add(fewest <= count)
                self.terms.append(most - fewest)

    def solve(
        self, seconds: float, seed: int = 0, stop: Callable[[], bool] | None = None, by_work: bool = False
    ) -> list[Panel] | None:
        """The filled panels; ``None`` where a sitting would stay empty or time was too short.

        ``by_work``: the seconds are the solver's deterministic ones.
        """
        value = solved(self.m, seconds, seed, stop, by_work, linear=self.f.windowed)
        if value is None:
            return None
        people = [list(kind.people) for kind in self.f.kinds]
        return [self._panel(p, people, value) for p in range(len(self.frames))]

    def _panel(self, p: int, people: list[list[str]], value: Callable[[Any], int]) -> Panel:
        here = {
            s: [
                people[k].pop()
                for k in range(len(people))
                if (p, s, k) in self.x
                for _ in range(value(self.x[p, s, k]))
            ]
            for s in self.frames[p][1]
        }
        return panel_with(self.f, self.frames[p], here)


def panel_with(f: Facts, frame: Frame, here: Mapping[int, Sequence[str]]) -> Panel:
    """The panel with these people by session, each on a slot that suits, the last slot as early as can be."""
    c, times, members, chair = frame
    name = [e.id for e in f.problem.experts]
    sittings = []
    for s in times:
        places = seat([f.masks[a][s] for a in here[s]], f.slots[s])
        assert places is not None
        rows = (Appointment(a, f.starts[s][t]) for a, t in zip(here[s], places, strict=True))
        sittings.append(Sitting(f.sessions[s].id, "", tuple(sorted(rows, key=lambda r: r.start))))
    return Panel("", c, name[chair], tuple(name[e] for e in members), tuple(sittings))
