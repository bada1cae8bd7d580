"""Every page of the URL map by axe (WCAG 2.2 AA) and with text at 200 %, on a round with data; the day by the keyboard
alone.

axe-core lies under tests/vendor and is put into the page by the test: nothing of it is served.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.furnished import furnished
from tests.webapp.live import Person, chromium, running
from tests.webapp.panels import computed_round
from tests.webapp.small import OFFICE, clock, published_round
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.identity import opened as opened_login
from webapp.migrate import upgrade
from webapp.models import Expert, PanelSecretary, Round
from webapp.rights import TABLE, may
from webapp.services import steps, tablets, users
from webapp.services.kernel import system_clock

AXE = Path(__file__).parents[1] / "vendor/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALIKE = """() => {
  for (const one of document.querySelectorAll("tbody, td")) {
    for (const child of [...one.children].slice(12)) child.remove();
  }
}"""
"""Rows of a long table are alike, values in a cell too; axe takes half a minute for all of the audit log's."""
TWICE = {"width": 683, "height": 384}
"""Twice the text in a laptop's window is half the window."""
CUT = """() => [...document.querySelectorAll(".button")]
  .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `cut at 200 %: ${one.textContent}`)
  .concat(document.documentElement.scrollWidth > innerWidth ? ["sticks out at 200 %"] : [])"""
STAFF = ("office", "secretary", "desk", "results_officer", "organiser", "supervisor", "admin")
NO_PAGE = {
    "static",
    "auth.index",
    "auth.health",
    "schedule.published",
    "people.excel",
    "people.rows",
    "schedule.excel",
    "schedule.rows",
    "results.excel",
    "results.rows",
    "results.download",
    "rosters.annotated",
    "schedule.progress",
    "tablet_data.view",
    "lots.record",
    "board.people",
    "board.places",
    "board.price",
}
"""What answers with a file, with data, or with another page."""
DAY = 4
"""The round in the middle of its day, the newest."""
NAMES: dict[str, dict[str, object]] = {
    "day.new": {"kind": "expert"},
    "office.rubric": {"kind": "defence"},
    "panel.panel_totals": {"code": "P1"},
    "paper.sheet": {"sheet": "R1-P1-A00001-E0001"},
    "people.new": {"kind": "applicants"},
    "people.person": {"kind": "applicants", "code": "A00001"},
    "results.applicant": {"code": "A00001"},
    "results.origin_print": {"code": "A00001"},
    "trust.panel": {"code": "P1"},
    "tablet.panel": {"code": "P1"},
    "screens.door": {"room": "R1"},
    "screens.timer": {"room": "R1"},
    "wiping.show": {"number": 1},
    **{f"schedule.{name}": {"number": 1} for name in ("applicants", "board", "experts", "panels")},
}
"""Endpoint → parts of its address; what ``furnished`` makes is added to it."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A computed round, and a newer one in the middle of its day."""
    config = from_environment(tmp_path_factory.mktemp("pages"), testing=True)
    upgrade(config)
    made = create_app(config)
    with made.app_context(), Session(db.engine) as session:
        whole = computed_round(session)
        for role in STAFF:
            users.create(session, OFFICE, clock, role, role, "a-first-password", must_change=False)
        session.flush()
        NAMES.update(furnished(session, config))
        day = published_round(session)
        assert day.id == DAY
        mine = users.by_name(session, "secretary").id
        session.add_all(PanelSecretary(round_id=one.id, panel="P1", user_id=mine) for one in (whole, day))
        for what in ("call", "enter", "talk"):
            steps.take(session, OFFICE, system_clock, day, "A00001", what)
        session.commit()
    return made


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def browser(chrome: Browser) -> Iterator[Browser]:
    """One for all tests; what a test opened is closed after it: a page left open goes on asking the server."""
    yield chrome
    for context in chrome.contexts:
        context.close()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with running(app) as where:
        yield where


