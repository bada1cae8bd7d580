"""Simulated annealing, compiled: panels with their sessions and seats, the moves that change them, and the cooling.

A move that costs more is accepted the more seldom the colder it is (Kirkpatrick, Gelatt and Vecchi 1983). All of it is
numbers in arrays, for numba; and one module, because numba keeps what it compiled by the time of the one file.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.annealing.given import Given
from scheduler.arrays import NOBODY, Numbers
from scheduler.compiled import bare

SEAT, SESSION = 0.7, 0.9
"""Of the moves so many are of a seat, and up to so many of a session; the others take a sitting to another panel."""
STRANGER = 0.1
"""Of the moves of a seat so many are for somebody who knows nothing of the directions."""
LOOKED_AT, MENDED = 40, 0.6
"""Of the moves so many end with the open seats filled, each with the best of so many experts."""
STEPS = 1000
"""At one temperature."""
VACANT = 3
"""What an open seat counts beyond a stranger's, each sitting: strangers are not always to be had."""
SPECIALIST, CHAIR, FIRM, WISH = 9, 15, 6, 40
"""What it counts, each sitting, that a specialist or the chair is missing, that two are of one employer; and that a
sitting is missing in which somebody could be heard."""


class Seats(NamedTuple):
    """``p``: a panel, ``k``: a seat, ``e``: an expert, ``s``: a session, ``w``: a wish."""

    kind: Numbers
    """[p] its class."""
    times: Numbers
    """[p] bits of its sessions."""
    members: Numbers
    """[p, k]"""
    cost: Numbers
    """[p] mismatch, and what it counts that rules are broken."""
    broken: Numbers
    """[p] what of the cost is for broken rules."""
    at: Numbers
    """[e, s] the expert's panel then; good where ``free`` says that there is one."""
    free: Numbers
    """[e] bits of the sessions in which the expert can still sit."""
    load: Numbers
    """[e] sittings left."""
    rooms: Numbers
    """[s] rooms left."""
    missing: Numbers
    """[w] sittings; less than nothing where there are more than enough."""
    lacking: Numbers
    """[0] sittings that are missing, in all."""
    kept_times: Numbers
    kept_members: Numbers
    kept_cost: Numbers
    kept_broken: Numbers
    touched: Numbers
    """What the panels of a move were before it: ``touched[0]`` of them, their numbers behind."""


def seats(g: Given, kinds: Numbers, times: Numbers, members: Numbers) -> Seats:
    """These panels; members who are not free, or sit elsewhere, are left out."""
    n, (experts, sessions) = len(kinds), (len(g.free), len(g.rooms))
    zeros = np.zeros(n, dtype=np.int64)
    x = Seats(
        kinds.copy(),
        times.copy(),
        np.full((n, g.size), NOBODY, dtype=np.int64),
        zeros.copy(),
        zeros.copy(),
        np.full((experts, sessions), NOBODY, dtype=np.int64),
        g.free.copy(),
        g.load.copy(),
        g.rooms.copy(),
        g.wish[:, 1].copy(),
        np.array([g.wish[:, 1].sum()]),
        zeros.copy(),
        np.full((n, g.size), NOBODY, dtype=np.int64),
        zeros.copy(),
        zeros.copy(),
        np.zeros(n + 1, dtype=np.int64),
    )
    begin(g, x, members)
    return x


@bare
def begin(g: Given, x: Seats, members: Numbers) -> None:
    """Seat everybody who can sit, and count."""
    for p in range(len(x.kind)):
        for s in range(len(g.rooms)):
            x.rooms[s] -= x.times[p] >> s & 1
        for k in range(g.size):
            e = members[p, k]
            if e >= 0 and can_sit(x, e, p):
                sit(x, e, p, k)
        wished(g, x, x.kind[p], x.times[p], x.members[p], 1)
        judge(g, x, p)


