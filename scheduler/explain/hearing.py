"""Who can be heard at all: level 1 alone, as a model of its own.

Where only the number of people heard counts, a panel of one sitting is as good as any (H12 asks for 1 to
``max_sittings_per_panel``), so panels need not be told from sittings: a candidate is (directions, session), and there
are as many alike as could be of use. Limits outside the scope are left out; ``soft`` ones may be passed at a price.
"""

from __future__ import annotations

from collections import defaultdict

from scheduler.explain.limits import Limit, Scope
from scheduler.explain.seats import Seats, Var, total
from scheduler.facts import Facts


class Hearing(Seats):
    """The model for a scope; ``left`` counts who is not heard, by kind."""

    def __init__(self, facts: Facts, scope: Scope, soft: frozenset[Limit] = frozenset()) -> None:
        super().__init__(facts, scope, soft)
        self._heard()
        self._slots()
        self._rooms()
        self._apart()
        self._alike()
        self._left()

    @property
    def size(self) -> int:
        """How many variables the model has."""
        return len(self.m.proto.variables)

    @property
    def variables(self) -> list[Var]:
        """Those that a hint gives values to; the others follow."""
        seats = [*self.member.values(), *self.chair.values()]
        return [*self.held, *self.x.values(), *self.at.values(), *seats, *self.asked.values()]

    def _heard(self) -> None:
        """So many of each kind in each sitting; no more than it has slots."""
        self.x: dict[tuple[int, int], Var] = {}
        self.here: list[list[Var]] = []
        for j, place in enumerate(self.places):
            slots, mine = self.f.slots[place.session], []
            for c, kind in enumerate(self.kinds):
                if kind.direction in place.directions and kind.masks[place.session]:
                    most = min(len(kind.people), slots)
                    self.x[j, c] = self.m.new_int_var(0, most, "")
                    mine.append(self.x[j, c])
                    if len(place.directions) > 1:
                        self.m.add(self.x[j, c] <= most * self.hears[j, kind.direction])
            self.here.append(mine)
            self.m.add(total(mine) <= slots * self.held[j])

    def _slots(self) -> None:
        """Who cannot take every slot is put on one; the others take what is left."""
        self.at: dict[tuple[int, int, int], Var] = {}
        for j, place in enumerate(self.places):
            slots = self.f.slots[place.session]
            column = defaultdict(list)
            for c, kind in enumerate(self.kinds):
                free = kind.masks[place.session]
                if (j, c) in self.x and free != (1 << slots) - 1:
                    for t in range(slots):
                        if free >> t & 1:
                            self.at[j, c, t] = self.m.new_bool_var("")
                            column[t].append(self.at[j, c, t])
                    mine = [self.at[j, c, t] for t in range(slots) if free >> t & 1]
                    self.m.add(total(mine) == self.x[j, c])
            for several in column.values():
                self.m.add_at_most_one(several)

    def _rooms(self) -> None:
        """A sitting a room; rooms that somebody is pinned to are told from the others."""
        pinned = sorted({k.room for k in self.kinds if k.room is not None})
        self.room: dict[tuple[int, str], Var] = {}
        for s, session in enumerate(self.f.sessions):
            mine = [j for j in self.J if self.places[j].session == s]
            limited = Limit("rooms", session.id) in self.scope.limits
            inside = [r.id for r in self.p.rooms if r.id in pinned and (not limited or r.open_in(session.id))]
            for r in inside:
                for j in mine:
                    self.room[j, r] = self.m.new_bool_var("")
                self.m.add_at_most_one([self.room[j, r] for j in mine])
            for j in mine if inside else ():
                self.m.add(total([self.room[j, r] for r in inside]) <= self.held[j])
            if limited:
                others = self._open(s) - sum(r.open_in(session.id) for r in self.p.rooms if r.id in inside)
                used = total([self.held[j] for j in mine]) - total([self.room[j, r] for r in inside for j in mine])
                more = self._ask("rooms", session.id, "", len(mine)) if Limit("rooms", session.id) in self.soft else 0
                self.m.add(used <= others + more)
        for (j, c), x in self.x.items():
            room = self.kinds[c].room
            if room is not None:
                self.m.add(x <= len(self.kinds[c].people) * self.room.get((j, room), 0))

    def _apart(self) -> None:
        """H9."""
        for (j, c), x in self.x.items():
            kind = self.kinds[c]
            numbers = sorted(self.f.expert_number[name] for name in kind.recused)
            apart = [self.member[j, e] for e in numbers if (j, e) in self.member]
            if apart:
                meets = self.m.new_bool_var("")
                self.m.add(x <= len(kind.people) * meets)
                for v in apart:
                    self.m.add_bool_or(~meets, ~v)

    def _alike(self) -> None:
        """Alike candidates by the number of people they hear."""
        for j in self.J[1:]:
            if self.places[j] == self.places[j - 1]:
                self.m.add(self.held[j] <= self.held[j - 1])
                self.m.add(total(self.here[j]) <= total(self.here[j - 1]))

    def _left(self) -> None:
        """Who is not heard; and as a whole number of its own, how many sittings each direction or mix takes."""
        heard = defaultdict(list)
        for (_, c), x in self.x.items():
            heard[c].append(x)
        self.left = []
        for c, kind in enumerate(self.kinds):
            self.left.append(self.m.new_int_var(0, len(kind.people), ""))
            self.m.add(total(heard[c]) + self.left[-1] == len(kind.people))
        for block in self.f.blocks:
            mine = [j for j in self.J if set(self.places[j].directions) <= set(block)]
            if mine:
                kinds = [c for c, k in enumerate(self.kinds) if k.direction in block]
                sittings = self.m.new_int_var(0, len(mine), "")
                self.m.add(total([self.held[j] for j in mine]) == sittings)
                people = sum(len(self.kinds[c].people) for c in kinds)
                self.m.add(max(self.f.slots) * sittings >= people - total([self.left[c] for c in kinds]))
