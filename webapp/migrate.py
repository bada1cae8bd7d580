"""Bring a database to the newest migration; the same for SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig

from webapp.config import Config


def alembic(database_url: str) -> AlembicConfig:
    """Alembic's settings for one database."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", "webapp:migrations")  # a path may have a % in it
    settings.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return settings


def upgrade(config: Config) -> None:
    """Make the data folder where it is missing and migrate its database."""
    config.data.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic(config.database_url), "head")
