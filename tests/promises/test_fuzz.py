"""Odd methods, ids and bodies to every route as every role: whatever is sent, the answer is no 500 (issue 8)."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from tests.promises.rights import ROLES, may
from tests.promises.town import Town
from webapp.db import db

ROUNDS = 10 if "SOAK" in os.environ else 1
NUMBERS = [0, 1, 2, -1, 999, 2**31 - 1, 2**31, 2**63, 10**30]
TEXTS = [
    "", "1", "P1", "A00001", "E0001", "R1-P1-A00001-E0001", "S1", "D1", "talk", "heard", "' OR 1=1 --", "\x00", "\ud800", "張" * 5000,
    "../../etc/passwd", "%00", "{{7*7}}", "<script>alert(1)</script>", "-1", "1e309", "NaN", "२", "2026-13-45", "🀄", "a\r\nb: c",
]  # fmt: skip
FIELDS = [
    "name", "panel", "session", "applicant", "expert", "reason", "version", "sheet", "code", "kind", "step", "seconds", "digits", "secret",
    "round", "number", "set", "page", "marks", "uuid", "file", "level", "direction", "user", "role", "day", "minutes", "choice", "place",
    "base_version", "text", "act", "since", "until", "head", "q", "id", "at", "sessions", "screen", "do", "n.D1", "m.qa", "opinion",
]  # fmt: skip
JSON = [
    None,
    [],
    {},
    1,
    "x",
    {"uuid": 1},
    {"marks": {"qa": 1}},
    {"unsent": -1},
    {"sheet": "\x00"},
    {"base_version": 2**70},
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    from dataclasses import replace

    from webapp.config import from_environment

    config = from_environment(tmp_path_factory.mktemp("fuzz"), testing=True)
    if request.param == "postgresql":
        from sqlalchemy import create_engine, text

        url: str = request.getfixturevalue("postgres_url")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        config = replace(config, database_url=url)
    made = Town(config)
    made.app.config["ROSTRUM_SHOW_500"] = True
    yield made
    with made.app.app_context():
        db.engine.dispose()


def _form(chance: random.Random) -> dict[str, Any]:
    form: dict[str, Any] = {name: _value(chance) for name in chance.sample(FIELDS, chance.randrange(9))}
    if "file" in form:
        form["file"] = (BytesIO(chance.choice([b"", b"PK\x03\x04", b"\xff" * 99, b'{"records": [1]}'])), "x.xlsx")
    return form


def _value(chance: random.Random) -> str:
    return chance.choice(TEXTS) if chance.random() < 0.7 else str(chance.choice(NUMBERS))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


SHEET = {"uuid": "0b7e6f3c-5d1a-4a8e-9a1e-6f1f2c3d4e5f", "base_version": 0, "client_time": "", "hash": "x" * 64}
SHEET |= {"sheet": "R1-P1-A00001-E0002", "rubric": 1, "state": "draft", "marks": {"talk": "18"}}
HOSTILE = [
    "[" * 200_000,
    '{"moves":' + "[" * 50_000,
    '{"a":' * 100_000,
    "9" * 6000,
    '{"seen": 1e400, "moves": []}',
    "\ud800",
    json.dumps("\ud800"),
    json.dumps({"seen": 0, "moves": [{"kind": "unschedule", "applicant": "\udfff"}]}),
    json.dumps(SHEET | {"sheet": "\ud800"}),
    json.dumps(SHEET | {"marks": {"talk": "1e999999999"}}),
    json.dumps(SHEET | {"marks": {"\ud800": "1"}}),
    json.dumps(SHEET | {"text": "\udc00", "reason": "\udc00", "more": "\udc00", "code": "\udc00"}),
    json.dumps(SHEET | {"rubric": 10**30, "version": 2**70}),
    "\xff\xfe",
]
"""Bodies that take a parser or a hash down."""


def test_no_body_takes_a_route_down(town: Town) -> None:
    people, wrong = {role: town.client(role) for role in ROLES}, []
    bodies = [body.encode("utf-8", "surrogatepass") for body in HOSTILE]

    def sent(role: str, address: str, **how: Any) -> None:
        answer = people[role].open(address, **how)
        if answer.status_code >= 500:
            wrong.append(f"{address} as {role}: {answer.status_code} of {str(how)[:80]}")

    for rule in town.rules():
        who = next(role for role in ROLES[::-1] if may(role, rule.endpoint))
        address = town.address(rule, **({"number": 1} if rule.endpoint.startswith("board.") else {}))
        for body in bodies if "POST" in (rule.methods or ()) else ():
            sent(who, address, method="POST", data=body, content_type="application/json")
    for body in bodies:
        text = body.decode("utf-8", "replace")
        sent("office", "/schedule/1/price", query_string={"moves": text})
        sent("office", "/paper/files?round=1", method="POST", data={"file": (BytesIO(body), "平板.json")})
    assert people["office"].get("/schedule/1/price").status_code == 400, "nobody was logged out on the way"
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_is_a_500(town: Town, role: str) -> None:
    chance, person, wrong = random.Random(f"fuzz {role}"), town.client(role), []
    for rule in [rule for rule in town.rules() for _n in range(ROUNDS)]:
        parts = {
            name: abs(chance.choice(NUMBERS)) if kind == "int" else _encodable(chance.choice(TEXTS[1:]))[:200]
            for name, kind in town.parts(rule)
        }
        query = "&".join(f"{n}={chance.choice(NUMBERS)}" for n in chance.sample(["round", "page", "set", "a"], 2))
        address = f"{town.address(rule, **parts)}?{query}"
        method = chance.choice([*sorted(rule.methods or ()), "PUT", "DELETE", "PATCH"])
        if method == "POST" and chance.random() < 0.3:
            answer = person.open(address, method=method, json=chance.choice(JSON))
        else:
            form = {k: _encodable(v) if isinstance(v, str) else v for k, v in _form(chance).items()}
            answer = person.open(address, method=method, data=form if method == "POST" else None)
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append(f"{method} {address[:120]} as {role}: {answer.status_code}")
        answer.close()
    assert wrong == []
