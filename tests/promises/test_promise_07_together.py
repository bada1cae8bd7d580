"""Promise 7: read-then-write by six processes at once loses nothing: SQLite immediate, PostgreSQL by versions."""

from __future__ import annotations

import os
import subprocess
import sys

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.config import Config
from webapp.migrate import upgrade
from webapp.models import Round
from webapp.services import rounds

PROCESSES, EACH = 6, 200 if "SOAK" in os.environ else 15
COUNTS = """
import sys
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
import webapp.db
from webapp.models import Round
engine = create_engine(sys.argv[1])
done = 0
while done < int(sys.argv[2]):
    with Session(engine) as session:
        round_ = session.get_one(Round, 1)
        round_.settings = {**round_.settings, "n": round_.settings.get("n", 0) + 1}
        try:
            session.commit()
            done += 1
        except StaleDataError:
            session.rollback()
"""


def test_nothing_is_lost(config: Config) -> None:
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        rounds.create(session, OFFICE, clock, "批次")
        session.commit()
        command = [sys.executable, "-c", COUNTS, config.database_url, str(EACH)]
        running = [subprocess.Popen(command) for _n in range(PROCESSES)]
        assert [one.wait(280) for one in running] == [0] * PROCESSES
        session.expire_all()
        assert session.get_one(Round, 1).settings["n"] == PROCESSES * EACH
    engine.dispose()
