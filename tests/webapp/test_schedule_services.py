"""Drafts, jobs and publishing on a small round with a schedule made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401
from webapp.models import Applicant, Base, Direction, Expert, Room, Round, SeatHeld
from webapp.models import Session as HalfDay
from webapp.services import boards, desks, drafts, jobs, proof, publishing
from webapp.services.grid import grid
from webapp.services.kernel import Actor, Missing, Refused, Unreadable

OFFICE = Actor("office", "office")
NOW = datetime(2023, 7, 1, tzinfo=UTC)
INSTANCE: dict[str, Any] = {
    "name": "small",
    "talk_minutes": 5,
    "answer_minutes": 5,
    "rules": {"panel_size": 3, "min_specialists": 2, "max_members_per_employer": 1},
    "sessions": [{"id": "S1", "start": "2023-07-15T08:30", "end": "2023-07-15T12:00"}],
    "rooms": [{"id": "R1"}],
    "directions": [{"id": "D1", "name": "隔膜"}],
    "experts": [
        {"id": f"E{i}", "employer": f"F{i}", "directions": {"D1": 3}, "chair": i == 1, "sessions": ["S1"]}
        for i in (1, 2, 3)
    ],
    "applicants": [{"id": f"A{i}", "direction": "D1", "employer": "G"} for i in (1, 2)],
}


def clock() -> datetime:
    return NOW


def schedule(second: str = "2023-07-15T08:40") -> dict[str, Any]:
    rows = [{"applicant": "A1", "start": "2023-07-15T08:30"}, {"applicant": "A2", "start": second}]
    sitting = {"session": "S1", "room": "R1", "appointments": rows}
    panel = {"id": "P1", "directions": ["D1"], "chair": "E1", "members": ["E1", "E2", "E3"], "sittings": [sitting]}
    cost = [0, 1, 1, 0, 6, 1, 0]
    return {"panels": [panel], "unscheduled": [], "cost": cost, "bound": cost, "status": "optimal", "seconds": 0.1}


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def round_(session: Session) -> Round:
    made = Round(name="2023", state="rosters_locked", made_at=NOW)
    made.directions = [Direction(code="D1", name="隔膜")]
    made.rooms = [Room(code="R1", name="第一答辩室")]
    made.sessions = [
        HalfDay(code="S1", label="上午", start=datetime(2023, 7, 15, 8, 30), end=datetime(2023, 7, 15, 12))
    ]
    session.add(made)
    session.flush()
    session.add_all(Expert(round_id=made.id, code=f"E{i}", name=f"专家{i}", employer=f"F{i}") for i in (1, 2, 3))
    session.add_all(
        Applicant(
            round_id=made.id,
            code=f"A{i}",
            name=f"张{i}",
            employer="G",
            level="senior",
            direction_id=made.directions[0].id,
        )
        for i in (1, 2)
    )
    session.flush()
    return made


def test_a_draft_is_numbered_and_spread(session: Session, round_: Round) -> None:
    first = drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule())
    second = drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule())
    assert (first.number, second.number, round_.state) == (1, 2, "scheduled")
    panel = second.panels[0]
    assert [(m.expert.code, m.chair) for m in panel.members] == [("E1", True), ("E2", False), ("E3", False)]
    assert [a.applicant.code for a in panel.sittings[0].appointments] == ["A1", "A2"]
    assert drafts.load(session, round_, 2) is second
    assert drafts.levels(second)[:2] == [("未安排", 0, 0), ("场次", 1, 1)]


def test_a_draft_that_breaks_a_rule_is_refused(session: Session, round_: Round) -> None:
    with pytest.raises(Refused, match="H2"):
        drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule("2023-07-15T08:30"))
    assert drafts.everyone(session, round_) == []


def test_an_unreadable_or_missing_draft_is_said(session: Session, round_: Round) -> None:
    with pytest.raises(Unreadable):
        drafts.store(session, OFFICE, clock, round_, INSTANCE, {"panels": 3, "unscheduled": []})
    with pytest.raises(Missing):
        drafts.load(session, round_, 9)


def test_the_database_itself_refuses_an_expert_twice_in_a_session(session: Session, round_: Round) -> None:
    drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule())
    seat = session.scalars(select(SeatHeld)).first()
    assert seat is not None
    session.add(
        SeatHeld(
            version_id=seat.version_id, session_id=seat.session_id, expert_id=seat.expert_id, sitting_id=seat.sitting_id
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_publishing_freezes_one_version(session: Session, round_: Round) -> None:
    version = drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule())
    assert publishing.warnings(version) == []
    publishing.publish(session, OFFICE, clock, round_, 1, INSTANCE)
    assert (version.status, version.published_by, round_.state) == ("published", "office", "published")
    with pytest.raises(Refused):
        publishing.publish(session, OFFICE, clock, round_, 1, INSTANCE)


def test_publishing_checks_against_todays_data(session: Session, round_: Round) -> None:
    drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule())
    recused = INSTANCE | {
        "applicants": [INSTANCE["applicants"][0], INSTANCE["applicants"][1] | {"recuse_experts": ["E2"]}]
    }
    with pytest.raises(Refused, match="H9"):
        publishing.publish(session, OFFICE, clock, round_, 1, recused)
    assert round_.state == "scheduled"


def test_a_job_is_claimed_once(session: Session, round_: Round) -> None:
    job = jobs.start(session, OFFICE, clock, round_)
    assert jobs.claim(session, clock, "one", job.id) is job
    assert jobs.claim(session, clock, "two", job.id) is None
    with pytest.raises(Refused):
        jobs.start(session, OFFICE, clock, round_)


def test_a_dead_workers_job_returns_and_its_late_result_is_dropped(session: Session, round_: Round) -> None:
    job = jobs.start(session, OFFICE, clock, round_)
    jobs.claim(session, clock, "one")
    assert jobs.reap(session, clock) == 0
    assert jobs.reap(session, lambda: NOW + timedelta(minutes=5)) == 1
    assert jobs.claim(session, clock, "two") is job
    assert not jobs.beat(session, clock, job.id, "one", {})
    assert not jobs.finish(session, clock, job.id, "one", "done")
    assert jobs.finish(session, clock, job.id, "two", "done")


def test_a_job_is_cancelled_waiting_or_running(session: Session, round_: Round) -> None:
    waiting = jobs.start(session, OFFICE, clock, round_)
    jobs.cancel(session, OFFICE, clock, waiting)
    assert waiting.state == "cancelled"
    running = jobs.start(session, OFFICE, clock, round_)
    jobs.claim(session, clock, "one")
    assert jobs.beat(session, clock, running.id, "one", {"level": 1})
    jobs.cancel(session, OFFICE, clock, running)
    assert not jobs.beat(session, clock, running.id, "one", {})
    assert jobs.newest(session, round_) is running


def test_a_job_with_senseless_options_is_refused(session: Session, round_: Round) -> None:
    with pytest.raises(Unreadable):
        jobs.start(session, OFFICE, clock, round_, seconds=0)
    with pytest.raises(Missing):
        jobs.by_id(session, 99)


def test_the_board_shows_rooms_across_and_time_down(session: Session, round_: Round) -> None:
    version = drafts.store(session, OFFICE, clock, round_, INSTANCE, schedule())
    shown = grid(desks.of(session, version))
    assert [(at.minute, [card and card.code for card in cells]) for at, cells in shown.parts[0].rows[:3]] == [
        (30, ["A1"]),
        (40, ["A2"]),
        (50, [None]),
    ]
    assert [(a.code, place is not None) for a, place in boards.by_applicant(session, version)] == [
        ("A1", True),
        ("A2", True),
    ]
    assert [(p.code, len(held)) for p, held in boards.by_panel(session, version)] == [("P1", 1)]


def test_a_version_that_hears_nobody_shows_them_all_beside_an_empty_board(session: Session, round_: Round) -> None:
    nobody = {"panels": [], "unscheduled": ["A1", "A2"], "cost": [2, 0, 0, 0, 0, 0, 0], "bound": [0] * 7}
    version = drafts.store(session, OFFICE, clock, round_, INSTANCE, nobody)
    shown = grid(desks.of(session, version))
    assert [card.code for card in shown.unscheduled] == ["A1", "A2"]
    assert not any(card for part in shown.parts for _at, cells in part.rows for card in cells)
    assert "A1、A2" in str(publishing.warnings(version)[0])


def test_of_many_workers_at_once_one_gets_the_job(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Round(name="2023", state="rosters_locked", made_at=NOW))
        session.flush()
        jobs.start(session, OFFICE, clock, session.get_one(Round, 1))
        session.commit()

    def take(number: int) -> bool:
        with Session(engine) as session:
            found = jobs.claim(session, clock, f"worker {number}")
            session.commit()
            return found is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(16))) == 1
    engine.dispose()


def test_what_one_version_proved_holds_for_the_next_while_earlier_levels_cost_the_same() -> None:
    known = {"cost": [0, 10, 7, 0, 45, 2, 1], "bound": [0, 10, 7, 0, 45, 2, 0]}
    made = {"cost": [0, 10, 7, 0, 45, 2, 1], "bound": [0, 10, 7, 0, 10, 1, 1]}
    assert proof.still(known, made) == {"bound": [0, 10, 7, 0, 45, 2, 1], "status": "optimal"}
    better = {"cost": [0, 10, 7, 0, 44, 3, 0], "bound": [0, 10, 7, 0, 10, 0, 0]}
    assert proof.still(known | {"bound": [0, 10, 7, 0, 40, 2, 1]}, better) == {
        "bound": [0, 10, 7, 0, 40, 0, 0],
        "status": "feasible",
    }
