"""How a result came about: every step with the exact value beside its rounding, so that a hand can recompute it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.aggregate import NOT_TRIMMED, TOO_FEW, Aggregate, Sheet, aggregate
from scoring.correction import AT_PANEL, TOO_SHORT, ZERO, Correction, Part, correct
from scoring.errors import ScoringError
from scoring.flips import OFF, Panels, Rules, tie_breaks
from scoring.marks import total
from scoring.rank import rank
from scoring.said import say

DIGITS = 8
"""Places of an exact value that are written out; an ellipsis says that there are more."""
NOT_CORRECTED = "没有修正：%(error)s"
NOTES = (TOO_FEW, NOT_TRIMMED, NOT_CORRECTED, TOO_SHORT, AT_PANEL, ZERO)
"""Message ids of what may stand as the note of a result."""
KINDS = ("item", "score", "mean", "grand", "k", "final")


@dataclass(frozen=True)
class Step:
    """One computation: ``kind`` is one of ``KINDS``, ``of`` the panel or the item's place."""

    kind: str
    formula: str
    """Numbers and signs."""
    exact: str
    value: Decimal | None
    """After rounding; ``None`` where this step is not rounded."""
    decimals: int | None
    of: str = ""
    out: tuple[Decimal, ...] = ()
    """Scores that a mean leaves out: the lowest, then the highest."""


