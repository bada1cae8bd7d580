"""What pages ask for by themselves: the server's moment, changes as they happen. No request here is a person's."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request, stream_with_context
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.languages import language
from webapp.live import fingerprint, hub, look, read_plainly, stream
from webapp.models import Round
from webapp.rights import allow, public
from webapp.views import current_round
from webapp.views.screens import fragment, own

bp = Blueprint("live", __name__, url_prefix="/live")


@bp.get("/now")
@public
def now() -> ResponseReturnValue:
    """The server's moment in milliseconds, and its zone in minutes east: every wall shows the schedule's time.

    Asked several times, the quickest answer tells a screen its offset.
    """
    return jsonify(now=time.time() * 1000, east=time.localtime().tm_gmtoff // 60)


def _answer(read: Callable[[int], str]) -> Response:
    """A stream for who asks for one and finds a seat; else the text once, or 304 while it is the same."""
    if request.accept_mimetypes.best == "text/event-stream":
        if hub().full():
            return Response(status=503, headers={"Retry-After": "60"})
        return Response(stream_with_context(stream(read)), mimetype="text/event-stream")
    text = read(look(db.session()))
    answer = Response(text, mimetype="text/html")
    answer.headers["X-Rostrum-Beat"] = "1"  # a portal that answers everything does not say so
    answer.set_etag(fingerprint(text))
    answer.make_conditional(request)
    return answer


def _screen(kind: str, room: str = "") -> Response:
    own(kind, room)
    number, key = current_round().id, f"{kind} {room} {language()}"

    def make() -> str:
        read_plainly()
        return fragment(db.session.get_one(Round, number), kind, room)

    return _answer(lambda stamp: hub().once(f"{number} {key}", stamp, make))


@bp.get("/waiting")
@allow("screens", "read", "own")
def waiting() -> Response:
    """The waiting room's content as it changes."""
    return _screen("waiting")


@bp.get("/door/<room>")
@allow("screens", "read", "own")
def door(room: str) -> Response:
    """A door's content as it changes."""
    return _screen("door", room)


@bp.get("/timer/<room>")
@allow("screens", "read", "own")
def timer(room: str) -> Response:
    """A room's clock as it changes."""
    return _screen("timer", room)


@bp.get("/changes")
@allow("calls", "read", "own_panel", "write")
def changes() -> Response:
    """A word whenever something was recorded; the page then reads itself anew."""
    return _answer(str)
