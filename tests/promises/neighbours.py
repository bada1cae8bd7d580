"""Two rounds of two panels at work, with marks and words that tell whose they are: who sees them sees too much.

A mark ends in ``.PRE`` (panel, round, expert), every text written on somebody begins with ``密RP``.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from scoring.sheet import content_hash
from tests.load.venue import EACH, SIZE, _people, _schedule
from tests.promises.town import Town
from tests.webapp.small import OFFICE, OFFICER, clock
from webapp.identity import TABLET_COOKIE, token_hash
from webapp.models import Expert, PanelSecretary, Round, TabletSession, User
from webapp.services import drafts, jobs, notes, panel_day, publishing, remarks, sheets, unlocking, uploads
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, system_clock

PANELS = (1, 2)
MARK, WORDS = re.compile(r"\d\.([12])([23])([1-5])(?!\d)"), re.compile(r"密([23])([12])")


def first_of(panel: int) -> tuple[str, str]:
    """The first applicant and the first expert of a panel."""
    return f"A{EACH * (panel - 1) + 1:05d}", f"E{SIZE * (panel - 1) + 1:04d}"


def move_in(town: Town) -> tuple[int, int]:
    """Rounds 2 and 3; the town's secretary runs P1 of the first alone."""
    with town.data() as session:
        made = [_round(session, town, n) for n in (2, 3)]
        for row in session.scalars(select(PanelSecretary)):
            session.delete(row)
        own = session.scalars(select(User).where(User.name == "secretary")).one()
        session.add(PanelSecretary(round_id=made[0], panel="P1", user_id=own.id))
    for number, panel in ((2, 2), (3, 1), (3, 2)):  # the first three tablets are strangers'
        tablet(town, number, first_of(panel)[1])
    return made[0], made[1]


def _round(session: Session, town: Town, number: int) -> int:
    round_ = _people(session, len(PANELS), f"批次 {number}")
    items = [item | {"step": "0.001"} for item in round_.rubric["items"]]
    round_.rubric = {**round_.rubric, "items": items}
    document = problem_document(session, round_)
    for _ in range(2):
        plan = _schedule(len(PANELS), len(round_.directions))
        version = drafts.store(session, OFFICE, clock, round_, document, plan)
    publishing.publish(session, OFFICE, clock, round_, version.number, document)
    assert round_.id == number
    for panel in PANELS:
        _heard(session, round_, panel)
    uploads.keep(session, OFFICE, clock, round_, "entry", f"{number}".encode(), "a.json", town.config.uploads)
    jobs.queue(session, OFFICE, clock, round_, {"task": "explain", "workers": 1, "seed": 0})
    return round_.id


def _heard(session: Session, round_: Round, panel: int) -> None:
    """Two applicants: the first's sheets are submitted, the second's drafts; all is written down."""
    chair = f"E{SIZE * (panel - 1) + 1:04d}"
    for n in (1, 2):
        code = f"A{EACH * (panel - 1) + n:05d}"
        panel_day.call(session, OFFICE, clock, round_, code)
        session.flush()
        for phase in ("talk", "answers"):
            panel_day.begin(session, OFFICE, clock, round_, code, phase)
        panel_day.settle(session, OFFICE, clock, round_, code, "heard")
        for member in range(1, SIZE + 1):
            _scored(session, round_, panel, code, member, "submitted" if n == 1 else "draft")
        notes.write(session, OFFICE, clock, round_, code, f"密{round_.id}{panel}意见", [], "0")
    key = f"R{round_.id}-P{panel}-{first_of(panel)[0]}-{chair}"
    unlocking.ask(session, OFFICER, clock, round_, key, f"密{round_.id}{panel}解锁")


def _expert(session: Session, round_: Round, code: str) -> Actor:
    row = session.scalars(select(Expert).where(Expert.round_id == round_.id, Expert.code == code)).one()
    return Actor(f"expert:{code}", "expert", expert_id=row.id)


def _scored(session: Session, round_: Round, panel: int, applicant: str, member: int, state: str) -> None:
    actor = _expert(session, round_, f"E{SIZE * (panel - 1) + member:04d}")
    key = f"R{round_.id}-P{panel}-{applicant}-{actor.name.removeprefix('expert:')}"
    answer = sheets.receive(session, actor, clock, round_, record(round_, key, f".{panel}{round_.id}{member}", state))
    assert answer.status == 201, answer.document
    text = f"密{round_.id}{panel}评语"
    remark = {"uuid": str(uuid.uuid4()), "sheet": key, "text": text, "hash": remarks.fingerprint(key, text)}
    remarks.receive(session, actor, clock, round_, remark)


def record(round_: Round, key: str, ending: str = "", state: str = "submitted", base: int = 0) -> dict[str, Any]:
    """A whole record of a sheet whose marks end so."""
    rubric = Rubric.from_json(round_.rubric)
    marks: dict[str, str | None] = {item.key: f"{int(item.full) - 3}{ending}" for item in rubric.items}
    core: dict[str, Any] = {"sheet": key, "rubric": rubric.version, "marks": marks, "state": state}
    return {"uuid": str(uuid.uuid4()), "base_version": base, "client_time": "", "hash": content_hash(**core), **core}


def tablet(town: Town, round_: int, code: str) -> FlaskClient:
    """An expert of that round at a tablet."""
    token, now = secrets.token_urlsafe(32), system_clock()
    with town.data() as session:
        row = session.scalars(select(Expert).where(Expert.round_id == round_, Expert.code == code)).one()
        made = TabletSession(expert_id=row.id, token_hash=token_hash(token), made_at=now, seen_at=now)
        made.expires_at = now + timedelta(hours=9)
        session.add(made)
    opened = town.app.test_client()
    opened.set_cookie(TABLET_COOKIE, token)
    return opened


def seen_in(text: str) -> Iterator[tuple[str, int, int, int]]:
    """What is told of whom: ``mark`` or ``words``, panel, round, expert (0: anybody)."""
    for panel, round_, member in MARK.findall(text):
        yield "mark", int(panel), int(round_), int(member)
    for round_, panel in WORDS.findall(text):
        yield "words", int(panel), int(round_), 0
