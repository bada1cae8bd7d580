"""The day of a panel: calling, the two timers, outcomes, closing a sitting, the chair's signature."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import (
    Applicant,
    Appointment,
    Call,
    Outcome,
    Panel,
    PanelSecretary,
    PanelSigned,
    Round,
    ScheduleVersion,
    Sheet,
    Sitting,
    SittingClosed,
)
from webapp.models.scores import OUTCOMES
from webapp.services import audit, boards
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Unreadable
from webapp.services.rounds import require_state

PHASES = {"talk": "talk_at", "answers": "answers_at"}


def published(session: Session, round_: Round) -> ScheduleVersion:
    """The published version of the round."""
    found = session.scalar(
        select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id, ScheduleVersion.status == "published")
    )
    if found is None:
        raise Refused("批次“%(name)s”的安排还没有发布。发布后才能开始答辩。", name=round_.name)
    return found


def panels(session: Session, round_: Round, actor: Actor) -> list[tuple[Panel, list[Sitting]]]:
    """The panels an actor may run: a secretary's own, an expert's own, all for the others."""
    every = boards.by_panel(session, published(session, round_))
    if actor.expert_id is not None:
        return [(p, s) for p, s in every if any(m.expert_id == actor.expert_id for m in p.members)]
    if actor.role != "secretary":
        return every
    own = select(PanelSecretary.panel).where(
        PanelSecretary.round_id == round_.id, PanelSecretary.user_id == actor.user_id
    )
    codes = set(session.scalars(own))
    return [(p, s) for p, s in every if p.code in codes]


def panel_of(session: Session, round_: Round, actor: Actor, code: str) -> tuple[Panel, list[Sitting]]:
    """One panel the actor may run."""
    for panel, sittings in panels(session, round_, actor):
        if panel.code == code:
            return panel, sittings
    raise Forbidden("专家组 %(code)s 不在您负责的范围内。", code=code)


def _appointment(session: Session, round_: Round, actor: Actor, code: str) -> Appointment:
    version = published(session, round_)
    found = session.scalar(
        select(Appointment).join(Applicant).where(Appointment.version_id == version.id, Applicant.code == code)
    )
    if found is None:
        raise Missing("已发布的安排里没有申报人 %(code)s。请刷新页面。", code=code)
    panel_of(session, round_, actor, found.sitting.panel.code)
    if _closed(session, round_, found.sitting):
        raise Refused("这一场已关闭，不能再改。请联系评委会办公室。")
    return found


def _closed(session: Session, round_: Round, sitting: Sitting) -> bool:
    where = (
        SittingClosed.round_id == round_.id,
        SittingClosed.panel == sitting.panel.code,
        SittingClosed.session == sitting.session.code,
    )
    return session.scalar(select(SittingClosed.id).where(*where)) is not None


def _call(session: Session, round_: Round, applicant: Applicant) -> Call | None:
    return session.scalar(select(Call).where(Call.round_id == round_.id, Call.applicant_id == applicant.id))


def outcome_of(session: Session, round_: Round, applicant: Applicant) -> Outcome | None:
    """How the applicant's defence ended, if it did."""
    return session.scalar(select(Outcome).where(Outcome.round_id == round_.id, Outcome.applicant_id == applicant.id))


def call(session: Session, actor: Actor, clock: Clock, round_: Round, code: str) -> None:
    """Call an applicant in; the first call of a round opens it and freezes how marks are counted."""
    require_state(round_, "published", "in_session")
    applicant = _appointment(session, round_, actor, code).applicant
    if outcome_of(session, round_, applicant) or _call(session, round_, applicant):
        raise Refused("%(name)s 已经叫过或已有结果。请刷新页面。", name=applicant.name)
    session.add(Call(round_id=round_.id, applicant_id=applicant.id, called_at=clock()))
    round_.state = "in_session"
    audit.record(session, actor, clock, "call", code, round_id=round_.id)


def begin(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, phase: str) -> None:
    """Start the timer of the talk or the answers."""
    applicant = _appointment(session, round_, actor, code).applicant
    row = _call(session, round_, applicant)
    if phase not in PHASES or row is None or row.ended_at:
        raise Refused("%(name)s 现在不能开始这一段。请先叫号。", name=applicant.name)
    setattr(row, PHASES[phase], clock())
    audit.record(session, actor, clock, f"call.{phase}", code, round_id=round_.id)


def settle(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, kind: str, reason: str = "") -> None:
    """Write the outcome: heard, absent, gave_up, disqualified, deferred."""
    require_state(round_, "published", "in_session")
    if kind not in OUTCOMES:
        raise Unreadable("没有这种结果。请刷新页面。")
    applicant = _appointment(session, round_, actor, code).applicant
    row, old = _call(session, round_, applicant), outcome_of(session, round_, applicant)
    if old:
        raise Refused("%(name)s 已有结果。要改请先撤回。", name=applicant.name)
    if kind == "heard" and row is None:
        raise Refused("%(name)s 还没有叫号。请先叫号。", name=applicant.name)
    if kind in ("disqualified", "deferred") and not reason.strip():
        raise Unreadable("请写明原因。")
    if row:
        row.ended_at = clock()
    by = actor.name
    session.add(
        Outcome(round_id=round_.id, applicant_id=applicant.id, kind=kind, reason=reason[:256], at=clock(), by=by)
    )
    round_.state = "in_session"
    audit.record(session, actor, clock, "outcome", code, round_id=round_.id, after={"kind": kind, "reason": reason})


