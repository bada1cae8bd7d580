"""Beside the defence's marks: the papers' review, a panel's opinion and questions, the committee's vote and meeting."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, DecimalText, Document, Moment
from webapp.models.people import Applicant


class Review(Base):
    """The mark of one applicant's papers (材料评审分), of either level: typed by one person, confirmed by another."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("round_id", "applicant_id"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_persons"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    marks: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Item key to a decimal string."""
    total: Mapped[Decimal] = mapped_column(DecimalText)
    entered_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[str | None] = mapped_column(String(64))
    row_version: Mapped[int] = mapped_column(default=1)
    applicant: Mapped[Applicant] = relationship()

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class Note(Base):
    """A panel's opinion (答辩意见) and record of questions (答辩记录): the secretary writes, the chair signs."""

    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("round_id", "applicant_id"),
        CheckConstraint("signed_by IS NULL OR signed_by <> written_by", name="two_persons"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    panel: Mapped[str] = mapped_column(String(32))
    opinion: Mapped[str] = mapped_column(String(2000), default="")
    questions: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Pairs of question and answer."""
    written_at: Mapped[datetime] = mapped_column(Moment)
    written_by: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_by: Mapped[str | None] = mapped_column(String(64))
    returned: Mapped[str | None] = mapped_column(String(200))
    """What the chair wants changed, maybe without words, until the secretary has written anew."""
    row_version: Mapped[int] = mapped_column(default=1)
    applicant: Mapped[Applicant] = relationship()

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class Ballot(Base):
    """The committee's secret vote (表决) on one applicant, in whole votes; every expert present casts one."""

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("round_id", "applicant_id"),
        CheckConstraint("present >= 1", name="present"),
        CheckConstraint("votes_for >= 0 AND against >= 0 AND abstain >= 0 AND spoiled >= 0", name="counts"),
        CheckConstraint("votes_for + against + abstain + spoiled = present", name="sum"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    present: Mapped[int]
    votes_for: Mapped[int]
    against: Mapped[int]
    abstain: Mapped[int]
    spoiled: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(Moment)
    written_by: Mapped[str] = mapped_column(String(64))
    row_version: Mapped[int] = mapped_column(default=1)
    applicant: Mapped[Applicant] = relationship()

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class Meeting(Base):
    """The committee's meeting: what its minutes say beside the votes."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("round_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    held_at: Mapped[str] = mapped_column(String(64), default="")
    """Day and time as the office writes them."""
    place: Mapped[str] = mapped_column(String(128), default="")
    chair: Mapped[str] = mapped_column(String(64), default="")
    recorder: Mapped[str] = mapped_column(String(64), default="")
    invited: Mapped[int | None]
    members: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Names of those present."""
    opinion: Mapped[str] = mapped_column(String(4000), default="")
    other: Mapped[str] = mapped_column(String(2000), default="")
    written_at: Mapped[datetime] = mapped_column(Moment)
    written_by: Mapped[str] = mapped_column(String(64))
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012
