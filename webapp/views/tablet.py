"""The expert's tablet: a code to come in, the panel's list, the sheet, the chair's signature."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scoring.rubric import Rubric
from webapp import tablet_app
from webapp.db import db
from webapp.identity import current_actor, current_tablet, set_tablet_cookie, tablet_cookie_name, tablet_round
from webapp.models import Round
from webapp.models.people import REASONS
from webapp.rights import allow, public
from webapp.services import closing, notes, paper, remarks, settling, tablets, totals, unlocking
from webapp.services.kernel import Actor, Forbidden, system_clock

bp = Blueprint("tablet", __name__, url_prefix="/tablet")


def _here() -> tuple[Actor, Round]:
    actor, round_ = current_actor(), tablet_round()
    if actor is None or round_ is None:
        raise Forbidden("请先用进入码进入。")
    return actor, round_


@bp.get("/enter")
@public
def enter() -> ResponseReturnValue:
    """The door of the experts."""
    return render_template("tablet/enter.html")


@bp.post("/enter")
@public
def typed() -> ResponseReturnValue:
    """Exchange a typed code for the tablet's cookie."""
    token = tablets.enter(db.session(), system_clock, request.form.get("code", ""))
    answer = redirect(url_for("tablet.home"), 303)
    return set_tablet_cookie(make_response(answer), token)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """The page that scores: words and shapes only, the same for every expert; it asks for the rest."""
    answer = make_response(render_template("tablet/home.html", app=tablet_app, reasons=REASONS))
    answer.headers["X-Rostrum-App"] = tablet_app.version()
    return answer


@bp.get("/check")
@public
def check() -> ResponseReturnValue:
    """What this tablet can do, tried before the day."""
    return render_template("tablet/check.html", app=tablet_app)


@bp.get("/panel/<code>")
@allow("panel_totals", "sign")
def panel(code: str) -> ResponseReturnValue:
    """The chair reads the panel's sheets, and its totals once its sittings are closed."""
    actor, round_ = _here()
    view, signs = totals.of_panel(db.session(), round_, actor, code), closing.awaits(db.session(), round_, actor, code)
    words = totals.method_words(round_)
    return render_template("panel/totals.html", round=round_, view=view, method=words, signs=signs)


@bp.get("/paper")
@allow("panel_sheets", "confirm")
def paper_sheets() -> ResponseReturnValue:
    """The chair reads what was typed in from paper or files, to confirm it or send it back."""
    actor, round_ = _here()
    waiting, more = paper.waiting(db.session(), round_, actor)
    items = Rubric.from_json(round_.rubric).items
    return render_template("tablet/paper.html", round=round_, waiting=waiting, more=more, items=items)


@bp.post("/paper/confirm")
@allow("panel_sheets", "confirm")
def confirm_paper() -> ResponseReturnValue:
    """The chair confirms one."""
    actor, round_ = _here()
    key, version = request.form.get("sheet", ""), request.form.get("version", -1, type=int)
    paper.confirm(db.session(), actor, system_clock, round_, key, version)
    flash(_("已确认 %(key)s。", key=key), "ok")
    return redirect(url_for("tablet.paper_sheets"), 303)


@bp.post("/paper/back")
@allow("panel_sheets", "confirm")
def return_paper() -> ResponseReturnValue:
    """The chair sends one back."""
    actor, round_ = _here()
    key, version = request.form.get("sheet", ""), request.form.get("version", -1, type=int)
    paper.send_back(db.session(), actor, system_clock, round_, key, version, request.form.get("reason", ""))
    flash(_("已退回 %(key)s，由小组秘书重新录入。", key=key), "ok")
    return redirect(url_for("tablet.paper_sheets"), 303)


@bp.get("/notes")
@allow("notes", "sign")
def note_list() -> ResponseReturnValue:
    """The chair reads opinions and questions, signs them or gives them back."""
    actor, round_ = _here()
    rows, said = notes.rows(db.session(), round_, actor), remarks.by_applicant(db.session(), round_)
    return render_template("tablet/notes.html", round=round_, rows=rows, remarks=said)


