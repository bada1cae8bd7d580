"""The panel room: one clock, two secretaries, lateness in three ways, the desk, recusal on the day, public screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from tests.webapp.small import NOW, OFFICE, clock, hear, published_round, record, secretary, submit, tablet
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import AuditEntry, Draw, Expert, Round, TabletSession
from webapp.services import (
    books,
    closing,
    consoles,
    desk,
    halls,
    panel_day,
    records,
    recusing,
    rooms_now,
    sheets,
    steps,
    tablets,
    undoing,
)
from webapp.services.kernel import Actor, Clock, Forbidden, Refused, Stale, Unreadable
from webapp.services.turns import Seen

DESK, OTHER = Actor("desk", "desk"), Actor("other", "office")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """SQLite alone: what two databases must agree on is in ``test_two_secretaries_at_the_same_moment``."""
    config = from_environment(tmp_path / "data", testing=True)
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def round_(session: Session) -> Round:
    """The small round, published."""
    return published_round(session)


def later(seconds: float) -> Clock:
    return lambda: NOW + timedelta(seconds=seconds)


def console(session: Session, round_: Round) -> consoles.Console:
    return consoles.of_panel(session, round_, *records.panel_of(session, round_, OFFICE, "P1"))


def line(session: Session, round_: Round, code: str = "A00001") -> consoles.Line:
    lines = [one for part in console(session, round_).parts for one in part.lines]
    return next(one for one in lines if one.appointment.applicant.code == code)


def take(session: Session, round_: Round, *whats: str, code: str = "A00001", at: float = 0) -> None:
    for what in whats:
        steps.take(session, OFFICE, later(at), round_, code, what, "设备故障")


def left(session: Session, round_: Round, seconds: float) -> float:
    reading = line(session, round_).clock
    assert reading is not None
    return reading.left(later(seconds)()).total_seconds()


def test_the_clock_counts_from_moments_and_stands_still_with_a_reason(session: Session, round_: Round) -> None:
    take(session, round_, "call", "enter", "talk")
    assert left(session, round_, 61) == 239
    with pytest.raises(Unreadable, match="暂停的原因"):
        panel_day.pause(session, OFFICE, later(70), round_, "A00001", " ")
    take(session, round_, "pause", at=70)
    assert left(session, round_, 500) == 230, "it stands still"
    with pytest.raises(Refused, match="没有在走"):
        take(session, round_, "pause", at=80)
    take(session, round_, "resume", at=130)
    assert left(session, round_, 140) == 220
    with pytest.raises(Refused, match="没有暂停"):
        take(session, round_, "resume", at=141)
    take(session, round_, "answers", at=150)
    assert left(session, round_, 160) == 290, "unused talk is not carried"
    take(session, round_, "pause", at=160)
    take(session, round_, "heard", at=170)
    ended = line(session, round_)
    assert ended.clock is None
    assert ended.call is not None
    assert (ended.call.ended_at, ended.phase) == (later(170)(), "ended")


def test_unused_talk_goes_to_the_answers_where_the_round_says_so(session: Session, round_: Round) -> None:
    round_.settings = round_.settings | {"unused_talk": "carried"}
    take(session, round_, "call", "talk")
    take(session, round_, "pause", at=100)
    take(session, round_, "resume", at=160)
    take(session, round_, "answers", at=200)
    assert left(session, round_, 200) == 300 + 160
    undoing.undo(session, OFFICE, later(201), round_, "A00001")
    take(session, round_, "answers", at=2000)
    assert left(session, round_, 2000) == 300, "a talk over time takes nothing away"


def test_one_touch_takes_back_whatever_came_last(session: Session, round_: Round) -> None:
    whole = ("late", "call", "enter", "talk", "pause", "resume", "pause", "answers", "pause", "absent")
    for second, what in enumerate(whole):
        take(session, round_, what, at=second)
    seen = []
    for second in range(len(whole)):
        undoing.undo(session, OFFICE, later(20 + second), round_, "A00001")
        now = line(session, round_)
        seen.append(("still " if now.clock and now.clock.standing_since else "") + now.phase)
    assert seen[:3] == ["still answers", "answers", "still talk"]
    assert seen[3:] == ["talk", "still talk", "talk", "entered", "called", "waiting", "waiting"]
    assert not line(session, round_).late
    with pytest.raises(Refused, match="没有可以撤回"):
        undoing.undo(session, OFFICE, clock, round_, "A00001")


@pytest.mark.parametrize("kind", ["disqualified", "deferred"])
@pytest.mark.parametrize("whats", [(), ("call",), ("call", "enter", "talk")])
def test_the_office_decides_and_the_office_takes_back(
    session: Session, round_: Round, kind: str, whats: tuple[str, ...]
) -> None:
    """For somebody who has a time, whether called or not; whoever was called is where he was."""
    mine = secretary(session, round_)
    take(session, round_, *whats)
    before = line(session, round_).phase

    def decide(actor: Actor, what: str, reason: str, at: float) -> None:
        steps.take(session, actor, later(at), round_, "A00001", what, reason)

    with pytest.raises(Forbidden, match="办公室"):
        decide(mine, kind, "材料不实", 5)
    with pytest.raises(Unreadable, match="原因"):
        decide(OFFICE, kind, "", 6)
    decide(OFFICE, kind, "材料不实", 7)
    outcome = line(session, round_).outcome
    assert outcome is not None
    assert (outcome.kind, outcome.reason) == (kind, "材料不实")
    with pytest.raises(Refused, match="已有结果"):
        decide(OFFICE, "absent", "", 8)
    with pytest.raises(Forbidden, match="办公室"):
        decide(mine, "undo", "", 9)
    decide(OFFICE, "undo", "", 10)
    assert line(session, round_).phase == before
    assert line(session, round_).outcome is None


def test_who_has_ended_does_not_come_back_while_the_next_is_in_the_room(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    panel_day.call(session, OFFICE, clock, round_, "A00002")
    with pytest.raises(Refused, match="申报2 已经叫了号"):
        undoing.undo(session, OFFICE, clock, round_, "A00001")
    undoing.undo(session, OFFICE, clock, round_, "A00002")
    undoing.undo(session, OFFICE, clock, round_, "A00001")
    assert line(session, round_).phase == "answers"


def test_the_slower_of_two_secretaries_is_told_both(session: Session, round_: Round) -> None:
    mine, theirs = secretary(session, round_), OTHER
    seen = Seen(line(session, round_).seen)
    steps.take(session, theirs, clock, round_, "A00001", "call", seen=seen)
    with pytest.raises(Stale) as told:
        steps.take(session, mine, clock, round_, "A00001", "absent", seen=seen)
    assert "other" in str(told.value)
    assert "叫号" in str(told.value)
    assert "缺席" in str(told.value)
    assert line(session, round_).phase == "called"


@pytest.mark.parametrize("first", ["desk", "room"])
def test_who_signs_in_while_called_is_both(session: Session, round_: Round, first: str) -> None:
    mine, seen = secretary(session, round_), Seen(0)

    def sign_in() -> None:
        desk.sign_in(session, DESK, clock, round_, "A00001", seen=seen)

    def call() -> None:
        steps.take(session, mine, clock, round_, "A00001", "call", seen=seen)

    acts = [sign_in, call] if first == "desk" else [call, sign_in]
    for act in (*acts, acts[1]):
        act()
    now = line(session, round_)
    assert (now.phase, now.arrived, now.seen) == ("called", True, 2), "each once, the repetition not at all"


def test_who_has_signed_in_meanwhile_is_not_absent(session: Session, round_: Round) -> None:
    desk.sign_in(session, DESK, clock, round_, "A00001", seen=Seen(0))
    for what in ("absent", "gave_up", "late"):
        with pytest.raises(Stale, match="签到"):
            steps.take(session, OFFICE, clock, round_, "A00001", what, seen=Seen(0))


def test_a_button_pressed_twice_is_one_step(session: Session, round_: Round) -> None:
    seen = Seen(0)
    for _press in range(2):
        steps.take(session, OFFICE, clock, round_, "A00001", "call", seen=seen)
    assert (line(session, round_).phase, line(session, round_).seen) == ("called", 1)
    for _press in range(2):
        steps.take(session, OFFICE, clock, round_, "A00001", "undo", seen=Seen(1))
    assert (line(session, round_).phase, line(session, round_).seen) == ("waiting", 2)
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.act.startswith("call"))) == 2


def test_two_secretaries_at_the_same_moment(config: Config) -> None:
    """Both have read the same state; on either database one step is taken and the other told."""
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as first:
        number = published_round(first).id
        first.commit()
    with Session(engine) as one, Session(engine) as two:
        for session in (one, two):
            assert line(session, session.get_one(Round, number)).seen == 0
            session.rollback()
        steps.take(one, OFFICE, clock, one.get_one(Round, number), "A00001", "call", seen=Seen(0))
        one.commit()
        with pytest.raises(Stale):
            steps.take(two, OTHER, clock, two.get_one(Round, number), "A00001", "absent", seen=Seen(0))
    engine.dispose()


def test_what_a_console_kept_without_a_network_counts_from_its_own_moments(session: Session, round_: Round) -> None:
    act = (session, OFFICE, later(600), round_, "A00001")
    for n, (what, at) in enumerate((("call", 0), ("enter", 20), ("talk", 30), ("answers", 330))):
        steps.take(*act, what, seen=Seen(n, later(at)()))
    assert left(session, round_, 600) == 30
    steps.take(*act, "heard", seen=Seen(4, later(100)()))
    call = line(session, round_).call
    assert call is not None
    assert call.ended_at == later(330)(), "never before the step before"
    with pytest.raises(Unreadable, match="时间不对"):
        steps.take(session, OFFICE, later(0), round_, "A00002", "call", seen=Seen(0, later(3600)()))


def third(session: Session, round_: Round) -> None:
    """The third applicant gets a place of the sitting too."""
    places = records.panel_of(session, round_, OFFICE, "P1")[1][0].appointments
    person = records.unscheduled(session, round_)[0]
    kind, first = type(places[0]), places[0]
    session.add(
        kind(
            version_id=first.version_id,
            sitting_id=first.sitting_id,
            applicant_id=person.id,
            start=places[-1].start + timedelta(minutes=10),
        )
    )
    session.flush()
    session.expire_all()


def order(session: Session, round_: Round) -> list[str]:
    return [one.appointment.applicant.code for one in console(session, round_).coming]


def test_who_is_late_is_called_last(session: Session, round_: Round) -> None:
    third(session, round_)
    take(session, round_, "call", "late")
    assert order(session, round_) == ["A00002", "A00003", "A00001"]
    assert line(session, round_).late
    undoing.undo(session, OFFICE, clock, round_, "A00001")
    assert order(session, round_) == ["A00001", "A00002", "A00003"]
    take(session, round_, "call", "enter")
    with pytest.raises(Refused, match="已经到场"):
        take(session, round_, "late")


def test_who_is_late_has_given_up(session: Session, round_: Round) -> None:
    round_.settings = round_.settings | {"late": "gave_up"}
    take(session, round_, "call", "late")
    outcome = line(session, round_).outcome
    assert outcome is not None
    assert (outcome.kind, outcome.reason) == ("gave_up", "迟到")


def test_who_is_late_gets_the_number_left_over(session: Session, round_: Round) -> None:
    round_.settings = round_.settings | {"late": "leftover", "lots": "check_in"}
    third(session, round_)
    with pytest.raises(Unreadable, match="抽到的号"):
        desk.sign_in(session, DESK, clock, round_, "A00002")
    assert desk.sign_in(session, DESK, clock, round_, "A00002", number="3") == 3
    with pytest.raises(Refused, match="还剩：1、2"):
        desk.sign_in(session, DESK, clock, round_, "A00003", number="3")
    desk.sign_in(session, DESK, clock, round_, "A00003", number="1")
    take(session, round_, "late")
    assert order(session, round_) == ["A00003", "A00002", "A00001"]
    assert desk.sign_in(session, DESK, clock, round_, "A00001") == 2, "the only one left"
    assert order(session, round_) == ["A00003", "A00001", "A00002"]


def test_numbers_drawn_at_the_desk_become_the_draw_on_record(session: Session, round_: Round) -> None:
    round_.settings = round_.settings | {"lots": "check_in"}
    desk.sign_in(session, DESK, clock, round_, "A00002", number="1", seen=Seen(0))
    assert desk.sign_in(session, DESK, clock, round_, "A00002", number="1", seen=Seen(0)) == 1, "pressed twice"
    with pytest.raises(Stale, match="没有执行"):
        desk.sign_in(session, DESK, clock, round_, "A00002", number="2", seen=Seen(0))  # another desk, another number
    desk.finish_draw(session, DESK, clock, round_, "S1/R1")
    assert order(session, round_) == ["A00002", "A00001"]
    assert desk.sign_in(session, DESK, clock, round_, "A00001") == 2, "nothing is left to draw"
    assert session.scalars(select(Draw.kind)).all() == ["hand"]
    with pytest.raises(Refused, match="已抽定"):
        desk.finish_draw(session, DESK, clock, round_, "S1/R1")


@pytest.mark.parametrize("late", ["last", "gave_up", "leftover"])
def test_a_slip_keeps_its_number_when_the_draw_ends_early(session: Session, round_: Round, late: str) -> None:
    """Who was not there gets the number nobody holds; with it the turn that the round's rule gives."""
    round_.settings = round_.settings | {"late": late, "lots": "check_in"}
    desk.sign_in(session, DESK, clock, round_, "A00001", number="2")
    desk.finish_draw(session, DESK, clock, round_, "S1/R1")
    numbers = {code: line(session, round_, code).number for code in ("A00001", "A00002")}
    assert numbers == {"A00001": 2, "A00002": 1}
    called = ["A00002", "A00001"] if late == "leftover" else ["A00001", "A00002"]
    assert order(session, round_) == called
    assert desk.sign_in(session, DESK, clock, round_, "A00002") == 1
    desk.sign_out(session, DESK, clock, round_, "A00001")
    assert desk.sign_in(session, DESK, clock, round_, "A00001") == 2, "the slip is still the same"
    assert [person.number for person in halls.rooms(session, round_)[0].every] == [numbers[code] for code in called]


