"""Promise 25: a solver job survives a worker's death; never run twice at once, never stuck."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from exports.sample import sample_files
from tests.promises.whole import assert_whole
from tests.webapp.small import OFFICE, clock
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import Job
from webapp.services import jobs, locking, rosters, rounds
from webapp.services.kernel import system_clock
from webapp.worker import run_job


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[Config, Session]]:
    """A round of the sample rosters with a waiting job of ten minutes."""
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        round_ = rounds.create(session, OFFICE, clock, "批次")
        session.flush()
        for kind, (name, data) in sample_files().items():
            rosters.write(session, OFFICE, clock, round_, kind, data, name)
        locking.lock(session, OFFICE, clock, round_)
        jobs.start(session, OFFICE, system_clock, round_, 600, workers=1)
        session.commit()
        yield config, session
    engine.dispose()


def now(session: Session) -> Job:
    """The job; nothing stays open, so that the worker may write."""
    session.rollback()
    job = session.query(Job).one()
    session.expunge(job)
    session.rollback()
    return job


def test_a_killed_worker_costs_time_only(waiting: tuple[Config, Session]) -> None:
    config, session = waiting
    rostrum = Path(sys.executable).with_name("rostrum")
    worker = subprocess.Popen([rostrum, "worker", "--data", config.data])
    try:
        until = time.monotonic() + 120
        while not (now(session).state == "running" and now(session).progress) and time.monotonic() < until:
            time.sleep(0.2)
        first = now(session)
        assert first.state == "running"
        owner = first.claimed_by
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(10)
    session.rollback()
    assert jobs.reap(session, system_clock) == 0, "it showed that it lived a moment ago"
    session.commit()
    assert run_job(config) is None, "nobody else has the job while it may still be run"
    assert jobs.reap(session, lambda: system_clock() + timedelta(seconds=31)) == 1
    session.query(Job).update({Job.options: {"seconds": 2, "workers": 1, "seed": 0}})
    session.commit()
    assert run_job(config) == "done"
    done = now(session)
    assert (done.state, done.version_id is not None, done.claimed_by != owner) == ("done", True, True)
    session.rollback()
    assert_whole(config)


def test_who_was_taken_for_dead_writes_nothing(waiting: tuple[Config, Session]) -> None:
    _config, session = waiting
    slow = jobs.claim(session, clock, "slow")
    assert slow is not None
    assert jobs.reap(session, lambda: clock() + timedelta(seconds=31)) == 1
    assert jobs.claim(session, clock, "quick") is not None
    assert not jobs.beat(session, clock, slow.id, "slow", {})
    assert not jobs.finish(session, clock, slow.id, "slow", "done")
    assert jobs.finish(session, clock, slow.id, "quick", "failed", None, "x")


def test_a_clock_that_was_wrong_keeps_no_job(waiting: tuple[Config, Session]) -> None:
    """The worker died while the machine's clock was a day ahead."""
    _config, session = waiting
    assert jobs.claim(session, lambda: clock() + timedelta(days=1), "ahead") is not None
    assert jobs.reap(session, clock) == 1
    assert jobs.claim(session, clock, "next") is not None
