"""Who and what the codes of a round's documents stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Applicant, Expert, Room, Round
from webapp.models import Session as HalfDay


@dataclass(frozen=True)
class Codes:
    """Rows by code."""

    applicants: dict[str, Applicant]
    experts: dict[str, Expert]
    rooms: dict[str, Room]
    sessions: dict[str, HalfDay]
    borrowed: Mapping[str, str] = field(default_factory=dict)
    """Names of rooms that are no rows yet."""

    def person(self, code: str) -> str:
        """The name of an applicant or expert; the code of one who is no longer there."""
        found = self.applicants.get(code) or self.experts.get(code)
        return found.name if found else code

    def room(self, code: str) -> str:
        """The name of a room."""
        return self.rooms[code].name if code in self.rooms else self.borrowed.get(code, code)

    def people(self, some: Iterable[str]) -> str:
        """The names of several."""
        return "、".join(map(self.person, some))

    def place(self, sitting: str) -> str:
        """Half-day and room of a sitting written ``session/room``."""
        half, _slash, room = sitting.partition("/")
        return f"{self.sessions[half].label if half in self.sessions else half} {self.room(room)}"


def of(session: Session, round_: Round) -> Codes:
    """All codes of a round."""
    people = select(Applicant).where(Applicant.round_id == round_.id).options(joinedload(Applicant.direction))
    applicants = {a.code: a for a in session.scalars(people)}
    experts = {e.code: e for e in session.scalars(select(Expert).where(Expert.round_id == round_.id))}
    return Codes(applicants, experts, {r.code: r for r in round_.rooms}, {s.code: s for s in round_.sessions})
