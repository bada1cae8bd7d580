"""Where else an applicant can be heard, ranked by price, and why nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.errors import Refused
from scheduler.explain.elsewhere import Barred, Elsewhere, Option, Table, at, differs, said
from scheduler.explain.words import room
from scheduler.price import Change, Move, each, without
from scheduler.problem import Applicant, Problem, stamp
from scheduler.said import moment, name, say, spaced
from scheduler.schedule import Appointment, Panel, Schedule, Sitting


@dataclass(frozen=True)
class OpenSitting:
    """A panel holds one sitting more, with one applicant."""

    applicant: str
    panel: str
    session: str
    room: str
    start: datetime

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:  # noqa: ARG002
        """The applicant alone in the new sitting."""
        new = Sitting(self.session, self.room, (Appointment(self.applicant, self.start),))
        left = each(schedule, lambda _, s: without(s, self.applicant))
        panels = [replace(p, sittings=(*p.sittings, new)) if p.id == self.panel else p for p in left.panels]
        return replace(left, panels=tuple(panels))


def places_of_applicant(problem: Problem, schedule: Schedule, applicant: str) -> Elsewhere:
    """Every other slot the applicant can be heard in, and for each sitting without one the reasons.

    Raises:
        Refused: there is no such applicant.
    """
    return Places(problem, schedule).of_applicant(applicant)


NEAREST = 8
"""Panels tried for a sitting more, those that can come and are free first."""


class Places(Table):
    """The applicant's question."""

    def now(self, applicant: str) -> dict[str, str] | None:
        """Where the applicant is heard so far."""
        for panel, sitting in self.sittings():
            for a in sitting.appointments:
                if a.applicant == applicant:
                    return at(panel, sitting) | {"start": stamp(a.start)}
        return None

    def named(self, place: Mapping[str, str]) -> str:
        """7 月 15 日上午 答辩室 R2 专家组 P4 08:30."""
        words = f"{self.words.session(place['session'])} {room(place['room'])} 专家组 {place['panel']}"
        return f"{words} {place['start'][11:]}" if "start" in place else words

    def of_applicant(self, applicant: str, sessions: Collection[str] | None = None) -> Elsewhere:
        """Every other slot the applicant can be heard in, and for each sitting without one the reasons.

        ``sessions``: only in these.
        """
        wanted = self.order.keys() if sessions is None else self.order.keys() & sessions
        if applicant not in self.p.applicant:
            raise Refused(say("%(who)s：实例中没有这位申报人", who=applicant))
        found, barred = list[Option](), list[Barred]()
        for panel, sitting in self.sittings():
            if sitting.session not in wanted:
                continue
            reasons = self._against(applicant, panel, sitting)
            options, broken = self._slots(applicant, panel, sitting) if not reasons else ([], [])
            found += options
            if not options and not self._sits(applicant, sitting):
                barred.append(Barred(at(panel, sitting), tuple(reasons or broken)))
        found += self._new_sittings(applicant, wanted)
        return Elsewhere(tuple(sorted(found, key=self.rank)), tuple(barred))

    def _sits(self, applicant: str, sitting: Sitting) -> bool:
        return any(a.applicant == applicant for a in sitting.appointments)

    def _against(self, applicant: str, panel: Panel, sitting: Sitting) -> list[str]:
        """What keeps the applicant out of a sitting whatever the slot."""
        a, found = self.p.applicant[applicant], list[str]()
        together = {*panel.directions, a.direction}
        if a.direction not in panel.directions and not any(together <= mix for mix in self.p.rules.mixes):
            found.append(say("该组只听%(fields)s", fields=self.words.directions(panel.directions)))
        recused = [m for m in panel.members if m in self.conflicts.of(applicant)]
        if recused:
            found.append(say("须回避%(whom)s", whom=self.words.recused(applicant, recused)))
        elsewhere = a.pin.session not in (None, sitting.session) or a.pin.room not in (None, sitting.room)
        if elsewhere or not self.mask(applicant, sitting.session):
            pinned, who = elsewhere or a.pin.start is not None, name("applicant", applicant)
            where = self.words.pin(a)
            found.append(say("%(who)s固定在%(where)s", who=who, where=where) if pinned else _away(applicant))
        return found

    def _slots(self, applicant: str, panel: Panel, sitting: Sitting) -> tuple[list[Option], list[str]]:
        """The slots of a sitting that are possible; where there is none, what the best try breaks."""
        starts = self.starts[self.order[sitting.session]]
        holder = {a.start: a.applicant for a in sitting.appointments}
        mine = [t for i, t in enumerate(starts) if self.mask(applicant, sitting.session) >> i & 1]
        tries: list[tuple[datetime, tuple[Change, ...], str]]
        tries = [(t, (Move(applicant, sitting.session, sitting.room, t),), "") for t in mine if t not in holder]
        tries = tries or list(self._moving_up(applicant, sitting, mine, holder, starts))
        found, broken = list[Option](), list[str]()
        for start, changes, note in tries:
            cost = self.prices.of(*changes)
            if cost.broken:
                broken = broken or said(cost)
                continue
            place = at(panel, sitting) | {"start": stamp(start)}
            found.append(Option(place, changes, cost, spaced(self.named(place) + note + differs(cost))))
        return found, broken or [say("能去的答辩时间段都已有人")]

    def _moving_up(
        self,
        applicant: str,
        sitting: Sitting,
        mine: Sequence[datetime],
        holder: Mapping[datetime, str],
        starts: Sequence[datetime],
    ) -> Iterator[tuple[datetime, tuple[Change, ...], str]]:
        """Slots that become free when one other goes to a free slot of the same sitting."""
        if self._sits(applicant, sitting):
            return
        free = [(i, t) for i, t in enumerate(starts) if t not in holder]
        for t in mine:
            other = holder[t]
            for i, to in free if other in self.p.applicant else ():
                if self.mask(other, sitting.session) >> i & 1:
                    first = Move(other, sitting.session, sitting.room, to)
                    then = Move(applicant, sitting.session, sitting.room, t)
                    yield t, (first, then), f"（{other} 改到 {moment(to, with_day=False)}）"
                    break

    def _new_sittings(self, applicant: str, wanted: Collection[str]) -> Iterator[Option]:
        """One sitting more of a panel that hears the direction, in the first free room that does."""
        a = self.p.applicant[applicant]
        for panel in (p for p in self.schedule.panels if a.direction in p.directions):
            for session in self.sessions:
                free = self.mask(applicant, session.id) if session.id in wanted else 0
                room = self._free_room(a, session.id) if free and self._can_sit(panel, session.id) else None
                if room is None:
                    continue
                start = self.starts[self.order[session.id]][(free & -free).bit_length() - 1]
                change = OpenSitting(applicant, panel.id, session.id, room, start)
                cost = self.prices.of(change)
                if not cost.broken:
                    place = {"session": session.id, "room": room, "panel": panel.id, "start": stamp(start)}
                    yield Option(place, (change,), cost, spaced(f"{self.named(place)}（加开一场）{differs(cost)}"))

    def opening(self, applicant: str, session: str, room: str, start: datetime) -> OpenSitting:
        """The sitting more that breaks least there and then costs least; the applicant's own panel among equals.

        Raises:
            Refused: nobody hears the direction, or one of them is not there.
        """
        if applicant not in self.p.applicant or session not in self.order:
            raise Refused(say("没有%(what)s", what=applicant if session in self.order else session))
        field = self.p.applicant[applicant].direction
        panels = [p for p in self.schedule.panels if field in p.directions]
        if not panels:
            raise Refused(say("没有专家组听%(field)s", field=self.words.direction(field)))

        def far(panel: Panel) -> tuple[int, bool]:
            away = sum(m not in self.p.expert or session not in self.p.expert[m].sessions for m in panel.members)
            busy = sum((m, session) in self.busy for m in panel.members)
            return away + busy, all(a.applicant != applicant for a in panel.appointments())

        tries = [OpenSitting(applicant, p.id, session, room, start) for p in sorted(panels, key=far)[:NEAREST]]
        prices = [self.prices.of(one) for one in tries]
        best = min(range(len(tries)), key=lambda n: (len(prices[n].broken), prices[n].difference))
        return tries[best]

    def _can_sit(self, panel: Panel, session: str) -> bool:
        """Whether all of a panel come then and sit nowhere; what else stands in the way the price says."""
        known = (self.p.expert.get(m) for m in panel.members)
        return all(e is not None and session in e.sessions and (e.id, session) not in self.busy for e in known)

    def _free_room(self, a: Applicant, session: str) -> str | None:
        rooms = (r.id for r in self.p.rooms if a.pin.room in (None, r.id))
        return next((r for r in rooms if session in self.open[r] and (session, r) not in self.taken), None)


def _away(applicant: str) -> str:
    return say("%(who)s该时段没有空", who=name("applicant", applicant))
