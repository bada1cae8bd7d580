"""JSON in, JSON out: one document with one task, for use without the web (``rostrum score``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from scoring.aggregate import aggregate
from scoring.agreement import agreement as agree
from scoring.correction import correct
from scoring.errors import NotComputable, ScoringError
from scoring.facets import Facets, Rating
from scoring.facets import facets as measure
from scoring.fields import Fields
from scoring.marks import least_zero, mark, on_step
from scoring.rank import rank
from scoring.rubric import Item
from scoring.severity import Severity, severity

Answer = dict[str, Any]


def parse(text: str) -> Any:
    """The value of a JSON text, its numbers exact.

    Raises:
        ScoringError: no JSON, or a key that stands twice in one object.
    """
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except ScoringError:
        raise
    except json.JSONDecodeError as error:
        raise ScoringError(f"不是 JSON：第 {error.lineno} 行第 {error.colno} 个字符读不通。") from error
    except (ValueError, ArithmeticError) as error:
        raise ScoringError("不是 JSON：有一个数太长。") from error
    except RecursionError as error:
        raise ScoringError("不是 JSON：括号套得太深。") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ScoringError(f"“{twice}”写了两次。")
    return found


def answer(document: object) -> Answer:
    """The answer to a document with exactly one of the keys of ``TASKS``.

    Raises:
        ScoringError: it makes no sense; the sentence names the place.
    """
    names = "、".join(TASKS)
    if not isinstance(document, dict) or len(document) != 1:
        raise ScoringError(f"文件应是一个对象，恰有以下键中的一个：{names}。")
    [(task, body)] = document.items()
    if task not in TASKS:
        raise ScoringError(f"没有“{task}”这一项，可用：{names}。")
    return TASKS[task](Fields(body, task))


def _aggregate(fields: Fields) -> Answer:
    items = _items(fields.objects("items")) if "items" in fields else []
    sheets = [_sheet(n, row, items) for n, row in enumerate(fields.rows("sheets"))]
    limits = {name: fields.whole(name) for name in ("min_sheets_to_trim", "min_sheets") if name in fields}
    if "decimals" in fields:
        limits["decimals"] = fields.decimals("decimals")
    method = fields.text("method")
    fields.done()
    found = aggregate(method, sheets, **limits)
    reply: Answer = {"score": _text(found.score), "dropped": [list(place) for place in found.dropped]}
    return reply | {"valid": found.valid} | _reason(found.reason)


def _items(rows: list[Fields]) -> list[Item]:
    items = [_item(row) for row in rows]
    names = [item.name for item in items]
    twice = [name for name in names if names.count(name) > 1]
    if twice or not items:
        raise ScoringError(f"项目 {twice[0]} 写了两次。" if twice else "“aggregate”的“items”没有项目。")
    return items


def _item(row: Fields) -> Item:
    """An item of the rubric, against which marks are checked."""
    name, full, step = row.name("name"), _given(row.take("full"), "full"), _given(row.take("step", 1), "step")
    row.done()
    if full <= 0 or step <= 0:
        raise ScoringError(f"项目 {name}：满分和步长应大于 0。")
    if not on_step(full, step):
        raise ScoringError(f"项目 {name}：满分 {full} 不是步长 {step} 的整数倍。")
    return Item(name, name, full, step)


def _sheet(n: int, row: list[Any], items: list[Item]) -> list[Decimal | None]:
    if not items:
        return [least_zero(value, f"评分表 {n} 第 {i} 项") for i, value in enumerate(row)]
    if len(row) != len(items):
        raise ScoringError(f"评分表 {n} 有 {len(row)} 项，评分标准有 {len(items)} 项。")
    try:
        return [item.parse(value) for item, value in zip(items, row, strict=True)]
    except ScoringError as error:
        raise ScoringError(f"评分表 {n}，{error}") from error


def _correct(fields: Fields) -> Answer:
    panels = {}
    for panel, row in fields.lists("panels").items():
        panels[panel] = [_given(value, f"专家组 {panel} 第 {i} 个成绩") for i, value in enumerate(row)]
    steps = Fields(fields.take("decimals", {}), "decimals")
    places = [steps.decimals_or_none(name) if name in steps else default for name, default in _PLACES]
    steps.done()
    options: dict[str, Any] = {name: fields.whole(name) for name in ("trim", "min_present") if name in fields}
    if "full" in fields:
        options["full"] = full = _given(fields.take("full"), "full")
        above = [f"专家组 {panel} 的 {x}" for panel, row in panels.items() for x in row if x > full]
        if above:
            raise ScoringError(f"{above[0]} 超过满分 {full}。")
    method = fields.text("method")
    fields.done()
    try:
        found = correct(method, panels, decimals=(places[0], places[1], places[2]), **options)
    except NotComputable as error:
        return {"means": None, "grand": None, "k": None, "scores": None, "warnings": [], "reason": str(error)}
    return {
        "means": {panel: _text(mean) for panel, mean in found.means.items()},
        "grand": _text(found.grand),
        "k": {panel: _text(k) for panel, k in found.k.items()},
        "scores": {panel: [_text(score) for score in scores] for panel, scores in found.scores.items()},
        "warnings": list(found.warnings),
    }


def _rank(fields: Fields) -> Answer:
    scores = {who: least_zero(value, who) for who, value in fields.mapping("scores").items()}
    breaks = {}
    for who, row in (fields.lists("tie_break") if "tie_break" in fields else {}).items():
        breaks[who] = [_given(value, f"{who} 的同分比较第 {i} 项") for i, value in enumerate(row)]
    fields.done()
    known = {who: score for who, score in scores.items() if score is not None}
    ranks = rank(known, {who: row for who, row in breaks.items() if scores.get(who, 0) is not None})
    without = [who for who in scores if who not in known]
    reason = f"没有成绩，不排名：{'、'.join(without)}。" if without else ""
    return {"ranks": {who: ranks.get(who) for who in scores}} | _reason(reason)


def _agreement(fields: Fields) -> Answer:
    rows = fields.rows("matrix")
    fields.done()
    found = agree([[mark(x, f"第 {n} 行第 {i} 列") for i, x in enumerate(row)] for n, row in enumerate(rows)])
    intervals = {name: None if pair is None else list(pair) for name, pair in found.ci95.items()}
    reply: Answer = {**found.icc, "ci95": intervals, "kendall_w": found.kendall_w, "chi2": found.chi2}
    return reply | {"alpha": found.alpha, "phi": found.phi, "e_rho2": found.e_rho2} | _reason(found.reason)


def _severity(fields: Fields) -> Answer:
    totals: dict[tuple[str, str], Decimal | None] = {}
    for row in fields.objects("ratings"):
        pair = row.name("applicant"), row.name("expert")
        place = f"申报人 {pair[0]}、专家 {pair[1]}"
        if pair in totals:
            raise ScoringError(f"{place} 有两个总分。")
        totals[pair] = least_zero(row.take("total"), place)
        row.done()
    fields.done()
    found = severity({pair: total for pair, total in totals.items() if total is not None})
    experts = {}
    for expert in dict.fromkeys(expert for _, expert in totals):
        one = found.get(expert, _UNSCORED)
        interval = None if one.ci95 is None else list(one.ci95)
        shown: Answer = {"severity": one.mean, "ci95": interval, "n": one.n, "flagged": one.flagged}
        experts[expert] = shown | _reason(one.reason)
    return {"experts": experts} | _reason("" if experts else "没有评分。")


def _facets(fields: Fields) -> Answer:
    ratings = []
    for row in fields.objects("ratings"):
        applicant, expert, item = (row.name(key) for key in ("applicant", "expert", "item"))
        place = f"申报人 {applicant}、专家 {expert}、项目 {item}"
        given = least_zero(row.take("mark"), place)
        row.done()
        if given is not None:
            ratings.append(Rating(applicant, expert, item, given))
    full = (
        {item: _given(given, f"项目 {item} 的满分") for item, given in fields.mapping("full").items()}
        if "full" in fields
        else None
    )
    model = fields.text("model") if "model" in fields else "one_scale"
    fields.done()
    return _measures(measure(ratings, model, full))


def _measures(found: Facets) -> Answer:
    reply: Answer = {}
    for name, elements in (("applicants", found.applicants), ("experts", found.experts), ("items", found.items)):
        reply[name] = {}
        for key, one in elements.items():
            shown = {"measure": one.measure, "se": one.se, "infit": one.infit, "outfit": one.outfit, "fair": one.fair}
            reply[name][key] = shown | _reason(one.reason)
    subsets = [[*group.applicants, *group.experts] for group in found.subsets]
    reply |= {"steps": found.steps[0] if len(found.steps) == 1 else found.steps, "subsets": subsets}
    return reply | {"separation": found.separation, "reliability": found.reliability} | _reason(found.reason)


_UNSCORED = Severity(None, None, 0, False, "没有评分。")
_PLACES = (("mean", 2), ("k", 3), ("score", 2))


def _given(value: object, place: str) -> Decimal:
    number = least_zero(value, place)
    if number is None:
        raise ScoringError(f"{place}：没有分数。")
    return number


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _reason(text: str) -> Answer:
    return {"reason": text} if text else {}


TASKS: Mapping[str, Callable[[Fields], Answer]] = {
    "aggregate": _aggregate,
    "correct": _correct,
    "rank": _rank,
    "agreement": _agreement,
    "severity": _severity,
    "facets": _facets,
}
"""Key of a document → what answers it."""
