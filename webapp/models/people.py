"""Applicants and experts of a round, who must not meet whom, and which names mean one employer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from webapp.models.base import Base, Document, Moment
from webapp.models.rounds import Direction
from webapp.spelling import LONGEST, spelled

STANDINGS = ("pool", "asked", "confirmed", "declined", "substitute")
"""How far an expert is asked: not yet, asked, confirmed, declined, a substitute who waits."""
REASONS = ("夫妻", "直系血亲", "三代以内旁系血亲", "姻亲", "师生", "同单位", "其他")
"""Why two must not meet."""
ALIAS_KINDS = ("full", "short", "old", "group", "branch", "insured", "spelling", "other")
"""What another name of an employer is."""


class _Spelled:
    """Somebody whose name is also kept in pinyin, to search and sort by."""

    @validates("name")
    def _spell(self, _key: str, name: str) -> str:
        self.spelled = spelled(name)
        return name


class Applicant(_Spelled, Base):
    """Somebody who applies: senior ones are heard, intermediate ones are kept for the review of papers only."""

    __tablename__ = "applicants"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        CheckConstraint("level IN ('senior', 'intermediate')", name="level"),
        Index(
            "uq_applicants_id_no",
            "round_id",
            "id_no",
            unique=True,
            postgresql_where=text("id_no <> ''"),
            sqlite_where=text("id_no <> ''"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    code: Mapped[str] = mapped_column(String(16))
    """The id of public lists and lots; kept from the first import on."""
    roster_no: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(64))
    spelled: Mapped[str] = mapped_column(String(LONGEST), default="")
    employer: Mapped[str] = mapped_column(String(128))
    level: Mapped[str] = mapped_column(String(16))
    direction_id: Mapped[int] = mapped_column(ForeignKey("directions.id"))
    title: Mapped[str] = mapped_column(String(64), default="")
    id_no: Mapped[str] = mapped_column(String(32), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    insured_unit: Mapped[str] = mapped_column(String(128), default="")
    details: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """The roster's other columns by key: sex, birth, edu, school, major, cur_title, cur_date, county and so on."""
    unavailable: Mapped[list[Any]] = mapped_column(Document, default=list)
    """Pairs of ``YYYY-MM-DDTHH:MM``."""
    pin: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Any of ``session``, ``room`` (codes) and ``start``."""
    row_version: Mapped[int] = mapped_column(default=1)
    direction: Mapped[Direction] = relationship()

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class Expert(_Spelled, Base):
    """Somebody who may sit on panels."""

    __tablename__ = "experts"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        Index(
            "uq_experts_id_no",
            "round_id",
            "id_no",
            unique=True,
            postgresql_where=text("id_no <> ''"),
            sqlite_where=text("id_no <> ''"),
        ),
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    spelled: Mapped[str] = mapped_column(String(LONGEST), default="")
    employer: Mapped[str] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(String(64), default="")
    post: Mapped[str] = mapped_column(String(64), default="")
    may_chair: Mapped[bool] = mapped_column(default=False)
    max_sessions: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(32), default="")
    id_no: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(String(256), default="")
    strengths: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Direction code to strength 1 to 3."""
    available: Mapped[list[Any] | None] = mapped_column(Document)
    """Session codes; ``None`` is every session."""
    availability_text: Mapped[str] = mapped_column(String(256), default="")
    standing: Mapped[str] = mapped_column(String(16), default="pool")
    promised_on: Mapped[date | None]
    """When the commitment (承诺书) was signed."""
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012

    @property
    def serves(self) -> bool:
        """Whether a schedule may call this expert: not one who declined, not a substitute who only waits."""
        return self.standing not in ("declined", "substitute")


class Recusal(Base):
    """Who must not hear whom (回避): one expert or one applicant lists a person or an employer, with the reason.

    ``side`` says who lists: ``expert`` (applicant_id or employer filled), ``applicant`` (expert_id or employer
    filled), ``day`` (both filled: ordered or declared on the day; the sheet falls away).
    """

    __tablename__ = "recusals"
    __table_args__ = (
        CheckConstraint("side IN ('expert', 'applicant', 'day')", name="side"),
        Index("ix_recusals_pair", "applicant_id", "expert_id"),  # every mark handed in asks for its pair
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    side: Mapped[str] = mapped_column(String(16))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"))
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicants.id"))
    employer: Mapped[str | None] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(64), default="")
    """As written in the roster; where it matches nobody, expert_id and applicant_id of the named one stay empty."""
    reason: Mapped[str] = mapped_column(String(64), default="其他")
    expert: Mapped[Expert | None] = relationship()
    applicant: Mapped[Applicant | None] = relationship()


class EmployerAlias(Base):
    """Another name of an employer, confirmed by the office. An employer is never itself an alias of another."""

    __tablename__ = "employer_aliases"
    __table_args__ = (UniqueConstraint("round_id", "alias"), CheckConstraint(f"kind IN {ALIAS_KINDS}", name="kind"))

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    alias: Mapped[str] = mapped_column(String(128))
    employer: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16), default="other")


class Apart(Base):
    """Two that look alike and are not the same, as the office decided: they are not proposed again.

    ``kind`` is ``employers`` (two names, the lesser first) or ``people`` (two codes, of applicants or experts).
    """

    __tablename__ = "apart"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "one", "other"),
        CheckConstraint("kind IN ('employers', 'people')", name="kind"),
        CheckConstraint("one < other", name="order"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(String(16))
    one: Mapped[str] = mapped_column(String(128))
    other: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(256), default="")


class ExpertDraw(Base):
    """A draw of whom to ask from the pool. As with lots the secret stays in the office's hands until it is revealed."""

    __tablename__ = "expert_draws"
    __table_args__ = (
        CheckConstraint("drawn_at IS NOT NULL OR secret = ''", name="sealed"),
        Index(
            "uq_expert_draws_open",
            "round_id",
            unique=True,
            postgresql_where=text("drawn_at IS NULL"),
            sqlite_where=text("drawn_at IS NULL"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    asked: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Direction code → how many are drawn."""
    commitment: Mapped[str] = mapped_column(String(64))
    digits: Mapped[str] = mapped_column(String(64), default="")
    secret: Mapped[str] = mapped_column(String(200), default="")
    order: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Direction code → its specialists in drawn order; the first are asked."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)
