"""Accounts: making, logging in with a throttle, passwords. Experts have none; they come in by a code."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from webapp.models import LoginFailure, Round, User
from webapp.models.users import ROLES
from webapp.services import audit, logins, second
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Unreadable

HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody has this password")
"""Verified for unknown names too, so that the answer takes as long."""
WINDOW, KEPT = timedelta(minutes=15), timedelta(days=1)
"""Failures count for so long, and are deleted after a day: what is typed as a name may be anything."""
TRIES = 5
FIRST_DELAY, ADDRESS_DELAY = timedelta(seconds=30), timedelta(seconds=5)
"""After :data:`TRIES` failures of an account the next try waits, twice as long each time; of an address a little."""
SCREEN = re.compile(r"waiting|(door|timer):[0-9A-Za-z_.-]{1,16}")
"""What a screen account may show."""
SHORTEST = 10
HARD = 2
"""What zxcvbn must say of a password at least, of 0 to 4: a million guesses; the throttle allows a hundred a day."""
OURS = ("rostrum", "zhicheng", "pingshen", "pingwei", "dabian", "zhuanjia", "woaini", "1314520", "5201314", "520")
"""Words of the trade and of the country that its lists lack."""


def made_password() -> str:
    """Four groups that can be read out over a telephone."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def everyone(session: Session) -> list[User]:
    """All accounts by name."""
    return list(session.scalars(select(User).order_by(User.name)))


def by_name(session: Session, name: str) -> User:
    """The account of that name."""
    found = session.scalar(select(User).where(User.name == name))
    if found is None:
        raise Missing("没有名为“%(name)s”的账号。用 rostrum user list 查看。", name=name)
    return found


def create(
    session: Session,
    actor: Actor,
    clock: Clock,
    name: str,
    role: str,
    password: str,
    *,
    display_name: str = "",
    screen: str | None = None,
    must_change: bool = True,
) -> User:
    """Make an account; its password must be changed at the first login unless said otherwise.

    Raises:
        Unreadable: a name that is used or has other signs than ``.``, ``-``, ``_``; an unknown role; a short password.
    """
    name = name.strip()
    if not name or len(name) > 32 or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise Unreadable("账号名为 1 到 32 个字母、数字、汉字或 . - _。")
    if role not in ROLES:
        raise Unreadable(
            "没有角色“%(role)s”。可用：%(roles)s。评审专家和组长不设账号，凭码进入。", role=role, roles="、".join(ROLES)
        )
    if session.scalar(select(User.id).where(User.name == name)):
        raise Unreadable("已有名为“%(name)s”的账号。请换一个名称。", name=name)
    _hard_enough(session, password, name, display_name)
    user = User(
        name=name,
        role=role,
        display_name=display_name.strip(),
        password_hash=HASHER.hash(password),
        must_change=must_change and role != "screen",
        screen=_screen(screen or "waiting") if role == "screen" else None,
    )
    session.add(user)
    audit.record(session, actor, clock, "user.new", name)
    return user


def _screen(text: str) -> str:
    text = text.strip()
    if not SCREEN.fullmatch(text):
        raise Unreadable(
            "大屏写 waiting，或 door:答辩室编号、timer:答辩室编号，例如 door:R1。现为“%(now)s”。", now=text[:40]
        )
    return text


def set_screen(session: Session, actor: Actor, clock: Clock, user: User, screen: str) -> None:
    """Let a screen's account show another screen; it is there at its next request."""
    if user.role != "screen":
        raise Refused("只有大屏账号才有要显示的屏。")
    before, user.screen = user.screen, _screen(screen)
    after = {"screen": user.screen}
    audit.record(session, actor, clock, "user.screen", user.name, before={"screen": before}, after=after)


def _hard_enough(session: Session, password: str, *names: str) -> None:
    """Refuse what is short or what somebody would try first: common passwords, rows of keys, names of the house."""
    if len(password) < SHORTEST:
        raise Unreadable("密码至少 %(n)s 个字符。", n=SHORTEST)
    from pypinyin import lazy_pinyin
    from zxcvbn import zxcvbn

    houses = [name for name in session.scalars(select(Round.organisation).distinct()) if name]
    spoken = ["".join(lazy_pinyin(name)) for name in (*houses, *names)]
    if zxcvbn(password[:72], user_inputs=[*OURS, *names, *houses, *spoken])["score"] < HARD:
        raise Unreadable("这个密码太容易猜到：不要用常见密码、连续的键或数字、账号名和单位名。可用三四个不相干的词。")


@dataclass(frozen=True)
class Proof:
    """A password compared with what was stored at that moment."""

    stored: str
    right: bool


def prove(session: Session, clock: Clock, name: str, password: str, address: str) -> Proof:
    """Compare before anything is written: it takes a fifth of a second, and nobody's turn to write waits for that.

    The read ends here; ``log_in`` compares again where the stored password is another by then.

    Raises:
        Forbidden: too soon after too many failures; then nothing is compared.
    """
    _not_too_soon(session, clock(), name, address)
    stored = session.scalar(select(User.password_hash).where(User.name == name)) or NOBODY
    session.rollback()
    return Proof(stored, _verified(stored, password))


