"""Ranks inside one direction and level: ties share a rank (1, 2, 2, 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal


def rank(scores: Mapping[str, Decimal], tie_break: Mapping[str, Sequence[Decimal]] | None = None) -> dict[str, int]:
    """Applicant → rank, the highest score first; ``tie_break`` lists marks compared one after the other."""
    keys = {who: (score, *(tie_break or {}).get(who, ())) for who, score in scores.items()}
    order = sorted(scores, key=lambda who: keys[who], reverse=True)
    ranks: dict[str, int] = {}
    for place, who in enumerate(order, 1):
        before = order[place - 2] if place > 1 else None
        ranks[who] = ranks[before] if before is not None and keys[before] == keys[who] else place
    return ranks
