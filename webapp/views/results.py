"""Results: compute, confirm, release; how each came about; workbooks to take away."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from exports.out import KINDS, PUBLIC
from webapp.db import db
from webapp.limits import costly
from webapp.models import Expert, ResultSet, Round
from webapp.rights import allow, may
from webapp.services import audit, books, life, origin, result_lists, results, reviews, uncounted, unlocking, versions
from webapp.services.kernel import Refused, system_clock
from webapp.services.listing import Table
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import of_round
from webapp.views import acting, current_round, keep_first, lists
from webapp.views.files import attached
from webapp.views.lists import Listed

bp = Blueprint("results", __name__, url_prefix="/results")


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("results.overview", round=round_.id), 303)


def _shown(round_: Round) -> ResultSet | None:
    """The set the page shows: the newest, or an older one (``?set=N``) for those who may read the history."""
    role, number = acting().role, request.args.get("set", type=int)
    if number is not None and may(role, "results", "history"):
        return versions.of_number(db.session(), round_, number) or abort(404)
    return versions.now(db.session(), round_, role)


@bp.get("/")
@allow("results", "read")
def overview() -> ResponseReturnValue:
    """The results as far as this role may see them now; ``of=papers``: the marks of the intermediate applicants."""
    round_ = current_round()
    made = _shown(round_)
    more = {
        "round": round_,
        "made": made,
        "again": results.newest(db.session(), round_) is not None,
        "older": made.number if made and request.args.get("set") else None,
        "checking": versions.checking(round_, made),
        "stages": life.stages(db.session(), round_) if may(acting().role, "results", "history") else (),
        "votes": results.has_vote(round_),
        "ends": results.at_its_end(round_),
        "unlocks": unlocking.waiting(db.session(), round_, acting()),
        "intermediate": reviews.how_many(db.session(), round_, "intermediate"),
        "gap": reviews.gap(db.session(), round_) if may(acting().role, "results", "history") else None,
    }
    if made is None:
        return render_template("results/overview.html", **more)
    kind = "papers" if request.args.get("of") == "papers" else "results"
    return lists.show(_listed(kind, round_, made), "results/overview.html", warnings=_warnings(round_, made), **more)


def _warnings(round_: Round, made: ResultSet) -> list[tuple[str, str]]:
    """Direction and sentence, where its correction stands on little; of the direction that is chosen, else of all."""
    if of_round(round_).correction == "off":
        return []
    told, chosen = origin.directions(made), request.args.get("direction", "")
    rows = [d for d in round_.directions if d.id in told and chosen in ("", d.code)]
    return [(d.name, text) for d in rows for text in told[d.id].warnings]


LISTS: dict[str, tuple[Callable[[Round, ResultSet], Table], str]] = {
    "results": (lambda round_, made: result_lists.seniors(db.session(), round_, made), "成绩"),
    "papers": (lambda round_, _made: result_lists.intermediates(round_), "中级材料评审"),
}
"""Kind of a list → its table and title."""


def _listed(kind: str, round_: Round, made: ResultSet) -> Listed:
    if kind not in LISTS:
        raise lists.no_list()
    make, title = LISTS[kind]
    at = {"set": request.args.get("set"), "of": None if kind == "results" else kind}
    return Listed(round_, kind, title, make(round_, made), "results.overview", "results", at)


def _asked(kind: str) -> Listed:
    round_ = current_round()
    made = _shown(round_)
    if made is None:
        raise Refused("现在还没有可以查看的成绩。各专家组签字后由评委会办公室计算。")
    return _listed(kind, round_, made)


lists.ways(bp, "/lists/<kind>", _asked, read=("results", "read"), take=("results", "read"))


@bp.get("/<code>")
@allow("results", "read")
def applicant(code: str) -> ResponseReturnValue:
    """How one result came about."""
    return _origin(code, "results/applicant.html", may(acting().role, "statistics", "read"))


@bp.get("/<code>/print")
@allow("results", "read")
def origin_print(code: str) -> ResponseReturnValue:
    """The same on paper, for whoever asks: experts are numbered, their names stand nowhere."""
    return _origin(code, "results/origin_print.html", with_names=False)


def _origin(code: str, template: str, with_names: bool) -> ResponseReturnValue:
    round_, actor = current_round(), acting()
    made = _shown(round_)
    row = next((r for r in made.results if r.applicant.code == code), None) if made else None
    if row is None or made is None:
        abort(404)
    told = origin.of(made, row)
    named = may(actor.role, "statistics", "read")
    return render_template(
        template,
        round=round_,
        row=row,
        o=told,
        named=named,
        sums=may(actor.role, "panel_totals", "read"),
        names=_names(told, with_names),
        reason=str if with_names else _unnamed(told),
        reviewed=reviews.by_item(db.session(), round_, row) if named else [],
        words={key: ENTRIES[key].choices[made.settings[key]] for key in ("aggregate", "correction")},
        why=uncounted.WHY,
        versions=origin.history(db.session(), row) if with_names else {},
        unlockable=round_.state in unlocking.WHEN and may(actor.role, "panel_sheets", "unlock"),
        title="成绩由来说明",
        older=made.number if request.args.get("set") else None,
        back=url_for("results.applicant", code=code, round=round_.id, set=request.args.get("set")),
    )


def _names(told: origin.Origin, with_names: bool) -> dict[str, str]:
    """Expert code → code and name, or a number in the order of the codes."""
    if not with_names:
        return {code: _("专家 %(n)s", n=n) for n, code in enumerate(told.experts, 1)}
    return {code: f"{code} {name}" for code, name in _real(told).items()}


def _real(told: origin.Origin) -> dict[str, str]:
    """Expert code → name."""
    query = select(Expert.code, Expert.name).where(Expert.round_id == told.made.round_id)
    return {row.code: row.name for row in db.session.execute(query.where(Expert.code.in_(told.experts)))}


def _unnamed(told: origin.Origin) -> Callable[[str], str]:
    """What a secretary wrote, with each expert's number for the name."""
    numbers = _names(told, with_names=False)
    names = sorted(((name, numbers[code]) for code, name in _real(told).items()), key=lambda pair: -len(pair[0]))

    def said(text: str) -> str:
        for name, number in names:
            text = text.replace(name, number)
        return text

    return said


