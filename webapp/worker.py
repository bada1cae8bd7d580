"""The solver's process: takes jobs from their table, one at a time, and shows each second that it lives."""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401  (the engine's events)
from scheduler.errors import SchedulerError
from webapp.config import Config, from_environment
from webapp.models import Round
from webapp.services import audit, drafts, jobs
from webapp.services.kernel import Actor, system_clock


class Run:
    """One job from its claim to its end. ``stop`` asks the solver to hand out its best."""

    def __init__(
        self, engine: Engine, worker: str, job_id: int, round_id: int, made_by: str, options: dict[str, Any]
    ) -> None:
        self.engine, self.worker, self.job_id, self.round_id, self.options = engine, worker, job_id, round_id, options
        self.actor = Actor(made_by, "office")
        self.stop, self.cancelled = threading.Event(), False
        self.progress: dict[str, Any] = {}
        self.answer: dict[str, Any] | None = None
        self.error = ""

    def carry_out(self, shutdown: threading.Event) -> str:
        """Solve and store; the state the job ended in (``lost`` where another worker has it now)."""
        try:
            instance = self._instance()
        except Exception as error:
            self.error = str(error)
            return self._keep({})
        solver = threading.Thread(target=self._solve, args=(instance,), daemon=True)
        solver.start()
        while solver.is_alive():
            solver.join(1.0)
            with Session(self.engine) as session:
                going = jobs.beat(session, system_clock, self.job_id, self.worker, self.progress)
                session.commit()
            if not going or shutdown.is_set():
                self.cancelled = True
                self.stop.set()
        return self._keep(instance)

    def _instance(self) -> dict[str, Any]:
        from webapp.services.instance import problem_document

        with Session(self.engine) as session:
            return problem_document(session, session.get_one(Round, self.round_id))

    def _solve(self, instance: dict[str, Any]) -> None:
        try:
            from scheduler import Problem, solve

            self.answer = solve(
                Problem.from_json(instance), progress=self._report, cancel=self.stop, **self.options
            ).to_json()
        except SchedulerError as error:
            self.error = str(error)
        except Exception:
            logging.getLogger(__name__).exception("the solver broke off")
            self.error = "排程程序出错，已记入日志，原有草案不受影响。请重试；仍不行请把时间告诉系统管理员。"

    def _report(self, progress: Any) -> None:
        self.progress = json.loads(audit.canonical(asdict(progress)))

    def _keep(self, instance: dict[str, Any]) -> str:
        with Session(self.engine) as session:
            version, error = None, self.error
            if self.answer is not None:
                try:
                    round_ = session.get_one(Round, self.round_id)
                    version = drafts.store(
                        session,
                        self.actor,
                        system_clock,
                        round_,
                        instance,
                        self.answer,
                        "提前停止" if self.cancelled else "",
                    )
                except Exception as failure:
                    session.rollback()
                    error = str(failure)
            state = "failed" if version is None else "cancelled" if self.cancelled else "done"
            if not jobs.finish(
                session, system_clock, self.job_id, self.worker, state, version.id if version else None, error
            ):
                session.rollback()
                return "lost"
            session.commit()
            return state


def run_job(
    config: Config, job_id: int | None = None, shutdown: threading.Event | None = None, workers: int | None = None
) -> str | None:
    """Carry out one waiting job, the oldest or the named one; its final state, ``None`` where none waited.

    ``workers`` overrides the solver threads the job asks for.
    """
    engine = create_engine(config.database_url)
    threads = {} if workers is None else {"workers": workers}
    worker = f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"
    try:
        with Session(engine) as session:
            jobs.reap(session, system_clock)
            job = jobs.claim(session, system_clock, worker, job_id)
            run = job and Run(engine, worker, job.id, job.round_id, job.made_by, job.options | threads)
            session.commit()
        return run.carry_out(shutdown or threading.Event()) if run else None
    finally:
        engine.dispose()


def run_worker(config: Config, workers: int | None = None) -> None:
    """Take jobs until a signal comes; what runs then is stopped and its best kept."""
    shutdown = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: shutdown.set())
    if hasattr(os, "nice"):
        os.nice(10)
    while not shutdown.is_set():
        if run_job(config, shutdown=shutdown, workers=workers) is None:
            shutdown.wait(1.0)


if __name__ == "__main__":
    run_worker(from_environment(sys.argv[1] if len(sys.argv) > 1 else None))
