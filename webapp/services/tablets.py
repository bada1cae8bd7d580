"""How an expert comes in: a code that works once, exchanged for a session of the tablet, which ends with the day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import Expert, Panel, Round, Sitting, TabletCode, TabletSession
from webapp.services import audit, records
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Unreadable

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
TYPED = timedelta(minutes=10)
IDLE = timedelta(hours=12)
NIGHT = time(4)
"""When a day ends, by the clock on the wall: late enough for who works past midnight."""
AFTER = timedelta(hours=4)
"""How long after its sitting a session from a typed code still sends what it kept."""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def end_of_day(moment: datetime) -> datetime:
    """When the session of a tablet that came in at ``moment`` ends."""
    here = moment.astimezone()
    day = here.date() + timedelta(days=1 if here.time() >= NIGHT else 0)
    return datetime.combine(day, NIGHT, here.tzinfo).astimezone(moment.tzinfo)


def make_code(session: Session, actor: Actor, clock: Clock, expert: Expert, kind: str = "typed") -> str:
    """A new code: 8 letters to type within 10 minutes, or 128 bits for a link; shown once, kept as its hash."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8)) if kind == "typed" else secrets.token_urlsafe(16)
    now = clock()
    until = now + TYPED if kind == "typed" else end_of_day(now)
    session.add(TabletCode(expert_id=expert.id, kind=kind, code_hash=_hash(code), made_at=now, expires_at=until))
    audit.record(session, actor, clock, "tablet.code", expert.code, round_id=expert.round_id)
    return code


@dataclass(frozen=True)
class Card:
    """A printed card: whose, and the code in its QR."""

    expert: Expert
    chair: bool
    code: str


def days(sittings: list[Sitting]) -> list[date]:
    """The days a panel sits."""
    return sorted({s.session.start.date() for s in sittings})


def make_cards(session: Session, actor: Actor, clock: Clock, round_: Round, panel: Panel, day: str) -> list[Card]:
    """Cards with a QR code for a panel's experts, good once and until that day ends; an earlier print is void."""
    _panel, sittings = records.panel_of(session, round_, actor, panel.code)
    chosen = next((d for d in days(sittings) if d.isoformat() == day), None)
    if chosen is None:
        raise Unreadable("专家组 %(code)s 在 %(day)s 没有场次。请从列出的日期中选择。", code=panel.code, day=day[:10])
    now, made = clock(), []
    until = end_of_day(datetime.combine(chosen, time(12)).astimezone())
    if until <= now:
        raise Unreadable("%(day)s 已经过去。请选择今天或以后的日期。", day=day)
    members = sorted(panel.members, key=lambda m: (not m.chair, m.expert.code))
    old = [TabletCode.expert_id.in_([m.expert_id for m in members]), TabletCode.day == day]
    session.execute(update(TabletCode).where(*old, TabletCode.used_at.is_(None)).values(revoked_at=now))
    for member in members:
        code = secrets.token_urlsafe(16)
        row = TabletCode(expert_id=member.expert_id, kind="link", code_hash=_hash(code), made_at=now, expires_at=until)
        row.day = day
        session.add(row)
        made.append(Card(member.expert, member.chair, code))
    audit.record(session, actor, clock, "tablet.cards", f"{panel.code} {day}", round_id=round_.id)
    return made


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
        made = TabletSession(expert_id=expert.id, token_hash=_hash(token), made_at=now, seen_at=now)
        made.expires_at = end_of_day(now) if row.kind == "link" else _end_of_sitting(session, expert, now)
        session.add(made)
        actor = Actor(f"expert:{expert.code}", "expert", expert.name, expert_id=expert.id)
        sides = {"before": {"code": "unused"}, "after": {"code": "used"}}
        audit.record(session, actor, clock, "tablet.enter", expert.code, round_id=expert.round_id, **sides)
        return token
    raise Forbidden("进入码不对、已用过或已过期。请向小组秘书要一个新的。")


def _end_of_sitting(session: Session, expert: Expert, now: datetime) -> datetime:
    """A typed code is for one sitting: the expert's present or next one of the day, else a few hours."""
    round_, here = session.get_one(Round, expert.round_id), now.astimezone()
    actor = Actor(f"expert:{expert.code}", "expert", expert_id=expert.id)
    held = [s for _panel, sittings in records.panels(session, round_, actor) for s in sittings]
    ends = [s.session.end.replace(tzinfo=here.tzinfo) for s in held if s.session.start.date() == here.date()]
    coming = min((end for end in ends if end >= here), default=here)
    return min(coming + AFTER, end_of_day(now)).astimezone(now.tzinfo)


def leave(session: Session, actor: Actor, clock: Clock, number: int) -> None:
    """End a tablet's session."""
    tablet = session.get_one(TabletSession, number)
    tablet.revoked_at = clock()
    audit.record(session, actor, clock, "tablet.leave", actor.name, round_id=tablet.expert.round_id)


def _whole(document: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable("平板的状态不完整。请刷新平板页面。")
    return max(least, min(most, value))


def alive(session: Session, clock: Clock, number: int, document: Mapping[str, Any]) -> None:
    """A sign of life: how many records wait there, which page runs, how far its clock is off."""
    said = {"seen_at": clock(), "unsent": _whole(document, "unsent", 0, 9999), "secure": document.get("secure") is True}
    said |= {"app": str(document.get("app", ""))[:16], "skew_ms": _whole(document, "skew", -(2**31), 2**31 - 1)}
    session.execute(update(TabletSession).where(TabletSession.id == number).values(said))


def of_panel(session: Session, clock: Clock, panel: Panel) -> dict[int, list[TabletSession]]:
    """Expert id → the tablets they are in with now, the last to come in first."""
    ids = [m.expert_id for m in panel.members]
    now = clock()
    query = select(TabletSession).where(TabletSession.expert_id.in_(ids), TabletSession.revoked_at.is_(None))
    found: dict[int, list[TabletSession]] = {number: [] for number in ids}
    for row in session.scalars(query.where(TabletSession.expires_at > now).order_by(TabletSession.id.desc())):
        found[row.expert_id].append(row)
    return found


def revoke(session: Session, actor: Actor, clock: Clock, round_: Round, number: int) -> TabletSession:
    """Shut a tablet out; what it has not sent stays on it until its expert comes in again."""
    row = session.get(TabletSession, number)
    mine = {m.expert_id for panel, _held in records.panels(session, round_, actor) for m in panel.members}
    if row is None or row.expert_id not in mine or row.revoked_at is not None:
        raise Missing("没有这台平板，或已经收回。请刷新页面。")
    row.revoked_at = clock()
    audit.record(session, actor, clock, "tablet.revoke", row.expert.code, round_id=round_.id)
    return row