@dataclass(frozen=True)
class Story:
    """One applicant's result from the sheets to the rank; the last word is ``final`` and ``rank``."""

    aggregate: Aggregate
    totals: tuple[Decimal | None, ...]
    """By sheet as given; ``None`` for a sheet that is not complete."""
    steps: tuple[Step, ...]
    k: Decimal | None
    final: Decimal | None
    rank: int | None
    better: int
    """How many of the same direction and level stand before."""
    tied: int
    """How many others share the rank."""
    of: int
    """How many are ranked."""
    ties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Everyone of the same score with the means that were compared, by rank; empty where nothing was compared."""


def written(value: Fraction | Decimal, digits: int = DIGITS) -> str:
    """A number in decimals, cut and never rounded: ``81.66666666…``; trailing zeros left out."""
    exact = Fraction(value)
    whole, rest = divmod(abs(exact.numerator) * 10**digits, exact.denominator)
    text = f"{whole:0{digits + 1}d}"
    places = text[-digits:] if rest else text[-digits:].rstrip("0")
    return f"{'-' if exact < 0 else ''}{text[:-digits]}{'.' if places else ''}{places}{'…' if rest else ''}"


def plus(marks: Sequence[Decimal]) -> str:
    """``18+20+20``."""
    return "+".join(format(mark, "f") for mark in marks)


class Direction:
    """Everyone of one direction and level, computed anew from the sheets, ready to be told.

    ``full`` is the full mark, ``min_present`` the size of a panel under which a correction warns.
    """

    def __init__(self, panels: Panels, rules: Rules, *, full: Decimal = Decimal(100), min_present: int = 8) -> None:
        self.panels, self.rules = panels, rules
        self.home = {who: panel for panel, people in panels.items() for who in people}
        self.scores = {who: self._aggregate(who) for who in self.home}
        self.raw = {
            panel: {who: score for who in people if (score := self.scores[who].score) is not None}
            for panel, people in panels.items()
        }
        self.refused = ""
        """Why a correction that is set could not be made."""
        self.correction = self._correct(full, min_present)
        self.final = self._final()
        self.breaks = {who: tie_breaks(panels[self.home[who]][who], rules) for who in self.final}
        self.ranks = rank(self.final, self.breaks)

    def _aggregate(self, who: str) -> Aggregate:
        rules = self.rules
        return aggregate(
            rules.method,
            self._sheets(who),
            min_sheets_to_trim=rules.min_sheets_to_trim,
            min_sheets=rules.min_sheets,
            decimals=rules.decimals,
        )

    def _sheets(self, who: str) -> list[Sheet]:
        return list(self.panels[self.home[who]][who].values())

    def _correct(self, full: Decimal, min_present: int) -> Correction | None:
        present = {panel: list(scores.values()) for panel, scores in self.raw.items() if scores}
        if self.rules.correction == OFF or len(present) < 2:
            return None
        places = self.rules.correction_decimals
        try:
            return correct(self.rules.correction, present, decimals=places, full=full, min_present=min_present)
        except ScoringError as error:
            self.refused = say(NOT_CORRECTED, error=error.said)
            return None

    def _final(self) -> dict[str, Decimal]:
        if self.correction is None:
            return {who: score for people in self.raw.values() for who, score in people.items()}
        corrected = self.correction.scores
        return {
            who: score
            for panel, people in self.raw.items()
            if people
            for who, score in zip(people, corrected[panel], strict=True)
        }

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the guards of the correction say, or why there is none."""
        if self.refused:
            return (self.refused,)
        return self.correction.warnings if self.correction else ()

    def of(self, who: str) -> Story:
        """The story of one applicant."""
        answer, sheets = self.scores[who], self._sheets(who)
        totals = tuple(_total(sheet) for sheet in sheets)
        place = self.ranks.get(who)
        ranks = list(self.ranks.values())
        return Story(
            aggregate=answer,
            totals=totals,
            steps=(*_kept(answer, sheets, self.rules.decimals), *self._corrected(who)),
            k=self.correction.k[self.home[who]] if self.correction and who in self.final else None,
            final=self.final.get(who),
            rank=place,
            better=0 if place is None else place - 1,
            tied=0 if place is None else ranks.count(place) - 1,
            of=len(ranks),
            ties=self._ties(who),
        )

    def _ties(self, who: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        same = [other for other, score in self.final.items() if self.rules.tie_break and score == self.final.get(who)]
        if len(same) < 2:
            return ()
        ordered = sorted(same, key=lambda other: self.ranks[other])
        return tuple((other, tuple(map(written, self.breaks[other]))) for other in ordered)

    def _corrected(self, who: str) -> Iterator[Step]:
        found, panel = self.correction, self.home[who]
        raw = self.raw[panel].get(who)
        if found is None or raw is None:
            return
        mean, k, score = self.rules.correction_decimals
        for name, part in found.parts.items():
            yield _step("mean", _over(part), Fraction(part.kept) / part.over, found.means[name], mean, name, part.out)
        whole = _over(found.pool)
        if self.rules.correction == "second_mean":
            whole = f"({plus(list(found.means.values()))})÷{len(found.means)}"
        exact = Fraction(found.pool.kept) / found.pool.over
        yield _step("grand", whole, exact, found.grand, mean, out=found.pool.out)
        quotient = Fraction(found.grand) / Fraction(found.means[panel])
        yield _step("k", f"{found.grand:f}÷{found.means[panel]:f}", quotient, found.k[panel], k, panel)
        product = Fraction(raw) * Fraction(found.k[panel])
        yield _step("final", f"{raw:f}×{found.k[panel]:f}", product, self.final[who], score)


def _total(sheet: Sheet) -> Decimal | None:
    marks = [mark for mark in sheet if mark is not None]
    return total(marks) if len(marks) == len(sheet) else None


def _kept(answer: Aggregate, sheets: Sequence[Sheet], decimals: int) -> Iterator[Step]:
    """From what was kept to the score; item by item where items are trimmed."""
    if answer.score is None or answer.kept is None:
        return
    whole = {n: [m for m in sheet if m is not None] for n, sheet in enumerate(sheets) if None not in sheet}
    out = set(answer.dropped)
    if answer.method == "trim_item":
        sums = []
        for item in range(len(sheets[0])):
            kept = [marks[item] for n, marks in whole.items() if (n, item) not in out]
            sums.append(total(kept))
            yield _step("item", plus(kept), sums[-1], None, None, str(item))
        parts = sums
    else:
        totals = {n: total(marks) for n, marks in whole.items() if (n,) not in out}
        parts = _middle(list(totals.values())) if answer.method == "median" else list(totals.values())
    formula = f"({plus(parts)})÷{answer.over}" if len(parts) > 1 else f"{plus(parts)}÷{answer.over}"
    yield _step("score", formula, Fraction(answer.kept) / answer.over, answer.score, decimals)


def _middle(totals: list[Decimal]) -> list[Decimal]:
    ordered = sorted(totals)
    return ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]


def _over(part: Part) -> str:
    return f"{part.kept:f}÷{part.over}"


def _step(
    kind: str,
    formula: str,
    exact: Fraction | Decimal,
    value: Decimal | None,
    decimals: int | None,
    of: str = "",
    out: tuple[Decimal, ...] = (),
) -> Step:
    return Step(kind, formula, written(exact), value, decimals, of, out)
