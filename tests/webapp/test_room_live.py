"""The room in a browser: a network that goes, screens that follow, a clock that does not trust its machine."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.day import PASSWORD, act, called_then_offline, press, room
from tests.webapp.live import Person, running
from tests.webapp.small import OFFICE, clock, hear, tablet
from webapp import live
from webapp.db import db
from webapp.models import AuditEntry, Call
from webapp.services import desk as check_in
from webapp.services import notes, rounds, steps
from webapp.services.kernel import system_clock


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path / "data")


def test_a_console_without_a_network_goes_on_and_tells_later(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        secretary = called_then_offline(browser, address)
        for text, phase in (("到场", "entered"), ("开始陈述", "talk"), ("开始答辩", "answers")):
            press(secretary, text, phase)
        expect(secretary.page.locator("#kept")).to_contain_text("3 步已记在本机")
        expect(secretary.page.locator("[data-card='A00001'] .time")).to_contain_text("4:5")
        with app.app_context():
            assert db.session.scalars(select(Call)).one().entered_at is None, "nothing has reached the server"
        secretary.page.context.set_offline(False)
        expect(secretary.page.locator("#kept")).to_be_hidden(timeout=30_000)
        with app.app_context():
            call = db.session.scalars(select(Call)).one()
            kept = db.session.scalars(select(AuditEntry.at).where(AuditEntry.act == "call.answers")).one()
            assert call.entered_at
            assert call.talk_at
            assert call.answers_at
            assert call.entered_at <= call.talk_at <= call.answers_at < kept, "its own moment, not that of the network"
        press(secretary, "↶ 撤回", "talk")


def test_steps_kept_by_a_page_that_was_closed_are_told_by_the_next_one(app: Flask, browser: Browser) -> None:
    """The page was opened by the menu, the next one by a link with the panel and the round: another address."""
    with running(app) as address:
        secretary = called_then_offline(browser, address)
        press(secretary, "到场", "entered")
        secretary.page.close()
        secretary.page.context.set_offline(False)
        again = secretary.page.context.new_page()
        again.goto(f"{address}/panel/?panel=P1&round=1")
        expect(again.locator("[data-card='A00001'][data-phase='entered']")).to_have_count(1, timeout=20_000)
        expect(again.locator("#kept")).to_be_hidden()
        with app.app_context():
            assert db.session.scalars(select(Call)).one().entered_at


def test_a_number_typed_for_one_stays_with_him_when_another_signs_in(app: Flask, browser: Browser) -> None:
    """Every row has the same form; what was typed in one must not come up in the others, and no row moves."""
    with app.app_context():
        round_ = rounds.newest(db.session())
        round_.settings = round_.settings | {"lots": "check_in"}
        db.session.commit()
    with running(app) as address:
        desk = Person.sit_down(browser, address)
        desk.log_in("desk", PASSWORD)
        rows = desk.page.locator("#live tbody tr[data-find*=a0000]")
        rows.nth(0).locator("[name=number]").fill("2")
        desk.page.locator("h1").click()
        with app.app_context():
            act = (db.session(), OFFICE, system_clock, rounds.newest(db.session()))
            check_in.sign_in(*act, "A00002", number="1")
            db.session.commit()
        expect(rows.nth(1).get_by_text("✓", exact=False)).to_be_visible(timeout=20_000)
        expect(rows.nth(1)).to_contain_text("A00002")
        expect(rows.nth(0).locator("[name=number]")).to_have_value("2")
        assert desk.page.locator("#live [name=number]").count() == 1
        with app.app_context():
            check_in.sign_out(*(db.session(), OFFICE, system_clock, rounds.newest(db.session())), "A00002")
            db.session.commit()
        expect(rows.nth(1).locator("[name=number]")).to_have_value("", timeout=20_000)
        expect(rows.nth(0).locator("[name=number]")).to_have_value("2")


def test_what_is_chosen_stays_chosen_or_stands_empty(app: Flask, browser: Browser) -> None:
    """The office is about to order a recusal when the page is drawn anew: it must not be for somebody else."""
    with running(app) as address:
        office = Person.sit_down(browser, address)
        office.log_in("office", PASSWORD)
        office.go("/panel/")
        who = office.page.locator("form[action*='/panel/step'] select[name=applicant]")
        who.select_option("A00002")
        office.page.locator("h1").click()
        act(app, "call")
        expect(office.page.locator("[data-card='A00001'][data-phase='called']")).to_have_count(1, timeout=20_000)
        expect(who).to_have_value("A00002")
        act(app, "undo")
        with app.app_context():
            steps.take(db.session(), OFFICE, system_clock, rounds.newest(db.session()), "A00002", "absent")
            db.session.commit()
        expect(who.locator("option")).to_have_text(["申报人…", "申报1"], timeout=20_000)
        expect(who).to_have_value("")


def test_the_office_decides_and_takes_back_and_the_secretary_only_reads(app: Flask, browser: Browser) -> None:
    """Nothing is chosen beforehand, so that no tap decides on whoever stands first; the reason is read in the room."""
    with running(app) as address:
        secretary, office = Person.sit_down(browser, address), Person.sit_down(browser, address, "phone")
        secretary.log_in("secretary", PASSWORD)
        press(secretary, "叫号", "called")
        office.log_in("office", PASSWORD)
        office.go("/panel/")
        form = office.page.locator("section").filter(has=office.page.get_by_role("heading", name="取消资格、延期"))
        line = secretary.page.locator("tr").filter(has_text="申报1")
        for kind, word in (("disqualified", "取消资格"), ("deferred", "延期")):
            form.get_by_role("button", name="记下结果").click()
            assert form.locator(":invalid").count() == 4, "whom, which and why are asked for (the form and its fields)"
            form.locator("[name=applicant]").select_option("A00001")
            form.locator("[name=step]").select_option(kind)
            form.locator("[name=reason]").fill("经核实，见会议纪要")
            form.get_by_role("button", name="记下结果").click()
            expect(line).to_contain_text(f"{word} 经核实，见会议纪要")
            assert line.get_by_role("button", name="撤回").count() == 0, "not the secretary's to take back"
            back = office.page.locator("tr").filter(has_text="申报1").get_by_role("button", name="撤回")
            office.fits()
            back.click()
            expect(secretary.page.locator("[data-card='A00001'][data-phase='called']")).to_have_count(1)
            expect(form.locator("[name=applicant] option")).to_have_count(3)


def test_what_was_typed_is_not_left_by_a_wrong_touch(app: Flask, browser: Browser) -> None:
    with app.app_context(), Session(db.engine) as session:
        hear(session, rounds.newest(session), "A00001")
        session.commit()
    with running(app) as address:
        secretary = Person.sit_down(browser, address)
        secretary.log_in("secretary", PASSWORD)
        secretary.go("/panel/notes")
        secretary.page.fill("#opinion", "熟悉本职工作")
        asked: list[str] = []
        secretary.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        secretary.page.get_by_role("link", name="答辩现场").click(no_wait_after=True)
        expect(secretary.page.locator("#opinion")).to_have_value("熟悉本职工作")
        secretary.press("保存")
        expect(secretary.page.locator("#opinion")).to_have_value("熟悉本职工作")
        secretary.press("答辩现场")
        expect(secretary.page.locator("[data-card]").first).to_be_attached()
        assert asked == ["beforeunload"], "asked once, and not after it was saved"


def test_an_opinion_outlives_the_network_another_desk_and_the_chair(app: Flask, browser: Browser) -> None:
    """Whatever refuses it, what was typed stays in its box, and the sentence says what to do."""
    with app.app_context(), Session(db.engine) as session:
        hear(session, rounds.newest(session), "A00001")
        session.commit()

    def write(text: str) -> None:
        with app.app_context():
            session, round_ = db.session(), rounds.newest(db.session())
            note = notes.row_of(session, round_, OFFICE, "A00001").note
            notes.write(session, OFFICE, clock, round_, "A00001", text, [], str(note.row_version if note else 0))
            session.commit()

    def chair(act: Callable[..., None], *more: str) -> None:
        with app.app_context():
            session, round_ = db.session(), rounds.newest(db.session())
            act(session, tablet(session, round_, 1), clock, round_, "A00001", *more)
            session.commit()

    with running(app) as address:
        secretary = Person.sit_down(browser, address)
        secretary.log_in("secretary", PASSWORD)
        secretary.go("/panel/notes")
        box, page = secretary.page.locator("#opinion"), secretary.page
        box.fill("熟悉本职工作")
        page.context.set_offline(True)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("网络断开，没有保存")
        page.context.set_offline(False)
        write("另一台电脑写的")
        for sentence in ("刚刚被别人改过", None):
            secretary.press("保存")
            expect(box).to_have_value("熟悉本职工作")
            expect(page.get_by_text("另一台电脑写的")).to_have_count(1 if sentence else 0)
            if sentence:
                expect(page.get_by_role("alert").first).to_contain_text(sentence)
        box.fill("熟悉本职工作，成果突出")
        chair(notes.sign, "2")
        secretary.press("保存")
        expect(page.get_by_role("alert").first).to_contain_text("组长已签字")
        expect(box).to_have_value("熟悉本职工作，成果突出")
        chair(notes.give_back, "写明专利号")
        secretary.press("保存")
        secretary.press("保存")
        expect(page.get_by_text("已保存，等组长签字")).to_be_visible()
        chair(notes.give_back, "写明专利号")
        page.reload()
        expect(page.get_by_text("组长退回，请修改后再保存。要改：写明专利号")).to_be_visible()
        expect(page.get_by_role("navigation", name="申报人")).to_contain_text("组长退回")


def test_a_double_click_is_one_press(app: Flask, browser: Browser) -> None:
    """The next phase's button stands where the pressed one stood: the second click must not reach it."""
    with running(app) as address:
        secretary = Person.sit_down(browser, address)
        secretary.log_in("secretary", PASSWORD)
        mouse, button = secretary.page.mouse, secretary.page.locator("[data-card]:not([hidden]) .great:visible")
        expect(button).to_be_visible()
        box = button.bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.click(*middle)
        expect(button).to_have_text("到场", timeout=20_000)
        mouse.down(click_count=2)
        mouse.up(click_count=2)
        secretary.page.wait_for_function("() => !document.body.dataset.busy")
        act(app, "undo")  # would leave it called, had it been entered
        expect(button).to_have_text("叫号", timeout=20_000)


