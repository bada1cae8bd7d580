"""The many-facet Rasch model and its joint maximum likelihood, for ratings without extreme scores.

ln(P_k / P_(k−1)) = B_n − D_i − C_j − F_k, with one scale of steps F for all items or one for each (Linacre 1994,
*Many-Facet Rasch Measurement*, ch. 8). Its likelihood is concave, so Newton's method finds the one maximum; each
rating has one applicant, so the applicants' block of the information is diagonal and is eliminated first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.errors import NotComputable
from scoring.said import say

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FARTHEST = 60.0
"""Logits past which an estimate has run away: the data have no maximum."""
NEAR = 1e-9
ROUNDS = 200
SINGULAR = 1e-6
RUN_AWAY = say("有的分数与其余完全错开（例如各项目满分不同），没有最大似然估计。各项目满分不同时用 partial_credit。")
NOT_CROSSED = say("申报人、专家和项目没有充分交叉，分不清各自的高低，没有多面 Rasch 结果。")


@dataclass(frozen=True)
class Ratings:
    """R ratings: who, by whom, of what, on which scale, and the category from 0; arrays of R whole numbers."""

    applicant: Ints
    expert: Ints
    item: Ints
    scale: Ints
    x: Ints
    tops: Ints
    """The highest category of each scale."""
    sizes: tuple[int, int, int]
    """How many applicants, experts and items there are."""
    groups: Sequence[Ints]
    """The experts of each connected part: each part is centred on 0 by itself."""


@dataclass(frozen=True)
class Measures:
    """Logits: a higher applicant is better, a higher expert more severe, a higher item harder; steps by scale."""

    applicant: Floats
    expert: Floats
    item: Floats
    steps: list[Floats]

    def logit(self, ratings: Ratings) -> Floats:
        """B − C − D of each rating."""
        return self.applicant[ratings.applicant] - self.expert[ratings.expert] - self.item[ratings.item]

    def moved(self, applicant: Floats, others: Floats) -> Measures:
        """These measures plus a step; ``others`` are experts, items and steps, one after the other."""
        experts, items = len(self.expert), len(self.item)
        cuts = np.cumsum([experts, items, *map(len, self.steps)])[:-1]
        expert, item, *steps = np.split(others, cuts)
        moved = [old + new for old, new in zip(self.steps, steps, strict=True)]
        return Measures(self.applicant + applicant, self.expert + expert, self.item + item, moved)

    def farthest(self) -> float:
        """The largest distance from 0."""
        return float(max(np.abs(part).max(initial=0) for part in (self.applicant, self.expert, self.item, *self.steps)))


def chances(logit: Floats, scale: Ints, steps: Sequence[Floats]) -> Floats:
    """The probability of each category: R × (highest category of all + 1); categories a scale has not are 0."""
    most = max(map(len, steps))
    barrier = np.full((len(steps), most + 1), np.inf)
    for row, own in zip(barrier, steps, strict=True):
        row[: len(own) + 1] = np.concatenate(([0.0], np.cumsum(own)))
    power = logit[:, None] * np.arange(most + 1) - barrier[scale]
    power = np.exp(power - power.max(axis=1, keepdims=True))
    total: Floats = power / power.sum(axis=1, keepdims=True)
    return total


def moments(chance: Floats) -> tuple[Floats, Floats]:
    """Expected category and its variance."""
    category = np.arange(chance.shape[1])
    expected = chance @ category
    return expected, np.maximum((chance * (category - expected[:, None]) ** 2).sum(axis=1), 1e-300)


def estimate(ratings: Ratings, rounds: int = ROUNDS) -> Measures:
    """The measures that make the ratings most likely, in at most so many steps (20 is much).

    Raises:
        NotComputable: no maximum, or one that is not unique.
    """
    applicants, experts, items = (np.zeros(size) for size in ratings.sizes)
    now = Measures(applicants, experts, items, [np.zeros(top) for top in ratings.tops])
    before = _likelihood(ratings, now)
    for turn in range(rounds):
        try:
            applicant, others = _step(ratings, now)
        except np.linalg.LinAlgError as error:
            raise NotComputable(RUN_AWAY if turn else NOT_CROSSED) from error
        length = 1.0
        after = now.moved(applicant, others)
        while (likelihood := _likelihood(ratings, after)) < before - NEAR and length > NEAR:
            length /= 2
            after = now.moved(length * applicant, length * others)
        now, before = after, likelihood
        if now.farthest() > FARTHEST:
            break
        if length * max(np.abs(applicant).max(), np.abs(others).max()) < NEAR:
            return now
    raise NotComputable(RUN_AWAY)


def _likelihood(ratings: Ratings, measures: Measures) -> float:
    chance = chances(measures.logit(ratings), ratings.scale, measures.steps)
    seen = chance[np.arange(len(ratings.x)), ratings.x]
    return float(np.log(np.maximum(seen, 1e-300)).sum())


def _step(ratings: Ratings, measures: Measures) -> tuple[Floats, Floats]:
    """Newton's step of applicants and of the others (experts, items, steps), which stay centred.

    The sum of each centred set is added to the information: that takes away its freedom and changes nothing else.

    Raises:
        LinAlgError: some freedom is left.
    """
    own, cross, rest, own_score, rest_score = _information(ratings, measures)
    shrunk = cross / own[:, None]
    matrix = rest - cross.T @ shrunk
    for places in _centred(ratings):
        matrix[np.ix_(places, places)] += 1.0
    pivots = np.diag(np.linalg.cholesky(matrix))
    if pivots.min() < SINGULAR * pivots.max():
        raise np.linalg.LinAlgError
    others = np.linalg.solve(matrix, rest_score - shrunk.T @ own_score).astype(np.float64)
    return (own_score - cross @ others) / own, others


def _centred(ratings: Ratings) -> list[Ints]:
    """The places, among the others, of each set whose sum is 0: experts of a part, items, steps of a scale."""
    _, experts, items = ratings.sizes
    found = [*ratings.groups, np.arange(experts, experts + items)]
    first = experts + items
    for top in ratings.tops:
        found.append(np.arange(first, first + top))
        first += int(top)
    return found


def _information(ratings: Ratings, measures: Measures) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Applicants' information (N), theirs with the others (N × P), the others' (P × P), and both scores.

    All are covariances of what the measures multiply: B the category x, C and D −x, F_k −1 where x ≥ k.
    """
    applicants, experts, items = ratings.sizes
    size = experts + items + int(ratings.tops.sum())
    chance = chances(measures.logit(ratings), ratings.scale, measures.steps)
    expected, variance = moments(chance)
    apart = ratings.x - expected
    own = np.bincount(ratings.applicant, variance, applicants).astype(np.float64)
    own_score = np.bincount(ratings.applicant, apart, applicants).astype(np.float64)
    cross, rest, score = np.zeros((applicants, size)), np.zeros((size, size)), np.zeros(size)

    def add(matrix: Floats, rows: Ints, columns: Ints, values: Floats) -> None:
        flat = np.bincount(rows * matrix.shape[1] + columns, values, matrix.size)
        matrix += flat.reshape(matrix.shape)

    expert, item = ratings.expert, ratings.item + experts
    for places in (expert, item):
        add(cross, ratings.applicant, places, -variance)
        score -= np.bincount(places, apart, size)
        for others in (expert, item):
            add(rest, places, others, variance)
    first = experts + items
    for scale, top in enumerate(ratings.tops):
        rows = ratings.scale == scale
        at_least = chance[rows, ::-1].cumsum(axis=1)[:, ::-1][:, 1 : top + 1]
        weighted = (chance[rows] * np.arange(chance.shape[1]))[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1 : top + 1]
        shared = weighted - expected[rows, None] * at_least
        steps = slice(first, first + int(top))
        reached = (ratings.x[rows, None] >= np.arange(1, top + 1)).sum(axis=0)
        score[steps] = at_least.sum(axis=0) - reached
        sums = at_least.sum(axis=0)
        rest[steps, steps] = sums[np.maximum.outer(np.arange(top), np.arange(top))] - at_least.T @ at_least
        for k in range(int(top)):
            cross[:, first + k] = -np.bincount(ratings.applicant[rows], shared[:, k], applicants)
            for places in (expert, item):
                line = np.bincount(places[rows], shared[:, k], size)
                rest[:, first + k] += line
                rest[first + k, :] += line
        first += int(top)
    return own, cross, rest, own_score, score
