"""What the pages say before there is anything to see, to whom it is not shown, and when a step comes twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.sample import sample_files
from tests.webapp.small import OFFICE, OFFICER, clock, hear, published_round, submit, tablet
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.identity import opened as opened_login
from webapp.migrate import upgrade
from webapp.models import ResultSet
from webapp.services import closing, panel_day, publishing, results, rounds, users

STAFF = ("office", "secretary", "desk", "results_officer", "organiser", "supervisor", "screen")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    made = create_app(config)
    made.config["WTF_CSRF_ENABLED"] = False
    with data(made) as session:
        for role in STAFF:
            users.create(session, OFFICE, clock, role, role, "a-first-password", must_change=False)
    return made


@contextmanager
def data(app: Flask) -> Iterator[Session]:
    """The records behind the pages; committed at the end."""
    with app.app_context(), Session(db.engine) as session:
        yield session
        session.commit()


def client(app: Flask, role: str) -> FlaskClient:
    opened = app.test_client()
    with data(app) as session:
        token = opened_login(session, users.by_name(session, role)).get_id()
    with opened.session_transaction() as session:
        session["_user_id"], session["seen"] = token, int(time.time())
    return opened


def new_round(app: Flask) -> None:
    with data(app) as session:
        rounds.create(session, OFFICE, clock, "新批次")


def test_a_first_password_opens_nothing_but_its_own_change(app: Flask) -> None:
    new_round(app)
    office = client(app, "office")
    assert office.get("/office/").status_code == 200
    with data(app) as session:
        users.by_name(session, "office").must_change = True
    for answer in (office.get("/office/"), office.post("/rosters/lock"), office.get("/results/books/schedule")):
        assert answer.headers["Location"] == "/password"
    assert office.get("/password").status_code == 200


@pytest.mark.parametrize("role", STAFF)
def test_where_a_role_starts_there_is_a_page_before_anything_is_published(app: Flask, role: str) -> None:
    new_round(app)
    answer = client(app, role).get("/", follow_redirects=True)
    assert answer.status_code == 200
    assert "没有完成" not in answer.text


def test_a_draft_is_for_the_office_and_the_supervisor_only(app: Flask) -> None:
    with data(app) as session:
        round_ = published_round(session)
        made = publishing.withdraw(session, OFFICE, clock, round_, "换场地")
        publishing.publish(session, OFFICE, clock, round_, 2, made.instance)
    for role, first, second in (("supervisor", 200, 200), ("desk", 403, 200), ("organiser", 403, 200)):
        person = client(app, role)
        assert [person.get(f"/schedule/{n}/board").status_code for n in (1, 2)] == [first, second]
    assert client(app, "desk").get("/schedule/published").headers["Location"].startswith("/schedule/2/board")


def test_a_draft_is_not_exported_to_who_may_not_see_it(app: Flask) -> None:
    with data(app) as session:
        publishing.withdraw(session, OFFICE, clock, published_round(session), "换场地")
    assert client(app, "office").get("/results/books/schedule").status_code == 200
    organiser = client(app, "organiser")
    assert "答辩安排总表" not in organiser.get("/results/books").text
    assert organiser.get("/results/books/schedule").status_code == 409


def test_a_file_is_imported_once(app: Flask) -> None:
    new_round(app)
    office = client(app, "office")
    name, data = sample_files()["venue"]
    form = {"kind": "venue", "file": (BytesIO(data), name)}
    address = office.post("/rosters/upload", data=form).headers["Location"]
    assert office.post(address).status_code == 303
    again = office.post(address)
    assert (again.status_code, "已经导入过" in again.text) == (409, True)
    assert "确认导入" not in office.get(address).text


def test_sent_back_results_are_computed_again_with_the_reason_asked_for(app: Flask) -> None:
    with data(app) as session:
        round_ = published_round(session)
        hear(session, round_, "A00001")
        for expert in (1, 2, 3):
            submit(session, round_, "A00001", expert)
        panel_day.settle(session, OFFICE, clock, round_, "A00002", "absent")
        panel_day.settle(session, OFFICE, clock, round_, "A00003", "gave_up")
        closing.close(session, OFFICE, clock, round_, "P1", "S1")
        closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
        results.compute(session, OFFICE, clock, round_)
        results.send_back(session, OFFICER, clock, round_, "核对第 1 位")
    office = client(app, "office")
    assert 'name="reason"' in office.get("/results/").text
    assert office.post("/results/compute", data={"reason": "已核对"}).status_code == 303
    with data(app) as session:
        made = session.scalars(select(ResultSet).order_by(ResultSet.number))
        assert [(one.number, one.reason) for one in made] == [(1, ""), (2, "已核对")]


def test_the_hall_screen_follows_the_call(app: Flask) -> None:
    with data(app) as session:
        published_round(session)
    hall = client(app, "screen")
    assert hall.get("/screens/waiting").text.index("A00001") < hall.get("/screens/waiting").text.index("A00002")
    with data(app) as session:
        panel_day.call(session, OFFICE, clock, rounds.newest(session), "A00002")
    called = hall.get("/screens/waiting").text
    assert called.index("A00002") < called.index("A00001")
    assert "专家1" not in called
