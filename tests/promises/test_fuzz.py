"""Odd methods, ids and bodies to every route as every role: whatever is sent, the answer is no 500 (issue 8)."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from tests.promises.rights import ROLES
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
