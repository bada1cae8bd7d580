"""Promise 20: idle limits 30 min office, 12 h secretary, none for a screen; who is disabled is out at once."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.promises.town import Town
from tests.webapp.small import OFFICE, clock
from webapp.services import users
from webapp.services.kernel import system_clock

HOME = {
    "office": "/office/",
    "secretary": "/panel/",
    "desk": "/panel/",
    "screen": "/screens/waiting",
    "admin": "/admin/accounts",
}
HALF, TWELVE = 30 * 60, 12 * 3600


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town.at(tmp_path)


@pytest.mark.parametrize(
    ("role", "silent", "inside"),
    [
        ("office", HALF - 60, True),
        ("office", HALF + 60, False),
        ("admin", HALF + 60, False),
        ("desk", HALF + 60, False),
        ("secretary", TWELVE - 60, True),
        ("secretary", TWELVE + 60, False),
        ("screen", 40 * 24 * 3600, True),
    ],
)
def test_who_is_silent_too_long_is_out(town: Town, role: str, silent: int, inside: bool) -> None:
    person = town.client(role)
    with person.session_transaction() as session:
        session["seen"] = int(time.time()) - silent
        session["since"] = int(time.time()) - silent
    answer = person.get(HOME[role])
    assert (answer.status_code == 200) is inside
    if not inside:
        assert answer.headers["Location"].startswith("/login")


def test_a_page_that_polls_keeps_nobody_in(town: Town) -> None:
    person, then = town.client("office"), int(time.time()) - 20 * 60
    with person.session_transaction() as session:
        session["seen"] = then
    person.get("/office/", headers={"X-Rostrum-Poll": "1"})
    with person.session_transaction() as session:
        assert session["seen"] == then
    person.get("/office/")
    with person.session_transaction() as session:
        assert session["seen"] > then


def test_however_busy_a_day_is_the_longest(town: Town) -> None:
    for role, inside in (("office", False), ("secretary", False), ("screen", True)):
        person = town.client(role)
        with person.session_transaction() as session:
            session["since"] = int(time.time()) - 25 * 3600
        assert (person.get(HOME[role]).status_code == 200) is inside


def test_who_is_disabled_or_has_a_new_password_is_out_at_the_next_request(town: Town) -> None:
    for act in ("disable", "password"):
        role = {"disable": "desk", "password": "office"}[act]
        person = town.client(role)
        assert person.get(HOME[role]).status_code == 200
        with town.data() as session:
            user = users.by_name(session, role)
            if act == "disable":
                users.set_disabled(session, OFFICE, clock, user, True)
            else:
                users.reset_password(session, OFFICE, clock, user, "a-second-password")
        assert person.get(HOME[role]).headers["Location"].startswith("/login"), act


@pytest.mark.parametrize(("silent", "status"), [(11.9, 200), (12.1, 401)])
def test_a_tablet_that_is_silent_for_twelve_hours_is_out(town: Town, silent: float, status: int) -> None:
    from webapp.models import TabletSession

    chair, then = town.client("chair"), system_clock() - timedelta(hours=silent)
    with town.data() as session:
        for row in session.query(TabletSession):
            row.made_at = row.seen_at = then
    assert chair.get("/tablet/view", headers={"Accept": "application/json"}).status_code == status


def test_a_revoked_tablet_is_out_at_the_next_request(town: Town) -> None:
    from webapp.models import TabletSession

    chair = town.client("chair")
    assert chair.get("/tablet/view").status_code == 200
    with town.data() as session:
        for row in session.query(TabletSession):
            row.revoked_at = clock()
    assert chair.get("/tablet/view", headers={"Accept": "application/json"}).status_code == 401
