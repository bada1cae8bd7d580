"""The problem, or a part of it with the rest around, as a CP-SAT model; to a schedule and back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from scheduler.model.levels import Levels
from scheduler.model.rules import total
from scheduler.rooms import settle
from scheduler.schedule import Appointment, Panel, Schedule, Sitting
from scheduler.seating import seat


class Model(Levels):
    """Rules and levels, with the way from a solution to a schedule and from a schedule to a hint."""

    def counted(self) -> None:
        """Where everyone is heard: what each block needs at least, which no solver counts out of the other rows."""
        for block in self.f.blocks:
            sits = [v for (p, _), v in self.sits.items() if self.candidates[p][0] in block]
            hears = [v for (_, d), v in self.hears.items() if d in block]
            self.m.add(total(sits) >= self.f.least_sittings(block, 0))
            self.m.add(total(hears) >= self.f.least_groups(block, 0))

    def schedule(self, value: Any) -> Schedule:
        """The whole schedule of a solution, what is around included; ``value`` answers a variable's value."""
        whole = settle(self.f, [*self.around.panels, *self.panels(value)])
        assert whole is not None
        return whole

    def panels(self, value: Any) -> list[Panel]:
        """The panels of a solution, in any room of the right type."""
        people = {c: list(k.people) for c, k in enumerate(self.f.kinds)}
        return [self._panel(p, people, value) for p in self.P if value(self.used[p])]

    def _panel(self, p: int, people: dict[int, list[str]], value: Any) -> Panel:
        sittings = []
        for s in self.S:
            if not value(self.sits[p, s]):
                continue
            here = (t for t in range(len(self.f.room_types)) if self._is(value, (p, s, t)))
            room = self.f.room_types[next(here, 0)][1][0]
            mine = [c for c in self.C[p] if (p, s, c) in self.x]
            who = [people[c].pop() for c in mine for _ in range(value(self.x[p, s, c]))]
            places = seat([self.f.masks[a][s] for a in who], self.f.slots[s])
            assert places is not None
            rows = (Appointment(a, self.f.starts[s][t]) for a, t in zip(who, places, strict=True))
            sittings.append(Sitting(self.f.sessions[s].id, room, tuple(sorted(rows, key=lambda r: r.start))))
        members = tuple(self.p.experts[e].id for e in self.able[p] if value(self.member[p, e]))
        chair = next(self.p.experts[e].id for (q, e), v in self.chair.items() if q == p and value(v))
        directions = tuple(d for d in self.candidates[p] if value(self.hears[p, d]))
        return Panel("", directions, chair, members, tuple(sittings))

    def _is(self, value: Any, key: tuple[int, int, int]) -> bool:
        return key in self.type and bool(value(self.type[key]))

    def hint(self, panels: Sequence[Panel]) -> None:
        """Give the solver known panels to start from; whom they do not hear is left out."""
        self.m.clear_hints()  # type: ignore[no-untyped-call]
        values = self._values(panels)
        for name, v in self.named.items():
            self.m.add_hint(v, values.get(name, 0))

    def _values(self, panels: Sequence[Panel]) -> dict[Any, int]:
        kind = {a: c for c, k in enumerate(self.f.kinds) for a in k.people}
        values: dict[Any, int] = defaultdict(int)
        loads = Counter(self.around.load)
        heard: Counter[int] = Counter()
        free = list(self.P)
        for panel in sorted(panels, key=self._order):
            p = next((q for q in free if self._fits(q, set(panel.directions))), None)
            if p is None:
                continue
            free.remove(p)
            self._hint_panel(values, p, panel, kind)
            heard.update(kind[a.applicant] for s in panel.sittings for a in s.appointments)
            for m in panel.members:
                loads[self.f.expert_number[m]] += len(panel.sittings)
        for c, k in enumerate(self.f.kinds):
            values["left", c] = len(k.people) - heard[c]
        values["peak",] = max(loads.values(), default=0)
        self._hint_spread(values)
        return values

    def _order(self, panel: Panel) -> int:
        return -sum(1 << (len(self.S) - 1 - self.f.session_number[s.session]) for s in panel.sittings)

    def _fits(self, p: int, wanted: set[str]) -> bool:
        mine = set(self.candidates[p])
        return wanted == mine or (len(wanted) > 1 and wanted <= mine)

    def _hint_panel(self, values: dict[Any, int], p: int, panel: Panel, kind: dict[str, int]) -> None:
        values["used", p] = 1
        for d in panel.directions:
            values["hears", p, d] = 1
        members = [self.f.expert_number[m] for m in panel.members]
        chair = self.f.expert_number[panel.chair]
        values["chair", p, chair] = 1
        weak = len(self.candidates[p]) == 1 and self.strength(chair, panel.directions[0]) == 2
        for e in members:
            values["member", p, e] = 1
        for sitting in panel.sittings:
            s = self.f.session_number[sitting.session]
            day = self.f.day_number[s]
            values["sits", p, s] = values["used day", day] = 1
            values["weak", p, s] = int(weak)
            values["type", p, s, self.f.type_of_room[sitting.room]] = 1
            values["short", p, s] = max(0, self.p.rules.min_sitting - len(sitting.appointments))
            for e in members:
                values["seat", p, e, s] = values["day", e, day] = 1
            for row in sitting.appointments:
                slot, c = self.f.starts[s].index(row.start), kind[row.applicant]
                values["x", p, s, c] += 1
                values["heard", p, self.f.kinds[c].direction] += 1
                values["meets", p, c] = values["slot", p, s, c, slot] = 1
                values["length", p, s] = max(values["length", p, s], slot + 1)

    def _hint_spread(self, values: dict[Any, int]) -> None:
        for d in self.f.count:
            counts = [values["heard", p, d] for p in self.P if values.get(("hears", p, d))]
            counts += self.around.heard.get(d, [])
            if counts:
                values["most", d], values["fewest", d] = max(counts), min(counts)
