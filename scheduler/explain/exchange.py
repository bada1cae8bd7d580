"""Who else could have an expert's seat, and where else a sitting could be held: ranked by price, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import Refused
from scheduler.explain.elsewhere import Barred, Elsewhere, Option, Table, differs, said
from scheduler.explain.words import because
from scheduler.explain.words import panel as panel_name
from scheduler.price import Change, NameChair, Replace, each
from scheduler.problem import Problem
from scheduler.said import listed, name, names, say, spaced
from scheduler.schedule import Appointment, Panel, Schedule, Sitting
from scheduler.seating import seat


@dataclass(frozen=True)
class Hold:
    """A sitting goes to another session or room, everyone in a slot that suits; ``starts`` by applicant."""

    panel: str
    session: str
    to_session: str
    to_room: str
    starts: Mapping[str, datetime]

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:  # noqa: ARG002
        """The sitting there."""
        rows = sorted(self.starts.items(), key=lambda row: row[1])
        there = Sitting(self.to_session, self.to_room, tuple(Appointment(a, t) for a, t in rows))

        def moved(p: Panel, s: Sitting) -> Sitting:
            return there if (p.id, s.session) == (self.panel, self.session) else s

        return each(schedule, moved)


def experts_for_seat(problem: Problem, schedule: Schedule, panel: str, member: str) -> Elsewhere:
    """Every expert who could have a member's seat on a panel, and why not the others.

    Raises:
        Refused: there is no such panel, or no such member on it.
    """
    return Exchange(problem, schedule).of_seat(panel, member)


def places_of_sitting(problem: Problem, schedule: Schedule, panel: str, session: str) -> Elsewhere:
    """Every session and room a panel's sitting could be held in, with everyone it hears, and why not the others.

    Raises:
        Refused: there is no such panel, or it does not sit then.
    """
    return Exchange(problem, schedule).of_sitting(panel, session)


class Exchange(Table):
    """The questions about a seat and a sitting."""

    def of_seat(self, panel: str, member: str) -> Elsewhere:
        """Every expert who could have a member's seat on a panel, and why not the others."""
        here = self.panel(panel)
        if member not in here.members:
            raise Refused(say("%(who)s不在%(panel)s中", who=name("expert", member), panel=panel_name(panel)))
        found, barred = list[Option](), list[Barred]()
        for e in (e.id for e in self.p.experts if e.id not in here.members):
            place, broken = {"panel": panel, "expert": e}, list[str]()
            if away := self._cannot(here, e):
                barred.append(Barred(place, (*away, *self._not_fit(here, member, e))))
                continue
            for changes in self._replacing(here, member, e):
                cost = self.prices.of(*changes)
                if not cost.broken:
                    chair = next((c.chair for c in changes if isinstance(c, NameChair)), None)
                    note = f"（{chair} 任组长）" if chair else ""
                    found.append(Option(place, changes, cost, spaced(f"{e}{note}{differs(cost)}")))
                    break
                broken = broken or said(cost)
            else:
                barred.append(Barred(place, tuple(self._not_fit(here, member, e) or broken)))
        return Elsewhere(tuple(sorted(found, key=self.rank)), tuple(barred))

    def _replacing(self, panel: Panel, leaves: str, comes: str) -> Iterator[tuple[Change, ...]]:
        """The seat taken; where it is the chair's, also with each other member in the chair."""
        change = Replace(panel.id, leaves, comes)
        yield (change,)
        if leaves == panel.chair:
            yield from ((change, NameChair(panel.id, m)) for m in panel.members if m != leaves)

    def _cannot(self, panel: Panel, expert: str) -> list[str]:
        """What keeps an expert off a panel whoever else sits there: such a change need not be priced."""
        e, found = self.p.expert[expert], list[str]()
        sessions = [s.session for s in sorted(panel.sittings, key=lambda s: self.order[s.session])]
        away = [s for s in sessions if s not in e.sessions]
        found += [say("%(when)s不能到场", when=self.words.sessions(away))] if away else []
        busy = {s: self.busy[expert, s] for s in sessions if (expert, s) in self.busy}
        found += [say("%(when)s在%(panel)s", when=self.words.session(s), panel=panel_name(p)) for s, p in busy.items()]
        load = self.load[expert]
        if e.max_sessions is not None and load + len(sessions) > e.max_sessions:
            found.append(say("最多 %(most)s 场，已有 %(n)s 场", most=e.max_sessions, n=load))
        heard = (a.applicant for a in panel.appointments() if a.applicant in self.p.applicant)
        recused = [a for a in heard if expert in self.conflicts.of(a)]
        whom = listed(because(name("applicant", a), self.words.why(a, expert)) for a in recused)
        return [*found, say("须回避%(whom)s", whom=whom)] if recused else found

    def _not_fit(self, panel: Panel, leaves: str, expert: str) -> list[str]:
        """What the panel would have too much or too little of."""
        e, found = self.p.expert[expert], list[str]()
        kept = [self.p.expert[m] for m in panel.members if m != leaves and m in self.p.expert]
        most = self.p.rules.max_members_per_employer
        if e.employer is not None and sum(k.employer == e.employer for k in kept) >= most:
            found.append(say("组内同单位专家已满"))
        for d in panel.directions:
            near = sum(k.strength.get(d, 0) >= 2 for k in (*kept, e))
            if near < self.p.rules.min_specialists:
                found.append(say("%(field)s的本方向专家将只有 %(n)s 位", field=self.words.direction(d), n=near))
        return found

    def of_sitting(self, panel: str, session: str) -> Elsewhere:
        """Every session and room a panel's sitting could be held in, with everyone it hears, and why not the others."""
        here = self.panel(panel)
        sitting = next((s for s in here.sittings if s.session == session), None)
        if sitting is None:
            raise Refused(say("%(panel)s在%(when)s没有场次", panel=panel_name(panel), when=name("session", session)))
        found, barred = list[Option](), list[Barred]()
        for to in self.sessions:
            against, starts = self._not_then(here, sitting, to.id)
            for room in self.p.rooms:
                if (to.id, room.id) == (session, sitting.room):
                    continue
                place = {"panel": panel, "session": to.id, "room": room.id}
                reasons = [*against, *self._not_there(sitting, to.id, room.id)]
                change = Hold(panel, session, to.id, room.id, starts or {})
                cost = self.prices.of(change) if not reasons else None
                if cost is not None and not cost.broken:
                    text = spaced(f"{self.words.session(to.id)} {room.id}{differs(cost)}")
                    found.append(Option(place, (change,), cost, text))
                else:
                    barred.append(Barred(place, tuple(reasons or (said(cost) if cost else ()))))
        return Elsewhere(tuple(sorted(found, key=self.rank)), tuple(barred))

    def _not_then(self, panel: Panel, sitting: Sitting, to: str) -> tuple[list[str], dict[str, datetime] | None]:
        """What keeps a sitting out of a session, else the start of each applicant there."""
        rows = {a.applicant: a.start for a in sitting.appointments}
        if to == sitting.session:
            return [], rows
        found: list[str] = [say("该组届时已有场次")] if any(s.session == to for s in panel.sittings) else []
        away = [m for m in panel.members if m in self.p.expert and to not in self.p.expert[m].sessions]
        found += [say("%(who)s不能到场", who=listed(names("expert", away)))] if away else []
        busy = [m for m in panel.members if self.busy.get((m, to)) not in (None, panel.id)]
        found += [say("%(who)s届时在其他专家组", who=listed(names("expert", busy)))] if busy else []
        masks = [self.mask(a, to) for a in rows]
        cannot = [a for a, free in zip(rows, masks, strict=True) if not free]
        slots = seat(masks, len(self.starts[self.order[to]])) if not cannot else None
        if slots is None:
            who = listed(names("applicant", cannot))
            full = say("答辩时间段排不下所有人")
            return [*found, say("%(who)s届时没有空或固定在别处", who=who) if cannot else full], None
        starts = self.starts[self.order[to]]
        return found, {a: starts[i] for a, i in zip(rows, slots, strict=True)}

    def _not_there(self, sitting: Sitting, session: str, room: str) -> Iterable[str]:
        if not next(r for r in self.p.rooms if r.id == room).open_in(session):
            yield say("答辩室届时不开放")
        elif (session, room) in self.taken:
            yield say("答辩室已由%(panel)s使用", panel=panel_name(self.taken[session, room]))
        held = [a.applicant for a in sitting.appointments if a.applicant in self.p.applicant]
        pinned = [a for a in held if self.p.applicant[a].pin.room not in (None, room)]
        if pinned:
            yield say("%(who)s固定在其他答辩室", who=listed(names("applicant", pinned)))
