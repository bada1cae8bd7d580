"""The secretary's console: codes for the experts, calling, timers, outcomes, closing."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.db import db
from webapp.models import Expert, PanelSecretary, Round, User
from webapp.models.people import REASONS
from webapp.rights import allow, may
from webapp.services import (
    audit,
    clocks,
    closing,
    consoles,
    notes,
    records,
    recusing,
    remarks,
    rooms_now,
    steps,
    tablets,
    totals,
)
from webapp.services.kernel import Missing, Refused, Stale, Two, system_clock
from webapp.services.settings import of_round
from webapp.services.turns import Seen
from webapp.views import acting, again, current_round

bp = Blueprint("panel", __name__, url_prefix="/panel")

Pairs = list[tuple[str, str]]
"""Questions and their answers as they were typed."""


def seen() -> Seen:
    """What the page had before it when the button was pressed; the moment where it was kept without a network."""
    version, at = request.form.get("seen", type=int), request.form.get("at", type=int)
    return Seen(version, datetime.fromtimestamp(at / 1000, UTC) if at else None)


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("panel.console", panel=request.form.get("panel"), round=round_.id), 303)


@bp.get("/")
@allow("calls", "read", "own_panel")
def console() -> ResponseReturnValue:
    """One panel's day: its sittings, who is next, who has scored."""
    round_, session = current_round(), db.session()
    published = records.published_if_any(session, round_)
    codes = records.panel_codes(session, round_, acting()) if published else []
    wanted = next((code for code in codes if code == request.args.get("panel")), codes[0] if codes else None)
    shown = records.panel_of(session, round_, acting(), wanted) if wanted else None
    secretaries = list(session.scalars(select(User).where(User.role == "secretary").order_by(User.name)))
    serve = (PanelSecretary.round_id == round_.id, PanelSecretary.panel == wanted)
    serving = set(session.scalars(select(PanelSecretary.user_id).where(*serve)))
    return render_template(
        "panel/console.html",
        round=round_,
        published=published,
        signed=records.signed_panels(session, round_),
        panels=codes,
        view=consoles.of_panel(session, round_, *shown) if shown else None,
        recusals=recusing.of_panel(session, round_, shown[1]) if shown else [],
        reasons=REASONS,
        clock_words=clocks.REASONS,
        totals_open=bool(shown and totals.readable(session, round_, acting(), *shown)),
        unscheduled=records.unscheduled(session, round_)
        if published and may(acting().role, "published", "repair")
        else [],
        outcomes=records.outcomes(session, round_),
        secretaries=secretaries,
        serving=[user for user in secretaries if user.id in serving],
        settings=of_round(round_),
        now=system_clock(),
    )


@bp.get("/overview")
@allow("calls", "read", "write")
def overview() -> ResponseReturnValue:
    """Every room as it is now."""
    round_ = current_round()
    rooms = rooms_now.of_round_now(db.session(), round_, system_clock)
    repairs = may(acting().role, "published", "repair")
    return render_template("panel/overview.html", round=round_, rooms=rooms, repairs=repairs)


@bp.get("/totals/<code>")
@allow("panel_totals", "read", "print")
def panel_totals(code: str) -> ResponseReturnValue:
    """A panel's sheets combined, as far as this role may see them now."""
    round_ = current_round()
    view = totals.of_panel(db.session(), round_, acting(), code)
    return render_template("panel/totals.html", round=round_, view=view, method=totals.method_words(round_))


@bp.post("/secretary")
@allow("published", "repair")
def assign() -> ResponseReturnValue:
    """Give a panel its secretary."""
    round_, code, user, serves = _serving()
    if serves is None:
        db.session.add(PanelSecretary(round_id=round_.id, panel=code, user_id=user.id))
        audit.record(db.session(), acting(), system_clock, "panel.secretary", f"{code} {user.name}", round_id=round_.id)
    flash(_("已指定小组秘书。"), "ok")
    return _back(round_)


@bp.post("/secretary/dismiss")
@allow("published", "repair")
def dismiss() -> ResponseReturnValue:
    """Somebody is a panel's secretary no longer."""
    round_, code, user, serves = _serving()
    if serves is not None:
        db.session.delete(serves)
        audit.record(db.session(), acting(), system_clock, "panel.dismiss", f"{code} {user.name}", round_id=round_.id)
    flash(_("%(who)s 不再是 %(panel)s 的小组秘书。", who=user.display_name or user.name, panel=code), "ok")
    return _back(round_)


def _serving() -> tuple[Round, str, User, PanelSecretary | None]:
    """The panel and the secretary of a form, and whether that is so already."""
    round_, code = current_round(), request.form.get("panel", "")
    records.panel_of(db.session(), round_, acting(), code)
    user = db.session.scalar(select(User).where(User.name == request.form.get("user"), User.role == "secretary"))
    if user is None:
        raise Missing("没有这个小组秘书账号。请先由系统管理员新建。")
    mine = (PanelSecretary.round_id == round_.id, PanelSecretary.panel == code, PanelSecretary.user_id == user.id)
    return round_, code, user, db.session.scalar(select(PanelSecretary).where(*mine))


