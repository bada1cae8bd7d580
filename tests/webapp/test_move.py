"""A laptop's round to a server and back: every row, the audit head, and life goes on there."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

from tests.webapp.small import NOW, clock, hear, published_round, submit
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import Round
from webapp.services import audit, backups, transfer
from webapp.services.kernel import Refused

Rows = dict[str, list[dict[str, Any]]]


def rows(session: Session) -> Rows:
    return {
        table.name: [dict(row) for row in session.execute(select(table).order_by(table.c.id)).mappings()]
        for table in transfer.tables()
    }


@pytest.fixture
def server(tmp_path: Path, postgres_url: str) -> Config:
    """An empty PostgreSQL database at the newest migration."""
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    config = replace(from_environment(tmp_path / "server", testing=True), database_url=postgres_url)
    upgrade(config)
    return config


def lived(config: Config) -> tuple[Rows, str]:
    """A round with marks; its rows and audit head."""
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        round_ = published_round(session)
        hear(session, round_, "A00001")
        submit(session, round_, "A00001", 1)
        session.commit()
        found = rows(session), audit.head(session)
    engine.dispose()
    return found


def test_to_the_server_and_back(tmp_path: Path, server: Config) -> None:
    before, head = lived(from_environment(tmp_path / "laptop"))
    engine = create_engine(server.database_url)
    counts = transfer.out_of_file(tmp_path / "laptop" / "rostrum.sqlite3", engine)
    assert counts == {name: len(found) for name, found in before.items()}
    with Session(engine) as session:
        assert rows(session) == before
        assert (audit.head(session), list(audit.broken(session))) == (head, [])
        submit(session, session.scalars(select(Round)).one(), "A00001", 2)  # the server goes on where the laptop ended
        session.commit()
        after, later = rows(session), audit.head(session)
    assert len(after["sheets"]) == len(before["sheets"]) + 1
    transfer.into_file(engine, tmp_path / "back" / "data.sqlite3")
    engine.dispose()
    back = create_engine(f"sqlite:///{tmp_path}/back/data.sqlite3")
    with Session(back) as session:
        assert rows(session) == after
        assert (audit.head(session), list(audit.broken(session))) == (later, [])
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").first() is None
    back.dispose()


def test_never_onto_other_data(tmp_path: Path, server: Config) -> None:
    lived(from_environment(tmp_path / "laptop"))
    engine = create_engine(server.database_url)
    with engine.begin() as connection:
        table = next(t for t in transfer.tables() if t.name == "login_failures")
        connection.execute(insert(table).values(account="x", address="y", at=NOW))
    with pytest.raises(Refused, match="已有数据"):
        transfer.out_of_file(tmp_path / "laptop" / "rostrum.sqlite3", engine)
    with Session(engine) as session:
        assert sum(map(len, rows(session).values())) == 1
    engine.dispose()


def test_a_laptops_backup_is_put_back_on_an_empty_server_and_on_no_other(tmp_path: Path, server: Config) -> None:
    laptop = from_environment(tmp_path / "laptop", testing=True)
    before = lived(laptop)
    laptop.uploads.mkdir()
    (laptop.uploads / hashlib.sha256(b"A").hexdigest()).write_bytes(b"A")
    made = backups.make(laptop, clock, tmp_path / "usb").path
    manifest, wrong = backups.restore(server, clock, made)
    engine = create_engine(server.database_url)
    with Session(engine) as session:
        assert (rows(session), audit.head(session)) == before
    engine.dispose()
    assert (manifest["audit_head"], wrong) == (before[1], [])
    assert server.secret_key() == laptop.secret_key()
    assert [path.read_bytes() for path in server.uploads.iterdir()] == [b"A"]
    with pytest.raises(Refused, match="已有数据"):
        backups.restore(server, clock, made)
    back = backups.make(server, clock, tmp_path / "usb2").path
    with pytest.raises(Refused, match="rostrum move -o"):
        backups.restore(from_environment(tmp_path / "other", testing=True), clock, back)
