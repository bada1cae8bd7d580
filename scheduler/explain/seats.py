"""Who sits on a panel (H4 to H7), as far as the scope's limits count; what passing soft ones asks for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ortools.sat.python import cp_model

from scheduler.explain.candidates import Candidates, Place
from scheduler.explain.limits import Limit, Scope
from scheduler.facts import Facts

total = cp_model.LinearExpr.sum
Var = Any


class Seats(Candidates):
    """The candidates held or not, what they hear, their members and chairs."""

    def __init__(self, facts: Facts, scope: Scope, soft: frozenset[Limit] = frozenset()) -> None:
        super().__init__(facts, scope, soft)
        self.m = cp_model.CpModel()
        self.asked: dict[tuple[str, str, str], Var] = {}
        """What passing soft limits asks for: (kind, id, session's id or "") → how much."""
        self._held()
        self._seats()

    def _held(self) -> None:
        self.held = [self.m.new_bool_var("") for _ in self.J]
        self.hears = {}
        for j, place in enumerate(self.places):
            for d in place.directions:
                self.hears[j, d] = self.held[j] if len(place.directions) == 1 else self.m.new_bool_var("")
                if len(place.directions) > 1:
                    self.m.add_implication(self.hears[j, d], self.held[j])

    def _ask(self, kind: str, name: str, session: str, most: int = 1) -> Var:
        key = kind, name, session
        if key not in self.asked:
            self.asked[key] = self.m.new_int_var(0, most, "")
        return self.asked[key]

    def _seats(self) -> None:
        """H4 to H7 where they count: members, specialists, a chair."""
        self.member: dict[tuple[int, int], Var] = {}
        self.chair: dict[tuple[int, int], Var] = {}
        for j, place in enumerate(self.places):
            self._panel(j, place, self._coming(place.session))
        at, load = defaultdict(list), defaultdict(list)
        for (j, e), v in self.member.items():
            s = self.places[j].session
            at[e, s].append(v)
            load[e].append(v)
        for (e, s), several in at.items():
            self.m.add_at_most_one(several)
            expert, session = self.p.experts[e], self.f.sessions[s].id
            if Limit("coming", session) in self.scope.limits and session not in expert.sessions:
                self.m.add(total(several) <= self._ask("coming", expert.id, session))
        for e, several in load.items():
            limit = self.p.experts[e].max_sessions
            if Limit("load") in self.scope.limits and limit is not None and limit < len(self.f.sessions):
                soft = Limit("load") in self.soft
                more = self._ask("load", self.p.experts[e].id, "", len(self.f.sessions)) if soft else 0
                self.m.add(total(several) <= limit + more)

    def _panel(self, j: int, place: Place, able: list[int]) -> None:
        ds, rules = place.directions, self.p.rules
        strict = [d for d in ds if Limit("specialists", d) in self.scope.limits]
        led = [d for d in ds if d in strict or Limit("chairs", d) in self.scope.limits]
        lead = {e: [d for d in led if self._may_chair(e, d)] for e in able} if led else {}
        for e, fields in lead.items():
            if fields:
                self.chair[j, e] = self.m.new_bool_var("")
                for d in led:
                    if d not in fields:
                        self.m.add_bool_or(~self.chair[j, e], ~self.hears[j, d])
                self._new_chair(j, e, fields)
        chairs = {e: self.chair[j, e] for e in able if (j, e) in self.chair}
        for e in able if strict else chairs:
            self.member[j, e] = self.m.new_bool_var("")
        for e, v in chairs.items():
            self.m.add_implication(v, self.member[j, e])
        mine = {e: self.member[j, e] for e in able if (j, e) in self.member}
        self.m.add(total(list(chairs.values())) == self._if_any(j, led))
        if strict:
            self.m.add(total(list(mine.values())) == rules.panel_size * self._if_any(j, strict))
        else:
            self.m.add(total(list(mine.values())) == total(list(chairs.values())))
        for d in strict:
            near = [v for e, v in mine.items() if self._strength(e, d) >= 2]
            self.m.add(total(near) >= rules.min_specialists * self.hears[j, d])
        firms: dict[str, list[Var]] = defaultdict(list)
        for e, v in mine.items():
            employer = self.p.experts[e].employer
            if employer is not None:
                firms[employer].append(v)
        for several in firms.values():
            if len(several) > rules.max_members_per_employer:
                self.m.add(total(several) <= rules.max_members_per_employer)

    def _if_any(self, j: int, directions: list[str]) -> Any:
        """Whether the sitting hears one of these directions."""
        if not directions or len(directions) == len(self.places[j].directions):
            return self.held[j] if directions else 0
        some = self.m.new_bool_var("")
        self.m.add_max_equality(some, [self.hears[j, d] for d in directions])
        return some

    def _strength(self, e: int, d: str) -> int:
        return self.p.experts[e].strength.get(d, 0)

    def _may_chair(self, e: int, d: str) -> bool:
        return self._strength(e, d) >= 2 and (self.p.experts[e].chair or not self.counts("chairs", d))

    def _new_chair(self, j: int, e: int, fields: list[str]) -> None:
        """Somebody who may not chair so far chairs at the price of being asked."""
        if not self.p.experts[e].chair and any(Limit("chairs", d) in self.scope.limits for d in fields):
            self.m.add(self.chair[j, e] <= self._ask("chairs", self.p.experts[e].id, ""))
