"""The audit log: every state change is one entry, chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from webapp.models import AuditEntry, AuditPayload
from webapp.services.kernel import Actor, Clock

START = "0" * 64


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces; what hashes are made of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(*parts: str) -> str:
    """SHA-256 over the parts joined by line breaks, in hex."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _chain(entry: Mapping[str, Any]) -> str:
    return digest(
        entry["previous"],
        entry["at"].isoformat(timespec="microseconds"),
        entry["actor"],
        entry["role"],
        str(entry["round_id"] or ""),
        entry["act"],
        entry["object"],
        entry["payload_hash"],
    )


_APPEND, _BESIDE = insert(cast("Table", AuditEntry.__table__)), insert(cast("Table", AuditPayload.__table__))
_HEAD = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)


def head(session: Session) -> str:
    """The hash of the newest entry; printed on sheets so that a cut tail shows."""
    return session.scalar(_HEAD) or START


def record(
    session: Session,
    actor: Actor,
    clock: Clock,
    act: str,
    thing: str = "",
    *,
    round_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry: who did what to which thing, with the values before and after."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(
            "SELECT pg_advisory_xact_lock(728100)"
        )  # one writer of the chain at a time
    texts = [json.loads(canonical(side)) if side is not None else None for side in (before, after)]
    entry = {
        "at": clock(),
        "actor": actor.name,
        "role": actor.role,
        "round_id": round_id,
        "act": act,
        "object": thing,
        "payload_hash": digest(canonical(texts)),
        "previous": head(session),
    }
    made = cast("Any", session.execute(_APPEND, entry | {"hash": _chain(entry)})).inserted_primary_key
    session.execute(_BESIDE, {"entry_id": made[0], "before": texts[0], "after": texts[1]})


def broken(session: Session) -> Iterator[str]:
    """One sentence for every entry that does not follow from the one before or whose payload was changed."""
    previous = START
    rows = session.execute(
        select(AuditEntry, AuditPayload)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .order_by(AuditEntry.id)
        .execution_options(yield_per=1000)
    )
    for entry, payload in rows:
        if entry.previous != previous or entry.hash != _chain(vars(entry)):
            yield f"审计记录 {entry.id} 与上一条不衔接或被改动。"
        elif payload is not None and digest(canonical([payload.before, payload.after])) != entry.payload_hash:
            yield f"审计记录 {entry.id} 的内容被改动。"
        previous = entry.hash