SLOWLY = """const sent = fetch; window.fetch = async (...asked) => {
    if (String(asked[0]).includes("/panel/step")) await new Promise((done) => setTimeout(done, 2000));
    return sent(...asked);
};"""


def absent_on_its_way(browser: Browser, address: str) -> Person:
    """A secretary whose 缺席 for the first applicant takes two seconds to the server."""
    secretary = Person.sit_down(browser, address)
    secretary.page.add_init_script(SLOWLY)
    secretary.log_in("secretary", PASSWORD)
    secretary.page.locator("[data-card]:not([hidden])").get_by_role("button", name="缺席").click()
    return secretary


def test_what_is_pressed_while_a_step_is_under_way_comes_after_it(app: Flask, browser: Browser) -> None:
    """A step of another applicant, and a form that takes the page away: neither is lost, neither overtakes."""
    with running(app) as address:
        secretary = absent_on_its_way(browser, address)
        secretary.page.locator("tr", has_text="申报2").get_by_role("button", name="缺席").click()
        secretary.page.get_by_role("button", name="关闭本场").click()
        expect(secretary.page.get_by_text("已关闭", exact=True)).to_be_visible()


def test_what_rests_on_a_step_that_was_refused_does_not_go(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        secretary = absent_on_its_way(browser, address)
        secretary.page.get_by_role("button", name="关闭本场").click()
        act(app, "call")
        expect(secretary.page.locator("#problem")).to_be_visible()
        expect(secretary.page.locator("[data-card='A00001'][data-phase='called']")).to_have_count(1)
        assert not secretary.page.get_by_text("还没有结果").count(), "closing was not asked for"


def test_a_press_is_not_pulled_from_under_the_finger(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        secretary = Person.sit_down(browser, address)
        secretary.log_in("secretary", PASSWORD)
        button = secretary.page.locator("[data-card='A00001'] button[value=late]")
        button.hover()
        secretary.page.mouse.down()
        act(app, "call")
        secretary.page.wait_for_timeout(4000)  # longer than it takes to be told and to read anew
        secretary.page.mouse.up()
        expect(secretary.page.locator("#problem")).to_be_visible()  # it was called meanwhile: the press is answered
        expect(secretary.page.locator("[data-card='A00001'][data-phase='called']")).to_have_count(1)


def test_a_wall_shows_the_schedules_time_whatever_zone_its_machine_is_in(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        hall = Person(browser.new_context(timezone_id="Pacific/Kiritimati").new_page(), address)
        hall.log_in("screen", PASSWORD)
        about = [f"{datetime.now() + timedelta(minutes=n):%H:%M}" for n in (0, 1)]
        expect(hall.page.locator("[data-wall]")).to_have_text(re.compile("|".join(about)), timeout=20_000)


def test_a_portal_that_answers_everything_is_no_answer(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        secretary = Person.sit_down(browser, address)
        secretary.log_in("secretary", PASSWORD)
        secretary.page.route("**/panel/step**", lambda route: route.fulfill(status=200, body="<h1>Wi-Fi</h1>"))
        press(secretary, "叫号", "called")
        expect(secretary.page.locator("#kept")).to_contain_text("1 步已记在本机")
        secretary.page.unroute("**/panel/step**")
        expect(secretary.page.locator("#kept")).to_be_hidden(timeout=30_000)
        with app.app_context():
            assert db.session.scalars(select(Call)).one().called_at


@pytest.mark.parametrize("seats", [live.SEATS, 0])
def test_the_hall_follows_with_a_seat_and_without(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch, seats: int
) -> None:
    monkeypatch.setattr(live, "SEATS", seats)
    with running(app) as address:
        hall = Person.sit_down(browser, address)
        hall.log_in("screen", PASSWORD)
        sign = hall.page.locator("[data-link]")
        expect(sign).to_have_attribute("data-state", "on" if seats else "poll", timeout=20_000)
        expect(hall.page.locator(".called")).to_have_text("–")
        act(app, "call")
        expect(hall.page.locator(".called")).to_contain_text("A00001", timeout=20_000)
        assert hall.page.evaluate("document.body.dataset.chimed") == "1"
        act(app, "undo")
        expect(hall.page.locator(".called")).to_have_text("–", timeout=20_000)


def test_a_screen_shows_its_one_screen(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        hall = Person.sit_down(browser, address)
        hall.log_in("screen", PASSWORD)
        for path, status in (("/screens/waiting", 200), ("/screens/door/R1", 403), ("/live/timer/R1", 403)):
            answer = hall.page.goto(address + path)
            assert answer is not None
            assert answer.status == status


def test_the_clock_takes_the_quickest_trip_and_counts_by_the_servers_moments(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        page = Person.sit_down(browser, address).page
        page.goto(address + "/login")
        found = page.evaluate(
            """async () => {
              const { judged, best, reading } = await import("/static/js/clock.js");
              // the server is 5,000 ms ahead; each trip is slower one way than the other, the third hardly
              const trips = [[0, 900, 5100], [2000, 2400, 7350], [4000, 4020, 9012]].map((t) => judged(...t));
              const talk = { phase: "talk", began: 1000, limit: 300000, warn: 60000, stood: 0, standing: null };
              const shown = ({ text, state }) => [text, state];
              const at = (now, other = {}) => shown(reading({ ...talk, ...other }, now));
              return [best(trips).offset, at(1000), at(1001), at(2000), at(240999), at(241000), at(301000), at(362500),
                      at(999999, { standing: 11000 }), at(61000, { stood: 60000 })];
            }"""
        )
        assert found == [
            5002,
            ["5:00", "running"],
            ["5:00", "running"],
            ["4:59", "running"],
            ["1:01", "running"],
            ["1:00", "soon"],
            ["0:00", "over"],
            ["+1:01", "over"],
            ["4:50", "standing"],
            ["5:00", "running"],
        ]


def test_what_is_kept_for_all_screens_is_never_older_than_its_stamp(app: Flask) -> None:
    """A poll that began before a call must not keep what it saw for those that come after it."""
    hub = app.extensions["rostrum_live"]
    with app.app_context():
        live.read_plainly()
        before = live.look(db.session())
        other = threading.Thread(target=act, args=(app, "call"))
        other.start()
        other.join()
        stamp = live.look(db.session())  # SQLite: the transaction still sees what it began with
        assert hub.once("a", stamp, lambda: "old") == "old"
        db.session.rollback()
        live.read_plainly()
        now = live.look(db.session())
        assert now > before
        assert hub.once("a", now, lambda: "new") == "new"
        assert hub.once("a", before, lambda: "older still") == "new"


def test_a_hall_with_more_rooms_than_fit_turns_page_by_page(app: Flask, browser: Browser) -> None:
    with running(app) as address:
        hall = Person.sit_down(browser, address)
        hall.page.clock.install()
        hall.page.route("**/live/waiting**", lambda route: route.abort())  # nothing new from the server
        hall.log_in("screen", PASSWORD)
        many = """() => {
          const [row] = document.querySelector("[data-pages] tbody").rows;
          for (let n = 2; n <= 15; n += 1) row.after(row.cloneNode(true));
          document.dispatchEvent(new CustomEvent("rostrum:fresh"));
        }"""
        rows, sign = hall.page.locator("[data-pages] tbody tr"), hall.page.locator("[data-page]")
        hall.page.evaluate(many)
        expect(rows).to_have_count(15)
        first = rows.filter(visible=True).count()
        pages = -(-15 // first)
        assert first < 15
        expect(sign).to_have_text(f"第 1 页，共 {pages} 页")
        assert hall.page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "nothing below the edge"
        hall.page.clock.fast_forward(8000)
        expect(sign).to_have_text(f"第 2 页，共 {pages} 页")
        last = "() => { document.querySelector('[data-pages] tbody tr:last-child .called').classList.add('fresh');"
        hall.page.evaluate(last + " document.dispatchEvent(new CustomEvent('rostrum:fresh')); }")
        expect(rows.last).to_be_visible()
        expect(rows.first).to_be_hidden()
