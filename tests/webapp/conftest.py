"""A data folder at the newest migration, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.promises import watch  # noqa: F401  (no change without an audit entry)
from tests.webapp.databases import postgresql
from tests.webapp.live import chromium
from tests.webapp.small import published_round
from webapp import create_app, demo
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import Round


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the finished sample round."""
    config = from_environment(tmp_path_factory.mktemp("round"), testing=True)
    demo.carry_through(config, lambda _text: None)
    return create_app(config)


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    made = from_environment(tmp_path / "data", testing=True)
    if request.param == "sqlite":
        return made
    url: str = request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return replace(made, database_url=url)


@pytest.fixture
def session(config: Config) -> Iterator[Session]:
    """An empty database of each kind at the newest migration."""
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def round_(session: Session) -> Round:
    """The small round, published."""
    return published_round(session)
