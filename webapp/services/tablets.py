"""How an expert comes in: a code that works once, exchanged for a session of the tablet."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import Expert, TabletCode, TabletSession
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Forbidden

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LIFE = {"typed": timedelta(minutes=10), "link": timedelta(hours=16)}
DAY = timedelta(hours=16)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_code(session: Session, actor: Actor, clock: Clock, expert: Expert, kind: str = "typed") -> str:
    """A new code: 8 letters to type within 10 minutes, or 128 bits for a link; shown once, kept as its hash."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8)) if kind == "typed" else secrets.token_urlsafe(16)
    now = clock()
    row = TabletCode(expert_id=expert.id, kind=kind, code_hash=_hash(code), made_at=now, expires_at=now + LIFE[kind])
    session.add(row)
    audit.record(session, actor, clock, "tablet.code", expert.code, round_id=expert.round_id)
    return code


def enter(session: Session, clock: Clock, code: str) -> str:
    """Exchange a code for the token of a tablet session.

    Raises:
        Forbidden: unknown, used, revoked or expired; one answer for all.
    """
    now, text = clock(), code.strip()
    for candidate in (text, text.upper().replace("-", "").replace(" ", "")):
        row = session.scalar(select(TabletCode).where(TabletCode.code_hash == _hash(candidate)))
        if row is None or row.expires_at <= now:
            continue
        fresh = TabletCode.used_at.is_(None) & TabletCode.revoked_at.is_(None)
        taken = session.execute(update(TabletCode).where(TabletCode.id == row.id, fresh).values(used_at=now))
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            continue
        token = secrets.token_urlsafe(32)
        expert = row.expert
        session.add(TabletSession(expert_id=expert.id, token_hash=_hash(token), made_at=now, expires_at=now + DAY))
        actor = Actor(f"expert:{expert.code}", "expert", expert.name, expert_id=expert.id)
        audit.record(session, actor, clock, "tablet.enter", expert.code, round_id=expert.round_id)
        return token
    raise Forbidden("进入码不对、已用过或已过期。请向小组秘书要一个新的。")


def leave(session: Session, actor: Actor, clock: Clock, tablet: TabletSession) -> None:
    """End a tablet's session."""
    tablet.revoked_at = clock()
    audit.record(session, actor, clock, "tablet.leave", actor.name, round_id=tablet.expert.round_id)
