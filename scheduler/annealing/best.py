"""What annealing is given where those who lack nothing are seated first, and everybody else afterwards.

The mismatch of a direction is settled by the few who know it best. Others are many; but each of them sits somewhere, so
beside a schedule hardly one is free when the best are seated anew.
"""

from __future__ import annotations

import numpy as np

from scheduler.annealing.given import Given, starts
from scheduler.arrays import Numbers


def best_only(g: Given) -> Given:
    """Only those who lack nothing of a class; an open seat counts as little as the next best of the others would."""
    pools = [_pool(g, c) for c in range(len(g.known))]
    there = np.zeros(len(g.free), dtype=bool)
    there[np.concatenate(pools)] = True
    lacks = np.array([_next_best(g, c) for c in range(len(g.known))], dtype=np.int64)
    return g._replace(
        stranger=lacks,
        open=lacks,
        free=np.where(there, g.free, 0),
        pool=np.concatenate(pools),
        pool_of=starts(pools),
        known=np.array([len(mine) for mine in pools], dtype=np.int64),
        specialists=0,
        later=1,
    )


def _pool(g: Given, c: int) -> Numbers:
    mine = _knowing(g, c)
    return np.array([e for e in mine if g.lack[c, e] == 0], dtype=np.int64)


def _next_best(g: Given, c: int) -> int:
    lacks = g.lack[c, _knowing(g, c)]
    return int(min(lacks[lacks > 0], default=g.stranger[c]))


def _knowing(g: Given, c: int) -> Numbers:
    return g.pool[g.pool_of[c] : g.pool_of[c] + g.known[c]]
