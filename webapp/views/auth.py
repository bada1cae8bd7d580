"""The door: login, logout, one's own password, the language."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from webapp import qr
from webapp.db import db
from webapp.identity import current_actor, current_user_row, log_in, log_out
from webapp.lan import lan_address
from webapp.languages import LANGUAGES, sentence
from webapp.rights import allow, public
from webapp.services import users
from webapp.services.kernel import Forbidden, Refused, system_clock
from webapp.views import safe_next

bp = Blueprint("auth", __name__)


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Name and password."""

    name = StringField(validators=[InputRequired(), Length(max=64)])
    password = PasswordField(validators=[InputRequired(), Length(max=256)])
    code = StringField(validators=[Length(max=16)])
    next = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The old password, the new one twice."""

    old = PasswordField(validators=[InputRequired(), Length(max=256)])
    new = PasswordField(validators=[InputRequired(), Length(min=users.SHORTEST, max=256)])
    again = PasswordField(validators=[InputRequired(), EqualTo("new")])


HOME = {
    "office": "office.home",
    "secretary": "panel.console",
    "admin": "admin.accounts",
    "results_officer": "results.overview",
    "supervisor": "office.home",
    "organiser": "results.downloads",
    "desk": "desk.index",
    "screen": "screens.index",
}
"""Where each role starts."""


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Send everyone to where their work is."""
    actor = current_actor()
    if actor is None:
        return redirect(url_for("auth.login"))
    return redirect(url_for(HOME[actor.role]))


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """The login page."""
    if current_user_row():
        return redirect(url_for("auth.index"))
    return render_template("auth/login.html", form=LoginForm(next=request.args.get("next", "")), others=_for_others())


def _for_others() -> tuple[str, str] | None:
    """At the laptop itself: the address that tablets and other computers open, and its QR code."""
    port = urlsplit(request.host_url).port
    if not request.remote_addr or not ip_address(request.remote_addr).is_loopback or lan_address() == "127.0.0.1":
        return None
    address = f"{request.scheme}://{lan_address()}" + (f":{port}" if port else "")
    return address, qr.picture(address)


@bp.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Check name and password."""
    form = LoginForm()
    error = _("请填写账号和密码。")
    if form.validate_on_submit():
        who = form.name.data.strip(), form.password.data, request.remote_addr or ""
        db.session.connection(execution_options={"rostrum_read": True})
        try:
            proof = users.prove(db.session(), system_clock, *who)
            user = users.log_in(db.session(), system_clock, *who, proof, form.code.data or "")
        except Refused as refusal:
            error = sentence(refusal)
        else:
            log_in(user)
            if user.must_change:
                flash(_("请先设置自己的密码。"), "warn")
                return redirect(url_for("auth.password"), 303)
            return redirect(safe_next(form.next.data, url_for("auth.index")), 303)
    flash(error, "error")
    return render_template("auth/login.html", form=form), 403


@bp.post("/logout")
@public
def leave() -> ResponseReturnValue:
    """Log out."""
    if (actor := current_actor()) is not None:
        users.leave(db.session(), actor, system_clock)
    log_out()
    return redirect(url_for("auth.login"), 303)


@bp.route("/password", methods=["GET", "POST"])
@allow("account", "use")
def password() -> ResponseReturnValue:
    """Change one's own password."""
    form, user, actor = PasswordForm(), current_user_row(), current_actor()
    assert user is not None
    assert actor is not None
    if form.validate_on_submit():
        address = request.remote_addr or ""
        try:
            users.change_password(db.session(), actor, system_clock, user, form.old.data, form.new.data, address)
        except Forbidden as refusal:  # rendered and not raised: the failure counts
            flash(sentence(refusal), "error")
            return render_template("auth/password.html", form=form), 403
        log_in(user)
        flash(_("密码已修改。"), "ok")
        return redirect(url_for("auth.index"), 303)
    if form.is_submitted():
        flash(_("新密码至少 10 个字符，两次要填得一样。"), "error")
    return render_template("auth/password.html", form=form), 400 if form.is_submitted() else 200


@bp.post("/language/<code>")
@public
def language(code: str) -> ResponseReturnValue:
    """Switch the language and come back."""
    if code in LANGUAGES:
        session["language"] = code
    return redirect(safe_next(request.form.get("next"), url_for("auth.index")), 303)
