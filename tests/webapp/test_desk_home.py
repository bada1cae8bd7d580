"""The office's home in a browser: the next step leads, what is short is shown, a round like the last one."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.desk import at_the_desk, made_app, pictures
from tests.webapp.small import OFFICE
from webapp.models import Expert
from webapp.services import publishing


def short_of_chairs(session: Session) -> None:
    """A draft, and nobody who may chair in the morning."""
    round_ = crowded_round(session)
    publishing.withdraw(session, OFFICE, clock_at(7), round_, "改")
    for expert in session.scalars(select(Expert)):
        expert.may_chair = expert.code == "E0001"
        expert.available = ["S2"] if expert.code == "E0001" else None
    round_.sessions[1].end = round_.sessions[1].start.replace(hour=15)


def test_the_home_leads_and_a_new_round_starts_from_the_last(browser: Browser, tmp_path: Path) -> None:
    app = made_app(tmp_path, short_of_chairs, "office")
    with at_the_desk(app, browser) as office:
        office.go("/office/")
        expect(office.page.locator(".lead .big")).to_have_text("抽签")
        expect(office.page.get_by_text("12月5日 上午没有可任组长的专家")).to_be_visible()
        pictures(office, "home")
        office.page.get_by_role("listitem").filter(has_text="没有可任组长").get_by_role("link", name="去处理").click()
        expect(office.page.locator("figure.chart")).to_have_count(2)
        office.fits()
        pictures(office, "capacity")
        office.go("/office/settings")
        expect(office.page.get_by_text("专家组 3 人：至少 1 场，共需 3 人次")).to_be_visible()
        pictures(office, "settings")
        office.go("/schedule/1/pictures")
        expect(office.page.locator("figure.chart")).to_have_count(6)
        office.fits()
        pictures(office, "pictures")

        office.go("/office/")
        office.page.get_by_text("新建批次").first.click()
        office.page.fill("#name", "2027 年")
        office.page.fill("#first_day", "2027-12-04")
        pictures(office, "new-round")
        office.page.get_by_role("button", name="新建批次").click()
        expect(office.page.locator(".lead .big")).to_have_text("导入申报人员名册")
        office.page.goto(office.page.url.replace("/office/", "/rosters/venue"))
        assert "12月4日" in office.page.locator("main").inner_text()
