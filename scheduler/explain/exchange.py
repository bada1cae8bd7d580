"""Who else could have an expert's seat, and where else a sitting could be held: ranked by price, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import Refused
from scheduler.explain.elsewhere import Barred, Elsewhere, Option, Table, differs, said
from scheduler.explain.words import listed, spaced
from scheduler.price import Change, NameChair, Replace, each
from scheduler.problem import Problem
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
            raise Refused(f"{member} 不在专家组 {panel} 中")
        found, barred = list[Option](), list[Barred]()
        for e in (e.id for e in self.p.experts if e.id not in here.members):
            place, broken = {"panel": panel, "expert": e}, list[str]()
            for changes in self._replacing(here, member, e):
                cost = self.prices.of(*changes)
                if not cost.broken:
                    chair = next((c.chair for c in changes if isinstance(c, NameChair)), None)
                    note = f"（{chair} 任组长）" if chair else ""
                    found.append(Option(place, changes, cost, spaced(f"{e}{note}{differs(cost)}")))
                    break
                broken = broken or said(cost)
            else:
                barred.append(Barred(place, tuple(self._not_on(here, member, e) or broken)))
        return Elsewhere(tuple(sorted(found, key=self.rank)), tuple(barred))

    def _replacing(self, panel: Panel, leaves: str, comes: str) -> Iterator[tuple[Change, ...]]:
        """The seat taken; where it is the chair's, also with each other member in the chair."""
        change = Replace(panel.id, leaves, comes)
        yield (change,)
        if leaves == panel.chair:
            yield from ((change, NameChair(panel.id, m)) for m in panel.members if m != leaves)

    def _not_on(self, panel: Panel, leaves: str, name: str) -> list[str]:
        """What keeps an expert off a panel."""
        e, found = self.p.expert[name], list[str]()
        sessions = [s.session for s in sorted(panel.sittings, key=lambda s: self.order[s.session])]
        away = [s for s in sessions if s not in e.sessions]
        found += [f"{self.words.sessions(away)}不能到场"] if away else []
        busy = {s: self.busy[name, s] for s in sessions if (name, s) in self.busy}
        found += [f"{self.words.session(s)}在专家组 {p}" for s, p in busy.items()]
        load = sum(who == name for who, _ in self.busy)
        if e.max_sessions is not None and load + len(sessions) > e.max_sessions:
            found.append(f"最多 {e.max_sessions} 场，已有 {load} 场")
        heard = [a.applicant for s in panel.sittings for a in s.appointments]
        recused = [f"{a}（{reason}）" for a in heard for reason in self._why(a, name)]
        found += [f"须回避 {listed(recused)}"] if recused else []
        kept = [self.p.expert[m] for m in panel.members if m != leaves and m in self.p.expert]
        if (
            e.employer is not None
            and sum(k.employer == e.employer for k in kept) >= self.p.rules.max_members_per_employer
        ):
            found.append("组内同单位专家已满")
        for d in panel.directions:
            near = sum(k.strength.get(d, 0) >= 2 for k in (*kept, e))
            if near < self.p.rules.min_specialists:
                found.append(f"{self.words.direction(d)}的本方向专家将只有 {near} 位")
        return [spaced(text) for text in found]

    def _why(self, applicant: str, expert: str) -> list[str]:
        text = self.words.recused(applicant, [expert]) if applicant in self.p.applicant else ""
        return [text.removeprefix(f"{expert}（").removesuffix("）")] if text else []

    def of_sitting(self, panel: str, session: str) -> Elsewhere:
        """Every session and room a panel's sitting could be held in, with everyone it hears, and why not the others."""
        here = self.panel(panel)
        sitting = next((s for s in here.sittings if s.session == session), None)
        if sitting is None:
            raise Refused(f"专家组 {panel} 在时段 {session} 没有场次")
        found, barred = list[Option](), list[Barred]()
        for to in self.facts.sessions:
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
        found = ["该组届时已有场次"] if any(s.session == to for s in panel.sittings) else []
        away = [m for m in panel.members if m in self.p.expert and to not in self.p.expert[m].sessions]
        found += [f"{listed(away)} 不能到场"] if away else []
        busy = [m for m in panel.members if self.busy.get((m, to)) not in (None, panel.id)]
        found += [f"{listed(busy)} 届时在其他专家组"] if busy else []
        masks = [self.mask(a, to) for a in rows]
        cannot = [a for a, free in zip(rows, masks, strict=True) if not free]
        slots = seat(masks, len(self.facts.starts[self.order[to]])) if not cannot else None
        if slots is None:
            found.append(f"{listed(cannot)} 届时没有空或固定在别处" if cannot else "答辩时间段排不下所有人")
            return [spaced(text) for text in found], None
        starts = self.facts.starts[self.order[to]]
        return [spaced(text) for text in found], {a: starts[i] for a, i in zip(rows, slots, strict=True)}

    def _not_there(self, sitting: Sitting, session: str, room: str) -> Iterable[str]:
        if not next(r for r in self.p.rooms if r.id == room).open_in(session):
            yield "答辩室届时不开放"
        elif (session, room) in self.taken:
            yield spaced(f"答辩室已由专家组 {self.taken[session, room]} 使用")
        held = [a.applicant for a in sitting.appointments if a.applicant in self.p.applicant]
        pinned = [a for a in held if self.p.applicant[a].pin.room not in (None, room)]
        if pinned:
            yield spaced(f"{listed(pinned)} 固定在其他答辩室")
