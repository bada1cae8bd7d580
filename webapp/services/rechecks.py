"""What is scheduled already, checked again by today's people and venue: a change says at once what it breaks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.check import check
from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from webapp.models import Round, ScheduleVersion
from webapp.services import desks
from webapp.services.instance import problem_document
from webapp.services.kernel import Refused, Sentence
from webapp.services.violations import Told, Tongue

CANNOT = "名册与场地现在不能排程"


@dataclass(frozen=True)
class Recheck:
    """A version and the rules it breaks by today's data."""

    version: ScheduleVersion
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Breaks:
    """What one change newly broke in a version, and what it mended."""

    number: int = 0
    told: tuple[Told, ...] = ()
    mended: int = 0

    def __bool__(self) -> bool:
        """Whether it broke anything."""
        return bool(self.told)

    def sentence(self) -> Sentence | None:
        """For the page after the change; None where nothing is scheduled or nothing changed there."""
        if self.told:
            return Sentence(
                "第 %(number)s 版安排因此有 %(n)s 处不符合规则，例如：%(some)s全部见“复核”。",
                number=self.number,
                n=len(self.told),
                some=self.told[0].said,
            )
        if self.mended:
            return Sentence("第 %(number)s 版安排因此少了 %(n)s 处不符。", number=self.number, n=self.mended)
        return Sentence("第 %(number)s 版安排仍然符合全部规则。", number=self.number) if self.number else None


def scheduled(session: Session, round_: Round) -> ScheduleVersion | None:
    """The version people go by: the published one, else the newest draft."""
    versions = select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id)
    published = session.scalar(versions.where(ScheduleVersion.published))
    return published or session.scalar(versions.order_by(ScheduleVersion.number.desc()).limit(1))


def now(session: Session, round_: Round) -> Recheck | None:
    """That version by today's data; None where nothing is scheduled."""
    session.flush()
    version = scheduled(session, round_)
    if version is None:
        return None
    tongue = Tongue.of(session, round_)
    try:
        report = check(Problem.from_json(problem_document(session, round_)), version.document)
    except SchedulerError as error:
        return Recheck(version, (Told("", CANNOT, str(error), ()),))
    return Recheck(version, tuple(tongue.told(one) for one in report.violations))


def broken(session: Session, version: ScheduleVersion) -> int:
    """How many rules a version breaks by today's data, worked out once while nothing changes."""
    try:
        return len(desks.of(session, version).prices.report.violations)
    except (Refused, SchedulerError):
        return 1  # the one sentence of the whole: it cannot be scheduled


def since(session: Session, round_: Round, before: Recheck | None) -> Breaks:
    """What has changed since ``before``."""
    after = now(session, round_)
    if after is None:
        return Breaks()
    old = _texts(before.told if before else ())
    told = tuple(one for one in after.told if (one.rule, one.text) not in old)
    gone = old - _texts(after.told)
    return Breaks(after.version.number, told, len(gone))


def _texts(told: Collection[Told]) -> set[tuple[str, str]]:
    return {(one.rule, one.text) for one in told}
