"""Causes and changes in the words of the office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from scheduler.conflicts import Conflicts
from scheduler.explain.causes import Cause
from scheduler.problem import Applicant, Pin, Problem, Session
from scheduler.timeline import mask

WHY = {
    "same employer": "同单位",
    "the expert lists the applicant": "专家提出回避",
    "the expert lists the employer": "专家回避其单位",
    "the applicant lists the expert": "申报人提出回避",
    "the applicant lists the employer": "申报人回避其单位",
}
"""The reasons of ``Conflicts``."""


class Words:
    """Names and sentences of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        self.conflicts = Conflicts(problem)
        self._direction = {d.id: d.name or d.id for d in problem.directions}
        halves = [_half(s) for s in problem.sessions]
        self._session = {
            s.id: half if halves.count(half) == 1 else f"{half}（{s.start:%H:%M} 起）"
            for s, half in zip(problem.sessions, halves, strict=True)
        }

    def direction(self, name: str) -> str:
        """隔膜方向."""
        text = self._direction[name]
        return text if text.endswith("方向") else f"{text}方向"

    def session(self, name: str) -> str:
        """7 月 15 日上午."""
        return self._session[name]

    def sessions(self, names: Iterable[str]) -> str:
        """All of them by one word where they are all."""
        names = list(names)
        if len(names) > 1 and len(names) == len(self.p.sessions):
            return f"全部 {len(names)} 个时段"
        return listed(map(self.session, names))

    def recused(self, applicant: str, experts: Iterable[str]) -> str:
        """E1（同单位）、E2（专家提出回避）."""
        why = self.conflicts.of(applicant)
        return listed(f"{e}（{WHY[why[e]]}）" for e in experts if e in why)

    def pin(self, a: Applicant) -> str:
        """Where an applicant is held."""
        parts = [self.session(a.pin.session)] if a.pin.session else []
        parts += [f"答辩室 {a.pin.room}"] if a.pin.room else []
        parts += [moment(a.pin.start, with_day=a.pin.session is None)] if a.pin.start else []
        return " ".join(parts)

    def free(self, masks: Sequence[int], sessions: Sequence[Session]) -> str:
        """When somebody can be heard, by session."""
        names = [s.id for s, free in zip(sessions, masks, strict=True) if free]
        return f"只在{self.sessions(names)}有可用的答辩时间" if names else "在所有时段都没有可用的答辩时间"


def listed(names: Iterable[str], most: int = 8, unit: str = "个") -> str:
    """One、two、three; a long list says how many there are."""
    names = list(names)
    return "、".join(names[:most]) + (f" 等 {len(names)} {unit}" if len(names) > most else "")


def moment(at: datetime, *, with_day: bool = True) -> str:
    """7 月 15 日 08:30."""
    return f"{at.month} 月 {at.day} 日 {at:%H:%M}" if with_day else f"{at:%H:%M}"


def spaced(text: str) -> str:
    """A space between Chinese and what is not, as the office's documents have it."""
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])", " ", text)
    return re.sub(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])", " ", text)


def _half(s: Session) -> str:
    part = "上午" if s.start.hour < 12 else "下午" if s.start.hour < 18 else "晚上"
    return f"{s.start.month} 月 {s.start.day} 日{part}"


def message(words: Words, cause: Cause) -> str:
    """The cause in a sentence: who cannot all be heard, and what stands in the way."""
    if not cause.scope.limits:
        return spaced(f"{_nothing(words)}。{_so_many(words, cause)}")
    parts = [*_people(words, cause), *_panels(words, cause), *_rooms(words, cause)]
    return spaced("；".join(parts) + "。" + _so_many(words, cause))


def _nothing(words: Words) -> str:
    """Why there is no place at all."""
    if not words.p.sessions:
        return "没有时段"
    if words.p.rules.max_sittings_per_panel == 0:
        return "每组最多场次为 0"
    return f"没有一个时段够一个答辩时间段（{words.p.slot_minutes} 分钟）"


def _so_many(words: Words, cause: Cause) -> str:
    """What follows for the people: 因此锂电方向共 25 位申报人最多能安排 20 位."""
    people, who = cause.concerned, listed(cause.named, unit="位")
    rest = people - set(cause.named)
    if rest:
        mine = {words.p.applicant[a].direction for a in rest}
        fields = listed(words.direction(d.id) for d in words.p.directions if d.id in mine)
        everyone = len(rest) == len(words.p.applicants)
        others = f"全部 {len(rest)} 位申报人" if everyone else f"{fields}的 {len(rest)} 位申报人"
        who = f"{who}和{others}" if who else others
    most = f"最多能安排 {cause.most} 位" if cause.most else "都无法安排" if len(people) > 1 else "无法安排"
    return f"因此{who}{f'共 {len(people)} 位，' if cause.named and rest else ''}{most}。"


