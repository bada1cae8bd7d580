"""Publish a version, or take it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.rights import allow
from webapp.services import desks, draws, proof, publishing
from webapp.services.instance import problem_document
from webapp.services.kernel import system_clock
from webapp.views import acting, current_round
from webapp.views.schedule import bp, version_of


@bp.get("/<int:number>/publish")
@allow("published", "publish")
def confirm(number: int) -> ResponseReturnValue:
    """What publishing means: what forbids it, the warnings, who has to be told."""
    round_, version = version_of(number)
    undrawn = draws.missing(db.session(), round_, version)
    desk = desks.of(db.session(), version)
    return render_template(
        "schedule/publish.html",
        round=round_,
        version=version,
        broken=desk.told(desk.prices.report.violations),
        warnings=[*publishing.warnings(version), *([undrawn] if undrawn else [])],
        changes=publishing.to_tell(db.session(), round_, version),
        levels=proof.levels(version),
        heard=sum(len(s.appointments) for p in desk.schedule.panels for s in p.sittings),
    )


@bp.post("/<int:number>/publish")
@allow("published", "publish")
def publish(number: int) -> ResponseReturnValue:
    """Freeze the version."""
    round_ = current_round()
    instance = problem_document(db.session(), round_)
    made = publishing.publish(db.session(), acting(), system_clock, round_, number, instance)
    flash(_("安排已发布，时间与专家组设置已冻结。"), "ok")
    changes = publishing.to_tell(db.session(), round_, made)
    page = "schedule.compare" if changes and (changes.moved or changes.called) else "schedule.board"
    return redirect(url_for(page, number=number, round=round_.id), 303)


@bp.post("/withdraw")
@allow("published", "publish")
def withdraw() -> ResponseReturnValue:
    """Take the published version back."""
    round_ = current_round()
    made = publishing.withdraw(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("已撤回发布，同样的安排存为第 %(n)s 版草案。", n=made.number), "ok")
    return redirect(url_for("schedule.index", round=round_.id), 303)
