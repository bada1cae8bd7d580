"""Numbered versions of a schedule, spread over tables so that the database itself refuses a double booking.

Keys of two columns hold a row to the version of what it belongs to: a wrong version would slip past the unique keys.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Document, Moment
from webapp.models.people import Applicant, Expert
from webapp.models.rounds import Room, Session


class ScheduleVersion(Base):
    """One schedule of a round: a draft, or the published one."""

    __tablename__ = "schedule_versions"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("status IN ('draft', 'published', 'superseded')", name="status"),
        Index(
            "uq_schedule_versions_published",
            "round_id",
            unique=True,
            postgresql_where=text("status = 'published'"),
            sqlite_where=text("status = 'published'"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="draft")
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(256), default="")
    instance: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    """The instance JSON as solved: ids are the round's codes. Large, so loaded when it is looked at."""
    document: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    """The schedule JSON with cost, bound, status, seconds; loaded when it is looked at."""
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by: Mapped[str | None] = mapped_column(String(64))
    base: Mapped[int | None]
    """The number of the version it was made from: by hand, or solved again from there."""
    by_hand: Mapped[bool] = mapped_column(default=False)
    """Whether it is edited in place; any other version is left as it was made."""
    revision: Mapped[int] = mapped_column(default=0)
    """Goes up with every edit; who edits names the one that was seen."""
    edits: Mapped[list[DraftEdit]] = relationship(order_by="DraftEdit.position", cascade="all, delete-orphan")
    panels: Mapped[list[Panel]] = relationship(
        order_by="Panel.position", back_populates="version", cascade="all, delete-orphan"
    )

    @hybrid_property
    def published(self) -> bool:
        """Whether this version is in force."""
        return self.status == "published"

    @published.inplace.expression
    @classmethod
    def _published(cls) -> ColumnElement[bool]:
        # As a parameter it would decide whether the index above serves, so SQLite would plan anew at each run.
        return cls.status == literal_column("'published'")


class DraftEdit(Base):
    """One change by hand to a draft: the moves as data, and what it did to the document, so that it can be undone."""

    __tablename__ = "draft_edits"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    position: Mapped[int]
    """1, 2, 3 from the draft's beginning."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    moves: Mapped[list[Any]] = mapped_column(Document)
    """As ``services.moves`` writes them."""
    patch: Mapped[dict[str, Any]] = mapped_column(Document)
    """Panels, applicants' pins and the rest of the document, each as a pair of before and after."""
    undone: Mapped[bool] = mapped_column(default=False)


class Panel(Base):
    """A set of experts with one chair (专家组) in one version."""

    __tablename__ = "panels"
    __table_args__ = (UniqueConstraint("version_id", "code"), UniqueConstraint("id", "version_id"))

    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    code: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    directions: Mapped[list[Any]] = mapped_column(Document)
    """Direction codes."""
    version: Mapped[ScheduleVersion] = relationship(back_populates="panels")
    members: Mapped[list[PanelMember]] = relationship(order_by="PanelMember.id", cascade="all, delete-orphan")
    sittings: Mapped[list[Sitting]] = relationship(
        order_by="Sitting.id", back_populates="panel", cascade="all, delete-orphan"
    )


class PanelMember(Base):
    """An expert on a panel."""

    __tablename__ = "panel_members"
    __table_args__ = (
        UniqueConstraint("panel_id", "expert_id"),
        Index(
            "uq_panel_members_chair",
            "panel_id",
            unique=True,
            postgresql_where=text("chair"),
            sqlite_where=text("chair"),
        ),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    chair: Mapped[bool] = mapped_column(default=False)
    expert: Mapped[Expert] = relationship()


class Sitting(Base):
    """A panel in a room for one session (场次)."""

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("version_id", "session_id", "room_id"),
        UniqueConstraint("panel_id", "session_id"),
        UniqueConstraint("id", "version_id"),
        UniqueConstraint("id", "version_id", "session_id"),
        ForeignKeyConstraint(["panel_id", "version_id"], ["panels.id", "panels.version_id"]),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    panel_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    panel: Mapped[Panel] = relationship(back_populates="sittings")
    session: Mapped[Session] = relationship()
    room: Mapped[Room] = relationship()
    appointments: Mapped[list[Appointment]] = relationship(
        order_by="Appointment.start", back_populates="sitting", cascade="all, delete-orphan"
    )


class SeatHeld(Base):
    """An expert in a session of a version, once: the constraint that forbids two panels at a time."""

    __tablename__ = "seats_held"
    __table_args__ = (
        UniqueConstraint("version_id", "session_id", "expert_id"),
        ForeignKeyConstraint(
            ["sitting_id", "version_id", "session_id"],
            ["sittings.id", "sittings.version_id", "sittings.session_id"],
            ondelete="CASCADE",
        ),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    sitting_id: Mapped[int]


class Appointment(Base):
    """One applicant, one slot of one sitting (答辩安排)."""

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("version_id", "applicant_id"),
        UniqueConstraint("sitting_id", "start"),
        ForeignKeyConstraint(["sitting_id", "version_id"], ["sittings.id", "sittings.version_id"]),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_versions.id"))
    sitting_id: Mapped[int]
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    start: Mapped[datetime]
    sitting: Mapped[Sitting] = relationship(back_populates="appointments")
    applicant: Mapped[Applicant] = relationship()


class Job(Base):
    """A solver job: this row is the truth, the queue's message carries only its id."""

    __tablename__ = "jobs"
    __table_args__ = (CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    options: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """seconds, workers, seed; ``start``: number of the version to go on from; ``task``: ``explain``, else to solve."""
    progress: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """level, cost, bound, elapsed of the last report."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64))
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    heartbeat_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    shared: Mapped[bool] = mapped_column(default=False)
    """Whether other workers may solve parts of it while it runs."""
    error: Mapped[str] = mapped_column(String(512), default="")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_versions.id"))
    answer: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """What an explanation found."""


class Share(Base):
    """A worker's hand for one part of another worker's job; gone when the answer is taken or either of them is dead."""

    __tablename__ = "shares"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'solving', 'answered')", name="state"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    worker: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    heartbeat_at: Mapped[datetime] = mapped_column(Moment)
    """Of the helper."""
    task: Mapped[dict[str, Any]] = mapped_column(Document)
    """instance, schedule, seconds, seed: people by their codes."""
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    """The part's schedule."""
