"""A computed round of any size, for measuring: twenty applicants a sitting, four sittings a panel, five experts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from exports.content import ItemRow, Notice, Person, ResultRow, Rosters, RoundContent, Seat, SittingRow
from exports.rosters import ApplicantRow, ExpertRow
from scoring.aggregate import aggregate
from scoring.correction import correct
from scoring.rank import rank
from scoring.rubric import example
from scoring.vote import Vote

SITTING, SITTINGS, DIRECTIONS = 20, 4, 10
START = datetime(2026, 7, 13, 8, 30)
SURNAMES = "赵钱孙李周吴郑王冯陈"


def made(applicants: int) -> RoundContent:
    """The round; marks follow from the numbers, so that it is always the same."""
    sittings = tuple(_sitting(first, min(SITTING, applicants - first)) for first in range(0, applicants, SITTING))
    items = tuple(ItemRow(i.key, i.name, i.full, i.prompts, i.step) for i in example().items)
    content = RoundContent("测量批次", "第 1 版", "2026-07-01 08:00", "0" * 64, items, sittings, method="trim_total")
    results = _results(content)
    votes = {code: Vote(9, 7, 2, 0, 0) for code in results}
    days = Notice(date(2026, 7, 20), date(2026, 7, 24), "共 5 个工作日。")
    return replace(
        content,
        results=results,
        correction="pooled",
        computation=1,
        votes=votes,
        notice=days,
        rosters=_rosters(content),
    )


def _rosters(content: RoundContent) -> Rosters:
    """The people as they would have come in."""
    details = {"sex": "男", "birth": "1980-01", "edu": "本科", "school": "样例大学", "cur_title": "工程师"}
    applicants = tuple(
        (p.code, ApplicantRow(p.name, p.employer, "高级", p.direction, f"E{n:08d}", p.title, p.phone, details))
        for n, p in enumerate(content.people)
    )
    experts = tuple(
        (s.code, ExpertRow(s.name, s.employer, {"方向1": 3}, s.chair, None, "全部", 4, title=s.title, phone=s.phone))
        for s in content.seats
    )
    return Rosters(applicants, experts)


def _sitting(first: int, number: int) -> SittingRow:
    at = first // SITTING
    panel = at // SITTINGS
    code, direction = f"P{panel + 1}", f"方向{panel % DIRECTIONS + 1}"
    start = START + timedelta(days=at % SITTINGS // 2, hours=5.5 * (at % 2))
    seats = tuple(
        Seat(
            f"E{5 * panel + n:05d}", _name(7 * panel + n), n == 0, f"第{n + 1}研究院", "教授", f"139{panel:04d}{n:04d}"
        )
        for n in range(5)
    )
    people = tuple(
        _person(n, direction, start + timedelta(minutes=10 * (n - first))) for n in range(first, first + number)
    )
    return SittingRow(code, f"第{panel + 1}答辩室", "上午" if at % 2 == 0 else "下午", start, start, seats, people)


def _name(number: int) -> str:
    return SURNAMES[number % 10] + chr(0x4E00 + number % 3000) + chr(0x5000 + number // 10 % 3000)


def _person(number: int, direction: str, start: datetime) -> Person:
    employer = f"江西{chr(0x4E00 + number % 700)}锂新能源材料有限公司"
    name = _name(number)
    phone = f"138{number:08d}"
    return Person(f"A{number + 1:05d}", name, f"{name[0]}＊", employer, direction, start, "高级工程师", phone)


def _results(content: RoundContent) -> dict[str, ResultRow]:
    rows, panels = {}, defaultdict(lambda: defaultdict(list))  # type: ignore[var-annotated]
    for sitting in content.sittings:
        for n, person in enumerate(sitting.people):
            shift = int(person.code[1:]) * 7 + n
            marks = {
                seat.code: {
                    i.key: i.full - (shift * (s + 3) + 5 * k) % 7 * i.full // 25 for k, i in enumerate(content.items)
                }
                for s, seat in enumerate(sitting.seats)
            }
            answer = aggregate(content.method, [list(own.values()) for own in marks.values()])
            dropped = frozenset((sitting.seats[d[0]].code,) for d in answer.dropped)
            rows[person.code] = ResultRow(person.code, "已答辩", marks, dropped, answer.score, None, None, None, "")
            panels[person.direction][sitting.panel].append(person.code)
    for groups in panels.values():
        corrected = correct("pooled", {p: [rows[c].raw or Decimal(0) for c in codes] for p, codes in groups.items()})
        finals = {c: y for p, codes in groups.items() for c, y in zip(codes, corrected.scores[p], strict=True)}
        k = {c: corrected.k[p] for p, codes in groups.items() for c in codes}
        for code, place in rank(finals).items():
            rows[code] = replace(rows[code], k=k[code], final=finals[code], rank=place)
    return rows
