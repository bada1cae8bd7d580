"""Availability as text, against the sessions of the round: "15日全天", "全部", "除16日下午", "7月15日上午"."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from exports.words import plain

NOTHING = ("", "无", "没有", "/", "-", "—", "无需回避", "不需回避")
"""How a cell says that there is nothing."""
ALL_TIMES = ("", "全部", "全部时段", "均可", "都可以", "全程")
"""How a cell says that all times will do."""
_DAY = re.compile(r"(?:(?:(\d{4})[年.\-/])?(\d{1,2})[月.\-/])?(\d{1,2})(?:[日号]|(?=\D|$))")
_SPAN = re.compile(r"(.*[月日号.].*?)(?:[-—–~～至到]+)(.*[月日号.].*)")
"""From a day to another: 7.15-7.16, 15日至16日."""
_WEEKDAY = re.compile(r"\(?(?:周|星期|礼拜)([一二三四五六日天])\)?")
_EVERY = re.compile(r"(?:每|各|天|所有|([两三四五]))天")
_ONLY = re.compile(r"^(?:仅限?|只(?:有|能|在)?|限)(?:能?来|参加)?|(?:均|都)?(?:可以|可|行|有空|能来|能参加)$")
_REST = r"(?:其余|其他|其它)(?:时间|时段)?(?:均|都)?(?:可以?|行|有空|能来|能参加|没问题)"
_BUSY = (
    r"(?:不行|不可以?|不能(?:来|参加)?|不来|来不了|没空|没时间|有事|有课|有会|开会|出差|请假"
    r"|不(?:方)?便|无法参加|不参加|冲突)"
)
_AWAY = re.compile(rf"(.+?){_BUSY}(?:[,;、。]?{_REST})?[。]?")
"""Said of the times somebody cannot come: 16日下午有课，其余时间可以."""
_BUT = re.compile(r"(?:全部)?除[了去]?(.+?)(?:(?:外|以外|之外),?(?:均可|都可以?|都行|全部|全程|其余均可|其他均可)?)?")
_WHOLE = ("全天", "整天")
_PARTS = (*_WHOLE, "上午", "下午", "晚上")


@dataclass(frozen=True)
class SessionRow:
    """A half-day: local date YYYY-MM-DD, name (上午), start and end HH:MM, breaks as pairs of HH:MM."""

    date: str
    name: str
    start: str
    end: str
    breaks: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The date and the name, the way availability refers to a session."""
        return f"{self.date} {self.name}"


def understand(text: str, sessions: Sequence[SessionRow]) -> tuple[str, ...] | None:
    """Return the keys of the sessions meant, in their order; None where any part is not understood."""
    return _understood(plain(text), tuple(sessions))


@lru_cache(2**10)
def _understood(said: str, sessions: tuple[SessionRow, ...]) -> tuple[str, ...] | None:
    if said in ALL_TIMES:
        return tuple(session.key for session in sessions)
    but = _BUT.fullmatch(said) or _AWAY.fullmatch(said)
    meant: set[str] = set()
    names = sorted({*_PARTS, *(plain(session.name) for session in sessions)} - {""}, key=len, reverse=True)
    for clause in _clauses(_times_away(but[1]) if but else _ONLY.sub("", said), names):
        hit = _clause(clause, names, sessions)
        if not hit:
            return None
        meant |= hit
    return tuple(session.key for session in sessions if (session.key in meant) != bool(but))


def absences(text: str, sessions: Sequence[SessionRow]) -> tuple[str, ...] | None:
    """Like understand, for times somebody cannot come: nothing said is no session at all."""
    return () if plain(text) in NOTHING else understand(_times_away(plain(text)), sessions)


def _times_away(said: str) -> str:
    """16日下午有课 → 16日下午: where absences are told, words for them turn nothing round."""
    away = _AWAY.fullmatch(said)
    return away[1] if away else said


def _clauses(said: str, names: Sequence[str]) -> list[str]:
    """The parts of a list; a 下午 alone belongs to the day before it."""
    parts = re.split(r"[、;,，；和及]", re.sub(r"[、;,，；和及]$", "", said))
    day = ""
    for number, part in enumerate(parts):
        if part in names:
            parts[number] = day + part
        elif part.isdecimal() and any(p.endswith(tuple(names)) for p in parts[number + 1 : number + 2]):
            return [""]  # 15、16日上午: the whole 15th, or its morning
        elif match := _DAY.match(part) or _WEEKDAY.match(part):
            day = match[0]
    return parts


