"""How few sittings can hear people who are free only now and then: sittings by session, people by slot, nothing else.

Where most people can take every slot, counting slots says the same at once; :attr:`Facts.windowed` tells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import ceil

from scheduler.linear import INFINITY, SLACK, Linear, Terms

MOST = 2_500
"""Free slots of all people: with more it takes too long for what it says."""


def least_sittings(windows: Iterable[Sequence[int]], rooms: Sequence[int], slots: Sequence[int], left: int) -> int:
    """Sittings at least for all but ``left`` people.

    ``windows``: of each person a mask of slots by session; ``rooms``, ``slots``: how many by session.
    Where more than ``left`` people can not be heard at all, or there are too many: 0, which is no less true.
    """
    p, people = Linear(), Counter(tuple(w) for w in windows)
    if sum(mask.bit_count() for masks in people for mask in masks) > MOST:
        return 0
    held = [p.column(n if slots[s] else 0, whole=False) for s, n in enumerate(rooms)]
    at: dict[tuple[int, int], Terms] = defaultdict(list)
    out: Terms = []
    for masks, n in people.items():
        out.append((p.column(n, whole=False), 1))
        mine = [out[-1]]
        for s, mask in enumerate(masks):
            for t in range(slots[s]):
                if mask >> t & 1:
                    mine.append((p.column(INFINITY, whole=False), 1))
                    at[s, t].append(mine[-1])
        p.row(mine, n, n)
    for (s, _), taken in at.items():
        p.row([*taken, (held[s], -1)], high=0)
    p.row(out, high=left)
    answer = p.solve([(v, 1) for v in held])
    return 0 if answer.impossible else ceil(max(0.0, answer.bound - SLACK))
