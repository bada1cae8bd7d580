"""An expert's comment on an applicant for the panel's file: taken once, answered alike, the newest is what is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Remark, Round
from webapp.services import audit, places, sheets
from webapp.services.kernel import Actor, Clock, Forbidden, Refused, Unreadable

LONGEST = 1000


def fingerprint(sheet: str, text: str) -> str:
    """SHA-256 of the canonical JSON of sheet and text, as the tablet makes it."""
    document = json.dumps({"sheet": sheet, "text": text}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()


def receive(session: Session, actor: Actor, clock: Clock, round_: Round, record: Mapping[str, Any]) -> sheets.Answered:
    """Take one comment: 201 first, 200 with the same receipt on a replay.

    Raises:
        Unreadable: a record that is not whole or was damaged on its way.
        Forbidden: not this expert's applicant, or the round is over.
        Refused: the same id with another text.
    """
    uuid, key, text = (record.get(name) for name in ("uuid", "sheet", "text"))
    if not (isinstance(uuid, str) and sheets.is_uuid(uuid) and isinstance(key, str) and isinstance(text, str)):
        raise Unreadable("意见不完整。请刷新平板页面后再试。")
    if len(text) > LONGEST:
        raise Unreadable("意见不超过 %(n)s 字。", n=LONGEST)
    digest = fingerprint(key, text)
    if record.get("hash") != digest:
        raise Unreadable("意见在传送中损坏，没有保存。平板会自动重发。")
    places.held(session, key)
    known = session.scalar(select(Remark).where(Remark.uuid == uuid))
    if known is not None:
        if known.hash != digest or known.expert_id != actor.expert_id:
            raise Refused("这个编号已用于另一条意见。请刷新平板页面后再试。")
        return sheets.Answered(200, _receipt(known))
    place = places.place_of(session, round_, key)
    if place is None or place.recused or place.expert_id != actor.expert_id:
        raise Forbidden("这不是您的评分表，或您已对该申报人回避。")
    if round_.state not in ("published", "in_session", "complete"):
        raise Forbidden("本批次现在不收意见。请联系评委会办公室。")
    made = Remark(uuid=uuid, round_id=round_.id, applicant_id=place.applicant_id, expert_id=place.expert_id)
    made.text, made.hash, made.at = text, digest, clock()
    session.add(made)
    audit.record(session, actor, clock, "remark.write", key, round_id=round_.id, after={"text": text})
    return sheets.Answered(201, _receipt(made))


def _receipt(row: Remark) -> dict[str, Any]:
    return {"uuid": row.uuid, "hash": row.hash, "server_time": row.at.isoformat()}


def by_applicant(session: Session, round_: Round) -> dict[int, list[Remark]]:
    """Applicant id → what each expert said last, empty ones left out, by expert."""
    newest: dict[tuple[int, int], Remark] = {}
    for row in session.scalars(select(Remark).where(Remark.round_id == round_.id).order_by(Remark.id)):
        newest[row.applicant_id, row.expert_id] = row
    found: dict[int, list[Remark]] = {}
    for (applicant, _expert), row in sorted(newest.items()):
        if row.text:
            found.setdefault(applicant, []).append(row)
    return found
