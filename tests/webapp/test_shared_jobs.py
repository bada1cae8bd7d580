"""A large schedule solved by several workers' processes, one of them killed; and the hands they lend, step by step."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import Problem, Schedule, check
from scheduler.bench.make import Kind, make
from scheduler.shares import Share as Part
from scheduler.writing import instance_document
from tests.promises.whole import assert_whole
from tests.webapp.large import round_of
from tests.webapp.small import OFFICE, clock
from webapp.config import Config
from webapp.helping import Hands
from webapp.models import Job, Round, ScheduleVersion, Share
from webapp.services import jobs, shares
from webapp.services.kernel import system_clock


def large(session: Session, people: int = 300) -> Round:
    """A round with enough panels to share."""
    round_ = round_of(session, make(Kind(people, 1)))
    jobs.start(session, OFFICE, system_clock, round_, 600, workers=1)
    session.commit()
    return round_


def until(met: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.2)


def test_a_hand_from_the_question_to_the_answer(session: Session) -> None:
    """Both sides step by step, on both databases."""
    large(session)
    job = jobs.claim(session, system_clock, "main")
    assert job is not None
    assert shares.ask(session, system_clock, "early") is None, "not shared yet"
    shares.open_to_help(session, job.id, "main")
    one, two = (shares.ask(session, system_clock, name) for name in ("one", "two"))
    assert one is not None
    assert two is not None
    numbers, hands = (one.id, two.id), Hands(job.id)
    session.commit()
    hands.exchange(session)
    assert hands.idle() == list(numbers)
    problem = Problem.from_json(make(Kind(60, 1)))
    hands.give(numbers[0], Part(problem, Schedule((), tuple(problem.applicant)), 5.0))
    assert hands.idle() == [numbers[1]]
    assert not shares.answer(session, numbers[0], {"panels": []}), "nothing was asked of it yet"
    hands.exchange(session)
    state, task = shares.beat(session, system_clock, numbers[0]) or ("", {})
    assert (state, task["instance"]) == ("solving", instance_document(problem))
    assert not shares.give(session, numbers[0], {}), "it has a part"
    assert shares.answer(session, numbers[0], {"panels": [], "unscheduled": ["A1"]})
    session.commit()
    hands.exchange(session)
    assert hands.answers() == [(numbers[0], Schedule((), ("A1",)))]
    assert shares.beat(session, system_clock, numbers[0]) is None, "its row has done its duty"


def test_the_dead_are_forgotten_on_both_sides(session: Session) -> None:
    large(session)
    job = jobs.claim(session, system_clock, "main")
    assert job is not None
    shares.open_to_help(session, job.id, "main")
    hand = shares.ask(session, lambda: system_clock() - timedelta(seconds=29), "dying")
    assert hand is not None
    number, hands = hand.id, Hands(job.id)
    hands.exchange(session)
    problem = Problem.from_json(make(Kind(60, 1)))
    hands.give(number, Part(problem, Schedule((), tuple(problem.applicant)), 5.0))
    hands.exchange(session)
    session.query(Share).update({Share.heartbeat_at: system_clock() - timedelta(seconds=31)})
    hands.exchange(session)
    assert hands.answers() == [(number, None)], "the solver hears that this part is lost"
    assert shares.ask(session, system_clock, "next") is not None
    assert jobs.reap(session, lambda: system_clock() + timedelta(seconds=31)) == 1
    assert session.query(Share).count() == 0, "no hands for a job that waits"
    assert shares.ask(session, system_clock, "later") is None


def test_one_of_three_workers_is_killed(config: Config, session: Session) -> None:
    """Real processes: one has the job, two solve parts; who is killed at it costs time only."""
    large(session)
    rostrum = Path(sys.executable).with_name("rostrum")
    environment = os.environ | {"ROSTRUM_DATABASE_URL": config.database_url}
    started = [
        subprocess.Popen([rostrum, "worker", "--workers", "1", "--data", config.data], env=environment)
        for _ in range(3)
    ]

    def seen(query: Any) -> list[Any]:
        with session.get_bind().engine.connect().execution_options(rostrum_read=True) as reader:
            return list(reader.scalars(query))

    def at_work() -> set[int]:
        return {int(name.split(":")[1]) for name in seen(select(Share.worker).where(Share.state == "solving"))}

    def ended() -> bool:
        return not {"queued", "running"} & set(seen(select(Job.state)))

    try:
        until(lambda: bool(at_work()))
        killed = at_work().pop()
        os.kill(killed, signal.SIGKILL)
        until(lambda: bool(at_work() - {killed}))
        jobs.cancel(session, OFFICE, clock, session.query(Job).one())
        session.commit()
        until(ended)
        job, made = session.query(Job).one(), session.query(ScheduleVersion).one()
        assert (job.state, job.version_id, job.error) == ("cancelled", made.id, "")
        assert not check(Problem.from_json(made.instance), made.document).violations
        session.rollback()
        until(lambda: not at_work())
        assert sorted(p.poll() is None for p in started) == [False, True, True], "the others go on"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
    assert_whole(config)
