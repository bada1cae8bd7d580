"""Solver jobs. The row is the truth: whoever changes it from ``queued`` to ``running`` has the job, nobody else.

A worker shows each second that it lives. A running job without a sign of life goes back to the queue; the worker that
lost it notices at its next sign, or at the latest when it wants to write its result, and drops it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from webapp.models import Job, Repair, Round, Share
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.rounds import require_state

SILENCE = timedelta(seconds=30)
"""After so long without a sign of life a worker counts as dead."""


def start(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    seconds: int = 60,
    workers: int = 2,
    seed: int = 0,
    start: int | None = None,
) -> Job:
    """Ask for a schedule: seconds of search, threads of the solver, seed; ``start``: the version to go on from."""
    require_state(round_, "rosters_locked", "scheduled")
    if not (1 <= seconds <= 7200 and 1 <= workers <= 64 and 0 <= seed < 2**31):
        raise Unreadable("计算时间应为 1 到 7200 秒，线程 1 到 64，随机种子不小于 0。")
    options = {"seconds": seconds, "workers": workers, "seed": seed}
    return queue(session, actor, clock, round_, options if start is None else options | {"start": start})


def explain(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    workers: int = 2,
    seed: int = 0,
    seconds: int | None = None,
) -> Job:
    """Ask why somebody cannot be heard; it takes as long as the instance's size says, or at most so many seconds."""
    require_state(round_, "rosters_locked", "scheduled")
    options = {"task": "explain", "workers": workers, "seed": seed}
    return queue(session, actor, clock, round_, options | ({"seconds": seconds} if seconds else {}))


def busy(session: Session, round_: Round) -> bool:
    """Whether a job of the round waits or runs."""
    waiting = select(Job.id).where(Job.round_id == round_.id, Job.state.in_(("queued", "running")))
    return session.scalar(waiting.limit(1)) is not None


def queue(session: Session, actor: Actor, clock: Clock, round_: Round, options: dict[str, Any]) -> Job:
    """Put a job into the queue; one of a round at a time."""
    if busy(session, round_):
        raise Refused("批次“%(name)s”已有一个排程任务在进行。请等它完成或先停止它。", name=round_.name)
    job = Job(round_id=round_.id, state="queued", made_at=clock(), made_by=actor.name, progress={}, options=options)
    session.add(job)
    audit.record(session, actor, clock, "job.start", round_.name, round_id=round_.id, after=options)
    return job


def cancel(session: Session, actor: Actor, clock: Clock, job: Job) -> None:
    """Ask a job to stop: one that waits ends at once, one that runs keeps its best schedule as a draft."""
    was = {"state": job.state}
    if job.state == "queued" and _changed(session, job.id, "queued", None, state="cancelled", finished_at=clock()):
        now = {"state": "cancelled"}
    elif job.state == "running" and _changed(session, job.id, "running", job.claimed_by, cancel_asked=True):
        now = {"state": "running", "cancel_asked": "true"}
    else:
        session.refresh(job)
        return
    audit.record(session, actor, clock, "job.cancel", str(job.id), round_id=job.round_id, before=was, after=now)
    session.refresh(job)


def claim(session: Session, clock: Clock, worker: str, job_id: int | None = None) -> Job | None:
    """Take a waiting job, the oldest or the named one; ``None`` where there is none or another was quicker."""
    waiting = select(Job.id).where(Job.state == "queued").order_by(Job.id).limit(1)
    found = session.scalar(waiting if job_id is None else waiting.where(Job.id == job_id))
    if found is None or not _changed(
        session, found, "queued", None, state="running", claimed_by=worker, heartbeat_at=clock()
    ):
        return None
    return session.get(Job, found, populate_existing=True)


def beat(session: Session, clock: Clock, job_id: int, worker: str, progress: dict[str, Any]) -> bool:
    """A sign of life with the last progress; whether to go on (not asked to stop, job still ours)."""
    if not _changed(session, job_id, "running", worker, heartbeat_at=clock(), progress=progress):
        return False
    return not session.scalar(select(Job.cancel_asked).where(Job.id == job_id))


def finish(
    session: Session, clock: Clock, job_id: int, worker: str, state: str, version_id: int | None = None, error: str = ""
) -> bool:
    """End a job; ``False`` where it is no longer ours, and then nothing of it may be committed."""
    return _changed(
        session, job_id, "running", worker, state=state, finished_at=clock(), version_id=version_id, error=error[:512]
    )


def reap(session: Session, clock: Clock) -> int:
    """Put the jobs of dead workers back into the queue; how many. A sign of life from the future is none.

    Hands for jobs that do not run any more go too.
    """
    now = clock()
    silent = ~Job.heartbeat_at.between(now - SILENCE, now + SILENCE)
    dead = update(Job).where(Job.state == "running", silent)
    found = changed_rows(session, dead.values(state="queued", claimed_by=None, heartbeat_at=None, shared=False))
    session.execute(delete(Share).where(Share.job_id.in_(select(Job.id).where(Job.state != "running"))))
    return found


def by_id(session: Session, job_id: int) -> Job:
    """The job of that number."""
    found = session.get(Job, job_id)
    if found is None:
        raise Missing("没有这个排程任务。请回到排程页。")
    return found


def newest(session: Session, round_: Round, task: str = "solve") -> Job | None:
    """The last job that made a draft or is to make one; with ``explain`` the last explanation."""
    others = Job.id.not_in(select(Repair.job_id))
    rows = session.scalars(select(Job).where(Job.round_id == round_.id, others).order_by(Job.id.desc()))
    return next((job for job in rows if job.options.get("task", "solve") == task), None)


def _changed(session: Session, job_id: int, was: str, worker: str | None, **values: Any) -> bool:
    owned = Job.claimed_by.is_(None) if worker is None else Job.claimed_by == worker
    return changed_rows(session, update(Job).where(Job.id == job_id, Job.state == was, owned).values(**values)) == 1


def changed_rows(session: Session, statement: Any) -> int:
    """Carry out an update; how many rows it changed."""
    answer = cast("CursorResult[Any]", session.execute(statement, execution_options={"synchronize_session": False}))
    return answer.rowcount
