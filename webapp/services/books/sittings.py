"""Sittings with their people, draws and times, as the workbooks show them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from exports.content import Drawn, Person, Seat, SittingRow
from webapp.models import Applicant, Call, Expert, Presence, Round, ScheduleVersion, Sheet
from webapp.services import boards, draws
from webapp.services.names import public
from webapp.services.settings import of_round


def person(a: Applicant, names: str, start: datetime | None = None) -> Person:
    """An applicant as lists show them, by the names the round publishes."""
    return Person(
        a.code, a.name, public(a.name, names), a.employer, a.direction.name, start, title=a.title, phone=a.phone
    )


def _seat(expert: Expert, chair: bool) -> Seat:
    return Seat(expert.code, expert.name, chair, expert.employer, expert.title, expert.phone, expert.id_no)


def of_version(session: Session, round_: Round, version: ScheduleVersion) -> tuple[SittingRow, ...]:
    """By panel and time."""
    settings = of_round(round_)
    lead = timedelta(minutes=settings.report_minutes)
    handed = select(Sheet.applicant_id, Expert.code).join(Expert).where(Sheet.round_id == round_.id)
    by: dict[int, set[str]] = defaultdict(set)
    for applicant, code in session.execute(handed.where(Sheet.state == "submitted")):
        by[applicant].add(code)
    signed: dict[str, set[str]] = defaultdict(set)
    for half, code in session.execute(
        select(Presence.session, Expert.code).join(Expert).where(Presence.round_id == round_.id)
    ):
        signed[half].add(code)
    return tuple(
        SittingRow(
            panel.code,
            s.room.name,
            s.session.label,
            s.session.start,
            s.session.start - lead,
            tuple(_seat(m.expert, m.chair) for m in panel.members),
            tuple(person(a.applicant, settings.names, a.start) for a in s.appointments),
            f"{s.session.code}/{s.room.code}",
            frozenset(signed[s.session.code]).union(*(by[a.applicant_id] for a in s.appointments)),
        )
        for panel, held in boards.by_panel(session, version)
        for s in held
    )


def drawn(session: Session, version: ScheduleVersion) -> dict[str, Drawn]:
    """Place → the draw that gave the sitting its order."""
    found = {}
    for place, (draw, row) in draws.drawn(session, version).items():
        digits = "".join(digits for _who, digits in draw.digits)
        seal = (draw.commitment, digits, draw.secret, draw.seed)
        found[place] = Drawn(*seal, tuple(row["applicants"]), draw.kind == "hand")
    return found


def heard(session: Session, round_: Round) -> dict[str, tuple[str, str]]:
    """When the talk began and the answers ended, in the office's wall-clock."""

    def clock(at: datetime | None) -> str:
        return f"{at.astimezone():%H:%M}" if at else ""

    calls = session.scalars(select(Call).where(Call.round_id == round_.id).options(joinedload(Call.applicant)))
    return {c.applicant.code: (clock(c.talk_at), clock(c.ended_at)) for c in calls}
