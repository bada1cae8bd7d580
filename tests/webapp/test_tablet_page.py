"""The expert's page in Chromium: no network, a reload, two tabs, two experts, plain HTTP, two versions, keys alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from tests.tablet.network import network
from tests.tablet.venue import Client, Server, config_in, many_panels, serving, token_of
from tests.webapp.live import FLAGS, SIZES, chromium
from tests.webapp.small import FULL, record
from webapp.models import Expert, Round, Sheet, TabletSession
from webapp.services import closing, panel_day, steps, tablets
from webapp.services.kernel import Actor, system_clock

WAIT = 30_000


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    config = config_in(tmp_path_factory.mktemp("pages"))
    many_panels(config, 3, 3)
    with serving(config) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def sit_down(browser: Browser, server: Server, expert: str, size: str = "tablet") -> tuple[BrowserContext, Page]:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", has_touch=True)
    address = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": "rostrum_tablet", "value": token_of(expert), "url": address}])
    page = context.new_page()
    page.goto(address + "/tablet/")
    expect(page.locator("#sheet")).to_be_visible(timeout=WAIT)
    return context, page


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ROSTRUM_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def score(page: Page, band: str, count: int = 5) -> None:
    for item in page.locator(".item").all()[:count]:
        item.get_by_role("button", name=band).click()


def shows(page: Page, text: str) -> None:
    expect(page.locator("#state")).to_have_text(text, timeout=WAIT)


def sheet(server: Server, key: str) -> Sheet:
    engine = create_engine(server.config.database_url)
    with Session(engine, expire_on_commit=False) as session:
        found = session.scalars(select(Sheet).where(Sheet.key == key)).one()
    engine.dispose()
    return found


def test_marks_survive_a_reload_without_a_network_and_are_sent_after_it(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0002")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    score(page, "良", 2)
    shows(page, "✓ 办公室已收到")
    picture(page, "tablet-scoring")
    context.set_offline(True)
    score(page, "优", 4)
    shows(page, "■ 已存本机")
    expect(page.locator("#rescue")).to_be_visible(timeout=WAIT)
    picture(page, "tablet-offline")
    page.reload()
    expect(page.locator(".item").nth(3).locator(".mark")).not_to_have_text("–", timeout=WAIT)
    shows(page, "■ 已存本机")
    context.set_offline(False)
    shows(page, "✓ 办公室已收到")
    score(page, "优")
    page.click("#submit")
    expect(page.locator("#slide span")).to_have_text("再点一次确认提交")
    page.click("#submit")
    expect(page.locator("#closed")).to_have_text("已提交，不能再改", timeout=WAIT)
    found = sheet(venue, "R1-P1-A00001-E0002")
    assert (found.state, found.marks["talk"]) == ("submitted", "18")
    context.close()


def test_two_tabs_of_one_tablet_are_one(venue: Server, browser: Browser) -> None:
    context, first = sit_down(browser, venue, "E0003")
    second = context.new_page()
    second.goto(first.url)
    expect(second.locator("#sheet")).to_be_visible(timeout=WAIT)
    first.locator(".item").nth(0).get_by_role("button", name="优").click()
    shows(first, "✓ 办公室已收到")
    second.locator(".item").nth(1).get_by_role("button", name="中").click()
    shows(second, "✓ 办公室已收到")
    expect(first.locator(".item").nth(1).locator(".mark")).to_have_text("18", timeout=WAIT)
    assert sheet(venue, "R1-P1-A00001-E0003").marks | {} == {
        "talk": "18", "skill": "18", "work": None, "qa": None, "general": None,
    }  # fmt: skip
    context.close()


def test_a_login_that_is_over_is_asked_for_above_the_page_and_the_queue_is_kept(
    venue: Server, browser: Browser
) -> None:
    context, page = sit_down(browser, venue, "E0004")
    engine = create_engine(venue.config.database_url)
    with Session(engine) as session:
        expert = session.scalars(select(Expert).where(Expert.code == "E0004")).one()
        session.execute(
            update(TabletSession).where(TabletSession.expert_id == expert.id).values(revoked_at=system_clock())
        )
        code = tablets.make_code(session, Actor("office", "office"), system_clock, expert)
        session.commit()
    engine.dispose()
    score(page, "良", 1)
    page.get_by_role("button", name="先继续评分").click(timeout=WAIT)
    score(page, "优", 2)
    shows(page, "■ 已存本机")
    expect(page.locator("#offline")).to_be_hidden()
    page.locator("#again button").click()
    page.fill("#again-code", code)
    page.locator("#login .primary").click()
    expect(page.locator("#login")).to_be_hidden(timeout=WAIT)
    shows(page, "✓ 办公室已收到")
    expect(page.locator("#again")).to_be_hidden()
    late = {"error": "登录已结束。"}  # a refusal that was on its way while the code was typed, or another tab logged in
    page.route("**/tablet/view", lambda route: route.fulfill(status=401, json=late))
    page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    expect(page.locator("#login")).to_be_visible(timeout=WAIT)
    page.unroute("**/tablet/view")
    expect(page.locator("#login")).to_be_hidden(timeout=WAIT)
    context.close()


def test_another_expert_neither_sees_nor_sends_what_the_last_one_left(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0005")
    context.set_offline(True)
    score(page, "差", 5)
    shows(page, "■ 已存本机")
    page.close()
    context.set_offline(False)
    address = f"http://127.0.0.1:{venue.port}"
    context.add_cookies([{"name": "rostrum_tablet", "value": token_of("E0006"), "url": address}])
    other = context.new_page()
    other.goto(address + "/tablet/")
    expect(other.locator("#expert")).to_have_text("专家6", timeout=WAIT)
    expect(other.locator("#total")).to_have_text("–")
    score(other, "优", 1)
    shows(other, "✓ 办公室已收到")
    engine = create_engine(venue.config.database_url)
    with Session(engine) as session:
        keys = list(session.scalars(select(Sheet.key).where(Sheet.key.like("%E0005"))))
    engine.dispose()
    assert keys == []
    context.add_cookies([{"name": "rostrum_tablet", "value": token_of("E0005"), "url": address}])
    other.goto(address + "/tablet/")
    expect(other.locator("#expert")).to_have_text("专家5", timeout=WAIT)
    shows(other, "✓ 办公室已收到")
    assert sheet(venue, "R1-P1-A00001-E0005").marks["talk"] == "12"
    context.close()


def test_two_versions_are_looked_at_and_one_is_chosen(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0007")
    context.set_offline(True)
    score(page, "良", 2)
    shows(page, "■ 已存本机")
    engine = create_engine(venue.config.database_url)
    with Session(engine) as session:
        round_ = session.scalars(select(Round)).one()
        key = f"R{round_.id}-P2-A00004-E0007"
        row = record(round_, "A00004", 7, FULL | {"qa": None}, state="draft", sheet=key)
    engine.dispose()
    assert Client(venue.port, "E0007").post("/tablet/records", row)[0] == 201
    context.set_offline(False)
    shows(page, "⚠ 两个版本")
    expect(page.locator("#twice .card")).to_have_count(2)
    picture(page, "tablet-twice")
    page.locator("#twice .card").nth(1).get_by_role("button", name="用这一份").click()
    shows(page, "✓ 办公室已收到")
    assert sheet(venue, key).marks["skill"] == "20"
    assert sheet(venue, key).marks["work"] is None
    context.close()


def test_keys_alone_score_and_submit(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0008", "desk")
    for place, keys in enumerate((["1", "8"], ["PageDown"], ["2", "2"], ["End"], ["ArrowUp", "ArrowUp"])):
        page.locator(".mark").nth(place).focus()
        for key in keys:
            page.keyboard.press(key)
    expect(page.locator("#holes")).to_have_text("")
    page.locator("#submit").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#closed")).to_have_text("已提交，不能再改", timeout=WAIT)
    marks = sheet(venue, "R1-P2-A00004-E0008").marks
    assert (marks["talk"], marks["work"], marks["qa"], marks["general"]) == ("18", "22", "25", "1")
    context.close()


def test_what_is_typed_belongs_to_whom_it_was_typed_for(venue: Server, browser: Browser) -> None:
    """Words are kept a moment after the last key, digits of one mark follow each other within two seconds: whoever is
    chosen in that moment, nothing is lost and nothing goes to another.
    """
    context, page = sit_down(browser, venue, "E0010", "desk")
    people = page.locator("#people .person")
    page.locator(".remark summary").click()
    page.evaluate(  # quicker than any hand: no moment passes between the keys
        """() => {
          const mark = () => document.querySelector(".mark"), remark = document.getElementById("remark");
          const key = (key) => mark().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          const type = (text) => { remark.value = text; remark.dispatchEvent(new Event("input", { bubbles: true })); };
          const [first, second] = document.querySelectorAll("#people .person");
          key("1"); type("给第一位"); second.click();
          key("2"); type("给第二位");
        }"""
    )
    expect(page.locator("#unsent")).to_be_hidden(timeout=WAIT)
    page.reload()
    for n, (name, digit) in enumerate((("第一位", "1"), ("第二位", "2"))):
        people.nth(n).click()
        expect(page.locator(".mark").first).to_have_text(digit)
        expect(page.locator("#remark")).to_have_value(f"给{name}")
    context.close()


def test_on_plain_http_it_works_in_the_reduced_way_and_says_so(venue: Server, browser: Browser) -> None:
    rules = "--host-resolver-rules=MAP venue.invalid 127.0.0.1"
    other = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, rules])
    context = other.new_context(locale="zh-CN")
    address = f"http://venue.invalid:{venue.port}"
    context.add_cookies([{"name": "rostrum_tablet", "value": token_of("E0009"), "url": address}])
    page = context.new_page()
    page.goto(address + "/tablet/")
    expect(page.locator("#sheet")).to_be_visible(timeout=WAIT)
    assert not page.evaluate("() => isSecureContext || 'serviceWorker' in navigator || Boolean(crypto.subtle)")
    expect(page.locator("#reduced")).to_be_visible()
    score(page, "良", 1)
    shows(page, "✓ 办公室已收到")
    page.goto(address + "/tablet/check")
    expect(page.locator("#verdict")).to_contain_text("可以使用，注意", timeout=WAIT)
    other.close()


def test_a_slide_submits_and_half_a_slide_does_not(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0011")
    score(page, "良")
    track = page.locator("#slide").bounding_box()
    assert track is not None
    left, middle = track["x"] + 20, track["y"] + track["height"] / 2
    for share, closed in ((0.5, False), (0.97, True)):
        page.mouse.move(left, middle)
        page.mouse.down()
        page.mouse.move(left + share * track["width"], middle, steps=8)
        page.mouse.up()
        expect(page.locator("#closed")).to_be_visible(visible=closed, timeout=WAIT)
    expect(page.locator("#closed")).to_have_text("已提交，不能再改", timeout=WAIT)
    context.close()


def test_a_submission_is_taken_back_while_the_sitting_is_open(venue: Server, browser: Browser) -> None:
    engine = create_engine(venue.config.database_url)

    def locked(when: str) -> None:
        with Session(engine) as session:
            round_ = session.scalars(select(Round)).one()
            round_.settings = round_.settings | {"sheet_lock": when}
            session.commit()

    locked("closed")
    context, page = sit_down(browser, venue, "E0012")
    score(page, "良")
    page.click("#submit")
    page.click("#submit")
    shows(page, "✓ 办公室已收到")
    page.get_by_role("button", name="撤回修改").click(timeout=WAIT)
    expect(page.locator("#slide")).to_be_visible(timeout=WAIT)
    score(page, "优", 1)
    page.click("#submit")
    page.click("#submit")
    expect(page.locator("#take-back")).to_be_visible(timeout=WAIT)
    shows(page, "✓ 办公室已收到")
    found = sheet(venue, "R1-P3-A00007-E0012")
    assert (found.state, found.marks["talk"]) == ("submitted", "18")
    locked("submitted")
    engine.dispose()
    context.close()


def test_a_recusal_takes_the_sheet_away(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0013")
    page.get_by_role("button", name="申请回避").click()
    page.get_by_label("夫妻").check()
    page.get_by_role("button", name="取消").click()
    expect(page.locator("#slide")).to_be_visible()
    page.get_by_role("button", name="申请回避").click()
    expect(page.get_by_label("夫妻")).not_to_be_checked()
    page.get_by_label("师生").check()
    page.get_by_role("button", name="确认回避").click()
    expect(page.locator("#closed")).to_have_text("您对这位申报人回避，不需要评分。", timeout=WAIT)
    expect(page.locator("#people .person").first).to_contain_text("回避")
    expect(page.locator(".item .band").first).to_be_disabled()
    context.close()


def test_a_new_version_comes_in_the_middle_of_the_day_and_nothing_is_lost(venue: Server, browser: Browser) -> None:
    with network(venue.port) as net:
        context = browser.new_context(locale="zh-CN")
        context.add_cookies([{"name": "rostrum_tablet", "value": token_of("E0014"), "url": net.address}])
        page = context.new_page()
        page.goto(net.address + "/tablet/")
        expect(page.locator("#sheet")).to_be_visible(timeout=WAIT)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        expect(page.locator("#sheet")).to_be_visible(timeout=WAIT)
        old, new = page.locator("html").get_attribute("data-app") or "", "abcdef012345"
        net.mode, net.only = "broken", "/tablet/records"
        score(page, "良", 3)
        shows(page, "■ 已存本机")
        net.instead = (old.encode(), new.encode())
        expect(page.locator("#renew")).to_be_visible(timeout=WAIT)
        shows(page, "■ 已存本机")
        kept = """async ([old, fresh]) => {
          const names = (await caches.keys()).join(" ");
          return names.includes(fresh) && !names.includes(old);
        }"""
        page.wait_for_function(kept, arg=[old, new], timeout=WAIT)
        page.locator("#renew button").click()
        expect(page.locator("html")).to_have_attribute("data-app", new, timeout=WAIT)
        expect(page.locator(".item").nth(2).locator(".mark")).not_to_have_text("–", timeout=WAIT)
        shows(page, "■ 已存本机")
        net.mode = ""
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
        shows(page, "✓ 办公室已收到")
        context.close()
    assert sheet(venue, "R1-P3-A00007-E0014").marks["work"] is not None


TOPS = """() => [...document.querySelectorAll(".item .band, #people button, #submit")].filter((one) => one.offsetParent)
  .map((one) => Math.round(one.getBoundingClientRect().top))"""


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_nothing_moves_under_the_finger_when_somebody_is_called_or_the_network_goes(
    venue: Server, browser: Browser, size: str
) -> None:
    engine = create_engine(venue.config.database_url)

    def step(*steps_: str) -> None:
        with Session(engine) as session:
            round_ = session.scalars(select(Round)).one()
            for what in steps_:
                steps.take(session, Actor("office", "office"), system_clock, round_, "A00008", what)
            session.commit()
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")

    context, page = sit_down(browser, venue, "E0015", size)
    before = page.evaluate(TOPS)
    step("call", "enter", "talk")  # while another's sheet is open
    expect(page.locator("#to-current")).to_be_visible(timeout=WAIT)
    assert page.evaluate(TOPS) == before
    context.set_offline(True)
    page.locator(".item").first.get_by_role("button", name="良").click()
    expect(page.locator("#rescue")).to_be_visible(timeout=WAIT)
    expect(page.locator("#save")).to_be_in_viewport(ratio=1)
    assert page.evaluate(TOPS)[:-1] == before[:-1]
    context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden(timeout=WAIT)
    page.click("#to-current")
    running_ = page.evaluate(TOPS)
    expect(page.locator("#clock")).to_contain_text("陈述中")
    step("undo", "undo", "undo")
    expect(page.locator("#clock")).to_be_hidden(timeout=WAIT)
    assert page.evaluate(TOPS) == running_
    context.close()
    engine.dispose()


def test_who_handed_in_reads_that_after_the_sitting_is_closed_too(venue: Server, browser: Browser) -> None:
    context, page = sit_down(browser, venue, "E0001")
    score(page, "良")
    page.click("#submit")
    page.click("#submit")
    shows(page, "✓ 办公室已收到")
    engine, act = create_engine(venue.config.database_url), (Actor("office", "office"), system_clock)
    with Session(engine) as session:
        round_ = session.scalars(select(Round)).one()
        for code, kind in (("A00001", "heard"), ("A00002", "absent"), ("A00003", "absent")):
            if kind == "heard":
                steps.take(session, *act, round_, code, "call")
            panel_day.settle(session, *act, round_, code, kind)
        closing.close(session, *act, round_, "P1", "S1", "试一试")
        session.commit()
    engine.dispose()
    page.reload()
    expect(page.locator("#closed")).to_have_text("已提交，不能再改", timeout=WAIT)
    page.evaluate("() => document.querySelectorAll('#people button')[1].click()")
    expect(page.locator("#closed")).to_contain_text("没有参加答辩", timeout=WAIT)
    context.close()
