"""The solver's process: takes jobs from their table, one at a time, and shows each second that it lives."""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401  (the engine's events)
from scheduler.errors import SchedulerError
from webapp.config import Config
from webapp.helping import LARGE, Hands, lend_a_hand
from webapp.models import Job, Round
from webapp.services import audit, drafts, drawn_order, fixing, jobs, proof, proposing, shares, version_notes
from webapp.services.kernel import Actor, system_clock, without_words
from webapp.services.spoken import written

AGAIN = (1, 5, 15, 30, 60)
"""Seconds between attempts to write an answer."""
BROKE_OFF = "排程程序出错，已记入日志，原有草案不受影响。请重试；仍不行请把时间告诉系统管理员。"


class Run:
    """One job from its claim to its end. ``stop`` asks the solver to hand out its best."""

    all_or_nothing = False
    """Whether half the answer is none: its thread is then left to end by itself when the job is stopped."""

    def __init__(
        self, engine: Engine, worker: str, job_id: int, round_id: int, made_by: str, options: dict[str, Any]
    ) -> None:
        self.engine, self.worker, self.job_id, self.round_id, self.options = engine, worker, job_id, round_id, options
        self.actor = Actor(made_by, "office")
        self.stop, self.cancelled = threading.Event(), False
        self.progress: dict[str, Any] = {}
        self.hands: Hands | None = None
        """Of other workers, where the job is large."""
        self.answer: dict[str, Any] | None = None
        self.error = ""

    def carry_out(self, shutdown: threading.Event) -> str:
        """Solve and store; the state the job ended in (``lost`` where another worker has it now)."""
        try:
            task = self._task()
        except Exception as error:
            self.error = written(error)
            return self._keep(None)
        solver = threading.Thread(target=self._work, args=(task,), daemon=True)
        solver.start()
        while solver.is_alive():
            solver.join(1.0)
            if not self._beat() or shutdown.is_set():
                self.cancelled = True
                self.stop.set()
                if self.all_or_nothing:
                    break
        return self._keep(task)

    def _beat(self) -> bool:
        """A sign of life, and what helpers want; whether to go on. A database that is away stops no search."""
        try:
            with Session(self.engine) as session:
                going = jobs.beat(session, system_clock, self.job_id, self.worker, self.progress)
                if going and self.hands:
                    self.hands.exchange(session)
                session.commit()
        except OperationalError as error:
            logging.getLogger(__name__).warning("no sign of life: %s", without_words(error))
            return True
        return going

    def _task(self) -> Any:
        """What the solver needs of the database."""
        from webapp.services.instance import problem_document

        with Session(self.engine) as session:
            return problem_document(session, session.get_one(Round, self.round_id))

    def _solve(self, task: Any) -> None:
        from scheduler import Problem, solve

        problem = Problem.from_json(task)
        self.answer = solve(problem, **self._how(task)).to_json()

    def _how(self, task: Any) -> dict[str, Any]:
        """Options of the search, what it tells, what stops it, who helps; a small round needs nobody."""
        if len(task["applicants"]) >= LARGE:
            with Session(self.engine) as session:
                shares.open_to_help(session, self.job_id, self.worker)
                session.commit()
            self.hands = Hands(self.job_id)
        return {"progress": self._report, "cancel": self.stop, "helpers": self.hands, **self.options}

    def _work(self, task: Any) -> None:
        try:
            self._solve(task)
        except SchedulerError as error:
            self.error = written(error)
        except Exception as error:
            logging.getLogger(__name__).error("the solver broke off: %s", without_words(error))  # noqa: TRY400
            self.error = BROKE_OFF

    def _report(self, progress: Any) -> None:
        self.progress = json.loads(audit.canonical(asdict(progress)))

    def _store(self, session: Session, task: Any) -> int | None:
        """Write the answer; the id of the version it became, if it did."""
        round_, note = session.get_one(Round, self.round_id), version_notes.STOPPED if self.cancelled else ""
        assert self.answer is not None
        answer = drawn_order.by_roster(session, round_, task, self.answer)
        return drafts.store(session, self.actor, system_clock, round_, task, answer, note).id

    def _keep(self, task: Any) -> str:
        """Write how it ended, again and again while the database is locked or away: an hour's answer is worth it."""
        for wait in AGAIN:
            try:
                return self._kept(task)
            except OperationalError as error:
                logging.getLogger(__name__).warning("not written yet: %s", without_words(error))
                time.sleep(wait)
        return self._kept(task)

    def _kept(self, task: Any) -> str:
        with Session(self.engine) as session:
            version, error, kept = None, self.error, False
            if self.answer is not None:
                try:
                    version, kept = self._store(session, task), True
                except OperationalError:
                    raise
                except Exception as failure:
                    session.rollback()
                    error = written(failure)
            state = "cancelled" if kept and self.cancelled else "done" if kept else "failed"
            if not jobs.finish(session, system_clock, self.job_id, self.worker, state, version, error):
                session.rollback()
                return "lost"
            shares.close(session, self.job_id)
            session.commit()
            return state


class AgainRun(Run):
    """A job that goes on from a version: its panels with pins stay, the rest is made anew."""

    def _task(self) -> Any:
        self.start = self.options.pop("start")
        with Session(self.engine) as session:
            version = drafts.load(session, session.get_one(Round, self.round_id), self.start)
            self.begin, self.begun_on = version.document, version.instance
        return super()._task()

    def _solve(self, task: Any) -> None:
        from scheduler import Problem, Schedule
        from scheduler.again import again
        from scheduler.pins import pins_of

        pins, begin = pins_of(self.begin), Schedule.from_json(drafts.core(self.begin))
        made = again(Problem.from_json(task), begin, pins, **self._how(task))
        self.answer = made.to_json() | {"pins": [pin.to_json() for pin in pins]}
        if self.begun_on == task:
            self.answer |= proof.still(self.begin, self.answer)

    def _store(self, session: Session, task: Any) -> int | None:
        assert self.answer is not None
        round_ = session.get_one(Round, self.round_id)
        answer = drawn_order.by_roster(session, round_, task, self.answer)
        note = (version_notes.AGAIN_STOPPED if self.cancelled else version_notes.AGAIN) % {"n": self.start}
        return drafts.store(session, self.actor, system_clock, round_, task, answer, note, base=self.start).id


class ExplainRun(Run):
    """A job that looks for the causes of what is not possible."""

    all_or_nothing = True

    def _solve(self, task: Any) -> None:
        self.options.pop("task")
        self.answer = fixing.answer(task, **self.options)

    def _store(self, session: Session, task: Any) -> None:  # noqa: ARG002
        session.get_one(Job, self.job_id).answer = self.answer or {}


class RepairRun(Run):
    """A job that works out the proposals of a repair."""

    def _task(self) -> proposing.Task:
        self.repair = self.options.pop("repair")
        with Session(self.engine) as session:
            task = proposing.task(session, system_clock, session.get_one(Round, self.round_id), self.repair)
            session.commit()
            return task

    def _solve(self, task: proposing.Task) -> None:
        self.answer = {"proposals": list(proposing.propose(task, self.options, self._tell, self.stop))}

    def _tell(self, done: int, of: int) -> None:
        self.progress = {"done": done, "of": of}

    def _store(self, session: Session, task: proposing.Task) -> None:  # noqa: ARG002
        assert self.answer is not None
        proposing.keep(session, self.repair, self.answer["proposals"])


def _kind(job: Job) -> type[Run]:
    if "repair" in job.options:
        return RepairRun
    return ExplainRun if job.options.get("task") == "explain" else AgainRun if "start" in job.options else Run


def run_job(
    config: Config, job_id: int | None = None, shutdown: threading.Event | None = None, workers: int | None = None
) -> str | None:
    """Carry out one waiting job, the oldest or the named one; its final state, ``None`` where none waited.

    ``workers`` overrides the solver threads the job asks for.
    """
    engine = create_engine(config.database_url)
    threads = {} if workers is None else {"workers": workers}
    worker = _name()
    try:
        with Session(engine) as session:
            jobs.reap(session, system_clock)
            job = jobs.claim(session, system_clock, worker, job_id)
            run = job and _kind(job)(engine, worker, job.id, job.round_id, job.made_by, job.options | threads)
            session.commit()
        return run.carry_out(shutdown or threading.Event()) if run else None
    finally:
        engine.dispose()


def help_out(config: Config, shutdown: threading.Event, workers: int | None = None) -> bool:
    """Solve a part of a large job that another worker has; whether there was one."""
    engine = create_engine(config.database_url)
    try:
        return lend_a_hand(engine, _name(), workers or 2, shutdown)
    finally:
        engine.dispose()


def _name() -> str:
    """Of this worker, for this once."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


def run_worker(configs: Sequence[Config], workers: int | None = None) -> None:
    """Take jobs, of each committee in turn, until a signal comes; what runs then is stopped and its best kept."""
    shutdown = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: shutdown.set())
    if hasattr(os, "nice"):
        os.nice(10)
    while not shutdown.is_set():
        try:
            done = [run_job(config, None, shutdown, workers) for config in configs if not shutdown.is_set()]
            if not any(done) and not any(help_out(config, shutdown, workers) for config in configs):
                shutdown.wait(1.0)
        except OperationalError as error:  # locked, full or away: it comes back, and the rows know where we were
            logging.getLogger(__name__).warning("the database is not there: %s", without_words(error))
            shutdown.wait(5.0)
