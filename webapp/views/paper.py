"""Paper and files: the secretary types paper sheets in; entry workbooks and tablets' saved files are read in."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from scoring.rubric import Rubric
from webapp.db import db
from webapp.languages import sentence
from webapp.limits import costly
from webapp.models import Appointment, Expert, Import, Round
from webapp.rights import allow
from webapp.services import entering, paper, records, sheets, uploads
from webapp.services.kernel import Forbidden, Missing, Refused, Unreadable, system_clock
from webapp.services.places import place_of
from webapp.views import acting, config, current_round

bp = Blueprint("paper", __name__, url_prefix="/paper")


def _pile(round_: Round, code: str | None) -> tuple[list[str], paper.Pile | None]:
    """The codes of the panels the actor runs, and the pile of one of them."""
    session, actor = db.session(), acting()
    codes = records.panel_codes(session, round_, actor) if records.published_if_any(session, round_) else []
    if not codes:
        return [], None
    shown = records.panel_of(session, round_, actor, code if code in codes else codes[0])
    return codes, paper.pile(session, round_, *shown)


@bp.get("/")
@allow("panel_sheets", "type")
def index() -> ResponseReturnValue:
    """Which sheets are there and which are missing; a scanned or typed id opens its sheet."""
    round_ = current_round()
    codes, pile = _pile(round_, request.args.get("panel"))
    return render_template("paper/index.html", round=round_, codes=codes, pile=pile)


@bp.get("/sheet")
@allow("panel_sheets", "type")
def sheet() -> ResponseReturnValue:
    """One sheet to type in."""
    return _form(request.args.get("sheet", "").strip(), {}, "")


def _form(key: str, typed: dict[str, str], problem: str) -> ResponseReturnValue:
    round_ = current_round()
    place = place_of(db.session(), round_, key)
    if place is None:
        raise Missing("已发布的安排里没有表号为 %(key)s 的评分表。请核对表号。", key=key)
    panel, _held = records.panel_of(db.session(), round_, acting(), place.panel)
    version = int(typed.get("base_version") or (place.sheet.version if place.sheet else 0))
    page = render_template(
        "paper/sheet.html",
        round=round_,
        place=place,
        a=db.session.get_one(Appointment, place.appointment_id),
        expert=db.session.get_one(Expert, place.expert_id),
        panel=panel,
        version=version,
        rubric=Rubric.from_json(round_.rubric),
        uuid=typed.get("uuid") or str(uuid.uuid4()),
        typed=typed,
        problem=problem,
        back=paper.returned(db.session(), round_, key).get(key, ""),
    )
    return page, 400 if problem else 200


@bp.post("/sheet")
@allow("panel_sheets", "type")
def type_in() -> ResponseReturnValue:
    """Take a typed sheet and go on to the next one of the pile."""
    round_, form = current_round(), request.form.to_dict()
    key, rubric, base = form.get("sheet", ""), Rubric.from_json(round_.rubric), form.get("base_version", "")
    marks = dict.fromkeys((item.key for item in rubric.items), None)
    marks |= {name[2:]: text.strip() or None for name, text in form.items() if name.startswith("m.")}
    if not base.isdecimal():
        raise Unreadable("评分记录不完整。请从评分表列表重新进入。")
    record = paper.record_of(key, rubric, int(base), marks, form.get("uuid", ""))
    try:
        answer = sheets.type_in(db.session(), acting(), system_clock, round_, record)
    except Unreadable as error:
        return _form(key, form, sentence(error))
    if answer.status == 409:
        flash(_("%(key)s 已提交或已在别处改过，两份都已保留。请联系专家组组长和成绩管理员处理。", key=key), "error")
    else:
        flash(_("已收到 %(key)s（第 %(n)s 版），等组长确认。", key=key, n=answer.document["version"]), "ok")
    _codes, pile = _pile(round_, form.get("panel"))
    following = paper.following(pile, key) if pile else ""
    if not following:
        return redirect(url_for("paper.index", round=round_.id, panel=form.get("panel")), 303)
    return redirect(url_for("paper.sheet", round=round_.id, sheet=following), 303)


@bp.get("/files")
@allow("panel_sheets", "hand_in")
def files() -> ResponseReturnValue:
    """Hand a file in; what was handed in so far."""
    round_ = current_round()
    query = select(Import).where(Import.round_id == round_.id, Import.kind == "entry")
    if acting().role == "secretary":
        query = query.where(Import.by == acting().name)
    rows = list(db.session.scalars(query.order_by(Import.id.desc()).limit(20)))
    return render_template("paper/files.html", round=round_, rows=rows)


@bp.post("/files")
@allow("panel_sheets", "hand_in")
@costly("file")
def upload() -> ResponseReturnValue:
    """Keep a file and look at it."""
    round_, file = current_round(), request.files.get("file")
    if file is None or not file.filename:
        raise Unreadable("没有选择文件。请选择评分录入模板，或平板保存的评分文件。")
    data, act = file.read(), (db.session(), acting(), system_clock, round_)
    entering.look(*act, data, file.filename)
    row = uploads.keep(*act, "entry", data, file.filename, config().uploads)
    return redirect(url_for("paper.check", number=row.id), 303)


def _upload(number: int) -> tuple[Import, bytes, Round]:
    row, data = uploads.stored(db.session(), number, config().uploads, "entry")
    if acting().role == "secretary" and row.by != acting().name:
        raise Forbidden("这份文件由别人上传。请自己上传后再读入。")
    return row, data, db.session.get_one(Round, row.round_id)


@bp.get("/files/<int:number>")
@allow("panel_sheets", "hand_in")
@costly("file")
def check(number: int) -> ResponseReturnValue:
    """What reading the file in gives, record by record."""
    row, data, round_ = _upload(number)
    seen = entering.look(db.session(), acting(), system_clock, round_, data, row.filename)
    return render_template("paper/check.html", round=round_, row=row, seen=seen, words=entering.AHEAD)


@bp.post("/files/<int:number>")
@allow("panel_sheets", "hand_in")
@costly("file")
def confirm(number: int) -> ResponseReturnValue:
    """Read the file in."""
    row, data, round_ = _upload(number)
    if row.confirmed_at:
        raise Refused("文件“%(name)s”已经读入过。要再次读入，请重新上传。", name=row.filename)
    done = entering.write(db.session(), acting(), system_clock, round_, data, row.filename, row)
    flash(_("已读入：新收到 %(n)s 份，等组长确认。", n=done.counts[201]), "ok")
    if open_ := done.counts[409] + done.counts[0]:
        flash(_("有 %(n)s 份没有收下，请联系专家组组长和成绩管理员处理。", n=open_), "error")
    return redirect(url_for("paper.check", number=row.id), 303)
