"""Promise 19: cookies, CSP, CSRF on every write; checked on every HTML answer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from tests.promises.rights import ROUTES, may
from tests.promises.town import PASSWORD, SAFE, Town, methods
from webapp.config import from_environment

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=|javascript:", re.IGNORECASE)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(replace(from_environment(tmp_path_factory.mktemp("tls"), testing=True), tls=True), csrf=True)


SHELL = ("/tablet/", "/tablet/worker.js", "/tablet/view")
"""What a tablet asks about again each time and keeps to open without a network."""


def checked(answer: TestResponse) -> TestResponse:
    """What holds of every answer."""
    assert answer.status_code < 500
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert not any("unsafe-inline" in value or "unsafe-eval" in value or "*" in value for value in policy.values())
    assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'", "'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"] or answer.request.path in SHELL
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}, cookie
        assert "Domain=" not in cookie
    if answer.mimetype == "text/html":
        assert not INLINE.search(answer.text), (answer.request.path, INLINE.search(answer.text))
    return answer


@pytest.mark.parametrize("role", ["office", "supervisor", "chair", "secretary", "nobody"])
def test_every_page(town: Town, role: str) -> None:
    person = secure(town, role)
    for rule in town.rules():
        if "GET" in (rule.methods or ()):
            values = {"number": 1, "code": "A00001", "kind": "defence", "room": "R1"}
            with person.get(town.address(rule, **{k: v for k, v in values.items() if k in rule.arguments}), **TLS) as a:
                checked(a)


TLS = {"base_url": "https://localhost"}


def secure(town: Town, role: str):
    """Somebody who came in over TLS."""
    opened = town.app.test_client()
    if role in ("chair", "expert"):
        opened.set_cookie("__Host-rostrum_tablet", town.tablet("E0001"), secure=True)
    elif role != "nobody":
        page = opened.get("/login", **TLS).text
        form = {"name": role, "password": PASSWORD, "csrf_token": token_of(page)}
        assert checked(opened.post("/login", data=form, headers=REFERER, **TLS)).status_code == 303
    return opened


REFERER = {"Referer": "https://localhost/"}


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(r'csrf[^>]*content="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def test_every_write_without_its_token_is_refused_before_anything_else(town: Town) -> None:
    person = {role: secure(town, role) for role in ("office", "secretary", "results_officer", "admin", "desk")}
    tablet = secure(town, "chair")
    for rule in town.rules():
        for method in sorted(set(methods(rule)) - set(SAFE)):
            allowed = [role for role in person if rule.endpoint in ROUTES and may(role, rule.endpoint)]
            client = person[allowed[0]] if allowed else tablet
            answer = client.open(town.address(rule), method=method, data={"x": "1"}, headers=REFERER, **TLS)
            assert answer.status_code == 400, (rule.rule, answer.status_code)
            assert "页面已过期" in answer.text, rule.rule
    answer = person["office"].post("/office/rounds", data={"csrf_token": "forged", "name": "X"}, headers=REFERER, **TLS)
    assert answer.status_code == 400


def test_a_token_of_another_session_or_site_is_refused(town: Town) -> None:
    office, desk = secure(town, "office"), secure(town, "desk")
    token = token_of(office.get("/password", **TLS).text)
    form = {"csrf_token": token, "names": "x"}
    assert desk.post("/office/directions", data=form, headers=REFERER, **TLS).status_code == 400
    other = {"Referer": "https://evil.example/"}
    assert office.post("/office/directions", data=form, headers=other, **TLS).status_code == 400
    assert "页面已过期" not in office.post("/office/directions", data=form, headers=REFERER, **TLS).text


def test_an_offline_tablets_token_outlives_the_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = secure(town, "chair")
    token = tablet.get("/tablet/hello", **TLS).json["token"]
    tomorrow = (datetime.now(UTC) + timedelta(hours=15)).timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(tomorrow))
    answer = tablet.post("/tablet/records", json={}, headers=REFERER | {"X-CSRFToken": token}, **TLS)
    assert "页面已过期" not in answer.text
    assert "评分记录不完整" in answer.json["error"]


def test_without_tls_the_cookies_say_so_by_their_names(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    answer = town.client("nobody").post("/login", data={"name": "office", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("rostrum=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
