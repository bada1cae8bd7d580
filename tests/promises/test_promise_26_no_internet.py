"""Promise 26: no request leaves for the internet: pages work with every other host blocked."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.promises.town import PASSWORD, Town
from tests.webapp.live import FLAGS, running

WEB = Path(__file__).resolve().parents[2] / "webapp"
OUTSIDE = re.compile(
    r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import|import\s*\(?["']https?:"""
)
PAGES = (
    "/office/", "/office/settings", "/rosters/", "/rosters/applicants", "/schedule/", "/schedule/1/board", "/panel/",
    "/results/", "/results/books", "/print/", "/screens/waiting", "/day/", "/lots/", "/pool/",
)  # fmt: skip


def test_nothing_that_is_sent_names_another_host() -> None:
    files = [p for kind in ("html", "css", "js", "svg") for p in (WEB / "templates").rglob(f"*.{kind}")]
    files += [p for kind in ("css", "js", "svg", "webmanifest") for p in (WEB / "static").rglob(f"*.{kind}")]
    assert len(files) > 50
    assert [p.name for p in files if OUTSIDE.search(p.read_text(encoding="utf-8"))] == []
    scripts = [p for p in files if p.suffix in (".js", ".css")]
    assert len(scripts) > 20
    assert [p.name for p in scripts if re.search(r"(?:https?|wss?):/?/|[\"'`]//", p.read_text(encoding="utf-8"))] == []


def test_pages_work_with_every_other_host_blocked(tmp_path: Path) -> None:
    town = Town.at(tmp_path, csrf=True)
    asked: list[str] = []
    flags = [*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
    with running(town.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        page, complaints = browser.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + "/login")
        page.fill("#name", "office")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit], main button")
        page.wait_for_load_state()
        for path in PAGES:
            page.goto(address + path, wait_until="load")
            assert page.locator("h1").count(), path
        browser.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
