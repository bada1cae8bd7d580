"""Each event on a small round whose least change can be counted by hand; what is past; what is refused."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Any

import pytest

from scheduler import Problem, Progress, Schedule, SchedulerError, check
from scheduler.check import check_claims
from scheduler.facts import Facts
from scheduler.repair import ORDER, Repaired, repair
from scheduler.repair.before import Before
from scheduler.repair.judge import Judge
from scheduler.repair.search import Search

Document = dict[str, Any]
DAY = "2023-07-15T"


def expert(name: str, direction: str, **more: Any) -> Document:
    return {"id": name, "employer": None, "directions": {direction: 3}, "chair": True, "sessions": ["S1", "S2"]} | more


def applicant(name: str, direction: str) -> Document:
    return {"id": name, "direction": direction, "employer": None}


INSTANCE: Document = {
    "talk_minutes": 5,
    "answer_minutes": 5,
    "rules": {"panel_size": 3, "min_specialists": 3, "max_members_per_employer": 1, "max_sittings_per_panel": 4},
    "sessions": [
        {"id": "S1", "start": f"{DAY}08:30", "end": f"{DAY}09:30"},
        {"id": "S2", "start": f"{DAY}14:00", "end": f"{DAY}15:00"},
    ],
    "rooms": [{"id": "R1"}, {"id": "R2"}, {"id": "R3", "sessions": ["S2"]}],
    "directions": [{"id": "D1"}, {"id": "D2"}],
    "experts": [*(expert(f"E{n}", "D1") for n in (1, 2, 3, 4)), *(expert(f"F{n}", "D2") for n in (1, 2, 3, 4))],
    "applicants": [*(applicant(f"A{n}", "D1") for n in range(1, 8)), *(applicant(f"B{n}", "D2") for n in (1, 2, 3))],
}
"""Six slots a session. E4 and F4 are called for nothing."""


def sitting(session: str, room: str, first: str, *people: str) -> Document:
    start = datetime.fromisoformat(DAY + first)
    rows = [
        {"applicant": a, "start": start.replace(minute=start.minute + 10 * n).isoformat()[:16]}
        for n, a in enumerate(people)
    ]
    return {"session": session, "room": room, "appointments": rows}


SCHEDULE: Document = {
    "panels": [
        {
            "id": "P1",
            "directions": ["D1"],
            "chair": "E1",
            "members": ["E1", "E2", "E3"],
            "sittings": [sitting("S1", "R1", "08:30", "A1", "A2", "A3"), sitting("S2", "R1", "14:00", "A4", "A5")],
        },
        {
            "id": "P2",
            "directions": ["D2"],
            "chair": "F1",
            "members": ["F1", "F2", "F3"],
            "sittings": [sitting("S1", "R2", "08:30", "B1", "B2", "B3")],
        },
    ],
    "unscheduled": ["A6", "A7"],
}
INSTANCE["applicants"] = [a for a in INSTANCE["applicants"] if a["id"] not in ("A6", "A7")]
SCHEDULE["unscheduled"] = []


def row(document: Document, kind: str, name: str) -> Document:
    found: Document = next(r for r in document[kind] if r["id"] == name)
    return found


def mended(change: Callable[[Document], object], now: str | None = None, old: Document = SCHEDULE) -> Repaired:
    """The repair after a change; judged, its changes counted anew."""
    instance = copy.deepcopy(INSTANCE)
    change(instance)
    moment = datetime.fromisoformat(DAY + now) if now else None
    problem = Problem.from_json(instance)
    found = repair(problem, Schedule.from_json(old), moment, seconds=20, workers=1)
    document = found.to_json()
    report = check(problem, document)
    assert tuple(map(str, report.violations)) == found.past
    assert check_claims(document, report.cost) == []
    recount(old, document)
    return found


def recount(old: Document, new: Document) -> None:
    """``changes`` is what the two schedules say."""

    def heard(document: Document) -> dict[str, tuple[str, str, str]]:
        sittings = [s for p in document["panels"] for s in p["sittings"]]
        return {a["applicant"]: (s["session"], s["room"], a["start"]) for s in sittings for a in s["appointments"]}

    def calls(document: Document) -> set[tuple[str, str]]:
        return {(m, s["session"]) for p in document["panels"] for s in p["sittings"] for m in p["members"]}

    was, now = heard(old), heard(new)
    session = {a for a in was.keys() & now.keys() if was[a][0] != now[a][0]}
    place = {a for a in was.keys() & now.keys() if was[a] != now[a]} - session
    changes = {k: {tuple(x) if isinstance(x, list) else x for x in v} for k, v in new["changes"].items()}
    assert changes == {
        "unscheduled": set(new["unscheduled"]),
        "session": session,
        "place": place,
        "called": calls(new) - calls(old),
    }
    assert all(len(set(map(str, v))) == len(v) for v in new["changes"].values())


def without(kind: str, *names: str) -> Callable[[Document], object]:
    return lambda d: d.update({kind: [r for r in d[kind] if r["id"] not in names]})


def setting(kind: str, name: str, **values: Any) -> Callable[[Document], object]:
    return lambda d: row(d, kind, name).update(values)


def pinned(**starts: str) -> Callable[[Document], object]:
    """Each applicant to a session, a room and a start."""

    def change(d: Document) -> None:
        for who, text in starts.items():
            session, room, start = text.split("/")
            row(d, "applicants", who)["pin"] = {"session": session, "room": room, "start": DAY + start}

    return change


KNOWN: dict[str, tuple[Callable[[Document], object], tuple[int, int, int, int]]] = {
    "nothing": (lambda d: None, (0, 0, 0, 0)),
    "a member falls ill": (without("experts", "E2"), (0, 0, 0, 2)),
    "the chair falls ill": (without("experts", "E1"), (0, 0, 0, 2)),
    "a member lacks the afternoon": (setting("experts", "E2", sessions=["S1"]), (0, 0, 0, 1)),
    "a member may sit once only": (setting("experts", "E2", max_sessions=1), (0, 0, 0, 1)),
    "two fall ill, one can stand in": (without("experts", "F2", "F3"), (3, 3, 0, 0)),
    "a room is lost in the afternoon": (setting("rooms", "R1", sessions=["S1"]), (0, 0, 2, 0)),
    "a room is lost, the other panel's goes to the afternoon": (without("rooms", "R2"), (0, 3, 0, 3)),
    "every room is lost": (without("rooms", "R1", "R2", "R3"), (8, 8, 0, 0)),
    "nobody is left to call": (without("experts", *(f"{x}{n}" for x in "EF" for n in (1, 2, 3, 4))), (8, 8, 0, 0)),
    "the morning ends after two slots": (setting("sessions", "S1", end=f"{DAY}08:50"), (0, 2, 0, 3)),
    "one comes late": (setting("applicants", "A1", unavailable=[[f"{DAY}08:00", f"{DAY}08:40"]]), (0, 0, 1, 0)),
    "one cannot in the morning": (
        setting("applicants", "A1", unavailable=[[f"{DAY}08:00", f"{DAY}12:00"]]),
        (0, 1, 0, 0),
    ),
    "one withdraws": (without("applicants", "A2"), (0, 0, 0, 0)),
    "a whole panel's people withdraw": (without("applicants", "B1", "B2", "B3"), (0, 0, 0, 0)),
    "one is added": (lambda d: d["applicants"].append(applicant("N1", "D2")), (0, 0, 0, 0)),
    "two swap in a sitting": (pinned(A1="S1/R1/08:40", A2="S1/R1/08:30"), (0, 0, 2, 0)),
    "two swap half-days": (pinned(A1="S2/R1/14:00", A4="S1/R1/08:30"), (0, 2, 0, 0)),
    "a member must not hear one": (setting("experts", "E2", recuse_applicants=["A1"]), (0, 0, 0, 1)),
    "a session is gone": (
        lambda d: (
            d.update(sessions=d["sessions"][1:]),
            [e.update(sessions=["S2"]) for e in d["experts"]],
        ),
        (0, 6, 0, 3),
    ),
}


@pytest.mark.parametrize("what", KNOWN)
def test_the_least_change_is_found_and_proven(what: str) -> None:
    change, counts = KNOWN[what]
    found = mended(change)
    assert found.changes.counts == counts
    assert found.bound == found.cost
    assert found.past == ()


def test_nobody_gives_way_to_somebody_who_had_no_place() -> None:
    """All is full, a room is lost, another is free: to leave one out for the newcomer would move one less."""

    def change(d: Document) -> None:
        d["applicants"].append(applicant("N1", "D1") | {"unavailable": [[f"{DAY}12:00", f"{DAY}23:00"]]})
        setting("sessions", "S1", end=f"{DAY}09:00")(d)
        setting("sessions", "S2", end=f"{DAY}14:20")(d)
        setting("rooms", "R1", sessions=["S2"])(d)
        setting("rooms", "R3", sessions=["S1", "S2"])(d)

    found = mended(change)
    assert found.schedule.unscheduled == ("N1",)
    assert found.changes.counts[:3] == (1, 0, 3)
    assert found.bound[:3] == found.cost[:3]


def test_who_is_not_touched_keeps_everything() -> None:
    found = mended(lambda d: None).schedule.to_json()
    assert found["panels"] == SCHEDULE["panels"]
    late = mended(KNOWN["one comes late"][0]).schedule
    assert late.panels[1].sittings == Schedule.from_json(SCHEDULE).panels[1].sittings
    assert [a.applicant for a in late.panels[0].sittings[0].appointments] == ["A2", "A3", "A1"]


def test_a_panel_keeps_its_id_and_who_stays_the_seat() -> None:
    found = mended(without("experts", "E2")).schedule.panels
    assert [(p.id, p.chair, p.members) for p in found] == [
        ("P1", "E1", ("E1", "E4", "E3")),
        ("P2", "F1", ("F1", "F2", "F3")),
    ]


def test_a_panel_whose_members_change_later_goes_on_as_a_new_one() -> None:
    found = mended(setting("experts", "E2", sessions=["S1"]))
    assert [(p.id, p.members) for p in found.schedule.panels][:2] == [
        ("P1", ("E1", "E2", "E3")),
        ("P1+1", ("E1", "E4", "E3")),
    ]
    assert found.changes.called == (("E4", "S2"),)
    again = mended(setting("experts", "E3", sessions=["S1"]), old=found.schedule.to_json())
    assert [p.id for p in again.schedule.panels] == ["P1", "P1+1", "P2"]


def test_who_falls_ill_during_a_sitting_stays_in_it() -> None:
    found = mended(setting("experts", "E2", sessions=["S1"]), now="08:45")
    first = found.schedule.panels[0]
    assert (first.id, first.members, found.past) == ("P1", ("E1", "E2", "E3"), ())
    assert found.changes.counts == (0, 0, 0, 1)


def test_who_is_gone_from_the_instance_did_sit_and_it_is_told() -> None:
    found = mended(without("experts", "E2"), now="08:45")
    assert [(p.id, p.members) for p in found.schedule.panels][:2] == [
        ("P1", ("E1", "E2", "E3")),
        ("P1+1", ("E1", "E4", "E3")),
    ]
    assert found.past == ("H5 P1: has unknown members", "H7 P1: 2 specialists of D1")
    assert found.to_json()["repair"]["past"] == list(found.past)


def test_what_is_past_does_not_excuse_what_is_to_come() -> None:
    """E2 and E4 gone: nobody may take the afternoon's seat; the morning's panel is history and takes no guests."""
    found = mended(without("experts", "E2", "E4"), now="08:45")
    assert found.schedule.unscheduled == ("A4", "A5")


def test_a_plan_is_judged_for_what_is_to_come_though_the_past_breaks_the_same_rule() -> None:
    instance = copy.deepcopy(INSTANCE)
    without("experts", "E2")(instance)
    now = datetime.fromisoformat(f"{DAY}08:45")
    before = Before(Facts(Problem.from_json(instance)), Schedule.from_json(SCHEDULE), now)
    judge = Judge(before)
    assert judge.rate(before.only_past(before.held.values())) is not None
    assert judge.rate(tuple(before.held.values())) is None


def test_a_panel_that_has_started_keeps_its_id_before_a_longer_one() -> None:
    """E1 may chair no more: the morning is past, two half-days go on under another chair."""
    more = {"id": "S3", "start": "2023-07-16T08:30", "end": "2023-07-16T09:30"}
    old = copy.deepcopy(SCHEDULE)
    old["panels"][0]["sittings"] = [
        sitting("S1", "R1", "08:30", "A1"),
        sitting("S2", "R1", "14:00", "A2", "A3", "A4"),
        sitting("S3", "R1", "08:30", "A5"),
    ]
    rows = old["panels"][0]["sittings"][2]["appointments"]
    rows[0]["start"] = "2023-07-16T08:30"

    def change(d: Document) -> None:
        d["sessions"].append(more)
        for e in d["experts"]:
            e["sessions"].append("S3")
        row(d, "experts", "E1")["chair"] = False

    panels = mended(change, now="08:45", old=old).schedule.panels
    assert [(p.id, p.chair == "E1", len(p.sittings)) for p in panels][:2] == [("P1", True, 1), ("P1+1", False, 2)]


def test_a_started_room_stays_though_the_instance_lost_it() -> None:
    found = mended(setting("rooms", "R1", sessions=["S2"]), now="08:45")
    assert found.changes.counts == (0, 0, 0, 0)
    assert found.past == ("H3 P1/S1/R1: the room is not open then",)


def test_who_came_too_late_is_heard_later_and_never_before_now() -> None:
    away = setting("applicants", "A1", unavailable=[[f"{DAY}08:00", f"{DAY}08:50"]])
    found = mended(away, now="08:45")
    rows = found.schedule.panels[0].sittings[0].appointments
    assert found.changes.place == ("A1",)
    assert next(a.start for a in rows if a.applicant == "A1") > datetime.fromisoformat(f"{DAY}08:50")


def test_nobody_is_put_before_now() -> None:
    found = mended(lambda d: d["applicants"].extend(applicant(f"N{n}", "D2") for n in range(4)), now="09:05")
    new = {a.applicant: a.start for p in found.schedule.panels for s in p.sittings for a in s.appointments}
    assert all(start >= datetime.fromisoformat(f"{DAY}09:05") for who, start in new.items() if who[0] == "N")
    assert found.changes.counts == (0, 0, 0, 3)  # two in the morning's slots, two need the panel in the afternoon


def test_an_exchange_inside_a_session_calls_nobody() -> None:
    """E2 must not hear A1: as a stranger may sit, one of the other panel changes places with E2."""

    def change(d: Document) -> None:
        d["rules"]["min_specialists"] = 2
        row(d, "experts", "E2")["recuse_applicants"] = ["A1"]

    found = mended(change)
    assert found.changes.counts == (0, 0, 0, 0)
    assert found.bound == found.cost


def test_everything_is_past() -> None:
    found = mended(without("experts", "F1", "F2"), now="23:00")
    assert found.schedule.panels[1].members == ("F1", "F2", "F3")
    assert found.changes.counts == (0, 0, 0, 0)


def test_an_empty_schedule_is_filled() -> None:
    found = mended(lambda d: None, old={"panels": [], "unscheduled": [a["id"] for a in INSTANCE["applicants"]]})
    assert found.changes.counts[:3] == (0, 0, 0)


def beside(name: str, *sittings: Document) -> Document:
    """The schedule with another panel like the first."""
    other = SCHEDULE["panels"][0] | {"id": name, "sittings": list(sittings)}
    return SCHEDULE | {"panels": [other, *SCHEDULE["panels"]]}


STRANGE: dict[str, tuple[Document, str]] = {
    "a panel twice": (beside("P1"), "panel 'P1' stands twice"),
    "one heard twice": (beside("P9", sitting("S1", "R3", "08:30", "B1")), "applicant 'B1' stands twice"),
    "two sittings in one place": (beside("P9", sitting("S1", "R2", "09:00")), "sitting 'S1/R2' stands twice"),
    "no applicant of this round": ({"panels": [], "unscheduled": ["X1"]}, "names no applicant"),
    "other directions": (json.loads(json.dumps(SCHEDULE).replace('"D', '"X')), "other directions"),
    "no place, no expert": (json.loads(re.sub(r'"([SREF]\d)"', r'"X\1"', json.dumps(SCHEDULE))), "no session, room or"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_no_schedule_of_this_round_is_refused(what: str) -> None:
    old, says = STRANGE[what]
    with pytest.raises(SchedulerError, match=says):
        repair(Problem.from_json(INSTANCE), Schedule.from_json(old), seconds=1)


def test_it_tells_how_far_it_is_in_the_order_of_a_repair() -> None:
    told: list[Progress] = []
    instance = copy.deepcopy(INSTANCE)
    without("rooms", "R2")(instance)
    found = repair(Problem.from_json(instance), Schedule.from_json(SCHEDULE), workers=1, progress=told.append)
    assert (told[-1].cost, told[-1].bound) == (found.cost, found.bound)
    assert {p.level for p in told} <= set(ORDER)


def test_a_cancelled_repair_hands_out_the_best_so_far() -> None:
    """The other panel's people could go to the afternoon; who is stopped before looking leaves them out."""
    instance = copy.deepcopy(INSTANCE)
    without("rooms", "R2")(instance)
    problem, stop = Problem.from_json(instance), Event()
    stop.set()
    search = Search(problem, Schedule.from_json(SCHEDULE), None, 60, 1, 0)
    search.before.enough = True
    found = search.run(cancel=stop)
    assert found.changes.counts[0] == 3
    assert check(problem, found.to_json()).violations == ()


def test_a_past_session_must_be_left_in_the_instance() -> None:
    change = KNOWN["a session is gone"][0]
    with pytest.raises(SchedulerError, match="lacks 'S1'"):
        mended(change, now="08:45")
