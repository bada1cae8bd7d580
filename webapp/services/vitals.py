"""What a tablet is told of the room's clock, and what it tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Expert, PanelMember, Round, Sitting, TabletSession
from webapp.services import boards, consoles, records
from webapp.services.kernel import Actor, Clock

SILENT = timedelta(seconds=30)
"""After so long without a sign of life the office is told."""


@dataclass(frozen=True)
class Vital:
    """One expert's tablet; without one, the expert has not come in."""

    expert: Expert
    seen_at: datetime | None
    unsent: int | None

    def silent(self, now: datetime) -> bool:
        """Whether nothing was heard of it for too long."""
        return self.seen_at is not None and now - self.seen_at > SILENT


def heard_from(session: Session, _actor: Actor, clock: Clock, tablet: TabletSession, unsent: int) -> None:
    """Keep a tablet's sign of life; it is no record of the round and stands in no log."""
    tablet.seen_at, tablet.unsent = clock(), unsent
    session.flush()


def of_experts(session: Session, clock: Clock, experts: list[Expert]) -> dict[int, Vital]:
    """Expert id → the newest of the expert's tablets that are in."""
    query = select(TabletSession).where(
        TabletSession.expert_id.in_([expert.id for expert in experts]),
        TabletSession.revoked_at.is_(None),
        TabletSession.expires_at > clock(),
    )
    newest = {row.expert_id: row for row in session.scalars(query.order_by(TabletSession.seen_at, TabletSession.id))}
    return {
        e.id: Vital(e, newest[e.id].seen_at or newest[e.id].made_at, newest[e.id].unsent)
        if e.id in newest
        else Vital(e, None, None)
        for e in experts
    }


def clock_of(session: Session, expert: Expert) -> dict[str, Any]:
    """Who is in the expert's room and the clock's moments; empty where nobody is."""
    round_ = session.get_one(Round, expert.round_id)
    version = records.published_if_any(session, round_)
    if version is None:
        return {"applicant": None, "clock": None}
    mine = select(PanelMember.panel_id).where(PanelMember.expert_id == expert.id)
    sittings = boards.sittings(session, version, Sitting.panel_id.in_(mine))
    for part in consoles.parts(session, round_, sittings):
        if part.now and not part.closed:
            clock = part.now.clock.document() if part.now.clock else None
            return {"applicant": part.now.appointment.applicant.code, "phase": part.now.phase, "clock": clock}
    return {"applicant": None, "clock": None}
