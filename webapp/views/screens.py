"""Public screens: names as the round shows them, no experts, no marks."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.models import Appointment, Sitting
from webapp.rights import allow
from webapp.services import boards, records
from webapp.services.settings import of_round
from webapp.shown import masked
from webapp.views import current_round

bp = Blueprint("screens", __name__, url_prefix="/screens")


@bp.get("/waiting")
@allow("screens", "read", "own")
def waiting() -> ResponseReturnValue:
    """Now and next of each room's earliest open sitting; the page reads itself anew."""
    round_, session = current_round(), db.session()
    names = of_round(round_).names
    show = {"masked": masked, "number": lambda _name: "", "full": lambda name: name}[names]
    version = records.published_if_any(session, round_)
    calls, outcomes = records.calls(session, round_), records.outcomes(session, round_)
    rows: list[tuple[Sitting, Appointment | None, list[Appointment]]] = []
    for sitting in boards.sittings(session, version) if version else ():
        open_ = [a for a in sitting.appointments if a.applicant_id not in outcomes]
        if open_ and all(row[0].room_id != sitting.room_id for row in rows):
            now = next((a for a in open_ if a.applicant_id in calls), None)
            rows.append((sitting, now, [a for a in open_ if a is not now]))
    rows.sort(key=lambda row: row[0].room.position)
    return render_template("screens/waiting.html", round=round_, rows=rows, show=show)
