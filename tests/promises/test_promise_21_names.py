"""Promise 21: marked names planted in the data show in no address, no log line, no error page.

The tablet's page is left out where forms are looked at: its script sends them, and without it the page does nothing.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import quote, unquote

import pytest
from flask import Flask

from tests.promises.town import Town
from webapp.models import Applicant, Expert

MARKED = ("欧阳标记甲", "司马标记乙", "标记工厂", "362201197907038975", "13900001234")
FIELDS = re.compile(r"<input[^>]*>|<textarea")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town.at(tmp_path_factory.mktemp("names"))
    with made.data() as session:
        for person in (*session.query(Applicant), *session.query(Expert)):
            person.name = MARKED[0] if isinstance(person, Applicant) else MARKED[1]
            person.employer, person.phone = f"{MARKED[2]}{person.code}", MARKED[4]
        session.query(Applicant).first().id_no = MARKED[3]  # type: ignore[union-attr]
    return made


def addresses(page: str) -> list[str]:
    return re.findall(r'(?:href|action|src|data-[a-z]+)="([^"]*)"', page)


@pytest.mark.parametrize("role", ["office", "supervisor", "secretary", "chair"])
def test_no_address_and_no_log_line(town: Town, role: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen = 0
    for rule in town.rules():
        if "GET" not in (rule.methods or ()):
            continue
        values = {"number": 1, "code": "A00001", "kind": "applicants", "room": "R1", "panel": "P1"}
        parts = {name: value for name, value in values.items() if name in rule.arguments}
        with town.client(role).get(town.address(rule, **parts)) as answer:
            moved = [answer.headers.get("Location", "")]
            text = answer.text if answer.mimetype == "text/html" and answer.status_code == 200 else ""
        seen += any(word in text for word in MARKED)
        for address in (*addresses(text), *moved):
            if address.startswith(("/", "?", "http")):
                assert not any(word in unquote(address) for word in MARKED), (rule.rule, address)
        for form in (
            ()
            if rule.rule == "/tablet/"
            else re.findall(r"<form(?![^>]*method=.post)[^>]*>.*?</form>", text, re.DOTALL)
        ):
            typed = [f for f in FIELDS.findall(form) if 'type="text"' in f or 'type="search"' in f or "type=" not in f]
            typed = [f for f in typed if "name=" in f and 'name="sheet"' not in f]  # a sheet's id names nobody
            assert not typed, f"{rule.rule} sends what is typed in its address: {typed}"
    assert seen, "the names do stand on pages"
    for line in caplog.messages:
        assert not any(word in line or quote(word) in line for word in MARKED), line


def broken_app(town: Town) -> Flask:
    town.app.config["ROSTRUM_SHOW_500"] = True
    return town.app


def test_no_error_page_and_no_traceback(
    town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault whose message holds a name, as a database's message about a row does."""

    def fault(*_arguments: object, **_more: object) -> None:
        raise ValueError(f"duplicate key ({MARKED[0]}) {MARKED[3]}")

    broken_app(town)
    monkeypatch.setattr("webapp.services.overview.of", fault)
    caplog.set_level(logging.DEBUG)
    answer = town.client("office").get("/office/")
    assert answer.status_code == 500
    kept = answer.text + caplog.text
    assert not any(word in kept for word in MARKED), [line for line in kept.splitlines() if MARKED[0] in line]
    assert "程序出错" in answer.text
    assert "Traceback" not in answer.text
