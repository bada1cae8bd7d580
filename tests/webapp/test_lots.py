"""Lots: the secret stays outside until it is revealed, the draw is recomputed, the order reaches every list."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.small import OFFICE
from webapp.models import AuditPayload, Draw, Round
from webapp.services import (
    books,
    drafts,
    drawn_order,
    draws,
    lots,
    lots_by_hand,
    panel_day,
    proposing,
    publishing,
    records,
    repairs,
)
from webapp.services.instance import problem_document
from webapp.services.kernel import Refused, Unreadable

SECRET = "K7QF2-M9DXA-P4TRW-Z8HNC"
SEAL = hashlib.sha256(SECRET.encode()).hexdigest()
CLOCK = clock_at(7)


def sha(*fields: str) -> str:
    return hashlib.sha256("|".join(fields).encode()).hexdigest()


def draft_round(session: Session, **settings: str) -> Round:
    """The crowded round with its schedule as a draft again."""
    round_ = crowded_round(session, **settings)
    publishing.withdraw(session, OFFICE, CLOCK, round_, "先抽签")
    session.flush()
    return round_


def order(session: Session, round_: Round, room: str = "R1") -> list[str]:
    version = draws.target(session, round_) or records.published(session, round_)
    rows = next(s["appointments"] for p in version.document["panels"] for s in p["sittings"] if s["room"] == room)
    return [a["applicant"] for a in sorted(rows, key=lambda a: a["start"])]


def drawn_by_computer(session: Session, round_: Round, **choice: Any) -> Draw:
    row = lots.commit(session, OFFICE, CLOCK, round_, SEAL, **choice)
    lots.call(session, OFFICE, CLOCK, round_, row.id, [("监督 王", "38"), ("申报人 A00001", "14")])
    lots.reveal(session, OFFICE, CLOCK, round_, row.id, SECRET)
    return row


def test_nothing_holds_the_secret_before_it_is_revealed(session: Session) -> None:
    round_ = draft_round(session)
    row = lots.commit(session, OFFICE, CLOCK, round_, SEAL)
    lots.call(session, OFFICE, CLOCK, round_, row.id, [("监督 王", "38"), ("申报人 A00001", "14")])
    with pytest.raises(Unreadable, match="不符"):
        lots.reveal(session, OFFICE, CLOCK, round_, row.id, SECRET.lower())
    session.flush()
    everything = [json.dumps(p.after, ensure_ascii=False) for p in session.scalars(select(AuditPayload))]
    assert row.secret == ""
    assert not any(SECRET in one or SECRET.lower() in one for one in everything)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE draws SET secret = 'x'"))


def test_a_draw_by_computer_is_what_anyone_recomputes(session: Session) -> None:
    round_ = draft_round(session)
    before = draws.target(session, round_)
    assert before is not None
    assert draws.missing(session, round_, before) is not None
    row = drawn_by_computer(session, round_)
    seed = sha(SECRET, "3814")
    assert (row.seed, row.secret, row.state) == (seed, SECRET, "drawn")
    for room, numbers in (("R1", range(1, 7)), ("R2", range(7, 13))):
        people = [f"A{n:05d}" for n in numbers]
        assert order(session, round_, room) == sorted(people, key=lambda who: sha(seed, f"S1/{room}", who))
    after = draws.target(session, round_)
    assert after is not None
    assert after.number == before.number + 1
    assert draws.missing(session, round_, after) is None
    told = str(draws.missing(session, round_, before))
    assert f"请发布第 {after.number} 版" in told, "the order that was drawn is not lost by a slip"
    assert set(draws.public(row)) == {"commitment", "secret", "digits", "seed", "order"}
    publishing.publish(session, OFFICE, CLOCK, round_, after.number, problem_document(session, round_))
    sheet = books.content(session, round_).drawn["S1/R1"]
    assert (sheet.commitment, sheet.digits, list(sheet.order)) == (SEAL, "3814", order(session, round_))


def test_what_is_drawn_for_is_fixed_by_the_commitment(session: Session) -> None:
    """A draft made after the commitment is not the one that is drawn."""
    round_ = draft_round(session)
    row = lots.commit(session, OFFICE, CLOCK, round_, SEAL)
    version = row.version
    later = drafts.store(session, OFFICE, CLOCK, round_, version.instance, version.document, "后来的")
    lots.call(session, OFFICE, CLOCK, round_, row.id, [("监督", "1"), ("申报人", "2")])
    with pytest.raises(Refused, match="已经记下"):
        lots.call(session, OFFICE, CLOCK, round_, row.id, [("监督", "7"), ("申报人", "9")])
    made = lots.reveal(session, OFFICE, CLOCK, round_, row.id, SECRET)
    assert made.note == f"第 {version.number} 版抽签"
    assert later.document["panels"] == version.document["panels"]


def test_steps_out_of_turn_are_refused(session: Session) -> None:
    round_ = draft_round(session)
    with pytest.raises(Unreadable, match="64 位"):
        lots.commit(session, OFFICE, CLOCK, round_, SECRET)
    row = lots.commit(session, OFFICE, CLOCK, round_, SEAL)
    with pytest.raises(Refused, match="还没有抽完"):
        lots.commit(session, OFFICE, CLOCK, round_, SEAL)
    with pytest.raises(Refused, match="先由监督人员"):
        lots.reveal(session, OFFICE, CLOCK, round_, row.id, SECRET)
    for called in ([("监督", "3")], [("监督", "3"), ("", "4")], [("监督", "３"), ("申报人", "4")]):
        with pytest.raises(Unreadable, match="写明是谁"):
            lots.call(session, OFFICE, CLOCK, round_, row.id, called)
    with pytest.raises(Unreadable, match="原因"):
        lots.void(session, OFFICE, CLOCK, round_, row.id, " ")
    lots.void(session, OFFICE, CLOCK, round_, row.id, "密语遗失")
    assert draws.open_draw(session, round_) is None
    assert drawn_by_computer(session, round_).state == "drawn"


def test_at_check_in_the_order_is_an_annex_to_the_published_version(session: Session) -> None:
    round_ = crowded_round(session, lots="check_in")
    version = records.published(session, round_)
    ids = {a.id for p in version.panels for s in p.sittings for a in s.appointments}
    row = drawn_by_computer(session, round_, sessions=["S1"])
    session.expire_all()
    now = records.published(session, round_)
    assert (now.id, now.number) == (version.id, version.number)
    rows = sorted((a for p in now.panels for s in p.sittings for a in s.appointments), key=lambda a: a.start)
    assert {a.id for a in rows} == ids
    told = {
        a["applicant"]: a["start"] for p in now.document["panels"] for s in p["sittings"] for a in s["appointments"]
    }
    assert {a.applicant.code: f"{a.start:%Y-%m-%dT%H:%M}" for a in rows} == told
    assert order(session, round_) == row.order[0]["applicants"]
    with pytest.raises(Refused, match="没有可以抽签"):
        lots.commit(session, OFFICE, CLOCK, round_, SEAL, sessions=["S1"])


def test_who_was_called_is_not_drawn_again(session: Session) -> None:
    round_ = crowded_round(session, lots="check_in")
    row = lots.commit(session, OFFICE, CLOCK, round_, SEAL, sessions=["S1"])
    lots.call(session, OFFICE, CLOCK, round_, row.id, [("监督", "1"), ("申报人", "2")])
    panel_day.call(session, OFFICE, CLOCK, round_, "A00003")
    with pytest.raises(Refused, match="S1/R1 已叫号"):
        lots.reveal(session, OFFICE, CLOCK, round_, row.id, SECRET)
    session.rollback()


@pytest.mark.parametrize(
    ("late", "expected"),
    [("last", ["A00003", "A00001", "A00006", "A00005", "A00002", "A00004"]),
     ("leftover", ["A00002", "A00003", "A00004", "A00001", "A00006", "A00005"])],
)  # fmt: skip
def test_numbers_drawn_on_the_spot(session: Session, late: str, expected: list[str]) -> None:
    """A00002 and A00004 are late: they are called last, or get the numbers 1 and 3 that are left over."""
    round_ = crowded_round(session, lots="check_in", late=late)
    typed: dict[str, int | None] = {"A00001": 4, "A00002": None, "A00003": 2, "A00004": None, "A00005": 6, "A00006": 5}
    lots_by_hand.by_hand(session, OFFICE, CLOCK, round_, {"S1/R1": typed, "S1/R2": {"A00007": None}})
    assert order(session, round_) == expected
    assert order(session, round_, "R2") == [f"A{n:05d}" for n in range(7, 13)], "no number, left as it was"
    sheet = books.content(session, round_).drawn
    assert set(sheet) == {"S1/R1"}
    assert (sheet["S1/R1"].hand, sheet["S1/R1"].seed) == (True, "")
    with pytest.raises(Refused, match="已抽定"):
        lots_by_hand.by_hand(session, OFFICE, CLOCK, round_, {"S1/R1": typed})


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"A00001": 1, "A00002": 1}, "申报1、申报2 都是 1 号"), ({"A00001": 7}, "申报1 的号码是 7，应为 1 到 6"),
     ({"A00009": 1}, "申报9 不在这一场"), ({}, "任何号码"), ({"A00001": 1}, "申报6 还没有号码")],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused(session: Session, typed: dict[str, int | None], says: str) -> None:
    round_ = draft_round(session)
    with pytest.raises(Unreadable, match=says):
        lots_by_hand.by_hand(session, OFFICE, CLOCK, round_, {"S1/R1": typed})


def test_by_roster_number_nothing_is_drawn(session: Session) -> None:
    round_ = draft_round(session, order="roster")
    with pytest.raises(Refused, match="不抽签"):
        lots.commit(session, OFFICE, CLOCK, round_, SEAL)
    version = draws.target(session, round_)
    assert version is not None
    assert draws.missing(session, round_, version) is None
    document = drawn_order.by_roster(session, round_, version.instance, version.document)
    drafts.store(session, OFFICE, CLOCK, round_, version.instance, document)
    assert order(session, round_) == [f"A{n:05d}" for n in range(6, 0, -1)]


def test_a_repair_leaves_the_draw_of_what_it_does_not_touch(session: Session) -> None:
    round_ = draft_round(session)
    drawn_by_computer(session, round_)
    version = draws.target(session, round_)
    assert version is not None
    publishing.publish(session, OFFICE, CLOCK, round_, version.number, problem_document(session, round_))
    row = repairs.ask(session, OFFICE, CLOCK, round_, {"kind": "withdrawn", "id": "A00008", "reason": "病"})
    task = proposing.task(session, CLOCK, round_, row.id)
    proposing.keep(session, row.id, list(proposing.propose(task, {"workers": 1, "seconds": 1}, lambda _a, _b: None)))
    made = repairs.apply(session, OFFICE, CLOCK, round_, row.id, 0)
    assert set(draws.drawn(session, made)) == {"S1/R1"}
