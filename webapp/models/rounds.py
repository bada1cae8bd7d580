"""A round (评审批次): its state, settings, rubric, directions, venue, and the answers its imports were given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Document, Moment

STATES = (
    "draft",
    "rosters_locked",
    "scheduled",
    "published",
    "in_session",
    "complete",
    "computed",
    "confirmed",
    "voted",
    "released",
    "public_notice",
    "archived",
)


class Round(Base):
    """One review round from draft to archive."""

    __tablename__ = "rounds"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    name: Mapped[str] = mapped_column(String(128), unique=True)
    organisation: Mapped[str] = mapped_column(String(128), default="")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    settings: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Only what differs from the defaults of ``services.settings``."""
    rubric: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    made_at: Mapped[datetime] = mapped_column(Moment)
    rehearsal_of: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    """A rehearsal (演练) names the round it was copied from; it is a round of its own."""
    row_version: Mapped[int] = mapped_column(default=1)
    directions: Mapped[list[Direction]] = relationship(order_by="Direction.position", back_populates="round")
    rooms: Mapped[list[Room]] = relationship(order_by="Room.position", back_populates="round")
    sessions: Mapped[list[Session]] = relationship(order_by="Session.start", back_populates="round")

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class RubricVersion(Base):
    """One saved wording of a round's rubric: of the defence, or of the papers' review."""

    __tablename__ = "rubrics"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "version"),
        CheckConstraint("kind IN ('defence', 'papers')", name="kind"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64), default="")
    """Empty for what the round began with."""


class Direction(Base):
    """A professional direction (专业方向) of a round."""

    __tablename__ = "directions"
    __table_args__ = (UniqueConstraint("round_id", "code"), UniqueConstraint("round_id", "name"))

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)
    round: Mapped[Round] = relationship(back_populates="directions")


class Room(Base):
    """A room for defences (答辩室)."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("round_id", "code"), UniqueConstraint("round_id", "name"))

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    waiting_room: Mapped[str] = mapped_column(String(64), default="")
    sessions: Mapped[list[Any] | None] = mapped_column(Document)
    """Codes of the sessions it can be used in; ``None`` is all of them."""
    position: Mapped[int] = mapped_column(default=0)
    round: Mapped[Round] = relationship(back_populates="rooms")


class Session(Base):
    """A half-day (时段): local wall-clock times without a zone."""

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("round_id", "code"), CheckConstraint('start < "end"', name="order"))

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    code: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(32))
    start: Mapped[datetime]
    end: Mapped[datetime]
    breaks: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Pairs of ``YYYY-MM-DDTHH:MM``."""
    round: Mapped[Round] = relationship(back_populates="sessions")


class Answer(Base):
    """What the office answered to an import's question, remembered for the round."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("round_id", "kind", "key"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(256))
    value: Mapped[str] = mapped_column(String(256))


UPLOADS = ("applicants", "experts", "venue", "entry", "schedule")
"""The kinds of uploaded files: three rosters, marks from paper or a tablet's file, a schedule edited in Excel."""


class Import(Base):
    """One uploaded file: looked at first, written when confirmed."""

    __tablename__ = "imports"
    __table_args__ = (CheckConstraint(f"kind IN {UPLOADS}", name="kind"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(String(16))
    filename: Mapped[str] = mapped_column(String(256))
    stored_as: Mapped[str] = mapped_column(String(64))
    """Name inside the data folder's ``uploads``; the SHA-256 of the bytes."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    summary: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
