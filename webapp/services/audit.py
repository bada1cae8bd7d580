"""The audit log: every state change is one entry, chained to the one before by SHA-256.

An entry's hash covers its payload only through the payload's hash, so that a payload can be erased and the chain
still holds. What was erased is itself an entry; a payload that is missing without one is named as broken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, String, delete, func, select, type_coerce
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from exports.content import SHORT_HEAD
from webapp.models import AuditEntry, AuditPayload
from webapp.services import chain, changes
from webapp.services.chain import NOTHING, START, Beside
from webapp.services.kernel import Actor, Clock

ERASED = "audit.erase"
"""The act whose object is the number of the last entry that lost its payload."""


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces; what hashes are made of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(*parts: str) -> str:
    """SHA-256 over the parts joined by line breaks, in hex."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _said(entry: Mapping[str, Any]) -> str:
    """What an entry's hash covers beside the one before."""
    return "\n".join(
        (
            entry["at"].isoformat(timespec="microseconds"),
            entry["actor"],
            entry["role"],
            str(entry["round_id"] or ""),
            entry["act"],
            entry["object"],
            entry["payload_hash"],
        )
    )


def _chain(entry: Mapping[str, Any]) -> str:
    return chain.linked(entry["previous"], _said(entry))


def head(session: Session) -> str:
    """The hash of the newest entry; printed on sheets so that a cut tail shows."""
    return session.scalar(chain.HEAD) or START


def knows(session: Session, printed: str) -> int | None:
    """The number of the entry whose hash was printed as the head; ``None``: the log's tail was cut or rewritten.

    Pages to be signed have room for the first ``SHORT_HEAD`` digits only.
    """
    text = "".join(printed.split()).lower()
    if len(text) < SHORT_HEAD:
        return None
    if START.startswith(text):
        return 0
    begins = AuditEntry.hash.startswith(text, autoescape=True)
    return session.scalar(select(AuditEntry.id).where(begins).order_by(AuditEntry.id).limit(1))


def record(
    session: Session,
    actor: Actor,
    clock: Clock,
    act: str,
    thing: str = "",
    beside: Beside = NOTHING,
    /,
    *,
    round_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry: who did what to which thing, when, and the values before and after.

    Every row the session wrote since the last entry is told by itself (``services.changes``), so call this when the
    work is done; ``before`` and ``after`` add what the rows do not say, a reason for one. ``beside`` is what is
    to be written with the entry.
    """
    rows_before, rows_after = changes.taken(session).sides()
    connection = session.connection()  # past the session: every mark handed in waits behind this
    sides = ({**(before or {}), **rows_before} or None, {**(after or {}), **rows_after} or None)
    texts = [None if side is None else json.loads(canonical(side)) for side in sides]
    entry = {
        "at": clock().astimezone(UTC),
        "actor": actor.name,
        "role": actor.role,
        "round_id": round_id,
        "act": act,
        "object": thing[:96],
        "payload_hash": digest(canonical(texts)),
    }
    chain.append(connection, entry, _said(entry), {"before": texts[0], "after": texts[1]}, beside)


def erase(session: Session, actor: Actor, clock: Clock, round_id: int) -> int:
    """Erase what a round's entries say before and after; who did what when stays, and the chain holds. How many."""
    own = select(AuditEntry.id).where(AuditEntry.round_id == round_id)
    last = session.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.round_id == round_id)) or 0
    gone = session.execute(delete(AuditPayload).where(AuditPayload.entry_id.in_(own)))
    n: int = gone.rowcount  # type: ignore[attr-defined]
    changes.taken(session)  # what was erased is not kept here
    record(session, actor, clock, ERASED, str(last), round_id=round_id, after={"payloads": n})
    return n


_ROWS = (
    select(
        AuditEntry.id,
        type_coerce(AuditEntry.at, String).label("at"),
        AuditEntry.actor,
        AuditEntry.role,
        AuditEntry.round_id,
        AuditEntry.act,
        AuditEntry.object,
        AuditEntry.payload_hash,
        AuditEntry.previous,
        AuditEntry.hash,
        AuditPayload.entry_id.label("kept"),
        type_coerce(AuditPayload.before, String).label("before"),
        type_coerce(AuditPayload.after, String).label("after"),
    )
    .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
    .order_by(AuditEntry.id)
    .execution_options(yield_per=2000)
)
"""Every entry with its payload, as the database keeps them: what cannot be read as a time or JSON is broken too."""


def broken(session: Session, *, whole: bool = True) -> Iterator[str]:
    """One sentence for every entry that does not follow from the one before, or whose payload was changed or is gone.

    ``whole=False``: a copy that was given some payloads only (an archived round), so that missing ones are no fault.
    """
    erased = _erased(session)
    previous = START
    try:
        for row in session.execute(_ROWS):
            if wrong := _wrong(row, previous, erased if whole else None):
                yield wrong
            previous = row.hash
    except DatabaseError:
        yield "审计记录读不出，数据文件已损坏。请停止使用，从最近的备份恢复。"


def _erased(session: Session) -> dict[int | None, int]:
    """Round → the last entry whose payload was erased on record."""
    rows = session.execute(select(AuditEntry.round_id, AuditEntry.object).where(AuditEntry.act == ERASED))
    return {row.round_id: int(row.object) for row in rows if row.object.isdecimal()}


def _wrong(row: Row[*tuple[Any, ...]], previous: str, erased: dict[int | None, int] | None) -> str:
    try:
        at = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(row.at)
        entry = dict(row._mapping) | {"at": at.replace(tzinfo=UTC)}
        follows = row.previous == previous and row.hash == _chain(entry)
    except (TypeError, ValueError):
        follows = False
    if not follows:
        return f"审计记录 {row.id} 与上一条不衔接或被改动。"
    if row.kept is None:
        told = erased is None or row.id <= erased.get(row.round_id, 0)
        return "" if told else f"审计记录 {row.id} 的内容不见了，而没有删除的记录。"
    try:
        sides = [json.loads(side) if isinstance(side, str) else side for side in (row.before, row.after)]
    except ValueError:
        sides = None
    return "" if sides and digest(canonical(sides)) == row.payload_hash else f"审计记录 {row.id} 的内容被改动。"
