"""One's own account: one sees and ends one's own logins, and asks for a phone's code beside the password."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.promises.town import PASSWORD, Town
from tests.promises.whole import assert_whole
from tests.webapp.small import NOW, OFFICE, clock
from webapp.models import AuditEntry, AuditPayload, LoginFailure, Round, User
from webapp.services import logins, second, users
from webapp.services.kernel import Forbidden, Refused, Unreadable, system_clock

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's vectors, 12345678901234567890."""
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town.at(tmp_path)


def phone(secret: str, steps: int = 0) -> str:
    """What the phone shows now, or some half minutes from now."""
    return second.code(secret, second.step_of(system_clock()) + steps)


def enrolled(town: Town, role: str = "office") -> str:
    """Somebody turns it on by the page; the secret on the phone."""
    client = town.client(role)
    page = client.get("/account/")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
    assert secret, page.text
    assert "data:image/svg+xml" in page.text
    assert "%23fff" in page.text, "white behind the code: a dark page would make it unreadable"
    form = {"secret": secret[1], "code": phone(secret[1]), "password": PASSWORD}
    assert client.post("/account/second", data=form).status_code == 303
    assert "已开启" in client.get("/account/").text, "this login goes on"
    return secret[1]


def door(town: Town, code: str = "", password: str = PASSWORD) -> int:
    """The answer at the login page."""
    form = {"name": "office", "password": password, "code": code}
    return town.client("nobody").post("/login", data=form).status_code


