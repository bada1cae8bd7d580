"""Who is at the other end: an account by its login, an expert by a tablet's cookie. Flask-Login is wrapped here."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import String, and_, bindparam, cast, select
from sqlalchemy.orm import Session as DatabaseSession

from webapp.db import db
from webapp.models import Expert, Login, PanelMember, Round, ScheduleVersion, TabletSession, User
from webapp.models.schedules import Panel
from webapp.services import logins
from webapp.services.kernel import Actor, system_clock
from webapp.services.places import HOLD
from webapp.services.settings import Terms
from webapp.services.tablets import IDLE

TABLET_COOKIE = "rostrum_tablet"
TABLET_PAGES = ("tablet", "tablet_data")
"""The blueprints where the tablet's cookie says who acts."""
RECORDS = "tablet_data.record"
"""The endpoint whose document names a sheet to be held."""
IDLE_SECONDS = {"screen": None, "secretary": 12 * 3600}
"""How long an account may be silent; the others half an hour."""
DEFAULT_IDLE = 30 * 60
LONGEST = int(logins.LONGEST.total_seconds())
NOWHERE = logins.Place()

manager = LoginManager()


class Identity:
    """What Flask-Login keeps of an account: its id, epoch and login.

    A new password ends every session by the epoch, logging out its own one by the login's row.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, user: User, login: int) -> None:
        self.user, self.login = user, login

    def get_id(self) -> str:
        """``ID.EPOCH.LOGIN``."""
        return f"{self.user.id}.{self.user.epoch}.{self.login}"


@manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Identity | None:
    parts = token.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    number, epoch, login = map(int, parts)
    open_still = (Login.id == login, Login.user_id == User.id, Login.ended_at.is_(None))
    user = db.session.scalar(select(User).join(Login, and_(*open_still)).where(User.id == number))
    if user is None or user.disabled or user.epoch != epoch or _too_idle(user):
        return None
    return Identity(user, login)


def _too_idle(user: User) -> bool:
    limit = IDLE_SECONDS.get(user.role, DEFAULT_IDLE)
    now, seen = int(time.time()), session.get("seen", 0)
    if limit is not None and (now - seen > limit or now - session.get("since", now) > LONGEST):
        return True
    if seen > now + 60:  # written while the clock was ahead: it counts from now, not from then on
        session["seen"], session["since"] = now, min(now, session.get("since", now))
    polls = request.headers.get("X-Rostrum-Poll") or request.blueprint == "live"
    if now - seen > 60 and not polls:  # a page that asks by itself is no sign of a person
        session["seen"] = now
    return False


def opened(session: DatabaseSession, user: User, place: logins.Place = NOWHERE) -> Identity:
    """The account with a login of its own, kept with the session's transaction."""
    return Identity(user, logins.begin(session, system_clock, user, place).id)


def log_in(user: User) -> None:
    """Open a fresh session for the account."""
    _begin_anew()
    session["seen"] = session["since"] = int(time.time())
    session.permanent = True
    place = logins.Place(request.remote_addr or "", request.user_agent.string)
    login_user(opened(db.session(), user, place))


def log_out() -> None:
    """Close the account's session, here and on the server: a copied cookie ends with it."""
    from flask_login import current_user

    if current_user.is_authenticated:
        logins.end(db.session(), system_clock, current_user.login)
    logout_user()
    _begin_anew()


def _begin_anew() -> None:
    """Nothing of the session before stays but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def current_user_row() -> User | None:
    """The account that is logged in."""
    from flask_login import current_user

    return current_user.user if current_user.is_authenticated else None


def current_login() -> int:
    """The number of the login this request came by; 0 for nobody."""
    from flask_login import current_user

    return current_user.login if current_user.is_authenticated else 0


def password_is_new() -> bool:
    """Whether the account acts with a password another person knows; until it has its own, no page opens."""
    user = None if request.blueprint in TABLET_PAGES else current_user_row()
    return user is not None and user.must_change


def second_is_missing() -> bool:
    """Whether the account's role needs a second factor and the account has none; until then only its own page opens."""
    user = None if request.blueprint in TABLET_PAGES else current_user_row()
    return user is not None and user.role in current_app.config["ROSTRUM"].second_factor and not user.second_secret


