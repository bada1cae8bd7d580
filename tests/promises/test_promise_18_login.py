"""Promise 18: a delay after 5 failures of an account in 15 minutes, and of an address at the office's login only."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.promises.town import PASSWORD, Town
from tests.webapp.small import NOW, OFFICE, clock
from webapp.models import AuditEntry, LoginFailure, TabletCode, TabletSession, User
from webapp.services import tablets, users
from webapp.services.kernel import Forbidden, Unreadable, system_clock


def later(**ago: float):
    return lambda: NOW + timedelta(**ago)


def fails(session: Session, name: str, address: str, **ago: float) -> str:
    with pytest.raises(Forbidden) as refused:
        users.log_in(session, later(**ago), name, "wrong-password", address)
    session.flush()
    return str(refused.value)


@pytest.fixture
def people(session: Session) -> Session:
    for name in ("office", "desk"):
        users.create(session, OFFICE, clock, name, name, PASSWORD, must_change=False)
    session.commit()
    return session


def test_five_failures_delay_the_account_and_longer_each_time(people: Session) -> None:
    for n in range(5):
        assert "账号或密码不对" in fails(people, "office", f"10.0.0.{n}", seconds=n)
    assert "26 秒后" in fails(people, "office", "10.0.0.9", seconds=8)
    with pytest.raises(Forbidden, match="秒后再试"):
        users.log_in(people, later(seconds=33), "office", PASSWORD, "10.0.0.9")
    assert users.log_in(people, later(seconds=34), "office", PASSWORD, "10.0.0.9").name == "office"
    for n in range(5):
        fails(people, "office", f"10.0.1.{n}", minutes=30, seconds=n)
    assert "账号或密码不对" in fails(people, "office", "10.0.1.6", minutes=30, seconds=35)
    assert "60 秒后" in fails(people, "office", "10.0.1.7", minutes=30, seconds=35), "twice as long"
    people.commit()


def test_an_unknown_name_is_answered_alike(people: Session) -> None:
    known = [fails(people, "office", f"10.0.0.{n}", seconds=n) for n in range(7)]
    unknown = [fails(people, "nobody-here", f"10.0.2.{n}", seconds=n) for n in range(7)]
    assert known == unknown
    users.set_disabled(people, OFFICE, clock, users.by_name(people, "desk"), True)
    with pytest.raises(Forbidden, match="账号或密码不对"):
        users.log_in(people, clock, "desk", PASSWORD, "10.0.3.1")


def test_failures_are_forgotten_after_fifteen_minutes_and_by_a_login(people: Session) -> None:
    for n in range(5):
        fails(people, "office", f"10.0.0.{n}")
    assert users.log_in(people, later(minutes=15, seconds=1), "office", PASSWORD, "10.0.0.1").name == "office"
    assert people.scalar(select(func.count(LoginFailure.id)).where(LoginFailure.account == "office")) == 0


def test_an_address_waits_a_little_and_others_not_at_all(people: Session) -> None:
    for n in range(5):
        fails(people, f"name{n}", "10.0.0.1", seconds=n)
    with pytest.raises(Forbidden, match="秒后再试"):
        users.log_in(people, later(seconds=5), "office", PASSWORD, "10.0.0.1")
    assert users.log_in(people, later(seconds=5), "office", PASSWORD, "10.0.0.2").name == "office"
    assert users.log_in(people, later(seconds=9), "desk", PASSWORD, "10.0.0.1").name == "desk"


def test_a_clock_set_back_locks_nobody_out(people: Session) -> None:
    for n in range(9):
        fails(people, "office", "10.0.0.1", hours=5, minutes=14 * n)
    assert users.log_in(people, clock, "office", PASSWORD, "10.0.0.1").name == "office"


def test_passwords_are_argon2id_and_the_count_lies_in_the_database(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    with town.data() as session:
        assert all(h.startswith("$argon2id$v=19$m=") for h in session.scalars(select(User.password_hash)))
    for _n in range(5):
        assert town.client("nobody").post("/login", data={"name": "office", "password": "x"}).status_code == 403
    again = Town.__new__(Town)
    again.config, again.app = town.config, __import__("webapp").create_app(town.config)
    again.app.config["WTF_CSRF_ENABLED"] = False
    answer = again.client("nobody").post("/login", data={"name": "office", "password": PASSWORD})
    assert (answer.status_code, "秒后再试" in answer.text) == (403, True), "a restart forgets nothing"
    with town.data() as session:
        assert session.scalar(select(func.count(LoginFailure.id))) == 5


def test_tablets_come_in_from_an_address_that_the_office_login_delays(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    for n in range(6):
        town.client("nobody").post("/login", data={"name": f"n{n}", "password": "x"})
    with town.data() as session:
        from webapp.models import Expert

        expert = session.scalars(select(Expert)).first()
        code = tablets.make_code(session, OFFICE, system_clock, expert, "link")
    assert town.client("nobody").post("/tablet/enter", data={"code": code}).status_code == 303


def test_a_tablets_code_has_128_bits_works_once_is_revocable_and_ends_with_the_day(people: Session) -> None:
    from tests.webapp.small import published_round, tablet
    from webapp.models import Expert

    round_ = published_round(people)
    expert = people.get_one(Expert, tablet(people, round_, 2).expert_id)
    codes = {tablets.make_code(people, OFFICE, clock, expert, "link") for _n in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(r"[0-9A-Za-z_-]{22,}", code) for code in codes), "22 signs of 6 bits"
    assert not {row.code_hash for row in people.scalars(select(TabletCode))} & codes, "only their hashes are kept"
    code = tablets.make_code(people, OFFICE, clock, expert, "link")
    tablets.enter(people, clock, code)
    with pytest.raises(Forbidden):
        tablets.enter(people, clock, code)
    other = tablets.make_code(people, OFFICE, clock, expert, "link")
    with pytest.raises(Forbidden):
        tablets.enter(people, later(hours=24), other)
    session_row = people.scalars(select(TabletSession)).first()
    assert session_row is not None
    assert session_row.expires_at - NOW <= timedelta(hours=24)
    third = tablets.make_code(people, OFFICE, clock, expert, "link")
    people.flush()
    people.scalars(select(TabletCode).order_by(TabletCode.id.desc())).first().revoked_at = NOW  # type: ignore[union-attr]
    people.flush()
    with pytest.raises(Forbidden):
        tablets.enter(people, clock, third)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town.at(tmp_path)


def test_logging_out_ends_a_copied_cookie(town: Town) -> None:
    office = town.client("office")
    copied = office.get_cookie("rostrum")
    assert copied is not None
    office.post("/logout")
    thief = town.client("nobody")
    thief.set_cookie("rostrum", copied.value)
    assert thief.get("/schedule/?round=1").location.startswith("/login")


@pytest.mark.parametrize(
    "weak", ["password123", "1234567890", "qwertyuiop", "officeoffice", "woaini1314520", "rostrum2026"]
)
def test_what_everybody_tries_first_is_no_password(town: Town, weak: str) -> None:
    with town.data() as session, pytest.raises(Unreadable, match="太容易猜到"):
        users.reset_password(session, OFFICE, system_clock, users.by_name(session, "office"), weak)


def test_the_supervisor_sees_who_was_refused(town: Town) -> None:
    desk = town.client("desk")
    for _ in range(3):
        assert desk.get("/schedule/?round=1").status_code == 403
    assert town.client("nobody").get("/admin/").status_code in (302, 404)
    with town.data() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act == "denied")).all()
        assert [(entry.actor, entry.object) for entry in found] == [("desk", "schedule.index")]
