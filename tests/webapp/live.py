"""A running Rostrum for the browser: the web in a thread, its solver on demand; a Chromium that must not complain."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.promises.whole import assert_whole

SIZES = {"desk": (1366, 768), "tablet": (1180, 820), "phone": (390, 844)}
expect.set_options(timeout=30_000)
# As long as a press waits: the machine's load is no failure, and what is there is seen at once.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """Serve the application on a free loopback port; its address. When it ends well, ``check-data`` finds nothing."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
    assert_whole(app.config["ROSTRUM"])


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at a screen: a browser of their own, and every complaint it made."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def sit_down(cls, browser: Browser, address: str, size: str = "desk") -> Person:
        """Open a fresh browser of that size."""
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", has_touch=size != "desk"
        )
        person = cls(context.new_page(), address)
        person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
        person.page.on("console", lambda m: person.complaints.append(m.text) if m.type == "error" else None)
        return person

    def go(self, path: str) -> None:
        """Open a page; it must not be wider than the screen."""
        self.page.goto(self.address + path)
        self.fits()

    def fits(self) -> None:
        """Nothing sticks out sideways."""
        self.page.wait_for_load_state()  # a page just come to may have no element yet
        wide = self.page.locator("html").evaluate("page => page.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"

    def press(self, text: str) -> None:
        """Press the first visible button or link of that text and wait for the page."""
        button = self.page.get_by_role("button", name=text, exact=True).or_(
            self.page.get_by_role("link", name=text, exact=True)
        )
        button.first.click()
        under_way = self.page.locator("form[data-asking], form[data-reached], body[data-busy]")
        expect(under_way).to_have_count(0)  # it asks before it sends, or a step has not arrived
        self.page.wait_for_load_state()

    def take(self, text: str) -> str:
        """Press a link that gives a file; the name it is saved under, once it is there whole."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=text, exact=True).click()
        assert waiting.value.failure() is None
        return waiting.value.suggested_filename

    def log_in(self, name: str, password: str) -> None:
        """Through the login page."""
        self.go("/login")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.press("登录")

    def picture(self, name: str) -> None:
        """Keep a screenshot where ROSTRUM_PICTURES names a folder: the README's pictures are made by this test."""
        if folder := os.environ.get("ROSTRUM_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")
