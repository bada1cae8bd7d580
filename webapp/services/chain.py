"""The two statements an entry of the audit log takes: the head to follow, and entry with payload.

PostgreSQL sends and waits once for each. SQLite, where a writer is alone anyway, locks nothing and writes one after the
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, insert, select

from webapp.models import AuditEntry, AuditPayload

START = "0" * 64
HEAD = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
_LOCKED = select(func.audit_log_head())
"""Migration 0020: one writer of the chain at a time, and what the one before left."""
_ENTRIES, _PAYLOADS = cast("Table", AuditEntry.__table__), cast("Table", AuditPayload.__table__)
_APPEND, _BESIDE = insert(_ENTRIES), insert(_PAYLOADS).inline()


def named(table: Table, *without: str, prefix: str = "") -> dict[str, Any]:
    """A parameter for each column but the id, to be written from inside another statement."""
    columns = [c for c in table.c if c.name not in ("id", *without)]
    return {c.name: bindparam(prefix + c.name, type_=c.type) for c in columns}


_MADE = _APPEND.values(named(_ENTRIES)).returning(_ENTRIES.c.id).cte("made")
_SAID = named(_PAYLOADS, "entry_id")
_BOTH = insert(_PAYLOADS).from_select(["entry_id", *_SAID], select(_MADE.c.id, *_SAID.values())).inline()


def follow(connection: Connection) -> str:
    """The head, which stays it until this transaction ends."""
    shared = connection.dialect.name == "postgresql"
    return connection.execute(_LOCKED if shared else HEAD).scalar() or START


def append(connection: Connection, entry: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    """Write an entry and its payload."""
    if connection.dialect.name == "postgresql":
        connection.execute(_BOTH, {**entry, **payload})
        return
    made = cast("Any", connection.execute(_APPEND, entry)).inserted_primary_key
    connection.execute(_BESIDE, {"entry_id": made[0], **payload})
