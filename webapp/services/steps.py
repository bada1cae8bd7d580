"""The buttons of a console: one step for one applicant, told by its word."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.models import Round
from webapp.services import panel_day, turns, undoing
from webapp.services.kernel import Actor, Clock
from webapp.services.turns import NOW, Seen


def take(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    code: str,
    what: str,
    reason: str = "",
    seen: Seen = NOW,
) -> None:
    """Take one step of :data:`turns.STEPS`; the same step sent twice is one.

    Raises:
        Stale: another console was quicker.
        Refused: the step is not possible now.
    """
    applicant = panel_day.person(session, round_, actor, code)
    if turns.repeated(turns.of_applicant(session, round_, applicant), actor, what, seen):
        return
    act = (session, actor, clock, round_, code)
    if what == "call":
        panel_day.call(*act, seen=seen)
    elif what == "enter":
        panel_day.enter(*act, seen=seen)
    elif what in panel_day.PHASES:
        panel_day.begin(*act, what, seen=seen)
    elif what in ("pause", "resume"):
        (panel_day.pause if what == "pause" else panel_day.resume)(*act, reason, seen=seen)
    elif what == "late":
        panel_day.late(*act, seen=seen)
    elif what == "undo":
        undoing.undo(*act, seen=seen)
    else:
        panel_day.settle(*act, what, reason, seen=seen)