def test_the_desk_signs_in_and_takes_it_back(session: Session, round_: Round) -> None:
    number = desk.sign_in(session, DESK, clock, round_, "A00002", note="身份证未带", seen=Seen(0))
    assert number == 2
    assert desk.sign_in(session, DESK, clock, round_, "A00002", seen=Seen(0)) == 2, "pressed twice"
    with pytest.raises(Refused, match="已经签到"):
        desk.sign_in(session, DESK, clock, round_, "A00002")
    view = desk.of_half(session, round_, "", clock)
    assert view is not None
    assert (view.arrived, len(view.lines), view.draws(view.parts[0].sitting)) == (1, 2, False)
    desk.sign_out(session, DESK, clock, round_, "A00002")
    take(session, round_, "call", "enter", code="A00002")
    assert line(session, round_, "A00002").arrived, "who stands in the room has come"
    with pytest.raises(Refused, match="不能撤回签到"):
        desk.sign_out(session, DESK, clock, round_, "A00002")
    came = []
    for here in (True, True, False):
        desk.sign_expert(session, DESK, clock, round_, "E0002", "S1", here=here)
        came.append(books.content(session, round_).sittings[0].present)
    assert came == [{"E0002"}, {"E0002"}, set()], "what 专家出席统计 counts"
    view = desk.of_half(session, round_, "S1", clock)
    assert view is not None
    assert [presence for _expert, _sitting, presence in view.experts] == [None] * 3


