"""What would flip: who changes sides of the reference line or of a quota under another rule or without one expert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring import aggregate as aggregates
from scoring import correction as corrections
from scoring.aggregate import Sheet, aggregate
from scoring.correction import Decimals, correct
from scoring.errors import ScoringError
from scoring.rank import rank

OFF = "off"
People = Mapping[str, Mapping[str, Sheet]]
"""Applicant → expert → sheet."""
Panels = Mapping[str, People]
"""Panel → applicant → expert → sheet, of one direction and level."""


@dataclass(frozen=True)
class Rules:
    """How results come about, as far as a line or a quota depends on it."""

    method: str = "mean"
    min_sheets_to_trim: int = 5
    min_sheets: int = 3
    decimals: int = 2
    correction: str = OFF
    correction_decimals: Decimals = (2, 3, 2)
    tie_break: tuple[int, ...] = ()
    """Places of the items that decide between tied ones, by their mean over the sheets."""
    line: Decimal | None = None
    line_meets_corrected: bool = False
    quota: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where an applicant stands; ``None`` where there is no score, no line, no quota."""

    reaches: bool | None
    inside: bool | None


@dataclass(frozen=True)
class Flip:
    """One applicant whose standing another way of computing would change."""

    applicant: str
    change: str
    """``method``, ``correction`` or ``without``."""
    to: str
    """The other method or correction, or the expert left out."""
    before: Standing
    after: Standing


def flips(panels: Panels, rules: Rules) -> list[Flip]:
    """Everyone who flips under each other method, each other correction, and without any one expert, in this order.

    A correction that these panels do not allow is not tried.

    Raises:
        ScoringError: rules or sheets that make no sense.
    """
    scores = Scores()
    base = standings(panels, rules, scores)
    found = []
    for change, to, others, other in _changes(panels, rules, scores):
        for who, after in standings(others, other, scores).items():
            if after != base[who]:
                found.append(Flip(who, change, to, base[who], after))
    return found


def _changes(panels: Panels, rules: Rules, scores: Scores) -> Iterator[tuple[str, str, Panels, Rules]]:
    for method in aggregates.METHODS[:3]:
        if method != rules.method:
            yield "method", method, panels, replace(rules, method=method)
    for correction in (OFF, *corrections.METHODS):
        other = replace(rules, correction=correction)
        if correction != rules.correction and (
            correction == OFF or _corrected(scores.raw(panels, other), other) is not None
        ):
            yield "correction", correction, panels, other
    experts = dict.fromkeys(e for people in panels.values() for sheets in people.values() for e in sheets)
    for expert in experts:
        yield "without", expert, _without(panels, expert), rules


def _without(panels: Panels, expert: str) -> Panels:
    """The panels without one expert; those the expert does not sit on stay the very same."""
    return {
        panel: {who: {e: sheet for e, sheet in sheets.items() if e != expert} for who, sheets in people.items()}
        if any(expert in sheets for sheets in people.values())
        else people
        for panel, people in panels.items()
    }


class Scores:
    """The scores of panels, each computed once for a method: one expert less changes no other panel.

    The means that decide between tied ones are kept beside them.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[People, dict[str, Decimal]]] = {}
        self._breaks: dict[int, tuple[People, dict[str, list[Decimal]]]] = {}

    def raw(self, panels: Panels, rules: Rules) -> dict[str, dict[str, Decimal]]:
        """Panel → applicant → score, of those who have one."""
        found = {panel: self._of(people, rules) for panel, people in panels.items()}
        return {panel: scores for panel, scores in found.items() if scores}

    def _of(self, people: People, rules: Rules) -> dict[str, Decimal]:
        key = id(people), rules.method
        if key not in self._known:  # kept with its people, so that no other gets their number
            self._known[key] = people, _scores(people, rules)
        return self._known[key][1]

    def breaks(self, people: People, rules: Rules) -> dict[str, list[Decimal]]:
        """Applicant → the means of the items that decide between tied ones, of those with a whole sheet."""
        key = id(people)
        if key not in self._breaks:
            whole = {who: sheets for who, sheets in people.items() if any(None not in own for own in sheets.values())}
            self._breaks[key] = people, {who: tie_breaks(sheets, rules) for who, sheets in whole.items()}
        return self._breaks[key][1]


def standings(panels: Panels, rules: Rules, scores: Scores | None = None) -> dict[str, Standing]:
    """Applicant → standing under the rules; where a correction is refused, as without it.

    ``scores`` are kept from one call to the next; the rules of all but for method and correction are the same.
    """
    kept = scores or Scores()
    raw = kept.raw(panels, rules)
    shown = {who: score for people in raw.values() for who, score in people.items()}
    final = _corrected(raw, rules) or shown
    ranks = {}
    if rules.quota is not None:
        breaks = {panel: kept.breaks(panels[panel], rules) for panel in raw}
        ranks = rank(final, {who: breaks[panel][who] for panel, people in raw.items() for who in people})
    met = final if rules.line_meets_corrected else shown
    return {
        who: Standing(
            None if who not in met or rules.line is None else met[who] >= rules.line,
            None if who not in ranks or rules.quota is None else ranks[who] <= rules.quota,
        )
        for people in panels.values()
        for who in people
    }


def _scores(people: People, rules: Rules) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for who, sheets in people.items():
        score = aggregate(
            rules.method,
            list(sheets.values()),
            min_sheets_to_trim=rules.min_sheets_to_trim,
            min_sheets=rules.min_sheets,
            decimals=rules.decimals,
        ).score
        if score is not None:
            found[who] = score
    return found


def _corrected(raw: Mapping[str, Mapping[str, Decimal]], rules: Rules) -> dict[str, Decimal] | None:
    """Applicant → corrected score; nothing where it is off, refused, or there is one panel only."""
    if rules.correction == OFF or len(raw) < 2:
        return None
    try:
        answer = correct(
            rules.correction, {p: list(r.values()) for p, r in raw.items()}, decimals=rules.correction_decimals
        )
    except ScoringError:
        return None
    return {who: y for panel, people in raw.items() for who, y in zip(people, answer.scores[panel], strict=True)}


def tie_breaks(sheets: Mapping[str, Sheet], rules: Rules) -> list[Decimal]:
    """The means over the complete sheets of the items that decide between tied ones."""
    whole = [[mark for mark in sheet if mark is not None] for sheet in sheets.values() if None not in sheet]
    return [_mean([marks[item] for marks in whole]) for item in rules.tie_break]


def _mean(marks: list[Decimal]) -> Decimal:
    mean = sum(map(Fraction, marks), Fraction(0)) / len(marks)
    return Decimal(mean.numerator) / Decimal(mean.denominator)
