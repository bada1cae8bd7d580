"""The audit log: append-only (by trigger) and chained by hashes from a start record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, ForeignKey, String, event
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
    """What an act changed, apart from the chain: it can be erased and the chain still verifies."""

    __tablename__ = "audit_payloads"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), unique=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)


APPEND_ONLY_SQLITE = [
    f"CREATE TRIGGER audit_log_no_{verb} BEFORE {verb} ON audit_log "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for verb in ("update", "delete")
]
APPEND_ONLY_POSTGRESQL = [
    "CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log "
    "FOR EACH ROW EXECUTE FUNCTION audit_log_append_only()",
]
for dialect, statements in (("sqlite", APPEND_ONLY_SQLITE), ("postgresql", APPEND_ONLY_POSTGRESQL)):
    for statement in statements:
        rule = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", rule)
