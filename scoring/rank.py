"""Ranks inside one direction and level: ties share a rank (1, 2, 2, 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from scoring.errors import ScoringError
from scoring.said import say, several


def rank(scores: Mapping[str, Decimal], tie_break: Mapping[str, Sequence[Decimal]] | None = None) -> dict[str, int]:
    """Applicant → rank, the highest score first; ``tie_break`` lists marks compared one after the other.

    Raises:
        ScoringError: a tie-break of somebody without a score, or tied ones with tie-breaks of different length.
    """
    breaks = tie_break or {}
    strangers = [who for who in breaks if who not in scores]
    if strangers:
        raise ScoringError(say("同分比较中的 %(who)s 没有成绩。", who=strangers[0]))
    tied: dict[Decimal, dict[int, str]] = defaultdict(dict)
    for who, score in scores.items():
        tied[score][len(breaks.get(who, ()))] = who
    for group in tied.values():
        if len(group) > 1:
            raise ScoringError(say("同分的 %(names)s 用来比较的项目数不同。", names=several(group.values(), "、")))
    keys = {who: (score, *breaks.get(who, ())) for who, score in scores.items()}
    order = sorted(scores, key=lambda who: keys[who], reverse=True)
    ranks: dict[str, int] = {}
    for place, who in enumerate(order, 1):
        before = order[place - 2] if place > 1 else None
        ranks[who] = ranks[before] if before is not None and keys[before] == keys[who] else place
    return ranks
