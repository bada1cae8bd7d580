"""What a session has written since the last audit entry: each row with its values before and after.

The audit log takes them from here, so that no service has to list what it changed and none can forget a value.
Statements that go past the session (``update(...)``) are the service's to tell.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction

KEY = "rostrum_changes"
UNTOLD = {"audit_log", "audit_payloads", "login_failures", "logins"}
"""Tables that are records themselves."""
SECRET = {"password_hash", "second_secret", "code_hash", "token_hash", "secret"}
"""Columns whose values are nobody's to read (a draw's secret before it is drawn)."""
SIGNS = {"row_version", "seen_at", "second_step", "unsent", "app", "skew_ms", "secure"}
"""A row of which nothing else changed was not changed."""
MASKED = {"id_no", "phone"}
"""Personal numbers: their last four digits tell one from another."""
NAMED_BY = ("key", "code", "name", "number")
MOST_ROWS, LONGEST = 60, 2000
"""Of more rows the first are told and all are counted; a longer value is told by its SHA-256."""


@dataclass
class Changes:
    """Rows by ``TABLE NAME``, the first :data:`MOST_ROWS` of them; ``tables`` counts all."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything was written."""
        return bool(self.tables)

    def sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Before and after as the log keeps them."""
        if sum(self.tables.values()) > MOST_ROWS:
            return self.before, {"rows": dict(sorted(self.tables.items()))}
        return self.before, self.after


def of(session: Session) -> Changes:
    """What was written since the last entry and belongs to none yet."""
    made: Changes = session.info.setdefault(KEY, Changes())
    return made


def taken(session: Session) -> Changes:
    """The same, and begin anew."""
    session.flush()
    made = of(session)
    session.info[KEY] = Changes()
    return made


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: object) -> None:
    made = of(session)
    for row in session.new:
        _tell(made, row, new=True)
    for row in session.deleted:
        _tell(made, row, gone=True)
    for row in session.dirty:
        _tell(made, row)


def _tell(made: Changes, row: Any, *, new: bool = False, gone: bool = False) -> None:
    table = row.__tablename__
    if table in UNTOLD:
        return
    state = inspect(row)
    changed = [a for a in state.mapper.column_attrs if a.key != "id" and (new or gone or _differs(state, a.key))]
    if not changed or all(a.key in SIGNS for a in changed):
        return
    made.tables[table] = made.tables.get(table, 0) + 1
    if len(made.after if new else made.before) >= MOST_ROWS:
        return
    name = f"{table} {next((str(getattr(row, key)) for key in NAMED_BY if getattr(row, key, None)), row.id)}"
    if not new:
        old = {a.key: _shown(a.key, value) for a in changed for value in _old(state, a.key)}
        made.before[name] = old | made.before.get(name, {})  # the oldest value counts
    if not gone:
        values = {a.key: _shown(a.key, getattr(row, a.key)) for a in changed}
        made.after[name] = made.after.get(name, {}) | values


def _differs(state: Any, key: str) -> bool:
    history = state.attrs[key].history
    return bool(history.has_changes() and list(history.added) != list(history.deleted))


def _old(state: Any, key: str) -> list[Any]:
    """The value before, where it was read: one or none."""
    history = state.attrs[key].history
    return list(history.deleted or history.unchanged or ())[:1]


def _shown(key: str, value: Any) -> Any:
    """A value as the log keeps it: secrets not at all, long ones by their hash."""
    if key in SECRET:
        return "•"
    if key in MASKED and value:
        return f"…{str(value)[-4:]}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict) and "secret" in value:
        value = value | {"secret": "•"}
    if isinstance(value, list | dict | str):
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        return value if len(text) <= LONGEST else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    return value


_SAVED: WeakKeyDictionary[SessionTransaction, Changes] = WeakKeyDictionary()
"""Savepoint → what had been written before it."""


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        made = of(session)
        _SAVED[transaction] = Changes(dict(made.before), dict(made.after), dict(made.tables))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """What was undone was not written."""
    session.info[KEY] = _SAVED.pop(previous, None) or Changes()


@event.listens_for(Session, "after_commit")
def _done(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(KEY, None)
