"""What a scope has to choose from: people by kind, and as many candidate sittings as could be of use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from scheduler.explain.limits import Limit, Scope
from scheduler.facts import Facts, Kind
from scheduler.problem import Applicant, Pin
from scheduler.timeline import mask


@dataclass(frozen=True)
class Place:
    """A candidate sitting: the directions it may hear, the session's number."""

    directions: tuple[str, ...]
    session: int


class Candidates:
    """Kinds and candidate sittings of a scope; ``soft`` limits may be passed at a price."""

    def __init__(self, facts: Facts, scope: Scope, soft: frozenset[Limit] = frozenset()) -> None:
        self.f, self.p = facts, facts.problem
        self.scope, self.soft = scope, soft
        self.kinds = _kinds(facts, scope.without(soft))
        found = self._places() if facts.limit else []
        self.places = [place for place in found for _ in range(self._most(place))]
        self.J = range(len(self.places))

    def counts(self, kind: str, name: str = "") -> bool:
        """Whether the limit is one that cannot be passed."""
        limit = Limit(kind, name)
        return limit in self.scope.limits and limit not in self.soft

    def _places(self) -> list[Place]:
        here = {k.direction for k in self.kinds}
        sets: list[tuple[str, ...]] = [(d.id,) for d in self.p.directions if d.id in here]
        for mix in self.p.rules.mixes:
            some = tuple(d.id for d in self.p.directions if d.id in mix & here)
            if len(some) > 1 and some not in sets:
                sets.append(some)
        return [Place(ds, s) for ds in sets for s in range(len(self.f.sessions))]

    def _most(self, place: Place) -> int:
        """How many alike could be of use: people can be shifted until all but one of each class are full or empty."""
        s, slots = place.session, self.f.slots[place.session]
        full = (1 << slots) - 1
        mine = [k for k in self.kinds if k.direction in place.directions and k.masks[s]]
        partly = sum(len(k.people) for k in mine if k.masks[s] != full)
        freely = [k for k in mine if k.masks[s] == full]
        people = sum(len(k.people) for k in freely)
        classes = {(k.direction, k.recused, k.room) for k in freely}
        most = min(people + partly, people // max(1, slots) + len(classes) + partly)
        if self.counts("rooms", self.f.sessions[s].id):
            most = min(most, self._open(s))
        if all(self.counts("specialists", d) for d in place.directions):
            most = min(most, self._most_panels(place))
        return most

    def _most_panels(self, place: Place) -> int:
        rules, able = self.p.rules, [self.p.experts[e] for e in self._coming(place.session)]
        near = [sum(e.strength.get(d, 0) >= 2 for e in able) for d in place.directions]
        found = [len(able) // rules.panel_size, max(near) // max(1, rules.min_specialists)]
        if all(self.counts("chairs", d) for d in place.directions):
            found.append(sum(e.chair and any(e.strength.get(d, 0) >= 2 for d in place.directions) for e in able))
        return min(found[: 1 if not rules.min_specialists else 2] + found[2:])

    def _open(self, s: int) -> int:
        return sum(r.open_in(self.f.sessions[s].id) for r in self.p.rooms)

    def _coming(self, s: int) -> list[int]:
        name = self.f.sessions[s].id
        every = not self.counts("coming", name)
        return [i for i, e in enumerate(self.p.experts) if every or name in e.sessions]

    def counted(self) -> int:
        """How many must be left out by counting sittings: each takes the most that is left of a block of directions."""
        slots, gains = max(self.f.slots, default=0), list[int]()
        for block in self.f.blocks:
            n = sum(len(k.people) for k in self.kinds if k.direction in block)
            gains += [slots] * (n // slots) + [n % slots] if slots else []
        everyone = sum(len(k.people) for k in self.kinds)
        return everyone - sum(sorted(gains, reverse=True)[: self._most_sittings()]) if slots else everyone

    def _most_sittings(self) -> int:
        """How many the rooms and the experts allow at most."""
        size, found = self.p.rules.panel_size, 0
        seated = all(self.counts("specialists", k.direction) for k in self.kinds)
        for s, session in enumerate(self.f.sessions):
            rooms = self._open(s) if self.counts("rooms", session.id) else len(self.scope.people)
            found += min(rooms, len(self._coming(s)) // size) if seated else rooms
        if seated and self.counts("load"):
            n = len(self.f.sessions)
            sits = sum(min(n, n if e.max_sessions is None else e.max_sessions) for e in self.p.experts)
            found = min(found, sits // size)
        return found


def _kinds(facts: Facts, scope: Scope) -> list[Kind]:
    """People who are alike in this scope."""
    groups: dict[tuple[str, frozenset[str], tuple[int, ...], str | None], list[str]] = defaultdict(list)
    recusing = set(scope.of("recusal"))
    for a in facts.problem.applicants:
        if a.id in scope.people:
            pin = a.pin if Limit("pin", a.id) in scope.limits else Pin()
            away = a.unavailable if Limit("time", a.id) in scope.limits else ()
            same = (pin, away) == (a.pin, a.unavailable) and pin.room is None  # a closed room is a limit of its own
            masks = facts.masks[a.id] if same else _masks(facts, replace(a, pin=pin, unavailable=away))
            groups[a.direction, facts.recused[a.id] & recusing, masks, pin.room].append(a.id)
    return [Kind(*key, tuple(people)) for key, people in groups.items()]


def _masks(facts: Facts, a: Applicant) -> tuple[int, ...]:
    return tuple(mask(facts.problem, a, s.id, x) for s, x in zip(facts.sessions, facts.starts, strict=True))
