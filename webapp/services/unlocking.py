"""A submitted sheet opened again: the panel's chair and a results officer, one asks with a reason, the other agrees.

The chair's signature for the panel falls away with it; the expert hands in a new version, the chair signs again.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import PanelSigned, Round, Sheet, Unlock
from webapp.services import audit, closing, records
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Unreadable
from webapp.services.rounds import require_state

STATES = {"asked": "等另一方同意", "open": "已解锁，等新的评分表", "done": "已交新的评分表", "refused": "没有同意"}
"""State of a request → its words."""
WHEN = ("in_session", "complete")
"""States of a round in which a sheet may be unlocked."""


def requests(session: Session, round_: Round, actor: Actor) -> list[Unlock]:
    """The round's requests the actor may see, the newest first: a chair sees those of the own panels."""
    found = session.scalars(select(Unlock).where(Unlock.round_id == round_.id).order_by(Unlock.id.desc()))
    return [u for u in found if actor.expert_id is None or _chairs(session, round_, actor, u.sheet)]


def answerable(actor: Actor, unlock: Unlock) -> bool:
    """Whether the actor is the other side of a request: a chair answers an officer and an officer a chair."""
    by_chair = unlock.asked_by.startswith("expert:")
    return unlock.state == "asked" and (actor.role == "results_officer" if by_chair else actor.expert_id is not None)


def waiting(session: Session, round_: Round, actor: Actor) -> int:
    """How many requests wait for the actor's answer."""
    return sum(answerable(actor, unlock) for unlock in requests(session, round_, actor))


def pending(session: Session, sheet: Sheet | None, *states: str) -> Unlock | None:
    """The sheet's request that is asked or open."""
    if sheet is None:
        return None
    query = select(Unlock).where(Unlock.sheet_id == sheet.id, Unlock.state.in_(states or ("asked", "open")))
    return session.scalar(query)


def is_open(session: Session, sheet: Sheet | None) -> bool:
    """Whether a new version of the sheet is taken although its sitting is closed."""
    return pending(session, sheet, "open") is not None


def _chairs(session: Session, round_: Round, actor: Actor, sheet: Sheet) -> bool:
    mine = records.panels(session, round_, actor)
    return any(panel.code == sheet.panel and closing.chairs(panel, actor) for panel, _held in mine)


def _party(session: Session, round_: Round, actor: Actor, sheet: Sheet) -> None:
    """Refuse who is neither results officer nor chair of the sheet's panel."""
    if actor.expert_id is None and actor.role != "results_officer":
        raise Forbidden("评分表由专家组组长和成绩管理员一起解锁。")
    if actor.expert_id is not None and not _chairs(session, round_, actor, sheet):
        raise Forbidden("只有本专家组的组长可以申请或同意解锁。")


def ask(session: Session, actor: Actor, clock: Clock, round_: Round, key: str, reason: str) -> Unlock:
    """Ask for a sheet to be unlocked.

    Raises:
        Refused: the results are computed already, or the sheet is asked about or not submitted.
    """
    if round_.state not in WHEN:
        raise Refused("成绩已经计算或还没有开始答辩，现在不能解锁评分表。已公布的成绩请先登记异议并决定复查。")
    sheet = session.scalar(select(Sheet).where(Sheet.round_id == round_.id, Sheet.key == key.strip()))
    if sheet is None or sheet.state != "submitted":
        raise Missing("没有表号为 %(key)s 的已提交评分表。请核对表号。", key=key.strip()[:64])
    _party(session, round_, actor, sheet)
    if not reason.strip():
        raise Unreadable("解锁要写明原因。")
    if pending(session, sheet):
        raise Refused("评分表 %(key)s 已有解锁申请。请在列表中处理。", key=sheet.key)
    made = Unlock(round_id=round_.id, sheet_id=sheet.id, version=sheet.version, reason=reason.strip()[:256])
    made.sheet, made.asked_at, made.asked_by = sheet, clock(), actor.name
    session.add(made)
    audit.record(session, actor, clock, "sheet.unlock.ask", key, round_id=round_.id, after={"reason": made.reason})
    return made


def _asked(session: Session, round_: Round, actor: Actor, number: int) -> Unlock:
    found = session.get(Unlock, number)
    if found is None or found.round_id != round_.id or found.state != "asked":
        raise Missing("没有等待同意的解锁申请。请刷新页面。")
    _party(session, round_, actor, found.sheet)
    if not answerable(actor, found):
        raise Forbidden("申请的一方不能自己同意。请由另一方（组长或成绩管理员）决定。")
    return found


def agree(session: Session, actor: Actor, clock: Clock, round_: Round, number: int) -> None:
    """The other side agrees: the sheet is open for a new version, the panel has to be signed off again."""
    require_state(round_, "in_session", "complete")
    found = _asked(session, round_, actor, number)
    sheet = found.sheet
    found.state, found.answered_at, found.answered_by = "open", clock(), actor.name
    sheet.state, sheet.confirmed_by = "draft", None
    where = (PanelSigned.round_id == round_.id, PanelSigned.panel == sheet.panel)
    for signed in session.scalars(select(PanelSigned).where(*where)):
        session.delete(signed)
    round_.state = "in_session"
    after = {"reason": found.reason, "asked_by": found.asked_by, "version": sheet.version}
    audit.record(session, actor, clock, "sheet.unlock", sheet.key, round_id=round_.id, after=after)


def refuse(session: Session, actor: Actor, clock: Clock, round_: Round, number: int) -> None:
    """The other side does not agree: the sheet stays as it is."""
    found = _asked(session, round_, actor, number)
    found.state, found.answered_at, found.answered_by = "refused", clock(), actor.name
    audit.record(session, actor, clock, "sheet.unlock.refuse", found.sheet.key, round_id=round_.id)


def handed_in(session: Session, sheet: Sheet) -> None:
    """A new version counts: the request is done."""
    session.flush()
    if found := pending(session, sheet, "open"):
        found.state = "done"
