"""``python -m tests.load [laptop] [server] [ratio] [--seconds N] [-o PAGE]``: promise 24 in both forms, a submission
beside a bare insert on both databases, and its page."""

from __future__ import annotations

import asyncio
import os
import platform
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.load import servers
from tests.load.page import Form, render
from tests.load.people import day
from tests.load.ratio import Ratio, measure
from tests.load.venue import furnish, solving
from tests.webapp.databases import postgresql
from webapp.config import Config, from_environment


def laptop(folder: Path, seconds: float) -> Form:
    """60 tablets and 20 people on SQLite, one process, the solver running."""
    config = from_environment(folder / "laptop")
    venue = furnish(config, 12)
    with servers.rostrum(config) as web, solving(config, seconds):
        times, saved = asyncio.run(day(venue, web.port, seconds, 10, 60, 20))
    return Form("60 tablets, 20 people, SQLite, one process, the solver running", 200, seconds, times, saved)


def server(folder: Path, url: str, seconds: float) -> Form:
    """1,000 tablets on PostgreSQL with two web processes."""
    config = replace(from_environment(folder / "server"), database_url=url)
    venue = furnish(config, 200)
    with servers.rostrum(config, "--processes", "2", "--no-worker") as web:
        times, saved = asyncio.run(day(venue, web.port, seconds, 10, 1000, 20))
    return Form("1,000 tablets, 20 people, PostgreSQL, two processes", 500, seconds, times, saved)


def ratio(config: Config, turns: int = 8) -> Ratio:
    """Submissions beside bare inserts into the same database, in turns; one process each."""
    venue = furnish(config, 3 * turns)
    with servers.rostrum(config, "--no-worker") as web, servers.bare(config.database_url) as bare:
        return asyncio.run(measure(venue, web, bare, turns, 120))


def main() -> None:
    """Measure what was asked for and write the page."""
    parser = ArgumentParser()
    parser.add_argument("forms", nargs="*", default=["laptop", "server", "ratio"])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("-o", "--output", type=Path)
    asked = parser.parse_args()
    forms, ratios = [], {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rostrum-load-")))
        if "laptop" in asked.forms:
            forms.append(laptop(folder, asked.seconds))
            print(forms[-1].summary(), flush=True)
        if "server" in asked.forms:
            url = stack.enter_context(postgresql(durable=True))
            forms.append(server(folder, url, asked.seconds))
            print(forms[-1].summary(), flush=True)
        if "ratio" in asked.forms:
            config, url = from_environment(folder / "ratio"), stack.enter_context(postgresql(durable=True))
            ratios = {"SQLite": ratio(config), "PostgreSQL": ratio(replace(config, database_url=url))}
    text = render(forms, ratios, f"{platform.machine()}, {os.cpu_count()} cores", os.getloadavg(), datetime.now(UTC))
    print(text)
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
