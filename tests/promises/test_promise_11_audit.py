"""Promise 11: one changed byte in 200,000 entries is found and named in under 30 s; a cut tail by a printed head."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, insert, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.webapp.databases import unguarded
from tests.webapp.small import OFFICE, clock, published_round
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import AuditEntry, AuditPayload, Round
from webapp.services import audit, rounds
from webapp.services.kernel import Actor

MANY = 200_000 if "SOAK" in os.environ else 20_000
COLUMNS = ("at", "actor", "role", "act", "object", "payload_hash", "previous", "hash")


@dataclass
class Log:
    """A long log without its guards."""

    config: Config
    session: Session


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    config = from_environment(tmp_path_factory.mktemp("log"), testing=True)
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        unguarded(session)
        _fill(session)
        yield Log(config, session)
    engine.dispose()


def _fill(session: Session) -> None:
    entries, payloads, previous = [], [], audit.START
    for n in range(1, MANY + 1):
        at = datetime(2026, 12, 5, tzinfo=UTC) + timedelta(seconds=n)
        sides = [None, {"state": "submitted", "n": n, "who": "张三"}]
        entry = {"id": n, "at": at, "actor": f"expert:E{n % 900:04d}", "role": "expert", "round_id": 1 + n % 3}
        entry |= {"act": "sheet.submit", "object": f"R1-P1-A{n:05d}-E0001", "previous": previous}
        entry["payload_hash"] = audit.digest(audit.canonical(sides))
        previous = entry["hash"] = audit._chain(entry)
        entries.append(entry)
        payloads.append({"entry_id": n, "before": None, "after": sides[1]})
    for at in range(0, MANY, 5000):
        session.execute(insert(AuditEntry), entries[at : at + 5000])
        session.execute(insert(AuditPayload), payloads[at : at + 5000])
    session.commit()


@pytest.mark.parametrize("column", [*COLUMNS, "before", "after"])
def test_one_changed_byte_is_found_and_named(log: Log, column: str) -> None:
    chance, session = random.Random(column), log.session
    n = chance.randrange(2, MANY)
    table, key = ("audit_payloads", "entry_id") if column in ("before", "after") else ("audit_log", "id")
    query = f"SELECT CAST({column} AS TEXT) FROM {table} WHERE {key} = {n}"
    old = str(session.scalar(text(query)))
    place = chance.randrange(len(old))
    new = old[:place] + ("x" if old[place] != "x" else "y") + old[place + 1 :]
    session.execute(text(f"UPDATE {table} SET {column} = :new WHERE {key} = {n}"), {"new": new})
    started = time.monotonic()
    wrong = list(audit.broken(session))
    assert time.monotonic() - started < 30 * (10 if MANY < 200_000 else 1), "named in time"
    session.rollback()
    assert 1 <= len(wrong) <= 2
    assert f"审计记录 {n} " in wrong[0]


def test_a_row_that_was_taken_out_or_put_in_is_named(log: Log) -> None:
    session = log.session
    session.execute(text("DELETE FROM audit_payloads WHERE entry_id = 70"))
    session.execute(text("DELETE FROM audit_log WHERE id = 70"))
    assert [w.split()[1] for w in audit.broken(session)] == ["71"]
    session.rollback()
    session.execute(text("PRAGMA defer_foreign_keys = ON"))  # its payload stays where it was
    session.execute(text("UPDATE audit_log SET id = -1 WHERE id = 5"))
    assert len(list(audit.broken(session))) >= 2
    session.rollback()
    session.execute(text("DELETE FROM audit_payloads WHERE entry_id = 9"))
    assert [w.split()[1] for w in audit.broken(session)] == ["9"], "erased without a record"
    session.rollback()


def test_a_cut_tail_is_found_by_a_printed_head(log: Log) -> None:
    session, printed = log.session, audit.head(log.session)
    middle = session.scalar(text(f"SELECT hash FROM audit_log WHERE id = {MANY // 2}"))
    session.execute(text(f"DELETE FROM audit_payloads WHERE entry_id > {MANY // 2}"))
    session.execute(text(f"DELETE FROM audit_log WHERE id > {MANY // 2}"))
    assert list(audit.broken(session)) == [], "what is left is a whole chain"
    assert audit.knows(session, printed) is None
    assert audit.knows(session, f" {str(middle).upper()} ") == MANY // 2
    assert audit.knows(session, f"{middle[:8]} {middle[8:16]}") == MANY // 2, "as much as a signed page shows"
    assert [audit.knows(session, text_) for text_ in (middle[:15], "%" * 16, "", "0" * 16)] == [None, None, None, 0]
    session.commit()
    rostrum = [str(Path(sys.executable).with_name("rostrum")), "audit", "--data", str(log.config.data)]
    for head, status in ((printed, 1), (str(middle), 0)):
        done = subprocess.run([*rostrum, "--head", head], capture_output=True, text=True, check=False)
        assert (done.returncode, "截掉" in done.stdout) == (status, status == 1), done.stdout + done.stderr


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET actor = 'x' WHERE id = 1",
        "DELETE FROM audit_log WHERE id = 1",
        "INSERT INTO audit_log (id, at, actor, role, act, object, payload_hash, previous, hash)"
        " SELECT 900, at, actor, role, act, object, payload_hash, previous, 'other' FROM audit_log WHERE id = 1",
        "UPDATE audit_payloads SET after = '{}' WHERE entry_id = 1",
    ],
)
def test_the_database_itself_refuses(session: Session, round_: Round, change: str) -> None:
    session.commit()
    with pytest.raises(DatabaseError, match=r"append-only|follows the last"):
        session.execute(text(change))


def test_replacing_is_no_way_around_the_guards(tmp_path: Path) -> None:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        published_round(session)
        session.commit()
        for way in ("INSERT OR REPLACE", "REPLACE"):
            with pytest.raises(DatabaseError, match="follows the last one"):
                session.execute(text(f"{way} INTO audit_log SELECT * FROM audit_log WHERE id = 1"))
            session.rollback()
    engine.dispose()


def test_payloads_are_erased_and_the_chain_holds(session: Session, round_: Round) -> None:
    other = rounds.create(session, OFFICE, clock, "另一批次")
    session.flush()
    rounds.change_settings(session, OFFICE, clock, other, {"panel_size": "7"})
    session.commit()
    head, n = audit.head(session), audit.erase(session, Actor("office", "office"), clock, round_.id)
    session.commit()
    assert n > 0
    assert list(audit.broken(session)) == []
    assert audit.knows(session, head) is not None
    said = " ".join(str(after) for after in session.scalars(text("SELECT after FROM audit_payloads")))
    assert "panel_size" in said, "the other round keeps its own"
    assert '"state"' not in said or "published" not in said
    rounds.change_settings(session, OFFICE, clock, other, {"panel_size": "9"})
    session.commit()
    assert list(audit.broken(session)) == [], "it goes on"


def test_many_writers_at_once_make_one_chain(config: Config) -> None:
    """Each follows the one before it, whoever waits for whom and whatever was read before the wait."""
    upgrade(config)
    engine = create_engine(config.database_url)

    def write(writer: int) -> None:
        for n in range(25):
            with Session(engine) as session, session.begin():
                audit.head(session)
                audit.record(session, Actor("office", "office"), clock, "writer", f"{writer}/{n}", after={"n": n})

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, range(4))) == [None] * 4
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 100
        assert list(audit.broken(session)) == []
    engine.dispose()
