"""Availability as text, against the sessions of the round: "15日全天", "全部", "除16日下午", "7月15日上午"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exports.words import plain

NOTHING = ("", "无", "没有", "/", "-", "—", "无需回避", "不需回避")
"""How a cell says that there is nothing."""
ALL_TIMES = ("", "全部", "全部时段", "均可", "都可以", "全程")
"""How a cell says that all times will do."""
_DAY = re.compile(r"(?:(?:(\d{4})[年.\-/])?(\d{1,2})[月.\-/])?(\d{1,2})(?:[日号]|(?=\D|$))")
_SPAN = re.compile(r"(.*[月日号.].*?)(?:[-—–~～至到]+)(.*[月日号.].*)")
"""From a day to another: 7.15-7.16, 15日至16日."""
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
    said = plain(text)
    if said in ALL_TIMES:
        return tuple(session.key for session in sessions)
    but = re.fullmatch(
        r"(?:全部)?除[了去]?(.+?)(?:(?:外|以外|之外)(?:均可|都可以?|全部|全程|其余均可|其他均可)?)?", said
    )
    meant: set[str] = set()
    names = sorted({*_PARTS, *(plain(session.name) for session in sessions)} - {""}, key=len, reverse=True)
    for clause in _clauses(but[1] if but else said, names):
        hit = _clause(clause, names, sessions)
        if not hit:
            return None
        meant |= hit
    return tuple(session.key for session in sessions if (session.key in meant) != bool(but))


def absences(text: str, sessions: Sequence[SessionRow]) -> tuple[str, ...] | None:
    """Like understand, for times somebody cannot come: nothing said is no session at all."""
    return () if plain(text) in NOTHING else understand(text, sessions)


def _clauses(said: str, names: Sequence[str]) -> list[str]:
    """The parts of a list; a 下午 alone belongs to the day before it."""
    parts = re.split(r"[、;,，；和及]", re.sub(r"[、;,，；和及]$", "", said))
    day = ""
    for number, part in enumerate(parts):
        if part in names:
            parts[number] = day + part
        elif part.isdecimal() and any(p.endswith(tuple(names)) for p in parts[number + 1 : number + 2]):
            return [""]  # 15、16日上午: the whole 15th, or its morning
        elif match := _DAY.match(part):
            day = match[0]
    return parts


def _clause(clause: str, names: Sequence[str], sessions: Sequence[SessionRow]) -> set[str]:
    """The sessions of a day and its parts: 15日上午, 15日上午下午, 15日全天, 15日; none where any part is unknown."""
    if span := _SPAN.fullmatch(clause):
        return _between(_clause(span[1], names, sessions), _clause(span[2], names, sessions), sessions)
    match = _DAY.match(clause)
    if not match:
        return set()
    year, month, day = match.groups()
    here = [
        session
        for session in sessions
        if (not year or int(session.date[:4]) == int(year))
        and (not month or int(session.date[5:7]) == int(month))
        and int(session.date[8:]) == int(day)
    ]
    rest = clause[match.end() :]
    parts = re.findall("|".join(map(re.escape, names)), rest)
    if "".join(parts) != rest:
        return set()
    whole = not parts or any(part in _WHOLE for part in parts)
    meant = {session.key for session in here if whole or plain(session.name) in parts}
    return meant if whole or len({plain(s.name) for s in here} & {*parts}) == len({*parts}) else set()


def _between(first: set[str], last: set[str], sessions: Sequence[SessionRow]) -> set[str]:
    """All sessions from one day, or part of a day, to another: 15日下午至16日上午; none where the order is wrong."""
    keys = [session.key for session in sessions]
    ends = [keys.index(key) for key in first], [keys.index(key) for key in last]
    return {*keys[min(ends[0]) : max(ends[1]) + 1]} if all(ends) else set()


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
