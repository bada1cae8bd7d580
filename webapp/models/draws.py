"""Draws of lots (抽签): who takes which slot of a sitting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Document, Moment
from webapp.models.schedules import ScheduleVersion

OPEN = "state IN ('committed', 'called')"


class Draw(Base):
    """One draw: by computer committed, then called, then drawn; by hand drawn at once; void with a reason.

    The secret is in the office's hands until it is revealed: the database itself refuses to hold it before.
    """

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("kind IN ('computer', 'hand')", name="kind"),
        CheckConstraint("state IN ('committed', 'called', 'drawn', 'void')", name="state"),
        CheckConstraint(f"NOT ({OPEN}) OR secret = ''", name="sealed"),
        CheckConstraint("kind = 'hand' OR state IN ('committed', 'void') OR called_at IS NOT NULL", name="turns"),
        Index("uq_draws_open", "round_id", unique=True, postgresql_where=text(OPEN), sqlite_where=text(OPEN)),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    """The version whose people draw: nothing of it can be chosen after the commitment."""
    kind: Mapped[str] = mapped_column(String(16))
    places: Mapped[list[Any]] = mapped_column(Document)
    """The sittings drawn for, as ``session/room``."""
    experts: Mapped[bool] = mapped_column(default=False)
    """Whether who is called among equal experts is drawn too."""
    state: Mapped[str] = mapped_column(String(16))
    commitment: Mapped[str] = mapped_column(String(64), default="")
    digits: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Who called out which digits, in turn: pairs."""
    secret: Mapped[str] = mapped_column(String(200), default="")
    seed: Mapped[str] = mapped_column(String(64), default="")
    order: Mapped[list[Any]] = mapped_column(Document, default=list)
    """A row for each sitting, as ``rostrum draw`` writes it."""
    calls: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Who was called among equals; names experts, so it is not published."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64))
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    called_by: Mapped[str | None] = mapped_column(String(64))
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)
    drawn_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(256), default="")
    """Why it is void."""
    version: Mapped[ScheduleVersion] = relationship()
