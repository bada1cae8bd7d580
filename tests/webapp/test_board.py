"""The board in a browser: by mouse, by finger and by keyboard; prices, reasons, pins, undo, and two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.webapp.drafted import drafted_round
from tests.webapp.live import Person, chromium, running
from tests.webapp.small import OFFICE, clock
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.services import drafts, rounds, users

PASSWORD = "a-password-for-screens"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    made = create_app(config)
    with data(made) as session:
        for name in ("wang", "li"):
            users.create(session, OFFICE, clock, name, "office", PASSWORD, must_change=False)
        users.create(session, OFFICE, clock, "supervisor", "supervisor", PASSWORD, must_change=False)
        drafted_round(session)
    return made


@contextmanager
def data(app: Flask) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        yield session
        session.commit()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with running(app) as found:
        yield found


def at_board(browser: Browser, address: str, name: str = "wang", number: int = 1, size: str = "desk") -> Person:
    person = Person.sit_down(browser, address, size)
    person.log_in(name, PASSWORD)
    person.go(f"/schedule/{number}/board")
    return person


def cell(page: Page, time: str, room: str = "R1", session: str = "S1") -> str:
    return f'td[data-session="{session}"][data-room="{room}"][data-start$="T{time}"]'


def middle(page: Page, what: str) -> tuple[float, float]:
    box = page.locator(what).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, what: str, to: str, *, drop: bool = True) -> None:
    page.locator(what).scroll_into_view_if_needed()
    one = middle(page, what)
    page.mouse.move(*one)
    page.mouse.down()
    page.mouse.move(one[0] + 12, one[1] + 12)
    page.locator(to).evaluate("node => node.scrollIntoView({ block: 'center' })")  # near an edge the page goes on
    two = middle(page, to)
    page.mouse.move(two[0] - 9, two[1], steps=4)
    page.mouse.move(*two)
    if drop:
        page.mouse.up()


def test_a_drag_is_priced_told_made_undone_and_made_again(browser: Browser, address: str) -> None:
    person = at_board(browser, address)
    page, asked = person.page, list[str]()
    page.locator("#A00008").click()
    expect(page.locator("#places")).to_contain_text("移到…")
    page.on("request", lambda r: asked.append(r.url))
    drag(page, "#A00008", cell(page, "09:40"), drop=False)
    expect(page.locator("#preview")).to_contain_text("各项规则都符合")
    assert not [url for url in asked if "/price" in url], "the places came with their prices"
    expect(page.locator("#preview")).to_contain_text("未安排 −1")
    expect(page.locator("#ghost")).to_contain_text("✓")
    page.mouse.up()
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator(f"{cell(page, '09:40')} #A00008")).to_be_visible()
    expect(page.locator("#toast")).to_contain_text("郑爽 移到 12月5日 上午 09:40 第一答辩室")
    expect(page.locator("#tray")).to_contain_text("所有人都有位置")
    page.keyboard.press("Control+z")
    expect(page.locator("#tray #A00008")).to_be_visible()
    page.locator("#redo").click()
    expect(page.locator(f"{cell(page, '09:40')} #A00008")).to_be_visible()
    drag(page, "#A00001", "#A00002")
    expect(page.locator(f"{cell(page, '09:00')} #A00002")).to_be_visible()
    drag(page, "#A00003", "#out")
    expect(page.locator("#tray #A00003")).to_be_visible()
    assert person.complaints == []


def test_what_would_break_is_told_on_the_way_and_asked_about_at_the_end(browser: Browser, address: str) -> None:
    person = at_board(browser, address)
    page = person.page
    drag(page, "#A00001", cell(page, "09:40", "R2"), drop=False)
    expect(page.locator("#preview")).to_contain_text("会违反 1 条规则")
    expect(page.locator("#preview")).to_contain_text("该专家组不能听这个方向")
    expect(page.locator("#chosen")).to_contain_text("该组只听")
    page.mouse.up()
    expect(page.locator("dialog")).to_contain_text("这样改会违反 1 条规则")
    page.get_by_role("button", name="不改了").click()
    expect(page.locator(f"{cell(page, '09:00')} #A00001")).to_be_visible()
    drag(page, "#A00001", cell(page, "09:40", "R2"))
    page.get_by_role("button", name="仍要这样改").click()
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator("#A00001 em")).to_contain_text("该专家组不能听这个方向")
    person.complaints[:] = [text for text in person.complaints if "422" not in text]
    assert person.complaints == []


def test_an_empty_room_says_who_would_sit_there_and_why_not(browser: Browser, address: str) -> None:
    person = at_board(browser, address)
    page = person.page
    page.locator("#A00008").click()
    page.locator(cell(page, "14:00", "R1", "S2")).click(position={"x": 4, "y": 4})
    expect(page.locator("#preview")).to_contain_text("P1 加开一场：郑爽 在 12月5日 下午 14:00")
    page.get_by_role("button", name="就放这里").click()
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator(f"{cell(page, '14:00', 'R1', 'S2')} #A00008")).to_be_visible()
    assert person.complaints == []


def test_a_sitting_and_an_expert_are_dragged_too(browser: Browser, address: str) -> None:
    person = at_board(browser, address)
    page = person.page
    drag(page, '[data-sitting="P1"]', '[data-column="R2"][data-session="S2"]')
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator(f"{cell(page, '14:00', 'R2', 'S2')} #A00001")).to_be_visible()
    drag(page, '[data-expert="E0002"]', '[data-expert="E0001"]', drop=False)
    expect(page.locator("#preview")).to_contain_text("各项指标不变")
    page.mouse.up()
    expect(page.locator('[data-expert="E0002"].chair')).to_be_visible()
    page.locator('[data-expert="E0003"]').click()
    page.get_by_role("button", name="沈括").click()
    expect(page.locator('[data-expert="E0007"][data-panel="P1"]')).to_be_visible()
    assert person.complaints == []


def test_all_of_it_by_keyboard(browser: Browser, address: str) -> None:
    person = at_board(browser, address)
    page = person.page
    page.locator("#A00003").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-title")).to_have_text("王晓")
    page.get_by_role("button", name="拿起（键盘移动）").focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#preview")).to_contain_text("各项规则都符合")
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator(f"{cell(page, '09:40')} #A00003")).to_be_visible()
    page.locator("#A00008").focus()
    page.keyboard.press("Enter")
    first = page.locator(".place").first
    expect(first).to_contain_text("未安排 −1")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tray")).to_contain_text("所有人都有位置")
    assert person.complaints == []


def test_a_seat_and_a_sitting_by_keyboard_alone(browser: Browser, address: str) -> None:
    """Enter leads to what can be done with it, Esc back; what was pressed keeps the focus; nothing ends in silence."""
    person = at_board(browser, address)
    page, press = person.page, person.page.keyboard.press
    seat, held = page.locator('[data-expert="E0003"]'), page.get_by_role("button", name="固定在本组")
    seat.focus()
    press("Enter")
    expect(page.locator("#chosen-title")).to_be_focused()
    expect(page.locator("#places")).to_contain_text("由谁接替")
    for _ in range(3):
        press("Tab")
    press("Enter")
    page.wait_for_url("**/schedule/2/board**")
    expect(held).to_have_attribute("aria-pressed", "true")
    expect(held).to_be_focused()
    press("Enter")
    expect(held).to_have_attribute("aria-pressed", "false")
    expect(held).to_be_focused()
    press("Escape")
    expect(seat).to_be_focused()
    press("Enter")
    press("Tab")
    press("Enter")
    expect(seat).to_be_focused()
    press("ArrowLeft")
    press("Enter")
    expect(page.locator("#toast")).to_contain_text("请换一处，或按 Esc 放回")
    press("ArrowLeft")
    expect(page.locator("#preview")).to_contain_text("组长不能主持该方向：")
    press("Escape")
    expect(page.locator("#toast")).to_contain_text("已放回原处")
    page.locator("#find").fill("sk")
    expect(page.locator("#found li")).to_have_count(1)
    press("Enter")
    expect(page.locator("#places")).to_contain_text("还没有被安排")
    press("Tab")
    press("Enter")
    press("ArrowRight")
    press("ArrowRight")
    press("Enter")
    expect(page.locator("#toast")).to_contain_text("沈括 替换 陈静")
    expect(page.locator('[data-expert="E0007"]')).to_be_focused()
    sitting = page.locator('[data-sitting="P1"]')
    sitting.focus()
    press("Enter")
    press("Tab")
    press("Enter")
    expect(sitting).to_be_focused()
    press("ArrowRight")
    expect(page.locator("#preview")).to_contain_text("各项规则都符合")
    press("Enter")
    expect(page.locator('[data-sitting="P1"][data-room="R2"]')).to_be_focused()
    assert person.complaints == []


def test_why_not_here_on_any_cell_and_pins(browser: Browser, address: str) -> None:
    person = at_board(browser, address)
    page = person.page
    page.locator("#A00005").click()
    page.locator(cell(page, "09:50")).click()
    expect(page.locator("#preview")).to_contain_text("该专家组不能听这个方向")
    page.get_by_role("button", name="固定时间").click()
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator("#A00005 .pin")).to_have_text("固定")
    drag(page, "#A00005", cell(page, "09:50", "R2"))
    expect(page.locator("dialog")).to_contain_text("申报人固定在别处")
    page.get_by_role("button", name="取消固定后再改").click()
    expect(page.locator(f"{cell(page, '09:50', 'R2')} #A00005")).to_be_visible()
    expect(page.locator("#A00005 .pin")).to_have_count(0)
    page.locator('[data-expert="E0001"]').click()
    page.get_by_role("button", name="固定为组长").click()
    expect(page.locator('[data-expert="E0001"] .pin')).to_be_visible()
    page.locator("#A00002").click()
    page.get_by_role("button", name="固定专家组").click()
    expect(page.locator("#A00002 .pin")).to_be_visible()
    page.locator("#A00006").click()
    page.get_by_role("button", name="固定时间").click()
    expect(page.locator("#A00006 .pin")).to_be_visible()
    drag(page, "#A00007", "#A00006")
    page.get_by_role("button", name="取消固定后再改").click()
    expect(page.locator(f"{cell(page, '09:20', 'R2')} #A00006")).to_be_visible()


def test_two_people_at_once_overwrite_nothing_and_lose_nothing(browser: Browser, address: str, app: Flask) -> None:
    wang, li = at_board(browser, address), at_board(browser, address, "li")
    drag(wang.page, "#A00008", cell(wang.page, "09:40"))
    wang.page.wait_for_url("**/schedule/2/board**")
    drag(li.page, "#A00001", "#A00002")
    expect(li.page.locator("dialog")).to_contain_text("wang")
    expect(li.page.locator("dialog")).to_contain_text("郑爽 移到")
    expect(li.page.locator("dialog")).to_contain_text("张明远 与 李思齐 对调")
    li.page.get_by_role("button", name="再试一次").click()
    li.page.wait_for_url("**/schedule/2/board**")
    expect(li.page.locator("#preview")).to_contain_text("您刚才的修改")
    li.page.get_by_role("button", name="再试一次").click()
    expect(li.page.locator(f"{cell(li.page, '09:00')} #A00002")).to_be_visible()
    drag(wang.page, "#A00003", cell(wang.page, "09:50"))
    expect(wang.page.locator("dialog")).to_contain_text("对调")
    wang.page.get_by_role("button", name="再试一次").click()
    expect(wang.page.locator(f"{cell(wang.page, '09:50')} #A00003")).to_be_visible()
    with data(app) as session:
        document = drafts.load(session, rounds.newest(session), 2).document
    starts = {a["applicant"]: a["start"][11:] for a in document["panels"][0]["sittings"][0]["appointments"]}
    assert starts == {"A00002": "09:00", "A00001": "09:10", "A00004": "09:30", "A00008": "09:40", "A00003": "09:50"}


def test_a_lost_connection_keeps_the_change(browser: Browser, address: str) -> None:
    page = at_board(browser, address).page
    page.context.set_offline(True)
    drag(page, "#A00008", cell(page, "09:40"))
    expect(page.locator("#preview")).to_contain_text("还没有保存")
    page.context.set_offline(False)
    page.get_by_role("button", name="再试一次").click()
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator(f"{cell(page, '09:40')} #A00008")).to_be_visible()


def test_a_finger_that_lies_still_drags_and_one_that_moves_scrolls(browser: Browser, address: str) -> None:
    page = at_board(browser, address, size="tablet").page
    one, two = middle(page, "#A00004"), middle(page, cell(page, "09:40"))
    touch = page.context.new_cdp_session(page)

    def send(kind: str, place: tuple[float, float], down: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": place[0], "y": place[1] + down}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", one)
    page.wait_for_timeout(400)
    send("touchMove", one, 20)
    send("touchMove", two)
    expect(page.locator("#preview")).to_contain_text("各项规则都符合")
    send("touchEnd", two)
    page.wait_for_url("**/schedule/2/board**")
    expect(page.locator(f"{cell(page, '09:40')} #A00004")).to_be_visible()


def test_an_expert_of_another_day_or_room_is_found_and_chosen(browser: Browser, address: str) -> None:
    page = at_board(browser, address).page
    page.goto(f"{address}/schedule/1/board?room=R2")
    page.locator("#find").fill("陈静")
    page.locator("#found li").first.click()
    page.wait_for_url("**#E0003")
    expect(page.locator("#chosen-title")).to_have_text("陈静")


def test_somebody_is_found_and_a_supervisor_only_reads(browser: Browser, address: str) -> None:
    page = at_board(browser, address, "supervisor").page
    page.locator("#find").fill("zs")
    page.locator("#found li").first.click()
    expect(page.locator("#chosen-title")).to_have_text("郑爽")
    expect(page.locator("#undo")).to_have_count(0)
    drag(page, "#A00008", cell(page, "09:40"))
    expect(page.locator("#tray #A00008")).to_be_visible()
    page.locator("#A00001").click()
    expect(page.locator("#places")).to_contain_text("移到…")
    page.locator(".place").first.click()
    expect(page.locator("#toast")).to_contain_text("不能修改")
