"""Two committees on one server: whatever one's people ask of the other's host, they are strangers there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from tests.load.venue import PASSWORD, Venue, furnish
from webapp.committees import Committees, configs
from webapp.models import Applicant

HOSTS = ("a.example.cn", "b.example.cn")
SECRET = "乙评委会的申报人"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Committees, dict[str, Venue]]:
    """Two committees with a round each, the same ids and the same account names in both."""
    folder = tmp_path_factory.mktemp("committees")
    for host in HOSTS:
        (folder / host).mkdir()
    venues = {host: furnish(config, 1, people=6) for host, config in configs(folder).items()}
    engine = create_engine(configs(folder)[HOSTS[1]].database_url)
    with Session(engine) as session:
        for person in session.query(Applicant):
            person.name = SECRET
        session.commit()
    engine.dispose()
    return Committees(folder), venues


def ask(client: Client, host: str, path: str, **other: object) -> TestResponse:
    return client.open(path, base_url=f"http://{host}", follow_redirects=False, **other)  # type: ignore[arg-type]


def logged_in(town: Committees, name: str) -> tuple[Client, str]:
    """A client that is logged in at the first host; its cookie."""
    client = Client(town, use_cookies=False)
    page = ask(client, HOSTS[0], "/login")
    cookie = page.headers["Set-Cookie"].split(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    form = {"name": name, "password": PASSWORD, "csrf_token": token[1]}
    answer = ask(client, HOSTS[0], "/login", method="POST", data=form, headers={"Cookie": cookie})
    assert answer.status_code == 303, answer.text
    return client, answer.headers["Set-Cookie"].split(";")[0]


def pages(town: Committees) -> list[str]:
    """Every address that can be asked for, with the ids that both committees have."""
    app = town.of(HOSTS[0])
    assert isinstance(app, Flask)
    values = {"code": "A00001", "number": 1, "kind": "schedule", "applicant": "A00001", "filename": "icon.svg"}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "static" and rule.arguments <= set(values):
                found.append(app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}))
    assert len(found) > 40
    return found


@pytest.mark.parametrize("number", range(6))
def test_an_account_is_a_stranger_at_the_other_host(town: tuple[Committees, dict[str, Venue]], number: int) -> None:
    front, venues = town
    name, _role = venues[HOSTS[0]].accounts[number]
    client, cookie = logged_in(front, name)
    home = ask(client, HOSTS[0], "/password", headers={"Cookie": cookie})
    assert home.status_code == 200
    for path in pages(front):
        mine, nobody = (ask(client, HOSTS[1], path, headers={"Cookie": found}) for found in (cookie, "rostrum="))
        assert SECRET not in mine.text, path
        assert (mine.status_code, mine.headers.get("Location")) == (nobody.status_code, nobody.headers.get("Location"))


def test_a_tablet_is_a_stranger_at_the_other_host(town: tuple[Committees, dict[str, Venue]]) -> None:
    front, venues = town
    cookie = {"Cookie": f"rostrum_tablet={venues[HOSTS[0]].tablets[0][0]}"}
    client = Client(front, use_cookies=False)
    assert ask(client, HOSTS[0], "/tablet/view", headers=cookie).status_code == 200
    answer = ask(client, HOSTS[1], "/tablet/view", headers=cookie)
    assert answer.status_code in (302, 303, 401)
    assert SECRET not in answer.text


@pytest.mark.parametrize("host", ["c.example.cn", "..", "", "a.example.cn/..", "A.EXAMPLE.CN."])
def test_no_other_host_is_a_committee(town: tuple[Committees, dict[str, Venue]], host: str) -> None:
    assert town[0].of(host) is None
