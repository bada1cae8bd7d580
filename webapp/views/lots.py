"""Lots: commitment, digits, draw, one step after the other on one page; numbers drawn on the spot on another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.models import Round
from webapp.rights import allow, may
from webapp.services import codes, draws, lots, lots_by_hand
from webapp.services.kernel import Forbidden, Missing, Unreadable, system_clock
from webapp.services.settings import of_round
from webapp.views import acting, again, current_round

bp = Blueprint("lots", __name__, url_prefix="/lots")


def _page(round_: Round, **more: Any) -> str:
    session = db.session()
    version = draws.target(session, round_, request.args.get("draft", type=int))
    return render_template(
        more.pop("template"),
        round=round_,
        settings=of_round(round_),
        version=version,
        halves=draws.halves(session, round_, version) if version else [],
        draws=draws.everyone(session, round_),
        now=draws.open_draw(session, round_),
        words=draws.STATES,
        codes=codes.of(session, round_),
        shortest=lots.SHORTEST,
        **more,
    )


@bp.get("/")
@allow("drafts", "read")
def index() -> ResponseReturnValue:
    """Where the draw stands, and its next step."""
    return _page(current_round(), template="lots/index.html")


@bp.post("/commit")
@allow("published", "publish")
def commit() -> ResponseReturnValue:
    """Publish the commitment."""
    round_, form = current_round(), request.form
    lots.commit(
        db.session(),
        acting(),
        system_clock,
        round_,
        form.get("commitment", ""),
        number=form.get("draft", type=int),
        sessions=form.getlist("sessions"),
        experts=bool(form.get("experts")),
    )
    flash(_("承诺值已公布。现在请监督人员和申报人当众报数字。"), "ok")
    return redirect(url_for("lots.index", round=round_.id), 303)


@bp.post("/<int:number>/call")
@allow("published", "publish")
def call(number: int) -> ResponseReturnValue:
    """Write the digits down."""
    round_, form = current_round(), request.form
    pairs = list(zip(form.getlist("who"), form.getlist("digits"), strict=False))
    lots.call(db.session(), acting(), system_clock, round_, number, pairs)
    flash(_("数字已记下，不能再改。现在请公布密语。"), "ok")
    return redirect(url_for("lots.index", round=round_.id), 303)


@bp.post("/<int:number>/reveal")
@allow("published", "publish")
def reveal(number: int) -> ResponseReturnValue:
    """Open the secret and draw."""
    round_ = current_round()
    made = lots.reveal(db.session(), acting(), system_clock, round_, number, request.form.get("secret", ""))
    flash(_("已抽定，次序写入第 %(n)s 版。", n=made.number), "ok")
    return redirect(url_for("lots.show", number=number, round=round_.id), 303)


@bp.post("/<int:number>/void")
@allow("published", "publish")
def void(number: int) -> ResponseReturnValue:
    """Give a draw up."""
    round_ = current_round()
    lots.void(db.session(), acting(), system_clock, round_, number, request.form.get("reason", ""))
    flash(_("抽签已作废，原因记录在案。"), "ok")
    return redirect(url_for("lots.index", round=round_.id), 303)


@bp.get("/<int:number>")
@allow("drafts", "read")
def show(number: int) -> ResponseReturnValue:
    """One draw: what was committed, called out, revealed, and the order of every sitting."""
    round_ = current_round()
    draw = draws.by_id(db.session(), round_, number)
    starts = [(row, draws.starts(row)) for row in draw.order]
    return _page(round_, template="lots/show.html", draw=draw, starts=starts)


@bp.get("/<int:number>/record.json")
@allow("published", "read")
def record(number: int) -> ResponseReturnValue:
    """What anyone recomputes it with."""
    draw = draws.by_id(db.session(), current_round(), number)
    if draw.state != "drawn":
        raise Missing("这次抽签还没有抽完，没有可以复算的记录。")
    answer = jsonify(draws.public(draw))
    answer.headers["Content-Disposition"] = f"attachment; filename=lots-{number}.json"
    return answer


def _hand() -> Round:
    """The round, where numbers may be typed: before publishing by who sees drafts."""
    round_ = current_round()
    version = draws.target(db.session(), round_)
    if version is not None and version.status != "published" and not may(acting().role, "drafts", "write"):
        raise Forbidden("安排还没有发布，发布前的抽签由评委会办公室录入。")
    return round_


@bp.get("/hand")
@allow("calls", "write")
def hand() -> ResponseReturnValue:
    """Numbers drawn on the spot, a half-day at a time."""
    return _hand_page(_hand(), request.args.get("session", ""), {})


def _hand_page(round_: Round, chosen: str, typed: Mapping[str, str]) -> str:
    return _page(round_, template="lots/hand.html", chosen=chosen, typed=typed)


@bp.post("/hand")
@allow("calls", "write")
def save_hand() -> ResponseReturnValue:
    """Draw by the numbers typed in; where they make no sense all of them stay where they were typed."""
    round_, form = _hand(), request.form
    try:
        made = lots_by_hand.by_hand(
            db.session(), acting(), system_clock, round_, _numbers(form), form.get("draft", type=int)
        )
    except Unreadable as error:
        return again(error, lambda: _hand_page(round_, form.get("session", ""), form))
    flash(_("已按号码排定，次序写入第 %(n)s 版。", n=made.number), "ok")
    return redirect(url_for("lots.hand", session=form.get("session"), round=round_.id), 303)


def _numbers(form: Mapping[str, str]) -> dict[str, dict[str, int | None]]:
    """``session/room:applicant`` → number, by sitting."""
    numbers: dict[str, dict[str, int | None]] = {}
    for key, text in form.items():
        place, colon, who = key.rpartition(":")
        if colon and place:
            if text.strip() and not (text.strip().isascii() and text.strip().isdigit()):
                raise Unreadable("“%(typed)s”不是号码。请填半角数字。", typed=text.strip()[:20])
            numbers.setdefault(place, {})[who] = int(text) if text.strip() else None
    return numbers
