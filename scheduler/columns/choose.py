"""Fewer mismatches in a part: its program of columns is solved, then SCIP takes whole panels out of these columns.

The columns of the program alone are few. A dive through it meets those that go together as whole panels.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable

from scheduler.columns.dive import Dive
from scheduler.columns.grid import Grid
from scheduler.columns.master import HAIR, Master
from scheduler.columns.program import Program
from scheduler.columns.stock import Column, Stock
from scheduler.linear import INFINITY, Linear, Terms

ROUNDS, MANY = 12, 100
"""Of new columns."""
SECONDS, NODES = 6.0, 60
"""For the whole panels; where the amount of work is given and not the time, nodes of the search tree."""
CHANCE = 4
"""The most that chance adds to a panel's cost, behind all mismatches: others, where they are no better."""


def choose(
    stock: Stock,
    grid: Grid,
    start: Iterable[Column],
    most: int,
    rng: random.Random,
    stop: Callable[[], bool],
    by_work: bool = False,
    diving: bool = False,
) -> list[Column] | None:
    """Panels for all of the stock's people with ``most`` mismatches at the most, out of the columns that are found.

    ``diving``: the program is taken to its end, and a dive finds more columns and maybe panels.
    """
    program = Program(stock, grid, start, rng, stop, sitting=0, group=0)
    if not program.grow(MANY if diving else ROUNDS) or program.master.missing or program.master.cost > most + HAIR:
        return None
    found = None
    if diving:
        found = _dived(program, rng, most)
        if stop() or not program.master.solve():
            return found
    if found:
        most = sum(c.mismatch for c in found) - 1
    if program.master.cost > most + HAIR:
        return found
    return _chosen(program.master, most, rng, stop, by_work) or found


def _dived(program: Program, rng: random.Random, most: int) -> list[Column] | None:
    """What a dive finds; the program has all columns it met, and the stock is whole again."""
    master, before = program.master, program.stock.copy()
    panels = Dive(program, rng, most + HAIR).run()
    good = panels is not None and not master.missing and sum(c.mismatch for c in panels) <= most
    program.stock.restore(before)
    master.bound((), ())
    return panels if good else None


def _chosen(
    master: Master, most: int, rng: random.Random, stop: Callable[[], bool], by_work: bool
) -> list[Column] | None:
    chosen, whole = _whole(master, most)
    weight = CHANCE * (master.stock.groups + 1)
    seconds, nodes = (INFINITY, NODES) if by_work else (SECONDS, None)
    cost: Terms = [(v, weight * column.mismatch + rng.randint(0, CHANCE)) for column, v in chosen.items()]
    answer = whole.solve(cost, seconds, seed=rng.randrange(2**30), nodes=nodes, gap=weight, stop=stop)
    return None if answer.values is None else [column for column, v in chosen.items() if answer.values[v] > 0.5]


def _whole(master: Master, most: int) -> tuple[dict[Column, int], Linear]:
    """The program in whole panels; those whose reduced cost is more than there is between the two costs are in none."""
    p, rows = Linear(), defaultdict[int, Terms](list)
    chosen = {c: p.column() for c in master.columns if master.reduced(c) <= most - master.cost + HAIR}
    for column, v in chosen.items():
        for row, factor in master.rows_of(column):
            rows[row.index()].append((v, factor))
    for people, terms in master.places:
        here = p.column(people, whole=False)
        for row, factor in terms:
            rows[row.index()].append((here, factor))
    for row in master.lp.constraints():
        p.row(rows[row.index()], row.lb(), row.ub())
    p.row([(v, column.mismatch) for column, v in chosen.items()], high=most)
    return chosen, p
