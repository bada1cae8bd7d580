"""Every page of the finished sample round on a laptop, a tablet and a phone: nothing sticks out, nothing complains."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from tests.webapp.live import SIZES, Person, chromium, running
from webapp.db import db
from webapp.models import Applicant, Expert, Panel, PanelMember
from webapp.services import tablets, users
from webapp.services.kernel import Actor, system_clock

OFFICE = Actor("office", "office")
PASSWORD = "a-password-for-screens"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Two frames after a change of size: by then wide tables have their frames."""
PAGES = {
    "office": {
        "home": "/office/",
        "settings": "/office/settings",
        "rosters": "/rosters/",
        "applicants": "/rosters/applicants",
        "experts": "/rosters/experts",
        "venue": "/rosters/venue",
        "expert": "/people/experts/E0001",
        "applicant": "/people/applicants/{senior}",
        "recusals": "/people/recusals",
        "recheck": "/people/recheck",
        "employers": "/employers/",
        "duplicates": "/employers/duplicates",
        "pool": "/pool/",
        "draws": "/pool/draws",
        "drafts": "/schedule/",
        "board": "/schedule/1/board",
        "panels": "/schedule/1/panels",
        "by-expert": "/schedule/1/experts",
        "by-applicant": "/schedule/1/applicants",
        "day": "/panel/",
        "totals": "/panel/totals/P1",
        "results": "/results/",
        "result": "/results/{senior}",
        "versions": "/results/life/versions",
        "objections": "/results/life/objections",
        "rubric": "/office/rubric/defence",
        "books": "/results/books",
        "waiting": "/screens/waiting",
        "password": "/password",
    },
    "supervisor": {
        "audit": "/office/audit",
        "result-named": "/results/{senior}",
        "totals-named": "/panel/totals/P1",
        "unlocks": "/results/life/unlocks",
        "trust": "/results/trust/?quota=5",
        "trust-panel": "/results/trust/P1",
        "votes": "/committee/votes",
        "papers": "/committee/papers",
    },
    "secretary": {"notes": "/panel/notes", "papers-typed": "/committee/papers?level=intermediate"},
    "admin": {"accounts": "/admin/accounts", "personal": "/admin/personal", "wipe": "/admin/personal/1"},
    "chair": {
        "sheet": "/tablet/",
        "panel-sheets": "/tablet/panel/{chaired}",
        "signed-notes": "/tablet/notes",
        "asked-unlocks": "/tablet/unlocks",
    },
    "nobody": {"login": "/login", "enter": "/tablet/enter"},
}


def sit_down(app: Flask, browser: Browser, address: str, role: str) -> Person:
    person = Person.sit_down(browser, address)
    with app.app_context():
        if role == "chair":
            member = db.session.scalars(select(PanelMember).where(PanelMember.chair)).first()
            assert member is not None
            expert = db.session.get_one(Expert, member.expert_id)
            code = tablets.make_code(db.session(), OFFICE, system_clock, expert)
        elif role != "nobody":
            user = users.by_name(db.session(), role)
            users.reset_password(db.session(), OFFICE, system_clock, user, PASSWORD)
            user.must_change = False
        db.session.commit()
    if role == "chair":
        person.go("/tablet/enter")
        person.page.fill("#code", code)
        person.press("进入")
    elif role != "nobody":
        person.log_in(role, PASSWORD)
    return person


def test_every_page_fits_every_screen(demo_app: Flask) -> None:
    """Each page is opened once and then given to the three screens."""
    with demo_app.app_context():
        chair = db.session.scalars(select(PanelMember).where(PanelMember.chair)).first()
        assert chair is not None
        names = {
            "senior": db.session.scalars(select(Applicant.code).where(Applicant.level == "senior")).first(),
            "chaired": db.session.get_one(Panel, chair.panel_id).code,
        }
    with running(demo_app) as address, chromium() as browser:
        for role, pages in PAGES.items():
            person = sit_down(demo_app, browser, address, role)
            for name, path in pages.items():
                person.go(path.format(**names))
                assert "没有完成" not in person.page.title(), path
                for size, (width, height) in SIZES.items():
                    person.page.set_viewport_size({"width": width, "height": height})
                    person.page.evaluate(DRAWN)
                    person.fits()
                    person.picture(f"{name}-{size}")
            assert person.complaints == []
