"""Promise 3: captive portal, redirect to a login, 401, 500, 502, cut connection, silence: no record leaves the queue,
none turns green. In Chromium, through a network that answers so; then the network mends and everything arrives once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.tablet.network import FAULTS, Network, network
from tests.tablet.venue import config_in, many_panels, serving, token_of
from tests.webapp.live import chromium
from webapp.config import Config
from webapp.models import Sheet, SheetRecord

KEPT = """async () => {
  const open = indexedDB.open("rostrum R1-E0002");
  const base = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = base.transaction("queue").objectStore("queue").getAll();
  const rows = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  base.close();
  return rows.map((row) => row.record.uuid);
}"""


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Config, Network, Page]]:
    """One expert in, everything fine so far."""
    config = config_in(tmp_path_factory.mktemp("venue"))
    many_panels(config, 1, 2)
    with serving(config) as server, network(server.port) as net, chromium() as browser:
        context = browser.new_context(viewport={"width": 1180, "height": 820}, locale="zh-CN")
        context.add_cookies([{"name": "rostrum_tablet", "value": token_of("E0002"), "url": net.address}])
        page = context.new_page()
        page.goto(net.address + "/tablet/")
        expect(page.locator("#sheet")).to_be_visible(timeout=30_000)
        yield config, net, page


@pytest.mark.parametrize("fault", FAULTS)
def test_promise_03_nothing_leaves_the_queue_and_nothing_turns_green(
    venue: tuple[Config, Network, Page], fault: str
) -> None:
    config, net, page = venue
    state, step = page.locator("#state"), page.locator(".item").first.get_by_role("button", name="加")
    net.mode, net.only = fault, "/tablet/records"
    before = net.seen[fault]
    step.click()
    expect(state).to_have_text("■ 已存本机" if fault != "hang" else "↑ 发送中", timeout=30_000)
    for _ in range(200):
        if net.seen[fault] > before:
            break
        page.wait_for_timeout(50)
    assert net.seen[fault] > before
    waiting = page.evaluate(KEPT)
    assert len(waiting) == 1
    assert "✓" not in state.inner_text()
    net.mode = ""
    if fault == "hang":
        page.reload()
        expect(page.locator("#sheet")).to_be_visible(timeout=30_000)
    else:
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    expect(state).to_have_text("✓ 办公室已收到", timeout=30_000)
    assert page.evaluate(KEPT) == []
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        rows = list(session.scalars(select(SheetRecord)))
        sheet = session.scalars(select(Sheet)).one()
        assert [r.uuid for r in rows if r.uuid in waiting] == waiting
        assert {r.fate for r in rows} == {"taken"}
        assert sheet.version == len(rows)
        assert sheet.marks["talk"] == page.locator(".item").first.locator(".mark").inner_text()
    engine.dispose()
