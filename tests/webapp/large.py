"""A round of any size with made-up names from an instance document, for screens and measurements."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.models import Applicant, Direction, Expert, Recusal, Room, Round
from webapp.models import Session as HalfDay
from webapp.services import rounds

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "明远思齐晓一鸣立海燕建国爽伟静健东欣括梅帆婷朗勇晴子涵宇航雪松志强丽娟俊杰文博"
FIELDS = ("锂矿原料", "锂及锂化合物", "正负极材料", "电解液（固体电解质）", "隔膜", "锂电池（组）", "循环经济与环保")
PLACES = ("赣锋", "江特", "永兴", "宜春", "国轩", "远景", "志存", "金辉", "天卓", "鼎盛", "九岭", "紫宸")
TRADES = ("锂业", "新材料", "新能源科技", "电池材料", "锂电", "矿业", "再生资源", "电源科技")
RULES = {"panel_size", "min_specialists", "max_members_per_employer", "max_sittings_per_panel", "min_sitting"}


def round_of(session: Session, instance: dict[str, Any], name: str = "大批次") -> Round:
    """The round, its rosters locked; codes are the instance's ids."""
    chance = random.Random(7)
    texts = {key: str(value) for key, value in instance["rules"].items() if key in RULES and value is not None}
    made = rounds.create(session, OFFICE, clock, name, texts, "示例评委会")
    session.flush()
    for old in list(made.directions):
        session.delete(old)
    session.flush()
    made.directions = [
        Direction(code=d["id"], name=FIELDS[n % 7] + ("" if n < 7 else str(n // 7 + 1)), position=n)
        for n, d in enumerate(instance["directions"])
    ]
    for s in instance["sessions"]:
        start, end = datetime.fromisoformat(s["start"]), datetime.fromisoformat(s["end"])
        label = "上午" if start.hour < 12 else "下午"
        half = HalfDay(round_id=made.id, code=s["id"], label=label, start=start, end=end, breaks=s.get("breaks") or [])
        session.add(half)
    for n, r in enumerate(instance["rooms"], 1):
        room = Room(round_id=made.id, code=r["id"], name=f"第{n}答辩室", position=n, sessions=r.get("sessions"))
        session.add(room)
    session.flush()
    directions = {d.code: d for d in made.directions}
    names: dict[str, str] = {}
    people = {row["id"]: _expert(made, row, chance, names) for row in instance["experts"]}
    people |= {row["id"]: _applicant(made, row, chance, names, directions) for row in instance["applicants"]}
    session.add_all(people.values())
    session.flush()
    _recusals(session, made, instance, people, names)
    made.state = "rosters_locked"
    session.flush()
    session.refresh(made)
    return made


def _firm(code: str | None, chance: random.Random, names: dict[str, str]) -> str:
    if code is None:
        return ""
    if code not in names:
        base = f"{chance.choice(PLACES)}{chance.choice(TRADES)}"
        names[code] = f"江西{base}{'' if base not in ''.join(names.values()) else len(names)}有限公司"
    return names[code]


def _name(chance: random.Random) -> str:
    return chance.choice(FAMILY) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))


def _expert(made: Round, row: dict[str, Any], chance: random.Random, names: dict[str, str]) -> Expert:
    return Expert(
        round_id=made.id,
        code=row["id"],
        name=_name(chance),
        employer=_firm(row["employer"], chance, names),
        strengths=row["directions"],
        may_chair=bool(row.get("chair")),
        available=row["sessions"],
        max_sessions=row.get("max_sessions"),
    )


def _applicant(
    made: Round, row: dict[str, Any], chance: random.Random, names: dict[str, str], directions: dict[str, Direction]
) -> Applicant:
    return Applicant(
        round_id=made.id,
        code=row["id"],
        name=_name(chance),
        employer=_firm(row["employer"], chance, names),
        level="senior",
        direction=directions[row["direction"]],
        unavailable=row.get("unavailable") or [],
        pin={k: v for k, v in (row.get("pin") or {}).items() if v},
    )


def _recusals(
    session: Session, made: Round, instance: dict[str, Any], people: dict[str, Any], names: dict[str, str]
) -> None:
    for row in instance["experts"]:
        mine = {"round_id": made.id, "side": "expert", "expert_id": people[row["id"]].id}
        for other in row.get("recuse_applicants") or ():
            session.add(Recusal(**mine, applicant_id=people[other].id))
        for firm in row.get("recuse_employers") or ():
            session.add(Recusal(**mine, employer=names.get(firm, firm)))
    for row in instance["applicants"]:
        mine = {"round_id": made.id, "side": "applicant", "applicant_id": people[row["id"]].id}
        for other in row.get("recuse_experts") or ():
            session.add(Recusal(**mine, expert_id=people[other].id))
        for firm in row.get("recuse_employers") or ():
            session.add(Recusal(**mine, employer=names.get(firm, firm)))
