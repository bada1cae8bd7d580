"""Several workers for one large schedule: those without a job of their own solve parts of another's.

:class:`Hands` is the job's side: the solver asks it for idle helpers and never waits, the worker's loop carries parts
and answers between it and the database each second. :func:`lend_a_hand` is the other side.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler import Problem, Schedule, solve
from scheduler.errors import SchedulerError
from scheduler.shares import Share
from scheduler.writing import instance_document
from webapp.services import shares
from webapp.services.kernel import system_clock, without_words

LARGE = 240
"""Applicants from which a round's job is shared."""
PATIENCE = 5
"""Signs of life for which a helper waits for a part before it looks for a job of its own again."""
ON_TOP = 10.0
"""Seconds more than it was given after which a part is broken off."""


class Hands:
    """The helpers of one job, as its solver sees them."""

    def __init__(self, job_id: int) -> None:
        self.job_id, self.lock = job_id, threading.Lock()
        self.waiting = set[int]()
        self.given = set[int]()
        self.parts: dict[int, dict[str, Any]] = {}
        """Given by the solver, not yet in the database."""
        self.back: list[tuple[int, Schedule | None]] = []

    def idle(self) -> list[int]:
        """Who waits for a part."""
        with self.lock:
            return sorted(self.waiting)

    def give(self, helper: int, share: Share) -> None:
        """A part for one who waits."""
        task = {"instance": instance_document(share.problem), "schedule": share.schedule.to_json()}
        with self.lock:
            self.waiting.discard(helper)
            self.given.add(helper)
            self.parts[helper] = task | {"seconds": share.seconds, "seed": helper}

    def answers(self) -> list[tuple[int, Schedule | None]]:
        """What has come back since."""
        with self.lock:
            found, self.back = self.back, []
        return found

    def exchange(self, session: Session) -> None:
        """Write parts into their rows, read answers out of theirs, see who came and who is gone."""
        with self.lock:
            parts, self.parts = self.parts, {}
        for helper, task in parts.items():
            shares.give(session, helper, task)
        states = shares.of_job(session, system_clock, self.job_id)
        back = {n: _schedule(shares.take(session, n)) for n, state in states.items() if state == "answered"}
        with self.lock:
            gone = self.given - set(states)
            self.back += [*back.items(), *((n, None) for n in gone)]
            self.given -= gone | set(back)
            self.waiting = {n for n, state in states.items() if state == "waiting"} - self.given


def _schedule(document: dict[str, Any]) -> Schedule | None:
    try:
        return Schedule.from_json(document)
    except SchedulerError:
        return None


def lend_a_hand(engine: Engine, worker: str, threads: int, shutdown: threading.Event) -> bool:
    """Solve one part of another worker's job; whether there was a job to help with."""
    with Session(engine) as session:
        share = shares.ask(session, system_clock, worker)
        if share is None:
            return False
        number = share.id
        session.commit()
    task = _part(engine, number, shutdown)
    answer = task and _solved(engine, number, task, threads, shutdown)
    with Session(engine) as session:
        if not (answer and shares.answer(session, number, answer)):
            shares.leave(session, number)
        session.commit()
    return True


def _beat(engine: Engine, number: int) -> tuple[str, dict[str, Any]] | None:
    with Session(engine) as session:
        found = shares.beat(session, system_clock, number)
        session.commit()
        return found


def _part(engine: Engine, number: int, shutdown: threading.Event) -> dict[str, Any] | None:
    """The part, when it comes in time."""
    for _ in range(PATIENCE):
        found = _beat(engine, number)
        if found is None or found[0] == "solving" or shutdown.wait(1.0):
            return found[1] if found and found[0] == "solving" else None
    return None


def _solved(
    engine: Engine, number: int, task: dict[str, Any], threads: int, shutdown: threading.Event
) -> dict[str, Any] | None:
    """The part's best schedule; ``None`` where it is not wanted any more or could not be solved."""
    stop, found = threading.Event(), list[dict[str, Any]]()

    def work() -> None:
        try:
            problem, start = Problem.from_json(task["instance"]), Schedule.from_json(task["schedule"])
            how = {"seconds": task["seconds"], "seed": task["seed"], "workers": threads}
            found.append(solve(problem, start=start, cancel=stop, **how).to_json())
        except Exception as error:
            logging.getLogger(__name__).error("a part broke off: %s", without_words(error))  # noqa: TRY400

    solver = threading.Thread(target=work, daemon=True)
    solver.start()
    end = time.monotonic() + task["seconds"] + ON_TOP
    while solver.is_alive():
        solver.join(1.0)
        if _beat(engine, number) is None or shutdown.is_set() or time.monotonic() > end:
            stop.set()
            return None
    return found[0] if found else None
