"""The office's schedule: start and watch a job, read drafts on the board and in lists, publish one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler.schedule import LEVELS
from webapp.config import Config
from webapp.db import db
from webapp.languages import sentence
from webapp.models import DraftEdit, Round, ScheduleVersion
from webapp.rights import allow, may
from webapp.services import (
    change_lists,
    comparing,
    desks,
    drafts,
    draws,
    jobs,
    pictures,
    proof,
    publishing,
    records,
    rework_words,
    reworking,
    schedule_lists,
    timetables,
    uploads,
)
from webapp.services.grid import View, grid
from webapp.services.kernel import Forbidden, Refused, Unreadable, system_clock
from webapp.views import acting, current_round, keep_first, lists
from webapp.views.board_words import board_words
from webapp.views.lists import Listed

bp = Blueprint("schedule", __name__, url_prefix="/schedule")

JOB_WORDS = {
    "queued": "等待排程进程",
    "running": "正在计算",
    "done": "已完成",
    "failed": "没有完成",
    "cancelled": "已停止",
}


def _version(number: int) -> tuple[Round, ScheduleVersion]:
    round_ = current_round()
    version = drafts.load(db.session(), round_, number)
    if version.status != "published" and not may(acting().role, "drafts", "read"):
        raise Forbidden("第 %(n)s 版没有发布。您的角色只能看已发布的安排。", n=number)
    return round_, version


@bp.get("/")
@allow("drafts", "read")
def index() -> ResponseReturnValue:
    """Start a job, see the last one, the list of versions."""
    round_ = current_round()
    versions = [(v, drafts.levels(v)) for v in drafts.everyone(db.session(), round_)]
    job = jobs.newest(db.session(), round_)
    return render_template(
        "schedule/index.html",
        round=round_,
        versions=versions,
        job=job,
        busy=jobs.busy(db.session(), round_),
        start=request.args.get("start", type=int),
        job_words=JOB_WORDS,
        words=drafts.LEVEL_WORDS,
    )


@bp.post("/jobs")
@allow("drafts", "write")
def start() -> ResponseReturnValue:
    """Ask for a schedule."""
    seconds = request.form.get("seconds", type=int)
    if seconds is None:
        raise Unreadable("计算时间应为整数秒。请返回修改。")
    round_ = current_round()
    keep_first("before_solve")
    first = request.form.get("start", type=int)
    jobs.start(db.session(), acting(), system_clock, round_, seconds, start=first)
    return redirect(url_for("schedule.index", round=round_.id), 303)


@bp.get("/jobs/<int:number>")
@allow("drafts", "read")
def progress(number: int) -> ResponseReturnValue:
    """The job's state and how far it is, as JSON in words and numbers that are ready to show."""
    job = jobs.by_id(db.session(), number)
    done = job.progress
    word = _("正在停止，保存最好的安排") if job.state == "running" and job.cancel_asked else _(JOB_WORDS[job.state])
    pairs = zip(done.get("cost", ()), done.get("bound", ()), strict=False)
    return jsonify(
        state=job.state,
        word=word,
        elapsed=done.get("elapsed", 0),
        said=_far(done, job.options.get("seconds", 60)),
        level=LEVELS.index(done["level"]) if done.get("level") in LEVELS else None,
        levels=[{"cost": cost, "bound": _("最优") if cost == bound else f"≥ {bound}"} for cost, bound in pairs],
    )


def _far(done: dict[str, Any], limit: int) -> str:
    """The time so far, and what other workers did."""
    if "elapsed" not in done:
        return ""
    parts = done.get("parts", 0)
    time: str = _("已用 %(n)s 秒，最多 %(limit)s 秒", n=round(done["elapsed"]), limit=limit)
    return f"{time} · " + _("其他计算进程改进了 %(n)s 处", n=parts) if parts else time


@bp.post("/jobs/<int:number>/cancel")
@allow("drafts", "write")
def cancel(number: int) -> ResponseReturnValue:
    """Ask a job to stop; its best is kept."""
    job = jobs.by_id(db.session(), number)
    jobs.cancel(db.session(), acting(), system_clock, job)
    flash(_("已请求停止，已有的最好安排会存为草案。"), "ok")
    return redirect(url_for("schedule.index", round=job.round_id), 303)


@bp.post("/read")
@allow("drafts", "write")
def upload() -> ResponseReturnValue:
    """Keep a schedule edited in Excel and look at it."""
    round_, file = current_round(), request.files.get("file")
    if file is None or not file.filename:
        raise Unreadable("没有选择文件。请选择改过的答辩安排总表。")
    data = file.read()
    timetables.look(db.session(), round_, data, file.filename)
    row = uploads.keep(db.session(), acting(), system_clock, round_, "schedule", data, file.filename, _folder())
    return redirect(url_for("schedule.check", number=row.id), 303)


