"""Why somebody has no place, what can be done about it, and doing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.limits import costly
from webapp.rights import allow
from webapp.services import desks, drafts, fixing, jobs, proof
from webapp.services.kernel import system_clock
from webapp.views import acting, current_round

LONGER = 300
"""The seconds of a search when the first one ended without a way for every cause."""

bp = Blueprint("why", __name__, url_prefix="/schedule")


@bp.get("/<int:number>/why")
@allow("drafts", "read")
def index(number: int) -> ResponseReturnValue:
    """Who has no place, the causes and the fixes of the last explanation, how much better each level can get."""
    round_ = current_round()
    version = drafts.load(db.session(), round_, number)
    job = jobs.newest(db.session(), round_, "explain")
    found = fixing.told(db.session(), round_, job) if job else None
    return render_template(
        "schedule/why.html",
        round=round_,
        version=version,
        desk=desks.of(db.session(), version),
        levels=proof.levels(version),
        job=job,
        busy=jobs.busy(db.session(), round_),
        found=found,
        longer=LONGER // 60,
    )


@bp.post("/<int:number>/why")
@allow("drafts", "write")
@costly("job")
def ask(number: int) -> ResponseReturnValue:
    """Look for the causes; ``longer``: take time for it."""
    round_ = current_round()
    drafts.load(db.session(), round_, number)
    seconds = LONGER if request.form.get("longer") else None
    jobs.explain(db.session(), acting(), system_clock, round_, seconds=seconds)
    return redirect(url_for("why.index", number=number, round=round_.id), 303)


@bp.get("/<int:number>/why/<int:job>/<int:cause>/<int:fix>")
@allow("drafts", "write")
def confirm(number: int, job: int, cause: int, fix: int) -> ResponseReturnValue:
    """What a fix changes in the round's data, asked before it is done."""
    round_ = current_round()
    found = fixing.one(db.session(), round_, job, cause, fix)
    return render_template("schedule/fix.html", round=round_, number=number, job=job, cause=cause, at=fix, fix=found)


@bp.post("/<int:number>/why/<int:job>/<int:cause>/<int:fix>")
@allow("drafts", "write")
def apply(number: int, job: int, cause: int, fix: int) -> ResponseReturnValue:
    """Make the fix in the round's data and solve again from this version."""
    round_, session = current_round(), db.session()
    fixing.apply(session, acting(), system_clock, round_, job, cause, fix, request.form.get("reason", ""))
    session.flush()
    seconds = request.form.get("seconds", 60, type=int)
    jobs.start(session, acting(), system_clock, round_, seconds, start=number)
    flash(_("已写入批次数据，正在从第 %(n)s 版重新计算。", n=number), "ok")
    return redirect(url_for("schedule.index", round=round_.id), 303)
