"""The ways of trying to make panels better: how hot, how long, and how often each has its turn."""

from __future__ import annotations

from dataclasses import dataclass

FIRST, MORE = 5_000, 2.5
"""Moves for each panel: at first, and so many times as many after each try in vain."""
HEATS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""The less the more stays as it is."""
TRIES = [*((heat, False) for heat in HEATS), (1.0, True)]
"""Temperature, and whether a class has a panel less and another one more."""
ALONE, LONG, LONGER = 0.2, 10, 3
"""The one way of a direction alone: its temperature, and so many times as long at first and at the most."""
NEAR = 0.03
"""A try that ended elsewhere and so little above what there is may well be below next time: it keeps its turns."""
FITS = 0.9
"""A try is planned for so much of the time left at the most: what does not come to its end is lost."""
WON, LOST, SELDOM, OFTEN = 3.0, 0.7, 0.2, 5.0
"""A way gets more time where it did well, less else; within these."""


@dataclass(eq=False)
class Way:
    """One way for the panels of one part."""

    part: frozenset[str]
    """Its directions."""
    heat: float
    shift: bool
    """Whether a class has a panel less and another one more."""
    moves: int
    """For each panel."""
    whole: frozenset[str] = frozenset()
    """Of a direction alone: the part it is of, whose other panels follow."""
    luck: float = 1.0
    pace: float = 0.0
    """Seconds of a move, as the last try had it."""

    def fitting(self, panels: int, seconds: float) -> int:
        """Moves for each panel of a try that ends within so many seconds, as far as its pace is known."""
        return max(1, int(min(self.moves, FITS * seconds / (self.pace * panels)))) if self.pace else self.moves

    def turn(self, gap: float, panels: int) -> float:
        """How often it has its turn, beside others: the more seldom the longer its tries are, so what it gets is time.

        ``gap``: mismatch beyond what the part is known to need, the share of one of its ways.
        """
        return gap * self.luck / (self.moves * panels)

    def ended(self, well: bool, least: int, lack: int, panels: int, most: int) -> None:
        """After a try in vain the next one is longer.

        ``least``, ``lack``: mismatch it met, and that there is; ``most``: moves of all panels together, but for LONGER.
        """
        near = lack < least <= (1 + NEAR) * lack
        self.luck = min(OFTEN, max(SELDOM, self.luck * (WON if well else 1.0 if near else LOST)))
        self.moves = self.moves if well else longer(self.moves, panels, most * (LONGER if self.whole else 1))


def longer(moves: int, panels: int, most: int) -> int:
    """Moves for each panel after a try in vain; ``most``: of all panels together."""
    return min(max(FIRST, most // panels), round(moves * MORE))


def ways_of(parts: list[frozenset[str]]) -> list[Way]:
    """For each part, for each direction of several alone, and for all at once, as they share rooms and strangers.

    Hot tries are longer at first.
    """
    alone = [
        Way(frozenset({d}), ALONE, shift=False, moves=FIRST * LONG, whole=part)
        for part in parts
        if len(part) > 1
        for d in sorted(part)
    ]
    every = [*parts, frozenset[str]().union(*parts)] if len(parts) > 1 else parts
    return [
        *(Way(part, heat, shift, round(FIRST * max(1.0, heat))) for part in every for heat, shift in TRIES),
        *alone,
    ]
