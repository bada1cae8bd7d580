"""What every service is given and what it raises.

A service takes ``(session, actor, clock, ...)``. It flushes and never commits: whoever calls it decides when the work
is whole. It raises :class:`Refused` with a sentence that says what happened, where, and what to do.

    Refused            the act is not possible now          (HTTP 409, exit 1)
    ├── Unreadable     the input makes no sense             (HTTP 400, exit 2)
    ├── Missing        there is no such thing               (HTTP 404, exit 2)
    ├── Forbidden      not this person, or not yet          (HTTP 403)
    ├── Stale          somebody else was quicker            (HTTP 409)
    └── TooOften       too much of it in a short time       (HTTP 429)
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

Clock = Callable[[], datetime]
"""Answers now, as an aware moment in UTC."""


def system_clock() -> datetime:
    """The machine's clock in UTC."""
    return datetime.now(UTC)


def wall(clock: Clock) -> datetime:
    """What the clocks on the wall show now: schedules are written in these times, without a zone."""
    return clock().astimezone().replace(tzinfo=None)


def without_words(error: BaseException) -> str:
    """Where it happened and what kind it was; what it says may hold somebody's name."""
    places = "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__ or error.__context__
    return f"{type(error).__name__}\n{places}" + (f"from {without_words(cause)}" if cause else "")


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, an expert at a tablet, or the operator at the command line."""

    name: str
    """The account's name, ``expert:E0001`` or ``local:USER``: what the records keep."""
    role: str
    label: str = ""
    """The name shown to people."""
    user_id: int | None = None
    expert_id: int | None = None


class Sentence:
    """Something to tell a person: ``text`` is a message id with ``%(name)s`` places for ``values``."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values = values

    def __str__(self) -> str:
        """The sentence in Chinese, the language of the message ids."""
        return self.text % {k: chinese(v) for k, v in self.values.items()} if self.values else self.text


def chinese(value: object) -> object:
    """A value as it stands in a Chinese sentence: dates as 7月15日."""
    return f"{value.month}月{value.day}日" if isinstance(value, date) else value


class Sentences(tuple["Sentence | Sentences | str", ...]):
    """Several of them as one value of another; ``mark`` stands between them."""

    mark = ""

    @classmethod
    def of(cls, several: Iterable[Sentence | Sentences | str], mark: str = "") -> Sentences:
        """These, in their order."""
        made = cls(several)
        made.mark = mark
        return made

    def __str__(self) -> str:
        """In Chinese, as they follow each other there."""
        return self.mark.join(map(str, self))


class Refused(Sentence, Exception):
    """The act is not possible, and why."""

    def __init__(self, text: str, /, **values: object) -> None:
        Sentence.__init__(self, text, **values)
        Exception.__init__(self, text)


class Unreadable(Refused):
    """The input makes no sense."""


class Missing(Refused):
    """There is no such thing."""


class Forbidden(Refused):
    """Not this person, or not yet."""


class TooOften(Refused):
    """Too much of it in a short time; ``seconds`` until there is more."""

    def __init__(self, seconds: int) -> None:
        super().__init__("短时间内要得太多，服务器还要照顾别人。请 %(n)s 秒后再试。", n=seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Two:
    """One value of which there are two: what stands now, and what was sent."""

    label: str
    now: str
    yours: str


class Stale(Refused):
    """Somebody else changed it in between; ``two`` has both values wherever they differ."""

    two: tuple[Two, ...] = ()

    def beside(self, labels: Mapping[str, str], now: Mapping[str, object], yours: Mapping[str, object]) -> Stale:
        """The same with what stands now and what was sent, by key; a key without a label is its own."""
        keys = [key for key in dict.fromkeys((*labels, *now, *yours)) if now.get(key) != yours.get(key)]
        self.two = tuple(Two(labels.get(key, key), _told(now.get(key)), _told(yours.get(key))) for key in keys)
        return self


def _told(value: object) -> str:
    if isinstance(value, list | tuple):
        return "、".join(map(_told, value)) or "–"
    return "–" if value in (None, "") else str(value)
