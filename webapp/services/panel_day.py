"""The day of a panel: calling, the two timers, outcomes; taking back is in ``undoing``, the end in ``closing``."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Call, Outcome, Round
from webapp.models.scores import OUTCOMES
from webapp.services import audit, clocks, turns
from webapp.services.closing import finish
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Unreadable
from webapp.services.records import call_of, is_closed, outcome_of, panel_of, published, unscheduled
from webapp.services.rounds import require_state
from webapp.services.settings import of_round
from webapp.services.turns import NOW, Seen

PHASES = {"talk": "talk_at", "answers": "answers_at"}
DECIDED = ("disqualified", "deferred")
"""Outcomes that the office decides and takes back; the others are seen in the room."""


def person(session: Session, round_: Round, actor: Actor, code: str) -> Applicant:
    """The applicant of that code whom the actor may act for now."""
    version = published(session, round_)
    found = session.scalar(
        select(Appointment).join(Applicant).where(Appointment.version_id == version.id, Applicant.code == code)
    )
    if found is None:
        waiting = next((a for a in unscheduled(session, round_) if a.code == code), None)
        if waiting is None or actor.role != "office":
            raise Missing("已发布的安排里没有申报人 %(code)s。请刷新页面。", code=code[:16])
        return waiting
    panel_of(session, round_, actor, found.sitting.panel.code)
    if is_closed(session, round_, found.sitting):
        raise Refused("这一场已关闭，不能再改。请联系评委会办公室。")
    return found.applicant


def call(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, *, seen: Seen = NOW) -> None:
    """Call an applicant in; the first call of a round opens it and freezes how marks are counted."""
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    if applicant in unscheduled(session, round_):
        raise Refused("%(name)s 没有排上时间，不能叫号。请先修改安排，或记下结果。", name=applicant.name)
    _turn, at = turns.take(session, actor, clock, round_, applicant, "call", seen)
    if outcome_of(session, round_, applicant) or call_of(session, round_, applicant):
        raise Refused("%(name)s 已经叫过或已有结果。请刷新页面。", name=applicant.name)
    if busy := inside(session, round_, applicant):
        raise Refused("%(name)s 还没有结束。请先结束，或撤回叫号。", name=busy.name)
    session.add(Call(round_id=round_.id, applicant_id=applicant.id, called_at=at))
    round_.state = "in_session"
    audit.record(session, actor, clock, "call", code, round_id=round_.id, after=_when(seen))


def _when(seen: Seen) -> dict[str, str] | None:
    """For the audit log: the moment a console kept while it had no network."""
    return {"kept_at": seen.at.isoformat()} if seen.at else None


def decided_by(actor: Actor, kind: str) -> None:
    """Let nobody but the office decide on these, or take them back.

    Raises:
        Forbidden: a secretary.
    """
    if kind in DECIDED and actor.role != "office":
        raise Forbidden("取消资格和延期由评委会办公室记下，也由办公室撤回。")


def inside(session: Session, round_: Round, applicant: Applicant) -> Applicant | None:
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


def _called(session: Session, round_: Round, applicant: Applicant) -> Call:
    """The call of who is in the room or on the way.

    Raises:
        Refused: not called, or over.
    """
    row = call_of(session, round_, applicant)
    if row is None or row.ended_at:
        raise Refused("%(name)s 现在不能开始这一段。请先叫号。", name=applicant.name)
    return row


def enter(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, *, seen: Seen = NOW) -> None:
    """The applicant who was called is in the room; who was not signed in at the desk is now."""
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    turn, at = turns.take(session, actor, clock, round_, applicant, "enter", seen)
    row = _called(session, round_, applicant)
    if row.entered_at:
        raise Refused("%(name)s 已经到场。请刷新页面。", name=applicant.name)
    row.entered_at = at
    if turn.arrived_at is None:
        turn.arrived_at, turn.arrived_by = at, actor.name
    audit.record(session, actor, clock, "call.enter", code, round_id=round_.id, after=_when(seen))


def begin(
    session: Session, actor: Actor, clock: Clock, round_: Round, code: str, phase: str, *, seen: Seen = NOW
) -> None:
    """Start the timer of the talk or, after it, the answers; each starts once."""
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    if phase not in PHASES:
        raise Unreadable("没有这一步。请刷新页面。")
    _turn, at = turns.take(session, actor, clock, round_, applicant, phase, seen)
    row = _called(session, round_, applicant)
    if row.answers_at or (row.talk_at is None) != (phase == "talk"):
        raise Refused("%(name)s 的这一段已经开始，或还没有轮到。请刷新页面。", name=applicant.name)
    clocks.run_on(session, round_, applicant, at)
    if phase == "talk":
        row.talk_at = at
    else:
        row.answers_at, row.carried = at, clocks.carried(session, round_, row, at)
    audit.record(session, actor, clock, f"call.{phase}", code, round_id=round_.id, after=_when(seen))


def pause(
    session: Session, actor: Actor, clock: Clock, round_: Round, code: str, reason: str, *, seen: Seen = NOW
) -> None:
    """Stop the clock that runs, with a reason."""
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    _turn, at = turns.take(session, actor, clock, round_, applicant, "pause", seen)
    row = _called(session, round_, applicant)
    if not reason.strip():
        raise Unreadable("请写明暂停的原因。")
    if row.talk_at is None or clocks.standing(session, round_, applicant):
        raise Refused("%(name)s 的计时没有在走，不能暂停。请刷新页面。", name=applicant.name)
    clocks.stop(session, round_, row, at, reason.strip()[:128], actor.name)
    audit.record(session, actor, clock, "call.pause", code, round_id=round_.id, after={"reason": reason.strip()[:128]})


def resume(
    session: Session, actor: Actor, clock: Clock, round_: Round, code: str, _reason: str = "", *, seen: Seen = NOW
) -> None:
    """Let the clock go on."""
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    _turn, at = turns.take(session, actor, clock, round_, applicant, "resume", seen)
    if not clocks.run_on(session, round_, applicant, at):
        raise Refused("%(name)s 的计时没有暂停。请刷新页面。", name=applicant.name)
    audit.record(session, actor, clock, "call.resume", code, round_id=round_.id, after=_when(seen))


def late(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, *, seen: Seen = NOW) -> None:
    """Who was called and is not there, as the round's setting has it: later in the order, or given up."""
    require_state(round_, "published", "in_session")
    if of_round(round_).late == "gave_up":
        settle(session, actor, clock, round_, code, "gave_up", "迟到", seen=seen)
        return
    applicant = person(session, round_, actor, code)
    turn, at = turns.take(session, actor, clock, round_, applicant, "late", seen)
    row = call_of(session, round_, applicant)
    if outcome_of(session, round_, applicant) or (row and row.entered_at):
        raise Refused("%(name)s 已经到场或已有结果，不能记为迟到。", name=applicant.name)
    if row:
        session.delete(row)
    turn.late_at, turn.arrived_at, turn.arrived_by = at, None, ""
    audit.record(session, actor, clock, "call.late", code, round_id=round_.id, after=_when(seen))


