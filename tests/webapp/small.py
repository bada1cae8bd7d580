"""A small round made by hand: three experts, one panel, two places, and a third senior applicant without one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from scoring.sheet import content_hash
from webapp.models import Applicant, Expert, PanelSecretary, Round, User
from webapp.models import Session as HalfDay
from webapp.models.rounds import Room
from webapp.services import drafts, panel_day, publishing, rounds, sheets
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor

NOW = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)
OFFICE, OFFICER = Actor("office", "office"), Actor("officer", "results_officer")
FULL = {"talk": "18", "skill": "20", "work": "20", "qa": "20", "general": "4"}


def clock() -> datetime:
    """One moment for all."""
    return NOW


def published_round(session: Session) -> Round:
    """The round, its one draft published; A00003 stays without a place."""
    texts = {"panel_size": "3", "min_specialists": "2", "min_sheets": "2", "vote": "none"}
    round_ = rounds.create(session, OFFICE, clock, "小批次", texts)
    session.flush()
    start = datetime(2026, 12, 5, 8, 30)
    session.add(HalfDay(round_id=round_.id, code="S1", label="上午", start=start, end=start.replace(hour=12)))
    session.add(Room(round_id=round_.id, code="R1", name="第一答辩室", position=1))
    first = round_.directions[0]
    for n in (1, 2, 3):
        expert = Expert(round_id=round_.id, code=f"E000{n}", name=f"专家{n}", employer=f"大学{n}", may_chair=n == 1)
        expert.strengths = {first.code: 3}
        person = Applicant(round_id=round_.id, code=f"A0000{n}", name=f"申报{n}", employer="甲厂", level="senior")
        person.direction = first
        session.add_all([expert, person])
    session.flush()
    session.refresh(round_)
    round_.state = "rosters_locked"
    version = drafts.store(session, OFFICE, clock, round_, problem_document(session, round_), schedule())
    publishing.publish(session, OFFICE, clock, round_, version.number, problem_document(session, round_))
    return round_


def schedule() -> dict[str, Any]:
    """One sitting of panel P1 with two appointments."""
    rows = [{"applicant": f"A0000{n}", "start": f"2026-12-05T08:{20 + 10 * n}"} for n in (1, 2)]
    members = ["E0001", "E0002", "E0003"]
    sitting = {"session": "S1", "room": "R1", "appointments": rows}
    panel = {"id": "P1", "directions": ["D1"], "chair": "E0001", "members": members, "sittings": [sitting]}
    cost = [1, 1, 1, 0, 6, 1, 0]
    return {"panels": [panel], "unscheduled": ["A00003"], "cost": cost, "bound": cost, "status": "feasible"}


def secretary(session: Session, round_: Round) -> Actor:
    """The secretary of P1."""
    user = User(name="sec", role="secretary", password_hash="-")
    session.add(user)
    session.flush()
    session.add(PanelSecretary(round_id=round_.id, panel="P1", user_id=user.id))
    session.flush()
    return Actor("sec", "secretary", user_id=user.id)


def tablet(session: Session, round_: Round, number: int) -> Actor:
    """An expert at the tablet; the first is the chair."""
    where = (Expert.round_id == round_.id, Expert.code == f"E000{number}")
    expert = session.scalars(select(Expert).where(*where)).one()
    return Actor(f"expert:{expert.code}", "chair" if number == 1 else "expert", expert.name, expert_id=expert.id)


def hear(session: Session, round_: Round, code: str) -> None:
    """Call, talk, answers, heard."""
    panel_day.call(session, OFFICE, clock, round_, code)
    session.flush()
    for phase in ("talk", "answers"):
        panel_day.begin(session, OFFICE, clock, round_, code, phase)
    panel_day.settle(session, OFFICE, clock, round_, code, "heard")


def record(round_: Round, applicant: str, expert: int, marks: dict[str, str | None], **other: Any) -> dict[str, Any]:
    """A whole record of a sheet as a tablet sends it; ``other`` overrides its fields."""
    core = {
        "marks": marks,
        "rubric": Rubric.from_json(round_.rubric).version,
        "sheet": f"R{round_.id}-P1-{applicant}-E000{expert}",
        "state": "submitted",
    }
    core |= {key: other.pop(key) for key in tuple(other) if key in core}
    digest = content_hash(sheet=core["sheet"], rubric=core["rubric"], marks=core["marks"], state=core["state"])
    return {"uuid": str(uuid.uuid4()), "base_version": 0, "client_time": "", "hash": digest} | core | other


def submit(session: Session, round_: Round, applicant: str, expert: int, **marks: str) -> sheets.Answered:
    """One expert's submitted sheet: the usual marks but for those given."""
    row = record(round_, applicant, expert, FULL | marks)
    return sheets.receive(session, tablet(session, round_, expert), clock, round_, row)