def undo(session: Session, actor: Actor, clock: Clock, round_: Round, code: str) -> None:
    """Take the last step for an applicant back: the outcome, else the call."""
    applicant = _appointment(session, round_, actor, code).applicant
    row, old = _call(session, round_, applicant), outcome_of(session, round_, applicant)
    if old:
        audit.record(session, actor, clock, "outcome.undo", code, round_id=round_.id, before={"kind": old.kind})
        session.delete(old)
        if row:
            row.ended_at = None
    elif row:
        audit.record(session, actor, clock, "call.undo", code, round_id=round_.id)
        session.delete(row)
    else:
        raise Refused("%(name)s 没有可以撤回的步骤。", name=applicant.name)
    session.flush()


def missing_sheets(session: Session, round_: Round, sitting: Sitting) -> list[str]:
    """Who has not submitted for whom, among those who were heard."""
    submitted = {
        tuple(row)
        for row in session.execute(
            select(Sheet.applicant_id, Sheet.expert_id).where(Sheet.round_id == round_.id, Sheet.state == "submitted")
        ).all()
    }
    found = []
    for appointment in sitting.appointments:
        ended = outcome_of(session, round_, appointment.applicant)
        if ended is None or ended.kind != "heard":
            continue
        for member in sitting.panel.members:
            if (appointment.applicant_id, member.expert_id) not in submitted:
                found.append(f"{member.expert.name} → {appointment.applicant.name}")
    return found


def close(
    session: Session, actor: Actor, clock: Clock, round_: Round, panel_code: str, session_code: str, reason: str = ""
) -> None:
    """Close a sitting: everyone has an outcome, and each missing sheet is explained by a reason."""
    _panel, sittings = panel_of(session, round_, actor, panel_code)
    sitting = next((s for s in sittings if s.session.code == session_code), None)
    if sitting is None or _closed(session, round_, sitting):
        raise Refused("没有这一场，或已经关闭。请刷新页面。")
    waiting = [a.applicant.name for a in sitting.appointments if not outcome_of(session, round_, a.applicant)]
    if waiting:
        raise Refused("%(names)s 还没有结果。请先叫号，或记为缺席、放弃。", names="、".join(waiting))
    missing = missing_sheets(session, round_, sitting)
    if missing and not reason.strip():
        raise Refused(
            "还差 %(n)s 份评分表：%(who)s。请等待提交，或写明原因后关闭。", n=len(missing), who="；".join(missing[:5])
        )
    row = SittingClosed(
        round_id=round_.id, panel=panel_code, session=session_code, at=clock(), by=actor.name, reason=reason[:256]
    )
    session.add(row)
    thing = f"{panel_code} {session_code}"
    audit.record(
        session, actor, clock, "sitting.close", thing, round_id=round_.id, after={"reason": reason, "missing": missing}
    )


def sign(session: Session, actor: Actor, clock: Clock, round_: Round, panel_code: str) -> None:
    """The chair signs the panel off; with the last panel the round is complete."""
    panel, sittings = panel_of(session, round_, actor, panel_code)
    if not any(m.chair and m.expert_id == actor.expert_id for m in panel.members):
        raise Forbidden("只有专家组组长可以签字。")
    if not all(_closed(session, round_, s) for s in sittings):
        raise Refused("专家组 %(code)s 还有没关闭的场次。请先由小组秘书关闭。", code=panel_code)
    signed = set(session.scalars(select(PanelSigned.panel).where(PanelSigned.round_id == round_.id)))
    if panel_code in signed:
        raise Refused("专家组 %(code)s 已经签过字。", code=panel_code)
    session.add(PanelSigned(round_id=round_.id, panel=panel_code, at=clock(), by=actor.name))
    audit.record(session, actor, clock, "panel.sign", panel_code, round_id=round_.id)
    every = {p.code for p, _ in boards.by_panel(session, published(session, round_))}
    if every <= signed | {panel_code} and not without_outcome(session, round_):
        round_.state = "complete"


def without_outcome(session: Session, round_: Round) -> list[Applicant]:
    """Senior applicants whose defence has no end yet."""
    done = select(Outcome.applicant_id).where(Outcome.round_id == round_.id)
    query = select(Applicant).where(
        Applicant.round_id == round_.id, Applicant.level == "senior", Applicant.id.not_in(done)
    )
    return list(session.scalars(query.order_by(Applicant.code)))


def is_closed(session: Session, round_: Round, sitting: Sitting) -> bool:
    """Whether a sitting is closed."""
    return _closed(session, round_, sitting)


def calls(session: Session, round_: Round) -> dict[int, Call]:
    """Applicant id → the call."""
    return {c.applicant_id: c for c in session.scalars(select(Call).where(Call.round_id == round_.id))}


def outcomes(session: Session, round_: Round) -> dict[int, Outcome]:
    """Applicant id → the outcome."""
    return {o.applicant_id: o for o in session.scalars(select(Outcome).where(Outcome.round_id == round_.id))}
