"""Employers' names that mean one, and people who may be one: the office decides, what is scheduled is checked again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.db import db
from webapp.models import Round
from webapp.rights import allow
from webapp.services import duplicates, editing_rights, employers, likeness
from webapp.services.kernel import Unreadable, system_clock
from webapp.views import acting, current_round, lists
from webapp.views.people import tell

bp = Blueprint("employers", __name__, url_prefix="/employers")
MOST_SHOWN = 100
"""Proposals on the page at a time; deciding makes room for the next."""


@bp.get("/")
@allow("people", "read")
def index() -> ResponseReturnValue:
    """Proposals to decide about, and every name there is."""
    round_ = current_round()
    words = {"kinds": employers.KINDS, "why": likeness.WHY, "most": MOST_SHOWN}
    proposals = employers.proposals(db.session(), round_)
    listed = lists.people("employers", round_)
    return lists.show(listed, "people/employers.html", proposals=proposals, **words, **_may(round_))


def _may(round_: Round) -> dict[str, object]:
    return {"exception": editing_rights.needs_reason(round_), "possible": editing_rights.possible(round_)}


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("employers.index", round=round_.id), 303)


@bp.post("/join")
@allow("people", "write")
def join() -> ResponseReturnValue:
    """Two names are one employer, or are not."""
    round_, form = current_round(), request.form
    main, other = form.get("main", ""), form.get("other", "")
    act = (db.session(), acting(), system_clock, round_)
    if form.get("decide") == "apart":
        employers.keep_apart(*act, main, other)
        flash(_("记下了：不是同一单位，不再提示。"), "ok")
        return _back(round_)
    if form.get("keep") == "other":
        main, other = other, main
    breaks = employers.join(*act, main, other, form.get("kind", "other"), form.get("why", "")[:256])
    tell(breaks, _("“%(other)s”和“%(main)s”现在是同一单位。", other=other, main=main))
    return _back(round_)


@bp.post("/split")
@allow("people", "write")
def split() -> ResponseReturnValue:
    """A name stands for itself again."""
    round_, alias = current_round(), request.form.get("alias", "")
    breaks = employers.split(db.session(), acting(), system_clock, round_, alias, request.form.get("why", "")[:256])
    tell(breaks, _("“%(name)s”现在是单独的单位。", name=alias))
    return _back(round_)


@bp.get("/duplicates")
@allow("people", "read")
def duplicate_list() -> ResponseReturnValue:
    """People who may be there twice."""
    round_ = current_round()
    pairs = duplicates.found(db.session(), round_)
    decided = duplicates.reasons(db.session(), round_)
    differing = [duplicates.differing(round_, pair) for pair in pairs[:MOST_SHOWN]]
    words = {"most": MOST_SHOWN, "why": duplicates.WHY, "differing": differing}
    return render_template(
        "people/duplicates.html", round=round_, pairs=pairs, decided=decided, **words, **_may(round_)
    )


@bp.post("/duplicates/<one>/<other>")
@allow("people", "write")
def decide(one: str, other: str) -> ResponseReturnValue:
    """Merge two rows, or keep both with the reason."""
    round_, form = current_round(), request.form
    act, why = (db.session(), acting(), system_clock, round_), form.get("why", "")[:256]
    if form.get("decide") == "apart":
        duplicates.keep_both(*act, one, other, why)
        flash(_("记下了：%(one)s 和 %(other)s 是两个人。", one=one, other=other), "ok")
        return redirect(url_for("employers.duplicate_list", round=round_.id), 303)
    keep = form.get("decide", "")
    if keep not in (one, other):
        raise Unreadable("请选保留哪一个。")
    drop = other if keep == one else one
    kind = "experts" if keep.startswith("E") else "applicants"
    tell(duplicates.merge(*act, kind, keep, drop, why), _("已合并，保留 %(code)s。", code=keep))
    return redirect(url_for("employers.duplicate_list", round=round_.id), 303)
