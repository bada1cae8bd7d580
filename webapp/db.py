"""The database's engine: what makes SQLite safe, and the one Flask-SQLAlchemy object.

Every SQLite connection runs WAL with ``synchronous=FULL`` and foreign keys. A writing transaction begins with
``BEGIN IMMEDIATE``: a plain ``BEGIN`` reads first and loses the race for the write lock later. A connection with the
execution option ``rostrum_read`` begins plainly, so that readers do not queue behind writers.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event

from webapp.models import Base

db = SQLAlchemy(metadata=Base.metadata)

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


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
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
