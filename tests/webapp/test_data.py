"""The migrations make the tables of the models, forward and back; the audit log is append-only; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, func, inspect, select, text
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401
from exports.columns import LONGEST, LONGEST_PART
from tests.webapp.databases import unguarded
from tests.webapp.small import hear, published_round, submit
from webapp.config import Config
from webapp.migrate import alembic, upgrade
from webapp.models import Applicant, Base, ResultSet, Round, User
from webapp.services import audit, users
from webapp.services.kernel import Actor
from webapp.spelling import spelled

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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert _rules(inspect(connection)) == _said()
    engine.dispose()


def _rules(found: Inspector) -> set[tuple[str, str]]:
    """What Alembic does not compare: checks, and unique indexes that hold for some rows only."""
    tables = [name for name in found.get_table_names() if name != "alembic_version"]
    checks = {(name, str(check["name"])) for name in tables for check in found.get_check_constraints(name)}
    partial = {
        (name, str(index["name"]))
        for name in tables
        for index in found.get_indexes(name)
        if any(key.endswith("_where") for key in index.get("dialect_options", {}))
    }
    return checks | partial


def _said() -> set[tuple[str, str]]:
    tables = Base.metadata.sorted_tables
    checks = {(t.name, str(c.name)) for t in tables for c in t.constraints if isinstance(c, CheckConstraint)}
    partial = {
        (t.name, str(i.name)) for t in tables for i in t.indexes if i.dialect_options["sqlite"]["where"] is not None
    }
    return checks | partial


def test_full_tables_migrate_back_and_forth_without_losing_a_row(config: Config) -> None:
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        published_round(session)
        session.commit()
        before = _counts(session)
    command.downgrade(alembic(config.database_url), "0001")
    command.upgrade(alembic(config.database_url), "head")
    with Session(engine) as session:
        assert _counts(session) == before
        assert before["seats_held"] == 3
        assert session.scalars(select(Applicant.spelled).order_by(Applicant.code)).first() == spelled("申报1")
    engine.dispose()


def _counts(session: Session) -> dict[str, int]:
    there = set(inspect(session.connection()).get_table_names())
    tables = [t for t in Base.metadata.sorted_tables if t.name in there]
    return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sittings SET version_id = version_id + 1",
        "UPDATE appointments SET version_id = version_id + 1",
        "UPDATE seats_held SET version_id = version_id + 1",
        "INSERT INTO seats_held (version_id, session_id, expert_id, sitting_id)"
        " SELECT version_id, session_id, expert_id, sitting_id FROM seats_held LIMIT 1",
        "INSERT INTO sittings (version_id, panel_id, session_id, room_id)"
        " SELECT version_id, panel_id, session_id, room_id FROM sittings",
        "INSERT INTO appointments (version_id, sitting_id, applicant_id, start)"
        " SELECT version_id, sitting_id, applicant_id, '2026-12-05 11:00:00' FROM appointments LIMIT 1",
        "INSERT INTO appointments (version_id, sitting_id, applicant_id, start)"
        " SELECT a.version_id, a.sitting_id, p.id, a.start FROM appointments a, applicants p WHERE p.code = 'A00003'",
        "UPDATE panel_members SET chair = true",
        "UPDATE sheets SET confirmed_by = entered_by",
        "UPDATE sheets SET submitted_at = NULL",
        "UPDATE sheets SET entered_by = 'secretary'",
        "INSERT INTO sheets"
        " (round_id, key, panel, applicant_id, expert_id, version, state, rubric, marks, hash, entered_by)"
        " SELECT round_id, 'again', panel, applicant_id, expert_id, 1, 'draft', 1, '{}', '', 'x' FROM sheets LIMIT 1",
        "UPDATE schedule_versions SET status = 'lost'",
        "UPDATE rounds SET state = 'lost'",
        "UPDATE experts SET id_no = '362201197907038975'",
    ],
)
def test_what_must_never_break_the_database_refuses(session: Session, round_: Round, change: str) -> None:
    hear(session, round_, "A00001")
    submit(session, round_, "A00001", 1)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(change))


def _flush(session: Session, rows: list[ResultSet]) -> None:
    session.add_all(rows)
    session.flush()


def test_results_are_confirmed_by_another_person_and_once(session: Session, round_: Round) -> None:
    session.commit()
    number_of = round_.id

    def made(number: int, by: str, state: str = "confirmed") -> ResultSet:
        return ResultSet(
            round_id=number_of,
            number=number,
            state=state,
            settings={},
            computed_at=clock(),
            computed_by="office",
            confirmed_by=by or None,
        )

    for wrong in ([made(1, "office")], [made(1, "")], [made(1, "officer"), made(2, "officer", "released")]):
        with pytest.raises(IntegrityError):
            _flush(session, wrong)
        session.rollback()


def test_sqlite_runs_as_the_page_of_parts_says(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/a.sqlite3")
    with engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
        assert told == ["wal", 2, 1, 15000]
        with create_engine(engine.url, connect_args={"timeout": 0}).connect() as other:
            connection_of = other.connection.driver_connection
            assert connection_of is not None
            connection_of.execute("PRAGMA busy_timeout=0")
            with pytest.raises(OperationalError, match="locked"):
                other.exec_driver_sql("SELECT 1")
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
        unguarded(session)
        payload = text('UPDATE audit_payloads SET after = \'{"role": "office"}\'')
        session.execute(payload)
        session.commit()
        assert len(list(audit.broken(session))) == 1
        assert session.query(User).count() == 1
    engine.dispose()
