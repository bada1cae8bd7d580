"""Taking the last step for an applicant back, whichever it was; one touch, one step."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.models import Call, Round, Turn
from webapp.services import audit, clocks, turns
from webapp.services.kernel import Actor, Clock, Refused
from webapp.services.panel_day import decided_by, inside, person
from webapp.services.records import call_of, outcome_of
from webapp.services.rounds import require_state
from webapp.services.turns import NOW, Seen


def undo(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, *, seen: Seen = NOW) -> None:
    """Take the last step back: the outcome, else the clock's last stop, the answers, the talk, 到场, the call, 迟到.

    Raises:
        Refused: nothing to take back, or the next one has been called: there is one applicant in a room.
        Forbidden: an outcome that the office decided.
    """
    require_state(round_, "published", "in_session", "complete")
    applicant = person(session, round_, actor, code)
    turn, _at = turns.take(session, actor, clock, round_, applicant, "undo", seen)
    row, old = call_of(session, round_, applicant), outcome_of(session, round_, applicant)
    if old:
        decided_by(actor, old.kind)
        busy = inside(session, round_, applicant) if row else None
        if busy:
            raise Refused("%(name)s 已经叫了号。请先撤回这次叫号，或等答辩结束。", name=busy.name)
        session.delete(old)
        if row:
            clocks.stand_again(session, round_, applicant, row.ended_at)
            row.ended_at = None
        round_.state = "in_session"
        audit.record(session, actor, clock, "outcome.undo", code, round_id=round_.id)
    elif row:
        what = _step_back(session, round_, turn, row)
        audit.record(session, actor, clock, "call.undo", code, round_id=round_.id, before={"step": what})
    elif turn.late_at:
        turn.late_at = None
        audit.record(session, actor, clock, "call.undo", code, round_id=round_.id, before={"step": "late"})
    else:
        raise Refused("%(name)s 没有可以撤回的步骤。", name=applicant.name)
    session.flush()


def _step_back(session: Session, round_: Round, turn: Turn, row: Call) -> str:
    """Undo one step of a call; which it was."""
    pause = clocks.last_pause(session, round_, turn.applicant)
    if pause and row.talk_at and pause.phase == ("answers" if row.answers_at else "talk"):
        if pause.ended_at:
            pause.ended_at = None
            return "resume"
        session.delete(pause)
        return "pause"
    if row.answers_at:
        clocks.stand_again(session, round_, turn.applicant, row.answers_at)
        row.answers_at, row.carried = None, 0
        return "answers"
    if row.talk_at:
        row.talk_at = None
        return "talk"
    if row.entered_at:
        if turn.arrived_at == row.entered_at:
            turn.arrived_at, turn.arrived_by = None, ""
        row.entered_at = None
        return "enter"
    session.delete(row)
    return "call"
