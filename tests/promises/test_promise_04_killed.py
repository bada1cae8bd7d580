"""Promise 4: the server is killed at random moments under load; every receipt ever given is found after the restart.
``make soak`` kills it a hundred times."""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from http.client import HTTPException
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from scoring.sheet import content_hash
from tests.tablet.venue import Client, Server, config_in, many_panels, serving
from tests.webapp.small import FULL
from webapp.models import Sheet, SheetRecord

KILLS = 100 if "SOAK" in os.environ else 3
EXPERTS = ("E0001", "E0002", "E0003", "E0004")


def tablet(server: Server, expert: str, over: threading.Event, given: list[dict[str, Any]]) -> None:
    """Change a mark, send it until there is a receipt, change the next."""
    version, client, key = 0, None, f"R1-P1-A00001-{expert}"
    while not over.is_set():
        core = {"marks": FULL | {"talk": str(version % 20)}, "rubric": 1, "sheet": key, "state": "draft"}
        row = core | {"uuid": str(uuid.uuid4()), "base_version": version, "hash": content_hash(**core)}
        receipt = None
        while receipt is None and not over.is_set():
            try:
                client = client or Client(server.port, expert)
                status, answer = client.post("/tablet/records", row)
            except (OSError, HTTPException, ValueError, KeyError):
                client = None
                time.sleep(0.05)
            else:
                receipt = answer if status in (200, 201) else None
        if receipt is not None:
            given.append(receipt)
            version = receipt["version"]


def test_promise_04_every_receipt_is_found_after_kill_9(tmp_path: Path) -> None:
    config, chance, over = config_in(tmp_path), random.Random(4), threading.Event()
    many_panels(config, 1, 1)
    given: list[dict[str, Any]] = []
    with serving(config) as server:
        threads = [threading.Thread(target=tablet, args=(server, expert, over, given)) for expert in EXPERTS]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            seen = len(given)
            while len(given) < seen + 4:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 0.3))
            server.kill()
            server.start()
        over.set()
        for thread in threads:
            thread.join()
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        rows = {r.uuid: r for r in session.scalars(select(SheetRecord))}
        versions = {s.key: s.version for s in session.scalars(select(Sheet))}
    engine.dispose()
    lost = [r for r in given if r["uuid"] not in rows or rows[r["uuid"]].version != r["version"]]
    assert lost == []
    assert len(given) >= 4 * KILLS
    for expert in EXPERTS:
        key = f"R1-P1-A00001-{expert}"
        assert versions[key] == sum(r.sheet_key == key for r in rows.values()), "none doubled"
