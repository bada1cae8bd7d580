"""What a sheet id stands for: one query for all that taking a record asks about.

A tablet saves every few seconds and everything else waits behind a writer, so the way of a record is short: the
statement is built once, and nothing is loaded that is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.models import (
    Applicant,
    Appointment,
    Expert,
    Outcome,
    Panel,
    PanelMember,
    Recusal,
    Round,
    ScheduleVersion,
    Sheet,
    SheetRecord,
    Sitting,
    SittingClosed,
    Unlock,
)
from webapp.models import Session as HalfDay
from webapp.services.settings import Terms


@dataclass(frozen=True)
class SoFar:
    """The sheet as it stands."""

    id: int
    version: int
    state: str
    entered_by: str
    marks: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Known:
    """A record that is kept already."""

    uuid: str
    hash: str
    sheet_key: str
    version: int | None
    """The sheet's version it made; ``None`` for a conflict."""
    server_time: datetime


@dataclass(frozen=True)
class Place:
    """One sheet of the published version: who marks whom, where, what there is so far, and what stands against more."""

    key: str
    panel: str
    appointment_id: int
    applicant_id: int
    applicant: str
    """The applicant's name."""
    expert_id: int
    expert: str
    """The expert's name."""
    recused: bool
    outcome: str | None
    """How the applicant's defence ended, if it did."""
    closed: bool
    """The sitting is closed."""
    unlocked: bool
    """The sheet is open again although its sitting is closed."""
    sheet: SoFar | None
    known: Known | None
    """What is kept under the id of the record that is being taken."""


_RECUSED = (
    select(Recusal.id)
    .where(
        Recusal.round_id == Applicant.round_id,
        Recusal.side == "day",
        Recusal.applicant_id == Applicant.id,
        Recusal.expert_id == Expert.id,
    )
    .exists()
)
_OUTCOME = (
    select(Outcome.kind)
    .where(Outcome.round_id == Applicant.round_id, Outcome.applicant_id == Applicant.id)
    .scalar_subquery()
)
_CLOSED = (
    select(SittingClosed.id)
    .join(HalfDay, HalfDay.code == SittingClosed.session)
    .where(
        SittingClosed.round_id == Applicant.round_id,
        SittingClosed.panel == Panel.code,
        HalfDay.id == Sitting.session_id,
    )
    .exists()
)
_UNLOCKED = select(Unlock.id).where(Unlock.sheet_id == Sheet.id, Unlock.state == "open").exists()
_OF_KEY = (
    select(
        Panel.code, Appointment.id, Applicant.id, Applicant.name, Expert.id, Expert.name,
        _RECUSED, _OUTCOME, _CLOSED, _UNLOCKED,
        Sheet.id, Sheet.version, Sheet.state, Sheet.entered_by, Sheet.marks, Sheet.hash,
        SheetRecord.uuid, SheetRecord.hash, SheetRecord.sheet_key, SheetRecord.version, SheetRecord.server_time,
    )
    .select_from(ScheduleVersion)
    .join(Appointment, Appointment.version_id == ScheduleVersion.id)
    .join(Applicant, Applicant.id == Appointment.applicant_id)
    .join(Sitting, Sitting.id == Appointment.sitting_id)
    .join(Panel, Panel.id == Sitting.panel_id)
    .join(PanelMember, PanelMember.panel_id == Panel.id)
    .join(Expert, Expert.id == PanelMember.expert_id)
    .outerjoin(
        Sheet,
        and_(
            Sheet.round_id == Applicant.round_id, Sheet.applicant_id == Applicant.id, Sheet.expert_id == Expert.id
        ),
    )
    .outerjoin(SheetRecord, SheetRecord.uuid == bindparam("uuid"))
    .where(ScheduleVersion.round_id == bindparam("round"), ScheduleVersion.published)
    .where(Applicant.round_id == bindparam("round"), Applicant.code == bindparam("applicant"))
    .where(Expert.round_id == bindparam("round"), Expert.code == bindparam("expert"))
)  # fmt: skip


def key_of(round_: Round, panel: str, applicant: Applicant, expert: Expert) -> str:
    """The sheet id of the protocol: ``R1-P1-A00001-E0001``."""
    return _key(round_.id, panel, applicant.code, expert.code)


def _key(round_id: int, panel: str, applicant: str, expert: str) -> str:
    return f"R{round_id}-{panel}-{applicant}-{expert}"


def place_of(session: Session, round_: Round | Terms, key: str, uuid: str = "") -> Place | None:
    """The place of a sheet id, and what is kept under a record's id.

    ``None`` where the published version has no such sheet.
    """
    applicant, expert = [*key.rsplit("-", 2), "", ""][1:3]
    names = {"round": round_.id, "applicant": applicant, "expert": expert, "uuid": uuid}
    session.flush()
    found = session.connection().execute(_OF_KEY, names).first()
    if found is None or _key(round_.id, found[0], applicant, expert) != key:
        return None
    rest: list[Any] = list(found)
    known, sheet = _cut(rest, Known), _cut(rest, SoFar)
    return Place(*[key, *rest, sheet, known])


def _cut(row: list[Any], what: type[Any]) -> Any:
    """What the last columns of a row say, and without them from now on; ``None`` where it is not there."""
    n = len(fields(what))
    mine, row[-n:] = row[-n:], []
    return None if mine[0] is None else what(*mine)


HOLD = func.pg_advisory_xact_lock(func.hashtextextended(bindparam("sheet"), 0))
"""What a statement asks besides to hold that sheet: what later ones read of it stays so."""
_HELD = select(HOLD)


def held(session: Session, key: str) -> None:
    """Let nobody else write this sheet until the transaction ends: what is read of it now stays so.

    SQLite has one writer at a time anyway.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_HELD, {"sheet": key})
