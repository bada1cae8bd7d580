"""A disk that is full, a database that somebody holds, a clock that jumps: a sentence, nothing half written, and on."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from scoring.sheet import content_hash
from tests.promises.whole import assert_whole
from tests.tablet.venue import Client, Server, ask, config_in, many_panels, serving
from tests.webapp.small import FULL, NOW, OFFICE, clock, published_round, tablet
from tests.webapp.small import record as small_record
from webapp.config import Config
from webapp.db import trouble
from webapp.models import Call, SheetRecord
from webapp.services import clocks, panel_day, rounds, sheets, uploads
from webapp.services.settings import of_round

FULL_DISK, BUSY = "服务器的磁盘写不进", "数据库正被占用"


def record(version: int = 0) -> dict[str, Any]:
    core = {"marks": FULL | {"talk": str(version % 20)}, "rubric": 1, "sheet": "R1-P1-A00001-E0001", "state": "draft"}
    return core | {"uuid": str(uuid.uuid4()), "base_version": version, "hash": content_hash(**core)}


def kept(config: Config) -> list[str]:
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        found = list(session.scalars(select(SheetRecord.uuid).order_by(SheetRecord.id)))
    engine.dispose()
    return found


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 24 MB of its own."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Nothing more fits on the disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"x" * size)
            except OSError:
                size //= 2
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def no_more_bytes(server: Server) -> Iterator[None]:
    """No file of the server's may grow: what somebody who may not mount a disk can try."""
    assert server.process is not None
    soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


def refused_and_taken_later(config: Config, server: Server, fault: Any, sentence: str) -> None:
    """A record before, one during the trouble, which is refused with a sentence and taken afterwards."""
    client, first, second = Client(server.port, "E0001"), record(0), record(1)
    assert client.post("/tablet/records", first)[0] == 201
    with fault:
        status, answer = client.post("/tablet/records", second)
        assert status == 503
        assert sentence in answer["error"]
        assert ask(server.port, "GET", "/tablet/view", headers={"Cookie": client.cookie})[0] == 200, "reading goes on"
        assert ask(server.port, "GET", "/login", headers={"Accept": "text/html"})[0] == 200
    status, answer = client.post("/tablet/records", second)
    assert (status, answer["uuid"], answer["version"]) == (201, second["uuid"], 2)
    assert kept(config) == [first["uuid"], second["uuid"]]
    assert_whole(config)


def test_a_full_disk(tmp_path: Path) -> None:
    """A real small disk for root; for anybody else files that may not grow, which SQLite meets in the same place."""
    with small_disk(tmp_path / "disk") if os.geteuid() == 0 else nullcontext(tmp_path) as disk:
        config = config_in(disk)
        many_panels(config, 1, 1)
        with serving(config) as server:
            fault = filled(disk) if os.geteuid() == 0 else no_more_bytes(server)
            refused_and_taken_later(config, server, fault, FULL_DISK)


def test_an_upload_is_whole_or_not_there(tmp_path: Path) -> None:
    """Ten bytes may still be written, the file has a million."""
    folder, was = tmp_path / "uploads", resource.getrlimit(resource.RLIMIT_FSIZE)
    config = config_in(tmp_path)
    many_panels(config, 1, 1)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        round_ = rounds.newest(session)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, was[1]))
        try:
            with pytest.raises(OSError) as said:
                uploads.keep(session, OFFICE, clock, round_, "applicants", b"x" * 10**6, "a.xlsx", folder)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, was)
        assert trouble(said.value) == "full"
        assert list(folder.iterdir()) == []
    engine.dispose()


@contextmanager
def held(config: Config) -> Iterator[None]:
    """Another program holds the database's write lock."""
    with closing(sqlite3.connect(config.data / "rostrum.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_database(tmp_path: Path) -> None:
    """It waits for fifteen seconds first: mostly the other is done by then."""
    config = config_in(tmp_path)
    many_panels(config, 1, 1)
    with serving(config) as server:
        refused_and_taken_later(config, server, held(config), BUSY)


def test_postgresql_waits_for_a_lock_only_so_long(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as one, engine.connect() as two:
        assert one.scalar(text("SHOW lock_timeout")) == "15s"
        one.execute(text("SELECT pg_advisory_xact_lock(8)"))
        two.execute(text("SET lock_timeout = 50"))
        with pytest.raises(OperationalError) as said:
            two.execute(text("SELECT pg_advisory_xact_lock(8)"))
    assert trouble(said.value) == "busy"
    engine.dispose()


@pytest.mark.parametrize("jump", [timedelta(hours=-26), timedelta(days=400)], ids=["back", "ahead"])
def test_a_clock_that_jumps(session: Session, config: Config, jump: timedelta) -> None:
    """In the middle of an applicant's turn, and back again later: order comes from versions, not from the clock."""
    round_, shift = published_round(session), [timedelta(0)]

    def jumping() -> datetime:
        return NOW + shift[0]

    panel_day.call(session, OFFICE, jumping, round_, "A00001")
    panel_day.begin(session, OFFICE, jumping, round_, "A00001", "talk")
    for number, (mark, shift[0]) in enumerate([("10", timedelta(0)), ("11", jump), ("12", timedelta(seconds=5))]):
        row = small_record(round_, "A00001", 2, FULL | {"talk": mark}, state="draft", base_version=number)
        answer = sheets.receive(session, tablet(session, round_, 2), jumping, round_, row)
        assert (answer.status, answer.document["version"]) == (201, number + 1)
    shift[0] = jump
    panel_day.begin(session, OFFICE, jumping, round_, "A00001", "answers")
    read = clocks.reading(session.scalars(select(Call)).one(), [], of_round(round_))
    assert read is not None
    assert timedelta(0) <= read.left(jumping()) <= timedelta(minutes=5), "the phase begins with the clock as it is now"
    shift[0] = timedelta(seconds=9)
    panel_day.settle(session, OFFICE, jumping, round_, "A00001", "heard")
    session.commit()
    assert_whole(config)
