"""The office's own pages: the round's home with its next step, its settings and directions, the audit log."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from scoring.rubric import Rubric
from webapp.db import db
from webapp.models import AuditEntry, AuditPayload
from webapp.rights import allow
from webapp.services import audit, notice, overview, rounds
from webapp.services.kernel import system_clock
from webapp.services.settings import ENTRIES, of_round, shown
from webapp.views import acting, current_round

bp = Blueprint("office", __name__, url_prefix="/office")


@bp.get("/")
@allow("settings", "read")
def home() -> ResponseReturnValue:
    """The round: what is next, what is missing."""
    everyone = rounds.everyone(db.session())
    if not everyone:
        return render_template("office/first.html")
    round_ = current_round()
    return render_template("office/home.html", round=round_, rounds=everyone, view=overview.of(db.session(), round_))


@bp.post("/rounds")
@allow("settings", "write")
def add_round() -> ResponseReturnValue:
    """Make a round."""
    round_ = rounds.create(
        db.session(),
        acting(),
        system_clock,
        request.form.get("name", ""),
        organisation=request.form.get("organisation", "")[:128],
    )
    db.session.flush()
    flash(_("批次已建立。下一步：导入名册和场地。"), "ok")
    return redirect(url_for("office.home", round=round_.id), 303)


@bp.get("/settings")
@allow("settings", "read")
def settings() -> ResponseReturnValue:
    """The round's settings, each with its sentence."""
    round_ = current_round()
    values = of_round(round_)
    groups = [
        (
            kind,
            rounds.is_frozen(db.session(), round_, kind),
            [(key, entry, shown(getattr(values, key))) for key, entry in ENTRIES.items() if entry.freeze == kind],
        )
        for kind in ("schedule", "scores", "notice")
    ]
    rubric = Rubric.from_json(round_.rubric)
    days = notice.days(round_)
    return render_template("office/settings.html", round=round_, groups=groups, rubric=rubric, days=days)


@bp.post("/settings")
@allow("settings", "write")
def save_settings() -> ResponseReturnValue:
    """Write the settings."""
    round_ = current_round()
    texts = {key: request.form[key] for key in ENTRIES if key in request.form}
    rounds.change_settings(db.session(), acting(), system_clock, round_, texts)
    flash(_("设置已保存。"), "ok")
    return redirect(url_for("office.settings", round=round_.id), 303)


@bp.post("/directions")
@allow("settings", "write")
def save_directions() -> ResponseReturnValue:
    """Rename or add directions."""
    round_ = current_round()
    rounds.change_directions(db.session(), acting(), system_clock, round_, request.form.get("names", "").splitlines())
    flash(_("专业方向已保存。"), "ok")
    return redirect(url_for("office.settings", round=round_.id), 303)


@bp.get("/audit")
@allow("audit", "read")
def audit_log() -> ResponseReturnValue:
    """The newest entries of the audit log and whether the chain holds."""
    page = max(1, request.args.get("page", 1, type=int))
    rows = db.session.execute(
        select(AuditEntry, AuditPayload)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .order_by(AuditEntry.id.desc())
        .limit(100)
        .offset((page - 1) * 100)
    ).all()
    return render_template("office/audit.html", rows=rows, page=page, head=audit.head(db.session()))
