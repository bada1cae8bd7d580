"""What is printed from the browser: A4 pages with all that is needed and nothing that is secret, one or all."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.live import Person, chromium, running
from tests.webapp.small import OFFICE, clock, published_round
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.identity import opened as opened_login
from webapp.migrate import upgrade
from webapp.models import Applicant, Appointment, Expert, Round
from webapp.models.rounds import Room
from webapp.services import publishing, users

KINDS = ("doors", "notices", "waiting", "calls")
LONG = "江西省宜春市新型锂离子动力电池正极材料与循环经济研究院股份有限公司第二分公司（筹）"
A4 = (595, 842)
OUTSIDE = """[...document.querySelectorAll(".page *")].filter((one) =>
    one.getBoundingClientRect().right > one.closest(".page").getBoundingClientRect().right).length"""
"""How much sticks out of its page."""


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    made = create_app(config)
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context(), Session(db.engine) as session:
        users.create(session, OFFICE, clock, "office", "office", "a-first-password", must_change=False)
        published_round(session)
        person = session.scalars(select(Applicant).where(Applicant.code == "A00002")).one()
        person.employer, person.phone, person.id_no = LONG, "13900001111", "362201197907038975"
        session.scalars(select(Room)).one().waiting_room = "三楼会议室"
        session.commit()
    return made


@pytest.fixture
def office(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as opened:
        with app.app_context():
            token = opened_login(db.session(), users.by_name(db.session(), "office")).get_id()
            db.session.commit()
        with opened.session_transaction() as session:
            session["_user_id"], session["seen"] = token, int(time.time())
        yield opened


def text(office: FlaskClient, path: str) -> str:
    answer = office.get(f"/print/{path}")
    assert answer.status_code == 200, path
    return re.sub(r"<[^>]+>", " ", answer.text)


def test_each_paper_says_what_its_reader_needs(office: FlaskClient) -> None:
    assert re.search(r"第一答辩室.*12月5日 08:30–12:30.*P1.*锂矿原料.*2", text(office, "doors"), re.S)
    notices = text(office, "notices")
    assert re.findall(r"申报\d(?= +同志)", notices) == ["申报1", "申报2"]
    for said in ("12月5日 上午 08:00 前", "三楼会议室", "12月5日 上午 08:40", "陈述 5 分钟", "学习经历"):
        assert said in notices
    assert re.search(r"三楼会议室.*08:00.*08:30.*P1.*第一答辩室", text(office, "waiting"), re.S)
    calls = text(office, "calls")
    assert calls.index("A00001") < calls.index("A00002")
    assert LONG in calls


def test_one_by_itself(office: FlaskClient) -> None:
    assert "申报1" not in text(office, "notices?applicant=A00002")
    assert "A00001" in text(office, "calls?panel=P1")
    for wrong in ("notices?applicant=A00003", "calls?panel=P9", "doors?room=R9"):
        assert office.get(f"/print/{wrong}").status_code == 404


def test_no_paper_tells_an_expert_an_id_or_a_phone(app: Flask, office: FlaskClient) -> None:
    with app.app_context():
        secret = {"13900001111", "362201197907038975", *db.session.scalars(select(Expert.name))}
    for kind in KINDS:
        assert [word for word in secret if word in text(office, kind)] == []


def test_while_the_order_is_to_be_drawn_no_time_is_told(app: Flask, office: FlaskClient) -> None:
    with app.app_context():
        round_ = db.session.scalars(select(Round)).one()
        round_.settings = round_.settings | {"lots": "check_in"}
        first = db.session.scalars(select(Appointment).order_by(Appointment.id)).first()
        assert first is not None
        first.start = first.start.replace(hour=11)
        db.session.commit()
    for kind in ("notices", "calls"):
        assert "08:40" not in text(office, kind)
    calls = text(office, "calls")
    assert calls.index("A00001") < calls.index("A00002"), "by the ids, although A00001 comes last in the draft"
    assert "抽签" in text(office, "notices")
    assert "抽签" in text(office, "waiting")


def test_the_papers_are_chinese_in_english_too(office: FlaskClient) -> None:
    office.post("/language/en")
    assert "12月5日 上午 08:40" in text(office, "notices")
    assert "Print" in office.get("/print/notices").text


def test_nothing_is_printed_before_it_is_published(app: Flask, office: FlaskClient) -> None:
    with app.app_context():
        publishing.withdraw(db.session(), OFFICE, clock, db.session.scalars(select(Round)).one(), "改时间")
        db.session.commit()
    assert "安排还没有发布" in office.get("/print/").text
    for kind in KINDS:
        assert office.get(f"/print/{kind}").status_code == 409


def test_on_paper_every_page_is_a4_and_nothing_is_cut_off(app: Flask) -> None:
    with running(app) as address, chromium() as browser:
        person = Person.sit_down(browser, address)
        person.log_in("office", "a-first-password")
        asked: list[str] = []
        person.page.on("request", lambda request: asked.append(request.url))
        for kind, pages in (("doors", 1), ("notices", 2), ("waiting", 1), ("calls", 1)):
            person.page.goto(f"{address}/print/{kind}")
            assert person.page.evaluate(OUTSIDE) == 0, kind
            printed = PdfReader(io.BytesIO(person.page.pdf(prefer_css_page_size=True)))
            sizes = {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in printed.pages}
            assert (len(printed.pages), sizes) == (pages, {A4[::-1] if kind == "doors" else A4}), kind
            read = unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in printed.pages))
            words = "".join(read.split())
            assert (unicodedata.normalize("NFKC", LONG) in words) == (kind in ("notices", "calls")), kind
            assert "打印" not in printed.pages[0].extract_text(), "the bar stays on the screen"
        assert {url.startswith(address) for url in asked} == {True}
        assert person.complaints == []
