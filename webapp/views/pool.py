"""The pool of experts: asked, confirmed, declined, substitutes; the commitment; drawing by lot."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.db import db
from webapp.models import Expert, Round
from webapp.rights import allow
from webapp.services import pool
from webapp.services.kernel import Unreadable, system_clock
from webapp.views import acting, current_round, lists
from webapp.views.people import tell

bp = Blueprint("pool", __name__, url_prefix="/pool")


@bp.get("/")
@allow("people", "read")
def index() -> ResponseReturnValue:
    """Who is asked, what is missing by direction."""
    round_ = current_round()
    needs, open_ = pool.needs(db.session(), round_), round_.state in pool.OPEN
    today = system_clock().astimezone().date()
    more = {"needs": needs, "words": pool.WORDS, "open": open_, "today": today}
    return lists.show(lists.people("pool", round_), "people/pool.html", **more)


def _back(round_: Round) -> ResponseReturnValue:
    rest = {key: value for key, value in request.args.items() if key != "round"}
    return redirect(url_for("pool.index", round=round_.id, **rest), 303)  # type: ignore[arg-type]


@bp.post("/answers")
@allow("people", "write")
def answer() -> ResponseReturnValue:
    """Write down how those who are ticked answered, or that they signed the commitment."""
    round_, form = current_round(), request.form
    act, codes = (db.session(), acting(), system_clock, round_), form.getlist("code")
    if form.get("do") in ("signed", "unsigned"):
        signed = _day(form.get("signed", "")) if form["do"] == "signed" else None
        flash(_("承诺书：记了 %(n)s 位。", n=pool.promise(*act, codes, signed)), "ok")
        return _back(round_)
    count, breaks = pool.answer(*act, codes, form.get("do", ""))
    tell(breaks, _("邀请情况：记了 %(n)s 位。", n=count))
    return _back(round_)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("签署日期写成 2026-07-01 这样。请重新填写。") from error


@bp.get("/draws")
@allow("people", "read")
def draw_list() -> ResponseReturnValue:
    """Draws of experts: begin one, type the digits, read the records."""
    round_ = current_round()
    query = select(Expert).where(Expert.round_id == round_.id)
    return render_template(
        "people/draws.html",
        round=round_,
        draws=pool.draws(db.session(), round_),
        needs=pool.needs(db.session(), round_),
        directions={d.code: d.name for d in round_.directions},
        people={expert.code: expert for expert in db.session.scalars(query)},
        words=pool.WORDS,
        seed=pool.seed_shown,
        open=round_.state in pool.OPEN,
    )


@bp.post("/draws")
@allow("people", "write")
def commit() -> ResponseReturnValue:
    """Begin a draw."""
    round_, form = current_round(), request.form
    places = {key.removeprefix("n."): value for key, value in form.items() if key.startswith("n.")}
    pool.commit(db.session(), acting(), system_clock, round_, places, form.get("commitment", ""))
    flash(_("承诺值已定。请先公布它，再请监督人员当众报数字。"), "ok")
    return redirect(url_for("pool.draw_list", round=round_.id), 303)


@bp.post("/draws/<int:number>")
@allow("people", "write")
def draw(number: int) -> ResponseReturnValue:
    """Draw by the digits that were called out."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_)
    pool.draw(*act, number, form.get("digits", ""), form.get("secret", ""))
    flash(_("已抽取，记录在下面，任何人都可以验算。"), "ok")
    return redirect(url_for("pool.draw_list", round=round_.id), 303)


@bp.get("/promises")
@allow("people", "read")
def promises() -> ResponseReturnValue:
    """The commitment's list on paper, with a place for each signature."""
    round_ = current_round()
    coming = (Expert.round_id == round_.id, Expert.standing.in_(("asked", "confirmed")))
    rows = list(db.session.scalars(select(Expert).where(*coming).order_by(Expert.code)))
    back = url_for("pool.index", round=round_.id)
    return render_template("people/promises.html", round=round_, rows=rows, title="评审专家承诺书签署表", back=back)
