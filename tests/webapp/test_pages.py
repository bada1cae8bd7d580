"""Every page of a finished sample round, as every role: no fault of the program, and only who may come in does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import demo
from webapp.db import db
from webapp.identity import opened as opened_login
from webapp.models import Applicant, Expert, Panel, PanelMember, User
from webapp.rights import TABLE, may
from webapp.services import tablets
from webapp.services.kernel import Actor, system_clock


@pytest.fixture
def app(demo_app: Flask) -> Iterator[Flask]:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    yield demo_app
    demo_app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as opened:
        yield opened


def as_role(app: Flask, client: FlaskClient, role: str) -> None:
    if role == "nobody":
        return
    with app.app_context():
        if role in ("expert", "chair"):
            member = db.session.scalars(select(PanelMember).where(PanelMember.chair == (role == "chair"))).first()
            assert member is not None
            expert = db.session.get_one(Expert, member.expert_id)
            code = tablets.make_code(db.session(), Actor("office", "office"), system_clock, expert)
            db.session.commit()
            assert client.post("/tablet/enter", data={"code": code.lower()}).status_code == 303
            assert client.post("/tablet/enter", data={"code": code}).status_code == 403
            return
        user = db.session.scalars(select(User).where(User.role == role)).one()
        token = opened_login(db.session(), user).get_id()
        db.session.commit()
    import time

    with client.session_transaction() as session:
        session["_user_id"], session["seen"] = token, int(time.time())


ADDRESSES = {
    "office.home": "/office/",
    "office.settings": "/office/settings",
    "office.audit_log": "/office/audit",
    "admin.accounts": "/admin/accounts",
    "wiping.index": "/admin/personal",
    "wiping.show": "/admin/personal/1",
    "rosters.index": "/rosters/",
    "rosters.applicants": "/rosters/applicants",
    "rosters.experts": "/rosters/experts",
    "rosters.venue": "/rosters/venue",
    "people.person": "/people/applicants/{senior}",
    "people.new": "/people/experts/new",
    "people.recusal_list": "/people/recusals",
    "employers.index": "/employers/",
    "employers.duplicate_list": "/employers/duplicates",
    "pool.index": "/pool/",
    "pool.draw_list": "/pool/draws",
    "pool.promises": "/pool/promises",
    "people.recheck": "/people/recheck",
    "people.rows": "/people/lists/experts/rows",
    "people.excel": "/people/lists/applicants/excel",
    "schedule.index": "/schedule/",
    "schedule.board": "/schedule/1/board",
    "schedule.panels": "/schedule/1/panels",
    "schedule.experts": "/schedule/1/experts",
    "schedule.applicants": "/schedule/1/applicants",
    "panel.console": "/panel/",
    "paper.index": "/paper/",
    "paper.files": "/paper/files",
    "panel.panel_totals": "/panel/totals/P1",
    "results.overview": "/results/",
    "results.applicant": "/results/{senior}",
    "results.origin_print": "/results/{senior}/print",
    "office.rubric": "/office/rubric/defence",
    "trust.report": "/results/trust/?quota=3",
    "trust.panel": "/results/trust/P1",
    "life.history": "/results/life/versions",
    "life.objection_list": "/results/life/objections",
    "life.unlocks": "/results/life/unlocks",
    "committee.papers": "/committee/papers",
    "committee.votes": "/committee/votes",
    "panel.note_list": "/panel/notes",
    "results.downloads": "/results/books",
    "results.download": "/results/books/schedule",
    "prints.index": "/print/",
    "prints.doors": "/print/doors",
    "prints.notices": "/print/notices",
    "prints.waiting": "/print/waiting",
    "prints.calls": "/print/calls",
    "screens.waiting": "/screens/waiting",
    "tablet_data.view": "/tablet/view",
    "tablet.two_versions": "/tablet/versions",
    "versions.index": "/versions/",
    "versions.count": "/versions/count",
    "tablet.paper_sheets": "/tablet/paper",
    "tablet.panel": "/tablet/panel/{chaired}",
    "tablet.note_list": "/tablet/notes",
    "tablet.unlocks": "/tablet/unlocks",
}
ROLES = ("nobody", "expert", "chair", *(r for r in TABLE["account"]))


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_which_page(app: Flask, client: FlaskClient, role: str) -> None:
    with app.app_context():
        senior = db.session.scalars(select(Applicant.code).where(Applicant.level == "senior")).first()
        chair = db.session.scalars(select(PanelMember).where(PanelMember.chair)).first()
        assert chair is not None
        chaired = db.session.get_one(Panel, chair.panel_id).code
    as_role(app, client, role)
    for endpoint, pattern in ADDRESSES.items():
        address = pattern.format(senior=senior, chaired=chaired)
        area, verbs = app.view_functions[endpoint].right  # type: ignore[attr-defined]
        tablets_own = endpoint.startswith(("tablet.", "tablet_data."))
        known = role in ("expert", "chair") if tablets_own else role not in ("expert", "chair", "nobody")
        allowed = known and may(role, area, *verbs)
        answer = client.get(address)
        expected = 200 if allowed else 403 if known else 302
        assert (endpoint, answer.status_code) == (endpoint, expected)
        if answer.mimetype == "text/html":
            assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_the_menu_stays_in_the_round_that_is_open(app: Flask, client: FlaskClient) -> None:
    """A colleague's new round is the newest: the next press would else land there."""
    as_role(app, client, "office")
    assert 'href="/schedule/?round=1"' in client.get("/results/").text


def test_the_pages_load_no_solver() -> None:
    """Native code that a page never calls cannot bring the server down, nor cost its memory."""
    code = (
        "import importlib, pkgutil, sys, webapp.views as views\n"
        "for found in pkgutil.walk_packages(views.__path__, 'webapp.views.'): importlib.import_module(found.name)\n"
        "print({'ortools', 'pandas', 'highspy'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_every_view_has_a_right(app: Flask) -> None:
    open_ones = [e for e, view in app.view_functions.items() if e != "static" and not hasattr(view, "right")]
    assert open_ones == []


@pytest.mark.parametrize("address", ["/schedule/9/board", "/results/A99999", "/nothing", "/office/?round=99"])
def test_a_wrong_address_is_a_sentence(app: Flask, client: FlaskClient, address: str) -> None:
    as_role(app, client, "office")
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code in (200, 404)
    assert "Traceback" not in answer.text


def test_no_page_derives_a_pass(app: Flask, client: FlaskClient) -> None:
    as_role(app, client, "supervisor")
    text = client.get("/results/").text
    assert "答辩成绩" in text
    assert "通过" not in text


def test_a_login_and_a_wrong_one(app: Flask, client: FlaskClient) -> None:
    assert client.post("/login", data={"name": "office", "password": "wrong"}).status_code == 403
    with app.app_context(), Session(db.engine) as session:
        from webapp.services import users

        user = users.by_name(session, "office")
        users.reset_password(session, Actor("x", "office"), system_clock, user, "a-new-password")
        session.commit()
    answer = client.post("/login", data={"name": "office", "password": "a-new-password"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/password")


def test_the_data_folder_is_left_alone_a_second_time(app: Flask) -> None:
    said: list[str] = []
    demo.carry_through(app.config["ROSTRUM"], said.append)
    assert len(said) == 1
    assert Path(app.config["ROSTRUM"].data, "exports").exists()
