"""The check-in desk: a half-day's people, signed in with one touch."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.models import Applicant, Expert, Round
from webapp.rights import allow
from webapp.services import desk, records
from webapp.services.kernel import system_clock
from webapp.services.settings import of_round
from webapp.views import acting, current_round
from webapp.views.panel import seen

bp = Blueprint("desk", __name__, url_prefix="/desk")


def _find(who: Applicant | Expert, number: int | None = None) -> str:
    """The words a row is found by: name, code, number, pinyin and its initials."""
    return f"{who.name} {who.code} {number or ''} {who.spelled}".lower()


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("desk.index", session=request.form.get("session"), round=round_.id), 303)


@bp.get("/")
@allow("calls", "read", "write")
def index() -> ResponseReturnValue:
    """Everyone of a half-day: who has come, who has not."""
    round_ = current_round()
    published = records.published_if_any(db.session(), round_)
    view = desk.of_half(db.session(), round_, request.args.get("session", ""), system_clock) if published else None
    late = of_round(round_).late
    return render_template(
        "desk/index.html", round=round_, view=view, published=published, find=_find, place=records.place_of, late=late
    )


@bp.post("/arrive")
@allow("calls", "write")
def arrive() -> ResponseReturnValue:
    """Sign an applicant in."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_, form.get("applicant", ""))
    number = desk.sign_in(*act, note=form.get("note", ""), number=form.get("number", ""), seen=seen())
    flash(_("%(code)s 已签到：%(n)s 号。", code=form.get("applicant", "")[:16], n=number), "ok")
    return _back(round_)


@bp.post("/depart")
@allow("calls", "write")
def depart() -> ResponseReturnValue:
    """Take a sign-in back."""
    round_ = current_round()
    desk.sign_out(db.session(), acting(), system_clock, round_, request.form.get("applicant", ""), seen=seen())
    return _back(round_)


@bp.post("/draw")
@allow("calls", "write")
def draw() -> ResponseReturnValue:
    """End the drawing of a sitting's numbers."""
    round_ = current_round()
    desk.finish_draw(db.session(), acting(), system_clock, round_, request.form.get("place", ""))
    flash(_("抽签已写入记录，次序按号排好。"), "ok")
    return _back(round_)


@bp.post("/expert")
@allow("calls", "write")
def expert() -> ResponseReturnValue:
    """Sign an expert in for the half-day, or take it back."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_, form.get("expert", ""), form.get("session", ""))
    desk.sign_expert(*act, here=form.get("here") == "1")
    return _back(round_)
