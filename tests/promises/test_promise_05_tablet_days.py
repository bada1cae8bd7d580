"""Promise 5: tablet-days with the JavaScript that ships, against a real server killed at random: 0 lost, 0 doubled, 0
falsely green. ``make soak`` lives a thousand of them, fifty in each venue; ``TABLET_DAYS`` says another number."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.tablet.network import FAULTS, Network, network
from tests.tablet.venue import SEATS, Server, config_in, many_panels, serving
from tests.webapp.live import chromium
from webapp.models import Sheet, SheetRecord

DAYS = int(os.environ.get("TABLET_DAYS", "1000" if "SOAK" in os.environ else "6"))
VENUE, EACH, TOGETHER = 50, 3, 6


def killed_now_and_then(server: Server, net: Network, over: threading.Event, chance: random.Random) -> None:
    due = chance.randrange(10, 60)
    while not over.wait(0.02):
        if net.seen["passed"] >= due:
            server.kill()
            server.start()
            due = net.seen["passed"] + chance.randrange(10, 80)


def days(net: Network, seeds: list[int], round_: int) -> list[dict[str, Any]]:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(net.address + "/sim/days.html")
        page.wait_for_function("() => window.ready")
        codes = [f"E{n + 1:04d}" for n in range(len(seeds))]
        lived: list[dict[str, Any]] = page.evaluate("(all) => window.run(...all)", [seeds, codes, round_, TOGETHER])
        return lived


def faults(lived: list[dict[str, Any]], session: Session) -> list[str]:
    """One sentence for every mark that is lost or doubled and everything that was green without a record."""
    taken = {r.uuid: r for r in session.scalars(select(SheetRecord))}
    sheets = {s.key: s for s in session.scalars(select(Sheet))}
    versions = Counter(r.sheet_key for r in taken.values() if r.version is not None)
    wrong = [f"{day['expert']}: {day['failed']}" for day in lived if "failed" in day]
    for day in (day for day in lived if "failed" not in day):
        if day["left"]:
            wrong.append(f"{day['expert']}: {day['left']} records never left")
        for uuid, digest in day["greens"]:
            if uuid not in taken or taken[uuid].hash != digest or taken[uuid].version is None:
                wrong.append(f"{day['expert']}: green without a record {uuid}")
        if day["conflicts"]:
            wrong.append(f"{day['expert']}: in conflict with itself {day['conflicts']}")
        for uuid, digest in day["conflicts"]:
            if uuid not in taken or taken[uuid].hash != digest:
                wrong.append(f"{day['expert']}: a second version is not kept {uuid}")
        for key in day["expected"]:
            stored, sheet = day["stored"].get(key), sheets.get(key)
            if stored is None or sheet is None:
                wrong.append(f"{key}: no sheet")
            elif not day["conflicts"] and (sheet.marks, sheet.state) != (stored["marks"], stored["state"]):
                wrong.append(f"{key}: {sheet.marks} {sheet.state} is not {stored}")
            if sheet is not None and versions[key] != sheet.version:
                wrong.append(f"{key}: version {sheet.version} of {versions[key]} records")
    return wrong


@pytest.mark.parametrize("first", range(1, DAYS + 1, VENUE))
def test_promise_05_no_mark_is_lost_or_doubled_and_nothing_is_falsely_green(tmp_path: Path, first: int) -> None:
    seeds = list(range(first, min(first + VENUE, DAYS + 1)))
    config, chance, over = config_in(tmp_path), random.Random(first), threading.Event()
    round_ = many_panels(config, -(-len(seeds) // SEATS), EACH)
    begun = time.monotonic()
    with serving(config) as server, network(server.port) as net:
        killer = threading.Thread(target=killed_now_and_then, args=(server, net, over, chance))
        killer.start()
        try:
            lived = days(net, seeds, round_)
        finally:
            over.set()
            killer.join()
        kills = server.kills
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        wrong = faults(lived, session)
        rows = len(session.scalars(select(SheetRecord.id)).all())
    engine.dispose()
    counts = sum((Counter(day.get("counts", {})) for day in lived), Counter())
    took = time.monotonic() - begun
    print(f"days {first} to {seeds[-1]}: {rows} records, {kills} kills, {took:.0f} s, {dict(counts)}")
    assert not wrong, "\n".join(wrong)
    assert kills > 0
    assert counts["died"] > 0
    assert len(set(FAULTS) & set(counts)) >= 5, "the network was too good"
