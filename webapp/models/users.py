"""Who may come in: accounts of the office, codes and sessions of the tablets, failed tries."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Moment

if TYPE_CHECKING:
    from webapp.models.people import Expert

ROLES = ("office", "secretary", "desk", "results_officer", "organiser", "supervisor", "admin", "screen")

SECONDS = tuple(role for role in ROLES if role != "screen")
"""Whose accounts can have a second factor."""


class User(Base):
    """An account with a password. Experts and chairs have none: they come in by a code."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(64), default="")
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    must_change: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=1)
    """Counts up with each new password or disabling; a cookie of an older epoch is out at the next request."""
    second_secret: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """What the phone's codes are made of, in base32; empty: a password is enough."""
    second_step: Mapped[int] = mapped_column(default=0, server_default="0")
    """The half minute of the last code somebody came in by; an older one is worth nothing."""
    screen: Mapped[str | None] = mapped_column(String(64))
    """Which public screen a screen account shows: ``waiting``, ``door:ROOM`` or ``timer:ROOM``."""


class Login(Base):
    """A time somebody logged in; the cookie names it, and where it has ended the cookie is worth nothing."""

    __tablename__ = "logins"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    device: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Browser and system, for the account's own list."""


class LoginFailure(Base):
    """A failed login, kept for the throttle (promise 18); the account's name need not exist."""

    __tablename__ = "login_failures"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class PanelSecretary(Base):
    """A secretary's panel: whose console an account opens. By the panel's id, so that it outlives a new version."""

    __tablename__ = "panel_secretaries"
    __table_args__ = (UniqueConstraint("round_id", "panel", "user_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    panel: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()


class TabletCode(Base):
    """A way in for one expert: used once, then gone. Only the SHA-256 of the code is kept."""

    __tablename__ = "tablet_codes"
    __table_args__ = (CheckConstraint("kind IN ('link', 'typed')", name="kind"),)

    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    kind: Mapped[str] = mapped_column(String(8))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    day: Mapped[str] = mapped_column(String(10), default="")
    """The day a printed card is for, ``YYYY-MM-DD``; empty for a code made in passing."""
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    expert: Mapped[Expert] = relationship()


class TabletSession(Base):
    """A tablet that came in with a code; the cookie holds the token, the table its SHA-256."""

    __tablename__ = "tablet_sessions"

    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    unsent: Mapped[int | None]
    """How many records the tablet last said it still keeps; empty while it has said nothing."""
    app: Mapped[str] = mapped_column(String(16), default="")
    """The version of the page that runs there."""
    skew_ms: Mapped[int | None]
    """How far the tablet's clock is ahead of the server's."""
    secure: Mapped[bool] = mapped_column(default=True)
    """Whether it can be loaded without a network: false on plain HTTP."""
    expert: Mapped[Expert] = relationship()
