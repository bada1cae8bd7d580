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

ANEW, SEAT, SESSION = 0.25, 0.95, 0.98
"""Of the moves so many make panels anew, up to so many are of a seat, and of a session; others move a sitting."""
OTHERS = 2
"""One panel and up to so many others are made anew at once: one alone nearly always comes back as it was."""
MEETINGS, ANY = 8, 0.5
"""So many panels are looked at for one that costs something; of those made anew so often the first is any."""
RELATED = 0.5
"""So often another one made anew shares a member with the first."""
SETS, TRIED, WEIGHED = 150, 8, 24
"""Who is free for more sets of sessions than this is counted only where others are, or at so many if nobody else is
there; so many sets at which most are free are weighed."""
SLOTS, MET = 1 << 13, 4000
"""A table of sets has so many slots, and as many sets at the most."""
BITS, FIELD, BLUR = 12, 4095, 0.5
"""Experts at a set are counted in fields of one number; of sets as good as each other any is taken."""
STRANGER, BETTER = 0.1, 0.7
"""Of the moves of a seat so many are for somebody who knows nothing of the directions; of the others so many for
somebody who lacks less than who has it, if there is one."""
LOOKED_AT, MENDED = 40, 0.6
"""Of the moves so many end with the open seats filled, each with the best of so many experts."""
NONE = 99
"""More than anybody lacks."""
STEPS = 1000
"""At one temperature."""
SPECIALIST, CHAIR, FIRM, WISH = 9, 4, 6, 40
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
    sets: Numbers
    """[slot] a set of sessions for which somebody is free, as bits; none where it is 0."""
    there: Numbers
    """[slot] who is free then, counted by what they lack; and those who may chair."""
    met: Numbers
    """Slots that are taken: ``met[0]`` of them, their numbers behind."""
    many: Numbers
    """Experts who are free for too many sets: ``many[0]`` of them, their numbers behind."""
    worth: Numbers
    """What each of them counts."""
    bit: Numbers
    taken: Numbers
    first: Numbers
    """Sessions of a set, which of them are taken, and the first so many of these as one number."""


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
        np.zeros(SLOTS, dtype=np.int64),
        np.zeros(SLOTS, dtype=np.int64),
        np.zeros(MET + 1, dtype=np.int64),
        np.zeros(experts + 1, dtype=np.int64),
        np.zeros(experts + 1, dtype=np.int64),
        np.zeros(sessions, dtype=np.int64),
        np.zeros(sessions, dtype=np.int64),
        np.zeros(sessions + 1, dtype=np.int64),
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
def clashes(g: Given, x: Seats, p: int, e: int, seats: int) -> bool:
    """Whether so many seats of the panel have as many of the expert's employer as a panel may."""
    same = 0
    for k in range(seats):
        o = x.members[p, k]
        same += o >= 0 and g.firm[o] >= 0 and g.firm[o] == g.firm[e]
    return same >= g.same_firm


@bare
def judge(g: Given, x: Seats, p: int) -> None:
    """What the panel costs."""
    c, n, best, clash, near = x.kind[p], 0, NONE, 0, 0
    for k in range(g.size):
        e = x.members[p, k]
        if e < 0:
            n += g.open[c]
            continue
        n += g.lack[c, e]
        if g.chairs[c, e]:
            best = min(best, g.lack[c, e])
        clash += clashes(g, x, p, e, k)
    for d in range(g.directions[c]):
        there = 0
        for k in range(g.size):
            e = x.members[p, k]
            there += e >= 0 and g.near[c, e] >> d & 1
        near += max(0, g.specialists - there)
    if best == NONE and g.later:
        n, best = max(n, g.open[c]), g.open[c]
    sittings = length(x.times[p])
    x.broken[p] = sittings * (SPECIALIST * near + FIRM * clash + (CHAIR if best == NONE else 0))
    x.cost[p] = sittings * (n + (0 if best == NONE else best)) + x.broken[p]


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
    c, times, best, least = x.kind[p], x.times[p], NOBODY, g.open[x.kind[p]]
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
    """What the panels touched cost now beyond what they did.

    Those to whom others come later keep their open seats for the next moves, which find more so.
    """
    more = 0
    if not g.later and np.random.random() < MENDED:
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
def costly(x: Seats) -> int:
    """A panel by chance; one that costs something, if such a one is soon met."""
    p = below(len(x.kind))
    for _ in range(MEETINGS):
        if x.cost[p] > 0:
            break
        p = below(len(x.kind))
    return p


