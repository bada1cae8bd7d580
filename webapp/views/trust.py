"""How far the results can be trusted: a report for the round and one for each panel, with pictures."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from scoring.agreement import ICC
from scoring.rubric import Rubric
from webapp import charts
from webapp.db import db
from webapp.models import Expert, ResultSet, Round
from webapp.rights import allow
from webapp.services import trust, versions
from webapp.services.setting_entries import AGGREGATES, CORRECTIONS
from webapp.views import acting, current_round

bp = Blueprint("trust", __name__, url_prefix="/results/trust")
CHANGES = {"method": AGGREGATES, "correction": CORRECTIONS}


def _made(round_: Round) -> ResultSet | None:
    return versions.now(db.session(), round_, acting().role)


def _names(round_: Round) -> dict[str, str]:
    query = select(Expert.code, Expert.name).where(Expert.round_id == round_.id)
    return {code: f"{code} {name}" for code, name in db.session.execute(query)}


def _agreement(found: list[trust.PanelTrust]) -> charts.Chart | None:
    """Single and average agreement of each panel with their intervals."""
    rows = []
    for panel in found:
        for name in ("icc2k", "icc3k"):
            value, interval = panel.agreement.icc[name], panel.agreement.ci95[name]
            if value is not None:
                label = f"{panel.code} {name.replace('icc', 'ICC')}"
                rows.append(charts.Row(label, (value,), interval, says=f"{label} {value:.3f}"))
    least = min((row.points[0] for row in rows), default=0.0)
    axis = charts.Axis(0.0, 1.0, 0.25) if least >= 0 else charts.Axis.over([least, 1.0])
    return charts.rows(_("各组一致性"), rows, axis, zero=least < 0, bands=True) if rows else None


def _severity(panel: trust.PanelTrust, names: dict[str, str]) -> charts.Chart | None:
    rows = [
        charts.Row(names.get(code, code), (one.mean,), one.ci95, one.flagged, f"{one.mean:+.2f}")
        for code, one in panel.severity.items()
        if one.mean is not None
    ]
    ends = [x for row in rows for x in (*row.points, *(row.interval or ()))]
    return charts.rows(_("专家宽严"), rows, charts.Axis.over([*ends, 0.0]), zero=True) if rows else None


@bp.get("/")
@allow("statistics", "read")
def report() -> ResponseReturnValue:
    """The round: distribution by panel, agreement, measures on one ruler, what would flip."""
    round_ = current_round()
    made = _made(round_)
    if made is None:
        return render_template("trust/none.html", round=round_)
    found = trust.panels(made)
    scores = [x for panel in found for x in panel.scores]
    rows = [charts.Row(panel.code, panel.scores) for panel in found]
    quota = request.args.get("quota", type=int)
    parts, apart = trust.measured(made), trust.apart(made)
    at = min(max(request.args.get("part", 1, type=int), 1), max(len(parts), 1))
    return render_template(
        "trust/round.html",
        round=round_,
        made=made,
        checking=versions.checking(round_, made),
        panels=found,
        distribution=charts.rows(_("各组成绩"), rows, charts.Axis.over(scores)) if scores else None,
        agreement=_agreement(found),
        facets=trust.measures(made),
        parts=parts,
        at=at,
        ruler=_ruler(made, parts[at - 1]) if parts else None,
        apart=apart,
        split=trust.split(made, apart),
        flips=trust.flipped(made, quota if quota and quota > 0 else None),
        quota=quota,
        names=_names(round_),
        items={item.key: item.name for item in Rubric.from_json(made.settings["rubric"]).items},
        changes=CHANGES,
    )


def _ruler(made: ResultSet, part: trust.Part) -> charts.Chart | None:
    items = {item.key: item.name for item in Rubric.from_json(made.settings["rubric"]).items}
    columns = [
        (
            _("申报人（高者强）"),
            [(code, one.measure) for code, one in part.applicants.items() if one.measure is not None],
        ),
        (_("专家（高者严）"), [(code, one.measure) for code, one in part.experts.items() if one.measure is not None]),
        (
            _("项目（高者难）"),
            [(items[key], one.measure) for key, one in trust.measures(made).items.items() if one.measure is not None],
        ),
    ]
    return charts.ruler(_("多面 Rasch 标尺（logit）"), columns) if any(marks for _name, marks in columns) else None


@bp.get("/<code>")
@allow("statistics", "read")
def panel(code: str) -> ResponseReturnValue:
    """One panel: agreement, each expert's severity, whom the experts differ about."""
    round_ = current_round()
    made = _made(round_)
    found = next((one for one in trust.panels(made) if one.code == code), None) if made else None
    if found is None or made is None:
        abort(404)
    names = _names(round_)
    return render_template(
        "trust/panel.html", round=round_, made=made, panel=found, names=names, severity_chart=_severity(found, names),
        agreement=_agreement([found]), coefficients=ICC, checking=versions.checking(round_, made),
    )  # fmt: skip
