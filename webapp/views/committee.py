"""The committee's side: marks of the papers, votes and meeting, the public notice."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.models import Round
from webapp.rights import allow
from webapp.services import committee_lists, notice, results, reviews, voting
from webapp.services.kernel import Unreadable, system_clock
from webapp.services.listing import Asked, Page, Table, page
from webapp.shown import LEVEL_NAMES
from webapp.views import acting, again, current_round

bp = Blueprint("committee", __name__, url_prefix="/committee")


Typed = dict[str, dict[str, str]]
"""Code → field → text."""


def _rows_typed() -> Typed:
    """Fields named ``CODE.field`` by code."""
    found: Typed = {}
    for name, text in request.form.items():
        code, dot, field = name.partition(".")
        if dot:
            found.setdefault(code, {})[field] = text
    return found


def _seen(table: Table) -> Page:
    """The page of the address; seniors where it names no level."""
    asked = Asked.of(request.args)
    return page(db.session(), table, replace(asked, chosen={"level": "senior", **asked.chosen}))


def _back(round_: Round, endpoint: str) -> ResponseReturnValue:
    """To the same page of the list; where what is missing was asked for, what is saved is gone from it."""
    at = {key: value for key, value in request.args.items() if key in ("level", "direction", "left", "page", "size")}
    return redirect(url_for(endpoint, round=round_.id, **at), 303)  # type: ignore[arg-type]


@bp.get("/papers")
@allow("papers", "type", "read")
def papers() -> ResponseReturnValue:
    """The marks of the papers, by level and direction."""
    return _papers(current_round(), {})


def _papers(round_: Round, typed: Typed) -> str:
    session = db.session()
    rows = [row for level in LEVEL_NAMES for row in reviews.rows(session, round_, level)]
    return render_template(
        "committee/papers.html",
        round=round_,
        seen=_seen(committee_lists.papers(round_, rows)),
        left=committee_lists.PAPERS,
        items=reviews.rubric(session, round_).items,
        closed=round_.state in reviews.CLOSED or round_.state == "draft",
        typed=typed,
    )


@bp.post("/papers")
@allow("papers", "type")
def type_papers() -> ResponseReturnValue:
    """Store the marks of the papers that were typed in."""
    round_, typed = current_round(), _rows_typed()
    try:
        n = reviews.write(db.session(), acting(), system_clock, round_, typed)
    except Unreadable as error:
        return again(error, lambda: _papers(round_, typed))
    flash(_("已保存 %(n)s 位的材料评审分，等成绩管理员确认。", n=n), "ok")
    return _back(round_, "committee.papers")


@bp.post("/papers/confirm")
@allow("papers", "confirm")
def confirm_papers() -> ResponseReturnValue:
    """Confirm the marks that were looked at."""
    round_ = current_round()
    seen = {code: row.get("version", "") for code, row in _rows_typed().items() if row.get("seen")}
    n = reviews.confirm(db.session(), acting(), system_clock, round_, seen)
    flash(_("已确认 %(n)s 位的材料评审分。", n=n), "ok")
    return _back(round_, "committee.papers")


@bp.get("/votes")
@allow("votes", "read")
def votes() -> ResponseReturnValue:
    """The votes by level and direction, the meeting, the public notice."""
    return _votes(current_round(), {})


def _votes(round_: Round, typed: Typed) -> str:
    session = db.session()
    every = voting.rows(session, round_)
    return render_template(
        "committee/votes.html",
        round=round_,
        seen=_seen(committee_lists.votes(round_, every)),
        left=committee_lists.VOTES,
        every=every,
        meeting=voting.meeting(session, round_),
        days=notice.days(round_),
        votes=results.has_vote(round_),
        typed=typed,
    )


@bp.post("/votes")
@allow("votes", "write")
def write_votes() -> ResponseReturnValue:
    """Record votes."""
    round_, typed = current_round(), _rows_typed()
    try:
        n = voting.write(db.session(), acting(), system_clock, round_, typed)
    except Unreadable as error:
        return again(error, lambda: _votes(round_, typed))
    flash(_("已记录 %(n)s 位的表决结果。", n=n), "ok")
    return _back(round_, "committee.votes")


@bp.post("/votes/finish")
@allow("votes", "write")
def finish_votes() -> ResponseReturnValue:
    """Close the vote."""
    round_ = current_round()
    voting.finish(db.session(), acting(), system_clock, round_)
    flash(_("表决已结束。"), "ok")
    return _back(round_, "committee.votes")


@bp.post("/votes/reopen")
@allow("votes", "write")
def reopen_votes() -> ResponseReturnValue:
    """Open the vote again."""
    round_ = current_round()
    voting.reopen(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("表决已重新打开。"), "ok")
    return _back(round_, "committee.votes")


@bp.post("/meeting")
@allow("votes", "write")
def write_meeting() -> ResponseReturnValue:
    """Write the meeting's minutes."""
    round_ = current_round()
    voting.write_meeting(db.session(), acting(), system_clock, round_, request.form)
    flash(_("会议记录已保存。"), "ok")
    return _back(round_, "committee.votes")


@bp.post("/notice")
@allow("results", "release")
def begin_notice() -> ResponseReturnValue:
    """Begin the public notice."""
    round_ = current_round()
    notice.begin(db.session(), acting(), system_clock, round_)
    flash(_("已开始公示。公示名单在“导出”里。"), "ok")
    return redirect(url_for("results.overview", round=round_.id), 303)
