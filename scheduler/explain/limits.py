"""What keeps people from being heard, as limits that can be lifted one by one.

A *scope* asks: can these people all be heard where only these limits count? What each limit is, and what the world is
like without it:

=========== ========= ==================================================== ==========================================
kind        of        is                                                   lifted
=========== ========= ==================================================== ==========================================
time        applicant the intervals in which the applicant is unavailable  free all the time
pin         applicant where the applicant is held                          not held
recusal     expert    whom the expert must not hear (H9)                   may hear everyone
chairs      direction who may chair                                        every expert of strength 2 or 3 may
specialists direction who can sit on its panels at all (H5, H6, H7)        as many strangers as one likes, no chairs;
                                                                           with ``chairs`` lifted too: nobody needed
coming      session   which experts come                                   all come
load        (all)     the experts' ``max_sessions``                        none has one
rooms       session   how many rooms are open                              as many as one likes
=========== ========= ==================================================== ==========================================

What is never lifted: slots and sessions, that an expert sits once a session, panels' sizes, mixes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.facts import Facts

KINDS = ("rooms", "load", "coming", "chairs", "specialists", "recusal", "pin", "time")
"""The order in which limits are lifted on trial: what can stand for the others stays longest."""


class Limit(NamedTuple):
    """One limit: its kind and the id of what has it; ``load`` has no id."""

    kind: str
    id: str = ""


@dataclass(frozen=True)
class Scope:
    """People to be heard and the limits that count."""

    people: frozenset[str]
    limits: frozenset[Limit]

    def without(self, limits: Iterable[Limit]) -> Scope:
        """The same people with these limits lifted."""
        return Scope(self.people, self.limits - frozenset(limits))

    def only(self, people: Iterable[str]) -> Scope:
        """The same limits for these people alone."""
        return Scope(self.people & frozenset(people), self.limits)

    def of(self, kind: str) -> list[str]:
        """The ids whose limit of a kind counts, in order."""
        return sorted(limit.id for limit in self.limits if limit.kind == kind)


def whole(facts: Facts) -> Scope:
    """Everyone, under every limit that limits anything."""
    p = facts.problem
    experts = {e.id for e in p.experts}
    kept = {Limit("time", a.id) for a in p.applicants if a.unavailable}
    kept |= {Limit("pin", a.id) for a in p.applicants if a.pin.session or a.pin.room or a.pin.start}
    kept |= {Limit("recusal", e) for e in frozenset().union(*facts.recused.values())}
    kept |= {Limit(kind, d) for d, n in facts.count.items() if n for kind in ("chairs", "specialists")}
    kept |= {Limit("coming", s.id) for s in p.sessions if any(s.id not in p.expert[e].sessions for e in experts)}
    kept |= {Limit("load")} if any(e.max_sessions is not None for e in p.experts) else set()
    kept |= {Limit("rooms", s.id) for s in p.sessions}
    return Scope(frozenset(facts.recused), frozenset(kept))
