"""The one laptop dies in the morning: a second goes on with backup and journal, the same address and certificate."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import ssl
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import create_engine, select

from tests.load import servers
from tests.load.people import Tablet
from tests.load.venue import furnish
from tests.load.web import Browser, Times
from webapp import authority
from webapp.cli import group
from webapp.config import Config, from_environment
from webapp.models import SheetRecord


def run(*words: str) -> str:
    answer = CliRunner().invoke(group, list(words), standalone_mode=False)
    assert answer.exception is None, answer.exception
    return answer.output


async def save(tablets: list[Tablet], version: int) -> None:
    for tablet in tablets:
        await tablet.save(tablet.keys[0], version, "draft", random.Random(f"{tablet.number} {version}"))


def uuids(config: Config) -> list[str]:
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        found = list(connection.scalars(select(SheetRecord.uuid)))
    engine.dispose()
    return found


def test_a_second_laptop_takes_over(tmp_path: Path) -> None:
    first, second = from_environment(tmp_path / "first"), from_environment(tmp_path / "second")
    kit, stick, journal = tmp_path / "kit.zip", tmp_path / "usb", tmp_path / "usb.jsonl"
    venue, times = furnish(first, 1), Times()
    said = run("ca", "--host", "127.0.0.1", "--data", str(first.data))
    assert authority.fingerprint(first.tls_folder / "rostrum-ca.crt") in said
    run("spare", "-o", str(kit), "--data", str(first.data))
    trusted = ssl.create_default_context(cafile=str(first.tls_folder / "rostrum-ca.crt"))  # what the tablets trust
    with servers.rostrum(first, "--tls", "--no-worker", ROSTRUM_JOURNAL=str(journal)) as died:
        tablets = [Tablet(venue, n, Browser(died.port, times, trusted), "__Host-rostrum_tablet") for n in range(5)]

        async def morning() -> None:
            for tablet in tablets:
                await tablet.enter()
            await save(tablets, 0)
            await asyncio.to_thread(run, "backup", str(stick), "--data", str(first.data))
            await save(tablets, 1)
            os.kill(died.pid, signal.SIGKILL)
            await asyncio.gather(*(tablet.browser.close() for tablet in tablets))

        asyncio.run(morning())
    assert times.errors == []
    with journal.open("ab") as torn:
        torn.write(b'{"round": 1, "by"')
    (backup,) = stick.iterdir()
    taking = ["spare", "--from", str(kit), "--journal", str(journal), "--data", str(second.data), "--backup"]
    for wrong, words in ((kit, "不是备份文件"), (journal, "不是备份文件")):
        answer = CliRunner().invoke(group, [*taking, str(wrong)])
        assert (answer.exit_code, words in answer.output) == (2, True), answer.output
        assert not (second.data / "rostrum.sqlite3").exists(), "and it can be tried again"
    said = run(*taking, str(backup))
    assert "补上 5 条，已有 5 条" in said
    assert "没有写完" in said
    with servers.rostrum(second, "--tls", "--no-worker", port=died.port):

        async def afterwards() -> None:
            await save(tablets, 2)  # the same cookie, token and certificate: nobody comes in anew
            await asyncio.gather(*(tablet.browser.close() for tablet in tablets))

        asyncio.run(afterwards())
    assert times.errors == []
    assert sum(tablet.saved for tablet in tablets) == 15
    assert set(uuids(first)) < set(uuids(second))
    assert len(uuids(second)) == 15


def test_who_connects_and_says_nothing_holds_up_nobody(tmp_path: Path) -> None:
    config = from_environment(tmp_path)
    authority.issue(config.tls_folder, ["127.0.0.1"])
    trusted = ssl.create_default_context(cafile=str(config.tls_folder / "rostrum-ca.crt"))

    async def ask(port: int) -> tuple[int, str]:
        _reader, silent = await asyncio.open_connection("127.0.0.1", port)
        browser = Browser(port, Times(), trusted)
        first = await asyncio.wait_for(browser.get("/login"), 30)
        kept = browser._writer
        second = await browser.get("/healthz")
        same = "kept" if browser._writer is kept else "new"
        await browser.close()
        silent.close()
        await silent.wait_closed()
        return first.status + second.status, same

    with servers.rostrum(config, "--tls", "--no-worker") as web:
        assert asyncio.run(ask(web.port)) == (400, "kept")
