"""The office at its desk in a browser, on a round that is made for it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from tests.webapp.live import Person, running
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.identity import opened
from webapp.migrate import upgrade
from webapp.services import users
from webapp.services.kernel import Actor, system_clock

PASSWORD = "the-password-1"
WIDE = [(1366, 768), (1920, 1080)]


def made_app(folder: Path, prepare: Callable[[Session], object], *roles: str) -> Flask:
    """The application with accounts of these roles and what ``prepare`` puts in."""
    config = from_environment(folder / "data", testing=True)
    upgrade(config)
    app = create_app(config)
    with app.app_context(), Session(db.engine) as session:
        for role in roles:
            act = (session, Actor("local:test", "office"), system_clock)
            users.create(*act, role, role, PASSWORD, must_change=False)
        prepare(session)
        session.commit()
    return app


def seated(app: Flask, role: str) -> FlaskClient:
    """A client that is logged in already: the doors have tests of their own."""
    with app.app_context(), Session(db.engine) as session:
        token = opened(session, users.by_name(session, role)).get_id()
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["seen"] = token, int(time.time())
    return client


@contextmanager
def at_the_desk(app: Flask, browser: Browser, role: str = "office") -> Iterator[Person]:
    """Somebody logged in; in the end nothing has complained."""
    with running(app) as address:
        person = Person.sit_down(browser, address)
        person.log_in(role, PASSWORD)
        yield person
        assert person.complaints == []


def pictures(person: Person, name: str) -> None:
    """The page at the desk's two sizes, light and dark, where ROSTRUM_LOOKS names a folder."""
    folder = os.environ.get("ROSTRUM_LOOKS")
    if not folder:
        return
    for width, height in WIDE:
        for scheme in ("light", "dark"):
            person.page.set_viewport_size({"width": width, "height": height})
            person.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            person.page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    person.page.emulate_media(color_scheme="light")
    person.page.set_viewport_size({"width": 1366, "height": 768})
