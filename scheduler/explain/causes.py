"""Minimal causes: few people and few limits that are enough to keep somebody from being heard.

A search from near to far: each person alone, each direction alone, directions that mix, everyone. Where a scope cannot
be heard it is shrunk by deletion until no limit can be lifted and no people left out of it; then one of its limits is
lifted for good and the search goes on, so that the causes found are different ones and the search ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scheduler.explain.limits import KINDS, Limit, Scope, whole
from scheduler.facts import Facts

if TYPE_CHECKING:  # the words about causes are the web server's, too, which has no solver
    from scheduler.explain.oracle import Oracle

PERSONAL = ("time", "pin", "recusal")
LADDER = (
    ("time",),
    ("pin",),
    ("rooms",),
    ("specialists",),
    ("chairs",),
    ("specialists", "recusal"),
    ("chairs", "coming"),
    ("specialists", "coming"),
    ("rooms", "chairs", "coming"),
    ("rooms", "specialists", "coming"),
    ("rooms", "time", "pin"),
    ("chairs", "specialists", "coming", "load"),
    ("chairs", "specialists", "coming", "load", "recusal"),
    ("chairs", "specialists", "coming", "load", "rooms"),
)
"""Few kinds of limits are asked about first: that is quick, and a cause of few kinds is easy to understand."""
LIFTED_FIRST = ("pin", "time", "recusal", "chairs", "specialists", "load", "coming", "rooms")
"""Which limit of a cause is lifted to look for the next one: the narrowest."""


@dataclass(frozen=True)
class Cause:
    """The people of ``scope`` cannot all be heard under its limits alone; at most ``most`` of them can."""

    facts: Facts
    scope: Scope
    most: int
    together: int | None = None
    """Where every limit counts, at most so many of them; ``None`` where the cause says all."""

    @cached_property
    def named(self) -> tuple[str, ...]:
        """Applicants who have a limit of their own in it."""
        recusing = set(self.scope.of("recusal"))
        own = {*self.scope.of("time"), *self.scope.of("pin")}
        own |= {a for a in self.scope.people if self.facts.recused[a] & recusing}
        return tuple(a.id for a in self.facts.problem.applicants if a.id in own)

    @cached_property
    def concerned(self) -> frozenset[str]:
        """Whom it keeps out: where one person alone has no limit of her own in it, all of her direction like her.

        Where it is about rooms alone, nobody has a place.
        """
        if len(self.scope.people) > 1 or self.named:
            return self.scope.people
        people = self.facts.problem.applicant
        if self._no_place:
            return frozenset(people)
        mine = {people[a].direction for a in self.scope.people}
        return frozenset(a for a, who in people.items() if who.direction in mine)

    @cached_property
    def directions(self) -> tuple[str, ...]:
        """Directions of which others, too, are part of it, or whose panels are what it is about."""
        others = frozenset() if self._no_place else self.scope.people - set(self.named)
        mine = {self.facts.problem.applicant[a].direction for a in others}
        mine |= {*self.scope.of("chairs"), *self.scope.of("specialists")}
        return tuple(d.id for d in self.facts.problem.directions if d.id in mine)

    @property
    def _no_place(self) -> bool:
        """Whether it is that no session has a room, or there is no session at all."""
        rooms = all(limit.kind == "rooms" for limit in self.scope.limits)
        return rooms and (len(self.scope.people) == 1 or not self.scope.limits)

    @cached_property
    def sessions(self) -> tuple[str, ...]:
        """Sessions whose experts or rooms it is about, in order of time."""
        mine = {*self.scope.of("coming"), *self.scope.of("rooms")}
        return tuple(s.id for s in self.facts.sessions if s.id in mine)

    @cached_property
    def objects(self) -> tuple[str, ...]:
        """The ids it names: applicants, directions, sessions, recused experts."""
        return (*self.named, *self.directions, *self.sessions, *self.scope.of("recusal"))

    @cached_property
    def kind(self) -> str:
        """The kind of the command line's page: what is one's own before what is everyone's."""
        kinds = {limit.kind for limit in self.scope.limits}
        for kind, word in (("pin", "pins"), ("time", "applicant_time"), ("recusal", "applicant_recusal")):
            if kind in kinds:
                return word
        if "chairs" in kinds:
            return "chairs"
        if "specialists" in kinds:
            return "expert_time" if kinds & {"coming", "load"} and not self._strangers() else "specialists"
        return "expert_time" if kinds & {"coming", "load"} else "rooms"

    def _strangers(self) -> bool:
        """Whether enough experts for a panel come in each of its sessions: then they are of the wrong field."""
        p = self.facts.problem
        coming = (sum(s in e.sessions for e in p.experts) for s in self.scope.of("coming"))
        return Limit("load") not in self.scope.limits and all(n >= p.rules.panel_size for n in coming)


