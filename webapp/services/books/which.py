"""Which version of a schedule the workbooks show, and which of them there can be."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.out import KINDS
from webapp.models import Round, ScheduleVersion
from webapp.services.kernel import Refused

BEFORE_A_SCHEDULE = ("rosters",)
"""Kinds that need no schedule."""


def version_if_any(session: Session, round_: Round, drafts: bool = True) -> ScheduleVersion | None:
    """The published version, else the newest draft where ``drafts`` may be seen."""
    query = select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id)
    order = ScheduleVersion.published.desc(), ScheduleVersion.number.desc()
    if not drafts:
        query = query.where(ScheduleVersion.published)
    return session.scalar(query.order_by(*order).limit(1))


def version_of(session: Session, round_: Round, drafts: bool = True) -> ScheduleVersion:
    """The version the workbooks show.

    Raises:
        Refused: there is none yet.
    """
    found = version_if_any(session, round_, drafts)
    if found is None:
        raise Refused("批次“%(name)s”还没有可以导出的安排。请先生成并发布安排。", name=round_.name)
    return found


def kinds_now(version: ScheduleVersion | None) -> tuple[str, ...]:
    """The kinds there can be: all of a schedule, the rosters alone before there is one."""
    return tuple(KINDS) if version else BEFORE_A_SCHEDULE
