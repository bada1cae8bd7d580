"""The office's own pages: the round's home with its next step, its settings and directions, the audit log."""

from __future__ import annotations

from datetime import date
from itertools import islice

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scoring.rubric import Rubric
from webapp.db import db
from webapp.languages import sentence
from webapp.models import Round
from webapp.rights import allow
from webapp.services import (
    audit,
    copying,
    effects,
    findings,
    ground,
    keeping,
    notice,
    overview,
    pictures,
    rounds,
    rubrics,
    trail,
)
from webapp.services.kernel import Unreadable, system_clock
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import of_round, shown
from webapp.shown import ACT_NAMES
from webapp.views import acting, again, config, current_round

bp = Blueprint("office", __name__, url_prefix="/office")
MOST_SAID = 100
"""Broken entries a page names."""


@bp.get("/")
@allow("settings", "read")
def home() -> ResponseReturnValue:
    """The round: what is next, what is missing."""
    everyone = rounds.everyone(db.session())
    if not everyone:
        return render_template("office/first.html")
    round_ = current_round()
    busy = any(one.state == "in_session" for one in everyone)
    alarm = keeping.alarm(config(), system_clock, in_session=busy)
    view = overview.of(db.session(), system_clock, round_)
    return render_template("office/home.html", round=round_, alarm=alarm, rounds=everyone, view=view, like=round_)


@bp.get("/capacity")
@allow("settings", "read")
def capacity() -> ResponseReturnValue:
    """Whether seats, chairs, specialists and rooms are enough, before solving."""
    round_ = current_round()
    counted = ground.of(db.session(), round_).capacity
    return render_template(
        "office/capacity.html",
        round=round_,
        capacity=counted,
        charts=pictures.of_capacity(round_, counted, sentence) if counted else [],
        short=findings.shortages(round_, counted) if counted else [],
        demand=effects.of(round_, counted).get("panel_size"),
    )