def _folder() -> Path:
    config: Config = current_app.config["ROSTRUM"]
    return config.uploads


@bp.get("/read/<int:number>")
@allow("drafts", "write")
def check(number: int) -> ResponseReturnValue:
    """Its problems and broken rules at their cells, and what it costs."""
    row, data = uploads.stored(db.session(), number, _folder(), "schedule")
    round_ = db.session.get_one(Round, row.round_id)
    seen = timetables.look(db.session(), round_, data, row.filename)
    return render_template("schedule/read.html", round=round_, row=row, seen=seen)


@bp.post("/read/<int:number>")
@allow("drafts", "write")
def keep(number: int) -> ResponseReturnValue:
    """Make a draft of it."""
    row, data = uploads.stored(db.session(), number, _folder(), "schedule")
    round_ = db.session.get_one(Round, row.round_id)
    if row.confirmed_at:
        raise Refused("文件“%(name)s”已经存为草案。要再次读入，请重新上传。", name=row.filename)
    row.confirmed_at = system_clock()
    made = timetables.write(db.session(), acting(), system_clock, round_, data, row.filename)
    flash(_("已存为第 %(n)s 版草案。", n=made.number), "ok")
    return redirect(url_for("schedule.board", number=made.number, round=round_.id), 303)


@bp.get("/published")
@allow("published", "read")
def published() -> ResponseReturnValue:
    """The board of the published version, for those who see no drafts."""
    round_ = current_round()
    version = records.published_if_any(db.session(), round_)
    if version is None:
        return render_template("schedule/none.html", round=round_)
    return redirect(url_for("schedule.board", number=version.number, round=round_.id))


@bp.get("/<int:number>/board")
@allow("published", "read")
def board(number: int) -> ResponseReturnValue:
    """Rooms across, time down, for one day; ``part``: only what an edit changes."""
    round_, version = _version(number)
    try:
        day = date.fromisoformat(request.args["day"]) if request.args.get("day") else None
    except ValueError as error:
        raise Unreadable("日期写成 2023-07-15 这样。请从日期链接进入。") from error
    asked = request.args
    view = View(day, asked.get("page", 1, type=int), asked.get("direction", ""), asked.get("room", ""))
    desk = desks.of(db.session(), version)
    page = grid(desk, view)
    writes = version.status == "draft" and round_.state in EDITABLE and may(acting().role, "drafts", "write")
    return render_template(
        "schedule/_board.html" if "part" in asked else "schedule/board.html",
        round=round_,
        version=version,
        desk=desk,
        grid=page,
        levels=proof.levels(version),
        words=board_words(),
        writes=writes,
        other=reworking.by_hand_of(db.session(), version) if writes and not version.by_hand else None,
        undo=_said(round_, reworking.last_done(version)) if writes and version.by_hand else None,
        redo=_said(round_, reworking.next_undone(version)) if writes and version.by_hand else None,
    )


EDITABLE = ("rosters_locked", "scheduled")
"""States of a round in which drafts are worked on."""


def _said(round_: Round, edit: DraftEdit | None) -> str:
    return sentence(rework_words.told(db.session(), round_, edit.moves)) if edit else ""


@bp.get("/<int:number>/panels")
@allow("published", "read")
def panels(number: int) -> ResponseReturnValue:
    """The panels with members and sittings."""
    return _list("panels", number)


@bp.get("/<int:number>/experts")
@allow("published", "read")
def experts(number: int) -> ResponseReturnValue:
    """The called experts with their sittings."""
    return _list("experts", number)


@bp.get("/<int:number>/applicants")
@allow("published", "read")
def applicants(number: int) -> ResponseReturnValue:
    """Every senior applicant with time and place."""
    return _list("applicants", number)


LISTS = {
    "panels": (schedule_lists.panels, "专家组"),
    "experts": (schedule_lists.experts, "专家"),
    "applicants": (schedule_lists.applicants, "申报人"),
}
"""Kind of a version's list → its table and title."""
CHANGED = {"moved": (change_lists.moved, "有变动的申报人"), "called": (change_lists.called, "有变动的专家")}
"""Kind of a list of what differs from another version → its table and title."""


def _list(kind: str, number: int) -> ResponseReturnValue:
    round_, version = _version(number)
    return lists.show(_of_kind(kind, round_, version), "schedule/list.html", version=version)


def _of_kind(kind: str, round_: Round, version: ScheduleVersion) -> Listed:
    if kind in CHANGED:
        return _changed(kind, round_, _between(round_, version))
    if kind == "placed":
        return placed(round_, version)
    if kind not in LISTS:
        raise lists.no_list()
    make, title = LISTS[kind]
    table = make(round_, version)
    return Listed(round_, kind, title, table, f"schedule.{kind}", "schedule", {"number": version.number})


