"""The day in a browser: an expert falls ill, one press, who has to be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.desk import at_the_desk, made_app, pictures
from tests.webapp.live import Person
from webapp.db import db
from webapp.models import PanelSecretary
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


def enter(browser: Browser, office: Person, panel: str, name: str) -> Page:
    """An expert enters the code that the console gives."""
    office.go(f"/panel/?panel={panel}")
    office.page.get_by_role("button", name=name).click()
    code = office.page.locator("p.code").inner_text()
    expert = Person.sit_down(browser, office.address, "tablet")
    expert.go("/tablet/enter")
    expert.page.fill("#code", code)
    expert.press("进入")
    return expert.page


def mend(office: Person, app: Flask, kind: str, who: str, way: str, **typed: str) -> None:
    """What happened, the proposals, one press."""
    office.go(f"/day/new/{kind}")
    office.page.select_option("#id", who)
    for field, text in typed.items():
        office.page.fill(f"#{field}", text)
    office.press("计算方案")
    assert run_job(app.config["ROSTRUM"], workers=1) == "done"
    card = office.page.locator("section.card", has_text=way)
    card.get_by_role("button", name="采用并发布").click()
    office.page.wait_for_url("**/day/changes/**")


def test_whoever_was_there_before_a_repair_follows_it(browser: Browser, tmp_path: Path) -> None:
    """A member who goes, one who comes, people whose room is another: console and tablets were open before."""
    tomorrow = (datetime.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    app = made_app(tmp_path, lambda session: crowded_round(session, day=tomorrow), "office")
    with at_the_desk(app, browser) as office:
        chair, leaves = (enter(browser, office, "P2", name) for name in ("专家4（组长）", "专家5"))
        expect(leaves.locator("#name")).to_have_text("申报7")
        console = office.page.context.new_page()
        console.goto(f"{office.address}/panel/?panel=P2")
        mend(office, app, "expert", "E0005", "改动最少的安排")
        expect(leaves.locator("#nothing")).to_have_text("已发布的安排里没有您的场次。请联系评委会办公室。")
        expect(leaves.locator("#state")).to_be_hidden()
        expect(console.get_by_role("button", name="专家5")).to_have_count(0)
        comes = next(name for name in ("专家7", "专家8") if console.get_by_role("button", name=name).count())
        entered = enter(browser, office, "P2", comes)
        expect(entered.locator("#people .person")).to_have_count(6)
        mend(office, app, "room", "R2", "改用三楼会议室", name="三楼会议室")
        for page in (chair, entered):
            expect(page.locator("#people .half")).to_contain_text("三楼会议室")
        expect(console.locator("#live h2").filter(has_text="三楼会议室")).to_be_visible()
        mend(office, app, "withdrawn", "A00007", "只空出这个位置", reason="本人书面放弃")
        expect(chair.locator("#nothing")).to_have_text("这位申报人不再由您评分。请从名单中选择。")
        expect(chair.locator("#people .person")).to_have_count(5)


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


def test_a_secretary_chosen_by_mistake_is_taken_off_again(browser: Browser, tmp_path: Path) -> None:
    app = made_app(tmp_path, crowded_round, "office", "secretary")
    with at_the_desk(app, browser) as office:
        office.go("/panel/?panel=P1")
        office.press("指定")
        office.press("撤下 secretary")
        expect(office.page.get_by_text("secretary 不再是 P1 的小组秘书。")).to_be_visible()
        expect(office.page.get_by_role("button", name="撤下 secretary")).to_have_count(0)
        with app.app_context():
            assert db.session.scalars(select(PanelSecretary)).all() == []
