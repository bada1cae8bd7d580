"""A published round of any size, with a tablet for each expert and logins for the office."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401  (the engine's events)
from scoring.rubric import Rubric
from webapp.config import Config
from webapp.migrate import upgrade
from webapp.models import Applicant, Expert, PanelSecretary, Round, TabletSession, User
from webapp.models import Session as HalfDay
from webapp.models.rounds import Room
from webapp.services import drafts, jobs, publishing, rounds, users
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, system_clock

OFFICE = Actor("office", "office")
EACH, SIZE = 12, 5
PASSWORD = "a password of the load"
ROLES = ("office", "secretary", "desk", "results_officer", "organiser", "supervisor")
START = datetime(2026, 12, 5, 8, 30)


@dataclass(frozen=True)
class Venue:
    """What the clients need to know: tablets with their sheets, accounts, the rubric."""

    tablets: list[tuple[str, list[str]]]
    """Token of the cookie, keys of the sheets in their order."""
    accounts: list[tuple[str, str]]
    """Name and role; one password for all."""
    rubric: int
    items: list[tuple[str, int]]
    round_id: int


def furnish(config: Config, panels: int, people: int = 20) -> Venue:
    """Make the data folder's round: ``panels`` panels of five experts and twelve applicants, published."""
    upgrade(config)
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            round_ = _published(session, panels)
            venue = Venue(
                _tablets(session, round_, panels),
                _accounts(session, round_, people),
                round_.rubric["version"],
                [(item.key, int(item.full)) for item in Rubric.from_json(round_.rubric).items],
                round_.id,
            )
            session.commit()
            return venue
    finally:
        engine.dispose()


@contextmanager
def solving(config: Config, seconds: float) -> Iterator[None]:
    """A second round of 36 panels' people that the server's worker makes a schedule for meanwhile."""
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            round_ = _people(session, 36, "排程批次")
            jobs.start(session, OFFICE, system_clock, round_, min(7200, int(seconds) + 60), 1)
            session.commit()
        yield
        with Session(engine) as session:
            job = jobs.newest(session, rounds.by_name(session, "排程批次"))
            assert job is not None
            assert job.state in ("running", "done"), (job.state, job.error)
    finally:
        engine.dispose()


def _people(session: Session, panels: int, name: str) -> Round:
    round_ = rounds.create(session, OFFICE, system_clock, name, {"panel_size": str(SIZE), "min_specialists": "3"})
    session.flush()
    session.add(HalfDay(round_id=round_.id, code="S1", label="上午", start=START, end=START + timedelta(hours=3.5)))
    directions = round_.directions
    for n in range(panels):
        session.add(Room(round_id=round_.id, code=f"R{n + 1}", name=f"第{n + 1}答辩室", position=n))
        direction = directions[n % len(directions)]
        for m in range(SIZE):
            code = SIZE * n + m + 1
            expert = Expert(round_id=round_.id, code=f"E{code:04d}", name=f"专家{code}", employer=f"大学{code}")
            expert.may_chair, expert.strengths = m == 0, {direction.code: 3}
            session.add(expert)
        for m in range(EACH):
            code = EACH * n + m + 1
            person = Applicant(round_id=round_.id, code=f"A{code:05d}", name=f"申报{code}", employer=f"厂{code % 90}")
            person.level, person.direction, person.title = "senior", direction, "高级工程师"
            session.add(person)
    session.flush()
    session.refresh(round_)
    round_.state = "rosters_locked"
    return round_


def _published(session: Session, panels: int) -> Round:
    round_ = _people(session, panels, "负载批次")
    document = problem_document(session, round_)
    version = drafts.store(session, OFFICE, system_clock, round_, document, _schedule(panels, len(round_.directions)))
    publishing.publish(session, OFFICE, system_clock, round_, version.number, document)
    return round_


def _schedule(panels: int, directions: int) -> dict[str, Any]:
    made = []
    for n in range(panels):
        slots = [START + timedelta(minutes=10 * m) for m in range(EACH)]
        rows = [
            {"applicant": f"A{EACH * n + m + 1:05d}", "start": slot.strftime("%Y-%m-%dT%H:%M")}
            for m, slot in enumerate(slots)
        ]
        members = [f"E{SIZE * n + m + 1:04d}" for m in range(SIZE)]
        made.append(
            {
                "id": f"P{n + 1}",
                "directions": [f"D{n % directions + 1}"],
                "chair": members[0],
                "members": members,
                "sittings": [{"session": "S1", "room": f"R{n + 1}", "appointments": rows}],
            }
        )
    cost = [0] * 7
    return {"panels": made, "unscheduled": [], "cost": cost, "bound": cost, "status": "feasible"}


def _tablets(session: Session, round_: Round, panels: int) -> list[tuple[str, list[str]]]:
    now, made = system_clock(), []
    experts = {e.code: e.id for e in session.scalars(select(Expert).where(Expert.round_id == round_.id))}
    for n in range(panels):
        for m in range(SIZE):
            code, token = f"E{SIZE * n + m + 1:04d}", secrets.token_urlsafe(32)
            row = TabletSession(expert_id=experts[code], token_hash=hashlib.sha256(token.encode()).hexdigest())
            row.made_at, row.expires_at = now, now + timedelta(hours=16)
            session.add(row)
            keys = [f"R{round_.id}-P{n + 1}-A{EACH * n + k + 1:05d}-{code}" for k in range(EACH)]
            made.append((token, keys))
    return made


def _accounts(session: Session, round_: Round, people: int) -> list[tuple[str, str]]:
    hashed, made = users.HASHER.hash(PASSWORD), []
    for n in range(people):
        role = ROLES[n % len(ROLES)]
        user = User(name=f"{role}{n}", role=role, password_hash=hashed)
        session.add(user)
        session.flush()
        if role == "secretary":
            session.add(PanelSecretary(round_id=round_.id, panel=f"P{n % 3 + 1}", user_id=user.id))
        made.append((user.name, role))
    return made
