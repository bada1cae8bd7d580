"""Promise 1: one record sent 50 times by 8 clients at once is one row, and 50 equal receipts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.tablet.venue import Client, config_in, many_panels, serving
from tests.webapp.small import FULL, record
from webapp.models import Round, Sheet, SheetRecord

TIMES, CLIENTS = 50, 8


def test_promise_01_fifty_times_by_eight_clients_is_one_row(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    many_panels(config, 1, 2)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        row = record(session.scalars(select(Round)).one(), "A00001", 2, FULL)
    with serving(config) as server, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [Client(server.port, "E0002") for _ in range(CLIENTS)]
        answers = list(pool.map(lambda n: clients[n % CLIENTS].post("/tablet/records", row), range(TIMES)))
    assert sorted(status for status, _receipt in answers) == [200] * (TIMES - 1) + [201]
    assert all(receipt == answers[0][1] for _status, receipt in answers)
    with Session(engine) as session:
        assert [r.uuid for r in session.scalars(select(SheetRecord))] == [row["uuid"]]
        assert [s.version for s in session.scalars(select(Sheet))] == [1]
    engine.dispose()
