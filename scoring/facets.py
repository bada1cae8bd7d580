"""Many-facet Rasch measurement (Linacre 1994) of a round's marks: a diagnosis beside the result, never a change of it.

Reads top-down: marks become categories (``scales``), extreme scores are set apart (``extremes``), the rest is
estimated (``rasch``), and ``report`` measures the extreme ones against it and adds errors, fit and fair averages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from scoring.connected import Group, groups
from scoring.errors import NotComputable, ScoringError
from scoring.extremes import Frame, Part, set_apart
from scoring.rasch import Ratings, estimate
from scoring.report import FACETS, Element, Report, told_apart
from scoring.said import say, several
from scoring.scales import one_scale, partial_credit

MODELS = ("one_scale", "partial_credit")


@dataclass(frozen=True)
class Rating:
    """One mark."""

    applicant: str
    expert: str
    item: str
    mark: Decimal


@dataclass(frozen=True)
class Facets:
    """Id → element for each facet, step measures by scale, who can be compared, and how well a facet is told apart."""

    applicants: dict[str, Element]
    experts: dict[str, Element]
    items: dict[str, Element]
    steps: list[list[float]]
    subsets: list[Group]
    separation: dict[str, float | None]
    reliability: dict[str, float | None]
    reason: str = ""


def facets(ratings: Sequence[Rating], model: str = "one_scale", full: Mapping[str, Decimal] | None = None) -> Facets:
    """Measures of applicants, experts and items; experts (within a subset) and items are centred on 0.

    ``full`` (partial credit only) gives each item's full mark.

    Raises:
        ScoringError: an unknown model, a mark given twice, an item without full mark, a mark above it.
    """
    _sound(ratings, model, full)
    marks, items = [r.mark for r in ratings], [r.item for r in ratings]
    scaled = one_scale(marks) if model == "one_scale" else partial_credit(marks, items, full or {})
    frame = Frame.of([(r.applicant, r.expert, r.item) for r in ratings], scaled.scale, scaled.band)
    pairs = [(r.applicant, r.expert) for r in ratings]
    try:
        part = set_apart(frame)
        apart = groups(pairs[n] for n in np.flatnonzero(part.active))
        report = Report(frame, part, scaled.values, estimate(_active(frame, part, apart)), apart)
    except NotComputable as error:
        return _nothing(frame, groups(pairs), error.said)
    elements = report.elements()
    told = {name: told_apart(own.values()) for name, own in zip(FACETS, elements, strict=True)}
    reason = several(_reasons(len(report.subsets), alone=(None, None) in told.values()))
    separation = {name: pair[0] for name, pair in told.items()}
    reliability = {name: pair[1] for name, pair in told.items()}
    steps = [list(map(float, own)) for own in report.steps]
    return Facets(*elements, steps, report.subsets, separation, reliability, reason)


def _reasons(subsets: int, *, alone: bool) -> Iterator[str]:
    if subsets > 1:
        yield say(
            "评分分成 %(n)s 组，组与组之间没有共同的专家或申报人，不能比较；只有同一组内的度量可以比较。", n=subsets
        )
    if alone:
        yield say("申报人、专家、项目中只有一个可以度量的，没有分离度和信度。")


def _sound(ratings: Sequence[Rating], model: str, full: Mapping[str, Decimal] | None) -> None:
    if model not in MODELS:
        raise ScoringError(say("没有“%(model)s”这种模型，可用：%(names)s。", model=model, names=several(MODELS, "、")))
    if model == "one_scale" and full is not None:
        raise ScoringError(say("满分（full）只用于 partial_credit。"))
    seen = set()
    for r in ratings:
        key = (r.applicant, r.expert, r.item)
        if key in seen:
            twice = {"expert": r.expert, "applicant": r.applicant, "item": r.item}
            raise ScoringError(say("专家 %(expert)s 给申报人 %(applicant)s 的项目 %(item)s 评了两次。", **twice))
        seen.add(key)


def _active(frame: Frame, part: Part, apart: Sequence[Group]) -> Ratings:
    """The active ratings, those they are of and by counted anew."""
    columns = [column[part.active] for column in (*frame.columns, frame.scale)]
    seen = [np.unique(column) for column in columns]
    applicant, expert, item, scale = (np.searchsorted(s, c) for s, c in zip(seen, columns, strict=True))
    blocks = [np.searchsorted(seen[1], [frame.places[1][expert] for expert in group.experts]) for group in apart]
    sizes = (len(seen[0]), len(seen[1]), len(seen[2]))
    return Ratings(applicant, expert, item, scale, part.x[part.active], part.tops[seen[3]], sizes, blocks)


def _nothing(frame: Frame, subsets: list[Group], reason: str) -> Facets:
    empty = Element(None, None, None, None, None, reason=reason)
    applicants, experts, items = (dict.fromkeys(places, empty) for places in frame.places)
    none: dict[str, float | None] = dict.fromkeys(FACETS)
    return Facets(applicants, experts, items, [], subsets, none, dict(none), reason)
