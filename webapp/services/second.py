"""The second factor: six digits a phone makes of a shared secret and the time (RFC 6238). No network is needed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from webapp.models import User
from webapp.services import audit, logins
from webapp.services.kernel import Actor, Clock, Refused, Unreadable

STEP, DIGITS, AROUND = 30, 6, 1
"""A code is good for its half minute and one on either side: clocks differ, fingers are slow."""
SECRET = re.compile("[A-Z2-7]{32}")
"""160 bits in base32, as authenticators read it."""


def new_secret() -> str:
    """A secret nobody has."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step of time: RFC 4226 over its number."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8), hashlib.sha1)
    at = mac[-1] & 15
    return str((int.from_bytes(mac[at : at + 4]) & 0x7FFFFFFF) % 10**digits).zfill(digits)


def step_of(now: datetime) -> int:
    """The number of a moment's half minute."""
    return int(now.timestamp()) // STEP


def address(user: User, secret: str) -> str:
    """What the QR code holds for the phone."""
    return f"otpauth://totp/Rostrum:{quote(user.name)}?secret={secret}&issuer=Rostrum"


def _matching(secret: str, typed: str, now: datetime) -> int | None:
    """The step whose code was typed."""
    given, here = re.sub(r"\s", "", typed).encode(), step_of(now)
    steps = range(here - AROUND, here + AROUND + 1)
    return next((n for n in steps if hmac.compare_digest(code(secret, n).encode(), given)), None)


def passed(session: Session, user: User, now: datetime, typed: str) -> bool:
    """Whether the account needs no code, or this one is right and nobody came in by it before."""
    if not user.second_secret:
        return True
    step = _matching(user.second_secret, typed, now)
    return step is not None and _used(session, user, step)


def _used(session: Session, user: User, step: int) -> bool:
    """Take the step; two that come at once with one code do not both get in."""
    mine = update(User).where(User.id == user.id, User.second_step < step).values(second_step=step)
    done = session.execute(mine)
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def turn_on(session: Session, actor: Actor, clock: Clock, user: User, secret: str, typed: str) -> None:
    """Ask the account for a code from now on; its other logins end.

    Raises:
        Refused: on already, or a screen's account, which nobody stands beside.
        Unreadable: the secret is not one of ours, or the code is not the phone's of now.
    """
    if user.second_secret or user.role == "screen":
        raise Refused("这个账号已开启两步验证，或者是大屏账号，不能开启。")
    step = _matching(secret, typed, clock()) if SECRET.fullmatch(secret) else None
    if step is None:
        raise Unreadable("动态码不对。请重新扫码，填手机上现在的 6 位数字；仍不对时，请核对这台服务器和手机的时间。")
    user.second_secret, user.second_step = secret, step
    user.epoch += 1
    logins.end_all(session, clock, user)
    audit.record(session, actor, clock, "user.second", user.name)


def turn_off(session: Session, actor: Actor, clock: Clock, user: User) -> None:
    """Ask no code any more: the phone is lost or new. By the administrator, who knows the person."""
    if not user.second_secret:
        raise Refused("账号“%(name)s”没有开启两步验证。", name=user.name)
    user.second_secret, user.second_step = "", 0
    user.epoch += 1
    logins.end_all(session, clock, user)
    audit.record(session, actor, clock, "user.second_off", user.name)
