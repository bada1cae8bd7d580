"""The day beside the calls: who has signed in, each applicant's turn, the pauses of the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Moment
from webapp.models.people import Applicant, Expert


class Turn(Base):
    """One applicant's way through the day; never deleted, so that its version tells every screen what it has seen."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("round_id", "applicant_id"),
        CheckConstraint("number IS NULL OR number > 0", name="number"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    arrived_by: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(String(128), default="")
    """What was not in order with the papers at the desk; empty when ID and phone were."""
    number: Mapped[int | None]
    """The number drawn at the desk; where none was, the place in the sitting counts."""
    late_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[str] = mapped_column(String(16), default="")
    last_by: Mapped[str] = mapped_column(String(64), default="")
    last_at: Mapped[datetime | None] = mapped_column(Moment)
    row_version: Mapped[int] = mapped_column(default=0)
    """How many steps there were, each counting one: a console without a network counts on by itself."""
    applicant: Mapped[Applicant] = relationship()

    __mapper_args__ = {"version_id_col": row_version, "version_id_generator": False}  # noqa: RUF012


class Pause(Base):
    """The clock stood still, and why; without an end it still does."""

    __tablename__ = "pauses"
    __table_args__ = (
        CheckConstraint("phase IN ('talk', 'answers')", name="phase"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="order"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    phase: Mapped[str] = mapped_column(String(8))
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(128))
    by: Mapped[str] = mapped_column(String(64))


class Presence(Base):
    """An expert signed in for a half-day."""

    __tablename__ = "presences"
    __table_args__ = (UniqueConstraint("round_id", "expert_id", "session"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    session: Mapped[str] = mapped_column(String(16))
    """The half-day's code."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    expert: Mapped[Expert] = relationship()
