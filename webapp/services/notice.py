"""The days of the public notice (公示): working days by the Chinese calendar with its make-up days, or as corrected.

Source of the calendar: the package chinesecalendar, which keeps the State Council's yearly arrangement of holidays. A
year it does not know yet is asked for, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy.orm import Session

from webapp.models import Round
from webapp.services import audit, results, voting
from webapp.services.kernel import Actor, Clock, Refused, Sentence
from webapp.services.rounds import require_state
from webapp.services.settings import of_round

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """First and last day; ``end`` is empty where it has to be filled in. ``says`` tells how it was found."""

    start: date
    end: date | None
    says: Sentence


def last_day(start: date, days: int) -> date | None:
    """The day on which so many working days are full, the first counting if it is one; ``None``: a year is unknown."""
    at, left = start - ONE, days
    while left:
        at += ONE
        try:
            left -= chinese_calendar.is_workday(at)
        except NotImplementedError:
            return None
    return at


def days(round_: Round) -> Days | None:
    """The notice's days; ``None`` while no first day is set."""
    settings = of_round(round_)
    start, least = settings.notice_start, settings.notice_days
    if start is None:
        return None
    found = last_day(start, least)
    if settings.notice_end is not None:
        return Days(start, settings.notice_end, _corrected(start, settings.notice_end, least, found))
    if found is None:
        says = Sentence(
            "程序还不知道 %(year)s 年的放假和调休安排。请在“批次设置”中填写公示截止日期，须满 %(n)s 个工作日。",
            year=_unknown(start),
            n=least,
        )
        return Days(start, None, says)
    return Days(start, found, Sentence("共 %(n)s 个工作日，按国务院办公厅放假和调休安排计算。", n=least))


def begin(session: Session, actor: Actor, clock: Clock, round_: Round) -> None:
    """Begin the public notice of released results.

    Raises:
        Refused: votes are missing, or the days are not known.
    """
    require_state(round_, "released")
    if not results.has_vote(round_):
        raise Refused("这个批次按设置不表决，没有公示名单。")
    left = voting.missing(session, round_)
    if left:
        raise Refused("还有 %(n)s 位没有记录表决结果（%(some)s），不能公示。", n=len(left), some="、".join(left[:5]))
    found = days(round_)
    if found is None:
        raise Refused("还没有公示日期。请先在“批次设置”中填写公示开始日期。")
    if found.end is None:
        raise Refused(found.says.text, **found.says.values)
    round_.state = "public_notice"
    after = {"start": str(found.start), "end": str(found.end)}
    audit.record(session, actor, clock, "notice.begin", round_.name, round_id=round_.id, after=after)


def _corrected(start: date, end: date, least: int, found: date | None) -> Sentence:
    if found is not None and end < found:
        return Sentence(
            "截止日期由办公室填写；按现有放假安排，满 %(n)s 个工作日是 %(day)s，请核对。", n=least, day=found
        )
    return Sentence("共 %(n)s 天，截止日期由办公室确定。", n=(end - start).days + 1)


def _unknown(start: date) -> int:
    """The first year from then on that the calendar does not know."""
    year = start.year
    while last_day(date(year, 1, 1), 1) is not None:
        year += 1
    return year
