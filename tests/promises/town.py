"""The small round behind the real pages, and somebody of every role to open them: what the doors' tests share."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.webapp.small import OFFICE, clock, published_round
from webapp import create_app
from webapp.config import Config, from_environment
from webapp.identity import TABLET_COOKIE, token_hash
from webapp.identity import opened as opened_login
from webapp.migrate import upgrade
from webapp.models import Expert, PanelSecretary, Round, TabletSession, User
from webapp.models.users import ROLES as ACCOUNTS
from webapp.services import users
from webapp.services.kernel import system_clock

PASSWORD = "a-first-password"
SAFE = ("GET", "HEAD", "OPTIONS")
DOOR = "您的角色不能打开这一页"
"""What the gate says; a service's own refusals say something else."""


class Town:
    """An application with one round, accounts of every role and tablets of every expert."""

    def __init__(self, config: Config, *, csrf: bool = False) -> None:
        upgrade(config)
        self.config = config
        self.engine = create_engine(config.database_url, poolclass=NullPool)
        """Kept for its compiled statements; no connection stays open."""
        self.app: Flask = create_app(config)
        self.app.config["WTF_CSRF_ENABLED"] = csrf
        with self.data() as session:
            quick = users.HASHER.hash(PASSWORD)
            for role in ACCOUNTS:
                user = users.create(session, OFFICE, clock, role, role, PASSWORD, must_change=False)
                user.password_hash = quick
            round_ = published_round(session)
            session.flush()
            secretary = session.scalars(select(User).where(User.name == "secretary")).one()
            session.add(PanelSecretary(round_id=round_.id, panel="P1", user_id=secretary.id))

    @classmethod
    def at(cls, folder: Path, **more: Any) -> Town:
        """A town on SQLite in a folder."""
        return cls(from_environment(folder, testing=True), **more)

    @contextmanager
    def data(self) -> Iterator[Session]:
        """The records behind the pages; committed at the end."""
        with Session(self.engine) as session:
            yield session
            session.commit()

    def client(self, role: str) -> FlaskClient:
        """Somebody of that role: an account logged in, an expert at a tablet, or nobody."""
        opened = self.app.test_client()
        if role in ("expert", "chair"):
            opened.set_cookie(TABLET_COOKIE, self.tablet("E0001" if role == "chair" else "E0002"))
        elif role != "nobody":
            with self.data() as session:
                user = users.by_name(session, role)
                token = opened_login(session, user).get_id()
            with opened.session_transaction() as session:
                session["_user_id"], session["seen"], session["since"] = token, int(time.time()), int(time.time())
        return opened

    def tablet(self, code: str) -> str:
        """A tablet's token for the expert of that code."""
        token, now = secrets.token_urlsafe(32), system_clock()
        with self.data() as session:
            expert = session.scalars(select(Expert).where(Expert.code == code)).first()
            assert expert is not None
            session.add(
                TabletSession(
                    expert_id=expert.id, token_hash=token_hash(token), made_at=now, expires_at=now + timedelta(hours=9)
                )
            )
        return token

    def round(self, session: Session) -> Round:
        """The round."""
        return session.scalars(select(Round).order_by(Round.id)).first()  # type: ignore[return-value]

    def rules(self) -> list[Rule]:
        """Every route but the static files."""
        return [rule for rule in self.app.url_map.iter_rules() if rule.endpoint != "static"]

    def address(self, rule: Rule, **values: object) -> str:
        """An address of the route; parts that are not given point at what is hardly there."""
        parts = {name: 999 if kind == "int" else "X9" for name, kind in self.parts(rule)} | values
        with self.app.test_request_context():
            built = rule.build({name: parts[name] for name in rule.arguments}, append_unknown=False)
        assert built is not None, rule
        return str(built[1])

    @staticmethod
    def parts(rule: Rule) -> list[tuple[str, str]]:
        """Name and kind of each part of the address."""
        kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
        return [(name, "int" if kinds[name] == "IntegerConverter" else "text") for name in sorted(rule.arguments)]


def methods(rule: Rule) -> list[str]:
    """The methods a route answers, without those that follow from GET."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
