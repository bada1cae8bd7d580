"""The audit log to read: searched, page by page, each entry with what was before and what after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import AuditEntry, AuditPayload
from webapp.services.kernel import Unreadable

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty: anything. Days are the office's."""

    text: str = ""
    """In who, which thing, before or after."""
    act: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry and its values; ``erased``: what it said is gone."""

    row: AuditEntry
    values: list[tuple[str, str, str]]
    """What, before, after."""
    erased: bool


def search(session: Session, wanted: Wanted, page: int = 1) -> tuple[list[Entry], int]:
    """A page of entries, the newest first, and how many there are in all.

    Raises:
        Unreadable: a day that is none.
    """
    query = (
        select(AuditEntry, AuditPayload)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(*_conditions(wanted))
    )
    n = session.scalar(query.with_only_columns(func.count())) or 0
    rows = session.execute(query.order_by(AuditEntry.id.desc()).limit(PAGE).offset((page - 1) * PAGE))
    return [Entry(row, list(_values(payload)), payload is None) for row, payload in rows], n


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if text := wanted.text.strip():
        said = {text, json.dumps(text)[1:-1]}  # SQLite keeps JSON in ASCII
        columns = (cast(AuditPayload.before, String), cast(AuditPayload.after, String))
        plain = (column.contains(text, autoescape=True) for column in (AuditEntry.actor, AuditEntry.object))
        yield or_(*plain, *(c.contains(form, autoescape=True) for c in columns for form in said))
    if wanted.act:
        yield AuditEntry.act == wanted.act
    if wanted.since:
        yield AuditEntry.at >= _day(wanted.since)
    if wanted.until:
        yield AuditEntry.at < _day(wanted.until) + timedelta(days=1)


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError) as error:
        raise Unreadable("日期写成 2023-07-15 这样。") from error


def _values(payload: AuditPayload | None) -> Iterator[tuple[str, str, str]]:
    """What changed, value by value: a row's columns each by themselves."""
    sides = (payload.before or {}, payload.after or {}) if payload else ({}, {})
    for name in sorted({*sides[0], *sides[1]}):
        before, after = (side.get(name) for side in sides)
        if isinstance(before, dict) or isinstance(after, dict):
            yield from _columns(name, before, after)
        else:
            yield name, _text(before), _text(after)


def _columns(name: str, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    old, new = (
        {"": side} if side is not None and not isinstance(side, Mapping) else side or {} for side in (before, after)
    )
    for column in sorted({*old, *new}):
        if old.get(column) != new.get(column):
            yield f"{name} · {column}" if column else name, _text(old.get(column)), _text(new.get(column))


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