@bp.post("/rounds")
@allow("settings", "write")
def add_round() -> ResponseReturnValue:
    """Make a round."""
    act, form = (db.session(), acting(), system_clock), request.form
    name, organisation = form.get("name", ""), form.get("organisation", "")[:128]
    if like := form.get("like", type=int):
        earlier = rounds.by_id(db.session(), like)
        day = _day(form.get("first_day", ""))
        round_ = copying.create(*act, earlier, name, organisation=organisation, first_day=day)
    else:
        round_ = rounds.create(*act, name, organisation=organisation)
    db.session.flush()
    flash(_("批次已建立。下一步：导入名册和场地。"), "ok")
    return redirect(url_for("office.home", round=round_.id), 303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise Unreadable("日期写成 2026-12-05 这样。请返回修改。") from error


@bp.get("/settings")
@allow("settings", "read")
def settings() -> ResponseReturnValue:
    """The round's settings, each with its sentence."""
    round_ = current_round()
    values = of_round(round_)
    groups = [
        (
            kind,
            rounds.is_frozen(db.session(), round_, kind),
            [(key, entry, shown(getattr(values, key))) for key, entry in ENTRIES.items() if entry.freeze == kind],
        )
        for kind in ("schedule", "scores", "notice")
    ]
    rubric = Rubric.from_json(round_.rubric)
    told = effects.of(round_, ground.of(db.session(), round_).capacity)
    return render_template(
        "office/settings.html", round=round_, groups=groups, rubric=rubric, days=notice.days(round_), effects=told
    )


@bp.post("/settings")
@allow("settings", "write")
def save_settings() -> ResponseReturnValue:
    """Write the settings."""
    round_ = current_round()
    texts = {key: request.form[key] for key in ENTRIES if key in request.form}
    was = {key: request.form[f"was.{key}"] for key in texts if f"was.{key}" in request.form}
    rounds.change_settings(db.session(), acting(), system_clock, round_, texts, was)
    flash(_("设置已保存。"), "ok")
    return redirect(url_for("office.settings", round=round_.id), 303)


@bp.get("/rubric/<kind>")
@allow("settings", "read")
def rubric(kind: str) -> ResponseReturnValue:
    """The rubric's editor with its preview and every version."""
    if kind not in rubrics.KINDS:
        abort(404)
    return _rubric(current_round(), kind)


def _rubric(round_: Round, kind: str, typed: list[dict[str, str]] | None = None) -> str:
    """The editor: of the rubric as it is, or as it was typed."""
    session, form = db.session(), request.form
    now = rubrics.current(session, round_, kind)
    return render_template(
        "office/rubric.html",
        round=round_,
        kind=kind,
        kinds=rubrics.KINDS,
        rubric=now,
        rows=rubrics.texts(now) if typed is None else typed,
        whole=form.get("whole", format(now.full, "f")),
        seen=form.get("version", now.version),
        frozen=rubrics.frozen(session, round_, kind),
        versions=[(row, Rubric.from_json(row.document)) for row in rubrics.history(session, round_, kind)],
    )


def _typed_rubric() -> list[dict[str, str]]:
    columns = [request.form.getlist(name) for name in rubrics.FIELDS]
    return [dict(zip(rubrics.FIELDS, row, strict=True)) for row in zip(*columns, strict=False)]


@bp.post("/rubric/<kind>")
@allow("settings", "write")
def save_rubric(kind: str) -> ResponseReturnValue:
    """Save a new version of the rubric."""
    round_, form = current_round(), request.form
    if kind not in rubrics.KINDS:
        abort(404)
    act, typed = (db.session(), acting(), system_clock, round_), _typed_rubric()
    try:
        made = rubrics.save(*act, kind, typed, form.get("whole", ""), form.get("version", 0, type=int))
    except Unreadable as error:
        return again(error, lambda: _rubric(round_, kind, typed))
    flash(_("评分标准是第 %(n)s 版。", n=made.version), "ok")
    return redirect(url_for("office.rubric", kind=kind, round=round_.id), 303)


@bp.post("/rubric/<kind>/preview")
@allow("settings", "write")
def preview_rubric(kind: str) -> ResponseReturnValue:
    """What is typed as the tablet will show it, or what is wrong with it; nothing is kept."""
    try:
        made = rubrics.parse(_typed_rubric(), request.form.get("whole", ""), 1)
    except Unreadable as error:
        return render_template("office/_preview.html", rubric=None, problem=sentence(error), kind=kind)
    return render_template("office/_preview.html", rubric=made, problem="", kind=kind)


@bp.post("/directions")
@allow("settings", "write")
def save_directions() -> ResponseReturnValue:
    """Rename or add directions."""
    round_ = current_round()
    was = request.form["was"].splitlines() if "was" in request.form else None
    names = request.form.get("names", "").splitlines()
    rounds.change_directions(db.session(), acting(), system_clock, round_, names, was)
    flash(_("专业方向已保存。"), "ok")
    return redirect(url_for("office.settings", round=round_.id), 303)


@bp.route("/audit", methods=["GET", "POST"])
@allow("audit", "read")
def audit_log() -> ResponseReturnValue:
    """The audit log: searched by a form (names stand in no address), a printed head or the whole chain checked."""
    form, session = request.form, db.session()
    wanted = trail.Wanted(**{name: form.get(name, "") for name in ("text", "act", "since", "until")})
    page = min(max(1, form.get("page", 1, type=int)), 10**6)
    rows, n = trail.search(session, wanted, page)
    said, sound = _checked(form.get("head", ""), whole="verify" in form)
    return render_template(
        "office/audit.html",
        rows=rows,
        n=n,
        page=page,
        pages=max(1, -(-n // trail.PAGE)),
        wanted=wanted,
        acts=ACT_NAMES,
        head=audit.head(session),
        printed=form.get("head", ""),
        said=said,
        sound=sound,
    )


def _checked(printed: str, *, whole: bool) -> tuple[list[str], bool]:
    """What was found, in sentences, and whether all is well."""
    if whole:
        wrong = [*islice(audit.broken(db.session()), MOST_SAID)]
        return wrong or [_("整条链完好，没有一条被删改。")], not wrong
    if not printed.strip():
        return [], True
    number = audit.knows(db.session(), printed)
    if number is None:
        return [_("记录里没有这个链头：抄错了，或者那以后的记录被截掉或改写。请再核对一次，并通知监督人员。")], False
    return [_("链头是第 %(n)s 条记录的，那以前的记录都在。", n=number)], True
