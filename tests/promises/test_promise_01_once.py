"""Promise 1: one record sent 50 times by 8 clients at once is one row, and 50 equal receipts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.tablet.venue import Client, many_panels, serving
from tests.webapp.small import FULL, record
from webapp.config import Config
from webapp.models import Round, Sheet, SheetRecord
from webapp.services import audit

TIMES, CLIENTS = 50, 8


def at_once(config: Config, rows: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """What the records are answered that one expert's tablets send at once."""
    with serving(config) as server, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [Client(server.port, "E0002") for _ in range(CLIENTS)]
        sent = enumerate(rows)
        return list(pool.map(lambda one: clients[one[0] % CLIENTS].post("/tablet/records", one[1]), sent))


def test_promise_01_fifty_times_by_eight_clients_is_one_row(config: Config) -> None:
    many_panels(config, 1, 2)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        row = record(session.scalars(select(Round)).one(), "A00001", 2, FULL)
    answers = at_once(config, [row] * TIMES)
    assert sorted(status for status, _receipt in answers) == [200] * (TIMES - 1) + [201]
    assert all(receipt == answers[0][1] for _status, receipt in answers)
    with Session(engine) as session:
        assert [r.uuid for r in session.scalars(select(SheetRecord))] == [row["uuid"]]
        assert [s.version for s in session.scalars(select(Sheet))] == [1]
    engine.dispose()


def test_of_different_marks_at_once_one_is_taken_and_every_other_kept(config: Config) -> None:
    """Whoever waits for the sheet reads what the one before has left."""
    many_panels(config, 1, 2)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        round_ = session.scalars(select(Round)).one()
        rows = [record(round_, "A00001", 2, FULL | {"qa": str(n % 25)}) for n in range(TIMES)]
    answers = at_once(config, rows)
    assert sorted(status for status, _document in answers) == [201] + [409] * (TIMES - 1)
    with Session(engine) as session:
        (taken,) = session.scalars(select(SheetRecord).where(SheetRecord.fate == "taken"))
        assert len(session.scalars(select(SheetRecord)).all()) == TIMES
        assert [(s.version, s.hash) for s in session.scalars(select(Sheet))] == [(1, taken.hash)]
        assert list(audit.broken(session)) == []
    engine.dispose()
