"""A round with one draft to be worked on: two panels of three, two rooms, two half-days, two directions.

P1 hears A1 to A4 of D1 in S1/R1, P2 hears A5 to A7 of D2 in S1/R2; A8 of D1 has no place; E7 and E8 serve nowhere.
E7 could serve for anybody of P1 but the chair; E8 is of A1's employer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.models import Applicant, Expert, Room, Round, ScheduleVersion
from webapp.models import Session as HalfDay
from webapp.services import drafts, rounds
from webapp.services.instance import problem_document

NAMES = ("张明远", "李思齐", "王晓", "赵一鸣", "孙立", "周海燕", "吴建国", "郑爽")
EXPERTS = ("钱伟", "冯刚", "陈静", "褚健", "卫东", "蒋欣", "沈括", "韩梅")


def drafted_round(session: Session) -> tuple[Round, ScheduleVersion]:
    """The round and its draft, number 1."""
    texts = {"panel_size": "3", "min_specialists": "2", "min_sheets": "2", "min_sitting": "0"}
    round_ = rounds.create(session, OFFICE, clock, "草案批次", texts)
    session.flush()
    for n, label, hour in ((1, "上午", 9), (2, "下午", 14)):
        start = datetime(2026, 12, 5, hour)
        session.add(
            HalfDay(round_id=round_.id, code=f"S{n}", label=label, start=start, end=start.replace(hour=hour + 1))
        )
        session.add(Room(round_id=round_.id, code=f"R{n}", name=f"第{'一二'[n - 1]}答辩室", position=n))
    for n, name in enumerate(EXPERTS, 1):
        expert = Expert(round_id=round_.id, code=f"E000{n}", name=name, employer=f"大学{n}", may_chair=n in (1, 2, 4))
        expert.strengths = {"D1": 3} if n in (1, 2, 3, 7) else {"D2": 3} if n != 8 else {"D1": 2}
        expert.employer = "甲厂" if n == 8 else expert.employer
        session.add(expert)
    for n, name in enumerate(NAMES, 1):
        person = Applicant(round_id=round_.id, code=f"A0000{n}", name=name, employer=f"公司{n}", level="senior")
        person.direction = round_.directions[0 if n in (1, 2, 3, 4, 8) else 1]
        person.employer = "甲厂" if n == 1 else person.employer
        session.add(person)
    session.flush()
    session.refresh(round_)
    round_.state = "rosters_locked"
    version = drafts.store(session, OFFICE, clock, round_, problem_document(session, round_), schedule())
    session.flush()
    return round_, version


def schedule() -> dict[str, Any]:
    """The draft's document."""
    cost = [1, 2, 2, 0, 9, 1, 0]
    panels = [
        _panel("P1", "D1", "R1", ("E0001", "E0002", "E0003"), (1, 2, 3, 4)),
        _panel("P2", "D2", "R2", ("E0004", "E0005", "E0006"), (5, 6, 7)),
    ]
    return {"panels": panels, "unscheduled": ["A00008"], "cost": cost, "bound": [0, 2, 2, 0, 9, 1, 0]}


def _panel(code: str, direction: str, room: str, members: tuple[str, ...], people: tuple[int, ...]) -> dict[str, Any]:
    rows = [{"applicant": f"A0000{n}", "start": f"2026-12-05T09:{10 * i:02d}"} for i, n in enumerate(people)]
    sitting = {"session": "S1", "room": room, "appointments": rows}
    return {
        "id": code,
        "directions": [direction],
        "chair": members[0],
        "members": list(members),
        "sittings": [sitting],
    }


def move(applicant: int, minute: int, session: str = "S1", room: str = "R1") -> dict[str, str]:
    """An applicant to a slot of a sitting."""
    hour = 9 if session == "S1" else 14
    start = f"2026-12-05T{hour:02d}:{minute:02d}"
    return {"kind": "move", "applicant": f"A0000{applicant}", "session": session, "room": room, "start": start}
