"""Causes and changes in the words of the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from scheduler.conflicts import Conflicts
from scheduler.explain.causes import Cause
from scheduler.problem import Applicant, Expert, Pin, Problem, Session
from scheduler.said import Name, Said, joined, listed, moment, name, names, people, say
from scheduler.timeline import mask

WHY = {
    "same employer": "同单位",
    "the expert lists the applicant": "专家提出回避",
    "the expert lists the employer": "专家回避其单位",
    "the applicant lists the expert": "申报人提出回避",
    "the applicant lists the employer": "申报人回避其单位",
}
"""The reasons of ``Conflicts``."""
CHAIRS, SPECIALISTS = "可任组长的专家", "本方向专家"


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

    def direction(self, code: str) -> str:
        """隔膜方向."""
        text = self._direction[code]
        return text if text.endswith("方向") else say("%(name)s方向", name=text)

    def directions(self, codes: Iterable[str]) -> str:
        """隔膜方向、锂矿原料方向."""
        return listed(map(self.direction, codes))

    def session(self, code: str) -> Name:
        """7 月 15 日上午."""
        return name("session", code, self._session[code])

    def sessions(self, codes: Iterable[str]) -> str:
        """All of them by one word where they are all."""
        codes = list(codes)
        if len(codes) > 1 and len(codes) == len(self.p.sessions):
            return say("全部 %(n)s 个时段", n=len(codes))
        return listed(map(self.session, codes))

    def why(self, applicant: str, expert: str) -> str:
        """同单位."""
        return WHY[self.conflicts.of(applicant)[expert]]

    def recused(self, applicant: str, experts: Iterable[str]) -> str:
        """E1（同单位）、E2（专家提出回避）."""
        why = self.conflicts.of(applicant)
        return listed(because(name("expert", e), self.why(applicant, e)) for e in experts if e in why)

    def pin(self, a: Applicant) -> str:
        """Where an applicant is held."""
        parts: list[str] = [self.session(a.pin.session)] if a.pin.session else []
        parts += [room(a.pin.room)] if a.pin.room else []
        parts += [moment(a.pin.start, with_day=a.pin.session is None)] if a.pin.start else []
        return joined(parts, " ")

    def free(self, masks: Sequence[int], sessions: Sequence[Session]) -> str:
        """When somebody can be heard, by session."""
        codes = [s.id for s, free in zip(sessions, masks, strict=True) if free]
        if not codes:
            return say("在所有时段都没有可用的答辩时间")
        return say("只在%(when)s有可用的答辩时间", when=self.sessions(codes))


def because(who: Any, why: str) -> Said:
    """E1（同单位）."""
    return say("%(who)s（%(why)s）", who=who, why=why)


def room(code: str) -> Name:
    """答辩室 R2."""
    return name("room", code, f"答辩室 {code}")


def panel(code: str) -> Name:
    """专家组 P4."""
    return name("panel", code, f"专家组 {code}")


def _half(s: Session) -> str:
    part = "上午" if s.start.hour < 12 else "下午" if s.start.hour < 18 else "晚上"
    return f"{s.start.month} 月 {s.start.day} 日{part}"


def message(words: Words, cause: Cause) -> Said:
    """The cause in a sentence: who cannot all be heard, and what stands in the way."""
    if not cause.scope.limits:
        return say("%(what)s。%(so)s", what=_nothing(words), so=_so_many(words, cause))
    parts = [*_people(words, cause), *_panels(words, cause), *_rooms(words, cause)]
    so: str = _so_many(words, cause)
    if cause.together is not None:
        most = _at_most(cause.together, len(cause.concerned))
        so = joined([so, say("连同其余各项条件，%(most)s。", most=most)], "")
    return say("%(what)s。%(so)s", what=joined(parts, "；"), so=so)


def _nothing(words: Words) -> Said:
    """Why there is no place at all."""
    if not words.p.sessions:
        return say("没有时段")
    if words.p.rules.max_sittings_per_panel == 0:
        return say("每组最多场次为 0")
    return say("没有一个时段够一个答辩时间段（%(n)s 分钟）", n=words.p.slot_minutes)


def _at_most(n: int, of: int) -> Said:
    """最多能安排 20 位."""
    if n:
        return say("最多能安排 %(n)s 位", n=n)
    return say("都无法安排") if of > 1 else say("无法安排")


def _so_many(words: Words, cause: Cause) -> Said:
    """What follows for the people: 因此锂电方向共 25 位申报人最多能安排 20 位."""
    concerned, who = cause.concerned, people(names("applicant", cause.named))
    rest = concerned - set(cause.named)
    if rest:
        mine = {words.p.applicant[a].direction for a in rest}
        if len(rest) == len(words.p.applicants):
            others = say("全部 %(n)s 位申报人", n=len(rest))
        else:
            fields = words.directions(d.id for d in words.p.directions if d.id in mine)
            others = say("%(fields)s的 %(n)s 位申报人", fields=fields, n=len(rest))
        who = say("%(who)s和%(others)s", who=who, others=others) if cause.named else others
    most = _at_most(cause.most, len(concerned))
    if cause.named and rest:
        return say("因此%(who)s共 %(n)s 位，%(most)s。", who=who, n=len(concerned), most=most)
    return say("因此%(who)s%(most)s。", who=who, most=most)


def _people(words: Words, cause: Cause) -> list[str]:
    """Times, pins and recusals of the people named."""
    limits, same = cause.scope.of, dict[str, list[str]]()
    for code in limits("pin"):
        same.setdefault(say("固定在%(where)s", where=words.pin(words.p.applicant[code])), []).append(code)
    for code in limits("time"):
        free = words.free(_masks_of(cause, code), cause.facts.sessions)
        same.setdefault(say("%(free)s（按其不可用时间）", free=free), []).append(code)
    found: list[str] = [
        say("%(who)s%(what)s", who=people(names("applicant", who)), what=text) for text, who in same.items()
    ]
    recusing = cause.named if limits("recusal") else ()
    return found + [text for code in recusing if (text := _recused(words, words.p.applicant[code]))]


def _recused(words: Words, a: Applicant) -> Said | None:
    """Whom an applicant must not meet, and who is left: all of them, not only those a minimal cause names."""
    gone = words.conflicts.of(a.id)
    if not gone:
        return None
    left = [e for e in words.p.experts if e.id not in gone]
    near = [e for e in left if e.strength.get(a.direction, 0) >= 2]
    rules = words.p.rules
    return say(
        "%(who)s须回避%(whom)s，还有专家 %(left)s 位，其中本方向 %(near)s 位、可任组长 %(chairs)s 位"
        "（专家组需要 %(size)s 位，其中本方向至少 %(least)s 位、组长 1 位）",
        who=name("applicant", a.id),
        whom=words.recused(a.id, [e.id for e in words.p.experts if e.id in gone]),
        left=len(left),
        near=len(near),
        chairs=sum(e.chair for e in near),
        size=rules.panel_size,
        least=rules.min_specialists,
    )


def _masks_of(cause: Cause, code: str) -> tuple[int, ...]:
    p, f = cause.facts.problem, cause.facts
    a = p.applicant[code]
    a = a if code in cause.scope.of("pin") else replace(a, pin=Pin())
    return tuple(mask(p, a, s.id, x) for s, x in zip(f.sessions, f.starts, strict=True))


def _panels(words: Words, cause: Cause) -> list[str]:
    """What panels lack, by direction: chairs, specialists, at all or in the sessions named."""
    p, when = words.p, cause.scope.of("coming")
    sessions = [s.id for s in cause.facts.sessions if s.id in when]
    found = list[str]()
    if cause.scope.of("recusal") and not sessions:
        return found
    fields = cause.scope.of("specialists")
    pools = sessions or [""] if fields else []
    tight = [s for s in pools if _tight(p, fields, s)]
    near_few = [s for s in sessions if s not in tight]
    for d in (d.id for d in p.directions):
        near = [e for e in p.experts if e.strength.get(d, 0) >= 2]
        if d in cause.scope.of("chairs"):
            found.append(_lack(words, d, [e.id for e in near if e.chair], sessions, CHAIRS, 1))
        if d in fields and (near_few or not tight):
            found.append(_lack(words, d, [e.id for e in near], near_few, SPECIALISTS, p.rules.min_specialists))
    found += [_bodies(words, s) for s in pools if s in tight or len(_coming(p, s)) < p.rules.panel_size]
    if ("load", "") in cause.scope.limits:
        found.append(say("专家的最多场次已用足"))
    return found


def _lack(words: Words, d: str, able: list[str], sessions: list[str], what: str, least: int) -> Said:
    """隔膜方向 7 月 15 日下午没有可任组长的专家."""
    parts: list[str]
    if not able:
        parts = [say("没有%(what)s", what=what)]
    elif not sessions:
        parts = [_enough(able, what, least)]
    else:
        there = {s: [e for e in able if s in words.p.expert[e].sessions] for s in sessions}
        never = [s for s in sessions if not there[s]]
        parts = [say("%(when)s没有%(what)s", when=words.sessions(never), what=what)] if never else []
        alike = dict[tuple[str, ...], list[str]]()  # half-days with the same experts are told together
        for s in (s for s in sessions if there[s]):
            alike.setdefault(tuple(there[s]), []).append(s)
        some = ((words.sessions(same), _enough([*e], what, least)) for e, same in alike.items())
        parts += [say("%(when)s%(what)s", when=when, what=text) for when, text in some]
    field, told = words.direction(d), joined(parts, "，")
    if least > 1:
        return say("%(field)s%(what)s（每组至少 %(n)s 位）", field=field, what=told, n=least)
    return say("%(field)s%(what)s", field=field, what=told)


def _enough(experts: list[str], what: str, least: int) -> Said:
    """只有 2 位本方向专家（E1、E2）, or how many panels they are enough for."""
    groups, who = len(experts) // max(1, least), people(names("expert", experts))
    text = say("只有 %(n)s 位%(what)s（%(who)s）", n=len(experts), what=what, who=who)
    return _groups(text, groups)


def _groups(few: Said, n: int) -> Said:
    return say("%(few)s，同一时段最多够 %(n)s 组", few=few, n=n) if n else few


def _coming(p: Problem, session: str) -> list[Expert]:
    """Who comes to a session; all where it is none."""
    return [e for e in p.experts if not session or session in e.sessions]


def _at_once(p: Problem, experts: Sequence[Expert]) -> int:
    """How many panels they are enough for at a time, whatever they know."""
    firms = Counter(e.employer or e.id for e in experts)
    size, most = p.rules.panel_size, p.rules.max_members_per_employer
    fits = (k for k in range(len(experts) // size, 0, -1) if sum(min(n, most * k) for n in firms.values()) >= size * k)
    return next(fits, 0)


def _tight(p: Problem, directions: Sequence[str], session: str) -> bool:
    """Whether experts are too few, or of too few employers, before they are too few of these fields."""
    experts, least = _coming(p, session), max(1, p.rules.min_specialists)
    near = (sum(e.strength.get(d, 0) >= 2 for e in experts) for d in directions)
    return _at_once(p, experts) < sum(n // least for n in near)


def _bodies(words: Words, session: str) -> Said:
    """Experts are fewer than panels need, or of fewer employers."""
    p = words.p
    experts = _coming(p, session)
    n, size, most, groups = len(experts), p.rules.panel_size, p.rules.max_members_per_employer, _at_once(p, experts)
    if session and not experts:
        return say("%(when)s没有专家到场", when=words.session(session))
    if session:
        when = words.session(session)
        text = say("%(when)s到场的专家只有 %(n)s 位，专家组需要 %(size)s 位", when=when, n=n, size=size)
    else:
        text = say("评审专家共 %(n)s 位，专家组需要 %(size)s 位", n=n, size=size)
    if groups < n // size:
        firms = len({e.employer or e.id for e in experts})
        text = say("%(few)s，来自 %(firms)s 个单位（同组同单位最多 %(most)s 位）", few=text, firms=firms, most=most)
        text = text if groups else say("%(few)s，不够一组", few=text)
    return _groups(text, groups)


def _rooms(words: Words, cause: Cause) -> list[str]:
    """Rooms and slots of the sessions named."""
    found: dict[tuple[int, int], list[str]] = {}
    for s in (s for s in words.p.sessions if s.id in cause.scope.of("rooms")):
        slots = cause.facts.slots[cause.facts.session_number[s.id]]
        rooms = sum(r.open_in(s.id) for r in words.p.rooms) if slots else 0
        found.setdefault((rooms, slots if rooms or not slots else -1), []).append(s.id)
    told: list[str] = [_few_rooms(words.sessions(codes), len(codes), *few) for few, codes in found.items()]
    enough = sum(rooms * max(slots, 0) * len(codes) for (rooms, slots), codes in found.items()) >= len(cause.concerned)
    if enough and len({words.p.applicant[a].direction for a in cause.concerned}) > 1:
        told.append(say("每场只听一个方向，或可以合组的方向"))
    return told


def _few_rooms(when: str, several: int, rooms: int, slots: int) -> Said:
    if not slots:
        return say("%(when)s不够一个答辩时间段", when=when)
    if not rooms:
        return say("%(when)s没有可用的答辩室", when=when)
    if several > 1:
        return say("%(when)s各只有 %(rooms)s 间答辩室，每间 %(n)s 个答辩时间段", when=when, rooms=rooms, n=slots)
    return say("%(when)s只有 %(rooms)s 间答辩室，每间 %(n)s 个答辩时间段", when=when, rooms=rooms, n=slots)
