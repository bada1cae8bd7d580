"""The database's engine: what makes SQLite safe, and the one Flask-SQLAlchemy object.

Every SQLite connection runs WAL with ``synchronous=FULL`` and foreign keys. A writing transaction begins with
``BEGIN IMMEDIATE``: a plain ``BEGIN`` reads first and loses the race for the write lock later. A connection with the
execution option ``rostrum_read`` begins plainly, so that readers do not queue behind writers.
"""

from __future__ import annotations

import errno
import sqlite3
import time
from collections import defaultdict
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Pool, event
from sqlalchemy.exc import DisconnectionError

from webapp.models import Base
from webapp.turns import Turns

db = SQLAlchemy(metadata=Base.metadata)

PATIENCE = 15
"""Seconds a writer waits for the one before."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={1000 * PATIENCE}")
FRESH = 5.0
"""Seconds a connection may lie in the pool before it is asked whether it still lives: each time would cost a tenth."""
_TURNS: dict[str, Turns] = defaultdict(Turns)
"""Database file → the turns of its writers."""


def trouble(error: Exception) -> str | None:
    """Why database or disk do not take it now: ``full``, ``busy``, ``away``; ``None`` where it is something else."""
    if isinstance(error, OSError):
        return "full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS) else None
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # extended codes carry the plain one in the last byte
    state = getattr(cause, "sqlstate", None) or ""
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY) or state == "53100":
        return "full"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in ("55P03", "40P01"):
        return "busy"
    # a statement that is wrong is a fault of ours: SQLite calls it an operational error, too
    return None if code == sqlite3.SQLITE_ERROR else "away"


@event.listens_for(Engine, "do_connect")
def _patience(dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
    """PostgreSQL, too, waits only so long for a lock that somebody else holds."""
    if dialect.name == "postgresql":
        options.setdefault("options", f"-c lock_timeout={PATIENCE}s")


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        reading = connection.get_execution_options().get("rostrum_read")
        if not reading:
            _take_turn(connection)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _take_turn(connection: Connection) -> None:
    file, info = connection.engine.url.database, connection.info
    if file and "turn" not in info and _TURNS[file].take(PATIENCE):
        info["turn"] = _TURNS[file]


@event.listens_for(Pool, "checkout")
def _still_there(connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that lay idle may have been cut: the pool then takes another."""
    now = time.monotonic()
    if isinstance(connection, sqlite3.Connection) or now - record.info.get("back", now) < FRESH:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:  # whatever the driver says of a dead connection
        raise DisconnectionError from error


@event.listens_for(Pool, "checkin")
def _back(_connection: Any, record: Any) -> None:
    record.info["back"] = time.monotonic()


@event.listens_for(Pool, "checkin")
def _give_turn(_connection: Any, record: Any) -> None:
    """The transaction has ended, committed or not."""
    if turn := record.info.pop("turn", None):
        turn.give()
