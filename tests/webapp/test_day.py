"""The day of a panel: every step, its undoing, who may, and how a round comes to its end."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock, hear, secretary, submit, tablet
from webapp.models import Round
from webapp.services import closing, consoles, panel_day, publishing, records, results, rounds, totals, undoing
from webapp.services.kernel import Actor, Forbidden, Missing, Refused, Unreadable


def close(session: Session, round_: Round, reason: str = "") -> None:
    closing.close(session, OFFICE, clock, round_, "P1", "S1", reason)


def phases(session: Session, round_: Round) -> list[str]:
    panel, sittings = records.panel_of(session, round_, OFFICE, "P1")
    view = consoles.of_panel(session, round_, panel, sittings)
    return [line.phase for part in view.parts for line in part.lines]


def test_a_secretary_carries_an_applicant_through_and_back(session: Session, round_: Round) -> None:
    actor = secretary(session, round_)
    act = (session, actor, clock, round_, "A00001")
    seen = [phases(session, round_)[0]]
    panel_day.call(*act)
    seen.append(phases(session, round_)[0])
    for phase in ("talk", "answers"):
        panel_day.begin(*act, phase)
        seen.append(phases(session, round_)[0])
    panel_day.settle(*act, "heard")
    seen.append(phases(session, round_)[0])
    assert seen == ["waiting", "called", "talk", "answers", "ended"]
    assert round_.state == "in_session"
    undoing.undo(*act)
    assert phases(session, round_) == ["answers", "waiting"]
    for left in ("talk", "called", "waiting"):
        undoing.undo(*act)
        assert phases(session, round_) == [left, "waiting"]
    with pytest.raises(Refused, match="没有可以撤回"):
        undoing.undo(*act)


def test_steps_out_of_turn_are_refused(session: Session, round_: Round) -> None:
    act = (session, OFFICE, clock, round_, "A00001")
    with pytest.raises(Refused, match="还没有叫号"):
        panel_day.settle(*act, "heard")
    with pytest.raises(Refused, match="请先叫号"):
        panel_day.begin(*act, "talk")
    with pytest.raises(Unreadable, match="原因"):
        panel_day.settle(*act, "disqualified")
    with pytest.raises(Unreadable, match="没有这种结果"):
        panel_day.settle(*act, "passed")
    panel_day.call(*act)
    with pytest.raises(Refused, match="已经叫过"):
        panel_day.call(*act)
    with pytest.raises(Refused, match="申报1 还没有结束"):
        panel_day.call(session, OFFICE, clock, round_, "A00002")
    with pytest.raises(Refused, match="还没有轮到"):
        panel_day.begin(*act, "answers")
    panel_day.begin(*act, "talk")
    with pytest.raises(Refused, match="已经开始"):
        panel_day.begin(*act, "talk")
    panel_day.settle(*act, "absent")
    with pytest.raises(Refused, match="已有结果"):
        panel_day.settle(*act, "gave_up")


def test_a_secretary_runs_the_own_panel_only(session: Session, round_: Round) -> None:
    actor = secretary(session, round_)
    assert [panel.code for panel, _ in records.panels(session, round_, actor)] == ["P1"]
    with pytest.raises(Forbidden):
        records.panel_of(session, round_, actor, "P2")
    with pytest.raises(Missing):
        panel_day.settle(session, actor, clock, round_, "A00003", "deferred", "没有排上")


def test_the_office_settles_who_has_no_place(session: Session, round_: Round) -> None:
    assert [a.code for a in records.unscheduled(session, round_)] == ["A00003"]
    with pytest.raises(Refused, match="没有排上时间"):
        panel_day.call(session, OFFICE, clock, round_, "A00003")
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "deferred", "没有排上")
    assert [a.code for a in records.without_outcome(session, round_)] == ["A00001", "A00002"]


def test_a_sitting_closes_when_nothing_is_open(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    with pytest.raises(Refused, match="申报2 还没有结果"):
        close(session, round_)
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    with pytest.raises(Refused, match="还差 3 份评分表"):
        close(session, round_)
    submit(session, round_, "A00001", 1)
    submit(session, round_, "A00001", 2)
    close(session, round_, "专家3 的平板坏了")
    with pytest.raises(Refused, match="已关闭"):
        undoing.undo(session, OFFICE, clock, round_, "A00001")
    with pytest.raises(Refused, match="已经关闭"):
        close(session, round_)


def finished(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "gave_up")
    for expert in (1, 2, 3):
        submit(session, round_, "A00001", expert)
    close(session, round_)


def test_the_round_is_complete_with_the_last_signature_and_the_last_outcome(session: Session, round_: Round) -> None:
    with pytest.raises(Refused, match="没关闭"):
        closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    finished(session, round_)
    with pytest.raises(Forbidden, match="组长"):
        closing.sign(session, tablet(session, round_, 2), clock, round_, "P1")
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    with pytest.raises(Refused, match="已经签过"):
        closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    assert round_.state == "in_session", "A00003 has no outcome yet"
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "deferred", "没有排上")
    assert round_.state == "complete"
    undoing.undo(session, OFFICE, clock, round_, "A00003")
    assert round_.state == "in_session", "somebody has no outcome again"
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "gave_up")
    results.compute(session, OFFICE, clock, round_)
    with pytest.raises(Refused, match="现在的阶段"):
        undoing.undo(session, OFFICE, clock, round_, "A00003")


def test_a_closed_sitting_opens_again_with_a_reason_and_loses_its_signature(session: Session, round_: Round) -> None:
    finished(session, round_)
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    with pytest.raises(Unreadable, match="原因"):
        closing.reopen(session, OFFICE, clock, round_, "P1", "S1", " ")
    closing.reopen(session, OFFICE, clock, round_, "P1", "S1", "关错了")
    assert records.signed_panels(session, round_) == set()
    with pytest.raises(Refused, match="没有关闭"):
        closing.reopen(session, OFFICE, clock, round_, "P1", "S1", "再开")


def test_who_reads_a_panels_totals_when(session: Session, round_: Round) -> None:
    sec, chair = secretary(session, round_), tablet(session, round_, 1)
    hear(session, round_, "A00001")
    submit(session, round_, "A00001", 2)
    early = totals.of_panel(session, round_, chair, "P1")
    assert (early.rows[0].result, early.rows[0].sheets) == (None, {}), "the own sheet is not submitted"
    submit(session, round_, "A00001", 1)
    assert len(totals.of_panel(session, round_, chair, "P1").rows[0].sheets) == 2
    with pytest.raises(Refused, match="还不能查看"):
        totals.of_panel(session, round_, sec, "P1")
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "gave_up")
    close(session, round_, "专家3 请假")
    for reader in (sec, chair):
        view = totals.of_panel(session, round_, reader, "P1")
        assert view.short == ((("专家3 → 申报1",), "专家3 请假"),), "whoever signs sees what is missing, and why"
        assert {expert for _who, expert in view.missing} == {tablet(session, round_, 3).expert_id}
    first = totals.of_panel(session, round_, sec, "P1").rows[0]
    assert first.result is not None
    assert str(first.result.raw) == "82.00"
    with pytest.raises(Refused, match="还不能查看"):
        totals.of_panel(session, round_, OFFICE, "P1")
    closing.sign(session, chair, clock, round_, "P1")
    assert not totals.of_panel(session, round_, OFFICE, "P1").with_marks


def test_a_published_schedule_is_taken_back_before_the_day_only(session: Session, round_: Round) -> None:
    with pytest.raises(Unreadable, match="原因"):
        publishing.withdraw(session, OFFICE, clock, round_, "")
    made = publishing.withdraw(session, OFFICE, clock, round_, "会议室换了")
    assert (made.number, made.status, round_.state) == (2, "draft", "scheduled")
    with pytest.raises(Refused, match="还没有发布"):
        records.published(session, round_)
    publishing.publish(session, OFFICE, clock, round_, 2, made.instance)
    panel_day.call(session, OFFICE, clock, round_, "A00001")
    with pytest.raises(Refused):
        publishing.withdraw(session, OFFICE, clock, round_, "太晚")


def test_settings_freeze_when_they_should(session: Session, round_: Round) -> None:
    with pytest.raises(Refused, match="陈述时间"):
        rounds.change_settings(session, OFFICE, clock, round_, {"talk_minutes": "8"})
    rounds.change_settings(session, OFFICE, clock, round_, {"decimals": "1"})
    panel_day.call(session, OFFICE, clock, round_, "A00001")
    with pytest.raises(Refused, match="成绩小数位数"):
        rounds.change_settings(session, OFFICE, clock, round_, {"decimals": "2"})


def test_a_closed_sitting_is_read_while_another_is_open(session: Session, round_: Round) -> None:
    chair, supervisor = tablet(session, round_, 1), Actor("sup", "supervisor")
    panel, sittings = records.panel_of(session, round_, chair, "P1")
    assert totals.readable(session, round_, supervisor, panel, sittings) == []
    finished(session, round_)
    assert totals.readable(session, round_, supervisor, panel, sittings) == sittings
    assert totals.readable(session, round_, OFFICE, panel, sittings) == [], "the chair has not signed"
    seen = totals.of_panel(session, round_, supervisor, "P1")
    assert (seen.waiting, len(seen.rows), seen.with_marks) == (0, 2, True)
