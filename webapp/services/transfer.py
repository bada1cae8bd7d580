"""All rows of one database into another, empty one: from a laptop's SQLite to a server's PostgreSQL and back.

Values go through the same column types on both sides, so that a moment, a decimal and a document arrive as they were;
ids stay, so that the audit chain and everything that names a row stays true. One snapshot is read, one transaction
writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, func, insert, select

from webapp.config import Config
from webapp.migrate import upgrade
from webapp.models import Base
from webapp.services.kernel import Refused

AT_ONCE = 2000
"""Rows written with one statement."""


def copy(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row; table → how many. Both must be at the newest migration, the target without a row.

    Raises:
        Refused: the target holds data already.
    """
    with _snapshot(source) as read, target.begin() as write:
        if filled := [table.name for table in tables() if write.execute(select(table).limit(1)).first()]:
            raise Refused("目标数据库里已有数据（%(table)s）。请换一个空的数据库。", table=filled[0])
        counts = {table.name: sum(_pour(read, write, table)) for table in tables()}
        for table in tables():
            _number_on(write, table)
    return counts


def tables() -> list[Table]:
    """All tables, each after those it points at."""
    return Base.metadata.sorted_tables


def _snapshot(source: Engine) -> Connection:
    """A connection that sees one moment of the whole database."""
    connection = source.connect()
    if source.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", stream_results=True)
    return connection.execution_options(rostrum_read=True)


def _pour(read: Connection, write: Connection, table: Table) -> Iterator[int]:
    """Rows by the thousand; how many each time."""
    found = read.execute(select(table).order_by(table.c.id)).mappings()
    for part in found.partitions(AT_ONCE):
        write.execute(insert(table), [dict(row) for row in part])
        yield len(part)


def _number_on(write: Connection, table: Table) -> None:
    """The next id follows the last one that came."""
    if write.dialect.name == "postgresql":
        last = select(func.max(table.c.id)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, "id")
        write.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


def _with_file(file: Path, act: Callable[[Engine], dict[str, int]]) -> dict[str, int]:
    """Do something with the database in a file, brought to the newest migration."""
    config = Config(file.parent, f"sqlite:///{file.absolute()}")
    upgrade(config)
    engine = create_engine(config.database_url)
    try:
        return act(engine)
    finally:
        engine.dispose()


def into_file(source: Engine, file: Path) -> dict[str, int]:
    """Everything as one SQLite file at the newest migration: what a server's data are moved by."""
    return _with_file(file, lambda opened: copy(source, opened))


def out_of_file(file: Path, target: Engine) -> dict[str, int]:
    """Everything of such a file (a laptop's backup is one) into an empty database."""
    return _with_file(file, lambda opened: copy(opened, target))
