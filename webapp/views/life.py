"""After the marks: versions of the results side by side, sheets unlocked by two persons, objections."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.db import db
from webapp.models import Expert, Round
from webapp.rights import allow, may
from webapp.services import objections, unlocking, versions
from webapp.services.kernel import system_clock
from webapp.views import acting, current_round

bp = Blueprint("life", __name__, url_prefix="/results/life")


@bp.get("/versions")
@allow("results", "history")
def history() -> ResponseReturnValue:
    """Every computation of the round; two of them side by side."""
    round_, session = current_round(), db.session()
    made = versions.everyone(session, round_)
    numbers = request.args.get("a", type=int), request.args.get("b", type=int)
    if numbers == (None, None) and len(made) > 1:
        numbers = made[1].number, made[0].number
    a, b = (versions.of_number(session, round_, number) for number in numbers)
    if (a is None or b is None) and any(numbers):
        abort(404)
    compared = versions.compare(session, round_, a, b) if a and b else None
    named = may(acting().role, "statistics", "read")
    return render_template(
        "life/versions.html",
        round=round_,
        made=made,
        compared=compared,
        named=named,
        names=_names(round_) if named else {},
        decisions=objections.DECISIONS,
    )


def _names(round_: Round) -> dict[str, str]:
    found = db.session.execute(select(Expert.code, Expert.name).where(Expert.round_id == round_.id))
    return {code: f"{code} {name}" for code, name in found}


@bp.get("/objections")
@allow("results", "history")
def objection_list() -> ResponseReturnValue:
    """All objections with what was decided."""
    round_ = current_round()
    return render_template(
        "life/objections.html",
        round=round_,
        rows=objections.of_round(db.session(), round_),
        decisions=objections.DECISIONS,
        released=objections.released(db.session(), round_),
    )


@bp.post("/objections")
@allow("results", "compute", "confirm")
def receive() -> ResponseReturnValue:
    """Write an objection down."""
    round_, form = current_round(), request.form
    source, text, code = (form.get(name, "") for name in ("source", "text", "applicant"))
    made = objections.receive(db.session(), acting(), system_clock, round_, source, text, code)
    flash(_("已登记第 %(n)s 号异议。", n=made.number), "ok")
    return redirect(url_for("life.objection_list", round=round_.id), 303)


@bp.post("/objections/<int:number>")
@allow("results", "confirm")
def decide(number: int) -> ResponseReturnValue:
    """Decide on one."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_)
    objections.decide(*act, number, form.get("decision", ""), form.get("finding", ""))
    flash(_("已记下决定。"), "ok")
    return redirect(url_for("life.objection_list", round=round_.id), 303)


@bp.post("/recheck")
@allow("results", "confirm")
def recheck() -> ResponseReturnValue:
    """Open released results for checking again."""
    round_ = current_round()
    objections.recheck(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("已进入复查。需要改分的评分表请解锁；复查后由评委会办公室重新计算。"), "ok")
    return redirect(url_for("results.overview", round=round_.id), 303)


@bp.get("/unlocks")
@allow("panel_sheets", "unlocks")
def unlocks() -> ResponseReturnValue:
    """Requests to unlock a sheet."""
    round_, actor = current_round(), acting()
    rows = [(u, unlocking.answerable(actor, u)) for u in unlocking.requests(db.session(), round_, actor)]
    key = request.args.get("sheet", "")
    return render_template("life/unlocks.html", round=round_, rows=rows, states=unlocking.STATES, key=key)


@bp.post("/unlocks")
@allow("panel_sheets", "unlock")
def ask() -> ResponseReturnValue:
    """A results officer asks."""
    round_, form = current_round(), request.form
    unlocking.ask(db.session(), acting(), system_clock, round_, form.get("sheet", ""), form.get("reason", ""))
    flash(_("已申请解锁，等组长同意。"), "ok")
    return redirect(url_for("life.unlocks", round=round_.id), 303)


@bp.post("/unlocks/<int:number>")
@allow("panel_sheets", "unlock")
def answer(number: int) -> ResponseReturnValue:
    """A results officer answers a chair."""
    round_ = current_round()
    act = unlocking.agree if request.form.get("agree") else unlocking.refuse
    act(db.session(), acting(), system_clock, round_, number)
    flash(_("已处理解锁申请。"), "ok")
    return redirect(url_for("life.unlocks", round=round_.id), 303)
