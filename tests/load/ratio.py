"""How many submissions a second beside how many bare inserts: in turns, on the same server and database."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from tests.load.people import Tablet
from tests.load.venue import Venue
from tests.load.web import Browser, Times

AT_ONCE = 4


@dataclass(frozen=True)
class Ratio:
    """Answers a second: a submitted sheet, a bare insert."""

    submissions: float
    inserts: float

    @property
    def share(self) -> float:
        """The one as a part of the other."""
        return self.submissions / self.inserts


async def measure(venue: Venue, port: int, bare_port: int, turns: int, each: int) -> tuple[Ratio, list[str]]:
    """``turns`` times ``each`` submissions and as many inserts, one after the other; the sums, and what went wrong."""
    times = Times()
    experts = [Tablet(venue, n, Browser(port, times)) for n in range(len(venue.tablets))]
    for expert in experts:
        await expert.enter()
    sheets = iter(
        [(expert, key) for k in range(12) for expert in experts for key in (expert.venue.tablets[expert.number][1][k],)]
    )
    inserters = [Browser(bare_port, times) for _ in range(AT_ONCE)]
    spent = {"submit": 0.0, "bare": 0.0}
    for _ in range(turns):
        began = time.perf_counter()
        await asyncio.gather(*(_submissions(sheets, each // AT_ONCE) for _ in range(AT_ONCE)))
        middle = time.perf_counter()
        await asyncio.gather(*(_inserts(one, venue, each // AT_ONCE) for one in inserters))
        spent["submit"] += middle - began
        spent["bare"] += time.perf_counter() - middle
    done = turns * (each // AT_ONCE) * AT_ONCE
    return Ratio(done / spent["submit"], done / spent["bare"]), times.errors


async def _submissions(sheets: Iterator[tuple[Tablet, str]], number: int) -> None:
    for _ in range(number):
        expert, key = next(sheets)
        await expert.save(key, 0, "submitted", random.Random(key))


async def _inserts(browser: Browser, venue: Venue, number: int) -> None:
    marks = {name: str(full - 1) for name, full in venue.items}
    for _ in range(number):
        await browser.json("/bare", {"uuid": str(uuid.uuid4()), "marks": marks}, "bare")
