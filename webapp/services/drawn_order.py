"""An order, drawn or the roster's, written into a version: a new draft, or an annex to the published one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import lots as drawing
from scheduler.problem import Problem
from scheduler.schedule import Schedule, Sitting
from webapp.models import Applicant, Appointment, Draw, Round, ScheduleVersion
from webapp.models import Sitting as SittingRow
from webapp.services import audit, drafts, draws, version_notes
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock, Refused
from webapp.services.rounds import require_state
from webapp.services.settings import of_round


def read(version: ScheduleVersion) -> tuple[Problem, Schedule]:
    """What is drawn for."""
    return Problem.from_json(version.instance), Schedule.from_json(drafts.core(version.document))


def pairs(places: Collection[str]) -> set[tuple[str, str]]:
    """``session/room`` as pairs."""
    return {(session, room) for session, _slash, room in (place.partition("/") for place in places)}


def put(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    row: Draw,
    schedule: Schedule,
    made: tuple[drawing.Lot, ...],
    numbers: Mapping[str, Any] | None = None,
) -> ScheduleVersion:
    """Keep the record and write the order; the version that now has it."""
    row.order = [lot.to_json() for lot in made]
    row.state, row.drawn_at, row.drawn_by = "drawn", clock(), actor.name
    session.flush()
    document = row.version.document | schedule.to_json()
    if row.version.published:
        version = _annexed(session, round_, row, document)
    else:
        require_state(round_, "rosters_locked", "scheduled")
        note = version_notes.DRAWN % {"n": row.version.number}
        version = drafts.store(session, actor, clock, round_, row.version.instance, document, note)
    after: dict[str, Any] = {"version": version.number, "seed": row.seed, "secret": row.secret, "order": row.order}
    if numbers:
        after["numbers"] = numbers
    audit.record(session, actor, clock, "lots.draw", str(row.id), round_id=round_.id, after=after)
    return version


def _annexed(session: Session, round_: Round, row: Draw, document: dict[str, Any]) -> ScheduleVersion:
    """The published version with the drawn order; refused where a sitting of it has begun."""
    version = row.version
    if started := draws.begun(session, round_, version) & set(row.places):
        raise Refused("%(places)s 已叫号或已有评分，不能再抽签。", places="、".join(sorted(started)))
    drafts.require_valid(version.instance, document)
    taken = {a: at for one in row.order for a, at in draws.starts(one).items()}
    query = select(Appointment).join(Applicant).join(SittingRow, SittingRow.id == Appointment.sitting_id)
    rows = list(session.scalars(query.where(Appointment.version_id == version.id, Applicant.code.in_(taken))))
    for appointment in rows:  # two change places: a time is there once at every moment
        appointment.start += timedelta(days=36500)
    session.flush()
    for appointment in rows:
        appointment.start = datetime.strptime(taken[appointment.applicant.code], MINUTE)
    version.document = document
    session.flush()
    session.expire(version, ["panels"])
    return version


def by_roster(session: Session, round_: Round, instance: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The document with everyone in the order of the roster, where the round says so."""
    if of_round(round_).order != "roster" or not document["panels"]:
        return document
    rows = session.execute(select(Applicant.code, Applicant.roster_no).where(Applicant.round_id == round_.id))
    numbers = {row.code: row.roster_no for row in rows}

    def order(sitting: Sitting) -> list[str]:
        return sorted((a.applicant for a in sitting.appointments), key=lambda who: (numbers.get(who, 0), who))

    schedule = Schedule.from_json(drafts.core(document))
    arranged, _lots = drawing.in_order(Problem.from_json(instance), schedule, order)
    return document | arranged.to_json()
