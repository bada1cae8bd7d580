"""Repairs of the published schedule on the day: what happened, the proposals to choose from, the one that is applied.

A proposal is solved by ``scheduler.repair`` in a job and kept with the edits it was solved for. It is applied only
while nothing it touches has begun; the published version is then replaced by a new one, never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Repair, Round, ScheduleVersion
from webapp.services import (
    audit,
    differences,
    drafts,
    edits,
    events,
    following,
    jobs,
    panel_day,
    proposing,
    publishing,
    today,
    version_notes,
)
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Stale
from webapp.services.rounds import require_state
from webapp.services.spoken import whole


def ask(session: Session, actor: Actor, clock: Clock, round_: Round, event: Mapping[str, Any]) -> Repair:
    """Tell what happened; a job works out the proposals.

    Raises:
        Unreadable: the event lacks something.
        Refused: nothing is published, or nothing needs to change.
    """
    require_state(round_, "published", "in_session")
    now = today.of(session, clock, round_)
    events.ways(now, event)
    job = jobs.queue(session, actor, clock, round_, {"workers": 2, "seed": 0})
    session.flush()
    made = Repair(
        round_id=round_.id,
        base_id=now.version.id,
        job_id=job.id,
        event=dict(event),
        moment=now.moment,
        made_at=clock(),
        made_by=actor.name,
    )
    session.add(made)
    session.flush()
    job.options = job.options | {"repair": made.id}
    audit.record(session, actor, clock, "repair.ask", str(made.id), round_id=round_.id, after={"event": made.event})
    return made


def by_id(session: Session, round_: Round, number: int) -> Repair:
    """The repair of that number."""
    found = session.get(Repair, number)
    if found is None or found.round_id != round_.id:
        raise Missing("没有这次调整。请从当日处置页进入。")
    return found


def everyone(session: Session, round_: Round) -> list[Repair]:
    """All of a round, the newest first."""
    return list(session.scalars(select(Repair).where(Repair.round_id == round_.id).order_by(Repair.id.desc())))


def of_version(session: Session, version: ScheduleVersion) -> Repair | None:
    """The repair a version came from, if it did."""
    return session.scalar(select(Repair).where(Repair.version_id == version.id))


def drop(session: Session, actor: Actor, clock: Clock, round_: Round, number: int) -> None:
    """None of the proposals is wanted."""
    row = _open(session, round_, number)
    row.state, row.ended_at, row.ended_by = "dropped", clock(), actor.name
    audit.record(session, actor, clock, "repair.drop", str(row.id), round_id=round_.id)


def apply(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, choice: int) -> ScheduleVersion:
    """Apply one proposal: the new version is published, what happened is written into the round's tables.

    Raises:
        Stale: the schedule changed since, or somebody it moves has begun; the proposals are to be worked out anew.
        Refused: there is no such proposal, or it breaks a rule by today's data.
    """
    require_state(round_, "published", "in_session")
    row = _open(session, round_, number)
    if not 0 <= choice < len(row.proposals) or "document" not in row.proposals[choice]:
        raise Missing("没有这个方案。请刷新页面。")
    chosen = row.proposals[choice]
    now = today.of(session, clock, round_)
    _still_fits(now, row, chosen["document"])
    gone = [edit["id"] for edit in chosen["edits"] if edit["do"] == "applicant_gone"]
    for who in gone:
        panel_day.settle(session, actor, clock, round_, who, "gave_up", str(row.event.get("reason", ""))[:256])
    edits.write(session, round_, chosen["edits"])
    heard = {row["id"] for row in now.instance["applicants"]} - set(gone)
    instance = problem_document(session, round_)
    document = _entire(instance, chosen["document"], heard)
    way = {"event": events.KINDS[row.event["kind"]], "way": str(whole(chosen["label"])), "n": now.version.number}
    note = (version_notes.REPAIRED % way)[:256]
    version = drafts.put(session, actor, clock, round_, instance, document, note)
    publishing.put_in_force(session, actor, clock, version)
    session.flush()
    following.follow(session, round_, now.version.document, document)
    row.state, row.ended_at, row.ended_by, row.version_id = "applied", clock(), actor.name, version.id
    changed = differences.between(now.version.document, document)
    audit.record(
        session,
        actor,
        clock,
        "repair.apply",
        str(version.number),
        round_id=round_.id,
        before={"version": now.version.number},
        after={"event": row.event, "moved": [m.applicant for m in changed.moves], "edits": chosen["edits"]},
    )
    return version


def _entire(instance: Mapping[str, Any], solved: Mapping[str, Any], heard: Collection[str]) -> dict[str, Any]:
    """The solved document for all of the round's people: who ended before being heard is without a place."""
    document = drafts.core(dict(solved))
    ended = [row["id"] for row in instance["applicants"] if row["id"] not in heard]
    document["unscheduled"] = [*document["unscheduled"], *ended]
    cost = drafts.require_valid(dict(instance), document, set(solved.get("repair", {}).get("past", ())))
    bound = [min(pair) for pair in zip((solved["bound"][0] + len(ended), *solved["bound"][1:]), cost, strict=True)]
    return document | {"cost": list(cost), "bound": bound, "status": "optimal" if bound == list(cost) else "feasible"}


def _open(session: Session, round_: Round, number: int) -> Repair:
    row = by_id(session, round_, number)
    if row.state != "asked":
        raise Stale("这次调整已经处理。请回到当日处置页。")
    return row


def _still_fits(now: today.Today, row: Repair, document: Mapping[str, Any]) -> None:
    if row.base_id != now.version.id:
        raise Stale("安排在此期间已改为第 %(n)s 版，方案已过时。请重新计算。", n=now.version.number)
    if moved := proposing.disturbed(now.version.document, document, now.begun):
        raise Stale("%(who)s 已叫号或已有评分，方案会动到他们。请重新计算。", who="、".join(moved))
    for move in differences.between(now.version.document, document).moves:
        if move.after is not None and datetime.fromisoformat(move.after.start) < now.now:
            at = move.after.start[11:]
            raise Stale("方案给 %(who)s 的时间 %(at)s 已过。请重新计算。", who=move.applicant, at=at)
