"""Where else an applicant can be heard, ranked by price, and why nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.errors import Refused
from scheduler.explain.elsewhere import Barred, Elsewhere, Option, Table, at, differs, said
from scheduler.explain.words import listed, moment, spaced
from scheduler.price import Change, Move, each, without
from scheduler.problem import Problem, stamp
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
        words = f"{self.words.session(place['session'])} 答辩室 {place['room']} 专家组 {place['panel']}"
        return f"{words} {place['start'][11:]}" if "start" in place else words

    def of_applicant(self, applicant: str, sessions: Collection[str] | None = None) -> Elsewhere:
        """Every other slot the applicant can be heard in, and for each sitting without one the reasons.

        ``sessions``: only in these.
        """
        wanted = self.order.keys() if sessions is None else self.order.keys() & sessions
        if applicant not in self.p.applicant:
            raise Refused(f"{applicant}：实例中没有这位申报人")
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
            found.append(f"该组只听{listed(map(self.words.direction, panel.directions))}")
        recused = [m for m in panel.members if m in self.conflicts.of(applicant)]
        if recused:
            found.append(f"须回避 {self.words.recused(applicant, recused)}")
        if a.pin.session not in (None, sitting.session) or a.pin.room not in (None, sitting.room):
            found.append(f"{applicant} 固定在{self.words.pin(a)}")
        elif not self.mask(applicant, sitting.session):
            pinned = a.pin.start is not None
            found.append(f"{applicant} 固定在{self.words.pin(a)}" if pinned else f"{applicant} 该时段没有空")
        return [spaced(text) for text in found]

    def _slots(self, applicant: str, panel: Panel, sitting: Sitting) -> tuple[list[Option], list[str]]:
        """The slots of a sitting that are possible; where there is none, what the best try breaks."""
        starts = self.facts.starts[self.order[sitting.session]]
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
        return found, broken or ["能去的答辩时间段都已有人"]

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
            held = {s.session for s in panel.sittings}
            for s, session in enumerate(self.facts.sessions):
                free = self.facts.masks[applicant][s]
                rooms = [r.id for r in self.p.rooms if r.open_in(session.id) and (session.id, r.id) not in self.taken]
                rooms = [r for r in rooms if a.pin.room in (None, r)]
                if session.id in held or session.id not in wanted or not free or not rooms:
                    continue
                start = self.facts.starts[s][(free & -free).bit_length() - 1]
                change = OpenSitting(applicant, panel.id, session.id, rooms[0], start)
                cost = self.prices.of(change)
                if not cost.broken:
                    place = {"session": session.id, "room": rooms[0], "panel": panel.id, "start": stamp(start)}
                    yield Option(place, (change,), cost, spaced(f"{self.named(place)}（加开一场）{differs(cost)}"))
