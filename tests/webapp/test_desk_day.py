"""The day in a browser: an expert falls ill, one press, who has to be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.desk import at_the_desk, made_app, pictures
from webapp.worker import run_job


def test_an_expert_falls_ill_and_one_press_mends_it(browser: Browser, tmp_path: Path) -> None:
    tomorrow = (datetime.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    app = made_app(tmp_path, lambda session: crowded_round(session, day=tomorrow), "office")
    with at_the_desk(app, browser) as office:
        office.go("/day/")
        pictures(office, "day-home")
        office.go("/panel/overview")
        office.page.get_by_role("link", name="换专家 P2").click()
        first = office.page.locator("#id optgroup").first.locator("option").all_inner_texts()
        assert first == [f"专家{n} · 大学{n}" for n in (4, 5, 6)], "the panel's own first"
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
        assert "三楼会议室" in office.page.locator("td").all_inner_texts()[4], "by its name before it is applied"
        pictures(office, "day-room")
        office.page.get_by_role("button", name="采用并发布").first.click()
        office.press("打印有变动者的通知")
        expect(office.page.locator(".page")).to_have_count(6)
        assert "三楼会议室" in office.page.locator(".page").first.inner_text()
        office.go("/day/")
        expect(office.page.get_by_text("已采用")).to_have_count(2)
        expect(office.page.get_by_role("cell", name="第二答辩室（")).to_be_visible()


def test_a_room_that_is_late_finds_its_form_filled_in(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = clock_at(9, 20)
    for place in ("webapp.views.day.system_clock", "webapp.views.panel.system_clock"):
        monkeypatch.setattr(place, late)
    with at_the_desk(made_app(tmp_path, crowded_round, "office"), browser) as office:
        office.go("/panel/overview")
        office.page.get_by_role("link", name="余下顺延或换组 P2").click()
        expect(office.page.locator("#id")).to_have_value("P2/S1")
        expect(office.page.locator("#minutes")).to_have_value("20")