def _clause(clause: str, names: Sequence[str], sessions: Sequence[SessionRow]) -> set[str]:
    """The sessions of a day and its parts: 15日上午, 15日上午下午, 15日全天, 15日; none where any part is unknown."""
    if span := _SPAN.fullmatch(clause):
        return _between(_edge(span[1], names, sessions), _edge(span[2], names, sessions), sessions)
    here, rest = _days(clause, sessions)
    parts = re.findall("|".join(map(re.escape, names)), rest)
    if "".join(parts) != rest:
        return set()
    whole = not parts or any(part in _WHOLE for part in parts)
    meant = {session.key for session in here if whole or plain(session.name) in parts}
    return meant if whole or len({plain(s.name) for s in here} & {*parts}) == len({*parts}) else set()


def _days(clause: str, sessions: Sequence[SessionRow]) -> tuple[list[SessionRow], str]:
    """The sessions of the day, weekday or all days a clause begins with, and what it says behind that.

    Where all of a round is one day, nobody writes that day.
    """
    dates = {session.date for session in sessions}
    if every := _EVERY.match(clause):
        right = not every[1] or "两三四五".index(every[1]) + 2 == len(dates)
        return list(sessions) if right else [], clause[every.end() :]
    dated = _DAY.match(clause)
    dates = {date for date in dates if dated and _is(date, *dated.groups())} if dated else dates
    rest = clause[dated.end() :] if dated else clause
    if weekday := _WEEKDAY.match(rest):
        meant = "一二三四五六日".index(weekday[1].replace("天", "日"))
        dates = {date for date in dates if dt.date.fromisoformat(date).weekday() == meant}
        rest = rest[weekday.end() :]
    told = bool(dated) or (bool(clause) and len(dates) == 1)
    return [session for session in sessions if told and session.date in dates], rest


def _is(date: str, year: str | None, month: str | None, day: str) -> bool:
    wanted = ((year, date[:4]), (month, date[5:7]), (day, date[8:]))
    return all(said is None or int(said) == int(part) for said, part in wanted)


def _edge(end: str, names: Sequence[str], sessions: Sequence[SessionRow]) -> tuple[str, str]:
    """The first and the last session of one end of a span; of a day without sessions, what its date sorts like."""
    meant = _clause(end, names, sessions)
    keys = [session.key for session in sessions if session.key in meant]
    if keys:
        return keys[0], keys[-1]
    match = _DAY.fullmatch(end)
    if not match or not match[2] or not sessions:
        return "", ""
    date = f"{match[1] or sessions[0].date[:4]}-{int(match[2]):02d}-{int(match[3]):02d}"
    return date, date


def _between(first: tuple[str, str], last: tuple[str, str], sessions: Sequence[SessionRow]) -> set[str]:
    """All sessions from one day, or part of a day, to another: 15日下午至16日上午; none where the order is wrong."""
    keys = [session.key for session in sessions]
    if not (first[0] and last[1]):
        return set()
    begin = keys.index(first[0]) if first[0] in keys else sum(key < first[0] for key in keys)
    end = keys.index(last[1]) + 1 if last[1] in keys else sum(key < last[1] for key in keys)
    return {*keys[begin:end]}


def sentence(keys: Sequence[str], sessions: Sequence[SessionRow]) -> str:
    """Say the sessions back, whole days together: "7月15日下午、16日全天"."""
    parts: list[str] = []
    month = ""
    for date in dict.fromkeys(session.date for session in sessions):
        here = [session for session in sessions if session.date == date]
        names = [session.name for session in here if session.key in keys]
        if names:
            lead = "" if date[:7] == month else f"{int(date[5:7])}月"
            month = date[:7]
            said = "全天" if len(names) == len(here) else "".join(names)
            parts.append(f"{lead}{int(date[8:])}日{said}")
    return "、".join(parts) or "没有可用时段"


def told(keys: Sequence[str], sessions: Sequence[SessionRow]) -> str:
    """The shortest text that ``understand`` takes for exactly these sessions."""
    every = [session.key for session in sessions]
    rest = [key for key in every if key not in keys]
    plainly = [key.replace(" ", "", 1) for key in keys]
    texts = ["全部", sentence(keys, sessions), f"除{sentence(rest, sessions)}", "、".join(plainly)]
    fit = [text for text in texts if understand(text, sessions) == tuple(key for key in every if key in keys)]
    return min(fit, key=len, default=texts[-1])
