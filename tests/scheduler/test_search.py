"""What a search promises whatever it finds: it can be cancelled, repeats itself, keeps a start, says nothing."""

from __future__ import annotations

import threading
import time

import pytest

from scheduler import Problem, Schedule, SchedulerError, check, solve
from scheduler.bench.instances import read
from scheduler.check import check_claims
from scheduler.schedule import empty
from scheduler.search import Progress

HANG = 60
"""Seconds after which a search counts as one that does not end. No measure of how fast it is."""


def assert_sound(problem: Problem, schedule: Schedule) -> None:
    report = check(problem, schedule.to_json())
    assert not report.violations
    assert not check_claims(schedule.to_json(), report.cost)


class Cancel(threading.Event):
    """Set once everyone is heard, or at a moment of the run."""

    def __init__(self, heard: bool) -> None:
        super().__init__()
        self.heard = heard
        self.told: list[Progress] = []

    def tell(self, progress: Progress) -> None:
        self.told.append(progress)
        if progress.elapsed >= 2 or (self.heard and progress.cost[0] == 0):
            self.set()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", ["made-100-7-mixes-pins", "made-400-1-tight"])
def test_a_cancelled_search_ends_and_keeps_the_best(name, workers):
    problem, cancel = Problem.from_json(read(name)), Cancel(heard=workers == 2)
    began = time.monotonic()
    answer = solve(problem, seconds=10 * HANG, workers=workers, cancel=cancel, progress=cancel.tell)
    assert time.monotonic() - began < HANG
    assert_sound(problem, answer)
    assert answer.cost <= min(p.cost for p in cancel.told)
    assert [p.cost for p in cancel.told] == sorted((p.cost for p in cancel.told), reverse=True)
    assert [p.elapsed for p in cancel.told] == sorted(p.elapsed for p in cancel.told)


def test_cancelled_before_it_begins_it_has_a_schedule():
    problem, cancel = Problem.from_json(read("n300-1")), threading.Event()
    cancel.set()
    answer = solve(problem, seconds=10 * HANG, cancel=cancel)
    assert_sound(problem, answer)
    assert answer.cost < empty(problem).rated((len(problem.applicants), *[0] * 6), (), 0).cost


def test_cancelled_in_its_work_it_ends_as_well():
    problem, cancel = Problem.from_json(read("made-100-7-mixes-pins")), threading.Event()
    threading.Timer(1, cancel.set).start()
    began = time.monotonic()
    answer = solve(problem, work=1e6, workers=1, cancel=cancel)
    assert time.monotonic() - began < HANG
    assert_sound(problem, answer)


def test_a_start_is_kept_where_there_is_no_time_to_better_it():
    problem = Problem.from_json(read("n60-1"))
    best = solve(problem, seconds=120)
    for options in ({"seconds": 1e-3}, {"work": 1e-3}):
        again = solve(problem, start=best, **options)
        assert (again.panels, again.cost) == (best.panels, best.cost)
        assert_sound(problem, again)


def test_a_bad_start_does_no_harm():
    problem = Problem.from_json(read("n60-1"))
    assert solve(problem, seconds=20, start=empty(problem)).cost[0] == 0


def test_a_start_of_another_instance_is_refused():
    problem, other = (Problem.from_json(read(name)) for name in ("n60-1", "n120-1"))
    with pytest.raises(SchedulerError, match="not one of this instance"):
        solve(problem, seconds=1, start=solve(other, seconds=1e-3))


def test_nothing_is_printed(capfd):
    solve(Problem.from_json(read("made-100-7-mixes-pins")), seconds=3)
    assert capfd.readouterr() == ("", "")


N60 = read("n60-1")
NOBODY = {
    "no room": {"rooms": []},
    "rooms that are closed": {"rooms": [{"id": "R1", "sessions": []}]},
    "no chair": {"experts": [e | {"chair": False} for e in N60["experts"]]},
    "no expert": {"experts": [], "applicants": [a | {"recuse_experts": []} for a in N60["applicants"]]},
    "slots longer than sessions": {"talk_minutes": 600},
    "panels larger than all experts": {"rules": N60["rules"] | {"panel_size": 99}},
    "more specialists than members": {"rules": N60["rules"] | {"min_specialists": 9}},
    "no member of any employer": {"rules": N60["rules"] | {"max_members_per_employer": 0}},
    "panels without sittings": {"rules": N60["rules"] | {"max_sittings_per_panel": 0}},
}


@pytest.mark.parametrize("options", [{"seconds": 20}, {"work": 0.5}], ids=["seconds", "work"])
@pytest.mark.parametrize("what", NOBODY)
def test_where_nobody_can_be_heard_that_is_proven(what, options):
    problem = Problem.from_json(N60 | NOBODY[what])
    answer = solve(problem, **options)
    assert_sound(problem, answer)
    assert answer.cost == answer.bound == (60, 0, 0, 0, 0, 0, 0)


def test_nobody_to_hear_is_heard_at_once():
    experts = [e | {"recuse_applicants": []} for e in N60["experts"]]
    answer = solve(Problem.from_json(N60 | {"applicants": [], "experts": experts}), seconds=20)
    assert (answer.panels, answer.cost, answer.status) == ((), (0,) * 7, "optimal")


def nobody_for(direction: str) -> Problem:
    """An instance of several clusters in which no expert knows one direction."""
    document = read("made-600-1")
    for expert in document["experts"]:
        expert["directions"].pop(direction, None)
    return Problem.from_json(document)


def solve_until_proven(problem: Problem) -> Schedule:
    """As long as one of the first three levels is open."""
    proven = threading.Event()

    def tell(progress: Progress) -> None:
        if progress.cost[:3] == progress.bound[:3]:
            proven.set()

    return solve(problem, seconds=10 * HANG, cancel=proven, progress=tell)


def test_who_cannot_be_heard_does_not_stand_in_the_way_of_the_others():
    """Everyone else is a round of their own, proven as if nobody had been left out."""
    problem = nobody_for("D3")
    answer = solve_until_proven(problem)
    assert_sound(problem, answer)
    assert {*answer.unscheduled} == {a.id for a in problem.applicants if a.direction == "D3"}
    assert answer.bound[:3] == answer.cost[:3], "before, nobody's groups were"
