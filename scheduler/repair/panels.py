"""Sittings become panels again: who sits together stays one panel, and panels keep their ids.

A panel whose members change after it has started, or only for some of its sittings, goes on as a new panel ``P3+1``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scheduler.problem import Problem
from scheduler.repair.before import Before, Held, Plan
from scheduler.schedule import Panel, Schedule, Sitting

Chain = list[Held]
"""The sittings of one panel, in order of time."""


def schedule(before: Before, plan: Plan) -> Schedule:
    """The plan as a schedule."""
    made = chains(before, plan)
    names = _names(before, made)
    order = {name: i for i, name in enumerate(before.panels)}
    rows = sorted(zip(names, made, strict=True), key=lambda row: _rank(order, row[0]))
    heard = {a.applicant for h in plan for a in h.rows}
    left = tuple(a.id for a in before.facts.problem.applicants if a.id not in heard)
    return Schedule(tuple(_panel(before, name, chain) for name, chain in rows), left)


def chains(before: Before, plan: Plan) -> list[Chain]:
    """The plan's sittings by panel: same experts, same chair, and together what one panel may be."""
    number = before.facts.session_number
    parts: list[Chain] = []
    for h in sorted(plan, key=lambda h: (h.place not in before.started, h.panel, number[h.session])):
        _join(before, [c for c in parts if c[0].panel == h.panel], parts, [h])
    found: list[Chain] = []
    for part in parts:
        _join(before, found, found, part)
    return [sorted(chain, key=lambda h: number[h.session]) for chain in found]


def _join(before: Before, homes: list[Chain], chains: list[Chain], part: Chain) -> None:
    """Put a part to the first chain that may take it, else for itself."""
    home = next((c for c in homes if _one_panel(before, [*c, *part])), None)
    if home is None:
        chains.append(list(part))
    else:
        home += part


def _one_panel(before: Before, chain: Chain) -> bool:
    """Whether one panel may hold these sittings; what is past is not asked again."""
    if len({(h.chair, frozenset(h.members)) for h in chain}) > 1:
        return False
    if all(h.place in before.started for h in chain):
        return len({before.held[h.place].panel for h in chain}) == 1
    problem = before.facts.problem
    heard = directions(problem, chain)
    return (
        len(chain) <= before.facts.limit
        and len({h.session for h in chain}) == len(chain)
        and (len(heard) == 1 or any(set(heard) <= mix for mix in problem.rules.mixes))
    )


def directions(problem: Problem, chain: Sequence[Held]) -> tuple[str, ...]:
    """The directions heard, in the instance's order."""
    heard = {problem.applicant[a.applicant].direction for h in chain for a in h.rows}
    return tuple(d.id for d in problem.directions if d.id in heard)


def _names(before: Before, made: list[Chain]) -> list[str]:
    """An id for each chain: the old panel's it goes on with, else ``P3+1``, else a new one."""
    wishes = []
    for i, chain in enumerate(made):
        shared = Counter(before.held[h.place].panel for h in chain if h.place in before.held)
        started = {before.held[h.place].panel for h in chain if h.place in before.started}
        first = before.facts.session_number[chain[0].session]
        for name, old in before.panels.items():
            same = set(old.members) == set(chain[0].members)
            if shared[name] or same:
                wishes.append((name not in started, not same, -shared[name], first, i, name))
    names: dict[int, str] = {}
    after: dict[int, str] = {}
    for *_, i, name in sorted(wishes):
        if i not in names and name not in names.values():
            names[i] = name
        after.setdefault(i, name)
    taken = set(before.panels) | set(names.values())
    for i in range(len(made)):
        if i not in names:
            names[i] = _new(taken, after.get(i))
            taken.add(names[i])
    return [names[i] for i in range(len(made))]


def _new(taken: set[str], after: str | None) -> str:
    """The first free id: ``P3+1``, ``P3+2``, … after a panel, else the next number."""
    stem = "P" if after is None else f"{_base(after)}+"
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _base(name: str) -> str:
    base, _, number = name.rpartition("+")
    return base if base and number.isdecimal() else name


def _rank(order: dict[str, int], name: str) -> tuple[int, int, str]:
    """Old panels in their order, each followed by its later ones, new panels last."""
    base = order.get(_base(name), order.get(name, len(order)))
    return base, order.get(name, len(order)), name.zfill(20)


def _panel(before: Before, name: str, chain: Chain) -> Panel:
    f = before.facts
    old = before.panels.get(name) or before.panels.get(_base(name))
    members = _in_old_seats(old.members if old else (), chain[0].members)
    sittings = (Sitting(h.session, h.room, tuple(sorted(h.rows, key=lambda a: a.start))) for h in chain)
    return Panel(name, directions(f.problem, chain), chain[0].chair, members, tuple(sittings))


def _in_old_seats(old: tuple[str, ...], members: tuple[str, ...]) -> tuple[str, ...]:
    """Who stays keeps the position, who comes takes one that is left."""
    comes = iter(m for m in members if m not in old)
    seats = [m if m in members else next(comes, None) for m in old]
    return (*(m for m in seats if m is not None), *comes)
