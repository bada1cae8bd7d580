"""A published round of two panels in two rooms over two half-days, with experts to spare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE
from webapp.models import Applicant, Expert, Round
from webapp.models import Session as HalfDay
from webapp.models.rounds import Room
from webapp.services import drafts, publishing, rounds
from webapp.services.instance import problem_document

DAY = datetime(2026, 12, 5)
SPARE = 2
"""Experts beyond the two panels of three."""


def at(hour: int, minute: int = 0) -> datetime:
    """A wall-clock time of the day."""
    return DAY.replace(hour=hour, minute=minute)


def clock_at(hour: int, minute: int = 0) -> Any:
    """A clock that stands at that wall-clock time."""
    moment = at(hour, minute).astimezone().astimezone(UTC)
    return lambda: moment


def crowded_round(session: Session, *, day: datetime = DAY, **settings: str) -> Round:
    """P1 hears six people in R1, P2 six in R2, in the morning; the afternoon is empty."""
    texts = {"panel_size": "3", "min_specialists": "2", "min_sheets": "2"} | settings
    clock = clock_at(7)
    round_ = rounds.create(session, OFFICE, clock, "两室批次", texts, "示例评委会")
    session.flush()
    for n, (label, start, end) in enumerate((("上午", 9, 11), ("下午", 14, 16)), 1):
        half = HalfDay(round_id=round_.id, code=f"S{n}", label=label)
        half.start, half.end, half.breaks = day.replace(hour=start), day.replace(hour=end), []
        session.add_all([half, Room(round_id=round_.id, code=f"R{n}", name=f"第{'一二'[n - 1]}答辩室", position=n)])
    for n in range(1, 7 + SPARE):
        expert = Expert(round_id=round_.id, code=f"E{n:04d}", name=f"专家{n}", employer=f"大学{n}", may_chair=True)
        expert.strengths = {"D1": 3}
        session.add(expert)
    for n in range(1, 13):
        person = Applicant(round_id=round_.id, code=f"A{n:05d}", name=f"申报{n}", employer="甲厂", level="senior")
        person.direction, person.roster_no = round_.directions[0], 13 - n
        session.add(person)
    session.flush()
    session.refresh(round_)
    round_.state = "rosters_locked"
    instance = problem_document(session, round_)
    version = drafts.store(session, OFFICE, clock, round_, instance, schedule(day))
    publishing.publish(session, OFFICE, clock, round_, version.number, instance)
    session.flush()
    return round_


def schedule(day: datetime = DAY) -> dict[str, Any]:
    """Both panels in the morning, ten minutes each."""
    panels = []
    for p in (1, 2):
        members = [f"E{3 * (p - 1) + n:04d}" for n in (1, 2, 3)]
        rows = [
            {
                "applicant": f"A{6 * (p - 1) + n + 1:05d}",
                "start": f"{day.replace(hour=9) + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M}",
            }
            for n in range(6)
        ]
        sitting = {"session": "S1", "room": f"R{p}", "appointments": rows}
        panels.append(
            {"id": f"P{p}", "directions": ["D1"], "chair": members[0], "members": members, "sittings": [sitting]}
        )
    cost = [0, 2, 2, 0, 9, 1, 0]
    return {"panels": panels, "unscheduled": [], "cost": cost, "bound": [0] * 7, "status": "feasible", "seconds": 0.0}
