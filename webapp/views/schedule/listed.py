"""A version in lists, and what differs from another one."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from webapp.db import db
from webapp.models import Round, ScheduleVersion
from webapp.rights import allow, may
from webapp.services import change_lists, comparing, drafts, schedule_lists
from webapp.views import acting, lists
from webapp.views.lists import Listed
from webapp.views.schedule import bp, version_of


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
    round_, version = version_of(number)
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


lists.ways(
    bp,
    "/<int:number>/lists/<kind>",
    lambda number, kind: _of_kind(kind, *version_of(number)),
    read=("published", "read"),
    take=("published", "read"),
)


@bp.get("/<int:number>/compare")
@allow("published", "read")
def compare(number: int) -> ResponseReturnValue:
    """What changed since another version; ``of=called``: for the experts."""
    round_, version = version_of(number)
    found = _between(round_, version)
    kind = "called" if request.args.get("of") == "called" else "moved"
    listed = _changed(kind, round_, found)
    return lists.show(listed, "schedule/compare.html", found=found, versions=_readable(round_), version=version)


def _between(round_: Round, version: ScheduleVersion) -> comparing.Comparison:
    """Since the version of ``with``, else what was published last, else the one before."""
    session, other = db.session(), request.args.get("with", type=int)
    first = version_of(other)[1] if other is not None else comparing.published_before(session, version)
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
