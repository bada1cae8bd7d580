"""Publishing: one version becomes the round's schedule, checked once more against today's data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Round, ScheduleVersion
from webapp.services import audit, comparing, drafts, version_notes
from webapp.services.comparing import Comparison
from webapp.services.kernel import Actor, Clock, Refused, Sentence, Unreadable
from webapp.services.rounds import require_state


def warnings(version: ScheduleVersion) -> list[Sentence]:
    """What the office should know before it publishes; none of it forbids."""
    found = []
    if missing := version.document.get("unscheduled", []):
        some = "、".join(missing[:10]) + ("……" if len(missing) > 10 else "")
        found.append(Sentence("还有 %(n)s 位申报人未安排：%(who)s。", n=len(missing), who=some))
    if gaps := [word for word, cost, bound in drafts.levels(version) if cost != bound]:
        found.append(Sentence("%(levels)s 尚未证明最优，延长计算时间可能更好。", levels="、".join(gaps)))
    return found


def to_tell(session: Session, round_: Round, version: ScheduleVersion) -> Comparison | None:
    """What differs from what was published last, whose people have to be told; ``None`` where nothing was."""
    before = comparing.published_before(session, version)
    return comparing.compare(session, round_, before, version) if before else None


def publish(
    session: Session, actor: Actor, clock: Clock, round_: Round, number: int, instance: dict[str, Any]
) -> ScheduleVersion:
    """Freeze one draft as the published version; ``instance`` is the round's data as it is now.

    Raises:
        Refused: the round is not at that stage, the version is no draft, or a hard rule is broken by today's data.
    """
    require_state(round_, "rosters_locked", "scheduled")
    version = drafts.load(session, round_, number)
    if version.status != "draft":
        raise Refused("第 %(number)s 版不是草案，不能发布。", number=number)
    drafts.require_valid(instance, version.document)
    put_in_force(session, actor, clock, version)
    round_.state = "published"
    audit.record(
        session,
        actor,
        clock,
        "schedule.publish",
        str(number),
        round_id=round_.id,
        after={"warnings": [str(warning) for warning in warnings(version)]},
    )
    return version


def put_in_force(session: Session, actor: Actor, clock: Clock, version: ScheduleVersion) -> None:
    """Make a version the published one; the one before is superseded. Judging it is the caller's."""
    held = ScheduleVersion.round_id == version.round_id, ScheduleVersion.published
    for old in session.scalars(select(ScheduleVersion).where(*held)):
        old.status = "superseded"
    session.flush()
    version.status, version.published_at, version.published_by = "published", clock(), actor.name


def withdraw(session: Session, actor: Actor, clock: Clock, round_: Round, reason: str) -> ScheduleVersion:
    """Take the published version back before anyone is called; the same schedule becomes a new draft.

    Raises:
        Refused: nothing is published, or the day has begun.
        Unreadable: no reason is given.
    """
    require_state(round_, "published")
    if not reason.strip():
        raise Unreadable("撤回发布要写明原因。")
    version = session.scalars(
        select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id, ScheduleVersion.published)
    ).one()
    version.status, round_.state = "superseded", "scheduled"
    session.flush()
    audit.record(
        session, actor, clock, "schedule.withdraw", str(version.number), round_id=round_.id, after={"reason": reason}
    )
    note = (version_notes.WITHDRAWN % {"n": version.number, "reason": reason})[:256]
    return drafts.store(session, actor, clock, round_, version.instance, version.document, note)
