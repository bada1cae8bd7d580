"""Where else: known answers, and as a law that every place is listed exactly where its price breaks nothing."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem, Schedule, SchedulerError, check
from scheduler.explain import Elsewhere, experts_for_seat, places_of_applicant, places_of_sitting
from scheduler.explain.places import Places
from scheduler.price import Move, NameChair, Replace, price
from scheduler.problem import stamp
from scheduler.timeline import grid
from tests.scheduler.small_rounds import small_round
from tests.scheduler.test_check import INSTANCE, SCHEDULE
from tests.scheduler.test_cli import put, run
from tests.scheduler.test_explain import KNOWN, round_of
from webapp.cli import group

PROBLEM, NOW = Problem.from_json(INSTANCE), Schedule.from_json(SCHEDULE)
EARLY = datetime(2023, 7, 15, 8, 30)


def why(found: Elsewhere, **place: str) -> str:
    """The reasons of the one barred place."""
    (barred,) = (b for b in found.barred if place.items() <= b.place.items())
    return "；".join(barred.reasons)


def test_an_unscheduled_applicant() -> None:
    found = places_of_applicant(PROBLEM, NOW, "A6")
    first = found.possible[0]
    assert first.place == {"session": "S1", "room": "R1", "panel": "P1", "start": "2023-07-15T08:40"}
    assert first.price.difference == (-1, 0, 0, 0, 0, 0, -1)
    assert first.text == "7 月 15 日上午 答辩室 R1 专家组 P1 08:40：未安排 -1，零散与换室 -1"
    assert "该组只听方向 2 方向、方向 3 方向" in why(found, panel="P2")


def test_an_experts_seat() -> None:
    found = experts_for_seat(PROBLEM, NOW, "P1", "E3")
    assert [o.place["expert"] for o in found.possible] == ["E7"]
    assert "同单位" in why(found, expert="E8")
    assert "7 月 15 日上午在专家组 P2" in why(found, expert="E4")
    chair = experts_for_seat(PROBLEM, NOW, "P2", "E4")
    assert all(not o.price.broken for o in chair.possible)


def test_a_sitting() -> None:
    found = places_of_sitting(PROBLEM, NOW, "P2", "S1")
    assert {(o.place["session"], o.place["room"]) for o in found.possible} == {("S2", "R1"), ("S2", "R2")}
    assert "E4、E5、E6 不能到场" in why(found, session="S3", room="R1")
    assert "已由专家组 P1 使用" in why(found, session="S1", room="R1")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: places_of_applicant(PROBLEM, NOW, "A99"),
        lambda: experts_for_seat(PROBLEM, NOW, "P9", "E1"),
        lambda: experts_for_seat(PROBLEM, NOW, "P1", "E4"),
        lambda: places_of_sitting(PROBLEM, NOW, "P1", "S2"),
        lambda: places_of_applicant(Problem.from_json(round_of()), NOW, "A1"),
        lambda: Places(PROBLEM, NOW).opening("A99", "S1", "R1", EARLY),
        lambda: Places(PROBLEM, NOW).opening("A6", "S9", "R1", EARLY),
        lambda: Places(PROBLEM, replace(NOW, panels=NOW.panels[1:])).opening("A6", "S1", "R1", EARLY),
    ],
)
def test_what_is_not_there_is_refused(ask: Any) -> None:
    with pytest.raises(SchedulerError, match=r"没有|不在"):
        ask()


@settings(deadline=None, max_examples=40)
@given(st.builds(small_round, st.randoms(use_true_random=False)), st.randoms(use_true_random=False))
def test_a_place_is_possible_exactly_where_its_price_breaks_nothing(
    made: tuple[dict[str, Any], dict[str, Any]], rng: random.Random
) -> None:
    problem, schedule = Problem.from_json(made[0]), Schedule.from_json(made[1])
    who = rng.choice(problem.applicants).id
    found = places_of_applicant(problem, schedule, who)
    starts, moves = grid(problem), set()
    for panel in schedule.panels:
        for s in panel.sittings:
            taken = {a.start for a in s.appointments}
            for t in starts[s.session]:
                if t not in taken and not price(problem, schedule, Move(who, s.session, s.room, t)).broken:
                    moves.add((s.session, s.room, panel.id, stamp(t)))
    plain = [o for o in found.possible if len(o.changes) == 1 and isinstance(o.changes[0], Move)]
    assert {tuple(o.place.values()) for o in plain} == moves
    assert [o.price.difference for o in found.possible] == sorted(o.price.difference for o in found.possible)
    for option in found.possible:
        after = option.price.schedule
        assert not check(problem, after.to_json()).violations
        spot = option.place["session"], option.place["room"], datetime.fromisoformat(option.place["start"])
        assert spot in {
            (s.session, s.room, a.start) for p in after.panels for s in p.sittings for a in s.appointments
            if a.applicant == who
        }  # fmt: skip
    assert all(b.reasons for b in found.barred)
    seats_and_sittings(problem, schedule, rng)


def seats_and_sittings(problem: Problem, schedule: Schedule, rng: random.Random) -> None:
    panel = rng.choice(schedule.panels)
    member, sitting = rng.choice(panel.members), rng.choice(panel.sittings)
    found = experts_for_seat(problem, schedule, panel.id, member)
    possible = {
        e.id for e in problem.experts if e.id not in panel.members
        and any(not price(problem, schedule, Replace(panel.id, member, e.id), *chair).broken
                for chair in [(), *((NameChair(panel.id, m),) for m in panel.members if m != member)]
                if not chair or member == panel.chair)
    }  # fmt: skip
    assert {o.place["expert"] for o in found.possible} == possible
    assert len(found.possible) + len(found.barred) == len(problem.experts) - len(panel.members)
    there = places_of_sitting(problem, schedule, panel.id, sitting.session)
    assert len(there.possible) + len(there.barred) == len(problem.sessions) * len(problem.rooms) - 1
    heard = {a.applicant for a in sitting.appointments}
    for option in there.possible:
        after = option.price.schedule
        assert not check(problem, after.to_json()).violations
        assert heard == next(
            {a.applicant for a in s.appointments} for p in after.panels for s in p.sittings
            if (s.session, s.room) == (option.place["session"], option.place["room"])
        )  # fmt: skip
    assert all(b.reasons for b in (*found.barred, *there.barred))


# -------------------------------------------------------------------- the command


def test_the_command_says_why_not(tmp_path: Path) -> None:
    instance = put(tmp_path / "i.json", round_of(**KNOWN["nobody may chair"][0]))
    answer = run("explain", instance, "--json", "--workers", 1)
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert set(document) == {"unscheduled", "proven", "causes", "applicants"}
    assert [set(c) for c in document["causes"]] == [{"kind", "objects", "message", "fixes"}]
    assert {"change": "请 E1 任组长", "unscheduled_after": 0} in document["causes"][0]["fixes"]
    text = run("explain", instance).stdout
    assert "3 位申报人未能安排。" in text
    assert "隔膜方向没有可任组长的专家" in text
    assert run("explain", put(tmp_path / "j.json", round_of())).stdout == "所有申报人都能安排。\n"


def test_the_command_says_where_else(tmp_path: Path) -> None:
    instance, schedule = put(tmp_path / "i.json", INSTANCE), put(tmp_path / "s.json", SCHEDULE)
    answer = run("explain", instance, "--schedule", schedule, "--applicant", "A6", "--json")
    document = json.loads(answer.stdout)
    assert (answer.exit_code, document["applicant"], document["now"]) == (0, "A6", None)
    assert document["places"][0]["difference"]["unscheduled"] == -1
    assert all(row["reasons"] for row in document["barred"])
    text = run("explain", instance, "--schedule", schedule, "--applicant", "A1").stdout
    assert text.startswith("A1 现在：7 月 15 日上午 答辩室 R1 专家组 P1 08:30\n还能安排在：\n")


def test_wrong_use_is_one_line(tmp_path: Path) -> None:
    instance, schedule = put(tmp_path / "i.json", INSTANCE), put(tmp_path / "s.json", SCHEDULE)
    other = copy.deepcopy(SCHEDULE)
    other["panels"][0]["members"][0] = "E99"
    for words in (
        (instance, "--schedule", schedule),
        (instance, "--applicant", "A1"),
        (instance, "--schedule", schedule, "--applicant", "A99"),
        (instance, "--schedule", put(tmp_path / "o.json", other), "--applicant", "A1"),
        (tmp_path / "none.json",),
        (schedule,),
        (instance, "--seconds", 0),
    ):
        answer = CliRunner().invoke(group, ["explain", *map(str, words)])
        assert answer.exit_code == 2, words
