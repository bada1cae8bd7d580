"""A whole solve, judged by the checker, with known answers."""

import copy
import json
from pathlib import Path

import pytest

from scheduler import Problem, Schedule, Unreadable, check, solve

N60 = json.loads((Path(__file__).parents[1] / "data" / "n60-1.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def solved():
    return solve(Problem.from_json(N60), seconds=60)


def test_n60_is_proven_optimal(solved):
    assert solved.status == "optimal"
    assert solved.cost == solved.bound == (0, 6, 4, 19, 25, 2, 1)


def test_the_checker_accepts_it_and_counts_the_same(solved):
    report = check(Problem.from_json(N60), solved.to_json())
    assert not report.violations
    assert report.cost == solved.cost


def test_a_schedule_survives_its_json(solved):
    assert Schedule.from_json(solved.to_json()) == solved


def test_a_double_booked_slot_is_caught(solved):
    document = copy.deepcopy(solved.to_json())
    rows = document["panels"][0]["sittings"][0]["appointments"]
    rows[1]["start"] = rows[0]["start"]
    assert "H2" in {v.rule for v in check(Problem.from_json(N60), document).violations}


def test_nobody_to_hear_and_no_room_are_readable():
    bare = N60 | {"rooms": []}
    left = solve(Problem.from_json(bare), seconds=5)
    assert left.cost[0] == len(N60["applicants"])
    assert not check(Problem.from_json(bare), left.to_json()).violations


def test_an_unknown_direction_names_its_path():
    broken = copy.deepcopy(N60)
    broken["applicants"][3]["direction"] = "D99"
    with pytest.raises(Unreadable, match=r"applicants\[3\].direction: unknown direction 'D99'"):
        Problem.from_json(broken)
