"""Printing from the browser: 门牌, 面试通知, 候考须知 and 叫号单 on A4; one applicant or all in one go.

The papers are Chinese whatever the language of the page, as the workbooks are; experts' names stand on none of them.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exports.out.book import half_day
from webapp.db import db
from webapp.rights import allow
from webapp.services import prints, records
from webapp.services.kernel import system_clock
from webapp.views import current_round, lists
from webapp.views.schedule.listed import placed

bp = Blueprint("prints", __name__, url_prefix="/print")
KINDS = {
    "doors": ("门牌", "每间答辩室每天一张，贴在门口"),
    "notices": ("面试通知", "每位申报人一张，写明报到和答辩的时间地点"),
    "waiting": ("候考须知", "每间候考室每天一张，写明各组报到时间和注意事项"),
    "calls": ("叫号单", "每场一张，引导人员叫号、记到场用，内部使用"),
}
"""Kind → its name and what it is for."""


@bp.get("/")
@allow("published", "read", "export")
def index() -> ResponseReturnValue:
    """What can be printed; every applicant's notice by itself."""
    round_ = current_round()
    version = records.published_if_any(db.session(), round_)
    if version is None:
        return render_template("prints/index.html", round=round_)
    return lists.show(placed(round_, version), "prints/index.html", kinds=KINDS, version=version)


def _page(kind: str) -> ResponseReturnValue:
    round_ = current_round()
    chosen = {name: request.args.get(name, "") for name in ("applicant", "panel", "room")}
    since = request.args.get("since", type=int)
    papers = prints.of_version(db.session(), round_, since=since, **chosen)
    return render_template(
        f"prints/{kind}.html",
        round=round_,
        papers=papers,
        title=KINDS[kind][0],
        waiting_room=prints.waiting_room,
        when=half_day,
        today=system_clock().astimezone(),
        back=url_for("prints.index", round=round_.id),
    )


@bp.get("/doors")
@allow("published", "read", "export")
def doors() -> ResponseReturnValue:
    """The signs of the doors."""
    return _page("doors")


@bp.get("/notices")
@allow("published", "read", "export")
def notices() -> ResponseReturnValue:
    """The applicants' notices."""
    return _page("notices")


@bp.get("/waiting")
@allow("published", "read", "export")
def waiting() -> ResponseReturnValue:
    """The notes of the waiting rooms."""
    return _page("waiting")


@bp.get("/calls")
@allow("published", "read", "export")
def calls() -> ResponseReturnValue:
    """The lists to call from."""
    return _page("calls")