@bare
def length(times: int) -> int:
    """Sessions of a set; counted in pairs of bits, in fours and so on, as there is no instruction for it here."""
    n = times - ((times >> 1) & 0x5555555555555555)
    n = (n & 0x3333333333333333) + ((n >> 2) & 0x3333333333333333)
    n = (n + (n >> 4)) & 0x0F0F0F0F0F0F0F0F
    n += n >> 8
    n += n >> 16
    return (n + (n >> 32)) & 0x7F


@bare
def lowest(times: int) -> int:
    """The first session of a set."""
    return length((times & -times) - 1)


@bare
def can_sit(x: Seats, e: int, p: int) -> bool:
    """Whether the expert is free for all sittings of the panel."""
    times = x.times[p]
    return not times & ~x.free[e] and length(times) <= x.load[e]


@bare
def sit(x: Seats, e: int, p: int, k: int) -> None:
    """The expert takes the seat."""
    times = x.times[p]
    x.members[p, k] = e
    x.load[e] -= length(times)
    x.free[e] &= ~times
    while times:
        x.at[e, lowest(times)] = p
        times &= times - 1


@bare
def leave(x: Seats, p: int, k: int) -> None:
    """The seat is open."""
    e = x.members[p, k]
    if e >= 0:
        x.members[p, k] = NOBODY
        x.load[e] += length(x.times[p])
        x.free[e] |= x.times[p]


@bare
def wished(g: Given, x: Seats, c: int, times: int, members: Numbers, way: int) -> None:
    """A panel's sittings are there (``way`` 1) or gone (-1) for those who could be heard in them."""
    for i in range(g.wishes_of[c], g.wishes_of[c + 1]):
        w = g.wishes[i]
        met = length(times & g.wish[w, 0])
        for k in range(g.size):
            if members[k] >= 0 and g.apart[members[k], w]:
                met = 0
                break
        before = max(0, x.missing[w])
        x.missing[w] -= way * met
        x.lacking[0] += max(0, x.missing[w]) - before


@bare
def judge(g: Given, x: Seats, p: int) -> None:
    """What the panel costs."""
    c, n, best, clash, near = x.kind[p], 0, CHAIR, 0, 0
    for k in range(g.size):
        e = x.members[p, k]
        if e < 0:
            n += g.stranger[c] + VACANT
            continue
        n += g.lack[c, e]
        if g.chairs[c, e]:
            best = min(best, g.lack[c, e])
        same = 0
        for i in range(k):
            o = x.members[p, i]
            same += o >= 0 and g.firm[o] >= 0 and g.firm[o] == g.firm[e]
        clash += same >= g.same_firm
    for d in range(g.directions[c]):
        there = 0
        for k in range(g.size):
            e = x.members[p, k]
            there += e >= 0 and g.near[c, e] >> d & 1
        near += max(0, g.specialists - there)
    sittings = length(x.times[p])
    x.broken[p] = sittings * (SPECIALIST * near + FIRM * clash + (CHAIR if best == CHAIR else 0))
    x.cost[p] = sittings * (n + (0 if best == CHAIR else best)) + x.broken[p]


@bare
def touch(g: Given, x: Seats, p: int) -> None:
    """Remember the panel before it is changed."""
    for i in range(x.touched[0]):
        if x.touched[i + 1] == p:
            return
    i = x.touched[0]
    x.touched[0], x.touched[i + 1] = i + 1, p
    x.kept_times[i], x.kept_cost[i], x.kept_broken[i] = x.times[p], x.cost[p], x.broken[p]
    for k in range(g.size):
        x.kept_members[i, k] = x.members[p, k]


@bare
def mend(g: Given, x: Seats, p: int) -> None:
    """Open seats of the panel go to the best who are free, of so many looked at; else to a stranger."""
    first, known, last = g.pool_of[x.kind[p]], g.known[x.kind[p]], g.pool_of[x.kind[p] + 1]
    for k in range(g.size):
        if x.members[p, k] >= 0:
            continue
        e = best_free(g, x, p, first, known)
        if e < 0:
            e = best_free(g, x, p, first + known, last - first - known)
        if e < 0:
            return
        sit(x, e, p, k)


