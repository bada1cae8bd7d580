"""The pool of experts: answers reach the schedule, and who is asked or called among equals is drawn by lot."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.models import Expert, ExpertDraw, Round
from webapp.services import locking, pool
from webapp.services.instance import problem_document
from webapp.services.kernel import Refused, Unreadable


def expert(session: Session, code: str) -> Expert:
    return session.scalars(select(Expert).where(Expert.code == code)).one()


def more(session: Session, round_: Round, count: int) -> None:
    """Experts who serve as well as 专家2."""
    for n in range(4, 4 + count):
        person = Expert(round_id=round_.id, code=f"E{n:04d}", name=f"专家{n}", employer=f"大学{n}")
        person.strengths = {"D1": 3}
        session.add(person)
    session.flush()


def test_who_declines_is_not_scheduled_and_what_is_scheduled_says_so(session: Session, round_: Round) -> None:
    count, breaks = pool.answer(session, OFFICE, clock, round_, ["E0003", "E0001"], "confirmed")
    assert (count, bool(breaks)) == (2, False)
    count, breaks = pool.answer(session, OFFICE, clock, round_, ["E0003"], "declined")
    assert count == 1
    assert "H4" in {told.rule for told in breaks.told}
    assert problem_document(session, round_)["experts"][2]["sessions"] == []
    (need,) = [need for need in pool.needs(session, round_) if need.applicants]
    assert (need.there["confirmed"], need.there["declined"], need.there["pool"], need.short) == (1, 1, 1, False)
    round_.state = "draft"
    pool.answer(session, OFFICE, clock, round_, ["E0002"], "substitute")
    with pytest.raises(Refused, match="只有 1 位本方向专家"):
        locking.lock(session, OFFICE, clock, round_)
    with pytest.raises(Unreadable, match="没有选专家"):
        pool.answer(session, OFFICE, clock, round_, ["E9999"], "asked")
    with pytest.raises(Unreadable, match="邀请情况应为"):
        pool.answer(session, OFFICE, clock, round_, ["E0001"], "maybe")


def test_a_signed_commitment_has_its_day(session: Session, round_: Round) -> None:
    assert pool.promise(session, OFFICE, clock, round_, ["E0001", "E0002"], date(2026, 12, 1)) == 2
    assert pool.promise(session, OFFICE, clock, round_, ["E0001"], date(2026, 12, 1)) == 0
    assert expert(session, "E0001").promised_on == date(2026, 12, 1)
    assert pool.promise(session, OFFICE, clock, round_, ["E0001"], None) == 1


def sha(*fields: str) -> str:
    return hashlib.sha256("|".join(fields).encode()).hexdigest()


SECRET = "a secret nobody tries out"


def test_who_is_asked_is_drawn_and_anyone_can_compute_it(session: Session, round_: Round) -> None:
    more(session, round_, 6)
    pool.answer(session, OFFICE, clock, round_, ["E0001"], "declined")
    row = pool.commit(session, OFFICE, clock, round_, {"D1": "3", "D2": ""}, sha(SECRET))
    assert (row.secret, pool.seed_shown(row)) == ("", "")
    with pytest.raises(Refused, match="还在等报出的数字"):
        pool.commit(session, OFFICE, clock, round_, {"D1": "1"}, sha(SECRET))
    for digits in ("", "１２", "12a"):
        with pytest.raises(Unreadable, match="半角数字"):
            pool.draw(session, OFFICE, clock, round_, row.id, digits, SECRET)
    with pytest.raises(Unreadable, match="密语与承诺值不符"):
        pool.draw(session, OFFICE, clock, round_, row.id, "3814", "another secret")
    pool.draw(session, OFFICE, clock, round_, row.id, "3814", SECRET)
    able = [f"E000{n}" for n in range(2, 10)]
    order = sorted(able, key=lambda who: sha(sha(SECRET, "3814"), "D1", who))
    assert row.order == {"D1": order}
    assert [who for who in able if expert(session, who).standing == "asked"] == sorted(order[:3])
    with pytest.raises(Refused, match="已经抽取过"):
        pool.draw(session, OFFICE, clock, round_, row.id, "1", SECRET)


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_places_that_make_no_sense_are_refused(session: Session, round_: Round) -> None:
    wrong: list[dict[str, str]] = [{}, {"D1": "0"}, {"D1": "4"}, {"D1": "x"}, {"D9": "1"}]
    for places in wrong:
        with pytest.raises(Unreadable):
            pool.commit(session, OFFICE, clock, round_, places, sha(SECRET))
    with pytest.raises(Unreadable, match="64 位十六进制"):
        pool.commit(session, OFFICE, clock, round_, {"D1": "1"}, SECRET)
    assert session.scalars(select(ExpertDraw)).all() == []