def placed(round_: Round, version: ScheduleVersion) -> Listed:
    """Whose notice can be printed: the list of the page for printing."""
    table = schedule_lists.applicants(round_, version, placed=True)
    return Listed(round_, "placed", "面试通知", table, "prints.index", "schedule", own={"number": version.number})


def _changed(kind: str, round_: Round, between: comparing.Comparison) -> Listed:
    make, title = CHANGED[kind]
    at = {"number": between.b.number, "with": between.a.number, "of": None if kind == "moved" else kind}
    return Listed(round_, kind, title, make(db.session(), round_, between), "schedule.compare", "schedule", at)


@bp.post("/<int:number>/lists/<kind>/search")
@allow("published", "read")
def search(number: int, kind: str) -> ResponseReturnValue:
    """Look for words in a list."""
    return lists.search(_of_kind(kind, *_version(number)))


@bp.get("/<int:number>/lists/<kind>/rows")
@allow("published", "read")
def rows(number: int, kind: str) -> ResponseReturnValue:
    """A list for the clipboard."""
    return lists.rows(_of_kind(kind, *_version(number)))


@bp.get("/<int:number>/lists/<kind>/excel")
@allow("published", "read")
def excel(number: int, kind: str) -> ResponseReturnValue:
    """A list as a workbook, for whoever may take the schedule itself away."""
    return lists.excel(_of_kind(kind, *_version(number)))


@bp.get("/<int:number>/compare")
@allow("published", "read")
def compare(number: int) -> ResponseReturnValue:
    """What changed since another version; ``of=called``: for the experts."""
    round_, version = _version(number)
    found = _between(round_, version)
    kind = "called" if request.args.get("of") == "called" else "moved"
    listed = _changed(kind, round_, found)
    return lists.show(listed, "schedule/compare.html", found=found, versions=_readable(round_), version=version)


def _between(round_: Round, version: ScheduleVersion) -> comparing.Comparison:
    """Since the version of ``with``, else what was published last, else the one before."""
    session, other = db.session(), request.args.get("with", type=int)
    first = _version(other)[1] if other is not None else comparing.published_before(session, version)
    if first is None:
        rest = [v for v in _readable(round_) if v.number != version.number]
        earlier = [v for v in rest if v.number < version.number] or rest
        wanted = next((v for v in earlier if v.number == version.base), None)
        first = wanted or next(iter(earlier), version)
    return comparing.compare(session, round_, first, version)


def _readable(round_: Round) -> list[ScheduleVersion]:
    """The versions this role may read, the newest first."""
    everyone = drafts.everyone(db.session(), round_)
    return [v for v in everyone if v.published_at or may(acting().role, "drafts", "read")]


@bp.get("/<int:number>/pictures")
@allow("drafts", "read")
def show(number: int) -> ResponseReturnValue:
    """How the version uses experts, rooms and time."""
    round_, version = _version(number)
    found = pictures.of_version(db.session(), round_, version, sentence)
    return render_template("schedule/pictures.html", round=round_, version=version, pictures=found)


@bp.get("/<int:number>/publish")
@allow("published", "publish")
def confirm(number: int) -> ResponseReturnValue:
    """What publishing means: what forbids it, the warnings, who has to be told."""
    round_, version = _version(number)
    undrawn = draws.missing(db.session(), round_, version)
    desk = desks.of(db.session(), version)
    return render_template(
        "schedule/publish.html",
        round=round_,
        version=version,
        broken=desk.told(desk.prices.report.violations),
        warnings=[*publishing.warnings(version), *([undrawn] if undrawn else [])],
        changes=publishing.to_tell(db.session(), round_, version),
        levels=proof.levels(version),
        heard=sum(len(s.appointments) for p in desk.schedule.panels for s in p.sittings),
    )


@bp.post("/<int:number>/publish")
@allow("published", "publish")
def publish(number: int) -> ResponseReturnValue:
    """Freeze the version."""
    from webapp.services.instance import problem_document

    round_ = current_round()
    instance = problem_document(db.session(), round_)
    made = publishing.publish(db.session(), acting(), system_clock, round_, number, instance)
    flash(_("安排已发布，时间与专家组设置已冻结。"), "ok")
    changes = publishing.to_tell(db.session(), round_, made)
    page = "schedule.compare" if changes and (changes.moved or changes.called) else "schedule.board"
    return redirect(url_for(page, number=number, round=round_.id), 303)


@bp.post("/withdraw")
@allow("published", "publish")
def withdraw() -> ResponseReturnValue:
    """Take the published version back."""
    round_ = current_round()
    made = publishing.withdraw(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("已撤回发布，同样的安排存为第 %(n)s 版草案。", n=made.number), "ok")
    return redirect(url_for("schedule.index", round=round_.id), 303)
