"""How far a computation can be trusted: agreement, severity, measures, what would flip; a diagnosis, never a change.

Computed from the sheets a set kept, never while marks are coming in. By expert: for results officer and supervisor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from scoring.aggregate import Sheet
from scoring.agreement import Agreement, agreement
from scoring.connected import Group, groups
from scoring.facets import Facets, Rating, facets
from scoring.flips import Flip, Rules, flips
from scoring.report import Element, told_apart
from scoring.rubric import Rubric
from scoring.severity import FLAG, Severity, severity
from webapp.models import Result, ResultSet
from webapp.services import origin
from webapp.services.kernel import Sentence

Kept = tuple[tuple[str, tuple[tuple[str, tuple[tuple[str, Sheet], ...]], ...]], ...]
"""Panel, applicant, expert and sheet, as tuples."""
LOW, FAIR, GOOD = 0.5, 0.75, 0.9
"""Agreement under which it is called low, fair, good (Koo & Li 2016)."""
WORDS = ("好", "很好", "低", "高")
"""Words that stand in the advice."""
FAR = 3
"""How many applicants are named on whom the experts differ most."""


@dataclass(frozen=True)
class PanelTrust:
    """One panel: its scores, agreement, severity, and the applicants its experts differ about most."""

    code: str
    rows: tuple[Result, ...]
    agreement: Agreement
    left_out: int
    """Applicants without a sheet of every expert: agreement is without them."""
    severity: dict[str, Severity]
    far: tuple[tuple[Result, Decimal], ...]
    """Applicant and the distance from the lowest to the highest total, the widest first."""

    @property
    def scores(self) -> tuple[float, ...]:
        """The raw scores, for the picture."""
        return tuple(float(row.raw) for row in self.rows if row.raw is not None)

    @property
    def flagged(self) -> tuple[str, ...]:
        """Experts whose severity is worth a look."""
        return tuple(code for code, one in self.severity.items() if one.flagged)

    @property
    def advice(self) -> tuple[tuple[str, Sentence], ...]:
        """What the figures say and what to do, each ``ok`` or ``warn``."""
        return tuple(_advice(self))


def panels(made: ResultSet) -> list[PanelTrust]:
    """Every panel of a set that heard somebody, by code."""
    found: dict[str, list[Result]] = defaultdict(list)
    for row in made.results:
        if row.outcome == "heard" and row.sheets:
            found[row.panel].append(row)
    return [_panel(code, tuple(found[code])) for code in sorted(found)]


def _panel(code: str, rows: tuple[Result, ...]) -> PanelTrust:
    totals = {(r.applicant.code, s["expert"]): Decimal(s["total"]) for r in rows for s in r.sheets}
    experts = sorted({expert for _, expert in totals})
    matrix = [[totals.get((r.applicant.code, e)) for e in experts] for r in rows]
    whole = [row for row in matrix if None not in row]
    far = sorted(((r, _spread(r)) for r in rows), key=lambda pair: (-pair[1], pair[0].applicant.code))
    severe = severity(totals)
    return PanelTrust(
        code=code,
        rows=rows,
        agreement=agreement(whole or matrix),
        left_out=len(matrix) - len(whole),
        severity={expert: severe[expert] for expert in experts},
        far=tuple(far[:FAR]),
    )


def _spread(row: Result) -> Decimal:
    totals = [Decimal(s["total"]) for s in row.sheets]
    return max(totals) - min(totals)


def _advice(panel: PanelTrust) -> Iterator[tuple[str, Sentence]]:
    value = panel.agreement.icc["icc2k"]
    shown = "" if value is None else f"{value:.3f}"
    if value is None:
        yield "warn", Sentence("%(reason)s", reason=panel.agreement.reason)
    elif value < LOW:
        yield (
            "warn",
            Sentence("一致性低（ICC2k %(x)s）：不宜只凭本组成绩划线，请评委会逐一审议分歧大的申报人。", x=shown),
        )
    elif value < FAIR:
        yield "warn", Sentence("一致性一般（ICC2k %(x)s）：参考线附近的申报人请评委会审议。", x=shown)
    else:
        interval = panel.agreement.ci95["icc2k"]
        word = "好" if value < GOOD else "很好"
        if interval is not None and interval[0] < FAIR:
            yield (
                "warn",
                Sentence(
                    "一致性%(word)s（ICC2k %(x)s），但 95%% 区间低到 %(low)s：参考线附近的申报人仍请评委会审议。",
                    word=word,
                    x=shown,
                    low=f"{interval[0]:.3f}",
                ),
            )
        else:
            yield "ok", Sentence("一致性%(word)s（ICC2k %(x)s）。", word=word, x=shown)
    if panel.left_out:
        yield "warn", Sentence("%(n)s 位申报人的评分表不全，没有算在一致性内。", n=panel.left_out)
    yield from _about_experts(panel)


def _about_experts(panel: PanelTrust) -> Iterator[tuple[str, Sentence]]:
    means = {code: one.mean for code, one in panel.severity.items() if one.mean is not None}
    for code in panel.flagged:
        said = Sentence(
            "专家 %(code)s 平均比同组其他专家%(word)s %(x)s 分，不是偶然：请核对有无误解评分标准；成绩不因此改动。",
            code=code,
            word="低" if means[code] < 0 else "高",
            x=f"{abs(means[code]):.1f}",
        )
        yield "warn", said
    if means and all(one.ci95 is None for one in panel.severity.values()):
        yield "warn", Sentence("只有 1 位申报人可比，判断不了专家偏严还是偏松。")
    elif means and not panel.flagged:
        yield "ok", Sentence("没有专家明显偏严或偏松（相差 %(n)s 分以上且不是偶然）。", n=FLAG)


@lru_cache(maxsize=4)
def _measured(ratings: tuple[Rating, ...], full: tuple[tuple[str, Decimal], ...]) -> Facets:
    """The measures of the same ratings are computed once."""
    return facets(ratings, "partial_credit", dict(full))


def measures(made: ResultSet) -> Facets:
    """Many-facet Rasch measures of all sheets of a set, each item with its own steps."""
    rubric = Rubric.from_json(made.settings["rubric"])
    ratings = tuple(
        Rating(row.applicant.code, sheet["expert"], item.key, Decimal(sheet["marks"][item.key]))
        for row in made.results
        if row.outcome == "heard"
        for sheet in row.sheets
        for item in rubric.items
        if sheet["marks"].get(item.key) is not None
    )
    return _measured(ratings, tuple((item.key, item.full) for item in rubric.items))


def apart(made: ResultSet) -> list[tuple[str, ...]]:
    """Codes of the panels by whether they are linked: panels of two entries share nobody, so they do not compare."""
    home = {row.applicant.code: row.panel for row in made.results}
    pairs = ((r.applicant.code, s["expert"]) for r in made.results if r.outcome == "heard" for s in r.sheets)
    linked: list[Group] = groups(pairs)
    return sorted(tuple(sorted({home[code] for code in group.applicants})) for group in linked)


@dataclass(frozen=True)
class Part:
    """Applicants and experts whose measures compare: one part of the round has one ruler."""

    panels: tuple[str, ...]
    applicants: dict[str, Element]
    experts: dict[str, Element]

    @property
    def reliability(self) -> tuple[float | None, float | None]:
        """How well its applicants, and its experts, are told apart."""
        return told_apart(self.applicants.values())[1], told_apart(self.experts.values())[1]


def measured(made: ResultSet) -> list[Part]:
    """The measures by parts, in the order of their first panel."""
    found, home = measures(made), {row.applicant.code: row.panel for row in made.results}
    parts = []
    for group in found.subsets:
        panels_ = tuple(sorted({home[code] for code in group.applicants}))
        applicants = {code: found.applicants[code] for code in group.applicants}
        parts.append(Part(panels_, applicants, {code: found.experts[code] for code in group.experts}))
    return sorted(parts, key=lambda part: part.panels)


def split(made: ResultSet, parts: list[tuple[str, ...]]) -> list[str]:
    """Names of the directions whose panels lie in several parts: only inside a direction are applicants ranked."""
    part = {code: n for n, codes in enumerate(parts) for code in codes}
    found: dict[str, set[int]] = {}
    for row in made.results:
        if row.panel in part:
            found.setdefault(row.applicant.direction.name, set()).add(part[row.panel])
    return [name for name, several in found.items() if len(several) > 1]


def flipped(made: ResultSet, quota: int | None) -> dict[int, list[Flip]]:
    """Direction id → who would change sides of the reference line, or of a quota, under another way of computing."""
    found = {}
    for direction, told in origin.directions(made).items():
        rules: Rules = told.rules if quota is None else replace(told.rules, quota=quota)
        if rules.line is not None or rules.quota is not None:
            sheets = tuple(
                (
                    panel,
                    tuple((who, tuple((e, tuple(sheet)) for e, sheet in own.items())) for who, own in people.items()),
                )
                for panel, people in told.panels.items()
            )
            found[direction] = list(_flips(sheets, rules))
    return found


@lru_cache(maxsize=16)
def _flips(sheets: Kept, rules: Rules) -> tuple[Flip, ...]:
    """The flips of the same sheets under the same rules are computed once."""
    panels = {panel: {who: dict(own) for who, own in people} for panel, people in sheets}
    return tuple(flips(panels, rules))
