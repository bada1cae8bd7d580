"""The times somebody logged in: begun, listed to their own account, ended here or from another computer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from webapp.models import Login, User
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Missing

LONGEST = timedelta(hours=24)
"""However busy, whoever is no screen logs in anew after a day."""
FORGOTTEN = timedelta(days=40)
"""A cookie lives for thirty days at most."""
BROWSERS = {"MicroMessenger": "WeChat", "Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
"""What a browser says of itself, the telling word first: Edge calls itself Chrome too, Android Linux."""


@dataclass(frozen=True)
class Place:
    """Where somebody logs in: what their own list tells one login from another by."""

    address: str = ""
    agent: str = ""

    @property
    def device(self) -> str:
        """Browser and system in two words; no more of what it says is kept."""
        browser = next((shown for word, shown in BROWSERS.items() if word in self.agent), "")
        system = next((word for word in SYSTEMS if word in self.agent), "")
        return " · ".join(part for part in (browser, system) if part)


def begin(session: Session, clock: Clock, user: User, place: Place) -> Login:
    """A login that is open until it is ended; long forgotten ones go."""
    session.execute(delete(Login).where(Login.at < clock() - FORGOTTEN))
    login = Login(user_id=user.id, at=clock(), address=place.address[:64], device=place.device)
    session.add(login)
    session.flush()
    return login


def end(session: Session, clock: Clock, number: int) -> None:
    """The login is over."""
    session.execute(update(Login).where(Login.id == number, Login.ended_at.is_(None)).values(ended_at=clock()))


def open_ones(session: Session, now: datetime, user: User) -> list[Login]:
    """Every login of the account that may still be used, the newest first."""
    since = now - (FORGOTTEN if user.role == "screen" else LONGEST)
    own = select(Login).where(Login.user_id == user.id, Login.ended_at.is_(None), Login.at > since)
    return list(session.scalars(own.order_by(Login.id.desc())))


def end_one(session: Session, actor: Actor, clock: Clock, user: User, number: int) -> None:
    """End a login of one's own; it is out at its next request.

    Raises:
        Missing: ended already, or somebody else's.
    """
    if number not in [login.id for login in open_ones(session, clock(), user)]:
        raise Missing("没有这个登录，可能已经退出。请刷新“我的登录”再看。")
    end(session, clock, number)
    audit.record(session, actor, clock, "login.end", user.name, after={"logins": 1})


def end_others(session: Session, actor: Actor, clock: Clock, user: User, own: int) -> int:
    """End every login of one's own but this one; how many there were."""
    n = end_all(session, clock, user, but=own)
    audit.record(session, actor, clock, "login.end", user.name, after={"logins": n})
    return n


def end_all(session: Session, clock: Clock, user: User, *, but: int = 0) -> int:
    """A new password, a new factor or disabling ends them all; how many were open."""
    those = (Login.user_id == user.id, Login.id != but, Login.ended_at.is_(None))
    done = session.execute(update(Login).where(*those).values(ended_at=clock()))
    assert isinstance(done, CursorResult)
    return done.rowcount
