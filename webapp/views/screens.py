"""Public screens: names as the round shows them, no experts, no marks."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.rights import allow
from webapp.services import boards, panel_day
from webapp.services.settings import of_round
from webapp.shown import masked
from webapp.views import current_round

bp = Blueprint("screens", __name__, url_prefix="/screens")


@bp.get("/waiting")
@allow("screens", "read", "own")
def waiting() -> ResponseReturnValue:
    """Now and next in each room; the page reads itself anew."""
    round_, session = current_round(), db.session()
    names = of_round(round_).names
    show = {"masked": masked, "number": lambda _name: "", "full": lambda name: name}[names]
    version = panel_day.published(session, round_)
    calls, outcomes = panel_day.calls(session, round_), panel_day.outcomes(session, round_)
    rows = []
    for _panel, sittings in boards.by_panel(session, version):
        for sitting in sittings:
            open_ = [a for a in sitting.appointments if a.applicant_id not in outcomes]
            now = next((a for a in open_ if a.applicant_id in calls), None)
            then = [a for a in open_ if a is not now][:3]
            if open_:
                rows.append((sitting, now, then))
    rows.sort(key=lambda row: (row[0].session.start, row[0].room.position))
    return render_template("screens/waiting.html", round=round_, rows=rows[:8], show=show)
