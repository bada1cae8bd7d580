"""The life of a result in a real browser: signed, computed, confirmed, voted, released, objected to, corrected."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.live import Person, running
from tests.webapp.small import OFFICE, clock, hear, published_round, submit, tablet
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import Expert, Round
from webapp.services import closing, panel_day, rounds, tablets, users
from webapp.services.kernel import system_clock

PASSWORD = "a-first-password"


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    config = from_environment(tmp_path_factory.mktemp("life"), testing=True)
    upgrade(config)
    made = create_app(config)
    with made.app_context(), Session(db.engine) as session:
        for name, role in (("office", "office"), ("officer", "results_officer"), ("second", "results_officer")):
            users.create(session, OFFICE, clock, name, role, PASSWORD, must_change=False)
        for role in ("organiser", "supervisor"):
            users.create(session, OFFICE, clock, role, role, PASSWORD, must_change=False)
        _heard(session)
        rounds.create(session, OFFICE, clock, "下一批次")
        session.commit()
    return made


def _heard(session: Session) -> None:
    """Two were heard, every sheet is in, the sitting is closed; only the chair has not signed."""
    round_ = published_round(session)
    round_.settings = round_.settings | {"vote": "committee", "notice_start": "2026-12-07", "reference_line": "80"}
    for code in ("A00001", "A00002"):
        hear(session, round_, code)
        for expert, qa in ((1, "20"), (2, "15"), (3, "19")):
            submit(session, round_, code, expert, qa=qa)
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "deferred", "没有排上")
    session.flush()
    closing.close(session, OFFICE, clock, round_, "P1", "S1")


def sit(browser: Browser, address: str, name: str) -> Person:
    person = Person.sit_down(browser, address)
    person.log_in(name, PASSWORD)
    return person


def enter(app: Flask, browser: Browser, address: str, number: int) -> Person:
    """An expert comes in with a code at the tablet."""
    with app.app_context(), Session(db.engine) as session:
        round_ = session.scalars(select(Round).where(Round.name == "小批次")).one()
        expert = session.get(Expert, tablet(session, round_, number).expert_id)
        assert expert is not None
        code = tablets.make_code(session, OFFICE, system_clock, expert, "link")
        session.commit()
    person = Person.sit_down(browser, address, "tablet")
    person.go("/tablet/enter")
    person.page.fill("#code", code)
    person.press("进入")
    return person


def said(person: Person, text: str) -> None:
    expect(person.page.get_by_text(text, exact=False).first).to_be_visible()


def sign(chair: Person) -> None:
    chair.go("/tablet/")
    chair.page.click(".to-sign")
    chair.page.click("#sign button")
    expect(chair.page.locator("nav .badge").get_by_text("已签字")).to_be_visible()


def unlock(app: Flask, browser: Browser, address: str, officer: Person, chair: Person) -> None:
    """The officer asks from where the result came about, the chair agrees; neither could alone."""
    officer.go("/results/A00001?round=1")
    officer.page.get_by_text("评分表的各个版本").click()
    officer.page.get_by_role("link", name="申请解锁").nth(1).click()
    expect(officer.page.locator("#sheet")).to_have_value("R1-P1-A00001-E0002")
    officer.fits()
    officer.page.fill("#reason", "答辩一项误点")
    officer.press("申请解锁")
    said(officer, "等组长同意")
    officer.picture("unlock-asked")
    expect(officer.page.get_by_role("button", name="同意解锁")).to_have_count(0)
    chair.go("/tablet/")
    chair.press("解锁评分表 1")
    expect(chair.page.get_by_text("已签字")).to_have_count(0)  # said on the page before, not here
    chair.picture("unlock-chair")
    chair.press("同意解锁")
    said(chair, "已解锁，等新的评分表")
    chair.go("/tablet/")
    chair.page.click(".to-sign")
    chair.page.click("#sign button")
    said(chair, "解锁后还没有交回")
    expert = enter(app, browser, address, 2)
    expert.page.locator(".people li").first.click()
    expect(expert.page.locator("#sheet")).to_be_visible()
    answers = expert.page.locator(".item").filter(has_text="答辩")
    expert.picture("unlocked-sheet")
    answers.get_by_role("button", name="优").first.click()
    expert.page.click("#submit")
    expert.page.click("#submit")
    expect(expert.page.locator(".people .badge.ok")).to_have_count(2, timeout=20_000)  # the receipt of the submission
    assert expert.complaints == []
    chair.go("/tablet/unlocks")
    said(chair, "已交新的评分表")


def test_a_result_lives_from_the_chair_s_signature_to_the_corrected_version(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        chair = enter(app, browser, address, 1)
        office, officer, second = (sit(browser, address, name) for name in ("office", "officer", "second"))
        office.go("/results/?round=1")
        said(office, "现在还没有可以查看的成绩")
        sign(chair)
        office.go("/results/?round=1")
        office.picture("life-complete")
        office.press("计算成绩")
        said(office, "等待成绩管理员确认")
        expect(office.page.get_by_role("button", name="确认成绩")).to_have_count(0)
        officer.go("/results/?round=1")
        officer.picture("life-computed")
        officer.press("确认成绩")
        said(officer, "去表决页")
        vote(officer)
        officer.go("/results/?round=1")
        officer.press("公布成绩")
        said(officer, "成绩已公布")
        officer.go("/committee/votes?round=1")
        officer.picture("notice-before")
        officer.press("开始公示")
        said(officer, "已开始公示")
        complain(office, officer, second)
        unlock(app, browser, address, officer, chair)
        sign(chair)
        office.go("/results/?round=1")
        office.picture("life-again")
        office.page.get_by_label("重新计算的原因").fill("第 1 号异议复查")
        office.press("计算成绩")
        officer.go("/results/?round=1")
        officer.press("确认成绩")
        officer.go("/committee/votes?round=1")
        officer.press("结束表决")
        officer.go("/results/?round=1")
        officer.press("公布成绩")
        officer.go("/results/life/versions?round=1")
        officer.picture("versions")
        for words in ("第 1 次 → 第 2 次", "第 1 号异议", "答辩一项误点"):
            said(officer, words)
        for person in (chair, office, officer, second):
            assert [said for said in person.complaints if "Failed to load" not in said] == []  # refusals are 4xx


def unfold(officer: Person) -> None:
    """On a phone a name is one line; touched, it opens at the votes for."""
    officer.page.set_viewport_size({"width": 390, "height": 844})
    officer.go("/committee/votes?round=1")
    line = officer.page.locator("tr", has_text="申报1")
    assert (line.bounding_box() or {})["height"] < 60
    line.get_by_text("申报1").click()
    expect(officer.page.get_by_label("申报1 同意")).to_be_focused()
    assert (line.bounding_box() or {})["height"] > 100
    officer.page.set_viewport_size({"width": 1366, "height": 768})


def vote(officer: Person) -> None:
    unfold(officer)
    officer.page.get_by_label("申报1 到会").fill("9")
    officer.page.get_by_label("申报1 同意").fill("6")
    officer.page.get_by_label("申报1 反对").fill("2")
    officer.press("保存票数")
    said(officer, "与到会 9 人不符")
    officer.picture("vote-refused")
    expect(officer.page.get_by_label("申报1 反对")).to_have_value("2")  # what was typed stays
    for name, votes_for, against in (("申报1", "6", "3"), ("申报2", "5", "4")):
        for word, count in (("到会", "9"), ("同意", votes_for), ("反对", against)):
            officer.page.get_by_label(f"{name} {word}").fill(count)
    officer.press("保存票数")
    officer.picture("vote")
    expect(officer.page.locator("td .badge")).to_have_text(["通过", "未通过"])
    officer.press("结束表决")


def complain(office: Person, officer: Person, second: Person) -> None:
    """Received by one, decided by another; before that no sheet is unlocked."""
    officer.go("/results/life/unlocks?round=1")
    said(officer, "请先登记异议并决定复查")
    expect(officer.page.get_by_role("button", name="申请解锁")).to_have_count(0)
    officer.go("/results/life/objections?round=1")
    officer.page.fill("#source", "申报1")
    officer.page.fill("#applicant", "A00001")
    officer.page.fill("#text", "答辩分与现场不符")
    officer.press("登记")
    said(officer, "登记的人不能决定")
    expect(officer.page.get_by_role("button", name="复查")).to_have_count(0)
    officer.picture("objection-received")
    second.go("/results/life/objections?round=1")
    second.page.get_by_label("核查情况").fill("专家2记错一项")
    second.press("复查")
    second.picture("objection-decided")
    office.go("/results/?round=1")
    office.picture("life-checking")
    said(office, "正在复查")
