"""The day and what comes of it: calls, outcomes, sheets with their history, sign-offs, results."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, DecimalText, Document, Moment
from webapp.models.people import Applicant, Expert

OUTCOMES = ("heard", "absent", "gave_up", "disqualified", "deferred")


class Call(Base):
    """An applicant called in by the panel's secretary; all moments are the server's."""

    __tablename__ = "calls"
    __table_args__ = (UniqueConstraint("round_id", "applicant_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    called_at: Mapped[datetime] = mapped_column(Moment)
    entered_at: Mapped[datetime | None] = mapped_column(Moment)
    talk_at: Mapped[datetime | None] = mapped_column(Moment)
    answers_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    carried: Mapped[int] = mapped_column(default=0)
    """Seconds of the talk that were not used and go to the answers, where the round carries them."""
    applicant: Mapped[Applicant] = relationship()


class Outcome(Base):
    """How one applicant's defence ended. One row a person: the last word; the audit log has the earlier ones."""

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("round_id", "applicant_id"), CheckConstraint(f"kind IN {OUTCOMES}", name="kind"))

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(256), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    applicant: Mapped[Applicant] = relationship()


class Sheet(Base):
    """One expert's marks for one applicant: the version that counts now.

    What another hand entered is ``typed`` and counts once the chair has confirmed it; only then it is ``submitted``.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        UniqueConstraint("round_id", "applicant_id", "expert_id"),
        CheckConstraint("state IN ('draft', 'typed', 'submitted')", name="state"),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_persons"),
        CheckConstraint(
            "state <> 'submitted' OR confirmed_by IS NOT NULL OR substr(entered_by, 1, 7) = 'expert:'",
            name="own_or_two",
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """The sheet id of the protocol: ``R1-P1-A00001-E0001``."""
    panel: Mapped[str] = mapped_column(String(32))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    rubric: Mapped[int] = mapped_column(default=1)
    marks: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Item key to a decimal string, or null for *not scored*."""
    hash: Mapped[str] = mapped_column(String(64), default="")
    entered_by: Mapped[str] = mapped_column(String(64))
    """Who wrote the marks: the expert, or the secretary who typed a paper sheet."""
    confirmed_by: Mapped[str | None] = mapped_column(String(64))
    """The chair who confirmed a typed sheet."""
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    applicant: Mapped[Applicant] = relationship()
    expert: Mapped[Expert] = relationship()


class SheetRecord(Base):
    """Every record a tablet ever sent for a sheet, taken or in conflict: append-only."""

    __tablename__ = "sheet_records"
    __table_args__ = (
        CheckConstraint("fate IN ('taken', 'conflict')", name="fate"),
        CheckConstraint("settled_as IS NULL OR settled_as IN ('kept', 'dropped')", name="settled"),
    )

    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    sheet_key: Mapped[str] = mapped_column(String(64), index=True)
    base_version: Mapped[int]
    version: Mapped[int | None]
    """The sheet's version this record made; empty for a conflict."""
    rubric: Mapped[int]
    marks: Mapped[dict[str, Any]] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64))
    client_time: Mapped[str] = mapped_column(String(40), default="")
    server_time: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    fate: Mapped[str] = mapped_column(String(16))
    settled_as: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[str | None] = mapped_column(String(130))
    """The expert, or the two who decided after the sheet was submitted."""


class Choice(Base):
    """Which of two versions of a submitted sheet counts: one of chair and results officer proposes, the other agrees.

    ``record_id`` is the version to take; empty where what counts now stays.
    """

    __tablename__ = "choices"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'done', 'refused')", name="state"),
        CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="two_persons"),
        CheckConstraint("state = 'asked' OR answered_by IS NOT NULL", name="answered"),
        CheckConstraint("reason <> ''", name="reason"),
        Index(
            "uq_choices_asked",
            "sheet_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
            sqlite_where=text("state = 'asked'"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("sheet_records.id"))
    version: Mapped[int]
    """The sheet's version that was looked at."""
    state: Mapped[str] = mapped_column(String(16), default="asked")
    reason: Mapped[str] = mapped_column(String(256))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str | None] = mapped_column(String(64))
    sheet: Mapped[Sheet] = relationship()
    record: Mapped[SheetRecord | None] = relationship()


class Remark(Base):
    """A comment of one expert on one applicant for the panel's file: append-only, the newest is what is said."""

    __tablename__ = "remarks"

    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    text: Mapped[str] = mapped_column(String(1000))
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    applicant: Mapped[Applicant] = relationship()
    expert: Mapped[Expert] = relationship()


class SittingClosed(Base):
    """A sitting closed by its secretary; a missing sheet needs a reason."""

    __tablename__ = "sittings_closed"
    __table_args__ = (UniqueConstraint("round_id", "panel", "session"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    panel: Mapped[str] = mapped_column(String(32))
    session: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(256), default="")


class PanelSigned(Base):
    """A panel signed off by its chair when its sittings are closed."""

    __tablename__ = "panels_signed"
    __table_args__ = (UniqueConstraint("round_id", "panel"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    panel: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))


class ResultSet(Base):
    """One computation of a round's results: computed, confirmed by another person, released."""

    __tablename__ = "result_sets"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("state IN ('computed', 'confirmed', 'released', 'superseded')", name="state"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> computed_by", name="two_persons"),
        CheckConstraint("state IN ('computed', 'superseded') OR confirmed_by IS NOT NULL", name="confirmed"),
        Index(
            "uq_result_sets_valid",
            "round_id",
            unique=True,
            postgresql_where=text("state IN ('confirmed', 'released')"),
            sqlite_where=text("state IN ('confirmed', 'released')"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="computed")
    settings: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(String(256), default="")
    """Why it was computed again."""
    computed_at: Mapped[datetime] = mapped_column(Moment)
    computed_by: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[str | None] = mapped_column(String(64))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    released_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When another computation took its place, or it was sent back."""
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_why: Mapped[str] = mapped_column(String(256), default="")
    results: Mapped[list[Result]] = relationship(order_by="Result.id", cascade="all, delete-orphan")


class Result(Base):
    """One applicant's result in a set; ``raw`` is empty where there is none, and ``note`` says why."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("set_id", "applicant_id"),)

    set_id: Mapped[int] = mapped_column(ForeignKey("result_sets.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    panel: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[str] = mapped_column(String(16))
    raw: Mapped[Decimal | None] = mapped_column(DecimalText)
    k: Mapped[Decimal | None] = mapped_column(DecimalText)
    final: Mapped[Decimal | None] = mapped_column(DecimalText)
    rank: Mapped[int | None]
    valid_sheets: Mapped[int] = mapped_column(default=0)
    papers: Mapped[Decimal | None] = mapped_column(DecimalText)
    """The confirmed mark of the papers' review."""
    together: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Papers and defence by the round's weights, where it sets any."""
    dropped: Mapped[list[Any]] = mapped_column(Document, default=list)
    """What was trimmed: ``[expert code]`` or ``[expert code, item key]``."""
    sheets: Mapped[list[Any]] = mapped_column(Document, default=list)
    """The sheets used: ``{"expert", "key", "version", "hash", "total", "marks"}``: the result is explained for good."""
    uncounted: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Members of the panel without a sheet that counts: ``{"expert", "why", "reason"}``."""
    note: Mapped[str] = mapped_column(String(256), default="")
    applicant: Mapped[Applicant] = relationship(lazy="joined", innerjoin=True)
