"""Experts at tablets that save every few seconds, and office users who look at pages."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from dataclasses import dataclass

from scoring.sheet import content_hash
from tests.load.venue import PASSWORD, Venue
from tests.load.web import Browser, Times

PAGES = {
    "office": ("/office/", "/schedule/1/board", "/panel/", "/rosters/", "/results/"),
    "secretary": ("/panel/", "/paper/", "/panel/notes"),
    "desk": ("/panel/",),
    "results_officer": ("/results/", "/office/settings"),
    "organiser": ("/results/books", "/schedule/1/board"),
    "supervisor": ("/office/", "/office/audit", "/schedule/"),
}
"""What each role opens, in turns."""


@dataclass
class Tablet:
    """One expert: sheet after sheet, a mark changed every few seconds, then submitted."""

    venue: Venue
    number: int
    browser: Browser
    cookie: str = "rostrum_tablet"
    saved: int = 0

    @property
    def keys(self) -> list[str]:
        """The expert's sheets in order."""
        return self.venue.tablets[self.number][1]

    async def enter(self) -> None:
        """Open the page with the cookie of the code."""
        token, _keys = self.venue.tablets[self.number]
        self.browser.cookies[self.cookie] = token
        for path in ("/tablet/", "/tablet/view"):
            answer = await self.browser.get(path)
            assert answer.status == 200, answer
        self.browser.token = json.loads((await self.browser.get("/tablet/hello")).text)["token"]

    async def score(self, until: float, every: float, a_sheet: int = 8) -> None:
        """Save every ``every`` seconds; each ``a_sheet``-th record submits and the next applicant's turn comes."""
        chance = random.Random(self.number)
        await asyncio.sleep(chance.random() * every)
        for key in self.keys:
            for version in range(a_sheet):
                began = time.monotonic()
                if began >= until:
                    return
                await self.save(key, version, "submitted" if version == a_sheet - 1 else "draft", chance)
                await asyncio.sleep(max(0.0, began + every * chance.uniform(0.9, 1.1) - time.monotonic()))

    async def save(self, key: str, version: int, state: str, chance: random.Random) -> None:
        """Send one record; only a receipt that fits is no error."""
        record = self.record(key, version, state, chance)
        what = "submit" if state == "submitted" else "save"
        answer = await self.browser.json("/tablet/records", record, what)
        if answer.status == 201:
            receipt = json.loads(answer.text)
            if receipt["uuid"] != record["uuid"] or receipt["hash"] != record["hash"]:
                self.browser.times.errors.append(f"{what}: a receipt that does not fit")
            self.saved += 1

    def record(self, key: str, version: int, state: str, chance: random.Random) -> dict[str, object]:
        """A whole record of the tablets' protocol."""
        marks = {name: str(chance.randint(full // 2, full)) for name, full in self.venue.items}
        digest = content_hash(sheet=key, rubric=self.venue.rubric, marks=marks, state=state)
        head = {"uuid": str(uuid.UUID(int=chance.getrandbits(128))), "sheet": key, "base_version": version}
        return head | {"rubric": self.venue.rubric, "marks": marks, "state": state, "client_time": "", "hash": digest}


async def log_in(venue: Venue, number: int, browser: Browser) -> None:
    """An office user comes in with the password."""
    await browser.get("/login")
    answer = await browser.form("/login", name=venue.accounts[number][0], password=PASSWORD)
    if answer.status != 303:
        browser.times.errors.append(f"login: {answer.status} {answer.text[:80]}")


async def look_around(venue: Venue, number: int, browser: Browser, until: float, every: float) -> None:
    """An office user: opens a page of the role every ``every`` seconds."""
    role, chance = venue.accounts[number][1], random.Random(-1 - number)
    await asyncio.sleep(chance.random() * every)
    while (began := time.monotonic()) < until:
        path = chance.choice(PAGES[role])
        await browser.get(path + f"?round={venue.round_id}", f"page {path}")
        await asyncio.sleep(max(0.0, began + every * chance.uniform(0.7, 1.3) - time.monotonic()))


async def day(venue: Venue, port: int, seconds: float, every: float, tablets: int, people: int) -> tuple[Times, int]:
    """Tablets and people for so many seconds; the times of all that counts, and how many records have receipts."""
    times = Times()
    experts = [Tablet(venue, n, Browser(port, times)) for n in range(tablets)]
    offices = [Browser(port, times) for _ in range(people)]
    for start in range(0, tablets, 8):
        await asyncio.gather(*(expert.enter() for expert in experts[start : start + 8]))
    for n, office in enumerate(offices):  # one after the other: a password costs more than a hundred marks
        await log_in(venue, n, office)
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for expert in experts:
            group.create_task(expert.score(until, every))
        for n, office in enumerate(offices):
            group.create_task(look_around(venue, n, office, until, 10))
    await asyncio.gather(*(one.close() for one in (*offices, *(expert.browser for expert in experts))))
    return times, sum(expert.saved for expert in experts)