class Causes:
    """The search, with what it could not settle in time."""

    def __init__(self, facts: Facts, oracle: Oracle) -> None:
        self.facts, self.oracle = facts, oracle
        self.settled = True
        """Whether each cause was checked twice and is surely minimal, and no further one can be there."""
        self._able = set[tuple[Any, ...]]()
        """Of people who can be heard if they are alone: what they have in common with others who then can, too."""

    def find(self, unscheduled: Sequence[str], most: int = 40) -> Iterator[Cause]:
        """The causes for these people, the nearest first, at most so many."""
        everything = whole(self.facts)
        nothing = Scope(everything.people, frozenset())
        if unscheduled and self.oracle.can(self.facts, nothing) is False:
            yield Cause(self.facts, nothing, 0)
            return
        for people in self._near(unscheduled):
            scope = Scope(frozenset(people), everything.limits)
            while most and self._heard(scope) is False:
                cause = self.cause(scope)
                if cause is None:
                    break
                yield self._with_the_others(cause, unscheduled)
                most -= 1
                everything, scope = (x.without(lifted(cause.scope)) for x in (everything, scope))
            if not most or self.oracle.rest <= 0:
                break
        self.settled &= not self.oracle.open

    def _with_the_others(self, cause: Cause, unscheduled: Sequence[str]) -> Cause:
        """What all limits together leave of its people, where the cause alone does not say why so many are left out."""
        people = cause.scope.people
        if len(people.intersection(unscheduled)) <= len(people) - cause.most:
            return cause
        bound = self.oracle.within(0.3).least(self.facts, Scope(people, whole(self.facts).limits)).bound
        most = len(people) - bound
        return replace(cause, together=most) if most < cause.most else cause

    def _heard(self, scope: Scope) -> bool | None:
        """Whether all can be heard; somebody alone is asked about once for all who are alike."""
        alike = _like(self.facts, scope)
        if alike in self._able:
            return True
        answer = self.oracle.can(self.facts, scope)
        if answer and alike:
            self._able.add(alike)  # limits are only ever lifted
        return answer

    def alone(self, applicant: str, oracle: Oracle) -> Cause | None:
        """A cause of this person alone, if there is one."""
        self.oracle = oracle
        scope = Scope(frozenset([applicant]), whole(self.facts).limits)
        return self.cause(scope) if self._heard(scope) is False else None

    def _near(self, unscheduled: Sequence[str]) -> Iterator[Iterable[str]]:
        p = self.facts.problem
        yield from ([a] for a in unscheduled)
        left = {p.applicant[a].direction for a in unscheduled}
        for d in (d.id for d in p.directions if d.id in left):
            yield [a.id for a in p.applicants if a.direction == d]
        for block in self.facts.blocks:
            if len(block) > 1 and left & set(block):
                yield [a.id for a in p.applicants if a.direction in block]
        yield [a.id for a in p.applicants]

    def cause(self, scope: Scope) -> Cause | None:
        """A minimal cause within a scope that is out of reach; ``None`` where it could not be made sure of."""
        small = self.shrink(scope)
        if self.oracle.sure(self.facts, small) is not False:
            self.settled = False
            return None
        least = self.oracle.least(self.facts, small)
        self.settled &= least.proven
        return Cause(self.facts, small, len(small.people) - max(1, least.bound))

    # ---------------------------------------------------------------- smaller

    def shrink(self, scope: Scope) -> Scope:
        """The scope without anything that is not needed for it to be out of reach."""

        def lift(scope: Scope, limits: Sequence[Limit]) -> Scope:
            return scope.without(limits)

        def leave(scope: Scope, people: Sequence[str]) -> Scope:
            return Scope(scope.people.difference(*map(self._all_of, people)), scope.limits)

        scope = self._few_kinds(_own(self.facts, scope))
        for kind in KINDS:
            scope = self._try(scope, [m for m in scope.limits if m.kind == kind], lift)
        directions = {self.facts.problem.applicant[a].direction for a in scope.people}
        scope = self._thin(scope, sorted(directions), leave)
        scope = _own(self.facts, scope)
        for kind in KINDS:
            scope = self._thin(scope, sorted(m for m in scope.limits if m.kind == kind), lift)
        return self._without_the_rest(scope)

    def _few_kinds(self, scope: Scope) -> Scope:
        """The scope with the first kinds of the ladder that are enough."""
        quick = self.oracle.within(0.3)
        for kinds in LADDER:
            few = Scope(scope.people, frozenset(limit for limit in scope.limits if limit.kind in kinds))
            if few != scope and quick.within(0.2).can(self.facts, few) is False:
                return few
        return scope

    def _all_of(self, direction: str) -> frozenset[str]:
        return frozenset(a.id for a in self.facts.problem.applicants if a.direction == direction)

    def _without_the_rest(self, scope: Scope) -> Scope:
        """Without those of a direction who have no limit of their own, where the others are enough."""
        rest = scope.people - set(Cause(self.facts, scope, 0).named)

        def leave(scope: Scope, people: Sequence[str]) -> Scope:
            gone = frozenset().union(*map(self._all_of, people)) & rest
            return Scope(scope.people - gone, scope.limits)

        directions = sorted({self.facts.problem.applicant[a].direction for a in rest})
        return self._thin(scope, directions, leave) if scope.people - rest else scope

    def _try(self, scope: Scope, parts: Sequence[Any], drop: Callable[[Scope, Sequence[Any]], Scope]) -> Scope:
        """The scope without these parts if they are not needed."""
        smaller = drop(scope, parts)
        if not parts or not smaller.people:
            return scope
        return smaller if self._can(smaller) is False else scope

    def _can(self, scope: Scope) -> bool | None:
        """An answer within a part of the time, so that one hard question does not take it all."""
        answer = self.oracle.within(0.25).can(self.facts, scope)
        self.settled &= answer is not None
        return answer

    def _thin(self, scope: Scope, parts: Sequence[Any], drop: Callable[[Scope, Sequence[Any]], Scope]) -> Scope:
        """The scope with only those of the parts that it needs, found by halves."""
        smaller = self._try(scope, parts, drop)
        if smaller != scope or len(parts) < 2:
            return smaller
        half = len(parts) // 2
        return self._thin(self._thin(scope, parts[:half], drop), parts[half:], drop)


