"""Rosters in the web: upload, look, confirm; the lists of people and the venue."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.db import db
from webapp.limits import costly
from webapp.models import Import, Round
from webapp.rights import allow
from webapp.services import books, locking, mapping, rosters
from webapp.services.kernel import Missing, Refused, Unreadable, system_clock
from webapp.views import acting, config, current_round, keep_first, lists
from webapp.views.files import attached

MOST_SHOWN = 300
"""Problems on the page; the file with the column 问题 has all."""
bp = Blueprint("rosters", __name__, url_prefix="/rosters")


@bp.get("/")
@allow("people", "read")
def index() -> ResponseReturnValue:
    """What is there and what is missing."""
    round_ = current_round()
    missing = locking.lacking(db.session(), round_) if round_.state == "draft" else []
    counts = rosters.counts(db.session(), round_)
    there = {kind: bool(round_.rooms) if kind == "venue" else counts[kind] != "0" for kind in rosters.KINDS}
    tiles = [(f"rosters.{kind}", text, counts[kind]) for kind, text in rosters.KINDS.items()]
    ours = (Import.round_id == round_.id, Import.kind.in_(rosters.KINDS))
    looked = select(Import).where(*ours).order_by(Import.id.desc()).limit(20)
    imports = list(db.session.scalars(looked))
    return render_template(
        "rosters/index.html",
        round=round_,
        kinds=rosters.KINDS,
        first=request.args.get("kind") or next((kind for kind, found in there.items() if not found), ""),
        missing=missing,
        tiles=tiles,
        imports=imports,
        takes=books.may_take(round_, acting().role, "rosters") and any(there.values()),
    )


@bp.post("/upload")
@allow("people", "write")
@costly("file")
def upload() -> ResponseReturnValue:
    """Keep a file and look at it."""
    round_, file = current_round(), request.files.get("file")
    if file is None or not file.filename:
        raise Unreadable("没有选择文件。请先选择一个 Excel 文件。")
    kind, data = request.form.get("kind", ""), file.read()
    rosters.look(db.session(), round_, kind, data, file.filename, {})
    row = rosters.keep(db.session(), acting(), system_clock, round_, kind, data, file.filename, config().uploads)
    return redirect(url_for("rosters.check", number=row.id), 303)


def _waiting(number: int) -> tuple[Import, Round, bytes]:
    row, data = rosters.stored(db.session(), number, config().uploads)
    round_ = db.session.get(Round, row.round_id)
    if round_ is None:
        raise Missing("没有这个批次。请从批次列表进入。")
    return row, round_, data


@bp.get("/check/<int:number>")
@allow("people", "write")
@costly("file")
def check(number: int) -> ResponseReturnValue:
    """Every problem with its cell, the counts, the questions, which column is read as what."""
    row, round_, data = _waiting(number)
    seen = rosters.look(db.session(), round_, row.kind, data, row.filename, {})
    return render_template(
        "rosters/check.html",
        round=round_,
        row=row,
        seen=seen,
        view=seen.to_json(),
        columns=mapping.columns(seen.parts, rosters.remembered(db.session(), round_)),
        times=_understood(seen, "times"),
        titles=_understood(seen, "titles"),
        kinds=rosters.KINDS,
        most=MOST_SHOWN,
    )


@bp.post("/check/<int:number>/answers")
@allow("people", "write")
def answer(number: int) -> ResponseReturnValue:
    """Keep answers and look again."""
    row, round_, _data = _waiting(number)
    given = {key[2:]: value for key, value in request.form.items() if key.startswith("q.") and value}
    rosters.answer(db.session(), acting(), system_clock, round_, row.kind, given)
    return redirect(url_for("rosters.check", number=row.id), 303)


def _understood(seen: rosters.Look, about: str) -> dict[tuple[str, str], list[str]]:
    """What was said and how it was understood → who said so."""
    said: dict[tuple[str, str], list[str]] = {}
    for text in (text for part in seen.parts for text in part.understood if text.about == about):
        said.setdefault((text.text, text.meaning), []).append(text.who)
    return said


@bp.get("/check/<int:number>/annotated")
@allow("people", "write")
@costly("file")
def annotated(number: int) -> ResponseReturnValue:
    """The file with a column 问题."""
    row, round_, data = _waiting(number)
    seen = rosters.look(db.session(), round_, row.kind, data, row.filename, {})
    return attached(f"{rosters.KINDS[row.kind]}-问题.xlsx", rosters.annotated(seen, data, row.filename))


@bp.post("/check/<int:number>")
@allow("people", "write")
@costly("file")
def confirm(number: int) -> ResponseReturnValue:
    """Write what was looked at; who is gone stays unless it is said otherwise."""
    row, round_, data = _waiting(number)
    if row.confirmed_at:
        raise Refused("文件“%(name)s”已经导入过。要再次导入，请重新上传。", name=row.filename)
    remove = request.form.get("gone") == "remove"
    keep_first("before_import")
    row.confirmed_at = system_clock()
    rosters.write(db.session(), acting(), system_clock, round_, row.kind, data, row.filename, remove_gone=remove)
    flash(_("已导入。"), "ok")
    return redirect(url_for("rosters.index", round=round_.id), 303)


@bp.post("/lock")
@allow("people", "write")
def lock() -> ResponseReturnValue:
    """Lock the rosters."""
    round_ = current_round()
    locking.lock(db.session(), acting(), system_clock, round_)
    flash(_("名册已锁定。下一步：生成安排。"), "ok")
    return redirect(url_for("schedule.index", round=round_.id), 303)


@bp.post("/unlock")
@allow("people", "write")
def unlock() -> ResponseReturnValue:
    """Open the rosters again."""
    round_ = current_round()
    locking.unlock(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("名册已解锁。改好后请重新锁定。"), "ok")
    return redirect(url_for("rosters.index", round=round_.id), 303)


@bp.get("/applicants")
@allow("people", "read")
def applicants() -> ResponseReturnValue:
    """All applicants."""
    return lists.show(lists.people("applicants", current_round()))


@bp.get("/experts")
@allow("people", "read")
def experts() -> ResponseReturnValue:
    """All experts."""
    return lists.show(lists.people("experts", current_round()))


@bp.get("/venue")
@allow("people", "read")
def venue() -> ResponseReturnValue:
    """Rooms and sessions."""
    return render_template("rosters/venue.html", round=current_round())
