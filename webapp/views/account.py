"""One's own account: where one is logged in, and a second factor."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import qr
from webapp.db import db
from webapp.identity import current_login, current_user_row, log_in, second_is_missing
from webapp.languages import sentence
from webapp.models import User
from webapp.rights import allow
from webapp.services import logins, second, users
from webapp.services.kernel import Forbidden, system_clock
from webapp.views import acting

bp = Blueprint("account", __name__, url_prefix="/account")


def _own() -> User:
    user = current_user_row()
    assert user is not None
    return user


@bp.get("/")
@allow("account", "use")
def index() -> ResponseReturnValue:
    """Where I am logged in; my second factor."""
    return _page()


def _page() -> str:
    user, secret = _own(), second.new_secret()
    return render_template(
        "account/index.html",
        user=user,
        logins=logins.open_ones(db.session(), system_clock(), user),
        this=current_login(),
        secret=secret,
        code=qr.picture(second.address(user, secret)),
        needed=second_is_missing(),
    )


@bp.post("/logins/<int:number>/end")
@allow("account", "use")
def end(number: int) -> ResponseReturnValue:
    """End one of my logins."""
    logins.end_one(db.session(), acting(), system_clock, _own(), number)
    flash(_("已结束。那台电脑下一次点击就要重新登录。"), "ok")
    return redirect(url_for("account.index"), 303)


@bp.post("/logins/end")
@allow("account", "use")
def end_others() -> ResponseReturnValue:
    """End all my logins but this one."""
    n = logins.end_others(db.session(), acting(), system_clock, _own(), current_login())
    flash(_("已结束其他 %(n)s 个登录。", n=n), "ok")
    return redirect(url_for("account.index"), 303)


@bp.post("/second")
@allow("account", "use")
def second_on() -> ResponseReturnValue:
    """Ask my account for a phone's code from now on."""
    user, form = _own(), request.form
    try:
        users.confirm_password(
            db.session(), system_clock, user, form.get("password", "")[:256], request.remote_addr or ""
        )
    except Forbidden as refusal:  # rendered and not raised: the failure counts
        flash(sentence(refusal), "error")
        return _page(), 403
    second.turn_on(db.session(), acting(), system_clock, user, form.get("secret", ""), form.get("code", ""))
    log_in(user)
    flash(_("两步验证已开启。下次登录要填手机上的动态码。"), "ok")
    return redirect(url_for("account.index"), 303)
