"""What people need who may not be heard by somebody, or not at every time: sittings at the least."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import NamedTuple

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.patterns import Times


class Wish(NamedTuple):
    """People of a direction want panels without some experts, in some sessions; no sessions: in any."""

    direction: str
    experts: frozenset[int]
    sessions: Times


def wishes(f: Facts) -> dict[Wish, int]:
    """Of the people of ``f``: so many sittings at the least."""
    found: Counter[Wish] = Counter()
    for kind in f.kinds:
        d, n, open_in = kind.direction, len(kind.people), tuple(s for s, mask in enumerate(kind.masks) if mask)
        apart = frozenset(f.expert_number[name] for name in kind.recused)
        for experts in [*(frozenset({e}) for e in sorted(apart)), *([apart] if len(apart) > 1 else [])]:
            found[Wish(d, experts, ())] += n
            if len(open_in) < len(kind.masks):
                found[Wish(d, experts, open_in)] += n
        if len(open_in) < len(kind.masks):
            found[Wish(d, frozenset(), open_in)] += n
    return {wish: ceil(n / max(1, f.most)) for wish, n in found.items()}


def met_anyway(f: Facts, around: Around, wish: Wish, sittings: int) -> int:
    """In so many of the direction's ``sittings`` the wish is met whatever the panels are, everything else around."""
    shut = sum(n - around.taken[s] for s, n in enumerate(f.rooms_open) if wish.sessions and s not in wish.sessions)
    return sittings - shut - sum(f.most_sessions(e) - around.load[e] for e in wish.experts)