def settle(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    code: str,
    kind: str,
    reason: str = "",
    *,
    seen: Seen = NOW,
) -> None:
    """Write the outcome: heard, absent, gave_up, disqualified, deferred."""
    require_state(round_, "published", "in_session")
    if kind not in OUTCOMES:
        raise Unreadable("没有这种结果。请刷新页面。")
    applicant = person(session, round_, actor, code)
    decided_by(actor, kind)
    _turn, at = turns.take(session, actor, clock, round_, applicant, kind, seen)
    row, old = call_of(session, round_, applicant), outcome_of(session, round_, applicant)
    if old:
        raise Refused("%(name)s 已有结果。要改请先撤回。", name=applicant.name)
    if kind == "heard" and row is None:
        raise Refused("%(name)s 还没有叫号。请先叫号。", name=applicant.name)
    if kind in DECIDED and not reason.strip():
        raise Unreadable("请写明原因。")
    clocks.run_on(session, round_, applicant, at)
    if row:
        row.ended_at = at
    by = actor.name
    session.add(Outcome(round_id=round_.id, applicant_id=applicant.id, kind=kind, reason=reason[:256], at=at, by=by))
    round_.state = "in_session"
    session.flush()
    finish(session, round_)
    audit.record(session, actor, clock, "outcome", code, round_id=round_.id)
