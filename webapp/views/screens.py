"""Public screens: names as the round shows them, no experts, no marks."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.identity import current_user_row
from webapp.models import Round
from webapp.rights import allow
from webapp.services import halls
from webapp.services.kernel import system_clock
from webapp.services.settings import of_round
from webapp.views import acting, current_round

bp = Blueprint("screens", __name__, url_prefix="/screens")

KINDS = {"waiting": "候考大屏", "door": "门口屏", "timer": "计时屏"}


def own(kind: str, room: str = "") -> None:
    """A screen's account shows its one screen; everyone else may look at all of them."""
    user = current_user_row()
    if acting().role == "screen" and user is not None and user.screen != (f"{kind}:{room}" if room else kind):
        abort(403)


def fragment(round_: Round, kind: str, room: str = "") -> str:
    """The part of a screen that changes."""
    session = db.session()
    shown: dict[str, object] = {"round": round_, "settings": of_round(round_), "now": system_clock()}
    if kind == "waiting":
        shown["halls"] = halls.rooms(session, round_)
    else:
        shown["hall"] = halls.room(session, round_, room)
        shown["room"] = next(one for one in round_.rooms if one.code == room)
    return render_template(f"screens/_{kind}.html", **shown)


def _page(kind: str, room: str = "") -> ResponseReturnValue:
    own(kind, room)
    round_ = current_round()
    words = {"round": round_, "kind": kind, "room": room, "kinds": KINDS}
    return render_template("screens/screen.html", content=fragment(round_, kind, room), **words)


@bp.get("/")
@allow("screens", "read", "own")
def index() -> ResponseReturnValue:
    """All screens to choose from; a screen's account goes to its own."""
    user = current_user_row()
    if acting().role == "screen" and user is not None:
        kind, _colon, room = (user.screen or "waiting").partition(":")
        return redirect(url_for(f"screens.{kind}", room=room or None))
    return render_template("screens/index.html", round=current_round())


@bp.get("/waiting")
@allow("screens", "read", "own")
def waiting() -> ResponseReturnValue:
    """The waiting room: now, next, prepare of each room."""
    return _page("waiting")


@bp.get("/door/<room>")
@allow("screens", "read", "own")
def door(room: str) -> ResponseReturnValue:
    """A room's door: the order and the state."""
    return _page("door", room)


@bp.get("/timer/<room>")
@allow("screens", "read", "own")
def timer(room: str) -> ResponseReturnValue:
    """A room's clock, as large as the screen."""
    return _page("timer", room)
