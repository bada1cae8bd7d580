"""The form of one person: its fields, what they hold now, and half-days in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from exports.availability import sentence
from webapp.models import Applicant, Expert, Round
from webapp.services.instance import MINUTE
from webapp.services.times import keyed

Person = TypeVar("Person", Applicant, Expert)
AnyPerson = Applicant | Expert
LEVELS = {"senior": "高级", "intermediate": "中级"}
STRENGTHS = {"0": "–", "1": "1 了解", "2": "2 熟悉", "3": "3 专长"}
YES_NO = {"": "否", "1": "是"}
DETAILS = ("sex", "birth", "edu", "school", "major", "cur_title", "cur_date", "hire_date", "county", "note")


TABLES: dict[str, Any] = {"applicants": Applicant, "experts": Expert}


@dataclass(frozen=True)
class Field:
    """A field of the form; ``choices`` make it a list to choose from."""

    key: str
    label: str
    needed: bool = False
    choices: Mapping[str, str] | None = None
    wide: bool = False


def fields(round_: Round, kind: str) -> tuple[Field, ...]:
    """The plain fields of the form; times and strengths are painted and chosen beside them."""
    directions = {d.code: d.name for d in round_.directions}
    both = (Field("name", "姓名", True), Field("employer", "工作单位", True, wide=True))
    own = (Field("id_no", "身份证号"), Field("phone", "联系电话"))
    if kind == "experts":
        roles = (Field("title", "职称"), Field("post", "职务"), Field("may_chair", "可任组长", choices=YES_NO))
        return (*both, *roles, Field("max_sessions", "最多场次"), *own, Field("note", "备注", wide=True))
    heard = (
        Field("level", "申报级别", True, LEVELS),
        Field("direction", "专业方向", True, directions),
        Field("title", "申报职称"),
    )
    from exports.columns import APPLICANT

    details = tuple(Field(key, APPLICANT[key][0], wide=key == "note") for key in DETAILS)
    return (*both, Field("insured_unit", "参保单位", wide=True), *heard, *own, *details)


def texts(round_: Round, person: AnyPerson) -> dict[str, str]:
    """What the form shows of somebody: every field, ``times`` as session codes, ``s.D1`` for a strength."""
    if isinstance(person, Applicant):
        own = ("name", "employer", "insured_unit", "level", "title", "id_no", "phone")
        shown = {key: getattr(person, key) for key in own} | {"direction": person.direction.code}
        away = {start for start, _end in person.unavailable}
        times_ = [half.code for _row, half in keyed(round_) if half.start.strftime(MINUTE) in away]
        return shown | {key: str(person.details.get(key, "")) for key in DETAILS} | {"times": " ".join(times_)}
    own = ("name", "employer", "title", "post", "id_no", "phone", "note")
    codes = [s.code for s in round_.sessions]
    there = codes if person.available is None else [code for code in codes if code in person.available]
    return (
        {key: getattr(person, key) for key in own}
        | {"may_chair": "1" if person.may_chair else "", "times": " ".join(there)}
        | {"max_sessions": "" if person.max_sessions is None else str(person.max_sessions)}
        | {f"s.{d.code}": str(person.strengths.get(d.code, 0)) for d in round_.directions}
    )


def blank(round_: Round, kind: str) -> dict[str, str]:
    """The form of somebody new: an expert can come at every time, an applicant as well."""
    every = " ".join(s.code for s in round_.sessions)
    empty = dict.fromkeys((field.key for field in fields(round_, kind)), "")
    if kind == "applicants":
        return empty | {"level": "senior", "times": ""}
    return empty | {"times": every} | {f"s.{d.code}": "0" for d in round_.directions}


def in_order(round_: Round, codes: Collection[str]) -> str:
    """Painted half-days as :func:`texts` says them, in whatever order the boxes of the page stand."""
    return " ".join(s.code for s in round_.sessions if s.code in codes)


def said_times(round_: Round, codes: str) -> str:
    """Half-days in words."""
    rows = keyed(round_)
    return sentence([row.key for row, half in rows if half.code in codes.split()], [row for row, _half in rows])
