"""The public notice: working days with holidays and make-up days, a year that is not known, a last day set by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.models import Round
from webapp.services import notice, rounds
from webapp.services.kernel import Refused, Unreadable


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 27)),  # Monday to Friday
        (date(2026, 11, 28), 5, date(2026, 12, 4)),  # a Saturday does not count
        (date(2026, 9, 29), 5, date(2026, 10, 10)),  # the National Day's week; 10 October, a Saturday, is worked
        (date(2025, 9, 26), 5, date(2025, 10, 9)),  # 28 September, a Sunday, is worked; off until 8 October
        (date(2026, 2, 11), 5, date(2026, 2, 24)),  # the Spring Festival; 14 February, a Saturday, is worked
        (date(2027, 1, 4), 5, None),
        (date(2026, 12, 30), 5, None),  # runs into a year that is not known
    ],
)
def test_the_day_on_which_the_working_days_are_full(start: date, days: int, end: date | None) -> None:
    assert notice.last_day(start, days) == end


def change(session: Session, round_: Round, **texts: str) -> None:
    rounds.change_settings(session, OFFICE, clock, round_, texts)


def test_a_round_says_its_days_and_how_they_were_found(session: Session, round_: Round) -> None:
    assert notice.days(round_) is None
    change(session, round_, notice_start="2026-11-23")
    found = notice.days(round_)
    assert found is not None
    assert (found.end, str(found.says)) == (date(2026, 11, 27), "共 5 个工作日，按国务院办公厅放假和调休安排计算。")
    change(session, round_, notice_end="2026-12-01")
    found = notice.days(round_)
    assert found is not None
    assert (found.end, str(found.says)) == (date(2026, 12, 1), "共 9 天，截止日期由办公室确定。")


def test_a_year_that_is_not_known_is_asked_for(session: Session, round_: Round) -> None:
    change(session, round_, notice_start="2027-01-04")
    found = notice.days(round_)
    assert found is not None
    assert found.end is None
    assert "2027 年" in str(found.says)
    change(session, round_, notice_end="2027-01-08")
    found = notice.days(round_)
    assert found is not None
    assert found.end == date(2027, 1, 8)


def test_a_last_day_before_the_calendar_s_is_taken_and_told(session: Session, round_: Round) -> None:
    change(session, round_, notice_start="2026-09-29", notice_end="2026-10-09")
    found = notice.days(round_)
    assert found is not None
    assert "10月10日，请核对" in str(found.says)


@pytest.mark.parametrize(
    "texts",
    [
        {"notice_start": "2026-11-23", "notice_end": "2026-11-26"},
        {"notice_end": "2026-11-26"},
        {"notice_start": "23.11.2026"},
        {"notice_days": "4"},
    ],
)
def test_days_that_cannot_be_are_refused(session: Session, round_: Round, texts: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        change(session, round_, **texts)


def test_an_archived_round_s_notice_stays(session: Session, round_: Round) -> None:
    round_.state = "archived"
    with pytest.raises(Refused, match="公示开始日期"):
        change(session, round_, notice_start="2026-11-23")
