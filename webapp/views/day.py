"""The day itself: what happened, the proposals for it, one press to apply one; what a version changed, for whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.languages import sentence
from webapp.limits import costly
from webapp.models import Repair, Round
from webapp.rights import allow
from webapp.services import codes, differences, drafts, events, jobs, proposals, repairs, today
from webapp.services.kernel import Missing, Sentence, Sentences, Unreadable, system_clock
from webapp.services.spoken import half
from webapp.views import acting, current_round

bp = Blueprint("day", __name__, url_prefix="/day")


@bp.get("/")
@allow("published", "repair")
def home() -> ResponseReturnValue:
    """What can happen, and what did."""
    round_ = current_round()
    rows = repairs.everyone(db.session(), round_)
    return render_template(
        "day/home.html",
        round=round_,
        kinds=events.KINDS,
        rows=[(row, _about(round_, row)) for row in rows],
        open=next((row for row in rows if row.state == "asked"), None),
    )


def _about(round_: Round, row: Repair) -> str:
    """Whom or what an event is about."""
    known, event = codes.of(db.session(), round_), row.event
    code = str(event.get("id", ""))
    if event["kind"] == "behind":
        return str(_("%(panel)s 组，%(n)s 分钟", panel=code.partition("/")[0], n=event["minutes"]))
    if code in known.sessions:
        return sentence(Sentence("%(half)s改到 %(at)s 结束", half=half(known.sessions[code]), at=event["at"]))
    what = known.room(code) if code in known.rooms else known.person(code)
    lost = [half(known.sessions[one]) for one in event.get("sessions", ()) if one in known.sessions]
    return sentence(Sentence("%(what)s（%(when)s）", what=what, when=Sentences.of(lost, "、"))) if lost else what


@bp.get("/new/<kind>")
@allow("published", "repair")
def new(kind: str) -> ResponseReturnValue:
    """The form of one kind of event; a room's card fills it in by ``id``, ``minutes`` and ``panel``."""
    round_ = current_round()
    if kind not in events.KINDS:
        raise Missing("没有这种情况。请从当日处置页选择。")
    now = today.of(db.session(), system_clock, round_)
    panels = {panel["id"]: panel["members"] for panel in now.version.document["panels"]}
    mine = panels.get(request.args.get("panel", ""), [])
    others = {m for members in panels.values() for m in members} - set(mine)
    done = now.begun | now.ended
    waiting = [who for who in sorted(now.places, key=lambda who: now.places[who].start) if who not in done]
    groups = sorted({(p.session, p.panel) for who, p in now.places.items() if who in waiting})
    return render_template(
        "day/new.html",
        round=round_,
        kind=kind,
        word=events.KINDS[kind],
        now=now,
        codes=codes.of(db.session(), round_),
        mine=mine,
        others=others,
        minutes=max(1, min(480, request.args.get("minutes", 30, type=int))),
        waiting=waiting,
        groups=[pair for pair in groups if now.session(pair[0])[0].date() == now.now.date()],
        to_come=now.to_come(),
    )


@bp.post("/new/<kind>")
@allow("published", "repair")
@costly("job")
def ask(kind: str) -> ResponseReturnValue:
    """Work out proposals."""
    round_, form = current_round(), request.form
    event: dict[str, Any] = {"kind": kind, "id": form.get("id", "").strip()}
    event |= {key: form[key].strip() for key in ("at", "name", "reason") if form.get(key, "").strip()}
    if kind in ("expert", "room"):
        event["sessions"] = form.getlist("sessions")
    if form.get("whole"):
        event["whole"] = True
    if "minutes" in form:
        event["minutes"] = form.get("minutes", type=int)
    made = repairs.ask(db.session(), acting(), system_clock, round_, event)
    return redirect(url_for("day.repair", number=made.id, round=round_.id), 303)


@bp.get("/<int:number>")
@allow("published", "repair")
def repair(number: int) -> ResponseReturnValue:
    """The proposals of one event, or how far they are."""
    round_ = current_round()
    row = repairs.by_id(db.session(), round_, number)
    return render_template(
        "day/repair.html",
        round=round_,
        row=row,
        word=events.KINDS[row.event["kind"]],
        about=_about(round_, row),
        busy=row.job.state in ("queued", "running"),
        proposals=proposals.ranked(row),
        codes=replace(codes.of(db.session(), round_), borrowed=proposals.borrowed(row)),
    )


@bp.post("/<int:number>/stop")
@allow("published", "repair")
def stop(number: int) -> ResponseReturnValue:
    """Take the proposals there are."""
    round_ = current_round()
    row = repairs.by_id(db.session(), round_, number)
    jobs.cancel(db.session(), acting(), system_clock, row.job)
    return redirect(url_for("day.repair", number=number, round=round_.id), 303)


@bp.post("/<int:number>/again")
@allow("published", "repair")
@costly("job")
def again(number: int) -> ResponseReturnValue:
    """Work them out anew by what holds now."""
    round_ = current_round()
    row = repairs.by_id(db.session(), round_, number)
    if row.state == "asked":
        repairs.drop(db.session(), acting(), system_clock, round_, number)
    made = repairs.ask(db.session(), acting(), system_clock, round_, row.event)
    return redirect(url_for("day.repair", number=made.id, round=round_.id), 303)


@bp.post("/<int:number>/apply")
@allow("published", "repair")
def apply(number: int) -> ResponseReturnValue:
    """Apply one proposal."""
    round_, choice = current_round(), request.form.get("choice", type=int)
    if choice is None:
        raise Unreadable("请选择一个方案。")
    made = repairs.apply(db.session(), acting(), system_clock, round_, number, choice)
    flash(_("已发布第 %(n)s 版。请通知下面有变动的人。", n=made.number), "ok")
    return redirect(url_for("day.changes", number=made.number, round=round_.id), 303)


@bp.post("/<int:number>/drop")
@allow("published", "repair")
def drop(number: int) -> ResponseReturnValue:
    """None of them."""
    round_ = current_round()
    repairs.drop(db.session(), acting(), system_clock, round_, number)
    flash(_("已放弃这次调整，安排没有变动。"), "ok")
    return redirect(url_for("day.home", round=round_.id), 303)


@bp.get("/changes/<int:number>")
@allow("drafts", "read")
def changes(number: int) -> ResponseReturnValue:
    """What a repaired version changed, and the notices of those it concerns."""
    round_ = current_round()
    version = drafts.load(db.session(), round_, number)
    row = repairs.of_version(db.session(), version)
    if row is None:
        raise Missing("第 %(n)s 版不是当日调整的结果。请从当日处置页进入。", n=number)
    return render_template(
        "day/changes.html",
        round=round_,
        version=version,
        row=row,
        word=events.KINDS[row.event["kind"]],
        about=_about(round_, row),
        difference=differences.between(row.base.document, version.document),
        codes=codes.of(db.session(), round_),
    )
