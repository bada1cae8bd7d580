"""Rounds made by a seeded generator, their results computed by ``scoring/`` as the web does."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from exports.content import ItemRow, Person, ResultRow, Rosters, RoundContent, Seat, SittingRow
from exports.rosters import ApplicantRow
from scoring.aggregate import aggregate
from scoring.correction import correct
from scoring.rank import rank
from scoring.together import together

START = datetime(2026, 7, 15, 8, 30)
STEPS = ("1", "1", "0.5", "0.1")
CORRECTIONS = ("off", "pooled", "second_mean", "trimmed")


def generated(seed: int) -> RoundContent:
    """A computed round: one to three directions, each heard by one to three panels."""
    chance = random.Random(seed)
    method = chance.choice(("trim_total", "trim_item", "trim_total", "trim_item", "mean", "median"))
    step = Decimal(chance.choice(STEPS))
    items = tuple(ItemRow(f"i{n}", f"项目{n}", Decimal(chance.choice((5, 20, 25, 40))), (), step) for n in range(1, 5))
    items = items[: chance.randint(1, 4)]
    sittings = tuple(s for d in range(chance.randint(1, 3)) for s in _direction(chance, d))
    empty = RoundContent(f"批次{seed}", "第 1 版", "2026-07-01 08:00", "0" * 64, items, sittings, method=method)
    empty = replace(
        empty,
        decimals=chance.choice((2, 2, 1, 3)),
        correction=chance.choice(CORRECTIONS),
        correction_decimals=(chance.choice((2, 4)), chance.choice((2, 3, 4)), chance.choice((2, 1))),
        tie_break=tuple(item.key for item in chance.sample(items, chance.randint(0, min(2, len(items))))),
        min_sheets_to_trim=chance.choice((3, 5)),
        computation=1,
    )
    people = tuple((p.code, ApplicantRow(p.name, p.employer, "高级", p.direction)) for p in empty.people)
    made = replace(empty, results=_results(chance, empty), rosters=Rosters(people))
    return _weighed(random.Random(-1 - seed), made) if seed % 2 else made


def _weighed(chance: random.Random, made: RoundContent) -> RoundContent:
    """With marks of the papers for most, and weights of both."""
    first = chance.choice((0, 30, 40, 50))
    weights, half = (first, 100 - first), Decimal("0.5")
    papers = {p.code: half * chance.randint(80, 200) for p in made.people if chance.random() < 0.9}
    rows = {
        code: replace(row, together=together(papers.get(code), row.final, weights, decimals=made.decimals).score)
        for code, row in made.results.items()
    }
    return replace(made, weights=weights, papers=papers, results=rows)


def _direction(chance: random.Random, number: int) -> list[SittingRow]:
    found = []
    for panel in range(chance.randint(1, 3)):
        code = f"P{number}{panel}"
        size = chance.choice((3, 5, 7))
        seats = tuple(Seat(f"{code}E{n}", f"专家{code}{n}", n == 1, f"大学{n}") for n in range(1, size + 1))
        for half in range(chance.randint(1, 2)):
            start = START + timedelta(hours=6 * half)
            people = tuple(
                Person(
                    f"{code}-{half}{n:02d}", f"申报{n}", "申＊", "某公司", f"方向{number}", start + timedelta(minutes=n)
                )
                for n in range(chance.randint(3, 9))
            )
            found.append(
                SittingRow(code, f"{code}室", ("上午", "下午")[half], start, start, seats, people, f"S{half}/R")
            )
    return found


def _results(chance: random.Random, made: RoundContent) -> dict[str, ResultRow]:
    rows: dict[str, ResultRow] = {}
    groups: dict[str, dict[str, list[str]]] = {}
    for sitting in made.sittings:
        for person in sitting.people:
            row = rows[person.code] = _result(chance, made, sitting, person)
            if row.raw is not None:
                groups.setdefault(person.direction, {}).setdefault(sitting.panel, []).append(person.code)
    for panels in groups.values():
        _correct(made, rows, panels)
        _rank(made, rows, [code for codes in panels.values() for code in codes])
    return rows


def _result(chance: random.Random, made: RoundContent, sitting: SittingRow, person: Person) -> ResultRow:
    if chance.random() < 0.05:
        return ResultRow(person.code, "缺席", {}, frozenset(), None, None, None, None, "")
    seats = [s for s in sitting.seats if chance.random() < 0.95]
    marks = {
        seat.code: {
            i.key: i.step * chance.randint(int(i.full * Decimal("0.6") / i.step), int(i.full / i.step))
            for i in made.items
        }
        for seat in seats
    }
    answer = aggregate(
        made.method,
        [list(own.values()) for own in marks.values()],
        min_sheets_to_trim=made.min_sheets_to_trim,
        decimals=made.decimals,
    )
    keys = [item.key for item in made.items]
    dropped = frozenset((seats[d[0]].code, *(keys[i] for i in d[1:])) for d in answer.dropped)
    return ResultRow(person.code, "已答辩", marks, dropped, answer.score, None, answer.score, None, answer.reason)


def _correct(made: RoundContent, rows: dict[str, ResultRow], panels: dict[str, list[str]]) -> None:
    if made.correction == "off" or len(panels) < 2:
        return
    raw = {panel: [rows[code].raw or Decimal(0) for code in codes] for panel, codes in panels.items()}
    if made.correction == "trimmed" and min(map(len, raw.values())) < 5:
        return
    answer = correct(made.correction, raw, decimals=made.correction_decimals)
    for panel, codes in panels.items():
        for code, final in zip(codes, answer.scores[panel], strict=True):
            rows[code] = replace(rows[code], k=answer.k[panel], final=final)


def _rank(made: RoundContent, rows: dict[str, ResultRow], codes: list[str]) -> None:
    breaks = {
        code: [
            sum((m[key] for m in rows[code].marks.values()), Decimal(0)) / len(rows[code].marks)
            for key in made.tie_break
        ]
        for code in codes
    }
    for code, place in rank({code: rows[code].final or Decimal(0) for code in codes}, breaks).items():
        rows[code] = replace(rows[code], rank=place)
