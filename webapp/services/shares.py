"""Parts of a large job that other workers solve: a row is one worker's hand for one part.

The helper puts the row there, the job's own worker writes the part into it, the helper writes the answer, and the job's
worker takes the row away. Each step is a conditional update, so that whoever was taken for dead changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.models import Job, Share
from webapp.services.jobs import SILENCE, changed_rows
from webapp.services.kernel import Clock

Document = dict[str, Any]


def ask(session: Session, clock: Clock, worker: str) -> Share | None:
    """A hand for the oldest job that runs and may be shared; ``None`` where there is none."""
    alive = Job.heartbeat_at.between(clock() - SILENCE, clock() + SILENCE)
    job = session.scalar(select(Job.id).where(Job.state == "running", Job.shared, alive).order_by(Job.id).limit(1))
    if job is None:
        return None
    share = Share(job_id=job, worker=worker, state="waiting", heartbeat_at=clock(), task={}, answer={})
    session.add(share)
    session.flush()
    return share


def beat(session: Session, clock: Clock, number: int) -> tuple[str, Document] | None:
    """The helper's sign of life: the state and the part; ``None`` where nobody wants the hand any more."""
    if not changed_rows(session, update(Share).where(Share.id == number).values(heartbeat_at=clock())):
        return None
    row = session.execute(select(Share.state, Share.task).where(Share.id == number)).one()
    return row.state, row.task


def answer(session: Session, number: int, found: Document) -> bool:
    """The helper's answer to its part."""
    mine = update(Share).where(Share.id == number, Share.state == "solving")
    return changed_rows(session, mine.values(state="answered", answer=found)) == 1


def leave(session: Session, number: int) -> None:
    """The helper takes its hand away."""
    session.execute(delete(Share).where(Share.id == number))


def give(session: Session, number: int, task: Mapping[str, Any]) -> bool:
    """Write a part into a row that waits for one."""
    waiting = update(Share).where(Share.id == number, Share.state == "waiting")
    return changed_rows(session, waiting.values(state="solving", task=dict(task))) == 1


def of_job(session: Session, clock: Clock, job_id: int) -> dict[int, str]:
    """Number → state of the hands of a job; those without a sign of life are taken away first."""
    forget_silent(session, clock)
    return {row.id: row.state for row in session.execute(select(Share.id, Share.state).where(Share.job_id == job_id))}


def take(session: Session, number: int) -> Document:
    """The answer, with which the row has done its duty."""
    found = session.scalar(select(Share.answer).where(Share.id == number)) or {}
    leave(session, number)
    return found


def forget_silent(session: Session, clock: Clock) -> None:
    """Take away the hands of dead helpers."""
    now = clock()
    session.execute(delete(Share).where(~Share.heartbeat_at.between(now - SILENCE, now + SILENCE)))


def open_to_help(session: Session, job_id: int, worker: str) -> None:
    """The job may be shared from now on."""
    session.execute(update(Job).where(Job.id == job_id, Job.claimed_by == worker).values(shared=True))


def close(session: Session, job_id: int) -> None:
    """No more hands for this job."""
    session.execute(delete(Share).where(Share.job_id == job_id))
