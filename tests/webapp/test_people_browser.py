"""The directory in a browser: somebody is found by initials, times are painted, and the slower one loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.live import Person, chromium, running
from tests.webapp.small import OFFICE, clock, published_round
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import Expert
from webapp.services import users

PASSWORD = "a-password-for-people"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    made = create_app(config)
    with made.app_context(), Session(db.engine) as session:
        published_round(session)
        users.create(session, OFFICE, clock, "office", "office", PASSWORD, must_change=False)
        session.commit()
    return made


def expert(app: Flask, code: str) -> Expert:
    with app.app_context():
        return db.session.scalars(select(Expert).where(Expert.code == code)).one()


def test_somebody_is_found_changed_and_painted_and_nobody_overwritten(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        one, other = (Person.sit_down(browser, address) for _ in range(2))
        for person in (one, other):
            person.log_in("office", PASSWORD)
            person.go("/rosters/experts")
            person.page.fill("[name=words]", "zj2")
            person.press("查找")
            expect(person.page.locator("tbody tr")).to_have_count(1)
            assert "zj2" not in person.page.url
            person.press("专家2")
        page = one.page
        cell = page.locator("[data-painter] td").first
        box = cell.locator("input")
        expect(box).to_be_checked()
        cell.click()
        expect(box).not_to_be_checked()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
        cell.click()
        page.fill("[name=why]", "出差")
        one.press("保存")
        expect(page.locator(".alert.warn")).to_contain_text("专家该时段不能到场")
        assert expert(app, "E0002").available == []
        other.page.fill("[name=phone]", "13900000000")
        other.page.fill("[name=why]", "补电话")
        with other.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            other.press("保存")
        assert answer.value.status == 409
        expect(other.page.locator("[role=alert]")).to_contain_text("别人刚刚保存过这个人")
        assert other.page.input_value("[name=phone]") == "13900000000"
        other.press("保存")
        assert expert(app, "E0002").phone == "13900000000"
        for path in (
            "/employers/",
            "/employers/duplicates",
            "/people/recusals",
            "/people/recheck",
            "/pool/",
            "/pool/draws",
        ):
            one.go(path)
        sealed = page.input_value("[name=commitment]")
        assert len(sealed) == 64
        assert page.locator("[data-secret]").get_attribute("name") is None, "the secret is not sent"
        assert one.complaints == []
        assert [text for text in other.complaints if "409" not in text] == []