def token_hash(token: str) -> str:
    """What the database keeps of a code or token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Tablet:
    """A tablet's session while it is valid, and the expert who holds it."""

    number: int
    until: datetime
    expert_id: int
    code: str
    name: str
    chairs: bool
    """Whether the expert chairs a panel of the published schedule."""
    terms: Terms
    """What the expert's round says of marks."""


def current_tablet() -> Tablet | None:
    """The tablet session of the cookie, while it is valid; asked for once a request."""
    if "tablet" not in g:
        g.tablet = _tablet_of(request.cookies.get(tablet_cookie_name(), ""), _sheet())
    tablet: Tablet | None = g.tablet
    return tablet


def tablet_round() -> Round | None:
    """The round of the tablet's expert."""
    tablet = current_tablet()
    return db.session.get(Round, tablet.terms.id) if tablet else None


_CHAIRS = (
    select(PanelMember.id)
    .join(Panel)
    .join(ScheduleVersion)
    .where(
        ScheduleVersion.round_id == Expert.round_id,
        ScheduleVersion.published,
        PanelMember.expert_id == Expert.id,
        PanelMember.chair,
    )
    .correlate(Expert)
    .exists()
)
_TABLET = (  # columns, no objects, and what taking a mark asks of the round: each request waits for this
    select(TabletSession.id, TabletSession.made_at, TabletSession.seen_at, TabletSession.expires_at)
    .add_columns(TabletSession.expert_id, Expert.code, Expert.name, _CHAIRS.label("chairs"))
    .add_columns(Expert.round_id, Round.state, cast(Round.rubric, String).label("rubric"), Round.settings)
    .select_from(TabletSession)
    .join(TabletSession.expert)
    .join(Round, Round.id == Expert.round_id)
    .where(TabletSession.token_hash == bindparam("token"), TabletSession.revoked_at.is_(None))
)
_AT_SHEET = _TABLET.add_columns(HOLD)
"""The same, which holds the sheet a record is for from the moment it is known whose tablet sends it: a message less."""


def _tablet_of(token: str, sheet: str) -> Tablet | None:
    """Whose token it is while its session is valid."""
    statement, names = _AT_SHEET if sheet else _TABLET, {"token": token_hash(token), "sheet": sheet}
    row = db.session.connection().execute(statement, names).first() if token else None
    now = system_clock()
    if row is None or now >= row.expires_at or now >= (row.seen_at or row.made_at) + IDLE:
        return None
    terms = Terms(row.round_id, row.state, row.rubric, row.settings, sheet)
    return Tablet(row.id, row.expires_at, row.expert_id, row.code, row.name, row.chairs, terms)


def _sheet() -> str:
    """The sheet a record names; none where nobody has to hold one (``places.held``)."""
    document = request.get_json(silent=True) if request.endpoint == RECORDS else None
    key = document.get("sheet") if isinstance(document, dict) else None
    return key if isinstance(key, str) and db.engine.dialect.name == "postgresql" else ""


def set_tablet_cookie(answer: Response, token: str) -> Response:
    """Let this browser in as the token's expert; a page of the day keeps its token for what it hands in."""
    session.permanent = True
    answer.set_cookie(
        tablet_cookie_name(),
        token,
        max_age=24 * 3600,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return answer


def tablet_cookie_name() -> str:
    """The cookie's name: with the ``__Host-`` prefix under TLS."""
    return f"__Host-{TABLET_COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else TABLET_COOKIE


def current_actor() -> Actor | None:
    """Who acts in this request; an account wins over a tablet's cookie except on the tablet's own pages."""
    if "actor" not in g:
        g.actor = _tablet_actor() if request.blueprint in TABLET_PAGES else _user_actor()
    actor: Actor | None = g.actor
    return actor


def _user_actor() -> Actor | None:
    user = current_user_row()
    if user is None:
        return None
    return Actor(user.name, user.role, user.display_name or user.name, user_id=user.id)


def _tablet_actor() -> Actor | None:
    tablet = current_tablet()
    if tablet is None:
        return None
    role = "chair" if tablet.chairs else "expert"
    return Actor(f"expert:{tablet.code}", role, tablet.name, expert_id=tablet.expert_id)


def init_app(app: Flask) -> None:
    """Attach the login manager; pages are guarded by ``rights.allow``, not by Flask-Login."""
    manager.init_app(app)
    manager.session_protection = None

    @app.context_processor
    def _names() -> dict[str, Any]:
        return {"actor": current_actor()}
