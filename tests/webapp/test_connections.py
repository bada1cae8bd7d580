"""Connections to PostgreSQL that were cut while they lay in the pool: who comes next does not notice."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

import webapp.db
from tests.webapp.databases import postgresql

CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'rostrum'"
)


def test_a_cut_connection_is_replaced_once_it_lay_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgresql() as url:
        engine, other = create_engine(url, pool_size=1, max_overflow=0), create_engine(url)
        with engine.connect() as connection:
            first = connection.scalar(text("SELECT pg_backend_pid()"))
        with other.connect() as connection:
            connection.execute(CUT)
        monkeypatch.setattr(webapp.db, "FRESH", 0.0)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != first
        engine.dispose()
        other.dispose()


def test_a_connection_just_used_is_not_asked_and_its_end_is_trouble_that_passes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webapp.db, "FRESH", 3600.0)
    with postgresql() as url:
        engine, other = create_engine(url, pool_size=1, max_overflow=0), create_engine(url)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        with other.connect() as connection:
            connection.execute(CUT)
        with engine.connect() as connection, pytest.raises(OperationalError) as caught:
            connection.execute(text("SELECT 1"))
        assert webapp.db.trouble(caught.value) == "away"
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        engine.dispose()
        other.dispose()
