"""The migrations make the tables of the models, forward and back; the audit log is append-only; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401
from exports.columns import LONGEST, LONGEST_PART
from webapp.config import Config
from webapp.migrate import alembic, upgrade
from webapp.models import Base, User
from webapp.services import audit, users
from webapp.services.kernel import Actor

PERSON = {"name": "name", "unit": "employer", "title": "title", "id_no": "id_no", "phone": "phone"}
KEPT = {
    "applicants": PERSON | {"insured_unit": "insured_unit"},
    "experts": PERSON | {"post": "post", "note": "note", "available": "availability_text"},
    "rooms": {"room": "name", "waiting": "waiting_room"},
    "sessions": {"name": "label"},
}
ADMIN = Actor("local:test", "office")


def clock() -> datetime:
    return datetime(2026, 7, 1, tzinfo=UTC)


def test_the_migrations_make_what_the_models_say(config: Config) -> None:
    upgrade(config)
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize(("table", "columns"), KEPT.items())
def test_what_a_roster_may_say_fits_the_tables(table: str, columns: dict[str, str]) -> None:
    """PostgreSQL refuses longer text, after the office has confirmed the import."""
    for key, column in columns.items():
        kept = Base.metadata.tables[table].columns[column].type.length  # type: ignore[attr-defined]
        assert LONGEST.get(key, 64) <= kept, key
    assert Base.metadata.tables["recusals"].columns["name"].type.length >= LONGEST_PART  # type: ignore[attr-defined]


def test_the_migrations_go_back(config: Config) -> None:
    upgrade(config)
    command.downgrade(alembic(config.database_url), "base")
    engine = create_engine(config.database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    upgrade(config)


@pytest.mark.parametrize("change", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])
def test_the_audit_log_is_append_only(config: Config, change: str) -> None:
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        users.create(session, ADMIN, clock, "admin", "admin", "long-enough-1")
        session.commit()
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))
        session.rollback()
        assert list(audit.broken(session)) == []
        payload = text('UPDATE audit_payloads SET after = \'{"role": "office"}\'')
        session.execute(payload)
        session.commit()
        assert len(list(audit.broken(session))) == 1
        assert session.query(User).count() == 1
    engine.dispose()
