"""Lots in a browser: the secret stays in it until it is typed in before everyone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.desk import at_the_desk, made_app, pictures
from tests.webapp.small import OFFICE
from webapp.services import publishing


def test_commitment_digits_draw(browser: Browser, tmp_path: Path) -> None:
    def prepare(session):  # type: ignore[no-untyped-def]
        publishing.withdraw(session, OFFICE, clock_at(7), crowded_round(session), "先抽签")

    app = made_app(tmp_path, prepare, "office")
    with at_the_desk(app, browser) as office:
        sent: list[str] = []
        office.page.on("request", lambda r: sent.append(r.post_data or ""))
        office.go("/lots/")
        secret = office.page.locator("#secret-shown").inner_text()
        seal = office.page.input_value("#commitment")
        pictures(office, "lots-commit")
        office.page.check("#kept")
        office.press("公布承诺值")
        expect(office.page.locator(".seal")).to_have_text(seal)
        for n, (who, digits) in enumerate((("监督 王", "38"), ("申报 A00001", "14")), 1):
            office.page.fill(f"#who{n}", who)
            office.page.fill(f"#digits{n}", digits)
        pictures(office, "lots-call")
        office.press("记下数字")
        assert not any(secret in body for body in sent), "not before it is revealed"
        pictures(office, "lots-reveal")
        office.page.fill("#secret", secret)
        office.press("核对密语并抽定")
        expect(office.page.get_by_text("已抽定，次序写入第 3 版")).to_be_visible()
        expect(office.page.locator(".orders tbody tr")).to_have_count(12)
        office.fits()
        pictures(office, "lots-drawn")
        office.press("返回")
        office.press("发布第 3 版")
        expect(office.page.get_by_text("没有抽签")).to_have_count(0)


def test_numbers_at_the_desk(browser: Browser, tmp_path: Path) -> None:
    app = made_app(tmp_path, lambda session: crowded_round(session, lots="check_in", late="leftover"), "desk")
    with at_the_desk(app, browser, "desk") as desk:
        desk.go("/lots/hand")
        for n, number in ((1, 6), (2, 5), (3, 4), (4, 3), (5, 2)):
            desk.page.get_by_label(f"申报{n}", exact=True).fill(str(number))
        desk.page.get_by_label("申报2", exact=True).fill("6")
        desk.press("按号码排定")
        expect(desk.page.get_by_role("alert")).to_contain_text("申报1、申报2 都是 6 号")
        expect(desk.page.get_by_label("申报5", exact=True)).to_have_value("2")
        desk.complaints[:] = [text for text in desk.complaints if "400" not in text]
        desk.page.get_by_label("申报2", exact=True).fill("5")
        pictures(desk, "lots-hand")
        desk.press("按号码排定")
        expect(desk.page.get_by_text("已抽定", exact=True)).to_be_visible()