@bare
def best_free(g: Given, x: Seats, p: int, first: int, many: int) -> int:
    """Of so many of the pool, looked at from any place on."""
    c, times, best, least = x.kind[p], x.times[p], NOBODY, g.stranger[x.kind[p]] + VACANT
    start = int(np.random.random() * many)
    for i in range(min(LOOKED_AT, many)):
        at = start + i
        e = g.pool[first + (at if at < many else at - many)]
        if g.lack[c, e] < least and not times & ~x.free[e] and length(times) <= x.load[e]:
            best, least = e, g.lack[c, e]
            if least == 0:
                break
    return best


@bare
def weigh(g: Given, x: Seats) -> int:
    """What the panels touched cost now beyond what they did."""
    more = 0
    if np.random.random() < MENDED:
        for i in range(x.touched[0]):
            mend(g, x, x.touched[i + 1])
    for i in range(x.touched[0]):
        p = x.touched[i + 1]
        judge(g, x, p)
        more += x.cost[p] - x.kept_cost[i]
    return more


@bare
def wished_anew(g: Given, x: Seats, way: int) -> None:
    """The panels touched are (``way`` 1), or are no longer (-1), what they became, for those who could be heard."""
    for i in range(x.touched[0]):
        p = x.touched[i + 1]
        wished(g, x, x.kind[p], x.kept_times[i], x.kept_members[i], -way)
        wished(g, x, x.kind[p], x.times[p], x.members[p], way)


@bare
def shift(x: Seats, p: int, times: int) -> None:
    """The panel sits at other times; its rooms follow, its members have left."""
    for s in range(len(x.rooms)):
        x.rooms[s] += (x.times[p] >> s & 1) - (times >> s & 1)
    x.times[p] = times


@bare
def undo(g: Given, x: Seats) -> None:
    """The panels touched as they were."""
    for i in range(x.touched[0]):
        p = x.touched[i + 1]
        for k in range(g.size):
            if x.members[p, k] != x.kept_members[i, k] or x.times[p] != x.kept_times[i]:
                leave(x, p, k)
    for i in range(x.touched[0]):
        p = x.touched[i + 1]
        if x.times[p] != x.kept_times[i]:
            shift(x, p, x.kept_times[i])
        for k in range(g.size):
            if x.members[p, k] != x.kept_members[i, k]:
                sit(x, x.kept_members[i, k], p, k)
        x.cost[p], x.broken[p] = x.kept_cost[i], x.kept_broken[i]


@bare
def below(n: int) -> int:
    """A number by chance."""
    return int(np.random.random() * n)


@bare
def move_seat(g: Given, x: Seats) -> bool:
    """Somebody who knows the directions takes a seat, and leaves the seats elsewhere that stand in the way."""
    p, k = below(len(x.kind)), below(g.size)
    c, old = x.kind[p], x.members[p, k]
    first, known, last = g.pool_of[c], g.known[c], g.pool_of[c + 1]
    at = below(known) if np.random.random() >= STRANGER else known + below(last - first - known)
    if at >= last - first:
        return False
    e, times = g.pool[first + at], x.times[p]
    if e == old or times & ~g.free[e] or length(times) > g.load[e]:
        return False
    for i in range(g.size):
        if x.members[p, i] == e:
            return False
    touch(g, x, p)
    leave(x, p, k)
    while times & ~x.free[e]:
        give_up(g, x, e, x.at[e, lowest(times & ~x.free[e])], old)
    while length(times) > x.load[e]:
        give_up(g, x, e, one_of(g, x, e), NOBODY)
    sit(x, e, p, k)
    return True


@bare
def give_up(g: Given, x: Seats, e: int, q: int, other: int) -> None:
    """The expert leaves panel ``q``; the other one takes the seat, if it is worth something and there is time."""
    touch(g, x, q)
    for k in range(g.size):
        if x.members[q, k] == e:
            leave(x, q, k)
            if other >= 0 and g.lack[x.kind[q], other] < g.stranger[x.kind[q]] and can_sit(x, other, q):
                sit(x, other, q, k)


