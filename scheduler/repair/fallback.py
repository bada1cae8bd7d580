"""The first plan: what of the old one still holds, and what is plainly mended. Valid; the others are left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from scheduler.problem import Expert
from scheduler.repair.before import Before, Held, Plan
from scheduler.repair.judge import faults


def remains(before: Before) -> Plan:
    """The old sittings without people and panels that break a rule now; a broken one is mended where that is plain."""
    number = before.facts.session_number
    held = sorted(before.held.values(), key=lambda h: (number.get(h.session, -1), h.room))
    started = [_filtered(before, h) for h in held if h.place in before.started]
    later = [_filtered(before, h) for h in held if h.place not in before.started and h.session in number]
    table = _Table(before, started)
    later = [h for h in later if h.rows]
    bad = faults(before, later)
    broken = [h for i, h in enumerate(later) if i in bad or not table.take(h)]
    for h in broken:
        table.mend(h)
    return tuple(table.plan)


def _filtered(before: Before, h: Held) -> Held:
    """The sitting with those who can stay in it."""
    taken = set[datetime]()
    rows = []
    for a in sorted(h.rows, key=lambda a: a.applicant not in before.past):
        if a.applicant in before.past or (a.start not in taken and _fits(before, h, a.applicant, a.start)):
            taken.add(a.start)
            rows.append(a)
    return replace(h, rows=tuple(sorted(rows, key=lambda a: a.start)))


def _fits(before: Before, h: Held, who: str, start: datetime) -> bool:
    f = before.facts
    s = f.session_number.get(h.session)
    if s is None or start not in f.starts[s] or not f.recused[who].isdisjoint(h.members):
        return False
    t = f.starts[s].index(start)
    row = f.problem.applicant[who]
    listed = row.direction in before.panels[h.panel].directions
    return listed and row.pin.room in (None, h.room) and bool(f.masks[who][s] & before.usable[s] & 1 << t)


class _Table:
    """The sittings taken so far, with the seats and rooms that are gone."""

    def __init__(self, before: Before, started: list[Held]) -> None:
        self.before, self.problem = before, before.facts.problem
        self.plan: list[Held] = list(started)
        self.seats = {(m, h.session) for h in started for m in h.members}
        self.load = Counter(m for m, _ in self.seats)
        self.rooms = {h.place for h in started}

    def free(self, e: Expert, session: str) -> bool:
        """Whether the expert can still sit then."""
        most = e.max_sessions
        return session in e.sessions and (e.id, session) not in self.seats and (most is None or self.load[e.id] < most)

    def take(self, h: Held) -> bool:
        """Take a sitting whose experts are all free; whether they were."""
        if not all(self.free(self.problem.expert[m], h.session) for m in h.members):
            return False
        self.plan.append(h)
        self.seats |= {(m, h.session) for m in h.members}
        self.load.update(h.members)
        self.rooms.add(h.place)
        return True

    def mend(self, h: Held) -> None:
        """Take a broken sitting in the first room that is free, with other experts in the place of who is lost."""
        open_in = (r.id for r in self.problem.rooms if r.open_in(h.session) and (h.session, r.id) not in self.rooms)
        room = next((r for r in sorted(open_in, key=lambda r: r != h.room)), None)
        if room is None:
            return
        rows = tuple(a for a in h.rows if self.problem.applicant[a.applicant].pin.room in (None, room))
        found = self._with_experts(replace(h, room=room, rows=rows)) if rows else None
        if found is not None and not faults(self.before, [found]):
            self.take(found)

    def _with_experts(self, h: Held) -> Held | None:
        """The sitting with who is left of its panel, filled up with the strongest who are free."""
        heard = {self.problem.applicant[a.applicant].direction for a in h.rows}
        apart = set().union(*(self.before.facts.recused[a.applicant] for a in h.rows))
        free = [e for e in self.problem.experts if e.id not in apart and self.free(e, h.session)]
        free.sort(key=lambda e: (e.id not in h.members, -sum(e.strength.get(d, 0) for d in heard)))
        team: list[Expert] = []
        firms: Counter[str | None] = Counter()
        for e in free:
            if len(team) < self.problem.rules.panel_size and (e.employer is None or firms[e.employer] < self._most):
                team.append(e)
                firms[e.employer] += 1
        chairs = [e.id for e in team if e.chair and all(e.strength.get(d, 0) >= 2 for d in heard)]
        if len(team) < self.problem.rules.panel_size or not chairs:
            return None
        return replace(h, members=tuple(e.id for e in team), chair=h.chair if h.chair in chairs else chairs[0])

    @property
    def _most(self) -> int:
        return self.problem.rules.max_members_per_employer
