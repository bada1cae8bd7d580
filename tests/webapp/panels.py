"""A computed round of two panels made by hand: ten applicants and five experts each, of one direction."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from tests.webapp.small import OFFICE, clock, record
from webapp.models import Applicant, Expert, Round
from webapp.models import Session as HalfDay
from webapp.models.rounds import Room
from webapp.services import closing, drafts, panel_day, publishing, results, rounds, sheets
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor

SIZE, EACH = 5, 10
NAMES = [
    "张明远",
    "李思齐",
    "王晓",
    "赵一鸣",
    "孙立",
    "周海燕",
    "吴建国",
    "郑爽",
    "冯伟",
    "陈静",
    "褚健",
    "卫东",
    "蒋欣",
    "沈括",
    "韩梅",
    "杨帆",
    "朱婷",
    "秦朗",
    "尤勇",
    "许晴",
]


def computed_round(session: Session, *, shared: bool = False, **settings: str) -> Round:
    """The round up to its first computation; ``shared``: one expert sits on both panels and links them."""
    texts = {"panel_size": str(SIZE), "aggregate": "trim_total", "correction": "pooled", "vote": "none"} | settings
    round_ = rounds.create(session, OFFICE, clock, "两组批次", texts, "示例评委会")
    session.flush()
    for n, label in ((1, "上午"), (2, "下午")):
        start = datetime(2026, 12, 5, 8 + 5 * (n - 1), 30)
        half = HalfDay(round_id=round_.id, code=f"S{n}", label=label, start=start, end=start + timedelta(hours=4))
        session.add_all([half, Room(round_id=round_.id, code=f"R{n}", name=f"第{'一二'[n - 1]}答辩室", position=n)])
    for n in range(1, 2 * SIZE + 1):
        expert = Expert(round_id=round_.id, code=f"E{n:04d}", name=f"专家{n}", employer=f"第{n}大学", may_chair=True)
        expert.strengths = {"D1": 3}
        session.add(expert)
    for n in range(1, 2 * EACH + 1):
        person = Applicant(
            round_id=round_.id, code=f"A{n:05d}", name=NAMES[n - 1], employer="甲锂电材料有限公司", level="senior"
        )
        person.direction, person.title = round_.directions[0], "高级工程师"
        session.add(person)
    session.flush()
    session.refresh(round_)
    round_.state = "rosters_locked"
    version = drafts.store(session, OFFICE, clock, round_, problem_document(session, round_), _schedule(shared))
    publishing.publish(session, OFFICE, clock, round_, version.number, problem_document(session, round_))
    _day(session, round_, shared)
    results.compute(session, OFFICE, clock, round_)
    session.flush()
    return round_


def members(panel: int, shared: bool) -> list[str]:
    """Codes of the experts of a panel, the chair first."""
    codes = [f"E{SIZE * (panel - 1) + n:04d}" for n in range(1, SIZE + 1)]
    return [*codes[:-1], "E0001"] if shared and panel == 2 else codes


def _schedule(shared: bool) -> dict[str, Any]:
    panels = []
    for p in (1, 2):
        start = datetime(2026, 12, 5, 8 + 5 * (p - 1), 30)
        rows = [
            {
                "applicant": f"A{EACH * (p - 1) + n + 1:05d}",
                "start": f"{start + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M}",
            }
            for n in range(EACH)
        ]
        sitting = {"session": f"S{p}", "room": f"R{p}", "appointments": rows}
        codes = members(p, shared)
        panels.append({"id": f"P{p}", "directions": ["D1"], "chair": codes[0], "members": codes, "sittings": [sitting]})
    cost = [0, 1, 2, 0, 10, 1, 0]
    return {"panels": panels, "unscheduled": [], "cost": cost, "bound": cost, "status": "feasible"}


def _day(session: Session, round_: Round, shared: bool) -> None:
    """Everyone is heard and scored; the experts differ in severity, the second panel is milder."""
    chance, rubric = random.Random(7), Rubric.from_json(round_.rubric)
    ids = {e.code: e.id for e in session.query(Expert).filter_by(round_id=round_.id)}
    for p in (1, 2):
        for n in range(EACH * (p - 1) + 1, EACH * p + 1):
            code, ability = f"A{n:05d}", chance.uniform(0.62, 0.9)
            for phase in ("call", "talk", "answers"):
                act = (session, OFFICE, clock, round_, code)
                panel_day.call(*act) if phase == "call" else panel_day.begin(*act, phase)
                session.flush()
            panel_day.settle(session, OFFICE, clock, round_, code, "heard")
            for place, expert in enumerate(members(p, shared)):
                share = ability + 0.04 * (p - 1) + (-0.07, 0.0, 0.02, 0.05, 0.0)[place]
                marks: dict[str, str | None] = {
                    i.key: str(max(0, min(int(i.full), round(float(i.full) * (share + chance.gauss(0, 0.03))))))
                    for i in rubric.items
                }
                row = record(round_, code, 1, marks, sheet=f"R{round_.id}-P{p}-{code}-{expert}")
                sheets.receive(session, tablet(ids, expert), clock, round_, row)
        closing.close(session, OFFICE, clock, round_, f"P{p}", f"S{p}")
        closing.sign(session, tablet(ids, members(p, shared)[0]), clock, round_, f"P{p}")
        session.flush()


def tablet(ids: dict[str, int], code: str) -> Actor:
    """An expert at the tablet."""
    return Actor(f"expert:{code}", "chair", code, expert_id=ids[code])