def sit_down(app: Flask, browser: Browser, address: str, role: str, number: int = 1) -> Person:
    """A person who is in already: the doors have tests of their own."""
    person = Person.sit_down(browser, address)
    if role == "nobody":
        return person
    if role in STAFF:
        opened = app.test_client()
        with app.app_context(), Session(db.engine) as session:
            user = users.by_name(session, role)
            token = opened_login(session, user).get_id()
            session.commit()
        with opened.session_transaction() as cookie:
            cookie["_user_id"], cookie["seen"] = token, int(time.time())
        kept = opened.get_cookie("rostrum")
        assert kept is not None
        person.page.context.add_cookies([{"name": "rostrum", "value": kept.value, "url": address}])
        return person
    with app.app_context():
        expert = db.session.scalars(select(Expert).where(Expert.code == "E0001", Expert.round_id == number)).one()
        code = tablets.make_code(db.session(), OFFICE, system_clock, expert)
        db.session.commit()
    person.go("/tablet/enter")
    person.page.fill("#code", code)
    person.press("进入")
    return person


def pages(app: Flask) -> dict[str, list[str]]:
    """Role → addresses of every page, each for the first role that may read it."""
    found: dict[str, list[str]] = {}
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            name = rule.endpoint
            if "GET" not in (rule.methods or ()) or name in NO_PAGE or name.startswith("live."):
                continue
            area, verbs = app.view_functions[name].right  # type: ignore[attr-defined]
            if area == "public":
                role = "nobody"
            elif name.startswith("tablet."):
                role = "chair"
            else:
                role = next((one for one in STAFF if may(one, area, *verbs)), "chair")
            found.setdefault(role, []).append(app.url_for(name, **{"round": 1} | NAMES.get(name, {})))
    return found


def faults(page: Page) -> list[str]:
    """What axe finds, a line each: the rule and where."""
    page.wait_for_load_state("load")
    page.wait_for_function("document.readyState === 'complete'")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(ALIKE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES)
    return [
        f"{one['id']}: {node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()[:160]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


def at_twice_the_text(page: Page) -> list[str]:
    """What sticks out or is cut on the page that stands there."""
    usual = page.viewport_size
    page.set_viewport_size(TWICE)
    assert usual is not None
    try:
        found: list[str] = page.evaluate(CUT)
    finally:
        page.set_viewport_size(usual)
    return found


def test_every_page_of_the_map_is_clean(app: Flask, browser: Browser, address: str) -> None:
    wrong = []
    for role, paths in pages(app).items():
        person = sit_down(app, browser, address, role)
        for path in paths:
            answer = person.page.goto(address + path)
            assert answer is not None
            if "text/html" not in answer.headers.get("content-type", ""):
                continue  # data for a page, not one
            if answer.status != 200:
                wrong.append(f"{path} {role} {answer.status}")
            try:
                found = faults(person.page) + at_twice_the_text(person.page)
            except Error:  # a page that goes on to another by itself: the one it came to counts
                person.page.wait_for_timeout(1000)
                found = faults(person.page) + at_twice_the_text(person.page)
            wrong += [f"{path} {fault}" for fault in found]
        person.page.context.close()
    assert wrong == [], "\n".join(wrong)


def test_the_day_is_clean_in_the_dark_too(app: Flask, browser: Browser, address: str) -> None:
    person = sit_down(app, browser, address, "office")
    person.page.emulate_media(color_scheme="dark")
    for path in ("/panel/", "/desk/", "/panel/overview", "/screens/waiting", "/screens/timer/R1"):
        person.go(path)
        assert faults(person.page) == [], path


def test_a_day_by_the_keyboard_alone(app: Flask, browser: Browser, address: str) -> None:
    """From the top of the console: tab to the leading button, press it, and find oneself where one was."""
    person = sit_down(app, browser, address, "secretary", DAY)
    page = person.page
    person.go("/panel/")
    for phase in ("answers", "ended"):
        for _tab in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('[data-card]:not([hidden]) .great')"):
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "who cannot see the focus is lost"
        page.keyboard.press("Enter")
        shown = "[data-card='A00001']:not([hidden])"
        page.wait_for_function(
            "([one, phase]) => (document.querySelector(one)?.dataset.phase ?? 'ended') === phase", arg=[shown, phase]
        )
    with app.app_context():
        round_ = db.session.get_one(Round, DAY)
        steps.take(db.session(), OFFICE, system_clock, round_, "A00001", "undo")
        db.session.commit()


def test_a_role_that_is_missing_from_the_walk_would_show() -> None:
    assert {role for area in TABLE.values() for role in area} <= {*STAFF, "expert", "chair", "screen"}
