"""A version on the board and in pictures."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.languages import sentence
from webapp.models import DraftEdit, Round
from webapp.rights import allow, may
from webapp.services import desks, pictures, proof, records, rework_words, reworking
from webapp.services.grid import View, grid
from webapp.services.kernel import Unreadable
from webapp.views import acting, current_round
from webapp.views.board_words import board_words
from webapp.views.schedule import bp, version_of


@bp.get("/published")
@allow("published", "read")
def published() -> ResponseReturnValue:
    """The board of the published version, for those who see no drafts."""
    round_ = current_round()
    version = records.published_if_any(db.session(), round_)
    if version is None:
        return render_template("schedule/none.html", round=round_)
    return redirect(url_for("schedule.board", number=version.number, round=round_.id))


@bp.get("/<int:number>/board")
@allow("published", "read")
def board(number: int) -> ResponseReturnValue:
    """Rooms across, time down, for one day; ``part``: only what an edit changes."""
    round_, version = version_of(number)
    try:
        day = date.fromisoformat(request.args["day"]) if request.args.get("day") else None
    except ValueError as error:
        raise Unreadable("日期写成 2023-07-15 这样。请从日期链接进入。") from error
    asked = request.args
    view = View(day, asked.get("page", 1, type=int), asked.get("direction", ""), asked.get("room", ""))
    desk = desks.of(db.session(), version)
    page = grid(desk, view)
    writes = version.status == "draft" and round_.state in EDITABLE and may(acting().role, "drafts", "write")
    return render_template(
        "schedule/_board.html" if "part" in asked else "schedule/board.html",
        round=round_,
        version=version,
        desk=desk,
        grid=page,
        levels=proof.levels(version),
        words=board_words(),
        writes=writes,
        other=reworking.by_hand_of(db.session(), version) if writes and not version.by_hand else None,
        undo=_said(round_, reworking.last_done(version)) if writes and version.by_hand else None,
        redo=_said(round_, reworking.next_undone(version)) if writes and version.by_hand else None,
    )


EDITABLE = ("rosters_locked", "scheduled")
"""States of a round in which drafts are worked on."""


def _said(round_: Round, edit: DraftEdit | None) -> str:
    return sentence(rework_words.told(db.session(), round_, edit.moves)) if edit else ""


@bp.get("/<int:number>/pictures")
@allow("drafts", "read")
def show(number: int) -> ResponseReturnValue:
    """How the version uses experts, rooms and time."""
    round_, version = version_of(number)
    found = pictures.of_version(db.session(), round_, version, sentence)
    return render_template("schedule/pictures.html", round=round_, version=version, pictures=found)
