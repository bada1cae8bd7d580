"""Open seats filled with whoever is free: nobody there knows the directions, so all of them are as good."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ortools.sat.python import cp_model

from scheduler.facts import Facts
from scheduler.patterns import Frame
from scheduler.quick import solved

SECONDS = 1.0
CANDIDATES = 80
"""For the open seats of a panel, by chance."""
total = cp_model.LinearExpr.sum


class Open(NamedTuple):
    """A panel some of whose seats are open; ``apart``: experts who may not hear somebody who is heard there."""

    frame: Frame
    apart: frozenset[int]


def seated(
    f: Facts, panels: Sequence[Open], rng: random.Random, stop: Callable[[], bool], by_work: bool
) -> list[Frame] | None:
    """The panels with all their members; ``None`` where there are too few experts or time was too short."""
    size, model = f.problem.rules.panel_size, cp_model.CpModel()
    busy, load = _taken(panels)
    seats: dict[tuple[int, int], cp_model.IntVar] = {}
    for p, (frame, apart) in enumerate(panels):
        missing = size - len(frame[2])
        if missing:
            mine = [e for e in _free(f, frame, busy, load) if e not in apart]
            here = {(p, e): model.new_bool_var("") for e in rng.sample(mine, min(len(mine), CANDIDATES))}
            model.add(total(list(here.values())) == missing)
            seats |= here
    _once_a_session(f, model, panels, seats, load)
    _employers(f, model, panels, seats)
    value = solved(model, SECONDS, rng.randrange(2**30), stop, by_work)
    if value is None:
        return None
    more: dict[int, list[int]] = defaultdict(list)
    for (p, e), v in seats.items():
        if value(v):
            more[p].append(e)
    return [(c, times, (*members, *more[p]), chair) for p, ((c, times, members, chair), _) in enumerate(panels)]


def _taken(panels: Sequence[Open]) -> tuple[set[tuple[int, int]], Counter[int]]:
    busy, load = set[tuple[int, int]](), Counter[int]()
    for (_, times, members, _), _ in panels:
        for e in members:
            load[e] += len(times)
            busy.update((e, s) for s in times)
    return busy, load


def _free(f: Facts, frame: Frame, busy: set[tuple[int, int]], load: Counter[int]) -> list[int]:
    times = frame[1]
    return [
        e
        for e, open_in in enumerate(f.open)
        if open_in.issuperset(times)
        and load[e] + len(times) <= f.most_sessions(e)
        and not any((e, s) in busy for s in times)
    ]


def _once_a_session(
    f: Facts,
    model: cp_model.CpModel,
    panels: Sequence[Open],
    seats: dict[tuple[int, int], cp_model.IntVar],
    load: Counter[int],
) -> None:
    at, mine = defaultdict[tuple[int, int], list[cp_model.IntVar]](list), defaultdict[int, list[tuple[int, int]]](list)
    for (p, e), v in seats.items():
        times = panels[p].frame[1]
        mine[e].append((p, len(times)))
        for s in times:
            at[e, s].append(v)
    for here in at.values():
        model.add_at_most_one(here)
    for e, sits in mine.items():
        if sum(n for _, n in sits) > f.most_sessions(e) - load[e]:
            model.add(total([n * seats[p, e] for p, n in sits]) <= f.most_sessions(e) - load[e])


def _employers(
    f: Facts, model: cp_model.CpModel, panels: Sequence[Open], seats: dict[tuple[int, int], cp_model.IntVar]
) -> None:
    most = f.problem.rules.max_members_per_employer
    there = Counter((p, f.problem.experts[e].employer) for p, (frame, _) in enumerate(panels) for e in frame[2])
    firms = defaultdict[tuple[int, str], list[cp_model.IntVar]](list)
    for (p, e), v in seats.items():
        firm = f.problem.experts[e].employer
        if firm is not None:
            firms[p, firm].append(v)
    for (p, firm), here in firms.items():
        if len(here) + there[p, firm] > most:
            model.add(total(here) <= most - there[p, firm])
