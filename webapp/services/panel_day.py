"""The day of a panel: calling, the two timers, outcomes; its end is in ``closing``."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Call, Outcome, Round
from webapp.models.scores import OUTCOMES
from webapp.services import audit
from webapp.services.closing import finish
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.records import is_closed, outcome_of, panel_of, published, unscheduled
from webapp.services.rounds import require_state

PHASES = {"talk": "talk_at", "answers": "answers_at"}


def _person(session: Session, round_: Round, actor: Actor, code: str) -> Applicant:
    """The applicant of that code whom the actor may act for now."""
    version = published(session, round_)
    found = session.scalar(
        select(Appointment).join(Applicant).where(Appointment.version_id == version.id, Applicant.code == code)
    )
    if found is None:
        person = next((a for a in unscheduled(session, round_) if a.code == code), None)
        if person is None or actor.role != "office":
            raise Missing("已发布的安排里没有申报人 %(code)s。请刷新页面。", code=code)
        return person
    panel_of(session, round_, actor, found.sitting.panel.code)
    if is_closed(session, round_, found.sitting):
        raise Refused("这一场已关闭，不能再改。请联系评委会办公室。")
    return found.applicant


def _call(session: Session, round_: Round, applicant: Applicant) -> Call | None:
    return session.scalar(select(Call).where(Call.round_id == round_.id, Call.applicant_id == applicant.id))


def call(session: Session, actor: Actor, clock: Clock, round_: Round, code: str) -> None:
    """Call an applicant in; the first call of a round opens it and freezes how marks are counted."""
    require_state(round_, "published", "in_session")
    applicant = _person(session, round_, actor, code)
    if applicant in unscheduled(session, round_):
        raise Refused("%(name)s 没有排上时间，不能叫号。请先修改安排，或记下结果。", name=applicant.name)
    if outcome_of(session, round_, applicant) or _call(session, round_, applicant):
        raise Refused("%(name)s 已经叫过或已有结果。请刷新页面。", name=applicant.name)
    if busy := _inside(session, round_, applicant):
        raise Refused("%(name)s 还没有结束。请先结束，或撤回叫号。", name=busy.name)
    session.add(Call(round_id=round_.id, applicant_id=applicant.id, called_at=clock()))
    round_.state = "in_session"
    audit.record(session, actor, clock, "call", code, round_id=round_.id)


def _inside(session: Session, round_: Round, applicant: Applicant) -> Applicant | None:
    """Who of the same sitting has been called and has not ended."""
    place = select(Appointment.sitting_id).where(
        Appointment.version_id == published(session, round_).id, Appointment.applicant_id == applicant.id
    )
    ended = select(Outcome.applicant_id).where(Outcome.round_id == round_.id)
    return session.scalar(
        select(Applicant)
        .join(Appointment, Appointment.applicant_id == Applicant.id)
        .join(Call, Call.applicant_id == Applicant.id)
        .where(Appointment.sitting_id.in_(place), Call.ended_at.is_(None), Applicant.id.not_in(ended))
        .limit(1)
    )


def begin(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, phase: str) -> None:
    """Start the timer of the talk or, after it, the answers; each starts once."""
    require_state(round_, "published", "in_session")
    applicant = _person(session, round_, actor, code)
    row = _call(session, round_, applicant)
    if phase not in PHASES or row is None or row.ended_at:
        raise Refused("%(name)s 现在不能开始这一段。请先叫号。", name=applicant.name)
    if row.answers_at or (row.talk_at is None) != (phase == "talk"):
        raise Refused("%(name)s 的这一段已经开始，或还没有轮到。请刷新页面。", name=applicant.name)
    setattr(row, PHASES[phase], clock())
    audit.record(session, actor, clock, f"call.{phase}", code, round_id=round_.id)


def settle(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, kind: str, reason: str = "") -> None:
    """Write the outcome: heard, absent, gave_up, disqualified, deferred."""
    require_state(round_, "published", "in_session")
    if kind not in OUTCOMES:
        raise Unreadable("没有这种结果。请刷新页面。")
    applicant = _person(session, round_, actor, code)
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
    session.flush()
    finish(session, round_)


def undo(session: Session, actor: Actor, clock: Clock, round_: Round, code: str) -> None:
    """Take the last step for an applicant back: the outcome, else the answers, the talk, the call."""
    require_state(round_, "published", "in_session", "complete")
    applicant = _person(session, round_, actor, code)
    row, old = _call(session, round_, applicant), outcome_of(session, round_, applicant)
    if old:
        audit.record(session, actor, clock, "outcome.undo", code, round_id=round_.id, before={"kind": old.kind})
        session.delete(old)
        if row:
            row.ended_at = None
        round_.state = "in_session"
    elif row:
        _step_back(session, row)
        audit.record(session, actor, clock, "call.undo", code, round_id=round_.id)
    else:
        raise Refused("%(name)s 没有可以撤回的步骤。", name=applicant.name)
    session.flush()


def _step_back(session: Session, row: Call) -> None:
    if row.answers_at:
        row.answers_at = None
    elif row.talk_at:
        row.talk_at = None
    else:
        session.delete(row)
