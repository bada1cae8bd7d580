"""How an entry of the audit log is hung onto the one before, and what is written with it.

PostgreSQL sends and waits once for each statement, and whoever appends holds up everybody else who would until the work
is committed. So there it is one: it writes what the entry is about, locks the chain, reads its head, hangs the entry
onto it and writes the payload. SQLite, where a writer is alone anyway, does one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, FromClause, Insert, String, Table, bindparam, func, insert, select

from webapp.models import AuditEntry, AuditPayload

START = "0" * 64
HEAD = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
_LOCKED = select(func.coalesce(func.audit_log_head(), START).label("hash"))
"""Migration 0020: one writer of the chain at a time, and what the one before left."""
_ENTRIES, _PAYLOADS = cast("Table", AuditEntry.__table__), cast("Table", AuditPayload.__table__)
_APPEND, _PAYLOAD = insert(_ENTRIES), insert(_PAYLOADS).inline()


@dataclass(frozen=True)
class Beside:
    """What is written by the entry's statement, before the chain is locked: everybody locks that last."""

    rows: FromClause | None = None
    """What it returns: the lock is taken when it is read."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Its parameters."""


NOTHING = Beside()


def linked(previous: str, said: str) -> str:
    """The hash of an entry that says this, behind the one of that hash: SHA-256 of both with a line break between."""
    return hashlib.sha256(f"{previous}\n{said}".encode()).hexdigest()


def _linked(previous: ColumnElement[str], said: ColumnElement[str]) -> ColumnElement[str]:
    return func.encode(func.sha256(func.convert_to(previous + "\n" + said, "UTF8")), "hex")


def named(table: Table, *without: str, prefix: str = "") -> dict[str, Any]:
    """A parameter for each column but the id, to be written from inside another statement."""
    columns = [c for c in table.c if c.name not in ("id", *without)]
    return {c.name: bindparam(prefix + c.name, type_=c.type) for c in columns}


def append(
    connection: Connection, entry: Mapping[str, Any], said: str, payload: Mapping[str, Any], beside: Beside
) -> None:
    """Write an entry that says this, and its payload, behind the last one."""
    if connection.dialect.name == "postgresql":
        own = {f"entry_{name}": value for name, value in (*entry.items(), *payload.items(), ("said", said))}
        if connection.execute(_in_one(beside.rows), {**beside.values, **own}).rowcount != 1:
            raise RuntimeError("what the entry is about is not there to be written")
        return
    previous = connection.execute(HEAD).scalar() or START
    made = connection.execute(_APPEND, {**entry, "previous": previous, "hash": linked(previous, said)})
    connection.execute(_PAYLOAD, {"entry_id": cast("Any", made).inserted_primary_key[0], **payload})


@lru_cache
def _in_one(rows: FromClause | None) -> Insert:
    head = (_LOCKED if rows is None else _LOCKED.select_from(rows)).cte("head")
    entry = named(_ENTRIES, "previous", "hash", prefix="entry_")
    linked = head.c.hash, _linked(head.c.hash, bindparam("entry_said", type_=String))
    made = insert(_ENTRIES).from_select([*entry, "previous", "hash"], select(*entry.values(), *linked))
    number = made.returning(_ENTRIES.c.id).cte("made").c.id
    payload = named(_PAYLOADS, "entry_id", prefix="entry_")
    beside = insert(_PAYLOADS).from_select(["entry_id", *payload], select(number, *payload.values())).inline()
    return beside.execution_options(preserve_rowcount=True)
