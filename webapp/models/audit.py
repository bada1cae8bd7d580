"""The audit log: append-only (the migrations' triggers see to it) and chained by hashes from a start record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Document, Moment


class AuditEntry(Base):
    """One act. ``hash`` covers the row, the hash of its payload and the entry before."""

    __tablename__ = "audit_log"

    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    round_id: Mapped[int | None]
    act: Mapped[str] = mapped_column(String(48))
    object: Mapped[str] = mapped_column(String(96), default="")
    payload_hash: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditPayload(Base):
    """What an act changed, apart from the chain: it can be erased, never changed, and the chain still verifies."""

    __tablename__ = "audit_payloads"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), unique=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)
