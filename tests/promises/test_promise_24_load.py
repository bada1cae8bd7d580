"""Promise 24 in a short form: every record has its receipt, nothing fails. The times are ``make load``'s."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from tests.load import servers
from tests.load.people import day
from tests.load.ratio import measure
from tests.load.venue import furnish, solving
from tests.load.web import Times
from tests.webapp.databases import postgresql
from webapp.config import Config, from_environment
from webapp.models import AuditEntry, SheetRecord

HANGING = 20_000
"""Milliseconds: a limit against hanging on a busy machine, no promise."""


def test_a_laptop_with_its_solver_running(tmp_path: Path) -> None:
    config = from_environment(tmp_path)
    venue = furnish(config, 4)
    with servers.rostrum(config) as web, solving(config, 10):
        times, saved = asyncio.run(day(venue, web.port, seconds=6, every=2, tablets=20, people=3))
    assert whole(config, times) == saved


def test_a_server_with_two_processes(tmp_path: Path) -> None:
    with postgresql() as url:
        config = replace(from_environment(tmp_path), database_url=url)
        venue = furnish(config, 4)
        with servers.rostrum(config, "--processes", "2", "--no-worker") as web:
            times, saved = asyncio.run(day(venue, web.port, seconds=6, every=2, tablets=20, people=3))
        assert whole(config, times) == saved


@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
def test_the_ratio_counts_submissions_that_are_there(tmp_path: Path, postgres: bool) -> None:
    with postgresql() if postgres else nullcontext("") as url:
        config = from_environment(tmp_path)
        config = replace(config, database_url=url or config.database_url)
        venue = furnish(config, 2)
        with servers.rostrum(config, "--no-worker") as web, servers.bare(config.database_url) as bare:
            ratio = asyncio.run(measure(venue, web, bare, 1, 40))
        assert not ratio.errors
        assert 0 < ratio.share < 5
        assert rows(config, AuditEntry.act == "sheet.submit") == 2 * 40, "a turn that does not count, and one that does"


def whole(config: Config, times: Times) -> int:
    """How many records there are; every receipt is for one of them."""
    assert not times.errors
    assert len(times.seconds["save"]) >= 20
    assert times.share(0.95) < HANGING
    return rows(config)


def rows(config: Config, *acts: object) -> int:
    """How many records, or audit entries of an act, the database has."""
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        query = select(func.count()).select_from(AuditEntry if acts else SheetRecord).where(*acts)  # type: ignore[arg-type]
        found = connection.scalar(query) or 0
    engine.dispose()
    return found