def test_a_recusal_on_the_day_takes_one_sheet_away(session: Session, round_: Round) -> None:
    act = (session, clock, round_)
    hear(session, round_, "A00001")
    expert = tablet(session, round_, 2)

    def recuse(actor: Actor, code: str, reason: str, more: str = "") -> None:
        recusing.recuse(session, actor, clock, round_, "A00001", code, reason, more)

    with pytest.raises(Forbidden, match="本人"):
        recuse(expert, "E0003", "师生")
    with pytest.raises(Unreadable, match="写明"):
        recuse(expert, "E0002", "其他")
    recuse(expert, "E0002", "师生")
    with pytest.raises(Refused, match="已经回避"):
        recuse(expert, "E0002", "师生")
    assert line(session, round_).sheets == 2
    row = record(round_, "A00001", 2, {"talk": "18"}, state="draft")
    with pytest.raises(Forbidden, match="回避"):
        sheets.receive(session, expert, clock, round_, row)
    submit(session, round_, "A00001", 3)
    with pytest.raises(Refused, match="已提交"):
        recuse(tablet(session, round_, 3), "E0003", "同单位")
    recuse(OFFICE, "E0003", "其他", "举报属实")
    sitting = records.panel_of(session, round_, OFFICE, "P1")[1][0]
    assert records.missing_sheets(session, round_, sitting) == ["专家1 → 申报1"]
    assert (line(session, round_).submitted, line(session, round_).sheets) == (0, 1)
    with pytest.raises(Unreadable, match="原因"):
        recusing.withdraw(session, OFFICE, act[1], round_, "A00001", "E0003", "")
    recusing.withdraw(session, OFFICE, act[1], round_, "A00001", "E0003", "查无此事")
    assert line(session, round_).submitted == 1, "the sheet counts again"


