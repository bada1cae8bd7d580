"""Public screens: names as the round shows them, no experts, no marks."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.models import Appointment, Sitting
from webapp.rights import allow
from webapp.services import boards, records
from webapp.services.names import public
from webapp.services.settings import of_round
from webapp.views import current_round

bp = Blueprint("screens", __name__, url_prefix="/screens")


@bp.get("/waiting")
@allow("screens", "read", "own")
def waiting() -> ResponseReturnValue:
    """Now and next of each room: the sitting where someone is called, else the earliest open one."""
    round_, session = current_round(), db.session()
    names = of_round(round_).names
    version = records.published_if_any(session, round_)
    calls, outcomes = records.calls(session, round_), records.outcomes(session, round_)
    shown: dict[int, tuple[Sitting, Appointment | None, list[Appointment]]] = {}
    for sitting in boards.sittings(session, version) if version else ():
        open_ = [a for a in sitting.appointments if a.applicant_id not in outcomes]
        now = next((a for a in open_ if a.applicant_id in calls), None)
        if now or (open_ and sitting.room_id not in shown):
            shown[sitting.room_id] = (sitting, now, [a for a in open_ if a is not now])
    rows = sorted(shown.values(), key=lambda row: row[0].room.position)
    return render_template("screens/waiting.html", round=round_, rows=rows, show=lambda name: public(name, names))
