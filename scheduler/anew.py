"""A part of a schedule made anew: by the patterns' program, or by columns where that would be too large."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from math import ceil

from scheduler.columns import Column, Grid, Stock, choose, dive
from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.held import Held
from scheduler.linear import INFINITY, Terms
from scheduler.part import MOST_SESSIONS, Part
from scheduler.patterns import Class, Frame, Patterns
from scheduler.schedule import MISMATCH, Panel

FILL, FILL_LAST, FILL_MANY = 0.1, 0.5, 2.0
"""Seconds for the people of a part's panels: more where level 7 is aimed at or columns are chosen, and of a dive."""
FEW = 150
"""Experts; if there are no more, columns look at all of them, whatever they know."""
REFILL = 8.0
"""Seconds for the people of a whole block."""
ABLE = 30
"""So many experts for each class of panels besides those who sat: a part of a large problem stays small."""
NODES = 60
"""Of the search tree, where the amount of work is given and not the time."""
Stop = Callable[[], bool]


def by_columns(part: Part, grid: Grid, stop: Stop, by_work: bool, diving: bool = False) -> list[Panel] | None:
    """New panels of whoever knows the directions; ``None`` where they are worse up to mismatch, or the old ones.

    ``diving``: at mismatch as well, before panels are chosen.
    """
    sat = {e for h in part.out for e in h.members}
    every = range(len(part.f.problem.experts))
    able = {c: every if len(every) <= FEW else sorted({*part.f.know(c), *sat, *part.guests}) for c in part.classes}
    stock = Stock(part.facts, part.around, able, part.now[1], part.now[2])
    number = part.f.expert_number
    start = [Column(h.panel.directions, h.times, h.members, number[h.panel.chair], h.mismatch) for h in part.out]
    if part.aim == MISMATCH:
        most = part.now[MISMATCH] - (not part.roaming)
        columns = choose(stock, grid, start, most, part.rng, stop, by_work, diving)
    else:
        columns = dive(stock, grid, start, part.rng, stop)
    if columns is None or stop():
        return None
    found = [
        sum(len(c.times) for c in columns),
        sum(len(c.directions) for c in columns),
        sum(c.mismatch for c in columns),
    ]
    frames: list[Frame] = [(c.directions, c.times, c.members, c.chair) for c in columns]
    if found > part.now[1 : MISMATCH + 1] or not part.new(frames):
        return None
    return part.filled(frames, FILL_MANY if diving or part.aim != MISMATCH else FILL_LAST, stop, by_work)


def by_patterns(part: Part, seconds: float, stop: Stop, by_work: bool) -> tuple[bool, list[Panel] | None]:
    """Whether the program was solved to its end, and the new panels where there are any."""
    p = _program(part)
    if not p.panels:
        return True, None
    for k in range(min(part.aim, 6)):
        p.row(p.levels[k], high=part.now[k])
    objective, weight = _objective(part, p)
    answer = p.solve(
        objective,
        INFINITY if by_work else seconds,
        seed=part.rng.randrange(2**30),
        nodes=NODES if by_work else None,
        hint=p.hint(part.out),
        gap=0.999 * (weight if part.rng.random() < 0.5 else 1),
        stop=stop,
    )
    frames = None if answer.values is None else p.frames(answer.values)
    if frames is None or stop() or (part.aim < 6 and not part.new(frames)):
        return answer.ended, None
    return answer.ended, part.filled(frames, FILL_LAST if part.aim == 6 else FILL, stop, by_work)


def _objective(part: Part, p: Patterns) -> tuple[Terms, float]:
    """The aimed level and those after it, each ahead of all later ones, with the aimed one's weight.

    Where the step roams, mere chance stands behind the aimed level.
    """
    if part.roaming:
        weight = 4.0 * len(part.all) + 1
        chance = [(y, part.rng.randint(0, 4)) for y in p.panels.values()]
        return [*((v, n * weight) for v, n in p.levels[part.aim]), *chance], weight
    found: Terms = []
    weights = [1.0]
    last = part.aim + (3 if part.aim else 2)
    for k in reversed(range(min(part.aim, 5), min(last, 6))):
        found += [(v, weights[-1] * n) for v, n in p.levels[k]]
        weights.append(weights[-1] * (part.now[k] + 5))
    return found, weights[-2]


def _program(part: Part) -> Patterns:
    longest = {c: _longest(part, c) for c in part.classes}
    sessions = _sessions(part)
    able = {c: _able(part, c) for c in part.classes}
    return Patterns(
        part.facts,
        part.classes,
        part.around,
        able=able,
        sessions=sessions,
        longest=longest,
        everyone=not part.now[0],
    )


def _longest(part: Part, c: Class) -> int:
    """No panel of the part needs more sittings than its people fill, one to spare."""
    n = ceil(sum(part.facts.count[d] for d in c) / max(1, part.f.most))
    held = [len(h.times) for h in part.out if h.panel.directions == c]
    return min(part.f.limit, max([n + (n > 1), *held]))


def _sessions(part: Part) -> list[int]:
    every = range(len(part.f.sessions))
    if part.widest == len(every):
        return list(every)
    used = sorted({s for h in part.out for s in h.times})
    others = [s for s in every if s not in used]
    more = part.rng.sample(others, min(len(others), max(1, MOST_SESSIONS - len(used))))
    return sorted({*used, *more})


def _able(part: Part, c: Class) -> list[int]:
    """Who sat on one of these panels; of those who know a direction the better and freer ones; and guests."""
    sat = {e for h in part.out if set(h.panel.directions) & set(c) for e in h.members}
    known = [e for e in part.f.know(c) if e not in sat]
    if len(known) > ABLE:
        free = {e: part.f.most_sessions(e) - part.around.load[e] for e in known}
        known.sort(key=lambda e: (part.f.lack(e, c) - 0.3 * min(free[e], 4)) + part.rng.random())
    return sorted(sat | {*known[:ABLE], *part.guests})


def wasteful(f: Facts, panels: Iterable[Held]) -> list[Class]:
    """The blocks with more sittings than they need."""
    held: Counter[Class] = Counter()
    for h in panels:
        held[f.block_of(h.panel.directions)] += len(h.times)
    return [b for b in f.blocks if held[b] > f.least_sittings(b, 0)]


def one_sitting_less(
    f: Facts, panels: Iterable[Held], block: Class, rng: random.Random, stop: Stop, by_work: bool
) -> tuple[list[Held], list[Panel]] | None:
    """The block's panels, and the same without one sitting: its people find places with all others.

    Places to spare are spread over all panels of a block, so a part of them never has a whole sitting of them.
    """
    out = [h for h in panels if f.block_of(h.panel.directions) == block]
    less = rng.choices(out, [1 / len(h.times) for h in out])[0]
    gone, number = rng.choice(less.times), f.expert_number
    frames: list[Frame] = []
    for h in out:
        times = tuple(s for s in h.times if h is not less or s != gone)
        if times:
            frames.append((h.panel.directions, times, h.members, number[h.panel.chair]))
    facts = f.part({a for h in out for a in h.people})
    found = Filling(facts, frames, {}).solve(REFILL, rng.randrange(2**30), stop, by_work)
    return None if found is None else (out, found)
