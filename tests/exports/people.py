"""Rosters made by a seeded generator: names, texts and times as odd as an office may have them, already cleaned."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

from exports.availability import SessionRow, told
from exports.content import Rosters, RoundContent
from exports.rosters import ApplicantRow, ExpertRow
from exports.sample.make import _id_number
from exports.venue import RoomRow

DIRECTIONS = (
    "锂矿原料",
    "电解液（固体电解质）",
    "锂电池（组）",
    "正、负极材料",
    "检测/评价",
    "环保, 循环经济",
    "方向(3)",
)
NAMES = (
    *("张三", "欧阳明", "买买提·吐尔逊", "李𠮷", "王\ue123", "Anna Müller", "O'Brien", "赵 (小)", "钱_x0041_七"),
    *("=1+1", "+孙", "-周", "@吴", '=HYPERLINK("http://a","b")', "007", "1e5", "TRUE", "#N/A", "NULL", "nan"),
    *("<b>&amp;", "郑\u0301", "َعلي", "合", "'冯", '"陈"', "\\N", "%(x)s", "{{7}}", "😀"),
)
UNITS = (
    "甲公司",
    "江西乙新材料（集团）有限公司",
    "丙, 丁/戊有限公司",
    "=SUM(A1)",
    "@己",
    "庚：分公司",
    "辛*厂",
    "壬 院",
)
A_DAY = "2023-07-15"
"""No room is called so: under the rooms it is a list of half-days, which is said."""
TEXTS = (*NAMES, "0001", "3.60502E+17", A_DAY, "长" * 64, "、", "a,b;c d", "无", "否")
REMARKS = (*TEXTS, "同上", "合计", "注：没有", "序号", "教授；院长", "注" * 256)
"""What may stand in a remark; elsewhere 同上 means the cell above."""
HALVES = (("上午", "08:30", "12:00"), ("下午", "14:00", "17:30"), ("晚上", "19:00", "21:00"))
TURNS = (("第一场", "08:30", "10:00"), ("第2场", "10:15", "12:00"), ("加场", "14:00", "18:00"))


def people(seed: int) -> RoundContent:
    """A round before its schedule: nought to a dozen applicants, as many experts, a venue."""
    chance = random.Random(seed)
    sessions = _sessions(chance)
    experts = tuple((f"E{n:04d}", _expert(chance, n, sessions)) for n in range(1, chance.randint(2, 12)))
    named = [row for _code, row in experts]
    applicants = [(f"A{n:05d}", _applicant(chance, n, sessions, named)) for n in range(1, chance.randint(2, 14))]
    seen = [row for _code, row in applicants]
    experts = tuple((code, _recusing(chance, row, seen)) for code, row in experts)
    kept = Rosters(tuple(applicants), experts, _rooms(chance, sessions), sessions)
    return RoundContent(f"批次{seed}", "", "2026-07-01 08:00", "0" * 64, (), (), rosters=kept)


def _sessions(chance: random.Random) -> tuple[SessionRow, ...]:
    first = dt.date(2026, chance.randint(1, 12), chance.randint(1, 28))
    days = [first + dt.timedelta(days=n) for n in range(chance.randint(1, 4))]
    found = []
    for day in days:
        own = chance.choice((HALVES, HALVES, TURNS))
        for name, start, end in own[: chance.randint(1, 3)]:
            breaks = ((f"{start[:2]}:40", f"{start[:2]}:50"),) if chance.random() < 0.5 else ()
            found.append(SessionRow(day.isoformat(), name, start, end, breaks))
    return tuple(found)


def _rooms(chance: random.Random, sessions: Sequence[SessionRow]) -> tuple[RoomRow, ...]:
    names = chance.sample([name for name in TEXTS if len(name) < 60 and name != A_DAY], chance.randint(1, 5))
    return tuple(RoomRow(name, chance.choice(("", "候考室", "=A1")), _some(chance, sessions)) for name in names)


def _some(chance: random.Random, sessions: Sequence[SessionRow]) -> tuple[str, ...]:
    share = chance.choice((0.0, 0.3, 0.7, 1.0))
    return tuple(session.key for session in sessions if chance.random() < share)


def _times(chance: random.Random, sessions: Sequence[SessionRow]) -> tuple[str, tuple[str, ...]]:
    keys = _some(chance, sessions)
    return told(keys, sessions), keys


def _id(chance: random.Random, n: int) -> str:
    born = dt.date(1960, 1, 1) + dt.timedelta(days=n * 37 + chance.randrange(30))
    return chance.choice((_id_number(chance, born, True), _id_number(chance, born, False), f"E{n:08d}", ""))


def _name(chance: random.Random, n: int) -> str:
    return chance.choice(NAMES) if chance.random() < 0.6 else f"{chance.choice(('甲', '乙', 'Li '))}{n}"


def _phone(chance: random.Random) -> str:
    return chance.choice(("", f"139{chance.randrange(10**8):08d}", "0790-6441234", "+852 2345 6789", "分机8001"))


def _applicant(
    chance: random.Random, n: int, sessions: Sequence[SessionRow], experts: Sequence[ExpertRow]
) -> ApplicantRow:
    keys = ("sex", "edu", "school", "major", "cur_title", "county", "insured_unit")
    details = {key: chance.choice(TEXTS) for key in keys if chance.random() < 0.3}
    details |= {"note": chance.choice(REMARKS)} if chance.random() < 0.5 else {}
    details |= {"school": "很长的校名" * 1000} if chance.random() < 0.1 else {}
    details |= {"birth": chance.choice(("1988-03", "1988-10-05"))} if chance.random() < 0.5 else {}
    text, away = _times(chance, sessions)
    details |= {"unavailable": text} if away and chance.random() < 0.5 else {}
    return ApplicantRow(
        _name(chance, n),
        f"{chance.choice(UNITS)}{n}",
        chance.choice(("高级", "高级", "中级")),
        chance.choice(DIRECTIONS),
        _id(chance, n),
        chance.choice(("", "高级工程师", *TEXTS)),
        _phone(chance),
        details,
        _listed(chance, experts),
    )


def _listed(chance: random.Random, people: Sequence[ApplicantRow | ExpertRow]) -> tuple[str, ...]:
    """Names with their employers; those that a list cannot hold are left out."""
    full = [f"{one.name}（{one.unit}）" for one in people if not set("、,，;；/:*") & set(one.name + one.unit)]
    return tuple(chance.sample(full, min(len(full), chance.choice((0, 0, 1, 3)))))


def _expert(chance: random.Random, n: int, sessions: Sequence[SessionRow]) -> ExpertRow:
    available, keys = _times(chance, sessions)
    units = chance.sample(("甲公司", "=SUM(A1)", "江西乙新材料（集团）有限公司"), chance.choice((0, 0, 1, 3)))
    return ExpertRow(
        _name(chance, n),
        f"第{n}{chance.choice(UNITS)}",
        {name: chance.randint(1, 3) for name in chance.sample(DIRECTIONS, chance.randint(1, 4))},
        chance.random() < 0.4,
        keys,
        available,
        chance.choice((None, 1, 12)),
        tuple(units),
        (),
        chance.choice(("", "教授", *TEXTS)),
        chance.choice(("", "院长", *TEXTS)),
        _phone(chance),
        _id(chance, n + 500),
        chance.choice(("", *REMARKS)),
    )


def _recusing(chance: random.Random, row: ExpertRow, applicants: Sequence[ApplicantRow]) -> ExpertRow:
    return replace(row, recuse_people=_listed(chance, applicants))
