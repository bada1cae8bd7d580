"""A mark handed in waits for PostgreSQL as seldom as it can, and what it is about is never left out of the log."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests.webapp.small import FULL, OFFICE, clock, record, tablet
from webapp import create_app
from webapp.config import Config
from webapp.db import db
from webapp.identity import TABLET_COOKIE, token_hash
from webapp.models import AuditEntry, AuditPayload, Round, Sheet, TabletSession
from webapp.services import audit, sheet_writing
from webapp.services.kernel import system_clock

STATEMENTS = {
    "postgresql": "SELECT SELECT WITH",
    "sqlite": "BEGIN SELECT SELECT INSERT INSERT SELECT INSERT INSERT",
}
"""Whose tablet it is, and its sheet held; the sheet's place; record, sheet, the chain's head, entry and payload."""


def at_the_tablet(config: Config, session: Session, round_: Round, number: int) -> FlaskClient:
    token, now = secrets.token_urlsafe(32), system_clock()
    made = TabletSession(expert_id=tablet(session, round_, number).expert_id, token_hash=token_hash(token), made_at=now)
    made.expires_at = now + timedelta(hours=9)
    session.add(made)
    session.flush()
    opened = create_app(config).test_client()
    opened.set_cookie(TABLET_COOKIE, token)
    return opened


def sent(opened: FlaskClient, row: dict[str, Any]) -> str:
    """The first words of the statements that taking it needs."""
    words: list[str] = []
    with opened.application.app_context():
        engine = db.engine

    def heard(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words.append(statement.split(maxsplit=1)[0])

    token = opened.get("/tablet/hello").get_json()["token"]
    event.listen(engine, "before_cursor_execute", heard)
    answer = opened.post("/tablet/records", json=row, headers={"X-CSRFToken": token})
    event.remove(engine, "before_cursor_execute", heard)
    engine.dispose()
    assert answer.status_code == 201, answer.text
    return " ".join(words)


def test_a_mark_handed_in_is_three_statements(config: Config, session: Session, round_: Round) -> None:
    opened, expected = at_the_tablet(config, session, round_, 2), STATEMENTS[session.get_bind().dialect.name]
    first, draft = record(round_, "A00001", 2, FULL), record(round_, "A00002", 2, FULL, state="draft")
    second = record(round_, "A00002", 2, FULL, base_version=1)
    session.commit()
    assert sent(opened, first) == expected
    sent(opened, draft)
    assert sent(opened, second).replace("UPDATE", "INSERT") == expected
    assert list(audit.broken(session)) == []
    assert session.scalar(select(func.count(AuditEntry.id))) == session.scalar(select(func.count(AuditPayload.id)))
    assert sorted(session.scalars(select(Sheet.version))) == [1, 2]


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_a_sheet_that_is_not_there_takes_no_entry_with_it(session: Session, round_: Round) -> None:
    """Where both are one statement, there would be no entry of a record that is kept."""
    at = clock()
    row = {"uuid": "0" * 8, "sheet_key": "K", "base_version": 0, "version": 1, "rubric": 1, "marks": {}, "state": "-"}
    row |= {"hash": "-", "client_time": "", "server_time": at, "by": "expert:E0002", "fate": "taken"}
    gone = {"number": 999, "version": 1, "state": "submitted", "rubric": 1, "marks": {}, "hash": "-"}
    gone |= {"entered_by": "expert:E0002", "submitted_at": at}
    beside = sheet_writing.take(session.connection(), row, gone, entry=True)
    with pytest.raises(RuntimeError, match="not there"):
        audit.record(session, OFFICE, clock, "sheet.submit", "K", beside, round_id=round_.id)
