"""What happens on the day: proposals are solved, one is applied, what has begun stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.crowded import at, clock_at, crowded_round
from tests.webapp.small import FULL, OFFICE, record
from webapp.models import Applicant, Expert, Job, PanelSecretary, PanelSigned, Repair, Room, Round, Sheet, User
from webapp.models import Session as HalfDay
from webapp.services import (
    audit,
    closing,
    differences,
    locking,
    panel_day,
    proposals,
    proposing,
    publishing,
    records,
    repairs,
    sheets,
)
from webapp.services.differences import Difference
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Refused, Stale, Unreadable


@pytest.fixture
def round_(session: Session) -> Round:
    return crowded_round(session)


def asked(session: Session, round_: Round, clock: Clock, **event: Any) -> Repair:
    """An event with its proposals, worked out as the worker does."""
    row = repairs.ask(session, OFFICE, clock, round_, event)
    session.flush()
    task = proposing.task(session, clock, round_, row.id)
    found = list(proposing.propose(task, {"workers": 1, "seed": 0, "seconds": 20}, lambda _done, _of: None))
    proposing.keep(session, row.id, found)
    job = session.get_one(Job, row.job_id)
    job.state, job.finished_at = "done", clock()
    session.flush()
    return row


def difference(row: Repair, choice: int = 0) -> Difference:
    return differences.between(row.base.document, row.proposals[choice]["document"])


def labels(row: Repair) -> list[str]:
    return [p["label"]["text"] % p["label"]["values"] for p in row.proposals]


def call(session: Session, round_: Round, clock: Clock, code: str) -> None:
    panel_day.call(session, OFFICE, clock, round_, code)
    session.flush()


def test_an_ill_expert_is_replaced_and_nobody_moves(session: Session, round_: Round) -> None:
    before = records.published(session, round_)
    user = User(name="sec", role="secretary", password_hash="-")
    session.add(user)
    session.flush()
    session.add(PanelSecretary(round_id=round_.id, panel="P2", user_id=user.id))
    row = asked(session, round_, clock_at(8), kind="expert", id="E0005", sessions=["S1", "S2"])
    assert labels(row)[0] == "改动最少的安排"
    changed = difference(row)
    assert (changed.moves, changed.released) == ((), (("E0005", ("S1",)),))
    assert [sessions for _who, sessions in changed.called] == [("S1",)]
    made = repairs.apply(session, OFFICE, clock_at(8, 1), round_, row.id, 0)
    assert (made.number, made.status, before.status) == (2, "published", "superseded")
    assert round_.state == "published"
    assert "E0005" not in {m.expert.code for p in made.panels for m in p.members}
    assert session.scalars(select(Expert).where(Expert.code == "E0005")).one().available == []
    panels = {p.code for p in made.panels}
    secretary = Actor("sec", "secretary", user_id=user.id)
    assert [p.code for p, _ in records.panels(session, round_, secretary)] == sorted(panels - {"P1"})
    assert list(audit.broken(session)) == []
    with pytest.raises(Stale, match="已经处理"):
        repairs.apply(session, OFFICE, clock_at(8, 1), round_, row.id, 0)


def test_without_calling_anybody_new_people_move(session: Session, round_: Round) -> None:
    row = asked(session, round_, clock_at(8), kind="expert", id="E0005", sessions=["S1", "S2"])
    number = labels(row).index("不另请专家，只用已请的")
    changed = difference(row, number)
    assert {who for who, _ in changed.called} <= {f"E000{n}" for n in range(1, 7)}
    assert row.proposals[number]["document"]["unscheduled"] == []
    assert {m.applicant for m in changed.moves} == {f"A{n:05d}" for n in range(7, 13)}


def test_a_lost_room_moves_its_sitting_only_and_what_has_begun_stays(session: Session, round_: Round) -> None:
    call(session, round_, clock_at(9), "A00001")
    row = asked(session, round_, clock_at(9, 5), kind="room", id="R2", sessions=["S1", "S2"])
    assert row.state == "asked"
    with pytest.raises(Refused, match="已经开始"):
        repairs.ask(session, OFFICE, clock_at(9, 5), round_, {"kind": "room", "id": "R1", "sessions": ["S1"]})


def test_a_room_that_is_lost_before_the_sitting_is_taken_elsewhere(session: Session, round_: Round) -> None:
    row = asked(session, round_, clock_at(8), kind="room", id="R2", sessions=["S1"], name="三楼会议室")
    assert labels(row)[0] == "改用三楼会议室"
    changed = difference(row)
    assert {m.kind for m in changed.moves} == {"room"}
    assert next(p.number for p in proposals.ranked(row)) == 0, "who keeps the time comes before who changes it"
    assert {m.applicant for m in changed.moves} == {f"A{n:05d}" for n in range(7, 13)}
    made = repairs.apply(session, OFFICE, clock_at(8, 1), round_, row.id, 0)
    rooms = {s.room.name for p in made.panels for s in p.sittings}
    assert rooms == {"第一答辩室", "三楼会议室"}
    assert session.scalars(select(Room).where(Room.code == "R2")).one().sessions == ["S2"]


def test_people_called_early_and_people_with_marks_stay(session: Session, round_: Round) -> None:
    """P2 calls A00008 ahead of its time and E0004 has marks for A00010: neither changes panel, room or time."""
    call(session, round_, clock_at(9, 1), "A00008")
    expert = session.scalars(select(Expert).where(Expert.code == "E0004")).one()
    actor = Actor("expert:E0004", "expert", expert_id=expert.id)
    marks = record(round_, "A00010", 4, FULL, sheet=f"R{round_.id}-P2-A00010-E0004", state="draft")
    sheets.receive(session, actor, clock_at(9, 2), round_, marks)
    row = asked(session, round_, clock_at(9, 3), kind="session", id="S1", at="09:30")
    was = differences.places(row.base.document)
    assert row.moment == at(9, 11), "just after the one who was called early"
    now = [differences.places(p["document"]) for p in row.proposals]
    assert all(place[who] == was[who] for place in now for who in ("A00007", "A00008"))
    assert all(place["A00010"].session == "S2" for place in now), "a draft is no reason to be left out"
    other = asked(session, round_, clock_at(9, 3), kind="expert", id="E0005", sessions=["S2"])
    assert all(differences.places(p["document"])["A00010"] == was["A00010"] for p in other.proposals)
    repairs.apply(session, OFFICE, clock_at(9, 3), round_, row.id, 0)
    sheet = session.scalars(select(Sheet)).one()
    place = sheets.place_of(session, round_, sheet.key)
    assert sheet.panel == differences.places(row.proposals[0]["document"])["A00010"].panel or place is None


def test_a_session_cut_short_moves_who_no_longer_fits(session: Session, round_: Round) -> None:
    row = asked(session, round_, clock_at(8), kind="session", id="S1", at="09:30")
    assert row.proposals[0]["document"]["unscheduled"] == []
    repairs.apply(session, OFFICE, clock_at(8), round_, row.id, 0)
    half = session.scalars(select(HalfDay).where(HalfDay.code == "S1")).one()
    assert half.end == at(9, 30)
    made = records.published(session, round_)
    assert all(a["start"] < "2026-12-05T09:30" or a["start"] >= "2026-12-05T14:00" for p in made.document["panels"]
               for s in p["sittings"] for a in s["appointments"])  # fmt: skip


def test_who_comes_late_is_heard_later_and_the_rest_may_stay(session: Session, round_: Round) -> None:
    row = asked(session, round_, clock_at(8), kind="late", id="A00002", at="09:40")
    assert len(difference(row).moves) <= 2
    alone = [n for n, label in enumerate(labels(row)) if label == "其他申报人都不动"]
    for number in alone:
        assert {m.applicant for m in difference(row, number).moves} == {"A00002"}
    repairs.apply(session, OFFICE, clock_at(8), round_, row.id, 0)
    assert records.published(session, round_).document["unscheduled"] == []
    person = session.scalars(select(Applicant).where(Applicant.code == "A00002")).one()
    assert person.unavailable == [["2026-12-05T09:00", "2026-12-05T09:40"]]


def test_what_the_day_said_of_times_stays_when_texts_are_read_anew(session: Session, round_: Round) -> None:
    for event in (
        {"kind": "expert", "id": "E0005", "sessions": ["S2"]},
        {"kind": "late", "id": "A00002", "at": "09:40"},
    ):
        row = asked(session, round_, clock_at(8), **event)
        repairs.apply(session, OFFICE, clock_at(8), round_, row.id, 0)
    now = problem_document(session, round_)
    publishing.withdraw(session, OFFICE, clock_at(8), round_, "改")
    locking.unlock(session, OFFICE, clock_at(8), round_, "改一个姓名")
    locking.lock(session, OFFICE, clock_at(8), round_)
    assert problem_document(session, round_) == now


def test_who_withdraws_leaves_the_schedule_with_an_outcome(session: Session, round_: Round) -> None:
    row = asked(session, round_, clock_at(8), kind="withdrawn", id="A00003", reason="本人书面放弃")
    changed = difference(row)
    assert [(m.applicant, m.kind) for m in changed.moves] == [("A00003", "left")]
    repairs.apply(session, OFFICE, clock_at(8), round_, row.id, 0)
    outcome = {o.applicant.code: (o.kind, o.reason) for o in records.outcomes(session, round_).values()}
    assert outcome == {"A00003": ("gave_up", "本人书面放弃")}
    # what was said once is remembered: the next repair neither places nor misses the one who left
    next_ = asked(session, round_, clock_at(8, 5), kind="withdrawn", id="A00004", reason="病")
    assert [m.applicant for m in difference(next_).moves] == ["A00004"]


def test_a_group_that_is_behind_hands_its_last_ones_on(session: Session, round_: Round) -> None:
    call(session, round_, clock_at(9), "A00001")
    with pytest.raises(Refused, match="不需要调整"):
        repairs.ask(session, OFFICE, clock_at(9, 5), round_, {"kind": "behind", "id": "P1/S1", "minutes": 30})
    row = asked(session, round_, clock_at(9, 55), kind="behind", id="P1/S1", minutes=75)
    assert labels(row)[0] == "最后 2 位改到别的时段"
    changed = difference(row)
    assert {(m.applicant, m.kind) for m in changed.moves} == {("A00005", "session"), ("A00006", "session")}
    made = repairs.apply(session, OFFICE, clock_at(9, 56), round_, row.id, 0)
    panels = {m.applicant: m.after.panel for m in changed.moves if m.after}
    assert set(panels.values()) <= {p.code for p in made.panels}
    assert records.calls(session, round_).keys(), "the call goes on under the new version"


def test_nobody_comes_to_a_group_that_is_behind(session: Session, round_: Round) -> None:
    half = session.scalars(select(HalfDay).where(HalfDay.code == "S1")).one()
    half.end = at(10)  # both rooms are full: handing the last ones on by an exchange would help nobody
    session.flush()
    row = asked(session, round_, clock_at(9, 1), kind="behind", id="P1/S1", minutes=20)
    before = {who for who, place in differences.places(row.base.document).items() if place.panel == "P1"}
    chair = next(p["chair"] for p in row.base.document["panels"] if p["id"] == "P1")
    for proposal in (p["document"] for p in row.proposals if "document" in p):
        panels = {p["id"] for p in proposal["panels"] if chair in p["members"]}
        places = differences.places(proposal)
        now = {who for who, place in places.items() if (place.panel in panels, place.session) == (True, "S1")}
        assert (now <= before, len(now)) == (True, len(before) - 2)


def test_a_proposal_that_the_day_has_overtaken_is_not_applied(session: Session, round_: Round) -> None:
    row = asked(session, round_, clock_at(8), kind="room", id="R2", sessions=["S1"])
    call(session, round_, clock_at(9), "A00007")
    with pytest.raises(Stale, match="A00007 已叫号"):
        repairs.apply(session, OFFICE, clock_at(9), round_, row.id, 0)
    other = asked(session, round_, clock_at(8), kind="late", id="A00002", at="09:40")
    late = next(m.after.start[11:] for m in difference(other).moves if m.after)
    with pytest.raises(Stale, match="已过"):
        repairs.apply(session, OFFICE, clock_at(15, 59), round_, other.id, 0)
    assert late >= "09:00"
    repairs.drop(session, OFFICE, clock_at(8), round_, other.id)
    third = asked(session, round_, clock_at(8), kind="withdrawn", id="A00012", reason="病")
    fourth = asked(session, round_, clock_at(8), kind="withdrawn", id="A00011", reason="病")
    repairs.apply(session, OFFICE, clock_at(8), round_, third.id, 0)
    with pytest.raises(Stale, match="已改为第 2 版"):
        repairs.apply(session, OFFICE, clock_at(8), round_, fourth.id, 0)


def test_a_signature_stands_for_the_sittings_that_were_signed(session: Session, round_: Round) -> None:
    for n in range(1, 7):
        panel_day.settle(session, OFFICE, clock_at(9), round_, f"A{n:05d}", "absent")
    closing.close(session, OFFICE, clock_at(11), round_, "P1", "S1")
    session.add(PanelSigned(round_id=round_.id, panel="P1", at=clock_at(11)(), by="expert:E0001"))
    session.flush()
    row = asked(session, round_, clock_at(8), kind="expert", id="E0005", sessions=["S1", "S2"])
    repairs.apply(session, OFFICE, clock_at(8), round_, row.id, 0)
    signed = records.signed_panels(session, round_)
    kept = {p.code for p in records.published(session, round_).panels}
    assert ("P1" in signed) == ("P1" in kept and difference(row).of("left") == ())


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "flood"},
        {"kind": "expert", "id": "E9999", "sessions": ["S1"]},
        {"kind": "expert", "id": "E0001", "sessions": []},
        {"kind": "session", "id": "S1", "at": "25:00"},
        {"kind": "session", "id": "S1", "at": "12:00"},
        {"kind": "late", "id": "A00001", "at": "08:00"},
        {"kind": "behind", "id": "P1/S1", "minutes": 0},
    ],
)
def test_an_event_that_makes_no_sense_starts_nothing(session: Session, round_: Round, event: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        repairs.ask(session, OFFICE, clock_at(8), round_, event)
    assert session.scalars(select(Repair)).all() == []
    assert session.scalars(select(Job)).all() == []