@bare
def costlier(x: Seats) -> int:
    """Of two panels by chance."""
    p, q = below(len(x.kind)), below(len(x.kind))
    return q if x.cost[q] > x.cost[p] else p


@bare
def move_seat(g: Given, x: Seats) -> bool:
    """Somebody who knows the directions takes a seat, and leaves the seats elsewhere that stand in the way."""
    p, k, j = costlier(x), below(g.size), below(g.size)
    k = j if lacks(g, x, p, j) > lacks(g, x, p, k) else k
    e, old, times = one_for(g, x, p, lacks(g, x, p, k)), x.members[p, k], x.times[p]
    if e < 0 or e == old or times & ~g.free[e] or length(times) > g.load[e]:
        return False
    if sits_on(g, x, e, p):
        return False
    touch(g, x, p)
    leave(x, p, k)
    take(g, x, e, p, k, old)
    return True


@bare
def move_open(g: Given, x: Seats) -> bool:
    """An open seat, or any where nobody may chair, goes to somebody free; else to anybody, who leaves others for it."""
    p = costly(x)
    k = open_seat(g, x, p)
    e = better(g, x, p, NONE, x.free, x.load) if x.members[p, k] < 0 else NOBODY
    e = better(g, x, p, NONE, g.free, g.load) if e < 0 else e
    if e < 0 or sits_on(g, x, e, p) or (x.members[p, k] >= 0 and not g.chairs[x.kind[p], e]):
        return False
    touch(g, x, p)
    leave(x, p, k)
    if clashes(g, x, p, e, g.size):
        undo(g, x)
        return False
    take(g, x, e, p, k, NOBODY)
    return True


@bare
def open_seat(g: Given, x: Seats, p: int) -> int:
    """One of the panel; by chance if all are taken."""
    for k in range(g.size):
        if x.members[p, k] < 0:
            return k
    return below(g.size)


@bare
def sits_on(g: Given, x: Seats, e: int, p: int) -> bool:
    """Whether the expert is a member."""
    there = False
    for k in range(g.size):
        there |= x.members[p, k] == e
    return there


@bare
def take(g: Given, x: Seats, e: int, p: int, k: int, other: int) -> None:
    """The expert takes the seat and leaves those elsewhere that stand in the way; the other one may have them."""
    times = x.times[p]
    while times & ~x.free[e]:
        give_up(g, x, e, x.at[e, lowest(times & ~x.free[e])], other)
    while length(times) > x.load[e]:
        give_up(g, x, e, one_of(g, x, e), NOBODY)
    sit(x, e, p, k)


@bare
def lacks(g: Given, x: Seats, p: int, k: int) -> int:
    """What a seat counts, each sitting."""
    e = x.members[p, k]
    return int(g.open[x.kind[p]] if e < 0 else g.lack[x.kind[p], e])


@bare
def one_for(g: Given, x: Seats, p: int, lack: int) -> int:
    """Somebody for a seat: who lacks less than so much, first of those who are free; or anybody, by chance."""
    first, known, last = g.pool_of[x.kind[p]], g.known[x.kind[p]], g.pool_of[x.kind[p] + 1]
    if last > first + known and np.random.random() < STRANGER:
        return int(g.pool[first + known + below(last - first - known)])
    if known == 0:
        return NOBODY
    e = NOBODY
    if np.random.random() < BETTER:
        e = better(g, x, p, lack, x.free, x.load)
        e = better(g, x, p, max(1, lack), g.free, g.load) if e < 0 else e
    return e if e >= 0 else int(g.pool[first + below(known)])


