"""What is common to the questions "where else": options with their price, barred places with reasons, the schedule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.errors import Refused
from scheduler.explain.words import Words
from scheduler.explain.words import panel as panel_name
from scheduler.price import Change, Price, Prices
from scheduler.problem import Problem
from scheduler.said import say
from scheduler.schedule import LEVELS, Panel, Schedule, Sitting
from scheduler.timeline import mask, slots

BROKEN = {
    "H2": "答辩时间段已有人",
    "H3": "答辩室不可用或已有场次",
    "H4": "有专家届时不能到场",
    "H5": "组长不能主持该方向",
    "H6": "同单位专家过多",
    "H7": "本方向专家不足",
    "H8": "该组不听这个方向",
    "H9": "须回避",
    "H10": "届时没有空",
    "H11": "固定在别处",
    "H12": "超过每组最多场次",
}
"""What a broken rule means, where no better words are found."""


@dataclass(frozen=True)
class Option:
    """A place that is possible: what it is, the changes that lead there, what they cost."""

    place: Mapping[str, str]
    changes: tuple[Change, ...]
    price: Price
    text: str

    def to_json(self) -> dict[str, Any]:
        """The document, with the difference by level."""
        return {
            **self.place,
            "difference": dict(zip(LEVELS, self.price.difference, strict=True)),
            "text": self.text,
        }


@dataclass(frozen=True)
class Barred:
    """A place that is not possible, and why."""

    place: Mapping[str, str]
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The document."""
        return {**self.place, "reasons": list(self.reasons)}


@dataclass(frozen=True)
class Elsewhere:
    """Possible places, the cheapest first, and the others."""

    possible: tuple[Option, ...]
    barred: tuple[Barred, ...]

    def to_json(self) -> dict[str, Any]:
        """The document."""
        return {"places": [o.to_json() for o in self.possible], "barred": [b.to_json() for b in self.barred]}


class Table:
    """One schedule as the questions about it need it.

    Raises (all that ask):
        Refused: what is asked about is not there.
    """

    def __init__(self, problem: Problem, schedule: Schedule, prices: Prices | None = None) -> None:
        """``prices``: those of this schedule, where they are known already."""
        self.p, self.schedule = problem, schedule
        unknown = self._unknown()
        if unknown:
            raise Refused(say("安排与实例不符：实例中没有%(what)s。请给出由这个实例生成的安排。", what=unknown))
        self.words = Words(problem)
        self.conflicts = self.words.conflicts
        self.prices = prices or Prices(problem, schedule)
        self.sessions = sorted(problem.sessions, key=lambda s: s.start)
        self.starts = [slots(s, problem.slot_minutes) for s in self.sessions]
        self.order = {s.id: i for i, s in enumerate(self.sessions)}
        self.taken = {(s.session, s.room): p.id for p in schedule.panels for s in p.sittings}
        self.busy = {(m, s.session): p.id for p in schedule.panels for s in p.sittings for m in p.members}
        self.load = Counter(who for who, _ in self.busy)
        self.open = {r.id: {s.id for s in problem.sessions if r.open_in(s.id)} for r in problem.rooms}

    def _unknown(self) -> str | None:
        """Something the schedule names that the instance does not have."""
        rooms = {r.id for r in self.p.rooms}
        for panel in self.schedule.panels:
            for m in panel.members:
                if m not in self.p.expert:
                    return say("专家%(id)s", id=m)
            for s in panel.sittings:
                if s.session not in self.p.session or s.room not in rooms:
                    return say("场次%(id)s", id=f"{s.session} {s.room}")
                for a in s.appointments:
                    if a.applicant not in self.p.applicant:
                        return say("申报人%(id)s", id=a.applicant)
        return None

    def sittings(self) -> Iterator[tuple[Panel, Sitting]]:
        """Panels with their sittings, by time and room."""
        pairs = [(p, s) for p in self.schedule.panels for s in p.sittings]
        yield from sorted(pairs, key=lambda pair: (self.order[pair[1].session], pair[1].room))

    def mask(self, applicant: str, session: str) -> int:
        """Bit i set: the applicant can take slot i of the session; none where the room of a pin is closed then."""
        a = self.p.applicant[applicant]
        if a.pin.room is not None and session not in self.open[a.pin.room]:
            return 0
        return mask(self.p, a, session, self.starts[self.order[session]])

    def panel(self, name: str) -> Panel:
        """The panel of that id."""
        found = next((p for p in self.schedule.panels if p.id == name), None)
        if found is None:
            raise Refused(say("安排中没有%(panel)s", panel=panel_name(name)))
        return found

    def rank(self, option: Option) -> Any:
        """The cheapest first, level by level; then by time."""
        place = option.place
        when = self.order.get(place.get("session", ""), -1)
        return option.price.difference, when, place.get("start", ""), len(option.changes), option.text


def at(panel: Panel, sitting: Sitting) -> dict[str, str]:
    """A sitting's place as a document has it."""
    return {"session": sitting.session, "room": sitting.room, "panel": panel.id}


def said(cost: Price) -> list[str]:
    """The rules a change would break, each once."""
    return list(dict.fromkeys(BROKEN.get(v.rule, v.text) for v in cost.broken))


NAMES = ("未安排", "场次", "小组", "专业不匹配", "到场天数", "最忙专家场次", "零散与换室")
"""The seven levels in the office's words."""


def differs(cost: Price) -> str:
    """：未安排 −1，场次 +1."""
    parts = [f"{name} {d:+d}" for name, d in zip(NAMES, cost.difference, strict=True) if d]
    return "：" + ("，".join(parts) if parts else "各项不变")