@bp.post("/compute")
@allow("results", "compute")
def compute() -> ResponseReturnValue:
    """Compute."""
    round_ = current_round()
    results.compute(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("成绩已计算，等待成绩管理员确认。"), "ok")
    return _back(round_)


@bp.post("/confirm")
@allow("results", "confirm")
def confirm() -> ResponseReturnValue:
    """Confirm."""
    round_ = current_round()
    results.confirm(db.session(), acting(), system_clock, round_)
    flash(_("成绩已确认。"), "ok")
    return _back(round_)


@bp.post("/release")
@allow("results", "release")
def release() -> ResponseReturnValue:
    """Release."""
    round_ = current_round()
    keep_first("before_release")
    results.release(db.session(), acting(), system_clock, round_)
    flash(_("成绩已公布。"), "ok")
    return _back(round_)


@bp.post("/back")
@allow("results", "confirm")
def back() -> ResponseReturnValue:
    """Give the set back to the office."""
    round_ = current_round()
    results.send_back(db.session(), acting(), system_clock, round_, request.form.get("reason", ""))
    flash(_("已退回评委会办公室。"), "ok")
    return _back(round_)


@bp.get("/books")
@allow("published", "read", "export")
def downloads() -> ResponseReturnValue:
    """The workbooks this role may take away."""
    round_, role = current_round(), acting().role
    version = books.version_if_any(db.session(), round_, may(role, "drafts", "read"))
    there = books.kinds_now(version)
    kinds = [(kind, KINDS[kind], books.HINTS[kind]) for kind in _takes(round_) if kind in there]
    internal = [(kind, title) for kind, title, _hint in kinds if kind not in PUBLIC]
    return render_template("results/downloads.html", round=round_, kinds=kinds, internal=internal)


def _takes(round_: Round) -> list[str]:
    return [kind for kind in KINDS if books.may_take(round_, acting().role, kind)]


@bp.get("/books/<kind>")
@allow("published", "read", "export")
@costly("export")
def download(kind: str) -> ResponseReturnValue:
    """One workbook, or all this role may take in one zip."""
    round_ = current_round()
    return attached(*_made(round_, kind))


@bp.post("/books")
@allow("published", "read", "export")
@costly("export")
def locked() -> ResponseReturnValue:
    """The same behind a password, which never stands in an address."""
    round_, kind = current_round(), request.form.get("kind", "")
    made = _made(round_, kind, request.form.get("password", ""))
    said = {"file": made[0]}
    audit.record(db.session(), acting(), system_clock, "books.locked", kind, round_id=round_.id, after=said)
    return attached(*made)


def _made(round_: Round, kind: str, password: str = "") -> tuple[str, bytes]:
    role = acting().role
    drafts = may(role, "drafts", "read")
    if kind == "all":
        return books.bundle(db.session(), round_, _takes(round_), drafts, password, role)
    if kind not in KINDS:
        abort(404)
    if kind not in _takes(round_):
        abort(403)
    return books.workbook(db.session(), round_, kind, drafts, password, role)
