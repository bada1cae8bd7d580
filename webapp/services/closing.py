"""The end of a panel's day: closing and reopening a sitting, the chair's signature, the round's end."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Panel, PanelSigned, Round, SittingClosed
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Forbidden, Refused, Unreadable
from webapp.services.records import (
    all_closed,
    closed_row,
    in_two_versions,
    is_closed,
    missing_sheets,
    outcomes,
    panel_of,
    published,
    signed_panels,
    unlocked,
    without_outcome,
)
from webapp.services.rounds import require_state


def close(
    session: Session, actor: Actor, clock: Clock, round_: Round, panel_code: str, session_code: str, reason: str = ""
) -> None:
    """Close a sitting: everyone has an outcome, and missing sheets are explained by a reason."""
    _panel, sittings = panel_of(session, round_, actor, panel_code)
    sitting = next((s for s in sittings if s.session.code == session_code), None)
    if sitting is None or is_closed(session, round_, sitting):
        raise Refused("没有这一场，或已经关闭。请刷新页面。")
    ended = outcomes(session, round_)
    waiting = [a.applicant.name for a in sitting.appointments if a.applicant_id not in ended]
    if waiting:
        raise Refused("%(names)s 还没有结果。请先叫号，或记为缺席、放弃。", names="、".join(waiting))
    missing = missing_sheets(session, round_, sitting)
    if missing and not reason.strip():
        raise Refused(
            "还差 %(n)s 份评分表：%(who)s。请等待提交，或写明原因后关闭。", n=len(missing), who="；".join(missing[:5])
        )
    session.add(
        SittingClosed(
            round_id=round_.id, panel=panel_code, session=session_code, at=clock(), by=actor.name, reason=reason[:256]
        )
    )
    thing, after = f"{panel_code} {session_code}", {"reason": reason, "missing": missing}
    audit.record(session, actor, clock, "sitting.close", thing, round_id=round_.id, after=after)
    session.flush()


def reopen(
    session: Session, actor: Actor, clock: Clock, round_: Round, panel_code: str, session_code: str, reason: str
) -> None:
    """Open a closed sitting again, with a reason; a signature of its panel falls away."""
    require_state(round_, "in_session", "complete")
    row = closed_row(session, round_, panel_code, session_code)
    if row is None:
        raise Refused("这一场没有关闭。请刷新页面。")
    if not reason.strip():
        raise Unreadable("重新打开要写明原因。")
    session.delete(row)
    where = (PanelSigned.round_id == round_.id, PanelSigned.panel == panel_code)
    for signed in session.scalars(select(PanelSigned).where(*where)):
        session.delete(signed)
    round_.state = "in_session"
    thing = f"{panel_code} {session_code}"
    audit.record(session, actor, clock, "sitting.reopen", thing, round_id=round_.id, after={"reason": reason})
    session.flush()


def chairs(panel: Panel, actor: Actor) -> bool:
    """Whether the actor chairs the panel."""
    return actor.expert_id is not None and any(m.chair and m.expert_id == actor.expert_id for m in panel.members)


def awaits(session: Session, round_: Round, actor: Actor, panel_code: str) -> bool:
    """Whether the panel waits for this chair's signature: every sitting is closed and it is not signed yet."""
    panel, sittings = panel_of(session, round_, actor, panel_code)
    closed = all_closed(session, round_, sittings)
    return chairs(panel, actor) and closed and panel_code not in signed_panels(session, round_)


def sign(session: Session, actor: Actor, clock: Clock, round_: Round, panel_code: str) -> None:
    """The chair signs the panel off; with the last panel the round is complete."""
    panel, sittings = panel_of(session, round_, actor, panel_code)
    if not chairs(panel, actor):
        raise Forbidden("只有专家组组长可以签字。")
    if not all_closed(session, round_, sittings):
        raise Refused("专家组 %(code)s 还有没关闭的场次。请先由小组秘书关闭。", code=panel_code)
    if panel_code in signed_panels(session, round_):
        raise Refused("专家组 %(code)s 已经签过字。", code=panel_code)
    if waiting := [key for key, panel in unlocked(session, round_).items() if panel == panel_code]:
        raise Refused("评分表 %(key)s 解锁后还没有交回，或解锁申请没有处理。处理后再签字。", key=waiting[0])
    if twice := in_two_versions(session, round_, panel_code):
        raise Refused("评分表 %(key)s 有两个版本，还没有决定用哪一份。决定后再签字。", key=twice[0])
    session.add(PanelSigned(round_id=round_.id, panel=panel_code, at=clock(), by=actor.name))
    session.flush()
    finish(session, round_)
    audit.record(session, actor, clock, "panel.sign", panel_code, round_id=round_.id)


def finish(session: Session, round_: Round) -> None:
    """Complete the round once every panel is signed off and every senior applicant has an outcome."""
    every = set(session.scalars(select(Panel.code).where(Panel.version_id == published(session, round_).id)))
    if every <= signed_panels(session, round_) and not without_outcome(session, round_):
        round_.state = "complete"
