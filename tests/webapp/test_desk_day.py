"""The day in a browser: an expert falls ill, one press, who has to be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.webapp.crowded import crowded_round
from tests.webapp.desk import at_the_desk, made_app, pictures
from tests.webapp.live import chromium
from webapp.worker import run_job


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_an_expert_falls_ill_and_one_press_mends_it(browser: Browser, tmp_path: Path) -> None:
    tomorrow = (datetime.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    app = made_app(tmp_path, lambda session: crowded_round(session, day=tomorrow), "office")
    with at_the_desk(app, browser) as office:
        office.go("/day/")
        pictures(office, "day-home")
        office.press("专家不能到场")
        office.page.select_option("#id", label="专家5 · 大学5")
        pictures(office, "day-new")
        office.press("计算方案")
        expect(office.page.get_by_text("正在计算方案")).to_be_visible()
        assert run_job(app.config["ROSTRUM"], workers=1) == "done"
        expect(office.page.get_by_text("改动最少的安排")).to_be_visible(timeout=10_000)
        expect(office.page.get_by_text("新请专家 1 人").first).to_be_visible()
        office.fits()
        pictures(office, "day-proposals")
        office.page.get_by_role("button", name="采用并发布").first.click()
        expect(office.page.get_by_role("heading", name="第 2 版的变动")).to_be_visible()
        assert "专家5" in office.page.locator("main").inner_text()
        pictures(office, "day-changes")

        office.go("/day/new/room")
        office.page.select_option("#id", label="第二答辩室")
        office.page.fill("#name", "三楼会议室")
        office.press("计算方案")
        assert run_job(app.config["ROSTRUM"], workers=1) == "done"
        expect(office.page.get_by_text("改用三楼会议室")).to_be_visible(timeout=10_000)
        pictures(office, "day-room")
        office.page.get_by_role("button", name="采用并发布").first.click()
        office.press("打印有变动者的通知")
        expect(office.page.locator(".page")).to_have_count(6)
        assert "三楼会议室" in office.page.locator(".page").first.inner_text()
        office.go("/day/")
        expect(office.page.get_by_text("已采用")).to_have_count(2)
