"""Panels filled with people: all of them, evenly, each where the times, the pins and the recusals allow."""

from __future__ import annotations

from typing import Any

from scheduler import Problem
from scheduler.check import check
from scheduler.facts import Facts
from scheduler.filling import Filling
from scheduler.patterns import Frame
from scheduler.rooms import settle
from scheduler.schedule import Panel

AM, PM, NEXT = 0, 1, 2
"""Sessions of three slots each, two on the first day."""


def problem(applicants: list[dict[str, Any]], **rules: Any) -> Problem:
    """Panels of one, six experts who can do everything, three rooms, two directions."""
    return Problem.from_json(
        {
            "talk_minutes": 5,
            "answer_minutes": 5,
            "rules": {"panel_size": 1, "min_specialists": 1, "max_members_per_employer": 1, "mixes": [["D1", "D2"]]}
            | rules,
            "sessions": [
                {"id": "AM", "start": "2023-07-15T08:00", "end": "2023-07-15T08:30"},
                {"id": "PM", "start": "2023-07-15T14:00", "end": "2023-07-15T14:30"},
                {"id": "NEXT", "start": "2023-07-16T08:00", "end": "2023-07-16T08:30"},
            ],
            "rooms": [{"id": f"R{i}"} for i in (1, 2, 3)],
            "directions": [{"id": "D1"}, {"id": "D2"}],
            "experts": [
                {"id": f"E{i}", "employer": None, "directions": {"D1": 3, "D2": 3}, "chair": True}
                | {"sessions": ["AM", "PM", "NEXT"]}
                for i in range(6)
            ],
            "applicants": [{"id": f"A{i}", "direction": "D1", "employer": None} | a for i, a in enumerate(applicants)],
        }
    )


def frame(expert: int, *times: int, hears: tuple[str, ...] = ("D1",)) -> Frame:
    return hears, times, (expert,), expert


def fill(p: Problem, *frames: Frame, around: dict[str, list[int]] | None = None) -> list[Panel]:
    """The filled panels, which the checker accepts once they have rooms."""
    facts = Facts(p)
    panels = Filling(facts, frames, around or {}).solve(10)
    assert panels is not None
    schedule = settle(facts, panels)
    assert schedule is not None
    assert not check(p, schedule.to_json()).violations
    return panels


def counts(panels: list[Panel]) -> list[list[int]]:
    return [[len(s.appointments) for s in panel.sittings] for panel in panels]


def heard(panel: Panel) -> set[str]:
    return {a.applicant for s in panel.sittings for a in s.appointments}


def test_panels_of_a_direction_hear_as_many_as_each_other():
    assert counts(fill(problem([{}] * 4), frame(0, AM), frame(1, AM))) == [[2], [2]]


def test_what_panels_elsewhere_hear_counts():
    """Who comes late leaves an empty slot before where panels are even; they need not be where others are uneven."""
    late = {"unavailable": [["2023-07-15T08:00", "2023-07-15T08:20"]], "recuse_experts": ["E1"]}
    p = problem([late, {}, {}, {}])
    assert counts(fill(p, frame(0, AM), frame(1, AM))) == [[2], [2]]
    assert counts(fill(p, frame(0, AM), frame(1, AM), around={"D1": [1, 3]})) == [[3], [1]]


def test_a_sitting_has_so_many_at_least_where_it_can():
    panels = fill(problem([{}] * 4, min_sitting=2), frame(0, AM, PM))
    assert counts(panels) == [[2, 2]]


def test_one_who_does_not_fit_is_left_out():
    panels = fill(problem([{}] * 4), frame(0, AM))
    assert counts(panels) == [[3]]


def test_a_sitting_without_anyone_is_no_answer():
    p = problem([{}])
    assert Filling(Facts(p), [frame(0, AM, PM)], {}).solve(10) is None
    assert Filling(Facts(p), [frame(0, AM)], {}).solve(10, stop=lambda: True) is None


def test_those_who_can_take_only_some_slots_take_them():
    late = {"unavailable": [["2023-07-15T08:00", "2023-07-15T08:20"]]}
    early = {"unavailable": [["2023-07-15T08:10", "2023-07-15T08:30"]]}
    (panel,) = fill(problem([{}, late, early]), frame(0, AM))
    assert [a.applicant for a in panel.sittings[0].appointments] == ["A2", "A0", "A1"]


def test_two_for_one_slot_sit_in_two_sessions_or_one_is_left_out():
    late = {"unavailable": [["2023-07-15T08:00", "2023-07-15T08:20"]]}
    for other in (late, late | {"recuse_experts": ["E5"]}):
        assert counts(fill(problem([late, other]), frame(0, AM, PM))) == [[1, 1]]
        assert counts(fill(problem([late, other]), frame(0, AM))) == [[1]]


def test_an_empty_slot_before_somebody_is_filled_from_another_sitting():
    """A late one in the morning leaves two slots before; the other two are heard there and not in the afternoon."""
    late = {"unavailable": [["2023-07-15T08:00", "2023-07-15T08:20"], ["2023-07-15T14:00", "2023-07-15T14:30"]]}
    panels = fill(problem([late, {}, {}, {}]), frame(0, AM, PM))
    assert counts(panels) == [[3, 1]]


def test_nobody_is_heard_by_whom_they_must_not_meet():
    panels = fill(problem([{"recuse_experts": ["E0"]}, {"recuse_experts": ["E1"]}]), frame(0, AM), frame(1, AM))
    assert [heard(panel) for panel in panels] == [{"A1"}, {"A0"}]


def test_a_panel_of_two_directions_hears_both():
    panels = fill(problem([{}, {}, {"direction": "D2"}]), frame(0, AM, hears=("D1", "D2")), frame(1, AM))
    assert "A2" in heard(panels[0])
    assert [len(heard(panel)) for panel in panels] == [2, 1]
    short = Filling(Facts(problem([{}, {"direction": "D2"}])), [frame(0, AM, hears=("D1", "D2")), frame(1, AM)], {})
    assert short.solve(10) is None


def test_people_pinned_to_rooms_sit_apart_and_no_two_sittings_want_one_room():
    pins = [{"pin": {"room": r, "session": "AM"}} for r in ("R1", "R2")]
    panels = fill(problem(pins), frame(0, AM), frame(1, AM))
    assert [len(heard(panel)) for panel in panels] == [1, 1]
    assert counts(fill(problem(pins), frame(0, AM))) == [[1]]
    together = fill(problem([pins[0], pins[0], {}]), frame(0, AM), frame(1, AM))
    assert sorted(map(sorted, map(heard, together))) == [["A0", "A1"], ["A2"]]


def test_the_same_seed_and_work_fill_the_same():
    p = problem([{}] * 7)
    first, again = (
        Filling(Facts(p), [frame(0, AM, PM), frame(1, AM)], {}).solve(1, seed=5, by_work=True) for _ in range(2)
    )
    assert first == again