@bare
def better(g: Given, x: Seats, p: int, lack: int, free: Numbers, load: Numbers) -> int:
    """Who lacks less and is free in that sense; looked for from any place on."""
    c, times, n = x.kind[p], x.times[p], length(x.times[p])
    known = g.known[c]
    start = below(known)
    for i in range(known):
        at = start + i
        e = g.pool[g.pool_of[c] + (at if at < known else at - known)]
        if g.lack[c, e] < lack and not times & ~free[e] and n <= load[e]:
            return int(e)
    return NOBODY


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
def move_panels(g: Given, x: Seats) -> bool:
    """Some panels are made anew, one after the other: in the sessions for which the best are free, with those."""
    touch(g, x, below(len(x.kind)) if np.random.random() < ANY else costly(x))
    for _ in range(1 + below(OTHERS)):
        e = x.members[x.touched[1], below(g.size)]
        touch(g, x, one_of(g, x, e) if e >= 0 and np.random.random() < RELATED else below(len(x.kind)))
    for i in range(x.touched[0]):
        p = x.touched[i + 1]
        for k in range(g.size):
            leave(x, p, k)
        shift(x, p, 0)
    for i in range(x.touched[0]):
        p = x.touched[i + 1]
        times = best_times(g, x, x.kind[p], length(x.kept_times[i]))
        if not times:
            undo(g, x)
            return False
        shift(x, p, times)
        fill(g, x, p)
    return True


@bare
def fill(g: Given, x: Seats, p: int) -> None:
    """The best of those who are free take the panel's seats, in any order among equals; one of them may chair."""
    c, times, k = x.kind[p], x.times[p], 0
    first, last, n = g.pool_of[c], g.pool_of[c] + g.known[c], length(x.times[p])
    for lack in range(g.stranger[c]):
        x.many[0] = 0
        for i in range(first, last):
            e = g.pool[i]
            if not times & ~x.free[e] and n <= x.load[e] and g.lack[c, e] == lack:
                x.many[0] += 1
                x.many[x.many[0]] = e
        k = seat_many(g, x, p, k)
        if k == g.size:
            return


@bare
def seat_many(g: Given, x: Seats, p: int, k: int) -> int:
    """Those in ``many`` take the seats from ``k`` on, in any order, first one who may chair; which is open then.

    The last seat is kept for one who may chair while nobody does.
    """
    many, c, led = x.many, x.kind[p], False
    for i in range(k):
        led |= g.chairs[c, x.members[p, i]] > 0
    for i in range(many[0], 1, -1):
        j = 1 + below(i)
        many[i], many[j] = many[j], many[i]
    for i in range(1, 1 if led else many[0] + 1):
        if g.chairs[c, many[i]]:
            many[1], many[i] = many[i], many[1]
            break
    for i in range(1, many[0] + 1):
        e = many[i]
        may = led or g.chairs[c, e] > 0
        if k < g.size - (not may) and not clashes(g, x, p, e, k):
            sit(x, e, p, k)
            led = may
            k += 1
    return k


@bare
def best_times(g: Given, x: Seats, c: int, n: int) -> int:
    """So many sessions, with rooms, for which the best of a class are free; none if nobody is."""
    x.met[0], x.many[0], open_in, most, wide = 0, 0, 0, 0, widest(n)
    for s in range(len(x.rooms)):
        open_in |= (x.rooms[s] > 0) << s
    for i in range(g.pool_of[c], g.pool_of[c] + g.known[c]):
        e = g.pool[i]
        mine = x.free[e] & open_in
        if x.load[e] < n or length(mine) < n:
            continue
        if g.lack[c, e] or length(mine) > wide:
            x.many[0] += 1
            x.many[x.many[0]], x.worth[x.many[0]] = e, weight(g, c, e)
        else:
            most = max(most, count_sets(g, x, c, e, mine, n))
    for i in range(x.many[0] if most == 0 else 0):
        try_sets(x, x.free[x.many[i + 1]] & open_in, n)
    return best_met(g, x, c, min(most, g.size))


