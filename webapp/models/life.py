"""After the marks: sheets unlocked again, objections against released results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Moment
from webapp.models.people import Applicant
from webapp.models.scores import ResultSet, Sheet

PENDING = "state IN ('asked', 'open')"


class Unlock(Base):
    """A submitted sheet opened again: one of chair and results officer asks with a reason, the other agrees.

    ``asked`` → ``open`` (a new version may be handed in) → ``done``; or ``asked`` → ``refused``.
    """

    __tablename__ = "unlocks"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'open', 'done', 'refused')", name="state"),
        CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="two_persons"),
        CheckConstraint("state = 'asked' OR answered_by IS NOT NULL", name="answered"),
        CheckConstraint("reason <> ''", name="reason"),
        Index(
            "uq_unlocks_pending",
            "sheet_id",
            unique=True,
            postgresql_where=text(PENDING),
            sqlite_where=text(PENDING),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    version: Mapped[int]
    """The sheet's version that was locked."""
    state: Mapped[str] = mapped_column(String(16), default="asked")
    reason: Mapped[str] = mapped_column(String(256))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str | None] = mapped_column(String(64))
    sheet: Mapped[Sheet] = relationship()


class Objection(Base):
    """An objection (异议) against a released result: received by one person, decided by another."""

    __tablename__ = "objections"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("decision IS NULL OR decision IN ('kept', 'recheck')", name="decision"),
        CheckConstraint("decided_by IS NULL OR decided_by <> received_by", name="two_persons"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decided"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    set_id: Mapped[int] = mapped_column(ForeignKey("result_sets.id"))
    """The computation objected to."""
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicants.id"))
    source: Mapped[str] = mapped_column(String(64))
    """Who objects, as far as given."""
    text: Mapped[str] = mapped_column(String(1000))
    received_at: Mapped[datetime] = mapped_column(Moment)
    received_by: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str | None] = mapped_column(String(16))
    """``kept``: the result stands; ``recheck``: it is checked again."""
    finding: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    result_set: Mapped[ResultSet] = relationship()
    applicant: Mapped[Applicant | None] = relationship()
