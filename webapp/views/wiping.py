"""Personal data at the end of a round, for the administrator: what is kept, and erasing it for good."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.identity import current_user_row
from webapp.languages import sentence
from webapp.rights import allow
from webapp.services import rounds, users, wiping
from webapp.services.kernel import Forbidden, Refused, system_clock
from webapp.views import acting, again, config

bp = Blueprint("wiping", __name__, url_prefix="/admin/personal")


@bp.get("")
@allow("personal_data", "read")
def index() -> ResponseReturnValue:
    """What is kept of each round."""
    return render_template("wiping/index.html", rows=wiping.everyone(db.session(), config()))


@bp.get("/<int:number>")
@allow("personal_data", "read")
def show(number: int) -> ResponseReturnValue:
    """What a wipe takes and what stays."""
    return _page(number)


def _page(number: int) -> str:
    kept = wiping.kept(db.session(), config(), rounds.by_id(db.session(), number))
    copies = wiping.copies(config(), kept.wiped.at if kept.wiped else None)
    return render_template("wiping/show.html", kept=kept, copies=copies, form=request.form)


@bp.post("/<int:number>")
@allow("personal_data", "wipe")
def wipe(number: int) -> ResponseReturnValue:
    """Erase them: by who knows the password, the round's name typed."""
    session, form, user = db.session(), request.form, current_user_row()
    assert user is not None
    try:
        users.confirm_password(session, system_clock, user, form.get("password", "")[:256], request.remote_addr or "")
    except Forbidden as refusal:  # rendered and not raised: the failure counts
        flash(sentence(refusal), "error")
        return _page(number), 403
    round_, said = rounds.by_id(session, number), (form.get("reason", ""), form.get("name", ""))
    try:
        done = wiping.wipe(session, acting(), system_clock, config(), round_, *said)
    except Refused as error:
        return again(error, lambda: _page(number))
    session.commit()
    what = {"people": done.people, "payloads": done.payloads, "files": done.files}
    flash(_("已清除 %(people)s 人的个人信息、%(payloads)s 条审计内容、%(files)s 个名册原件。", **what), "ok")
    if not wiping.rewrite(config()):
        flash(_("数据库正忙，数据文件没有重写，里面还有旧内容。请空闲时在这里再清除一次。"), "warn")
    return redirect(url_for("wiping.show", number=number), 303)
