"""What happened on the day and the repairs that were proposed for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Document, Moment
from webapp.models.schedules import Job, ScheduleVersion

REPAIR_STATES = ("asked", "applied", "dropped")


class Repair(Base):
    """One event with its proposals; ``asked`` until one of them is applied or all are dropped."""

    __tablename__ = "repairs"
    __table_args__ = (
        CheckConstraint(f"state IN {REPAIR_STATES}", name="state"),
        CheckConstraint("(state = 'applied') = (version_id IS NOT NULL)", name="applied"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    base_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    """The version that was published when it happened."""
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"))
    event: Mapped[dict[str, Any]] = mapped_column(Document)
    """kind, id and what the kind needs; see ``services.events``."""
    moment: Mapped[datetime]
    """Wall-clock time: appointments before it stay."""
    proposals: Mapped[list[Any]] = mapped_column(Document, default=list)
    state: Mapped[str] = mapped_column(String(16), default="asked")
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(String(64))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_versions.id"))
    """The version a proposal became."""
    base: Mapped[ScheduleVersion] = relationship(foreign_keys=base_id)
    version: Mapped[ScheduleVersion | None] = relationship(foreign_keys=version_id)
    job: Mapped[Job] = relationship()