@bare
def one_of(g: Given, x: Seats, e: int) -> int:
    """A panel on which the expert sits, by chance."""
    taken = g.free[e] & ~x.free[e]
    for _ in range(below(length(taken))):
        taken &= taken - 1
    return int(x.at[e, lowest(taken)])


@bare
def retime(g: Given, x: Seats, p: int, times: int) -> None:
    """The panel sits at other times, with those of its members who can."""
    i = 0
    while x.touched[i + 1] != p:
        i += 1
    for k in range(g.size):
        leave(x, p, k)
    shift(x, p, times)
    for k in range(g.size):
        e = x.kept_members[i, k]
        if e >= 0 and can_sit(x, e, p):
            sit(x, e, p, k)


@bare
def move_session(g: Given, x: Seats) -> bool:
    """A panel sits in another session instead of one of its own; now and then another panel the other way round."""
    p, q = below(len(x.kind)), below(len(x.kind))
    old, new = below(len(g.rooms)), below(len(g.rooms))
    gone, come = 1 << old, 1 << new
    if not x.times[p] & gone or x.times[p] & come:
        return False
    swap = q != p and x.times[q] & come and not x.times[q] & gone
    if not swap and x.rooms[new] <= 0:
        return False
    touch(g, x, p)
    if not swap or (np.random.random() < 0.5 and x.rooms[new] > 0):
        retime(g, x, p, x.times[p] ^ gone ^ come)
        return True
    touch(g, x, q)
    for k in range(g.size):
        leave(x, q, k)
    retime(g, x, p, x.times[p] ^ gone ^ come)
    retime(g, x, q, x.times[q] ^ gone ^ come)
    return True


@bare
def move_sitting(g: Given, x: Seats) -> bool:
    """A sitting goes from one panel to another of the same class, to the same session or another one."""
    p, q = below(len(x.kind)), below(len(x.kind))
    if p == q or x.kind[p] != x.kind[q]:
        return False
    old, new = below(len(g.rooms)), below(len(g.rooms))
    gone, come = 1 << old, 1 << new
    if not x.times[p] & gone or x.times[q] & come or (old != new and x.rooms[new] <= 0):
        return False
    if length(x.times[p]) < 2 or length(x.times[q]) >= g.limit:
        return False
    touch(g, x, p)
    touch(g, x, q)
    retime(g, x, p, x.times[p] ^ gone)
    retime(g, x, q, x.times[q] ^ come)
    return True


@bare
def total(numbers: Numbers) -> int:
    """Their sum."""
    n = 0
    for i in range(len(numbers)):
        n += numbers[i]
    return n


@bare
def keep(x: Seats, times: Numbers, members: Numbers) -> None:
    """Write the panels down."""
    for p in range(len(times)):
        times[p] = x.times[p]
        for k in range(members.shape[1]):
            members[p, k] = x.members[p, k]


@bare
def cool(
    g: Given, x: Seats, hot: float, cold: float, rounds: int, seed: int, most: int, times: Numbers, members: Numbers
) -> int:
    """From hot to cold; the best panels that break no rule go into ``times`` and ``members``.

    Returns:
        Their mismatch; ``most`` where none is below it.
    """
    np.random.seed(seed)
    missing = x.lacking[0]
    now = total(x.cost) + WISH * missing
    for r in range(rounds):
        heat = hot * (cold / hot) ** (r / rounds)
        for _ in range(STEPS):
            x.touched[0] = 0
            which = np.random.random()
            moved = move_seat(g, x) if which < SEAT else move_session(g, x) if which < SESSION else move_sitting(g, x)
            if not moved:
                continue
            more, dared = weigh(g, x), -heat * np.log(1 - np.random.random())
            if more - WISH * missing > dared:
                undo(g, x)
                continue
            wished_anew(g, x, 1)
            more += WISH * (x.lacking[0] - missing)
            if more > dared:
                wished_anew(g, x, -1)
                undo(g, x)
                continue
            missing, now = x.lacking[0], now + more
            if now < most and missing == 0 and total(x.broken) == 0:
                most = now
                keep(x, times, members)
    return most
