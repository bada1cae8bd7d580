"""The expert's tablet: a code to come in, the panel's list, the sheet, the chair's signature."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scoring.rubric import Rubric
from webapp.db import db
from webapp.identity import current_actor, current_tablet, tablet_cookie_name
from webapp.models import Round
from webapp.rights import allow, public
from webapp.services import closing, notes, paper, records, sheets, tablets, totals, unlocking
from webapp.services.kernel import Actor, Forbidden, Missing, Unreadable, system_clock

bp = Blueprint("tablet", __name__, url_prefix="/tablet")


def _here() -> tuple[Actor, Round]:
    actor, tablet = current_actor(), current_tablet()
    round_ = db.session.get(Round, tablet.expert.round_id) if tablet else None
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
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    seconds = int(tablets.DAY.total_seconds())
    answer.set_cookie(tablet_cookie_name(), token, max_age=seconds, httponly=True, secure=secure, samesite="Lax")
    return answer


@bp.get("/")
@allow("own_sheet", "read")
def home() -> ResponseReturnValue:
    """The list and one sheet."""
    actor, round_ = _here()
    tablet = current_tablet()
    assert tablet is not None
    rows = sheets.own(db.session(), round_, tablet.expert)
    if not rows:
        raise Missing("已发布的安排里没有您的场次。请联系评委会办公室。")
    outcomes = records.outcomes(db.session(), round_)
    shown = next((row for row in rows if row[0] == request.args.get("sheet")), None)
    open_rows = [r for r in rows if not (r[2] and r[2].state != "draft") and not r[3]]
    heard = [r for r in open_rows if r[1].applicant_id not in outcomes or outcomes[r[1].applicant_id].kind == "heard"]
    current = shown or (heard or rows)[0]
    chaired = [
        (panel, records.all_closed(db.session(), round_, held))
        for panel, held in records.panels(db.session(), round_, actor)
        if closing.chairs(panel, actor)
    ]
    waiting = paper.waiting(db.session(), round_, actor) if chaired else ([], 0)
    return render_template(
        "tablet/home.html", round=round_, rows=rows, current=current, outcomes=outcomes, chaired=chaired,
        shut=records.is_closed(db.session(), round_, current[1].sitting)
        and not unlocking.is_open(db.session(), current[2]),
        signed=records.signed_panels(db.session(), round_),
        rubric=Rubric.from_json(round_.rubric), waiting=len(waiting[0]) + waiting[1],
        locked=sheets.locked(round_, current[2], actor),
    )  # fmt: skip


@bp.get("/panel/<code>")
@allow("panel_totals", "sign")
def panel(code: str) -> ResponseReturnValue:
    """The chair reads the panel's sheets, and its totals once its sittings are closed."""
    actor, round_ = _here()
    view = totals.of_panel(db.session(), round_, actor, code)
    return render_template("panel/totals.html", round=round_, view=view, method=totals.method_words(round_))


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
    return render_template("tablet/notes.html", round=round_, rows=notes.rows(db.session(), round_, actor))


@bp.post("/notes/<applicant>")
@allow("notes", "sign")
def sign_note(applicant: str) -> ResponseReturnValue:
    """The chair signs one, or gives it back."""
    actor, round_ = _here()
    if request.form.get("back"):
        notes.give_back(db.session(), actor, system_clock, round_, applicant)
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


@bp.post("/records")
@allow("own_sheet", "write")
def record() -> ResponseReturnValue:
    """Take one record; JSON in, a receipt or both versions out."""
    actor, round_ = _here()
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise Unreadable("评分记录不完整。请刷新平板页面后再试。")
    answer = sheets.receive(db.session(), actor, system_clock, round_, document)
    return jsonify(answer.document), answer.status


@bp.post("/sign")
@allow("panel_totals", "sign")
def sign() -> ResponseReturnValue:
    """The chair signs the panel off."""
    actor, round_ = _here()
    closing.sign(db.session(), actor, system_clock, round_, request.form.get("panel", ""))
    flash(_("已签字。"), "ok")
    return redirect(url_for("tablet.home"), 303)


@bp.post("/leave")
@allow("own_sheet", "read")
def leave() -> ResponseReturnValue:
    """End this tablet's session."""
    actor, tablet = current_actor(), current_tablet()
    if actor and tablet:
        tablets.leave(db.session(), actor, system_clock, tablet)
    answer = redirect(url_for("tablet.enter"), 303)
    answer.delete_cookie(tablet_cookie_name())
    return answer