def _like(facts: Facts, scope: Scope) -> tuple[Any, ...]:
    """All that decides whether one person alone can be heard; nothing for several."""
    if len(scope.people) > 1:
        return ()
    (a,) = (facts.problem.applicant[who] for who in scope.people)
    own = [Limit(kind, a.id) in scope.limits for kind in ("time", "pin")]
    return a.direction, facts.recused[a.id] & set(scope.of("recusal")), facts.masks[a.id], a.pin.room, *own


def lifted(scope: Scope) -> list[Limit]:
    """The limits of a cause that are lifted to look for the next one: one of one's own, or all of a kind.

    With specialists come chairs: whoever is found for a panel may lead it too.
    """
    kind = min((limit.kind for limit in scope.limits), key=LIFTED_FIRST.index)
    mine = sorted(limit for limit in scope.limits if limit.kind == kind)
    if kind in PERSONAL:
        return mine[:1]
    return mine + [Limit("chairs", limit.id) for limit in mine if kind == "specialists"]


def _own(facts: Facts, scope: Scope) -> Scope:
    """The scope without the limits of people and directions it does not have."""
    p = facts.problem
    directions = {p.applicant[a].direction for a in scope.people}
    experts = frozenset().union(*(facts.recused[a] for a in scope.people))
    there: dict[str, Set[str]] = {"time": scope.people, "pin": scope.people, "recusal": experts}
    there |= {"chairs": directions, "specialists": directions}
    return Scope(scope.people, frozenset(m for m in scope.limits if m.id in there.get(m.kind, (m.id,))))
