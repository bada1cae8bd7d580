"""What every schedule of a round stands on: its people, venue and rules, kept in the process while they stay the same.

That nothing changed is seen by one short query: the newest audit entry that may have changed them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from webapp.models import Applicant, AuditEntry, Expert, Round
from webapp.services.capacity import Capacity
from webapp.services.instance import problem_document
from webapp.services.violations import Tongue

KEPT = 4
"""Rounds kept at a time, the last used."""
HARMLESS = (
    *("draft.", "schedule.", "job.", "sheet.", "sheets.", "call", "outcome", "tablet."),
    *("desk.", "sitting.", "panel.sign", "note.", "import.look", "import.answer"),
)
"""Beginnings of acts that leave the people, the venue and the settings as they are."""


@dataclass(frozen=True)
class Person:
    """An applicant or an expert as a card shows it."""

    code: str
    name: str
    employer: str
    direction: str = ""
    """Code of an applicant's direction."""
    spelled: str = ""
    """Spelling and initials of the name."""


@dataclass(frozen=True)
class Ground:
    """One state of a round's data; without a problem where it cannot be scheduled, with the reason."""

    instance: Mapping[str, Any]
    problem: Problem | None
    why: str
    people: Mapping[str, Person]
    tongue: Tongue

    @cached_property
    def capacity(self) -> Capacity | None:
        """Its needs beside what there is; none before there are people and a venue."""
        there = all(self.instance[key] for key in ("sessions", "rooms", "experts", "applicants"))
        return Capacity(self.problem) if self.problem and there else None


_lock = Lock()
_kept: WeakKeyDictionary[Engine, OrderedDict[int, tuple[str, Ground]]] = WeakKeyDictionary()


def of(session: Session, round_: Round) -> Ground:
    """The round's ground; made anew where its data changed."""
    engine, seen = session.get_bind().engine, stamp(session, round_.id)
    with _lock:
        mine = _kept.setdefault(engine, OrderedDict())
        known = mine.get(round_.id)
    if known and known[0] == seen:
        return known[1]
    fresh = made(session, round_)
    with _lock:
        mine[round_.id] = (seen, fresh)
        mine.move_to_end(round_.id)
        while len(mine) > KEPT:
            mine.popitem(last=False)
    return fresh


def made(session: Session, round_: Round) -> Ground:
    """The round's ground as it is in the session, not kept."""
    instance, problem, why = problem_document(session, round_), None, ""
    try:
        problem = Problem.from_json(instance)
    except SchedulerError as error:
        why = str(error)
    people = _people(session, round_)
    tongue = Tongue(round_, {code: f"{p.name}（{code}）" for code, p in people.items()})
    return Ground(instance, problem, why, people, tongue)


def stamp(session: Session, round_id: int) -> str:
    """The newest audit entry of a round that may have changed its data.

    Its hash, not its number: a number that was taken back is given again to another act.
    """
    harmless = [AuditEntry.act.startswith(text) for text in HARMLESS]
    query = select(AuditEntry.hash).where(AuditEntry.round_id == round_id, *(~one for one in harmless))
    return session.scalar(query.order_by(AuditEntry.id.desc()).limit(1)) or ""


def _people(session: Session, round_: Round) -> dict[str, Person]:
    names = {d.id: d.code for d in round_.directions}
    senior = (Applicant.round_id == round_.id, Applicant.level == "senior")
    columns = Applicant.code, Applicant.name, Applicant.employer, Applicant.direction_id, Applicant.spelled
    experts = select(Expert.code, Expert.name, Expert.employer, Expert.spelled).where(Expert.round_id == round_.id)
    found = {
        r.code: Person(r.code, r.name, r.employer, names[r.direction_id], r.spelled)
        for r in session.execute(select(*columns).where(*senior))
    }
    return found | {r.code: Person(r.code, r.name, r.employer, "", r.spelled) for r in session.execute(experts)}
