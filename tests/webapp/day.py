"""A room on the day: the small round published, a login for each at a desk or a wall, and steps of the day."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from tests.webapp.live import Person
from tests.webapp.small import OFFICE, clock, published_round
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import PanelSecretary
from webapp.services import rounds, steps, users
from webapp.services.kernel import system_clock

PASSWORD = "a-first-password"
ACCOUNTS = {"secretary": None, "office": None, "desk": None, "screen": "waiting"}


def room(data: Path) -> Flask:
    """The application on that folder."""
    config = from_environment(data, testing=True)
    upgrade(config)
    made = create_app(config)
    with made.app_context(), Session(db.engine) as session:
        round_ = published_round(session)
        for role, screen in ACCOUNTS.items():
            users.create(session, OFFICE, clock, role, role, PASSWORD, screen=screen, must_change=False)
        session.flush()
        mine = users.by_name(session, "secretary").id
        session.add(PanelSecretary(round_id=round_.id, panel="P1", user_id=mine))
        session.commit()
    return made


def press(person: Person, text: str, phase: str) -> None:
    """Press a button of the card that leads; the first applicant is then in that phase."""
    card = person.page.locator("[data-card]:not([hidden])")
    card.get_by_role("button", name=text, exact=True).click()
    expect(person.page.locator(f"[data-card='A00001'][data-phase='{phase}']")).to_have_count(1, timeout=20_000)


def called_then_offline(browser: Browser, address: str) -> Person:
    """A secretary who has called the first applicant when the network goes."""
    secretary = Person.sit_down(browser, address)
    secretary.log_in("secretary", PASSWORD)
    press(secretary, "叫号", "called")
    secretary.page.context.set_offline(True)
    return secretary


def act(app: Flask, what: str) -> None:
    """The office takes a step of the first applicant, past any page."""
    with app.app_context():
        steps.take(db.session(), OFFICE, system_clock, rounds.newest(db.session()), "A00001", what)
        db.session.commit()
