"""Accounts, for the administrator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.models import User
from webapp.models.users import ROLES
from webapp.rights import allow
from webapp.services import second, users
from webapp.services.kernel import Missing, system_clock
from webapp.views import acting

bp = Blueprint("admin", __name__, url_prefix="/admin")


def _user(number: int) -> User:
    found = db.session.get(User, number)
    if found is None:
        raise Missing("没有这个账号。请返回账号列表。")
    return found


@bp.get("/accounts")
@allow("users", "read")
def accounts() -> ResponseReturnValue:
    """All accounts."""
    return render_template("admin/accounts.html", users=users.everyone(db.session()), roles=ROLES)


@bp.post("/accounts")
@allow("users", "write")
def add() -> ResponseReturnValue:
    """Make an account and show its first password once."""
    password = users.made_password()
    form = request.form
    user = users.create(
        db.session(),
        acting(),
        system_clock,
        form.get("name", ""),
        form.get("role", ""),
        password,
        display_name=form.get("display_name", "")[:64],
        screen=form.get("screen") or None,
    )
    return render_template("admin/password.html", user=user, password=password)


@bp.post("/accounts/<int:number>/password")
@allow("users", "write")
def reset(number: int) -> ResponseReturnValue:
    """Give an account a new password and show it once."""
    user, password = _user(number), users.made_password()
    users.reset_password(db.session(), acting(), system_clock, user, password)
    return render_template("admin/password.html", user=user, password=password)


@bp.post("/accounts/<int:number>/screen")
@allow("users", "write")
def screen(number: int) -> ResponseReturnValue:
    """Choose what a screen's account shows."""
    users.set_screen(db.session(), acting(), system_clock, _user(number), request.form.get("screen", ""))
    flash(_("大屏已改。"), "ok")
    return redirect(url_for("admin.accounts"), 303)


@bp.post("/accounts/<int:number>/second-off")
@allow("users", "write")
def second_off(number: int) -> ResponseReturnValue:
    """Ask an account no code any more: its phone is lost."""
    second.turn_off(db.session(), acting(), system_clock, _user(number))
    flash(_("两步验证已关闭。请本人登录后重新开启。"), "ok")
    return redirect(url_for("admin.accounts"), 303)


@bp.post("/accounts/<int:number>/disabled")
@allow("users", "write")
def disabled(number: int) -> ResponseReturnValue:
    """Disable an account or let it in again."""
    user = _user(number)
    users.set_disabled(db.session(), acting(), system_clock, user, request.form.get("disabled") == "1")
    flash(_("已停用。") if user.disabled else _("已启用。"), "ok")
    return redirect(url_for("admin.accounts"), 303)
