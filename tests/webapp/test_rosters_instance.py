"""A round's tables as the scheduler's instance: read by the scheduler, employers and recusals resolved."""

from datetime import UTC, datetime

from sqlalchemy import create_engine
from sqlalchemy.orm import Session as Database

from scheduler.problem import Problem
from webapp.models import Applicant, Base, Direction, EmployerAlias, Expert, Recusal, Room, Round, Session
from webapp.services.instance import problem_document


def test_the_tables_become_a_readable_instance_of_senior_applicants() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Database(engine) as db:
        round_ = Round(name="甲", made_at=datetime(2023, 7, 1, tzinfo=UTC))
        direction = Direction(code="D1", name="隔膜")
        round_.directions, round_.rooms = [direction], [Room(code="R1", name="一室")]
        round_.sessions = [
            Session(code="S1", label="上午", start=datetime(2023, 7, 15, 8, 30), end=datetime(2023, 7, 15, 12))
        ]
        db.add(round_)
        db.flush()
        expert = Expert(round_id=round_.id, code="E0001", name="李", employer="旧名", strengths={"D1": 3})
        people = [
            Applicant(round_id=round_.id, code=code, name=code, employer="乙厂", level=level, direction=direction)
            for code, level in (("A00001", "senior"), ("A00002", "intermediate"))
        ]
        db.add_all([expert, *people, EmployerAlias(round_id=round_.id, alias="旧名", employer="新名")])
        db.flush()
        db.add(Recusal(round_id=round_.id, side="expert", expert_id=expert.id, applicant_id=people[0].id))
        db.add(Recusal(round_id=round_.id, side="applicant", applicant_id=people[0].id, employer="旧名"))
        db.flush()
        document = problem_document(db, round_)
    engine.dispose()
    Problem.from_json(document)
    assert [a["id"] for a in document["applicants"]] == ["A00001"]
    assert document["experts"][0]["employer"] == "新名"
    assert document["experts"][0]["recuse_applicants"] == ["A00001"]
    assert document["applicants"][0]["recuse_employers"] == ["新名"]
    assert document["rooms"] == [{"id": "R1", "sessions": ["S1"]}]
