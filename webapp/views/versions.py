"""Sheets with two versions, as office, secretary, results officer and supervisor see them."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scoring.rubric import Rubric
from webapp.db import db
from webapp.rights import allow
from webapp.services import records, settling
from webapp.services.kernel import Missing, system_clock
from webapp.views import acting, current_round

bp = Blueprint("versions", __name__, url_prefix="/versions")


def _cases() -> list[settling.Case]:
    round_ = current_round()
    return settling.cases(db.session(), round_, acting()) if records.published_if_any(db.session(), round_) else []


@bp.get("/")
@allow("panel_sheets", "state", "settle", "read")
def index() -> ResponseReturnValue:
    """What waits for a decision; marks only for whom and when the rights say."""
    round_ = current_round()
    return render_template("life/settle.html", round=round_, cases=_cases(), rubric=Rubric.from_json(round_.rubric))


@bp.get("/count")
@allow("panel_sheets", "state", "settle", "read")
def count() -> ResponseReturnValue:
    """How many there are, for the line every page of the office shows."""
    try:
        return jsonify(n=len(_cases()))
    except Missing:  # before there is any round
        return jsonify(n=0)


@bp.post("/")
@allow("panel_sheets", "settle")
def propose() -> ResponseReturnValue:
    """A results officer proposes which counts."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_)
    settling.propose(*act, form.get("sheet", ""), form.get("uuid", ""), form.get("reason", ""))
    flash(_("已提议，等组长同意。"), "ok")
    return redirect(url_for("versions.index", round=round_.id), 303)


@bp.post("/answer")
@allow("panel_sheets", "settle")
def answer() -> ResponseReturnValue:
    """A results officer answers a chair."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_)
    settling.answer(*act, form.get("sheet", ""), agreed=bool(form.get("agree")))
    flash(_("已处理。"), "ok")
    return redirect(url_for("versions.index", round=round_.id), 303)
