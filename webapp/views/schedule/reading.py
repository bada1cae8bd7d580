"""A schedule edited in Excel is read back as a draft."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.limits import costly
from webapp.models import Round
from webapp.rights import allow
from webapp.services import timetables, uploads
from webapp.services.kernel import Refused, Unreadable, system_clock
from webapp.views import acting, config, current_round
from webapp.views.schedule import bp


@bp.post("/read")
@allow("drafts", "write")
@costly("file")
def upload() -> ResponseReturnValue:
    """Keep a schedule edited in Excel and look at it."""
    round_, file = current_round(), request.files.get("file")
    if file is None or not file.filename:
        raise Unreadable("没有选择文件。请选择改过的答辩安排总表。")
    data = file.read()
    timetables.look(db.session(), round_, data, file.filename)
    row = uploads.keep(db.session(), acting(), system_clock, round_, "schedule", data, file.filename, config().uploads)
    return redirect(url_for("schedule.check", number=row.id), 303)


@bp.get("/read/<int:number>")
@allow("drafts", "write")
@costly("file")
def check(number: int) -> ResponseReturnValue:
    """Its problems and broken rules at their cells, and what it costs."""
    row, data = uploads.stored(db.session(), number, config().uploads, "schedule")
    round_ = db.session.get_one(Round, row.round_id)
    seen = timetables.look(db.session(), round_, data, row.filename)
    return render_template("schedule/read.html", round=round_, row=row, seen=seen)


@bp.post("/read/<int:number>")
@allow("drafts", "write")
@costly("file")
def keep(number: int) -> ResponseReturnValue:
    """Make a draft of it."""
    row, data = uploads.stored(db.session(), number, config().uploads, "schedule")
    round_ = db.session.get_one(Round, row.round_id)
    if row.confirmed_at:
        raise Refused("文件“%(name)s”已经存为草案。要再次读入，请重新上传。", name=row.filename)
    row.confirmed_at = system_clock()
    made = timetables.write(db.session(), acting(), system_clock, round_, data, row.filename)
    flash(_("已存为第 %(n)s 版草案。", n=made.number), "ok")
    return redirect(url_for("schedule.board", number=made.number, round=round_.id), 303)
