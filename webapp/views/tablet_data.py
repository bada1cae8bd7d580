"""What the tablet's page asks for and hands in: JSON both ways. A success is a receipt, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from webapp import health, tablet_app
from webapp.db import db
from webapp.identity import Tablet, current_actor, current_tablet, set_tablet_cookie, tablet_round
from webapp.languages import language, sentence
from webapp.models import Round
from webapp.rights import allow, public
from webapp.services import recusing, remarks, settling, sheets, tablet_view, tablets
from webapp.services.kernel import Actor, Forbidden, Unreadable, system_clock
from webapp.views import config

bp = Blueprint("tablet_data", __name__, url_prefix="/tablet")


def who() -> tuple[Actor, Tablet]:
    """Who is at the tablet, the session."""
    actor, tablet = current_actor(), current_tablet()
    if actor is None or tablet is None:
        raise Forbidden("请先用进入码进入。")
    return actor, tablet


def here() -> tuple[Actor, Round, Tablet]:
    """The same, and the round with all that is in it."""
    (actor, tablet), round_ = who(), tablet_round()
    assert round_ is not None, "an expert without a round"
    return actor, round_, tablet


def _said_in(document: Mapping[str, object]) -> dict[str, object]:
    """An answer with its sentence in the visitor's language."""
    error = document.get("error")
    return {**document, "error": sentence(error)} if isinstance(error, str) else dict(document)


def _document() -> dict[str, object]:
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise Unreadable("评分记录不完整。请刷新平板页面后再试。")
    return document


def _said(*names: str) -> list[str]:
    document = _document()
    values = [document.get(name, "") for name in names]
    if not all(isinstance(value, str) for value in values):
        raise Unreadable("评分记录不完整。请刷新平板页面后再试。")
    return [str(value) for value in values]


@bp.get("/worker.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker: it keeps the page for when there is no network and touches nothing else."""
    text = render_template("tablet/worker.js", version=tablet_app.version(), files=tablet_app.addresses())
    answer = make_response(text)
    answer.headers["Content-Type"], answer.headers["Cache-Control"] = "text/javascript; charset=utf-8", "no-cache"
    return answer


@bp.get("/hello")
@public
def hello() -> ResponseReturnValue:
    """The server's time, the page's version, a token for what is handed in."""
    return jsonify(now=system_clock().isoformat(), app=tablet_app.version(), token=generate_csrf())


@bp.get("/view")
@allow("own_sheet", "read")
def view() -> ResponseReturnValue:
    """Everything the page shows; 304 while nothing has changed."""
    actor, round_, tablet = here()
    document = tablet_view.of_expert(db.session(), round_, actor)
    document |= {"app": tablet_app.version(), "language": language(), "until": tablet.until.isoformat()}
    answer = jsonify(document)
    answer.add_etag()
    answer.make_conditional(request)  # in place
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Rostrum-Now"] = system_clock().isoformat()
    return answer


@bp.post("/alive")
@allow("own_sheet", "write")
def alive() -> ResponseReturnValue:
    """A sign of life, with how many records wait on the tablet."""
    _actor, tablet = who()
    tablets.alive(db.session(), system_clock, tablet.number, _document())
    return jsonify(now=system_clock().isoformat())


@bp.post("/in")
@public
def come_in() -> ResponseReturnValue:
    """Exchange a code for the session without leaving the page."""
    token = tablets.enter(db.session(), system_clock, _said("code")[0])
    return set_tablet_cookie(jsonify(ok=True), token)


@bp.post("/records")
@allow("own_sheet", "write")
def record() -> ResponseReturnValue:
    """Take one record; JSON in, a receipt or both versions out."""
    actor, tablet = who()
    document = _document()
    answer = sheets.receive(db.session(), actor, system_clock, tablet.terms, document)
    journal = config().journal
    if journal and answer.status == 201:
        db.session.commit()  # first here, then there, then the receipt; nobody's turn waits for the second place
        health.journaled(journal, tablet.terms, actor, document)
    return jsonify(_said_in(answer.document)), answer.status


@bp.post("/remarks")
@allow("own_sheet", "write")
def remark() -> ResponseReturnValue:
    """Take one comment for the panel's file."""
    actor, round_, _tablet = here()
    answer = remarks.receive(db.session(), actor, system_clock, round_, _document())
    return jsonify(_said_in(answer.document)), answer.status


@bp.post("/settle")
@allow("own_sheet", "write")
def settle() -> ResponseReturnValue:
    """The expert decides between two versions of a sheet that is not submitted."""
    actor, round_, _tablet = here()
    (sheet, uuid), version = _said("sheet", "uuid"), _document().get("version")
    if not isinstance(version, int):
        raise Unreadable("评分记录不完整。请刷新平板页面后再试。")
    settling.decide(db.session(), actor, system_clock, round_, sheet, uuid, version)
    return jsonify(ok=True)


@bp.post("/recuse")
@allow("own_sheet", "write")
def recuse() -> ResponseReturnValue:
    """The expert declares a recusal from one applicant."""
    actor, round_, _tablet = here()
    sheet, reason, more = _said("sheet", "reason", "more")
    applicant, expert = [*sheet.rsplit("-", 2), "", ""][1:3]
    recusing.recuse(db.session(), actor, system_clock, round_, applicant, expert, reason, more)
    return jsonify(ok=True)


@bp.post("/try")
@public
def test_record() -> ResponseReturnValue:
    """The check page's test record: its hash is computed anew and sent back, nothing is kept."""
    document = _document()
    digest = sheets.fingerprint(document)
    return jsonify(uuid=document["uuid"], hash=digest, server_time=system_clock().isoformat()), 201
