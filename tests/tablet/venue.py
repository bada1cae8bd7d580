"""A published round of many panels, a server process on its data that can be killed, and the tablets' sessions."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401  (the engine's settings)
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import Applicant, Expert, Room, Round, TabletSession
from webapp.models import Session as HalfDay
from webapp.services import drafts, publishing, rounds
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, system_clock

OFFICE = Actor("office", "office")
SEATS = 5


def token_of(expert: str) -> str:
    """The cookie of a tablet of the tests."""
    return f"token-of-{expert}"


def many_panels(config: Config, panels: int, each: int) -> int:
    """A published round: ``panels`` of five experts, ``each`` applicants heard by one; every expert has a tablet."""
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        round_ = rounds.create(session, OFFICE, system_clock, "平板日", {"min_specialists": "0"})
        session.flush()
        start = datetime(2026, 12, 5, 8, 30)
        end = start + timedelta(hours=14)
        session.add(HalfDay(round_id=round_.id, code="S1", label="全天", start=start, end=end))
        direction = round_.directions[0]
        for p in range(1, panels + 1):
            session.add(Room(round_id=round_.id, code=f"R{p}", name=f"第{p}室", position=p))
        for n in range(1, panels * SEATS + 1):
            expert = Expert(round_id=round_.id, code=f"E{n:04d}", name=f"专家{n}", employer=f"大学{n}", may_chair=True)
            expert.strengths = {direction.code: 3}
            session.add(expert)
        for n in range(1, panels * each + 1):
            person = Applicant(round_id=round_.id, code=f"A{n:05d}", name=f"申报{n}", employer="甲厂", level="senior")
            person.direction = direction
            session.add(person)
        session.flush()
        session.refresh(round_)
        round_.state = "rosters_locked"
        document = problem_document(session, round_)
        version = drafts.store(session, OFFICE, system_clock, round_, document, _schedule(panels, each, start))
        publishing.publish(session, OFFICE, system_clock, round_, version.number, document)
        now = system_clock()
        for expert in session.scalars(select(Expert).where(Expert.round_id == round_.id)):
            row = TabletSession(expert_id=expert.id, made_at=now, expires_at=now + timedelta(days=1), seen_at=now)
            row.token_hash = hashlib.sha256(token_of(expert.code).encode()).hexdigest()
            session.add(row)
        session.commit()
        number = round_.id
    engine.dispose()
    return number


def _schedule(panels: int, each: int, start: datetime) -> dict[str, Any]:
    made = []
    for p in range(panels):
        codes = [f"E{SEATS * p + n + 1:04d}" for n in range(SEATS)]
        rows = [
            {"applicant": f"A{each * p + n + 1:05d}", "start": f"{start + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M}"}
            for n in range(each)
        ]
        sitting = {"session": "S1", "room": f"R{p + 1}", "appointments": rows}
        panel = {"id": f"P{p + 1}", "directions": ["D1"], "chair": codes[0], "members": codes, "sittings": [sitting]}
        made.append(panel)
    cost = [0, panels, panels, 0, panels * SEATS, 1, 0]
    return {"panels": made, "unscheduled": [], "cost": cost, "bound": cost, "status": "feasible"}


def config_in(folder: Path) -> Config:
    """A data folder of the tests."""
    return from_environment(folder / "data")


class Server:
    """Rostrum as a process of its own on a port that stays its own."""

    def __init__(self, config: Config) -> None:
        self.port, self.kills = _port(), 0
        self.config = config
        environment = os.environ | {"ROSTRUM_DATA": str(config.data), "ROSTRUM_DATABASE_URL": config.database_url}
        command = [sys.executable, "-m", "tests.tablet.serve", str(self.port)]
        pipe = subprocess.PIPE
        self._nursery = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )

    def _tell(self, what: str) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(what + "\n")
        self._nursery.stdin.flush()
        assert self._nursery.stdout.readline().strip() == what, "the server ended"

    def start(self) -> None:
        """Start it and wait until it answers, however long a busy machine takes."""
        self._tell("start")
        for _ in range(12_000):
            try:
                ask(self.port, "GET", "/health")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """``kill -9``."""
        self._tell("kill")
        self.kills += 1

    def end(self) -> None:
        """The server and who starts it."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.wait()
        self._nursery.stdout.close()


def _port() -> int:
    """A free one below those that outgoing connections take: while the server is dead, nobody moves in."""
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(10_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


@contextmanager
def serving(config: Config) -> Iterator[Server]:
    """A running server."""
    server = Server(config)
    try:
        server.start()
        yield server
    finally:
        server.end()


def ask(
    port: int, method: str, path: str, content: object = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        body = None if content is None else json.dumps(content)
        connection.request(method, path, body, {"Accept": "application/json"} | (headers or {}))
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


class Client:
    """A tablet without a page: a cookie, a token, records."""

    def __init__(self, port: int, expert: str) -> None:
        self.port, self.cookie = port, f"rostrum_tablet={token_of(expert)}"
        _status, headers, body = ask(port, "GET", "/tablet/hello", headers={"Cookie": self.cookie})
        self.token = json.loads(body)["token"]
        self.cookie += "; " + headers["Set-Cookie"].split(";")[0]

    def post(self, path: str, content: object) -> tuple[int, dict[str, Any]]:
        """Hand something in."""
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token, "Content-Type": "application/json"}
        status, _headers, body = ask(self.port, "POST", path, content, headers)
        return status, json.loads(body)


def newest(session: Session) -> Round:
    """The round of the tests."""
    return rounds.newest(session)
