"""A country on one machine at a tenth: a hundred committees of a thousand applicants, each a database of its own.

``python -m tests.load.country [--committees N] [--applicants N]`` prints the figures that docs/scale.md rests on.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

from tests.load.venue import furnish
from tests.webapp.databases import postgresql
from webapp import create_app
from webapp.config import from_environment
from webapp.models import Applicant, AuditEntry, AuditPayload, Expert, Round, Sheet, SheetRecord
from webapp.services import audit
from webapp.services.kernel import system_clock
from webapp.services.places import place_of

RECORDS = 8
"""Records a sheet gets until it is submitted, as in `make load`."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long it took."""
    began = time.perf_counter()
    yield
    print(f"| {what} | {time.perf_counter() - began:.2f} s |")


def fill(session: Session, round_: Round) -> None:
    """Every sheet of the published round with its records, and an audit entry with payload for each submission."""
    now, number = system_clock(), 0
    experts = {e.code: e.id for e in session.scalars(select(Expert).where(Expert.round_id == round_.id))}
    marks = {item["key"]: item["full"] for item in round_.rubric["items"]}
    for person in session.scalars(select(Applicant).where(Applicant.round_id == round_.id)).all():
        panel = (int(person.code[1:]) - 1) // 12
        sheets: list[dict[str, Any]] = []
        for code in (f"E{5 * panel + m + 1:04d}" for m in range(5)):
            key = f"R{round_.id}-P{panel + 1}-{person.code}-{code}"
            row = {"round_id": round_.id, "key": key, "panel": f"P{panel + 1}", "applicant_id": person.id}
            row |= {"expert_id": experts[code], "version": RECORDS, "state": "submitted", "marks": marks}
            sheets.append(row | {"hash": "0" * 64, "entered_by": f"expert:{code}", "submitted_at": now})
        session.execute(insert(Sheet), sheets)
        session.execute(insert(SheetRecord), [_record(s, n, now) for s in sheets for n in range(RECORDS)])
        entries = [_entry(s, number + n, now, round_) for n, s in enumerate(sheets)]
        number += len(sheets)
        made = session.scalars(insert(AuditEntry).returning(AuditEntry.id), entries).all()
        session.execute(
            insert(AuditPayload), [{"entry_id": i, "before": None, "after": {"hash": "0" * 64}} for i in made]
        )


def _record(sheet: dict[str, Any], n: int, now: object) -> dict[str, Any]:
    head = {"uuid": f"{sheet['key'][-20:]}-{n}", "sheet_key": sheet["key"], "base_version": n, "version": n + 1}
    body = {
        "rubric": 1,
        "marks": sheet["marks"],
        "state": "draft",
        "hash": "0" * 64,
        "client_time": "",
        "fate": "taken",
    }
    return head | body | {"server_time": now, "by": sheet["entered_by"]}


def _entry(sheet: dict[str, Any], n: int, now: object, round_: Round) -> dict[str, Any]:
    row = {"at": now, "actor": sheet["entered_by"], "role": "expert", "round_id": round_.id, "act": "sheet.submit"}
    return row | {"object": sheet["key"], "payload_hash": "0" * 64, "previous": "0" * 64, "hash": f"{n:064x}"}


def main() -> None:
    """Fill one committee, copy it, measure."""
    parser = ArgumentParser()
    parser.add_argument("--committees", type=int, default=100)
    parser.add_argument("--applicants", type=int, default=1000)
    asked = parser.parse_args()
    panels = -(-asked.applicants // 12)
    with postgresql() as url, tempfile.TemporaryDirectory() as folder:
        config = replace(from_environment(folder), database_url=url)
        with timed(f"one committee: {12 * panels} applicants, {60 * panels} sheets, {480 * panels} records"):
            venue = furnish(config, panels)
            engine = create_engine(url)
            with Session(engine) as session:
                fill(session, session.get_one(Round, venue.round_id))
                session.commit()
            engine.dispose()
        base = url.rsplit("/", 1)[0]
        admin = create_engine(f"{base}/template1", isolation_level="AUTOCOMMIT")
        with timed(f"copied to {asked.committees} databases"), admin.connect() as connection:
            for n in range(asked.committees):
                connection.execute(text(f"CREATE DATABASE c{n} TEMPLATE postgres STRATEGY FILE_COPY"))
            sizes = connection.execute(
                text("SELECT sum(pg_database_size(datname)), max(pg_database_size(datname)) FROM pg_database")
            ).one()
        admin.dispose()
        print(f"| all databases; one | {sizes[0] / 2**30:.2f} GB; {sizes[1] / 2**20:.0f} MB |")
        with timed("first look at a sheet in each database, connection and cold plan included"):
            for n in range(asked.committees):
                _look(f"{base}/c{n}", venue.tablets[-1][1][-1], venue.round_id)
        _tables(f"{base}/c0")
        with timed("one committee dumped (pg_dump)"):
            tool = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1]
            address = f"{base}/c0".replace("+psycopg", "")
            subprocess.run([tool, "-Fc", "-f", f"{folder}/dump", address], check=True)
        _memory(folder, base, min(asked.committees, 20))


def _look(url: str, key: str, number: int) -> None:
    engine = create_engine(url)
    with Session(engine) as session:
        assert place_of(session, session.get_one(Round, number), key) is not None
        assert audit.head(session)
    engine.dispose()


def _tables(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        rows = connection.execute(
            text(
                "SELECT relname, reltuples::bigint, pg_total_relation_size(oid) FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 3 DESC LIMIT 6"
            )
        )
        for name, count, size in rows:
            print(f"| `{name}` of one committee | {size / 2**20:.1f} MB, {count} rows |")
    engine.dispose()


def _memory(folder: str, base: str, number: int) -> None:
    """How much more one process needs for each committee it serves."""
    before = _resident()
    apps = []
    for n in range(number):
        config = replace(from_environment(Path(folder, f"app{n}")), database_url=f"{base}/c{n}")
        apps.append(create_app(config))
        assert apps[-1].test_client().get("/login").status_code == 200
    grown = (_resident() - before) / number
    print(f"| memory of one process for each committee it serves | {grown / 2**20:.1f} MB |")


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main()
