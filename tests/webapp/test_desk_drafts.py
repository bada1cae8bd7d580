"""Drafts in a browser: why somebody has no place and the button that mends it, two versions side by side, publishing
with its warnings, the list of changes, notices for those who changed only. Once in English, too.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.desk import at_the_desk, made_app, pictures, seated
from tests.webapp.drafted import drafted_round
from tests.webapp.small import OFFICE, clock
from webapp.models import Applicant, Expert
from webapp.services import fixing, jobs, reworking
from webapp.services.instance import problem_document
from webapp.worker import run_job


def without_chairs(session: Session) -> None:
    """The draft was made while two of a direction might chair; now nobody may."""
    drafted_round(session)
    for expert in session.scalars(select(Expert).where(Expert.code.in_(("E0001", "E0002")))):
        expert.may_chair = False


def test_from_why_to_the_notices_of_those_who_changed(browser: Browser, tmp_path: Path) -> None:
    app = made_app(tmp_path, without_chairs, "office")
    with at_the_desk(app, browser) as office:
        page = office.page
        office.go("/schedule/1/why")
        office.press("查找原因和办法")
        assert run_job(app.config["ROSTRUM"], workers=1) == "done"
        expect(page.locator(".cause h2")).to_contain_text("没有可任组长的专家", timeout=20_000)
        pictures(office, "why")
        page.get_by_role("button", name="English").click()
        expect(page.locator(".cause h2")).to_contain_text("no experts who may chair")
        said = page.locator(".cause").inner_text()
        assert not re.search("[一-鿿]", re.sub("[（(]E.*?[）)]|锂矿原料|" + "|".join(NAMES), "", said)), said
        pictures(office, "why-english")
        page.get_by_role("button", name="中文").click()

        page.locator(".fixes li", has_text="任组长").get_by_role("link", name="采用").first.click()
        page.fill("#reason", "已与本人电话确认")
        page.fill("#seconds", "2")
        pictures(office, "fix")
        office.press("写入并重新计算")
        assert run_job(app.config["ROSTRUM"], workers=1) == "done"
        expect(page.locator("#job[data-busy='1']")).to_have_count(0, timeout=20_000)  # it reads itself anew
        office.go("/schedule/2/compare?with=1")
        expect(page.locator("tbody tr", has_text="郑爽")).to_contain_text("未安排")
        pictures(office, "compare")

        office.go("/schedule/2/publish")
        expect(page.get_by_text("没有抽签")).to_be_visible()
        pictures(office, "publish")
        office.press("确认发布")
        page.get_by_text("撤回发布").click()
        page.get_by_label("撤回的原因").fill("换时间")
        office.press("撤回")
        office.go("/schedule/3/board")
        page.locator("[data-applicant=A00005]").click()
        page.locator(".place").first.click()
        page.wait_for_url("**/schedule/4/board**")
        office.go("/schedule/4/publish")
        expect(page.get_by_text("1 位申报人的时间或答辩室有变")).to_be_visible()
        office.press("看变动清单")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.go_back()
        office.press("确认发布")
        office.press("打印有变动者的面试通知")
        expect(page.locator(".page")).to_have_count(1)
        expect(page.locator(".page")).to_contain_text("孙立")
        expect(page.locator(".page")).to_contain_text("此前的通知作废，以本通知为准")
        expect(page.locator(".page tr", has_text="原通知")).to_contain_text("12月5日 上午 09:00，第二答辩室")


def one_more(session: Session) -> None:
    """Two without a place, one of whom cannot come at all; the causes are looked for."""
    round_, _version = drafted_round(session)
    session.scalars(select(Applicant).where(Applicant.code == "A00008")).one().unavailable = [
        ["2026-12-05T09:00", "2026-12-05T15:00"]
    ]
    session.flush()
    reworking.edit(session, OFFICE, clock, round_, 1, 0, [{"kind": "unschedule", "applicant": "A00004"}])
    job = jobs.explain(session, OFFICE, clock, round_)
    job.state, job.finished_at = "done", clock()
    job.answer = fixing.answer(problem_document(session, round_), workers=1, seed=0)


def test_a_version_that_could_hear_more_says_so(tmp_path: Path) -> None:
    page = seated(made_app(tmp_path, one_more, "office"), "office").get("/schedule/2/why").text
    assert "最少有 1 人安排不下" in page
    assert "这一版还可以多安排 1 人" in page


NAMES = ("钱伟", "冯刚", "陈静", "褚健", "卫东", "蒋欣", "沈括", "韩梅", "张明远", "李思齐", "王晓", "赵一鸣", "郑爽")
