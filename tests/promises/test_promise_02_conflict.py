"""Promise 2: the same uuid with other content is a 409, both are kept, and the office sees within 5 s that it is so."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from scoring.sheet import content_hash
from tests.tablet.venue import OFFICE, Client, config_in, many_panels, serving
from tests.webapp.live import Person, chromium
from tests.webapp.small import FULL, record
from webapp.models import Round, SheetRecord
from webapp.services import users
from webapp.services.kernel import system_clock

PASSWORD, LOOKS_EVERY = "a-password-for-promise-2", 5000


def test_promise_02_other_content_is_kept_beside_and_the_office_sees_it(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    many_panels(config, 1, 2)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        users.create(session, OFFICE, system_clock, "office", "office", PASSWORD, must_change=False)
        first = record(session.scalars(select(Round)).one(), "A00001", 2, FULL)
        session.commit()
    core = {"marks": FULL | {"qa": "11"}, "rubric": first["rubric"], "sheet": first["sheet"], "state": "submitted"}
    other = first | core | {"hash": content_hash(**core)}
    with serving(config) as server, chromium() as browser:
        tablet = Client(server.port, "E0002")
        office = Person.sit_down(browser, f"http://127.0.0.1:{server.port}")
        office.log_in("office", PASSWORD)
        line = office.page.locator("#two-versions")
        expect(line).to_be_hidden()
        assert int(line.get_attribute("data-every") or "0") < LOOKS_EVERY
        assert tablet.post("/tablet/records", first)[0] == 201
        status, answer = tablet.post("/tablet/records", other)
        assert (status, answer["server"]["marks"]["qa"], answer["yours"]["marks"]["qa"]) == (409, "20", "11")
        assert tablet.post("/tablet/records", other)[0] == 409
        assert tablet.post("/tablet/records", first)[0] == 200
        expect(line).to_contain_text("1 份评分表有两个版本", timeout=30_000)
    with Session(engine) as session:
        kept = [(r.marks["qa"], r.fate) for r in session.scalars(select(SheetRecord).order_by(SheetRecord.id))]
        assert kept == [("20", "taken"), ("11", "conflict")]
    engine.dispose()
