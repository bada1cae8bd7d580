"""Candidate panels of the whole model: as many of each sort as a schedule as good as a given cost could use."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.facts import Facts

Candidate = tuple[str, ...]
"""The directions a panel may hear: one, or some of a mix."""


def candidates(f: Facts, cost: Sequence[int], level: int) -> list[Candidate]:
    """All that a schedule could use that is at least as good in the levels before ``level``."""
    left = cost[0]
    if level == 0:
        return _panels(f, [sum(f.rooms_open)] * len(f.blocks))
    least = [f.least_sittings(b, left) for b in f.blocks]
    caps = [n + cost[1] - sum(least) for n in least]
    if level >= 3:
        groups = [f.least_groups(b, left) for b in f.blocks]
        caps = [min(cap, g + cost[2] - sum(groups)) for cap, g in zip(caps, groups, strict=True)]
    return _panels(f, caps)


def _panels(f: Facts, caps: Sequence[int]) -> list[Candidate]:
    """So many candidates for each direction and each mix of a block; never more than could hear somebody."""
    found: list[Candidate] = []
    for block, cap in zip(f.blocks, caps, strict=True):
        for d in block:
            found += [(d,)] * min(cap, f.count[d])
        for mix in sorted(map(sorted, {m for m in f.problem.rules.mixes if m & set(block)})):
            here = tuple(d for d in block if d in mix and f.count[d])
            if len(here) > 1:
                found += [here] * min(cap, sum(f.count[d] for d in here) // 2)
    return found
