"""The guides' pictures of a day: ``python -m tests.webapp.guides FOLDER``; an hour of two rooms of made-up people."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from tests.webapp.day import PASSWORD, press
from tests.webapp.live import Person, chromium, running
from tests.webapp.panels import NAMES
from tests.webapp.small import OFFICE
from tests.webapp.wire import Wire, wire
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import Applicant, Expert, PanelSecretary, Room, Round
from webapp.models import Session as HalfDay
from webapp.services import drafts, publishing, rounds, users
from webapp.services.instance import problem_document
from webapp.services.kernel import system_clock

ROOMS, EACH, SEATS = 2, 6, 3


def day(data: Path) -> Flask:
    """The application with a published day that has just begun."""
    config = from_environment(data, testing=True)
    upgrade(config)
    made = create_app(config)
    with made.app_context(), Session(db.engine) as session:
        texts = {"panel_size": str(SEATS), "min_specialists": "2", "vote": "none"}
        round_ = rounds.create(session, OFFICE, system_clock, "2026年高级职称评审", texts, "锂电专业评委会")
        session.flush()
        version = drafts.store(session, OFFICE, system_clock, round_, *_drafted(session, round_))
        publishing.publish(session, OFFICE, system_clock, round_, version.number, problem_document(session, round_))
        for name, screen in (("secretary", None), ("screen", "waiting")):
            users.create(session, OFFICE, system_clock, name, name, PASSWORD, screen=screen, must_change=False)
        session.flush()
        mine = users.by_name(session, "secretary").id
        session.add_all(PanelSecretary(round_id=round_.id, panel=f"P{n + 1}", user_id=mine) for n in range(ROOMS))
        session.commit()
    return made


def _drafted(session: Session, round_: Round) -> tuple[dict[str, Any], dict[str, Any]]:
    start = datetime.now().replace(second=0, microsecond=0)
    session.add(HalfDay(round_id=round_.id, code="S1", label="上午", start=start, end=start + timedelta(hours=3)))
    panels = []
    for p in range(ROOMS):
        session.add(Room(round_id=round_.id, code=f"R{p + 1}", name=f"第{'一二'[p]}答辩室", position=p + 1))
        members = [f"E{SEATS * p + n + 1:04d}" for n in range(SEATS)]
        for code, name in zip(members, NAMES[-SEATS * (p + 1) :], strict=False):
            expert = Expert(round_id=round_.id, code=code, name=name, employer=f"大学{code}", may_chair=True)
            expert.strengths = {"D1": 3}
            session.add(expert)
        rows = []
        for n in range(EACH):
            number = EACH * p + n
            who = Applicant(round_id=round_.id, code=f"A{number + 1:05d}", name=NAMES[number], level="senior")
            who.employer, who.direction = "江西甲锂电材料有限公司", round_.directions[0]
            session.add(who)
            rows.append({"applicant": who.code, "start": (start + timedelta(minutes=10 * n)).isoformat("T", "minutes")})
        held = {"session": "S1", "room": f"R{p + 1}", "appointments": rows}
        panels.append({"id": f"P{p + 1}", "directions": ["D1"], "chair": members[0], "members": members})
        panels[-1]["sittings"] = [held]
    session.flush()
    session.refresh(round_)
    round_.state = "rosters_locked"
    cost = [0, 2, 2, 0, 6, 1, 0]
    found = {"panels": panels, "unscheduled": [], "cost": cost, "bound": cost, "status": "feasible"}
    return problem_document(session, round_), found


def take(browser: Browser, address: str, line: Wire) -> None:
    """A console in the talk, the waiting room meanwhile, and the console when its line is cut."""
    secretary, hall = Person.sit_down(browser, line.address, "tablet"), Person.sit_down(browser, address)
    hall.log_in("screen", PASSWORD)
    secretary.log_in("secretary", PASSWORD)
    press(secretary, "叫号", "called")
    press(secretary, "到场", "entered")
    press(secretary, "开始陈述", "talk")
    for page in (secretary.page, hall.page):
        expect(page.locator("[data-link]")).to_have_attribute("data-state", "on")
    expect(hall.page.get_by_text("正在答辩")).to_be_visible()
    secretary.page.mouse.move(0, 0)
    secretary.picture("guide-console")
    hall.picture("guide-waiting")
    line.cut()
    press(secretary, "开始答辩", "answers")
    expect(secretary.page.locator("[data-link]")).to_have_attribute("data-state", "off")
    secretary.picture("guide-offline")


if __name__ == "__main__":
    os.environ["ROSTRUM_PICTURES"] = sys.argv[1]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder = Path(tempfile.mkdtemp())
    with chromium() as opened, running(day(folder)) as where, wire(where) as cable:
        take(opened, where, cable)
    shutil.rmtree(folder)
