"""From the logits of a many-facet Rasch analysis to its report: errors, fit, fair averages, separation, subsets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from scoring.connected import Group
from scoring.extremes import MOVED_IN, SIGNS, Bools, Frame, Part, against_the_others
from scoring.rasch import Floats, Measures, chances, moments
from scoring.said import say

FACETS = ("applicants", "experts", "items")


@dataclass(frozen=True)
class Element:
    """One applicant, expert or item: logits; ``None`` where there is nothing to measure with: ``reason``."""

    measure: float | None
    se: float | None
    infit: float | None
    """Mean squares, 1 expected; none for an extreme score."""
    outfit: float | None
    fair: float | None
    """The mark to expect where all others are average: of one item (one scale), of all items together (partial
    credit); for an item always of that item."""
    extreme: bool = False
    reason: str = ""


def _at_an_end(*, top: bool, measured: bool) -> str:
    if measured:
        moved = {"marks": str(MOVED_IN)}
        return (
            say("全是最高分，移入 %(marks)s 分后估计，没有拟合值。", **moved)
            if top
            else say("全是最低分，移入 %(marks)s 分后估计，没有拟合值。", **moved)
        )
    return say("全是最高分，无从度量。") if top else say("全是最低分，无从度量。")


def told_apart(elements: Iterable[Element]) -> tuple[float | None, float | None]:
    """Separation and reliability (Wright & Masters 1982, p. 106) of all who have a measure.

    Separation: the true spread over the error. Reliability: the true over the observed variance. None of one alone.
    """
    known = [(one.measure, one.se) for one in elements if one.measure is not None and one.se is not None]
    if len(known) < 2:
        return None, None
    logits, errors = np.array(known).T
    observed, error = float(logits.var()), float((errors**2).mean())
    true = max(observed - error, 0.0)
    return sqrt(true / error), true / max(observed, error)


class Report:
    """What is shown of the measures; arrays go by facet (applicants, experts, items) and place, ``nan`` is none."""

    def __init__(
        self, frame: Frame, part: Part, values: Sequence[Sequence[float]], result: Measures, apart: Sequence[Group]
    ) -> None:
        self.frame, self.part = frame, part
        self.steps: list[Floats] = [np.zeros(0) for _ in values]
        for scale, steps in zip(np.unique(frame.scale[part.active]), result.steps, strict=True):
            self.steps[scale] = steps
        self.values = [np.array(own)[seen] for own, seen in zip(values, part.bands, strict=True)]
        self.logits, self.errors = ([np.full(len(places), np.nan) for places in frame.places] for _ in range(2))
        self.fits = [np.full((len(places), 2), np.nan) for places in frame.places]
        self.estimated = [np.unique(column[part.active]) for column in frame.columns]
        own = (result.applicant, result.expert, result.item)
        for logit, places, measures in zip(self.logits, self.estimated, own, strict=True):
            logit[places] = measures
        self._errors_and_fit()
        self.subsets = self._extremes(apart)

    def _errors_and_fit(self) -> None:
        """Error 1/√information, the others taken as known; infit and outfit as in Wright & Masters (1982, p. 100)."""
        active = self.part.active
        columns = [column[active] for column in self.frame.columns]
        logit = sum((SIGNS[f] * self.logits[f][columns[f]] for f in range(3)), np.zeros(int(active.sum())))
        expected, variance = moments(chances(logit, self.frame.scale[active], self.steps))
        square = (self.part.x[active] - expected) ** 2
        for facet, (column, places) in enumerate(zip(columns, self.estimated, strict=True)):
            count = np.bincount(column)[places]
            information, residual, standard = (
                np.bincount(column, v)[places] for v in (variance, square, square / variance)
            )
            self.errors[facet][places] = 1 / np.sqrt(information)
            self.fits[facet][places] = np.stack((residual / information, standard / count), axis=1)

    def _extremes(self, apart: Sequence[Group]) -> list[Group]:
        """Measure those set apart, all against the same others; then the subsets with them in."""
        answers = {
            (facet, place): against_the_others(self.frame, self.part, self.steps, self.logits, facet, place)
            for facet, found in enumerate(self.part.extreme)
            for place in found
        }
        rows = {}
        for (facet, place), answer in answers.items():
            if answer:
                self.logits[facet][place], self.errors[facet][place], rows[facet, place] = answer
        return self._subsets(apart, rows)

    def _subsets(self, apart: Sequence[Group], rows: Mapping[tuple[int, int], Bools]) -> list[Group]:
        """Who was estimated, by connection; who was set apart is with all partners, or alone where they differ."""
        home = [np.arange(len(apart), len(apart) + len(places)) for places in self.frame.places]
        home[1] += len(home[0])
        for n, group in enumerate(apart):
            for facet, names in enumerate((group.applicants, group.experts)):
                home[facet][[self.frame.places[facet][name] for name in names]] = n
        estimated = [own.copy() for own in home]
        for (facet, place), own in rows.items():
            if facet < 2:
                partners = np.unique(estimated[1 - facet][self.frame.columns[1 - facet][own]])
                home[facet][place] = partners[0] if len(partners) == 1 else home[facet][place]
        found: dict[int, tuple[list[str], list[str]]] = {n: ([], []) for n in range(len(apart))}
        for facet in (0, 1):
            for name, place in self.frame.places[facet].items():
                found.setdefault(int(home[facet][place]), ([], []))[facet].append(name)
        return [Group(tuple(applicants), tuple(experts)) for applicants, experts in found.values()]

    def elements(self) -> tuple[dict[str, Element], dict[str, Element], dict[str, Element]]:
        """Id → element for applicants, experts and items."""
        average = float(self.logits[0][self.estimated[0]].mean())
        experts = self._over_items(self._met(average) - self.logits[1])
        items = [self._expected(np.array([average - d]), i)[0] for i, d in enumerate(self.logits[2])]
        fair = (self._over_items(self.logits[0]), experts, np.array(items))
        applicants, experts_, items_ = (self._shown(facet, fair[facet]) for facet in range(3))
        return applicants, experts_, items_

    def _shown(self, facet: int, fair: Floats) -> dict[str, Element]:
        found = {}
        for name, n in self.frame.places[facet].items():
            numbers = (self.logits[facet][n], self.errors[facet][n], *self.fits[facet][n], fair[n])
            measure, se, infit, outfit, expected = (None if np.isnan(x) else float(x) for x in numbers)
            reason = ""
            if n in self.part.extreme[facet]:
                reason = _at_an_end(top=self.part.extreme[facet][n], measured=measure is not None)
            found[name] = Element(measure, se, infit, outfit, expected, bool(reason), reason)
        return found

    def _met(self, average: float) -> Floats:
        """For each expert the mean measure of the applicants of the own subset; of all where there are none."""
        middle = np.full(len(self.frame.places[1]), average)
        for group in self.subsets:
            met = self.logits[0][[self.frame.places[0][name] for name in group.applicants]]
            if group.experts and len(met):
                middle[[self.frame.places[1][name] for name in group.experts]] = met.mean()
        return middle

    def _over_items(self, logit: Floats) -> Floats:
        """On one scale the mark of an average item; on several the sum over the items that have a measure."""
        if len(self.steps) == 1:
            return self._expected(logit, 0)
        known = np.flatnonzero(~np.isnan(self.logits[2]))
        return sum((self._expected(logit - self.logits[2][i], int(i)) for i in known), np.zeros(len(logit)))

    def _expected(self, logit: Floats, item: int) -> Floats:
        """The mark expected at a logit on the scale of an item."""
        scale = int(self.frame.scale[self.frame.columns[2] == item][0])
        chance = chances(logit, np.full(len(logit), scale), self.steps)[:, : len(self.values[scale])]
        expected: Floats = chance @ self.values[scale]
        return np.where(np.isnan(logit), np.nan, expected)
