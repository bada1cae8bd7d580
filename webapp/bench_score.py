"""How fast scoring is: everyone's result, and the measures of a large round; what must be reached."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from scoring.aggregate import aggregate
from scoring.correction import correct
from scoring.facets import Rating, facets
from scoring.rank import rank

SHEETS, ITEMS, PANEL, FULL = 7, 5, 20, 20
SECONDS = {"results": 2.0, "facets": 20.0}
"""Seconds of the processor at most: 10,000 applicants to ranks, 1,000 to measures."""


@dataclass(frozen=True)
class Figure:
    """What was measured, how many applicants, the best of the runs in seconds of the processor."""

    name: str
    applicants: int
    seconds: float

    @property
    def reached(self) -> bool:
        """Whether it is fast enough."""
        return self.seconds <= SECONDS[self.name]

    def line(self) -> str:
        """One line for people."""
        word = "reached" if self.reached else f"not {SECONDS[self.name]:g} s"
        return f"{self.name:<8} {self.applicants:>6} × {SHEETS} × {ITEMS}  {self.seconds:6.2f} s  {word}"


def marks(applicants: int, seed: int = 1) -> list[list[list[Decimal]]]:
    """Applicant, sheet, item: a mark of 20; always the same ones."""
    chance = random.Random(seed)
    return [
        [[Decimal(chance.randint(10, FULL)) for _ in range(ITEMS)] for _ in range(SHEETS)] for _ in range(applicants)
    ]


def results(sheets: list[list[list[Decimal]]]) -> dict[str, int]:
    """Aggregate, correct between panels of twenty, rank; applicant → rank."""
    panels: dict[str, list[Decimal]] = {}
    for n, own in enumerate(sheets):
        score = aggregate("trim_item", own).score
        assert score is not None
        panels.setdefault(f"P{n // PANEL}", []).append(score)
    finals = correct("pooled", panels).scores
    return rank({f"{panel}-{n}": y for panel, scores in finals.items() for n, y in enumerate(scores)})


def measures(sheets: list[list[list[Decimal]]]) -> int:
    """Measures by partial credit, the panels linked by one expert each; how many applicants have one."""
    ratings = [
        Rating(f"A{n}", f"E{(n // PANEL) * (SHEETS - 1) + e}", f"I{i}", mark)
        for n, own in enumerate(sheets)
        for e, items in enumerate(own)
        for i, mark in enumerate(items)
    ]
    found = facets(ratings, "partial_credit", {f"I{i}": Decimal(FULL) for i in range(ITEMS)})
    return sum(one.measure is not None for one in found.applicants.values())


def measure(runs: int, say: Callable[[str], object]) -> bool:
    """Both figures, said as they come; whether both are reached."""
    done = []
    for name, applicants, work in (("results", 10_000, results), ("facets", 1_000, measures)):
        sheets = marks(applicants)
        figure = Figure(name, applicants, min(_seconds(work, sheets) for _ in range(runs)))
        say(figure.line())
        done.append(figure.reached)
    return all(done)


def _seconds(work: Callable[[list[list[list[Decimal]]]], object], sheets: list[list[list[Decimal]]]) -> float:
    before = time.process_time()
    work(sheets)
    return time.process_time() - before
