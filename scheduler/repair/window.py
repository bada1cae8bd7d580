"""Which part of a plan is made anew: places with a free panel, places that only take guests, the rest fixed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scheduler.facts import Facts
from scheduler.repair.before import Before, Held, Place, Plan


@dataclass(frozen=True)
class Spot:
    """A place of the window. ``team`` is the sitting whose panel and ``kept`` people are fixed; ``None``: all free."""

    s: int
    """The session's number."""
    room: str
    usable: int
    """Slots that may be given away, bit t for slot t."""
    team: Held | None = None
    kept: tuple[str, ...] = ()
    """Of the team's people those who stay whatever happens."""
    directions: tuple[str, ...] = ()
    """What may be heard there."""
    covers: tuple[frozenset[str], ...] = ()
    """Sets of directions one panel may hear there; a part of one will do."""
    guests: bool = True
    """Whether others may come: not where a member is unknown, for nobody knows whom to keep apart."""

    def place(self, facts: Facts) -> Place:
        """Its session and room."""
        return facts.sessions[self.s].id, self.room


@dataclass(frozen=True)
class Window:
    """Spots, the loose people to be placed among them, and the sittings outside."""

    spots: tuple[Spot, ...]
    loose: tuple[str, ...]
    rest: tuple[Held, ...] = ()


class Windows:
    """Makes windows into plans."""

    def __init__(self, before: Before) -> None:
        self.before, self.f = before, before.facts
        problem = self.f.problem
        self.places = [
            (s, r.id) for s, session in enumerate(self.f.sessions) for r in problem.rooms if r.open_in(session.id)
        ]
        self.firsts = [frozenset([d]) for d in self.f.count]

    def around(self, plan: Plan, free: Collection[Place], guests: bool = True) -> Window:
        """The ``free`` places anew, with everyone there and the unscheduled; sittings elsewhere take guests, if any."""
        held = {h.place: h for h in plan}
        kept = {a.applicant for h in plan for a in h.rows if self._stays(h, a.applicant, free)}
        loose = tuple(a.id for a in self.f.problem.applicants if a.id not in kept)
        wanted = {self.f.problem.applicant[a].direction for a in loose}
        spots, inside = [], set[Place]()
        for s, room in self.places:
            place = self.f.sessions[s].id, room
            h = held.get(place)
            if place in free and place not in self.before.started:
                if self.before.usable[s]:
                    spots.append(self._free(s, room, wanted))
                    inside.add(place)
            elif h is not None and (guests or place in self.before.started & set(free)):
                spot = self._team(s, h, kept, wanted)
                spots.append(spot)
                inside.add(place)
        return Window(tuple(spots), loose, tuple(h for h in plan if h.place not in inside))

    def session(self, s: int) -> Window:
        """One session for itself: every place of it free, its own people loose, nothing around."""
        here = self.f.sessions[s].id
        held = [h for h in self.before.held.values() if h.session == here and h.place in self.before.started]
        loose = tuple(
            a.id
            for a in self.f.problem.applicants
            if a.id in self.before.at and self.before.at[a.id][0] == here and a.id not in self.before.past
        )
        wanted = {self.f.problem.applicant[a].direction for a in loose}
        started = {h.place for h in held}
        spots = [self._team(s, h, self.before.past, wanted) for h in held]
        spots += [
            self._free(n, room, wanted)
            for n, room in self.places
            if n == s and (here, room) not in started and self.before.usable[s]
        ]
        return Window(tuple(spots), loose)

    def _stays(self, h: Held, who: str, free: Collection[Place]) -> bool:
        return who in self.before.past or h.place not in free

    def _free(self, s: int, room: str, wanted: set[str]) -> Spot:
        directions = tuple(d for d in self.f.count if d in wanted)
        return Spot(s, room, self.before.usable[s], None, (), directions, self.covers(wanted))

    def _team(self, s: int, h: Held, kept: Collection[str], wanted: set[str]) -> Spot:
        people = tuple(a.applicant for a in h.rows if a.applicant in kept)
        heard = {self.f.problem.applicant[a].direction for a in people}
        able = {d for d in wanted | heard if self._can_hear(h, d)} | heard
        covers = self.covers(able)
        if not any(heard <= c for c in covers):
            covers = (frozenset(heard),)  # past, and no rule allows it any more
        elif heard:
            covers = tuple(c for c in covers if heard <= c)
        taken = {a.start for a in h.rows if a.applicant in kept}
        usable = sum(
            1 << t for t, start in enumerate(self.f.starts[s]) if self.before.usable[s] >> t & 1 and start not in taken
        )
        within = frozenset().union(*covers)
        directions = tuple(d for d in self.f.count if d in able & within)
        guests = all(m in self.f.problem.expert for m in h.members)
        return Spot(s, h.room, usable, h, people, directions, covers, guests)

    def covers(self, directions: set[str]) -> tuple[frozenset[str], ...]:
        """Each direction alone, and each mix as far as it is of these."""
        mixes = (mix & directions for mix in self.f.problem.rules.mixes)
        return tuple(dict.fromkeys([*(c for c in self.firsts if c <= directions), *(m for m in mixes if len(m) > 1)]))

    def _can_hear(self, h: Held, direction: str) -> bool:
        """Whether the sitting's panel may hear the direction (H5, H7)."""
        problem = self.f.problem
        team = [problem.expert[m] for m in h.members if m in problem.expert]
        chair = problem.expert.get(h.chair)
        near = sum(e.strength.get(direction, 0) >= 2 for e in team)
        return (
            chair is not None
            and chair.chair
            and chair.strength.get(direction, 0) >= 2
            and near >= problem.rules.min_specialists
        )


def places(plan: Iterable[Held]) -> set[Place]:
    """Where the plan sits."""
    return {h.place for h in plan}