def test_the_next_is_called_while_the_last_is_still_being_scored(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    take(session, round_, "call", code="A00002")
    now = console(session, round_).now
    assert now is not None
    assert now.appointment.applicant.code == "A00002"
    assert submit(session, round_, "A00001", 1).status == 201


@pytest.mark.parametrize(("how", "shown"), [("masked", "申＊2"), ("number", ""), ("full", "申报2")])
def test_a_hall_sees_names_as_the_round_shows_them(session: Session, round_: Round, how: str, shown: str) -> None:
    round_.settings = round_.settings | {"names": how}
    take(session, round_, "call")
    hall = halls.rooms(session, round_)[0]
    assert hall.now is not None
    assert (hall.now.number, hall.now.code, hall.then[0].name) == (1, "A00001", shown)
    take(session, round_, "absent")
    take(session, round_, "absent", code="A00002")
    assert halls.room(session, round_, "R1") is None, "nobody is left"


def test_the_office_sees_each_rooms_pace_tablets_and_conflicts(session: Session, round_: Round) -> None:
    start = datetime(2026, 12, 5, 8, 30).astimezone(UTC)

    def behind(minutes: float) -> int | None:
        return rooms_now.of_round_now(session, round_, lambda: start + timedelta(minutes=minutes))[0].behind

    assert behind(-5) is None
    assert behind(7) == 7, "nobody has been called"
    for what, minute in (("call", 7), ("talk", 8)):
        steps.take(session, OFFICE, lambda m=minute: start + timedelta(minutes=m), round_, "A00001", what)
    assert behind(9) == 8
    assert behind(24 * 60) is None, "another day"
    token = {"token_hash": "x", "made_at": start, "expires_at": start + timedelta(hours=16)}
    expert = session.scalars(select(Expert).where(Expert.code == "E0002")).one()
    here = TabletSession(expert_id=expert.id, **token)
    session.add(here)
    session.flush()
    tablets.alive(session, lambda: start, here.id, {"unsent": 3, "app": "1", "skew": 0, "secure": True})
    submit(session, round_, "A00001", 2)
    sheets.receive(
        session, tablet(session, round_, 2), clock, round_, record(round_, "A00001", 2, {"talk": "1"}, state="draft")
    )
    now = rooms_now.of_round_now(session, round_, lambda: start + timedelta(seconds=20))[0]
    assert ([v.unsent for v in now.vitals], now.silent, now.conflicts) == ([None, 3, None], [], 1)
    after = start + timedelta(seconds=31)
    silent = rooms_now.of_round_now(session, round_, lambda: after)[0].silent
    assert [v.left(after) for v in silent] == [3]
    tablets.alive(session, lambda: start, here.id, {"unsent": 0, "app": "1", "skew": 0, "secure": True})
    silent = rooms_now.of_round_now(session, round_, lambda: after)[0].silent
    assert [v.left(after) for v in silent] == [None], "a silent tablet's nothing is no promise"


def test_a_panel_closes_with_every_sheet_or_a_reason(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    take(session, round_, "absent", code="A00002")
    recusing.recuse(session, OFFICE, clock, round_, "A00001", "E0003", "同单位")
    for expert in (1, 2):
        submit(session, round_, "A00001", expert)
    closing.close(session, OFFICE, clock, round_, "P1", "S1")
    with pytest.raises(Refused, match="已关闭"):
        steps.take(session, OFFICE, clock, round_, "A00002", "undo")
