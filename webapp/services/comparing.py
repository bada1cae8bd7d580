"""Two versions of a schedule side by side, with names: who moved, whose sessions changed, what each level costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Round, ScheduleVersion
from webapp.services import differences, drafts
from webapp.services.differences import Difference, Move
from webapp.services.spoken import Spoken, half


@dataclass(frozen=True)
class Moved:
    """An applicant whose place differs."""

    code: str
    name: str
    employer: str
    spelled: str
    move: Move

    @property
    def told(self) -> bool:
        """Whether the person has to be told."""
        return self.move.told


@dataclass(frozen=True)
class Called:
    """An expert and the sessions, by name: no longer, new, in another room or under another chair."""

    code: str
    name: str
    spelled: str
    gone: tuple[Spoken, ...]
    new: tuple[Spoken, ...]
    elsewhere: tuple[Spoken, ...]


@dataclass(frozen=True)
class Comparison:
    """From ``a`` to ``b``."""

    a: ScheduleVersion
    b: ScheduleVersion
    levels: tuple[tuple[str, int, int], ...]
    """Word, cost before, cost after."""
    moved: tuple[Moved, ...]
    called: tuple[Called, ...]
    same: int
    """Applicants whose place is the same."""


def compare(session: Session, round_: Round, a: ScheduleVersion, b: ScheduleVersion) -> Comparison:
    """What differs from ``a`` to ``b``."""
    people = {r.code: r for r in session.execute(_named(Applicant, round_))}
    found = differences.between(a.document, b.document)
    moved = tuple(_moved(people.get(move.applicant), move) for move in found.moves)
    costs = zip(drafts.LEVEL_WORDS, a.document.get("cost", ()), b.document.get("cost", ()), strict=False)
    before, after = differences.places(a.document), differences.places(b.document)
    same = sum(place == after.get(who) for who, place in before.items())
    return Comparison(a, b, tuple(costs), moved, _called(session, round_, found), same)


def _named(table: type[Applicant | Expert], round_: Round) -> Any:
    return select(table.code, table.name, table.employer, table.spelled).where(table.round_id == round_.id)


def _moved(person: Any, move: Move) -> Moved:
    if person is None:
        return Moved("", move.applicant, "", "", move)
    return Moved(move.applicant, person.name, person.employer, person.spelled, move)


def _called(session: Session, round_: Round, found: Difference) -> tuple[Called, ...]:
    names = {r.code: (r.name, r.spelled) for r in session.execute(_named(Expert, round_))}
    halves: dict[str, Spoken] = {s.code: half(s) for s in round_.sessions}
    sides = [dict(side) for side in (found.released, found.called, found.elsewhere)]
    codes = sorted({code for side in sides for code in side})
    return tuple(
        Called(
            code, *names.get(code, (code, "")), *(tuple(halves.get(s, s) for s in side.get(code, ())) for side in sides)
        )
        for code in codes
    )


def published_before(session: Session, version: ScheduleVersion) -> ScheduleVersion | None:
    """The version that was published last before this one: what people were told."""
    told = (ScheduleVersion.round_id == version.round_id, ScheduleVersion.id != version.id)
    query = select(ScheduleVersion).where(*told, ScheduleVersion.published_at.is_not(None))
    if version.published_at is not None:
        query = query.where(ScheduleVersion.published_at < version.published_at)
    return session.scalar(query.order_by(ScheduleVersion.published_at.desc()).limit(1))
