"""A first schedule in a moment: panel by panel, where there is most room for it. No proof, but always valid."""

from __future__ import annotations

from collections import Counter, defaultdict

from scheduler.facts import Facts
from scheduler.problem import Expert
from scheduler.schedule import Appointment, Panel, Schedule, Sitting
from scheduler.seating import seat


class Greedy:
    """The state of the construction: who is still to be heard, which seats and rooms are taken."""

    def __init__(self, facts: Facts) -> None:
        self.f, self.p = facts, facts.problem
        self.left = {d.id: [a.id for a in self.p.applicants if a.direction == d.id] for d in self.p.directions}
        self.busy: dict[str, set[str]] = defaultdict(set)
        self.rooms = {s.id: [r.id for r in self.p.rooms if r.open_in(s.id)] for s in facts.sessions}
        self.pool = {
            d.id: sorted((e for e in self.p.experts if e.strength.get(d.id, 0)), key=lambda e: -e.strength[d.id])
            for d in self.p.directions
        }
        self.scarce = Counter(d for e in self.p.experts for d in e.strength)
        self.panels: list[Panel] = []

    def run(self) -> Schedule:
        """Build until nobody more can be heard."""
        waiting = {d for d, people in self.left.items() if people}
        while waiting:
            direction = max(
                sorted(waiting), key=lambda d: (len(self.left[d]) / (1 + len(self.pool[d])), len(self.left[d]))
            )
            if not self.open_panel(direction) or not self.left[direction]:
                waiting.discard(direction)
        unscheduled = {a for people in self.left.values() for a in people}
        return Schedule(tuple(self.panels), tuple(a.id for a in self.p.applicants if a.id in unscheduled))

    def open_panel(self, direction: str) -> bool:
        """Open the longest panel that can be had; whether one was."""
        need = -(-len(self.left[direction]) // max(1, self.f.most))
        for length in range(min(need, self.f.limit), 0, -1):
            for chosen in self.session_choices(direction, length):
                members = self.members(direction, chosen)
                if members and self.seat_panel(direction, members, chosen):
                    return True
        return False

    def free(self, e: Expert, session: str) -> bool:
        """Whether the expert can still sit then."""
        return session in e.sessions and session not in self.busy[e.id]

    def session_choices(self, direction: str, length: int) -> list[list[int]]:
        """Sets of session numbers to try: each session with the later ones whose experts overlap most."""
        open_ = [i for i, s in enumerate(self.f.sessions) if self.rooms[s.id] and self.f.slots[i]]
        able = {i: self.weights(direction, self.f.sessions[i].id) for i in open_}
        found = []
        for first in sorted(open_, key=lambda i: -sum(able[i].values())):
            chosen, common = [first], able[first]
            while len(chosen) < length:
                rest = [i for i in open_ if i not in chosen]
                if not rest:
                    break
                best = max(
                    rest,
                    key=lambda i: (
                        sum(min(w, able[i].get(e, 0)) for e, w in common.items()),
                        self.f.sessions[i].day in {self.f.sessions[j].day for j in chosen},
                    ),
                )
                chosen.append(best)
                common = {e: w for e, w in common.items() if e in able[best]}
            if len(chosen) == length:
                found.append(sorted(chosen))
        return [list(x) for x in dict.fromkeys(map(tuple, found))]

    def weights(self, direction: str, session: str) -> dict[str, int]:
        """Who could sit then, each with what he is worth to the direction."""
        return {e.id: (1, 3, 9)[e.strength[direction] - 1] for e in self.pool[direction] if self.free(e, session)}

    def members(self, direction: str, chosen: list[int]) -> list[Expert] | None:
        """A panel for the sessions, the chair first; ``None`` where there is none."""
        rules, names = self.p.rules, [self.f.sessions[i].id for i in chosen]

        def able(e: Expert) -> bool:
            room = len(names) if e.max_sessions is None else e.max_sessions - len(self.busy[e.id])
            return room >= len(names) and all(self.free(e, s) for s in names)

        wanted = set(self.left[direction])
        clashes = Counter(x for a in wanted for x in self.f.recused[a])
        near = [e for e in self.pool[direction] if able(e)]
        near.sort(
            key=lambda e: (
                e.strength[direction] < 2,
                clashes[e.id] > len(wanted) // 4,
                -e.strength[direction],
                len(e.strength),
                len(e.sessions),
            )
        )
        for chair in [e for e in near if e.chair and e.strength[direction] >= 2][:6]:
            team, firms = [chair], Counter([chair.employer])
            strangers = (e for e in self.p.experts if direction not in e.strength and able(e))
            for e in (*near, *(strangers if len(near) < rules.panel_size else ())):
                if len(team) == rules.panel_size:
                    break
                if e is chair or (e.employer is not None and firms[e.employer] >= rules.max_members_per_employer):
                    continue
                team.append(e)
                firms[e.employer] += 1
            if (
                len(team) == rules.panel_size
                and rules.max_members_per_employer
                and sum(e.strength.get(direction, 0) >= 2 for e in team) >= rules.min_specialists
            ):
                return team
        return None

    def seat_panel(self, direction: str, members: list[Expert], chosen: list[int]) -> bool:
        """Fill the panel's sittings with those it may hear; whether anyone came."""
        names = {e.id for e in members}
        may = [a for a in self.left[direction] if not self.f.recused[a] & names]
        may.sort(key=lambda a: sum(m.bit_count() for m in self.f.masks[a]))
        sittings = []
        for number, i in enumerate(chosen):
            room = self.room_for(may, self.f.sessions[i].id)
            share = (
                -(-len(may) // (len(chosen) - number))
                if len(may) <= self.f.most * (len(chosen) - number)
                else self.f.slots[i]
            )
            taken = self.fill(may, i, room, max(share, 0))
            if taken:
                sittings.append(Sitting(self.f.sessions[i].id, room, taken))
                gone = {x.applicant for x in taken}
                may = [a for a in may if a not in gone]
        if not sittings:
            return False
        heard = {x.applicant for s in sittings for x in s.appointments}
        self.left[direction] = [a for a in self.left[direction] if a not in heard]
        for s in sittings:
            self.rooms[s.session].remove(s.room)
            for e in members:
                self.busy[e.id].add(s.session)
        self.panels.append(
            Panel(
                f"P{len(self.panels) + 1}", (direction,), members[0].id, tuple(e.id for e in members), tuple(sittings)
            )
        )
        return True

    def room_for(self, may: list[str], session: str) -> str:
        """A free room: one somebody is pinned to before one with many other uses."""
        wanted = Counter(self.p.applicant[a].pin.room for a in may)
        pinned = {a.pin.room for a in self.p.applicants}
        return max(self.rooms[session], key=lambda r: (wanted[r], r not in pinned))

    def fill(self, may: list[str], i: int, room: str, share: int) -> tuple[Appointment, ...]:
        """Appointments in session ``i``, at most its slots."""
        taken: list[str] = []
        places: list[int] = []
        for a in may:
            if len(taken) >= min(share, self.f.slots[i]):
                break
            if self.p.applicant[a].pin.room not in (None, room) or not self.f.masks[a][i]:
                continue
            found = seat([self.f.masks[x][i] for x in (*taken, a)], self.f.slots[i])
            if found is not None:
                taken, places = [*taken, a], found
        return tuple(
            sorted(
                (Appointment(a, self.f.starts[i][slot]) for a, slot in zip(taken, places, strict=True)),
                key=lambda x: x.start,
            )
        )
