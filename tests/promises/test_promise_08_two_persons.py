"""Promise 8: who confirms is not who entered, in the service and as a CHECK in the database; one confirmed version."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.promises.acts import story
from tests.promises.test_promise_12_acts import post
from tests.promises.town import Town
from tests.webapp.small import OFFICE, OFFICER, clock, hear, secretary, submit, tablet
from tests.webapp.test_paper import key, typed
from webapp.models import Base, ResultSet, Round, Unlock
from webapp.services import closing, panel_day, paper, results, unlocking
from webapp.services.kernel import Actor, Forbidden

BOTH = {
    "choices": ("asked_by", "answered_by"),
    "notes": ("written_by", "signed_by"),
    "objections": ("received_by", "decided_by"),
    "result_sets": ("computed_by", "confirmed_by"),
    "reviews": ("entered_by", "confirmed_by"),
    "sheets": ("entered_by", "confirmed_by"),
    "unlocks": ("asked_by", "answered_by"),
}
"""Table → who does the first half, who the second."""


def test_the_database_holds_each_pair_apart(tmp_path: Path) -> None:
    """After the whole story no row can be turned into the work of one."""
    town = Town.at(tmp_path)
    for step in story(town, rosters=False):
        post(town, step)
    checks = [(t.name, str(c.name)) for t in Base.metadata.sorted_tables for c in t.constraints]
    assert {table for table, name in checks if name.endswith("two_persons")} == set(BOTH)
    for table, (first, second) in BOTH.items():
        with town.engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")), f"the story wrote none of {table}"
            with pytest.raises(IntegrityError, match=f"{table}_two_persons"):
                connection.execute(text(f"UPDATE {table} SET {second} = {first}"))
            connection.rollback()


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
