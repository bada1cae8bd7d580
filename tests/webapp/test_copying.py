"""A new round from the last one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.small import OFFICE
from webapp.models import Applicant, EmployerAlias, Expert, Recusal
from webapp.services import copying, drafts
from webapp.services.instance import problem_document
from webapp.services.settings import of_round

CLOCK = clock_at(7)


def test_rules_venue_and_experts_come_along_and_nobody_who_applied(session: Session) -> None:
    old = crowded_round(session, mixes="D4 D5：人数少", report_minutes="45", notice_start="2026-12-20")
    first = session.scalars(select(Expert).where(Expert.code == "E0001")).one()
    first.available, first.phone = ["S1"], "13800000001"
    session.add(EmployerAlias(round_id=old.id, alias="一大", employer="大学1"))
    session.add(
        Recusal(round_id=old.id, side="expert", expert_id=first.id, employer="甲厂", name="甲厂", reason="其他")
    )
    old.sessions[0].breaks = [["2026-12-05T10:00", "2026-12-05T10:10"]]
    new = copying.create(session, OFFICE, CLOCK, old, "2027 年", first_day=date(2027, 12, 4))
    settings = of_round(new)
    assert (new.state, new.organisation) == ("draft", old.organisation)
    assert (settings.mixes, settings.report_minutes, settings.panel_size) == (of_round(old).mixes, 45, 3)
    assert settings.notice_start is None
    assert [d.name for d in new.directions] == [d.name for d in old.directions]
    assert (new.sessions[0].code, new.sessions[0].start) == ("S1", datetime(2027, 12, 4, 9))
    assert new.sessions[0].breaks == [["2027-12-04T10:00", "2027-12-04T10:10"]]
    experts = list(session.scalars(select(Expert).where(Expert.round_id == new.id).order_by(Expert.code)))
    assert [(e.code, e.name) for e in experts] == [(f"E{n:04d}", f"专家{n}") for n in range(1, 9)]
    assert (experts[0].available, experts[0].phone, experts[0].strengths) == (None, "13800000001", {"D1": 3})
    assert session.scalar(select(func.count(Applicant.id)).where(Applicant.round_id == new.id)) == 0
    kept = session.scalars(select(Recusal).where(Recusal.round_id == new.id)).one()
    assert (kept.expert_id, kept.employer) == (experts[0].id, "甲厂")
    assert drafts.everyone(session, new) == []
    assert len(problem_document(session, new)["experts"]) == 8


def test_without_a_first_day_the_half_days_are_to_be_imported(session: Session) -> None:
    new = copying.create(session, OFFICE, CLOCK, crowded_round(session), "2028 年")
    assert (len(new.rooms), new.sessions) == (2, [])
