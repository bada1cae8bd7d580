"""Tablets before and on the day: which are in, cards to print, a tablet shut out, the rehearsal."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import qr, tablet_app
from webapp.db import db
from webapp.lan import lan_address
from webapp.models import Panel, Round, Sitting
from webapp.rights import allow, may
from webapp.services import records, rehearsals, tablets
from webapp.services.kernel import Missing, system_clock
from webapp.views import acting, current_round

bp = Blueprint("tablets", __name__, url_prefix="/tablets")


Held = tuple[Panel, list[Sitting]]


def _chosen(round_: Round, code: str | None) -> tuple[list[Held], Held | None]:
    """The panels this person may run, and the one to show."""
    published = records.published_if_any(db.session(), round_)
    mine = records.panels(db.session(), round_, acting()) if published else []
    return mine, next((pair for pair in mine if pair[0].code == code), mine[0] if mine else None)


def _base() -> str:
    """The address the tablets reach this server by: as it was opened here, with the machine's own in the network."""
    parts = urlsplit(request.host_url)
    if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        return request.host_url.rstrip("/")
    return f"{parts.scheme}://{lan_address()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


@bp.get("/")
@allow("calls", "own_panel", "write")
def index() -> ResponseReturnValue:
    """A panel's tablets."""
    round_ = current_round()
    mine, shown = _chosen(round_, request.args.get("panel"))
    return render_template(
        "tablets/index.html",
        round=round_,
        panels=[panel.code for panel, _held in mine],
        panel=shown[0] if shown else None,
        days=tablets.days(shown[1]) if shown else [],
        rows=tablets.of_panel(db.session(), system_clock, shown[0]) if shown else {},
        base=_base(),
        app=tablet_app,
        now=system_clock(),
        rehearsal=rehearsals.of(db.session(), round_) if round_.rehearsal_of is None else None,
        office=may(acting().role, "settings", "write"),
    )


@bp.post("/cards")
@allow("calls", "own_panel", "write")
def cards() -> ResponseReturnValue:
    """Cards with a QR code for one panel and day, to print now: nobody can see them again."""
    round_, form = current_round(), request.form
    _mine, shown = _chosen(round_, form.get("panel"))
    if shown is None or shown[0].code != form.get("panel"):
        raise Missing("没有这个专家组。请刷新页面。")
    day, base = form.get("day", ""), form.get("base", "").strip().rstrip("/") or _base()
    made = tablets.make_cards(db.session(), acting(), system_clock, round_, shown[0], day)
    return render_template(
        "prints/cards.html",
        round=round_,
        title="平板卡片",
        panel=shown[0],
        sittings=[s for s in shown[1] if s.session.start.date().isoformat() == day],
        cards=[(card, qr.drawing(f"{base}/tablet/enter#{card.code}")) for card in made],
        door=f"{base}/tablet/enter",
        back=url_for("tablets.index", panel=shown[0].code, round=round_.id),
    )


@bp.post("/revoke")
@allow("calls", "own_panel", "write")
def revoke() -> ResponseReturnValue:
    """Shut a tablet out."""
    round_ = current_round()
    number = request.form.get("tablet", 0, type=int)
    row = tablets.revoke(db.session(), acting(), system_clock, round_, number)
    flash(_("已收回 %(name)s 的平板。它没有送出的评分仍在那台平板上。", name=row.expert.name), "ok")
    return redirect(url_for("tablets.index", panel=request.form.get("panel"), round=round_.id), 303)


@bp.post("/rehearsal")
@allow("settings", "write")
def begin() -> ResponseReturnValue:
    """Begin a rehearsal."""
    made = rehearsals.begin(db.session(), acting(), system_clock, current_round())
    flash(_("演练已准备好：专家组和场地与正式批次相同，申报人是编造的。"), "ok")
    return redirect(url_for("tablets.index", round=made.id), 303)


@bp.post("/rehearsal/fill")
@allow("settings", "write")
def fill() -> ResponseReturnValue:
    """Made-up marks for one panel of the rehearsal."""
    round_, panel = current_round(), request.form.get("panel", "")
    count = rehearsals.fill(db.session(), acting(), system_clock, round_, panel)
    flash(_("已填入 %(n)s 份编造的评分表。", n=count), "ok")
    return redirect(url_for("tablets.index", panel=panel, round=round_.id), 303)


@bp.post("/rehearsal/wipe")
@allow("settings", "write")
def wipe() -> ResponseReturnValue:
    """Wipe the rehearsal."""
    round_ = current_round()
    real = round_.rehearsal_of
    count = rehearsals.wipe(db.session(), acting(), system_clock, round_)
    flash(_("演练已清除（%(n)s 条记录）。正式批次没有动。", n=count), "ok")
    return redirect(url_for("tablets.index", round=real), 303)
