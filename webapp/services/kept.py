"""The people and the venue of a round as rows of their rosters: what would be read if they were written out."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from exports.availability import SessionRow
from exports.content import Rosters
from exports.rosters import ApplicantRow, ExpertRow
from exports.venue import RoomRow
from webapp.models import Applicant, Expert, Recusal, Round
from webapp.services.times import keyed

LEVELS = {"高级": "senior", "中级": "intermediate"}
Listed = dict[tuple[str, int], list[Recusal]]
"""Side and row id → the recusals of this person, in their order."""


def of_round(session: Session, round_: Round) -> Rosters:
    """Applicants in the order of their roster, experts by code, rooms and sessions."""
    own, listed = Applicant.round_id == round_.id, listed_by(session, round_)
    people = select(Applicant).where(own).options(joinedload(Applicant.direction))
    experts = select(Expert).where(Expert.round_id == round_.id).order_by(Expert.code)
    return Rosters(
        tuple(
            (a.code, applicant(a, listed))
            for a in session.scalars(people.order_by(Applicant.roster_no, Applicant.code))
        ),
        tuple((e.code, expert(round_, e, listed)) for e in session.scalars(experts)),
        *venue(round_),
    )


def listed_by(session: Session, round_: Round) -> Listed:
    """What each person's roster lists; not what was ordered on the day."""
    found: Listed = {}
    query = select(Recusal).where(Recusal.round_id == round_.id, Recusal.side != "day").order_by(Recusal.id)
    for row in session.scalars(query):
        number = row.applicant_id if row.side == "applicant" else row.expert_id
        found.setdefault((row.side, number or 0), []).append(row)
    return found


def applicant(row: Applicant, listed: Listed) -> ApplicantRow:
    """An applicant as read."""
    level = next(name for name, word in LEVELS.items() if word == row.level)
    details = dict(row.details) | ({"insured_unit": row.insured_unit} if row.insured_unit else {})
    recuse = tuple(one.name for one in listed.get(("applicant", row.id), ()))
    plain = (row.name, row.employer, level, row.direction.name, row.id_no, row.title, row.phone)
    return ApplicantRow(*plain, details, recuse)


def expert(round_: Round, row: Expert, listed: Listed) -> ExpertRow:
    """An expert as read."""
    names = {d.code: d.name for d in round_.directions}
    codes = {half.code: at.key for at, half in keyed(round_)}
    own = listed.get(("expert", row.id), ())
    return ExpertRow(
        row.name,
        row.employer,
        {names.get(code, code): strength for code, strength in row.strengths.items()},
        row.may_chair,
        tuple(key for code, key in codes.items() if code in row.available) if row.available is not None else None,
        row.availability_text,
        row.max_sessions,
        tuple(one.name for one in own if one.employer is not None),
        tuple(one.name for one in own if one.employer is None),
        row.title,
        row.post,
        row.phone,
        row.id_no,
        row.note,
    )


def venue(round_: Round) -> tuple[tuple[RoomRow, ...], tuple[SessionRow, ...]]:
    """Rooms in their order, sessions by time."""
    halves = keyed(round_)
    sessions = tuple(
        SessionRow(at.date, at.name, at.start, at.end, tuple((start[11:], end[11:]) for start, end in half.breaks))
        for at, half in halves
    )
    rooms = tuple(
        RoomRow(
            room.name,
            room.waiting_room,
            tuple(at.key for at, half in halves if room.sessions is None or half.code in room.sessions),
        )
        for room in round_.rooms
    )
    return rooms, sessions
