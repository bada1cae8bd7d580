"""The office's directory: people one by one, whom they must not meet, and the lists they stand in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from webapp.db import db
from webapp.languages import sentence
from webapp.models import Round
from webapp.models.people import REASONS
from webapp.rights import allow
from webapp.services import editing, editing_rights, person_form, rechecks, recusals
from webapp.services.kernel import Missing, Unreadable, system_clock
from webapp.services.rechecks import Breaks
from webapp.views import acting, current_round, lists

bp = Blueprint("people", __name__, url_prefix="/people")
KINDS = {"applicants": "申报人员", "experts": "评审专家"}


def tell(breaks: Breaks, said: str) -> None:
    """Say that it is done and what it broke in what is scheduled."""
    flash(said, "ok")
    if text := breaks.sentence():
        flash(sentence(text), "warn" if breaks else "ok")


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Missing("没有这份名单。请从上方菜单重新进入。")
    return kind


lists.ways(
    bp,
    "/lists/<kind>",
    lambda kind: lists.people(kind, current_round()),
    read=("people", "read"),
    take=("people", "write", "export"),
)


@bp.get("/<kind>/new")
@allow("people", "write")
def new(kind: str) -> ResponseReturnValue:
    """The form of somebody new."""
    round_ = current_round()
    return _form(round_, _kind(kind), None, person_form.blank(round_, kind))


@bp.get("/<kind>/<code>")
@allow("people", "read")
def person(kind: str, code: str) -> ResponseReturnValue:
    """Somebody with everything the roster knows, and whom they must not meet."""
    round_ = current_round()
    found = editing.of_code(db.session(), round_, _kind(kind), code)
    return _form(round_, kind, found, person_form.texts(round_, found))


def _form(
    round_: Round,
    kind: str,
    found: person_form.AnyPerson | None,
    typed: dict[str, str],
    theirs: dict[str, str] | None = None,
    problem: str = "",
) -> str:
    listed = recusals.of_person(db.session(), round_, found) if found else []
    return render_template(
        "people/person.html",
        round=round_,
        kind=kind,
        kinds=KINDS,
        person=found,
        fields=person_form.fields(round_, kind),
        typed=typed,
        theirs=theirs,
        problem=problem,
        strengths=person_form.STRENGTHS,
        listed=listed,
        meets=recusals.kept_apart(db.session(), round_, found) if found else (),
        reasons=REASONS,
        exception=editing_rights.needs_reason(round_),
        possible=editing_rights.possible(round_),
        why=request.form.get("why", ""),
        said_times=person_form.said_times,
    )


@bp.post("/<kind>/<code>")
@allow("people", "write")
def save(kind: str, code: str) -> ResponseReturnValue:
    """Write what was typed; where somebody was quicker both are shown, where it makes no sense it is said, and what
    was typed stays."""
    round_, form = current_round(), request.form
    typed = {key: value for key, value in form.items() if key not in ("csrf_token", "version", "why", "t")}
    typed["times"] = person_form.in_order(round_, form.getlist("t"))
    act = (db.session(), acting(), system_clock, round_, _kind(kind), None if code == "new" else code)
    try:
        done = editing.save(*act, form.get("version", 0, type=int), typed, form.get("why", "")[:256])
    except (editing.Older, StaleDataError):
        return _again(round_.id, kind, code, typed, None), 409
    except Unreadable as error:
        return _again(round_.id, kind, code, typed, sentence(error)), 400
    for warning in done.warnings:
        flash(sentence(warning), "warn")
    tell(done.breaks, _("已保存 %(name)s。", name=done.person.name))
    return redirect(url_for("people.person", kind=kind, code=done.person.code, round=round_.id), 303)


def _again(round_id: int, kind: str, code: str, typed: dict[str, str], problem: str | None) -> str:
    """The form with what was typed; without a problem somebody was quicker, and theirs stand beside it."""
    db.session.rollback()
    round_ = db.session.get_one(Round, round_id)
    found = None if code == "new" else editing.of_code(db.session(), round_, kind, code)
    now = person_form.texts(round_, found) if found else person_form.blank(round_, kind)
    return _form(round_, kind, found, now | typed, now if problem is None else None, problem or "")


@bp.post("/<kind>/<code>/remove")
@allow("people", "write")
def remove(kind: str, code: str) -> ResponseReturnValue:
    """Take somebody off the roster."""
    round_ = current_round()
    why = request.form.get("why", "")[:256]
    breaks = editing.remove(db.session(), acting(), system_clock, round_, _kind(kind), code, why)
    tell(breaks, _("已从名册中删去 %(code)s。", code=code))
    return redirect(url_for(lists.PEOPLE[kind], round=round_.id), 303)


@bp.get("/recusals")
@allow("people", "read")
def recusal_list() -> ResponseReturnValue:
    """Who must not meet whom, and what is still to be settled."""
    round_ = current_round()
    pending = recusals.pending(db.session(), round_)
    exception, possible = editing_rights.needs_reason(round_), editing_rights.possible(round_)
    more = {"pending": pending, "reasons": REASONS, "exception": exception, "possible": possible}
    return lists.show(lists.people("recusals", round_), "people/recusals.html", **more)


@bp.post("/recusals/add/<kind>/<code>")
@allow("people", "write")
def add_recusal(kind: str, code: str) -> ResponseReturnValue:
    """Let somebody list a person or an employer."""
    round_, form = current_round(), request.form
    who = editing.of_code(db.session(), round_, _kind(kind), code)
    said, reason, why = (form.get(key, "")[:256] for key in ("name", "reason", "why"))
    breaks = recusals.add(db.session(), acting(), system_clock, round_, who, said, reason, why)
    tell(breaks, _("已登记回避。"))
    return redirect(url_for("people.person", kind=kind, code=code, round=round_.id), 303)


@bp.post("/recusals/<int:number>/<act>")
@allow("people", "write")
def change_recusal(number: int, act: str) -> ResponseReturnValue:
    """Say whom a name means, write the reason, or take it back."""
    round_, form = current_round(), request.form
    given = (db.session(), acting(), system_clock, round_, number)
    why = form.get("why", "")[:256]
    if act == "point":
        tell(recusals.point(*given, form.get("code", ""), why), _("已选定。"))
    elif act == "drop":
        tell(recusals.drop(*given, why), _("已删去这一条回避。"))
    elif act == "reason":
        recusals.change(*given, form.get("reason", ""))
        flash(_("已写明原因。"), "ok")
    else:
        raise Missing("没有这一页。请从上方菜单重新进入。")
    return redirect(_back(round_), 303)


def _back(round_: Round) -> str:
    kind, _slash, code = request.form.get("from", "").partition("/")
    if kind in KINDS and code.isalnum():
        return url_for("people.person", kind=kind, code=code, round=round_.id)
    return url_for("people.recusal_list", round=round_.id)


@bp.get("/recheck")
@allow("people", "read")
def recheck() -> ResponseReturnValue:
    """What is scheduled, checked by today's people and venue."""
    round_ = current_round()
    return render_template("people/recheck.html", round=round_, seen=rechecks.now(db.session(), round_))
