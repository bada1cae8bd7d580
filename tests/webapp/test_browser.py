"""One round in a real browser, from three Excel files to the result sheet, by everyone who takes part."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from tests.webapp.live import Person, running
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.services import users
from webapp.services.kernel import Actor, system_clock
from webapp.worker import run_job

FIRST, OWN = "first-password-1", "own-password-2"
ROSTERS: dict[str, list[list[object]]] = {
    "venue": [
        ["答辩室", "候考室"],
        ["第一答辩室", "候考室"],
        [],
        ["日期", "时段名", "开始", "结束"],
        ["2026-12-05", "上午", "8:30", "12:00"],
    ],
    "applicants": [
        ["2026 年申报人员名册"],
        ["姓名", "工作单位", "申报级别", "专业方向", "申报职称"],
        ["张明远", "甲材料有限公司", "高级", "隔膜", "高级工程师"],
        ["李思齐", "乙电池有限公司", "高级", "隔膜", "高级工程师"],
        ["王晓", "乙电池有限公司", "中级", "隔膜", "工程师"],
    ],
    "experts": [
        ["姓名", "工作单位", "专业方向", "角色"],
        ["赵一", "第一大学", "隔膜", "组长"],
        ["钱二", "第二大学", "隔膜", "成员"],
        ["孙三", "第三大学", "隔膜(2)", "成员"],
    ],
}


def roster(folder: Path, kind: str) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in ROSTERS[kind]:
        book.active.append(row)
    path = folder / f"{kind}.xlsx"
    book.save(path)
    return path


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    config = from_environment(tmp_path / "data", testing=True)
    upgrade(config)
    made = create_app(config)
    with made.app_context(), Session(db.engine) as session:
        for role in ("office", "secretary", "results_officer", "supervisor"):
            users.create(session, Actor("local:test", "office"), system_clock, role, role, FIRST)
        session.commit()
    return made


def arrive(browser: Browser, address: str, name: str) -> Person:
    """Log in for the first time and set an own password."""
    person = Person.sit_down(browser, address)
    person.log_in(name, FIRST)
    for field, text in (("old", FIRST), ("new", OWN), ("again", OWN)):
        person.page.fill(f"#{field}", text)
    person.press("修改密码")
    return person


def prepare(office: Person, folder: Path) -> None:
    office.page.fill("#name", "2026 年锂电高级职称评审")
    office.press("新建批次")
    office.go("/office/settings")
    for key, value in (("panel_size", "3"), ("min_specialists", "2"), ("min_sheets", "2")):
        office.page.fill(f"#{key}", value)
    office.page.select_option("#vote", "none")
    office.press("保存设置")
    for kind in ROSTERS:
        office.go("/rosters/")
        office.page.select_option("#kind", kind)
        office.page.set_input_files("#file", roster(folder, kind))
        office.press("检查")
        office.press("确认导入")
    office.press("锁定名册")


def schedule(office: Person, app: Flask) -> None:
    office.page.fill("#seconds", "5")
    office.press("生成安排")
    expect(office.page.locator("#job-state")).to_contain_text("等待")
    assert run_job(app.config["ROSTRUM"]) == "done"
    expect(office.page.get_by_role("link", name="第 1 版")).to_be_visible(timeout=10_000)
    office.press("第 1 版")
    expect(office.page.locator(".slot-card")).to_have_count(2)
    office.press("发布")
    office.press("确认发布")
    office.go("/panel/")
    office.press("指定")


def code_for(secretary: Person, name: str) -> str:
    secretary.go("/panel/")
    secretary.press(name)
    code = secretary.page.locator(".code").inner_text()
    secretary.press("返回")
    return code


def enter(browser: Browser, address: str, code: str) -> Person:
    expert = Person.sit_down(browser, address, "tablet")
    expert.go("/tablet/enter")
    expert.page.fill("#code", code)
    expert.press("进入")
    return expert


def score(expert: Person, band: str) -> None:
    """Every item by its band, then submit by two taps; green only after the server's receipt."""
    expert.page.reload()
    expect(expert.page.locator("#sheet")).to_be_visible()
    expert.page.click("#submit")
    expect(expert.page.locator("#problem")).to_contain_text("还没有评分：汇报、")
    for item in expert.page.locator(".item").all():
        item.get_by_role("button", name=band).click()
    expect(expert.page.locator("#state")).to_have_text("✓ 办公室已收到")
    expert.picture("scoring")
    expert.page.click("#submit")
    expert.page.click("#submit")
    expect(expert.page.locator(".people .badge.ok")).to_have_count(1)


def test_a_round_by_everyone_who_takes_part(app: Flask, browser: Browser, tmp_path: Path) -> None:
    with running(app) as address:
        office = arrive(browser, address, "office")
        prepare(office, tmp_path)
        schedule(office, app)
        secretary = arrive(browser, address, "secretary")
        chair = enter(browser, address, code_for(secretary, "赵一（组长）"))
        expert = enter(browser, address, code_for(secretary, "钱二"))

        for step in ("叫号", "到场", "开始陈述"):
            secretary.press(step)
        expect(secretary.page.locator(".time").first).to_have_text(re.compile(r"^(4:[0-5]\d|5:00)$"))
        secretary.picture("console")
        for step in ("开始答辩", "结束"):
            secretary.press(step)
        score(chair, "优")
        score(expert, "良")
        expert.page.click("#next")
        expect(expert.page.locator(".band:enabled").first).to_be_visible()
        secretary.press("缺席")
        secretary.page.get_by_label("缺表原因").fill("孙三平板故障")
        secretary.press("关闭本场")

        chair.go("/tablet/")
        chair.press("本组评分表 P1")
        chair.press("返回评分")
        chair.page.click(".to-sign")
        chair.page.click("#sign button")
        expect(chair.page.locator("nav .badge").get_by_text("已签字")).to_be_visible()

        office.go("/results/")
        office.press("计算成绩")
        officer = arrive(browser, address, "results_officer")
        officer.go("/results/")
        officer.press("确认成绩")
        officer.press("公布成绩")
        expect(officer.page.get_by_text("成绩已公布", exact=False).first).to_be_visible()

        office.go("/results/")
        text = office.page.locator("main").inner_text()
        assert "缺席" in text
        assert "86.00" in text
        assert "通过" not in text
        with office.page.expect_download() as download:
            office.page.goto(address + "/results/books")
            office.page.get_by_role("link", name="成绩汇总表").click()
        book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
        cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {"张明远", "李思齐"} <= set(cells)
        for person in (office, secretary, chair, expert, officer):
            assert person.complaints == []
