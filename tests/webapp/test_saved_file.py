"""A tablet without a network saves its file; read in at the office it is the record the tablet would have sent."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.webapp.live import Person, chromium, running
from tests.webapp.small import OFFICE, clock, published_round, tablet
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import Expert
from webapp.services import entering, rounds, tablets
from webapp.services.kernel import system_clock


def test_what_a_tablet_saves_is_read_in(tmp_path: Path) -> None:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    app = create_app(config)
    with app.app_context(), Session(db.engine) as session:
        round_ = published_round(session)
        expert = session.get_one(Expert, tablet(session, round_, 2).expert_id)
        code = tablets.make_code(session, OFFICE, system_clock, expert)
        session.commit()
    with running(app) as address, chromium() as browser:
        person = Person.sit_down(browser, address, "tablet")
        person.go("/tablet/enter")
        person.page.fill("#code", code)
        person.press("进入")
        expect(person.page.locator("#sheet")).to_be_visible()
        expect(person.page.locator("#rescue")).to_be_hidden()
        person.page.context.set_offline(True)
        for item in person.page.locator(".item").all():
            item.get_by_role("button", name="良").click()
        expect(person.page.locator("#rescue")).to_be_visible()
        with person.page.expect_download() as download:
            person.page.click("#save")
        data, name = Path(download.value.path()).read_bytes(), download.value.suggested_filename
    with app.app_context(), Session(db.engine) as session:
        seen = entering.look(session, OFFICE, clock, rounds.newest(session), data, name)
    assert seen.ok
    assert {(line.sheet, line.status) for line in seen.lines} == {("R1-P1-A00001-E0002", 201)}