@bp.post("/notes/<applicant>")
@allow("notes", "sign")
def sign_note(applicant: str) -> ResponseReturnValue:
    """The chair signs one, or gives it back."""
    actor, round_ = _here()
    if request.form.get("back"):
        notes.give_back(db.session(), actor, system_clock, round_, applicant, request.form.get("why", ""))
        flash(_("已退回小组秘书。"), "ok")
    else:
        notes.sign(db.session(), actor, system_clock, round_, applicant, request.form.get("version", ""))
        flash(_("已签字。"), "ok")
    return redirect(url_for("tablet.note_list"), 303)


@bp.get("/unlocks")
@allow("panel_sheets", "unlock")
def unlocks() -> ResponseReturnValue:
    """The chair's requests to unlock a sheet, and those to agree to."""
    actor, round_ = _here()
    rows = [(u, unlocking.answerable(actor, u)) for u in unlocking.requests(db.session(), round_, actor)]
    key = request.args.get("sheet", "")
    return render_template("life/unlocks.html", round=round_, rows=rows, states=unlocking.STATES, key=key)


@bp.post("/unlocks")
@allow("panel_sheets", "unlock")
def ask_unlock() -> ResponseReturnValue:
    """The chair asks."""
    actor, round_ = _here()
    reason = request.form.get("reason", "")
    unlocking.ask(db.session(), actor, system_clock, round_, request.form.get("sheet", ""), reason)
    flash(_("已申请解锁，等成绩管理员同意。"), "ok")
    return redirect(url_for("tablet.unlocks"), 303)


@bp.post("/unlocks/<int:number>")
@allow("panel_sheets", "unlock")
def answer_unlock(number: int) -> ResponseReturnValue:
    """The chair answers a results officer."""
    actor, round_ = _here()
    act = unlocking.agree if request.form.get("agree") else unlocking.refuse
    act(db.session(), actor, system_clock, round_, number)
    flash(_("已处理解锁申请。"), "ok")
    return redirect(url_for("tablet.unlocks"), 303)


@bp.get("/versions")
@allow("panel_sheets", "settle")
def two_versions() -> ResponseReturnValue:
    """The chair's side of sheets with two versions."""
    actor, round_ = _here()
    found = settling.cases(db.session(), round_, actor)
    return render_template("life/settle.html", round=round_, cases=found, rubric=Rubric.from_json(round_.rubric))


@bp.post("/versions")
@allow("panel_sheets", "settle")
def propose_version() -> ResponseReturnValue:
    """The chair proposes which counts."""
    actor, round_ = _here()
    form, act = request.form, (db.session(), actor, system_clock, round_)
    settling.propose(*act, form.get("sheet", ""), form.get("uuid", ""), form.get("reason", ""))
    flash(_("已提议，等成绩管理员同意。"), "ok")
    return redirect(url_for("tablet.two_versions"), 303)


@bp.post("/versions/answer")
@allow("panel_sheets", "settle")
def answer_version() -> ResponseReturnValue:
    """The chair answers a results officer."""
    actor, round_ = _here()
    form, act = request.form, (db.session(), actor, system_clock, round_)
    settling.answer(*act, form.get("sheet", ""), agreed=bool(form.get("agree")))
    flash(_("已处理。"), "ok")
    return redirect(url_for("tablet.two_versions"), 303)


@bp.post("/sign")
@allow("panel_totals", "sign")
def sign() -> ResponseReturnValue:
    """The chair signs the panel off."""
    actor, round_ = _here()
    closing.sign(db.session(), actor, system_clock, round_, request.form.get("panel", ""))
    return redirect(url_for("tablet.home"), 303)


@bp.post("/leave")
@allow("own_sheet", "read")
def leave() -> ResponseReturnValue:
    """End this tablet's session."""
    actor, tablet = current_actor(), current_tablet()
    if actor and tablet:
        tablets.leave(db.session(), actor, system_clock, tablet.number)
    answer = redirect(url_for("tablet.enter"), 303)
    answer.delete_cookie(tablet_cookie_name())
    return answer
