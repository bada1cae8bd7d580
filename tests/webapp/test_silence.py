"""A network that falls silent without a word: no screen claims to be live, no press hangs, nothing is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from tests.webapp.day import PASSWORD, act, press, room
from tests.webapp.live import Person, running
from tests.webapp.wire import wire
from webapp import live
from webapp.db import db
from webapp.models import AuditEntry, Call

BEAT = live.BEAT
WALLS = {"screen": "/screens/", "office": "/panel/overview", "desk": "/desk/"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path / "data")


@pytest.fixture(autouse=True)
def quick_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page learns from the server how often it beats, so the tests need not wait as long as a hall does."""
    monkeypatch.setattr(live, "BEAT", 0.5)


def says(page: Page, state: str) -> None:
    expect(page.locator("[data-link]")).to_have_attribute("data-state", state)


def test_a_cut_is_shown_within_half_a_minute() -> None:
    """Two and a half beats of those the server really sends, and a second until it is looked at."""
    assert 2.5 * BEAT + 1 <= 30


def test_no_screen_claims_to_be_live_on_a_cut_line(app: Flask, browser: Browser) -> None:
    with running(app) as address, wire(address) as line:
        walls = [Person.sit_down(browser, line.address) for _who in WALLS]
        for wall, (who, path) in zip(walls, WALLS.items(), strict=True):
            wall.log_in(who, PASSWORD)
            wall.go(path)
            says(wall.page, "on")
        line.cut()
        for wall in walls:
            says(wall.page, "off")
        act(app, "call")
        line.mend()
        for wall in walls:
            expect(wall.page.locator("[data-link]")).not_to_have_attribute("data-state", "off")
        expect(walls[0].page.locator(".called")).to_contain_text("A00001")


def test_a_portal_makes_no_screen_live(app: Flask, browser: Browser) -> None:
    """It answers everything with 200 and its own page, to a stream as to a question."""
    with running(app) as address:
        hall = Person.sit_down(browser, address)
        hall.log_in("screen", PASSWORD)
        says(hall.page, "on")
        hall.page.route("**/live/waiting**", lambda route: route.fulfill(status=200, body="<h1>Wi-Fi</h1>"))
        hall.page.reload()
        says(hall.page, "off")
        expect(hall.page.get_by_text("Wi-Fi")).to_have_count(0)
        hall.page.unroute("**/live/waiting**")
        says(hall.page, "poll")


def test_a_login_that_ended_is_no_network_that_is_away(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        office = Person.sit_down(browser, address)
        office.log_in("office", PASSWORD)
        office.go("/panel/overview")
        says(office.page, "on")
        office.page.context.clear_cookies()
        office.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        says(office.page, "out")
        expect(office.page.locator("[data-link]")).to_contain_text("登录已结束")


def test_a_press_on_a_cut_line_is_kept_and_told_once(app: Flask, browser: Browser) -> None:
    """What waited in the line arrives after all, beside what was kept meanwhile: each step is taken once."""
    with running(app) as address, wire(address) as line:
        secretary = Person.sit_down(browser, line.address)
        secretary.log_in("secretary", PASSWORD)
        press(secretary, "叫号", "called")
        line.cut()
        press(secretary, "到场", "entered")
        press(secretary, "开始陈述", "talk")
        expect(secretary.page.locator("#kept")).to_contain_text("2 步已记在本机")
        line.mend()
        expect(secretary.page.locator("#kept")).to_be_hidden()
        expect(secretary.page.locator("#problem")).to_be_hidden()
        expect(secretary.page.locator("[data-card='A00001'][data-phase='talk']")).to_have_count(1)
        with app.app_context():
            call = db.session.scalars(select(Call)).one()
            assert call.entered_at
            assert call.talk_at
            told = select(func.count()).select_from(AuditEntry).where(AuditEntry.act.in_(("call.enter", "call.talk")))
            assert db.session.scalar(told) == 2


def test_seven_consoles_in_one_browser_all_open(app: Flask, browser: Browser) -> None:
    """A browser has six connections for one server: pages nobody looks at must not hold them."""
    with running(app) as address:
        office = Person.sit_down(browser, address)
        office.log_in("office", PASSWORD)
        office.go("/panel/overview")
        for _n in range(7):
            says(office.page, "on")
            away = "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
            office.page.evaluate(away + "document.dispatchEvent(new Event('visibilitychange'))")
            says(office.page, "")
            first, office.page = office.page, office.page.context.new_page()
            office.go("/panel/")
        first.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        says(first, "on")
