"""Promise 5 through the page itself: a finger in Chromium, the network off, a portal, a reload, a second tab, a login
that is over, a killed server. ``make soak`` lives twenty such days; ``PAGE_DAYS`` says another number."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from tests.tablet.network import Network, network
from tests.tablet.venue import OFFICE, SEATS, Server, config_in, many_panels, serving, token_of
from tests.webapp.live import SIZES, chromium
from webapp.models import Expert, Sheet, SheetRecord, TabletSession
from webapp.services import tablets
from webapp.services.kernel import system_clock

DAYS = int(os.environ.get("PAGE_DAYS", "20" if "SOAK" in os.environ else "1"))
SHEETS, ACTS, WAIT = 2, 7, 120_000
MARKS = """() => Object.fromEntries([...document.querySelectorAll(".item")].map((box) => {
  const mark = box.querySelector(".mark").textContent;
  return [box.dataset.key, mark === "–" ? null : mark];
}))"""
ONLINE = "() => { window.dispatchEvent(new Event('online')); }"
KEY = "document.querySelector('#people [aria-current=true]').dataset.key"


@dataclass
class Day:
    """One expert's page, or two of them, and what they showed as kept."""

    server: Server
    net: Network
    context: BrowserContext
    expert: str
    chance: random.Random
    pages: list[Page] = field(default_factory=list)
    shown: dict[str, dict[str, str | None]] = field(default_factory=dict)
    happened: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """One of the tabs that are open."""
        return self.chance.choice(self.pages)

    def open(self) -> None:
        """A tab of the page."""
        page = self.context.new_page()
        page.goto(self.net.address + "/tablet/")
        expect(page.locator("#sheet")).to_be_visible(timeout=WAIT)
        self.pages.append(page)

    def records(self) -> Session:
        """The records behind the pages."""
        return Session(create_engine(self.server.config.database_url))

    def tap(self, page: Page) -> None:
        """A band or a step of some item; gone on from once the page says that it is kept."""
        item = self.chance.choice(page.locator(".item").all())
        self.chance.choice(item.locator(".band, .step").all()).click()
        self.kept(page)

    def kept(self, page: Page) -> None:
        """Whatever the state is now, it is no longer 未保存: these marks must not get lost. Green is looked up."""
        expect(page.locator("#state")).not_to_contain_text("●", timeout=WAIT)
        key, marks, state = page.evaluate(KEY), page.evaluate(MARKS), page.locator("#state").inner_text()
        self.shown[key] = marks
        if "✓" in state and page.evaluate(MARKS) == marks:
            with self.records() as session:
                assert session.scalars(select(Sheet.marks).where(Sheet.key == key)).one() == marks, "falsely green"

    def act(self) -> None:
        """Something happens to the tablet; then it is tapped."""
        name = self.chance.choice(("off", "portal", "back", "reload", "two", "login", "kill", "tap"))
        self.happened.append(name)
        getattr(self, f"_{name}")()
        self.tap(self.page)

    def _tap(self) -> None:
        self.tap(self.page)

    def _off(self) -> None:
        self.context.set_offline(True)

    def _portal(self) -> None:
        self.net.mode = self.chance.choice(("captive", "redirect", "asks", "broken", "gateway", "cut", "lost", "wrong"))

    def _back(self) -> None:
        self.context.set_offline(False)
        self.net.mode = ""

    def _reload(self) -> None:
        page = self.page
        page.reload()
        expect(page.locator("#sheet")).to_be_visible(timeout=WAIT)

    def _two(self) -> None:
        if len(self.pages) > 1:
            self.pages.pop(0).close()
        else:
            self.open()

    def _kill(self) -> None:
        self.server.kill()
        self.server.start()

    def _login(self) -> None:
        self._back()
        with self.records() as session:
            who = session.scalars(select(Expert).where(Expert.code == self.expert)).one()
            session.execute(
                update(TabletSession).where(TabletSession.expert_id == who.id).values(revoked_at=system_clock())
            )
            code = tablets.make_code(session, OFFICE, system_clock, who)
            session.commit()
        page = self.page
        for other in [one for one in self.pages if one is not page]:
            self.pages.remove(other)
            other.close()
        page.evaluate(ONLINE)
        expect(page.locator("#login")).to_be_visible(timeout=WAIT)
        page.fill("#again-code", code)
        page.locator("#login .primary").click()
        expect(page.locator("#login")).to_be_hidden(timeout=WAIT)

    def hand_in(self) -> None:
        """Give every item a mark and submit, with the network or without."""
        page = self.page
        for item in page.locator(".item").all():
            if item.locator(".mark").inner_text() == "–":
                item.locator(".band").nth(1).click()
        self.kept(page)
        page.click("#submit")
        page.click("#submit")
        expect(page.locator("#closed")).to_be_visible(timeout=WAIT)

    def end(self) -> None:
        """The network is fine again: everything goes."""
        self._back()
        for page in self.pages:
            page.evaluate(ONLINE)
            expect(page.locator("#unsent")).to_be_hidden(timeout=WAIT)
            expect(page.locator("#state")).to_have_text("✓ 办公室已收到", timeout=WAIT)


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Network]]:
    config = config_in(tmp_path_factory.mktemp("page-days"))
    many_panels(config, -(-DAYS // SEATS), SHEETS)
    with serving(config) as server, network(server.port) as net:
        yield server, net


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("seed", range(1, DAYS + 1))
def test_promise_05_a_day_at_the_page(venue: tuple[Server, Network], browser: Browser, seed: int) -> None:
    server, net = venue
    width, height = SIZES["tablet"]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    expert = f"E{seed:04d}"
    context.add_cookies([{"name": "rostrum_tablet", "value": token_of(expert), "url": net.address}])
    net.mode = ""  # a day that failed may have left its portal behind
    day = Day(server, net, context, expert, random.Random(seed))
    day.open()
    day.pages[0].evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    for n in range(SHEETS):
        for page in day.pages:
            page.locator("#people button").nth(n).click()
        for _act in range(ACTS):
            day.act()
        day.hand_in()
    day.end()
    with day.records() as session:
        sheets = {s.key: s for s in session.scalars(select(Sheet).where(Sheet.key.like(f"%-{expert}")))}
        rows = list(session.scalars(select(SheetRecord).where(SheetRecord.sheet_key.in_(sheets))))
    context.close()
    print(f"page day {seed}: {len(rows)} records, {' '.join(day.happened)}")
    assert {key: sheet.marks for key, sheet in sheets.items()} == day.shown
    assert {sheet.state for sheet in sheets.values()} == {"submitted"}
    assert {row.fate for row in rows} == {"taken"}, "in conflict with itself"
    assert all(sum(row.sheet_key == key for row in rows) == sheet.version for key, sheet in sheets.items()), "doubled"
