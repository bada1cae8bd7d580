"""The end of an end-to-end test: everything that always holds of the data holds (promise 23)."""

from __future__ import annotations

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from webapp.config import Config
from webapp.services import invariants


def assert_whole(config: Config) -> None:
    """No invariant of the database is broken."""
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            wrong = [f"{name}: {said}" for name, said in invariants.broken(session, config.uploads)]
    finally:
        engine.dispose()
    assert not wrong, "\n".join(wrong)
