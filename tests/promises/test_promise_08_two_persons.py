"""Promise 8: who confirms is not who entered, in the service and as a CHECK in the database; one confirmed version."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, OFFICER, clock, hear, secretary, submit, tablet
from tests.webapp.test_paper import key, typed
from webapp.models import ResultSet, Round, Unlock
from webapp.services import closing, panel_day, paper, results, unlocking
from webapp.services.kernel import Actor, Forbidden


def computed(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    for expert in (1, 2, 3):
        submit(session, round_, "A00001", expert)
    panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "gave_up")
    closing.close(session, OFFICE, clock, round_, "P1", "S1")
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    results.compute(session, OFFICE, clock, round_)
    session.flush()


def test_results_take_two(session: Session, round_: Round) -> None:
    computed(session, round_)
    with pytest.raises(Forbidden):
        results.confirm(session, Actor(OFFICE.name, "results_officer"), clock, round_)
    results.confirm(session, OFFICER, clock, round_)
    session.commit()
    for wrong in (
        "UPDATE result_sets SET confirmed_by = computed_by",
        "UPDATE result_sets SET confirmed_by = NULL",
    ):
        with pytest.raises(IntegrityError):
            session.execute(text(wrong))
        session.rollback()


def test_one_confirmed_version(session: Session, round_: Round) -> None:
    computed(session, round_)
    results.confirm(session, OFFICER, clock, round_)
    session.commit()
    values = {"settings": {}, "computed_at": clock(), "computed_by": "a", "confirmed_by": "b"}
    session.add(ResultSet(round_id=round_.id, number=9, state="confirmed", **values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_typed_sheet_takes_two(session: Session, round_: Round) -> None:
    typed(session, secretary(session, round_), round_, "A00001", 1)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE sheets SET state = 'submitted', confirmed_by = entered_by"))
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE sheets SET state = 'submitted'"))
    session.rollback()
    paper.confirm(session, tablet(session, round_, 1), clock, round_, key(round_, "A00001", 1), 1)
    session.commit()


def test_an_unlocking_takes_two(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    submit(session, round_, "A00001", 2)
    asked = unlocking.ask(session, OFFICER, clock, round_, key(round_, "A00001", 2), "核对")
    session.flush()
    with pytest.raises(Forbidden):
        unlocking.agree(session, OFFICER, clock, round_, asked.id)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE unlocks SET answered_by = asked_by, state = 'open'"))
    session.rollback()
    assert session.query(Unlock).one().state == "asked"