def _people(words: Words, cause: Cause) -> list[str]:
    """Times, pins and recusals of the people named."""
    limits, found = cause.scope.of, list[str]()
    same: dict[str, list[str]] = {}
    for name in limits("pin"):
        same.setdefault(f"固定在{words.pin(words.p.applicant[name])}", []).append(name)
    for name in limits("time"):
        free = words.free(_masks_of(cause, name), cause.facts.sessions)
        same.setdefault(f"{free}（按其不可用时间）", []).append(name)
    found += [f"{listed(who, unit='位')} {text}" for text, who in same.items()]
    found += [_recused(words, words.p.applicant[name]) for name in cause.named if limits("recusal")]
    return [text for text in found if text]


def _recused(words: Words, a: Applicant) -> str:
    """Whom an applicant must not meet, and who is left: all of them, not only those a minimal cause names."""
    gone = words.conflicts.of(a.id)
    left = [e for e in words.p.experts if e.id not in gone]
    near = [e for e in left if e.strength.get(a.direction, 0) >= 2]
    rules, chairs = words.p.rules, sum(e.chair for e in near)
    rest = f"还有专家 {len(left)} 位，其中本方向 {len(near)} 位、可任组长 {chairs} 位"
    need = f"专家组需要 {rules.panel_size} 位，其中本方向至少 {rules.min_specialists} 位、组长 1 位"
    names = [e.id for e in words.p.experts if e.id in gone]
    return f"{a.id} 须回避 {words.recused(a.id, names)}，{rest}（{need}）" if gone else ""


def _masks_of(cause: Cause, name: str) -> tuple[int, ...]:
    p, f = cause.facts.problem, cause.facts
    a = p.applicant[name]
    a = a if name in cause.scope.of("pin") else replace(a, pin=Pin())
    return tuple(mask(p, a, s.id, x) for s, x in zip(f.sessions, f.starts, strict=True))


def _panels(words: Words, cause: Cause) -> list[str]:
    """What panels lack, by direction: chairs, specialists, at all or in the sessions named."""
    p, when = words.p, cause.scope.of("coming")
    sessions = [s.id for s in cause.facts.sessions if s.id in when]
    found = list[str]()
    if cause.scope.of("recusal") and not sessions:
        return found
    for d in (d.id for d in p.directions):
        near = [e for e in p.experts if e.strength.get(d, 0) >= 2]
        if d in cause.scope.of("chairs"):
            found.append(_lack(words, d, [e.id for e in near if e.chair], sessions, "可任组长的专家", 1))
        if d in cause.scope.of("specialists"):
            least = p.rules.min_specialists
            found.append(_lack(words, d, [e.id for e in near], sessions, "本方向专家", least))
    if cause.scope.of("specialists"):
        found += _bodies(words, sessions)
    if ("load", "") in cause.scope.limits:
        found.append("专家的最多场次已用足")
    return [text for text in found if text]


def _lack(words: Words, d: str, able: list[str], sessions: list[str], what: str, least: int) -> str:
    """隔膜方向 7 月 15 日下午没有可任组长的专家."""
    name = words.direction(d)
    if not able:
        return f"{name}没有{what}" + (f"（每组至少 {least} 位）" if least > 1 else "")
    if not sessions:
        return f"{name}{_enough(able, what, least)}" + (f"（每组至少 {least} 位）" if least > 1 else "")
    there = {s: [e for e in able if s in words.p.expert[e].sessions] for s in sessions}
    never = [s for s in sessions if not there[s]]
    parts = [f"{words.sessions(never)}没有{what}"] if never else []
    parts += [f"{words.session(s)}{_enough(e, what, least)}" for s, e in there.items() if e]
    return name + "，".join(parts) + (f"（每组至少 {least} 位）" if least > 1 else "")


def _enough(experts: list[str], what: str, least: int) -> str:
    """只有 2 位本方向专家（E1、E2）, or how many panels they are enough for."""
    groups = len(experts) // max(1, least)
    text = f"只有 {len(experts)} 位{what}（{listed(experts, unit='位')}）"
    return f"{text}，最多够 {groups} 组" if groups else text


def _bodies(words: Words, sessions: list[str]) -> list[str]:
    """Where there are fewer experts than a panel has members."""
    p, size = words.p, words.p.rules.panel_size
    if len(p.experts) < size:
        return [f"评审专家共 {len(p.experts)} 位，专家组需要 {size} 位"]
    few = {s: n for s in sessions if (n := sum(s in e.sessions for e in p.experts)) < size}
    return [f"{words.session(s)}到场的专家只有 {n} 位，专家组需要 {size} 位" for s, n in few.items()]


def _rooms(words: Words, cause: Cause) -> list[str]:
    """Rooms and slots of the sessions named."""
    found: dict[str, list[str]] = {}
    for s in (s for s in words.p.sessions if s.id in cause.scope.of("rooms")):
        rooms = sum(r.open_in(s.id) for r in words.p.rooms)
        slots = cause.facts.slots[cause.facts.session_number[s.id]]
        text = f"只有 {rooms} 间答辩室，每间 {slots} 个答辩时间段" if rooms else "没有可用的答辩室"
        found.setdefault(text if slots else "不够一个答辩时间段", []).append(s.id)
    return [
        f"{words.sessions(names)}{'各' if len(names) > 1 and text.startswith('只') else ''}{text}"
        for text, names in found.items()
    ]
