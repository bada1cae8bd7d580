"""Compiled: the cheapest panel for each set of sessions, of experts whose seats have a price in each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.arrays import NOBODY, Numbers
from scheduler.columns.grid import Array
from scheduler.compiled import jit

DEAR = 1e9
"""The price of a seat that is not to be had."""


class Seats(NamedTuple):
    """``i``: an expert who knows the class; those of one employer stand side by side."""

    lack: Numbers
    """[i] mismatch of a member, each sitting."""
    chairs: Numbers
    """[i] 1 for who may chair."""
    near: Numbers
    """[i] 1 for a specialist in one of the directions."""
    firm: Numbers
    """[i]"""
    stranger: int
    """Mismatch, each sitting."""
    size: int
    specialists: int
    same_firm: int


@jit
def cheapest(x: Seats, price: Array, length: Numbers, sets: Numbers, members: Numbers) -> Array:
    """What a panel pays for its seats and its chair at least, for each of the sets.

    ``price``: [i, t] of a seat with its mismatch, for set of sessions ``t``; ``length``: [t] sittings; ``members``:
    [set, seat] is filled, ``NOBODY`` for strangers; or empty.

    Expert after expert, with the least price of every state: members, specialists, whether there is a chair.
    Of one employer so many at the most: ``taken[q]`` are the states after ``q`` of them.
    """
    named, found = len(members) > 0, np.empty(len(sets))
    states = (x.size + 1) * (x.specialists + 1) * 2
    least, taken = np.empty(states), np.empty((x.same_firm + 1, states))
    who = np.full((states, x.size), NOBODY)
    whose = np.full((x.same_firm + 1, states, x.size), NOBODY)
    for at in range(len(sets)):
        t, most, i = sets[at], 0, 0
        stranger = float(x.stranger * length[t])
        least[:] = np.inf
        least[0] = 0.0
        while i < len(x.lack):
            first, used = i, False
            while i < len(x.lack) and x.firm[i] == x.firm[first]:
                if price[i, t] < DEAR and (x.near[i] or x.chairs[i] or price[i, t] < stranger):
                    if not used:
                        taken[:] = np.inf
                        taken[0] = least
                        whose[0] = who
                        used = True
                    seat(x, i, price[i, t], x.lack[i] * length[t], most, taken, whose, named)
                i += 1
            if used:
                most += x.same_firm
                best_of(taken, whose, least, who, named)
        found[at] = filled(x, stranger, least, who, at, members)
    return found


@jit
def seat(x: Seats, i: int, price: float, chair: float, most: int, taken: Array, whose: Numbers, named: bool) -> None:
    """The expert sits beside whoever sits already, as a member or as the chair; ``most``: of other employers."""
    for q in range(x.same_firm - 1, -1, -1):
        for m in range(min(most + q, x.size - 1), -1, -1):
            for known in range(min(m, x.specialists) + 1):
                after = min(x.specialists, known + x.near[i])
                for chaired in range(2):
                    old = (m * (x.specialists + 1) + known) * 2 + chaired
                    if taken[q, old] == np.inf:
                        continue
                    new = ((m + 1) * (x.specialists + 1) + after) * 2
                    put(q, old, new + chaired, i, m, taken[q, old] + price, taken, whose, named)
                    if x.chairs[i] and not chaired:
                        put(q, old, new + 1, i, m, taken[q, old] + price + chair, taken, whose, named)


@jit
def put(q: int, old: int, new: int, i: int, m: int, price: float, taken: Array, whose: Numbers, named: bool) -> None:
    """A state is reached at this price."""
    if price < taken[q + 1, new]:
        taken[q + 1, new] = price
        if named:
            whose[q + 1, new] = whose[q, old]
            whose[q + 1, new, m] = i


@jit
def best_of(taken: Array, whose: Numbers, least: Array, who: Numbers, named: bool) -> None:
    """Of one employer as many as is cheapest."""
    for q in range(1, len(taken)):
        for state in range(len(least)):
            if taken[q, state] < least[state]:
                least[state] = taken[q, state]
                if named:
                    who[state] = whose[q, state]


@jit
def filled(x: Seats, stranger: float, least: Array, who: Numbers, at: int, members: Numbers) -> float:
    """The cheapest whole panel, strangers on its open seats."""
    best = np.inf
    for m in range(x.size + 1):
        state = (m * (x.specialists + 1) + x.specialists) * 2 + 1
        price = least[state] + (x.size - m) * stranger
        if price < best:
            best = price
            if len(members):
                members[at, :] = NOBODY
                members[at, :m] = who[state, :m]
    return best
