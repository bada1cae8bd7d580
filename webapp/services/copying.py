"""A new round from an earlier one: its rules, directions, venue and experts; nobody who applied, nothing decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Direction, EmployerAlias, Expert, Recusal, Room, Round
from webapp.models import Session as HalfDay
from webapp.models.rounds import RubricVersion
from webapp.services import audit, rounds
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock

DATED = ("notice_start", "notice_end")
"""Settings that belong to the earlier round's own days."""
KEPT = ("code", "name", "spelled", "employer", "title", "post", "may_chair", "phone", "id_no", "note", "strengths")
"""What of an expert is true beyond the round; the rest is asked anew."""


def create(
    session: Session,
    actor: Actor,
    clock: Clock,
    like: Round,
    name: str,
    *,
    organisation: str = "",
    first_day: date | None = None,
) -> Round:
    """Make a round like an earlier one.

    ``first_day``: the half-days are taken along, moved so that the first is on this day; without it there are none yet.

    Raises:
        Unreadable: an empty or used name.
    """
    made = rounds.create(session, actor, clock, name, {}, organisation or like.organisation)
    session.flush()
    made.settings = {key: value for key, value in like.settings.items() if key not in DATED}
    made.rubric = dict(like.rubric)
    for row in list(made.directions):
        session.delete(row)
    session.flush()
    session.add_all(Direction(round_id=made.id, code=d.code, name=d.name, position=d.position) for d in like.directions)
    for kind in ("defence", "papers"):
        _rubric(session, like, made, kind)
    _venue(session, like, made, first_day)
    experts = _experts(session, like, made)
    session.flush()
    session.expire(made, ["directions", "rooms", "sessions"])
    after = {"like": like.name, "experts": experts, "rooms": len(made.rooms), "sessions": len(made.sessions)}
    audit.record(session, actor, clock, "round.like", made.name, round_id=made.id, after=after)
    return made


def _rubric(session: Session, like: Round, made: Round, kind: str) -> None:
    """The newest saved wording, as the new round's first."""
    where = (RubricVersion.round_id == like.id, RubricVersion.kind == kind)
    row = session.scalar(select(RubricVersion).where(*where).order_by(RubricVersion.version.desc()).limit(1))
    if row is not None:
        session.add(
            RubricVersion(
                round_id=made.id,
                kind=kind,
                version=row.version,
                document=row.document,
                made_at=row.made_at,
                made_by=row.made_by,
            )
        )


def _venue(session: Session, like: Round, made: Round, first_day: date | None) -> None:
    kept = first_day is not None
    for room in like.rooms:
        session.add(
            Room(
                round_id=made.id,
                code=room.code,
                name=room.name,
                waiting_room=room.waiting_room,
                position=room.position,
                sessions=room.sessions if kept else None,
            )
        )
    if first_day is None or not like.sessions:
        return
    by = timedelta(days=(first_day - like.sessions[0].start.date()).days)

    def moved(text: str) -> str:
        return f"{datetime.fromisoformat(text) + by:{MINUTE}}"

    for half in like.sessions:
        row = HalfDay(round_id=made.id, code=half.code, label=half.label, start=half.start + by, end=half.end + by)
        row.breaks = [[moved(at) for at in pair] for pair in half.breaks]
        session.add(row)


def _experts(session: Session, like: Round, made: Round) -> int:
    """The experts, to be asked anew; their employers' names and the employers they must not hear."""
    rows = list(session.scalars(select(Expert).where(Expert.round_id == like.id).order_by(Expert.code)))
    keys = {}
    for row in rows:
        copy = Expert(round_id=made.id, **{key: getattr(row, key) for key in KEPT})
        session.add(copy)
        session.flush()
        keys[row.id] = copy.id
    for alias in session.scalars(select(EmployerAlias).where(EmployerAlias.round_id == like.id)):
        session.add(EmployerAlias(round_id=made.id, alias=alias.alias, employer=alias.employer))
    listed = select(Recusal).where(Recusal.round_id == like.id, Recusal.side == "expert", Recusal.employer.is_not(None))
    for r in session.scalars(listed):
        if r.expert_id in keys:
            session.add(
                Recusal(
                    round_id=made.id,
                    side="expert",
                    expert_id=keys[r.expert_id],
                    employer=r.employer,
                    name=r.name,
                    reason=r.reason,
                )
            )
    return len(rows)
