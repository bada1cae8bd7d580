"""A version as people read it: its sittings, and its lists by applicant and panel."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.models import Applicant, Appointment, Panel, PanelMember, Room, ScheduleVersion, Sitting
from webapp.models import Session as HalfDay


def sittings(session: Session, version: ScheduleVersion, *which: ColumnElement[bool]) -> list[Sitting]:
    """The sittings of a version, or those ``which`` says, by session and room, with everything a page shows of them."""
    found = session.scalars(
        select(Sitting)
        .join(HalfDay, HalfDay.id == Sitting.session_id)
        .join(Room, Room.id == Sitting.room_id)
        .join(Panel, Panel.id == Sitting.panel_id)
        .where(Sitting.version_id == version.id, *which)
        .order_by(HalfDay.start, Room.position, Room.code)
        .options(
            joinedload(Sitting.session),
            joinedload(Sitting.room),
            joinedload(Sitting.panel).selectinload(Panel.members).joinedload(PanelMember.expert),
            selectinload(Sitting.appointments).joinedload(Appointment.applicant).joinedload(Applicant.direction),
        )
    )
    return list(found)


def by_applicant(session: Session, version: ScheduleVersion) -> list[tuple[Applicant, Appointment | None]]:
    """Each senior applicant with the appointment, ``None`` where unscheduled; in the order of their codes."""
    where = {a.applicant_id: a for sitting in sittings(session, version) for a in sitting.appointments}
    rows = session.scalars(
        select(Applicant)
        .where(Applicant.round_id == version.round_id, Applicant.level == "senior")
        .order_by(Applicant.code)
        .options(joinedload(Applicant.direction))
    )
    return [(applicant, where.get(applicant.id)) for applicant in rows]


def by_panel(
    session: Session, version: ScheduleVersion, *which: ColumnElement[bool]
) -> list[tuple[Panel, list[Sitting]]]:
    """Each panel, or those ``which`` says, with its sittings in time, in the panels' order."""
    held: dict[Panel, list[Sitting]] = defaultdict(list)
    for sitting in sittings(session, version, *which):
        held[sitting.panel].append(sitting)
    return sorted(held.items(), key=lambda pair: pair[0].position)
