"""What annealing is given, as arrays: sets of sessions are bits of a number, experts and classes their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import numpy as np

from scheduler.around import Around
from scheduler.arrays import NOBODY, Numbers
from scheduler.facts import Facts
from scheduler.patterns import Class
from scheduler.wishes import met_anyway, wishes

MOST_SESSIONS = 62
"""Bits of a number, the sign left out."""
VACANT = 3
"""What an open seat counts beyond a stranger's, each sitting: strangers are not always to be had."""


class Given(NamedTuple):
    """``c``: a class of panels, ``d``: one of its directions, ``e``: an expert, ``s``: a session."""

    lack: Numbers
    """[c, e] what level 4 counts for the seat, each sitting."""
    stranger: Numbers
    """[c] what it counts for one who knows nothing of it."""
    open: Numbers
    """[c] what an open seat counts."""
    chairs: Numbers
    """[c, e] whether the expert may chair."""
    near: Numbers
    """[c, e] bits of the directions for which the expert is a specialist."""
    directions: Numbers
    """[c] how many."""
    free: Numbers
    """[e] bits of the sessions."""
    load: Numbers
    """[e] sessions left."""
    firm: Numbers
    """[e] the employer's number."""
    rooms: Numbers
    """[s] rooms left."""
    pool: Numbers
    pool_of: Numbers
    """[c] where the class's experts begin in ``pool``, those who know something of it first; one more at the end."""
    known: Numbers
    """[c] how many know something."""
    wish: Numbers
    """[w] bits of the sessions, and so many sittings at the least."""
    apart: Numbers
    """[e, w] whether the expert may not be a member then."""
    wishes: Numbers
    wishes_of: Numbers
    """[c] where the wishes that its panels can meet begin in ``wishes``; one more at the end."""
    size: int
    specialists: int
    same_firm: int
    limit: int
    """Sittings of a panel at the most."""
    later: int
    """1 where others take the open seats later, and may chair then."""


class Wanted(NamedTuple):
    """So many sittings at the least of these classes, without some experts, in some sessions (bits)."""

    classes: tuple[int, ...]
    apart: frozenset[int]
    sessions: int
    need: int


def given(f: Facts, classes: Sequence[Class], around: Around, held: Mapping[Class, int]) -> Given:
    """For panels of these classes, everything else around them.

    ``f``: of the people to be heard; ``held``: sittings of each class, as many as there will be.
    """
    experts, rules = range(len(f.problem.experts)), f.problem.rules
    known = [f.know(c) for c in classes]
    pools = [[*mine, *sorted({*experts} - {*mine})] for mine in known]
    wanted = _wishes(f, classes, around, held)
    met = [[w for w, x in enumerate(wanted) if i in x.classes] for i in range(len(classes))]
    return Given(
        lack=_array([[f.lack(e, c) for e in experts] for c in classes], len(experts)),
        stranger=_array([3 * len(c) for c in classes]),
        open=_array([3 * len(c) + VACANT for c in classes]),
        chairs=_array([[f.may_chair(e, c) for e in experts] for c in classes], len(experts)),
        near=_array([[_near(f, e, c) for e in experts] for c in classes], len(experts)),
        directions=_array([len(c) for c in classes]),
        free=_array([_bits(f.open[e] - around.busy.get(e, set())) for e in experts]),
        load=_array([f.most_sessions(e) - around.load[e] for e in experts]),
        firm=_array(_firms(f)),
        rooms=_array([n - around.taken[s] for s, n in enumerate(f.rooms_open)]),
        pool=_array([e for mine in pools for e in mine]),
        pool_of=starts(pools),
        known=_array([len(mine) for mine in known]),
        wish=_array([(x.sessions, x.need) for x in wanted], 2),
        apart=_array([[e in x.apart for x in wanted] for e in experts], len(wanted)),
        wishes=_array([w for mine in met for w in mine]),
        wishes_of=starts(met),
        size=rules.panel_size,
        specialists=rules.min_specialists,
        same_firm=rules.max_members_per_employer,
        limit=f.limit,
        later=0,
    )


def _array(rows: Sequence[object], width: int | None = None) -> Numbers:
    shape = (len(rows),) if width is None else (len(rows), width)
    return np.array(rows, dtype=np.int64).reshape(shape)


def _bits(places: Iterable[int]) -> int:
    return sum(1 << i for i in places)


def _near(f: Facts, e: int, c: Class) -> int:
    return _bits(i for i, d in enumerate(c) if f.strength(e, d) >= 2)


def starts(rows: Sequence[Sequence[int] | Numbers]) -> Numbers:
    """Where each row begins in all of them; one more at the end."""
    return np.cumsum([0, *(len(mine) for mine in rows)], dtype=np.int64)


def _firms(f: Facts) -> list[int]:
    number: dict[str, int] = {}
    return [NOBODY if x.employer is None else number.setdefault(x.employer, len(number)) for x in f.problem.experts]


def _wishes(f: Facts, classes: Sequence[Class], around: Around, held: Mapping[Class, int]) -> list[Wanted]:
    """What people need who may not be heard by somebody, or not at every time; ``held``: sittings by class.

    Left out is what they have whatever the panels are.
    """
    every, found = _bits(range(len(f.sessions))), list[Wanted]()
    for wish, need in wishes(f).items():
        mine = tuple(i for i, c in enumerate(classes) if wish.direction in c)
        open_in = _bits(wish.sessions) if wish.sessions else every
        if met_anyway(f, around, wish, sum(held[classes[i]] for i in mine)) < need:
            found.append(Wanted(mine, wish.experts, open_in, need))
    return [*found, *_long_sessions(f, classes, held)]


def _long_sessions(f: Facts, classes: Sequence[Class], held: Mapping[Class, int]) -> Iterator[Wanted]:
    """Where sessions are of several lengths: so many sittings of a block in the long ones, that all find a place."""
    lengths = sorted(set(f.slots))
    for block in f.blocks:
        mine = tuple(i for i, c in enumerate(classes) if c[0] in block)
        sittings, people = sum(held[classes[i]] for i in mine), sum(f.count[d] for d in block)
        for short, long in pairwise(lengths):
            need = ceil((people - sittings * short) / (lengths[-1] - short))
            if mine and need > 0:
                yield Wanted(mine, frozenset(), _bits(s for s, n in enumerate(f.slots) if n >= long), need)
