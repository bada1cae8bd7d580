"""What the checker found wrong with a schedule, in the office's words, and whom and what it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.check import Violation
from webapp.models import Applicant, Expert, Round
from webapp.services.kernel import Sentence, Sentences
from webapp.services.spoken import Spoken, half, phrase

RULES = {
    "H1": "每位申报人只安排一次，未安排的要列明",
    "H2": "一个时间只安排一位，并且落在本时段的答辩时间格上",
    "H3": "答辩室在该时段不开放，或同一时段有两组使用",
    "H4": "专家该时段不能到场、同一时段坐两组，或超过最多场次",
    "away": "专家该时段不能到场",
    "twice": "专家同一时段坐两组",
    "many": "专家超过最多场次",
    "H5": "专家组人数不对，或成员不明",
    "size": "专家组人数不对",
    "chair": "组长不能主持该方向",
    "H6": "同一单位的专家过多",
    "H7": "该方向的专家（强度 2 以上）不足",
    "H8": "该专家组不能听这个方向",
    "H9": "专家与申报人应当回避",
    "H10": "申报人该时间不能到场",
    "H11": "申报人固定在别处",
    "H12": "专家组没有场次、场次过多，或场次没有人",
    "no sitting": "专家组没有场次",
    "sittings": "专家组场次超过每组最多场次",
    "both": "专家组同一时段坐两场",
    "nobody": "专家组列出的方向没有申报人",
    "empty": "场次没有人",
    "closed": "答辩室在该时段不开放",
    "shared": "答辩室同一时段有两组使用",
    "full": "同一时间安排了两位申报人",
    "off": "不在本时段的答辩时间格上",
    "mixed": "这些方向不能合组",
    "pin": "固定在这个专家组，现在不在",
}
"""The hard rules as a reader needs them when one is broken."""
MEANT = {
    "pin": re.compile(r"is pinned to it$"),
    "chair": re.compile(r"cannot chair it$"),
    "size": re.compile(r"^has \d+ distinct members"),
    "no sitting": re.compile(r"^has 0 sittings$"),
    "sittings": re.compile(r"^has \d+ sittings$"),
    "both": re.compile(r"^sits twice in one session$"),
    "nobody": re.compile(r"^hears nobody of "),
    "empty": re.compile(r"^has no appointment$"),
    "closed": re.compile(r"^the room is not open then$"),
    "shared": re.compile(r"^holds \d+ sittings$"),
    "full": re.compile(r"^\d+ applicants at "),
    "off": re.compile(r" starts off the slots at "),
    "mixed": re.compile(r"^cannot hear .* together$"),
    "away": re.compile(r"is not available$"),
    "twice": re.compile(r"^sits \d+ times$"),
    "many": re.compile(r"^sits in \d+ sessions, at most"),
}
"""What can be said more closely than its rule, by the checker's text."""
_IDS = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Told:
    """A broken rule in words: what about whom, and the ids of all it names."""

    rule: str
    what: str
    """The rule's sentence."""
    about: Spoken
    """Whom and what it names."""
    ids: tuple[str, ...]

    @property
    def said(self) -> Sentence:
        """For a page of either language."""
        return Sentence("%(what)s：%(about)s。", what=self.what, about=self.about)

    @property
    def text(self) -> str:
        """In Chinese."""
        return str(self.said)


class Tongue:
    """Names for the ids of one round."""

    def __init__(self, round_: Round, people: dict[str, str]) -> None:
        self.round_id = round_.id
        self.halves = {s.code: half(s) for s in round_.sessions}
        self.rooms = {r.code: r.name for r in round_.rooms}
        self.people = people
        directions = {d.code: d.name for d in round_.directions}
        self.names: dict[str, Spoken] = {**people, **self.halves, **self.rooms, **directions}

    @classmethod
    def of(cls, session: Session, round_: Round) -> Tongue:
        """With the names of the round's people."""
        names: dict[str, str] = {}
        for kind in (Applicant, Expert):
            query = select(kind.code, kind.name).where(kind.round_id == round_.id)
            names |= {row.code: f"{row.name}（{row.code}）" for row in session.execute(query)}
        return cls(round_, names)

    def told(self, violation: Violation) -> Told:
        """The rule's sentence, then who and where."""
        where = violation.where.split("/")
        ids = tuple(dict.fromkeys([*where, *_IDS.findall(violation.text)]))
        rule = next((rule for rule, text in MEANT.items() if text.search(violation.text)), violation.rule)
        named = [self.names.get(one, one if one in where and one != "unscheduled" else "") for one in ids]
        clocks = re.findall(r"\d\d:\d\d", violation.text)
        about = [name for name in [*named, *clocks] if name]
        return Told(violation.rule, RULES.get(rule, violation.text), Sentences.of(about, "、"), ids)

    def said(self, what: object, new: Mapping[str, Spoken] | None = None) -> Spoken:
        """A phrase of the scheduler with names in the place of ids; ``new``: of what the round does not have yet."""
        return phrase(what, {**self.names, **(new or {})})
