"""Start a schedule, watch it, stop it; the list of versions."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler.schedule import LEVELS
from webapp.db import db
from webapp.limits import costly
from webapp.rights import allow
from webapp.services import drafts, jobs
from webapp.services.kernel import Unreadable, system_clock
from webapp.views import acting, current_round, keep_first
from webapp.views.schedule import bp

JOB_WORDS = {
    "queued": "等待排程进程",
    "running": "正在计算",
    "done": "已完成",
    "failed": "没有完成",
    "cancelled": "已停止",
}


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
@costly("job")
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
