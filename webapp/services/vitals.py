"""What the tablets last said of themselves, expert by expert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Expert, TabletSession
from webapp.services.kernel import Clock

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

    def left(self, now: datetime) -> int | None:
        """How much it had not sent; of a silent one only what it said last is known, and nothing may be more by now."""
        return None if self.silent(now) and not self.unsent else self.unsent


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
