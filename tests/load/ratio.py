"""How many submissions a second beside how many bare inserts: in turns, on the same server and database.

Both come from as many tablets, each with a connection that stays open: a server pays for those, too. A first turn is
not counted: PostgreSQL plans each statement ten times for each of its connections, then no more all day.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from tests.load.people import Tablet
from tests.load.servers import Server
from tests.load.venue import Venue
from tests.load.web import Browser, Times

AT_ONCE = 4


@dataclass(frozen=True)
class Ratio:
    """Answers a second: a submitted sheet, a bare insert."""

    submissions: float
    inserts: float
    cpu_submission: float
    """Milliseconds of the server's CPU for one."""
    cpu_insert: float
    errors: list[str]
    """What went wrong on either side."""

    @property
    def share(self) -> float:
        """The one as a part of the other."""
        return self.submissions / self.inserts


async def measure(venue: Venue, server: Server, bare: Server, turns: int, each: int) -> Ratio:
    """``turns`` times ``each`` submissions and as many inserts, one after the other; the sums."""
    times = Times()
    experts = [Tablet(venue, n, Browser(server.port, times)) for n in range(len(venue.tablets))]
    for expert in experts:
        await expert.enter()
    inserters = [Browser(bare.port, times) for _ in experts]
    # whoever sends has connections of its own: on one, two would wait for the same answer
    sheets = [_sheets(experts[n::AT_ONCE]) for n in range(AT_ONCE)]
    browsers = [cycle(inserters[n::AT_ONCE]) for n in range(AT_ONCE)]
    spent, used = {server: 0.0, bare: 0.0}, {server: 0.0, bare: 0.0}
    for counted in (False, *[True] * turns):
        before = {one: one.cpu() for one in (server, bare)}
        began = time.perf_counter()
        await asyncio.gather(*(_submissions(own, each // AT_ONCE) for own in sheets))
        middle = time.perf_counter()
        await asyncio.gather(*(_inserts(own, venue, each // AT_ONCE) for own in browsers))
        took = {server: middle - began, bare: time.perf_counter() - middle}
        for one in (server, bare) if counted else ():
            spent[one] += took[one]
            used[one] += one.cpu() - before[one]
    await asyncio.gather(*(one.close() for one in (*inserters, *(expert.browser for expert in experts))))
    done = turns * (each // AT_ONCE) * AT_ONCE
    cpu = [1000 * used[one] / done for one in (server, bare)]
    return Ratio(done / spent[server], done / spent[bare], *cpu, times.errors)


def _sheets(experts: list[Tablet]) -> Iterator[tuple[Tablet, str]]:
    return iter([(expert, expert.keys[n]) for n in range(len(experts[0].keys)) for expert in experts])


async def _submissions(sheets: Iterator[tuple[Tablet, str]], number: int) -> None:
    for _ in range(number):
        expert, key = next(sheets)
        await expert.save(key, 0, "submitted", random.Random(key))


async def _inserts(browsers: Iterator[Browser], venue: Venue, number: int) -> None:
    marks = {name: str(full - 1) for name, full in venue.items}
    for _ in range(number):
        await next(browsers).json("/bare", {"uuid": str(uuid.uuid4()), "marks": marks}, "bare")