@pytest.mark.parametrize(("seconds", "shown"), RFC_6238.items())
def test_the_codes_are_those_of_rfc_6238(seconds: int, shown: str) -> None:
    assert second.code(SEED, seconds // second.STEP, 8) == shown
    assert second.code(SEED, seconds // second.STEP) == shown[-6:]


def test_the_code_is_asked_and_worth_one_login(town: Town) -> None:
    secret = enrolled(town)
    shown = phone(secret, 1)  # the next half minute's: good for a minute at least
    assert door(town) == 403
    assert door(town, shown, "a-wrong-password") == 403
    assert door(town, f" {shown[:3]} {shown[3:]}") == 303, "a wrong password spends no code"
    assert door(town, shown) == 403, "seen over a shoulder"
    with town.data() as session:
        told = [str((p.before, p.after)) for p in session.scalars(select(AuditPayload))]
        assert not [text for text in told if secret in text]
        assert session.scalar(select(func.count()).where(AuditEntry.act == "user.second")) == 1
    assert_whole(town.config)


def test_guessing_codes_is_slowed_like_guessing_passwords(session: Session) -> None:
    user = users.create(session, OFFICE, clock, "office", "office", PASSWORD, must_change=False)
    second.turn_on(session, OFFICE, clock, user, SEED, second.code(SEED, second.step_of(NOW)))
    session.commit()
    for n in range(5):
        with pytest.raises(Forbidden, match="账号或密码不对"):
            users.log_in(session, clock, "office", PASSWORD, f"10.0.0.{n}", code="000000")
        session.commit()
    later = NOW + timedelta(seconds=29)
    with pytest.raises(Forbidden, match="秒后再试"):
        users.log_in(session, lambda: later, "office", PASSWORD, "10.0.0.9", code=at(later))
    later = NOW + timedelta(seconds=90)
    assert users.log_in(session, lambda: later, "office", PASSWORD, "10.0.0.9", code=at(later)) is user
    assert session.scalar(select(func.count(LoginFailure.id))) == 0
    session.commit()


def at(moment: datetime) -> str:
    return second.code(SEED, second.step_of(moment))


def test_clocks_may_differ_by_half_a_minute_and_no_more(session: Session) -> None:
    user = users.create(session, OFFICE, clock, "office", "office", PASSWORD, must_change=False)
    user.second_secret = SEED
    session.flush()
    for off, right in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        assert second.passed(session, user, NOW, at(NOW + timedelta(seconds=off))) is right, off
    session.rollback()


@pytest.mark.parametrize(
    ("secret", "code"), [(SEED, "000000"), ("A" * 8, ""), ("no secret", "1"), (SEED, ""), (SEED, "二")]
)
def test_nobody_locks_themselves_out_by_a_code_that_is_wrong(session: Session, secret: str, code: str) -> None:
    user = users.create(session, OFFICE, clock, "office", "office", PASSWORD)
    with pytest.raises(Unreadable, match="动态码不对"):
        second.turn_on(session, OFFICE, clock, user, secret, code)
    assert not user.second_secret
    session.commit()


def test_turning_it_on_takes_the_password_and_is_not_for_screens(town: Town) -> None:
    wrong = {"secret": SEED, "code": phone(SEED), "password": "not-my-password"}
    assert town.client("office").post("/account/second", data=wrong).status_code == 403
    right = wrong | {"password": PASSWORD}
    assert town.client("screen").post("/account/second", data=right).status_code == 409
    assert "开启两步验证" not in town.client("screen").get("/account/").text
    with town.data() as session:
        assert not session.scalars(select(User).where(User.second_secret != "")).all()


def test_who_stands_at_an_open_page_cannot_guess_its_password(town: Town) -> None:
    client = town.client("office")
    for n in range(5):
        wrong = f"a-guess-{n}-of-five"
        if n % 2:
            answer = client.post("/account/second", data={"secret": SEED, "code": phone(SEED), "password": wrong})
        else:
            answer = client.post(
                "/password", data={"old": wrong, "new": "a-new-password-1", "again": "a-new-password-1"}
            )
        assert (answer.status_code, "密码不对" in answer.text) == (403, True)
    with town.data() as session:
        assert session.scalar(select(func.count(LoginFailure.id))) == 5
    right = {"old": PASSWORD, "new": "a-new-password-1", "again": "a-new-password-1"}
    assert "秒后再试" in client.post("/password", data=right).text
    assert "秒后再试" in client.post("/account/second", data={"password": PASSWORD}).text


def test_the_administrator_turns_it_off_when_the_phone_is_lost(town: Town) -> None:
    secret = enrolled(town)
    office = town.client("office")
    with town.data() as session:
        number = users.by_name(session, "office").id
    admin = town.client("admin")
    assert "关闭两步验证" in admin.get("/admin/accounts").text
    assert admin.post(f"/admin/accounts/{number}/second-off").status_code == 303
    assert "关闭两步验证" not in admin.get("/admin/accounts").text
    assert office.get("/office/").status_code == 302, "its logins end"
    assert door(town) == 303
    assert door(town, phone(secret)) == 303, "a code nobody asks for does no harm"
    with town.data() as session, pytest.raises(Refused, match="没有开启"):
        second.turn_off(session, OFFICE, clock, users.by_name(session, "office"))


def test_where_the_installation_says_so_nobody_works_without(town: Town) -> None:
    town.app.config["ROSTRUM"] = replace(town.config, second_factor=("office", "admin"))
    office = town.client("office")
    for path in ("/office/", "/rosters/", "/schedule/1/board"):
        answer = office.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/")
    assert office.post("/office/rounds", data={"name": "X"}).headers["Location"] == "/account/"
    assert "您的角色要开启两步验证" in office.get("/account/").text
    assert town.client("desk").get("/desk/").status_code == 200, "others as before"
    assert town.client("chair").get("/tablet/view").status_code == 200
    assert enrolled(town, "office")
    assert "您的角色要开启" not in town.client("office").get("/account/").text
    assert town.client("office").get("/office/").status_code == 200
    with town.data() as session:
        assert not session.scalars(select(Round).where(Round.name == "X")).all()


def test_a_role_that_is_none_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(tmp_path)]
    environment = os.environ | {"ROSTRUM_SECOND_FACTOR": "admin,offices"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert (done.returncode, "没有“offices”这个角色" in done.stderr) == (2, True), done.stderr


def test_one_sees_ones_own_logins_and_ends_them(town: Town) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0"}
    here, there, third = (town.client("nobody") for _ in range(3))
    for client in (here, there, third):
        client.post("/login", data={"name": "office", "password": PASSWORD}, headers=agent)
    town.client("desk")
    page = here.get("/account/").text
    assert page.count("Edge · Windows") == 3, "and the desk's is not there"
    ends = re.findall(r"/account/logins/(\d+)/end", page)
    assert len(ends) == 2
    assert here.post(f"/account/logins/{ends[0]}/end").status_code == 303
    assert [one.get("/office/").status_code for one in (here, there, third)] == [200, 200, 302]
    assert here.post("/account/logins/end").status_code == 303
    assert [one.get("/office/").status_code for one in (here, there)] == [200, 302]
    assert "结束其他" not in here.get("/account/").text
    with town.data() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.act == "login.end")) == 2
    assert_whole(town.config)


def test_nobody_ends_anothers_login(town: Town) -> None:
    office = town.client("office")
    with town.data() as session:
        number = logins.open_ones(session, system_clock(), users.by_name(session, "office"))[0].id
    for role in ("desk", "admin"):
        assert town.client(role).post(f"/account/logins/{number}/end").status_code == 404
        town.client(role).post("/account/logins/end")
    assert office.get("/office/").status_code == 200


def test_what_is_over_is_not_listed(session: Session) -> None:
    user = users.create(session, OFFICE, clock, "office", "office", PASSWORD, must_change=False)
    logins.begin(session, lambda: NOW - timedelta(hours=25), user, logins.Place("10.0.0.1", ""))
    logins.begin(session, clock, user, logins.Place("10.0.0.2", ""))
    assert [one.address for one in logins.open_ones(session, NOW, user)] == ["10.0.0.2"]
    users.reset_password(session, OFFICE, clock, user, "a-second-password")
    assert logins.open_ones(session, NOW, user) == []
    session.commit()