@bp.post("/code")
@allow("calls", "own_panel", "write")
def code() -> ResponseReturnValue:
    """Make a code for an expert of the panel and show it once."""
    round_ = current_round()
    panel, _sittings = records.panel_of(db.session(), round_, acting(), request.form.get("panel", ""))
    member = next((m for m in panel.members if m.expert.code == request.form.get("expert")), None)
    if member is None:
        raise Missing("这位专家不在本专家组。请刷新页面。")
    expert: Expert = member.expert
    text = tablets.make_code(db.session(), acting(), system_clock, expert)
    return render_template("panel/code.html", round=round_, panel=panel, expert=expert, code=text)


@bp.post("/step")
@allow("calls", "own_panel", "write")
def step() -> ResponseReturnValue:
    """One step for one applicant: call, talk, answers, undo, or an outcome."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock, round_)
    steps.take(*act, form.get("applicant", ""), form.get("step", ""), form.get("reason", ""), seen())
    return _back(round_)


@bp.post("/recuse")
@allow("published", "repair")
def recuse() -> ResponseReturnValue:
    """The office orders a recusal of the day."""
    round_, form = current_round(), request.form
    people = (form.get("applicant", ""), form.get("expert", ""))
    words = (form.get("reason", ""), form.get("more", ""))
    recusing.recuse(db.session(), acting(), system_clock, round_, *people, *words)
    flash(_("已记下回避，这份评分表不再需要。"), "ok")
    return _back(round_)


@bp.post("/recuse/withdraw")
@allow("published", "repair")
def unrecuse() -> ResponseReturnValue:
    """The office takes a recusal of the day back."""
    round_, form = current_round(), request.form
    people = (form.get("applicant", ""), form.get("expert", ""))
    recusing.withdraw(db.session(), acting(), system_clock, round_, *people, form.get("reason", ""))
    flash(_("已撤回回避。"), "ok")
    return _back(round_)


@bp.get("/notes")
@allow("notes", "write")
def note_list() -> ResponseReturnValue:
    """Opinions and questions of the secretary's panels; one of them to write."""
    return _notes(request.args.get("applicant", ""))


def _notes(code: str, typed: tuple[str, Pairs] | None = None, two: tuple[Two, ...] = ()) -> str:
    """The page; where it was refused with what was typed, and with both where somebody was quicker."""
    round_ = current_round()
    published = records.published_if_any(db.session(), round_)
    rows = notes.rows(db.session(), round_, acting()) if published else []
    shown = next((row for row in rows if row.place.applicant.code == code), rows[0] if rows and not code else None)
    note = shown.note if shown else None
    return render_template(
        "panel/notes.html",
        round=round_,
        rows=rows,
        shown=shown,
        opinion=typed[0] if typed else note.opinion if note else "",
        questions=typed[1] if typed else note.questions if note else [],
        typed=typed is not None,
        two=two,
        longest=notes,
        remarks=remarks.by_applicant(db.session(), round_),
    )


@bp.post("/notes/<applicant>")
@allow("notes", "write")
def write_note(applicant: str) -> ResponseReturnValue:
    """Store what was written on one applicant; refused, it stands on the page as it was typed."""
    round_, form = current_round(), request.form
    opinion, pairs = form.get("opinion", ""), list(zip(form.getlist("question"), form.getlist("answer"), strict=False))
    act = (db.session(), acting(), system_clock, round_)
    try:
        notes.write(*act, applicant, opinion, pairs, form.get("version", ""))
    except Missing:
        raise
    except Refused as error:
        two = error.two if isinstance(error, Stale) else ()
        return again(error, lambda: _notes(applicant, (opinion, pairs), two))
    flash(_("已保存，等组长签字。"), "ok")
    return redirect(url_for("panel.note_list", applicant=applicant, round=round_.id), 303)


@bp.post("/close")
@allow("calls", "own_panel", "write")
def close() -> ResponseReturnValue:
    """Close a sitting."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock)
    closing.close(*act, round_, form.get("panel", ""), form.get("session", ""), form.get("reason", ""))
    flash(_("本场已关闭。"), "ok")
    return _back(round_)


@bp.post("/reopen")
@allow("published", "repair")
def reopen() -> ResponseReturnValue:
    """Open a closed sitting again."""
    round_, form = current_round(), request.form
    act = (db.session(), acting(), system_clock)
    closing.reopen(*act, round_, form.get("panel", ""), form.get("session", ""), form.get("reason", ""))
    flash(_("本场已重新打开，组长需再次签字。"), "ok")
    return _back(round_)