@bare
def best_met(g: Given, x: Seats, c: int, most: int) -> int:
    """Of the sets of sessions in the table, at which so many were counted, the one with the best; it is empty then."""
    best, least, left, start = 0, 2.0**30, WEIGHED, below(x.met[0])
    for i in range(x.met[0]):
        at = start + i
        slot = x.met[(at if at < x.met[0] else at - x.met[0]) + 1]
        times, there = x.sets[slot], x.there[slot]
        x.sets[slot] = x.there[slot] = 0
        if left == 0 or there & FIELD < most:
            continue
        left -= 1
        for j in range(x.many[0]):
            if not times & ~x.free[x.many[j + 1]]:
                there += x.worth[j + 1]
        cost = priced(g, c, there) + np.random.random() * BLUR
        if cost < least:
            best, least = times, cost
    return best


@bare
def widest(n: int) -> int:
    """Of so many sessions there are not too many sets of ``n`` to be counted; of one more there are."""
    many, sets = n, 1
    while sets <= SETS:
        many += 1
        sets = sets * many // (many - n)
    return many - 1


@bare
def count_sets(g: Given, x: Seats, c: int, e: int, mine: int, n: int) -> int:
    """The expert is there in all sets of ``n`` of these sessions; how many lack nothing at one of them at the most."""
    many, w, most, i = bits_of(x, mine), weight(g, c, e), 0, 0
    x.taken[0], x.first[0] = NOBODY, 0
    while i >= 0:
        at = x.taken[i] + 1
        if i == n - 1:
            for j in range(at, many):
                most = max(most, meet(x, x.first[i] | x.bit[j], w))
        if i == n - 1 or at > many - n + i:
            i -= 1
            continue
        x.taken[i], x.first[i + 1] = at, x.first[i] | x.bit[at]
        i += 1
        x.taken[i] = at
    return most


@bare
def try_sets(x: Seats, mine: int, n: int) -> None:
    """Some sets of ``n`` of these sessions by chance; who is there is counted later."""
    many = bits_of(x, mine)
    for _ in range(TRIED):
        times = 0
        for j in range(n):
            k = j + below(many - j)
            x.bit[j], x.bit[k] = x.bit[k], x.bit[j]
            times |= x.bit[j]
        meet(x, times, 0)


@bare
def bits_of(x: Seats, times: int) -> int:
    """How many sessions a set has; they are in ``bit`` then, one by one."""
    n = 0
    while times:
        x.bit[n] = times & -times
        times &= times - 1
        n += 1
    return n


@bare
def meet(x: Seats, times: int, w: int) -> int:
    """Count somebody for a set of sessions, if there is room in the table; how many are there who lack nothing."""
    slot = (times * 0x9E3779B1 >> 7) & (SLOTS - 1)
    while x.sets[slot] != times:
        if x.sets[slot] == 0:
            if x.met[0] >= MET:
                return 0
            x.sets[slot] = times
            x.met[0] += 1
            x.met[x.met[0]] = slot
            break
        slot = (slot + 1) & (SLOTS - 1)
    x.there[slot] += w
    return int(x.there[slot] & FIELD)


@bare
def weight(g: Given, c: int, e: int) -> int:
    """One in the field of a number for what the expert lacks, and in another one for a chair."""
    w = 1 << BITS * min(2, g.lack[c, e])
    return int(w + (1 << BITS * (3 if g.lack[c, e] == 0 else 4) if g.chairs[c, e] else 0))


@bare
def priced(g: Given, c: int, there: int) -> int:
    """What a sitting costs about with the best of those who are there."""
    left, cost = g.size, 0
    for lack in range(3):
        n = min(left, there >> BITS * lack & FIELD)
        left, cost = left - n, cost + n * lack
    chair = 0 if there >> 3 * BITS & FIELD else 1 if there >> 4 * BITS else CHAIR
    return int(cost + left * g.open[c] + chair)


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
            if which < ANEW:
                moved = move_panels(g, x)
            elif which < SEAT:
                moved = move_open(g, x) if g.later else move_seat(g, x)
            else:
                moved = move_session(g, x) if which < SESSION else move_sitting(g, x)
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