def log_in(
    session: Session,
    clock: Clock,
    name: str,
    password: str,
    address: str,
    proof: Proof | None = None,
    code: str = "",
) -> User:
    """The account that the name, the password and, where it asks for one, the phone's code belong to.

    Raises:
        Forbidden: wrong, unknown or disabled (one answer for all: it does not tell a thief that the password is right),
            or too soon after too many failures.
    """
    now = clock()
    _not_too_soon(session, now, name, address)
    user = session.scalar(select(User).where(User.name == name))
    stored = user.password_hash if user else NOBODY
    right = proof.right if proof and proof.stored == stored else _verified(stored, password)
    if not right or user is None or user.disabled or not second.passed(session, user, now, code):
        _failed(session, now, name, address)
        raise Forbidden("账号或密码不对。请检查后重试；开启了两步验证的账号还要填手机上的动态码。")
    session.execute(delete(LoginFailure).where(LoginFailure.account == user.name))
    actor = Actor(user.name, user.role, user_id=user.id)
    audit.record(session, actor, clock, "login", user.name, after={"address": address})
    return user


def _failed(session: Session, now: datetime, name: str, address: str) -> None:
    """Count it; old ones go."""
    session.add(LoginFailure(account=name[:64], address=address, at=now))
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - KEPT))


def _not_too_soon(session: Session, now: datetime, name: str, address: str) -> None:
    if wait := max(_delay(session, now, LoginFailure.account == name[:64]), _delay_of_address(session, now, address)):
        seconds = -int(-wait.total_seconds() // 1)
        raise Forbidden("登录失败次数过多。请 %(n)s 秒后再试，或请系统管理员重设密码。", n=seconds)


def _failures(session: Session, now: datetime, whose: ColumnElement[bool]) -> tuple[int, datetime]:
    """How many lately, and when the last was."""
    since = now - WINDOW
    lately = LoginFailure.at.between(since, now)  # a clock set back leaves failures in the future
    query = select(func.count(LoginFailure.id), func.max(LoginFailure.at)).where(whose, lately)
    n, last = session.execute(query).one()
    return int(n), last or since


def _delay(session: Session, now: datetime, whose: ColumnElement[bool]) -> timedelta:
    n, last = _failures(session, now, whose)
    if n < TRIES:
        return timedelta(0)
    delay = min(FIRST_DELAY * (1 << min(n - TRIES, 10)), WINDOW)
    return max(timedelta(0), last + delay - now)


def _delay_of_address(session: Session, now: datetime, address: str) -> timedelta:
    """Short and constant: a venue has one address, and one person's mistakes shall not lock the others out."""
    n, last = _failures(session, now, LoginFailure.address == address)
    return max(timedelta(0), last + ADDRESS_DELAY - now) if n >= TRIES else timedelta(0)


def leave(session: Session, actor: Actor, clock: Clock) -> None:
    """Note that somebody logged out."""
    before, after = {"login": "open"}, {"login": "ended", "role": actor.role}
    audit.record(session, actor, clock, "logout", actor.name, before=before, after=after)


def _verified(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def change_password(session: Session, actor: Actor, clock: Clock, user: User, old: str, new: str, address: str) -> None:
    """Change one's own password, which is confirmed first."""
    confirm_password(session, clock, user, old, address)
    if old == new:
        raise Unreadable("新密码与原密码相同。请换一个。")
    _write(session, actor, clock, user, new, must_change=False)


def reset_password(session: Session, actor: Actor, clock: Clock, user: User, password: str) -> None:
    """Give somebody a new password, to be changed at the next login; the failures counted so far are forgiven."""
    _write(session, actor, clock, user, password, must_change=user.role != "screen")
    session.execute(delete(LoginFailure).where(LoginFailure.account == user.name))


def confirm_password(session: Session, clock: Clock, user: User, password: str, address: str) -> None:
    """Whoever changes how an account is opened says its password once more: a tablet left open is not its person.

    Raises:
        Forbidden: wrong, which counts as a login that failed and is to be kept; or too soon after too many of these.
    """
    now = clock()
    _not_too_soon(session, now, user.name, address)
    if not _verified(user.password_hash, password):
        _failed(session, now, user.name, address)
        raise Forbidden("密码不对。")


def _write(session: Session, actor: Actor, clock: Clock, user: User, password: str, *, must_change: bool) -> None:
    _hard_enough(session, password, user.name, user.display_name)
    user.password_hash = HASHER.hash(password)
    user.must_change = must_change
    user.epoch += 1
    logins.end_all(session, clock, user)
    audit.record(session, actor, clock, "user.password", user.name)


def set_disabled(session: Session, actor: Actor, clock: Clock, user: User, disabled: bool) -> None:
    """Shut an account out at its next request, or let it in again. The last administrator stays."""
    if disabled and user.role == "admin":
        others = session.scalar(
            select(func.count(User.id)).where(User.role == "admin", User.id != user.id, User.disabled.is_(False))
        )
        if not others:
            raise Refused("这是最后一个系统管理员，不能停用。请先新建另一个。")
    user.disabled = disabled
    user.epoch += 1
    logins.end_all(session, clock, user)
    audit.record(session, actor, clock, "user.disable" if disabled else "user.enable", user.name)
