"""Changing people one by one: what the form holds, who was quicker, and the exception once the rosters are locked."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.availability import sentence, told
from exports.people import closed, id_text, id_wrong, phone_wrong
from webapp.models import Applicant, Expert, Round
from webapp.services import audit, persons, rechecks, recusals
from webapp.services.editing_rights import require
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock, Missing, Sentence, Stale, Unreadable
from webapp.services.rechecks import Breaks
from webapp.services.times import keyed

Person = TypeVar("Person", Applicant, Expert)
AnyPerson = Applicant | Expert
LEVELS = {"senior": "高级", "intermediate": "中级"}
STRENGTHS = {"0": "–", "1": "1 了解", "2": "2 熟悉", "3": "3 专长"}
YES_NO = {"": "否", "1": "是"}
DETAILS = ("sex", "birth", "edu", "school", "major", "cur_title", "cur_date", "hire_date", "county", "note")


@dataclass(frozen=True)
class Field:
    """A field of the form; ``choices`` make it a list to choose from."""

    key: str
    label: str
    needed: bool = False
    choices: Mapping[str, str] | None = None
    wide: bool = False


@dataclass(frozen=True)
class Saved:
    """Who was saved, what that broke in what is scheduled, and warnings about what was typed."""

    person: AnyPerson
    breaks: Breaks
    warnings: tuple[Sentence, ...] = ()


class Older(Stale):
    """Somebody else saved the person in between; ``theirs`` is what stands there now."""

    def __init__(self, person: AnyPerson) -> None:
        said = Sentence("别人刚刚改过 %(name)s。请对照两边的内容，再决定怎样保存。", name=person.name)
        super().__init__(said.text, **said.values)
        self.person = person


def of_code(session: Session, round_: Round, kind: str, code: str) -> AnyPerson:
    """The applicant or expert of that code."""
    table = TABLES[kind]
    found: AnyPerson | None = session.scalar(select(table).where(table.round_id == round_.id, table.code == code))
    if found is None:
        raise Missing("没有编号为 %(code)s 的人。可能已被合并或删去，请从名单重新进入。", code=code)
    return found


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


def save(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    kind: str,
    code: str | None,
    version: int,
    typed: Mapping[str, str],
    reason: str = "",
) -> Saved:
    """Write what was typed of one person, or of somebody new (``code`` None).

    Raises:
        Older: somebody else saved this person since ``version``.
        Unreadable: a value makes no sense, or the reason of an exception is missing.
        Refused: the round is too far for this.
    """
    person = of_code(session, round_, kind, code) if code else None
    if person is not None and person.row_version != version:
        raise Older(person)
    before = blank(round_, kind) if person is None else texts(round_, person)
    after = {key: _clean(key, typed.get(key, was)) for key, was in before.items()}
    changed = {key for key in after if after[key] != before[key]}
    if person is not None and not changed:
        return Saved(person, Breaks())
    require(round_, reason, frozenset(changed) if person is not None else None)
    found = _Check(session, round_, kind, person, after, changed)
    found.run()
    stood = rechecks.now(session, round_)
    if person is None:
        person = persons.new(session, round_, kind)
    _write(round_, person, after, changed)
    session.flush()
    recusals.settle(session, round_)
    breaks = rechecks.since(session, round_, stood)
    note = {"reason": reason} if reason else {}
    audit.record(
        session,
        actor,
        clock,
        "person.edit" if code else "person.add",
        f"{person.code} {person.name}",
        round_id=round_.id,
        before={key: before[key] for key in sorted(changed)},
        after={key: after[key] for key in sorted(changed)} | note | {"breaks": [one.text for one in breaks.told]},
    )
    return Saved(person, breaks, tuple(found.warnings))


def remove(session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, code: str, reason: str) -> Breaks:
    """Take somebody off the roster who stands in no draft and in no record."""
    person = of_code(session, round_, kind, code)
    require(round_, reason)
    stood, before = rechecks.now(session, round_), texts(round_, person)
    persons.remove(session, kind, [person])
    breaks = rechecks.since(session, round_, stood)
    what = f"{code} {before['name']}"
    audit.record(
        session, actor, clock, "person.remove", what, round_id=round_.id, before=before, after={"reason": reason}
    )
    return breaks


def _clean(key: str, text: str) -> str:
    text = "".join(c for c in text.strip() if unicodedata.category(c) != "Cc")
    if key == "id_no":
        return id_text(text)
    if key == "name":
        return closed(text)
    if key == "phone":
        return unicodedata.normalize("NFKC", text)
    return " ".join(dict.fromkeys(text.split())) if key == "times" else text


class _Check:
    """What was typed against the rules of rosters; the first error is raised, warnings are kept."""

    def __init__(
        self,
        session: Session,
        round_: Round,
        kind: str,
        person: AnyPerson | None,
        after: Mapping[str, str],
        changed: set[str],
    ) -> None:
        self.session, self.round, self.kind, self.person = session, round_, kind, person
        self.after, self.changed = after, changed
        self.warnings: list[Sentence] = []

    def run(self) -> None:
        table = TABLES[self.kind]
        for field in fields(self.round, self.kind):
            text = self.after[field.key]
            if field.needed and not text:
                raise Unreadable("没有填写%(what)s。请填写后再保存。", what=field.label)
            if field.choices is not None and text not in field.choices:
                raise Unreadable("%(what)s“%(value)s”不在可选的范围内。请重新选择。", what=field.label, value=text)
            column = table.__table__.columns.get(field.key)
            most = getattr(column.type, "length", None) if column is not None else 128
            if most and len(text) > most:
                raise Unreadable("%(what)s最多 %(most)s 个字。请缩短后再保存。", what=field.label, most=most)
        self._numbers()
        self._nobody_else()
        if self.kind == "experts":
            self._expert()
        elif self.after["insured_unit"] not in ("", self.after["employer"]) and "insured_unit" in self.changed:
            self.warnings.append(Sentence("参保单位和工作单位不同。请核实后再确认。"))

    def _numbers(self) -> None:
        for key, wrong in (("id_no", id_wrong), ("phone", phone_wrong)):
            if key not in self.changed or not (hit := wrong(self.after[key])):
                continue
            if hit.stops:
                raise Unreadable("%(what)s%(hint)s", what=Sentence(hit.what.text), hint=Sentence(hit.hint.text))
            self.warnings.append(Sentence(hit.what.text))

    def _nobody_else(self) -> None:
        """Nobody is there twice, and nobody is applicant and expert of one round."""
        name, employer, id_no = (self.after[key] for key in ("name", "employer", "id_no"))
        tables: tuple[Any, Any] = (Applicant, Expert)
        for table in tables:
            mine = table is TABLES[self.kind]
            here = (table.round_id == self.round.id, *((table.id != self.person.id,) if mine and self.person else ()))
            same = table.id_no == id_no if id_no else (table.name == name) & (table.employer == employer)
            if other := self.session.scalar(select(table).where(*here, same).limit(1)):
                raise Unreadable(
                    "%(code)s %(name)s 的%(what)s和此人相同。一个人在一个批次里只登记一次；是同一人的请到“重复”合并。",
                    code=other.code,
                    name=other.name,
                    what=Sentence("身份证号") if id_no else Sentence("姓名和工作单位"),
                )

    def _expert(self) -> None:
        most = self.after["max_sessions"]
        if most and not (most.isdecimal() and 0 < int(most) < 1000):
            raise Unreadable("最多场次不是整数。请写一个整数，或留空。")
        strengths = [text for key, text in self.after.items() if key.startswith("s.")]
        if any(text not in STRENGTHS for text in strengths):
            raise Unreadable("专业方向的程度应为 0 到 3。请重新选择。")
        if not any(text != "0" for text in strengths):
            raise Unreadable("没有选专业方向。请至少给一个方向选择程度。")


def _write(round_: Round, person: AnyPerson, after: Mapping[str, str], changed: set[str]) -> None:
    for key in ("name", "employer", "title", "id_no", "phone"):
        setattr(person, key, after[key])
    if isinstance(person, Applicant):
        person.insured_unit, person.level = after["insured_unit"], after["level"]
        person.direction = next(d for d in round_.directions if d.code == after["direction"])
        kept = {key: text for key in DETAILS if (text := after[key])}
        if "unavailable" in person.details:
            kept["unavailable"] = person.details["unavailable"]
        person.details = kept
        if "times" in changed:
            _away(round_, person, after["times"].split())
        return
    person.post, person.note, person.may_chair = after["post"], after["note"], bool(after["may_chair"])
    person.max_sessions = int(after["max_sessions"]) if after["max_sessions"] else None
    person.strengths = {d.code: n for d in round_.directions if (n := int(after[f"s.{d.code}"]))}
    if "times" in changed or person.id is None:
        _there(round_, person, after["times"].split())


def _there(round_: Round, person: Expert, codes: list[str]) -> None:
    """The painted half-days of an expert, and the text that means exactly them."""
    pairs = keyed(round_)
    rows, keys = [row for row, _half in pairs], [row.key for row, half in pairs if half.code in codes]
    person.available = [half.code for _row, half in pairs if half.code in codes] if pairs else None
    person.availability_text = told(keys, rows) if pairs else ""


def _away(round_: Round, person: Applicant, codes: list[str]) -> None:
    pairs = keyed(round_)
    rows, keys = [row for row, _half in pairs], [row.key for row, half in pairs if half.code in codes]
    person.unavailable = [
        [f"{at:{MINUTE}}" for at in (half.start, half.end)] for _row, half in pairs if half.code in codes
    ]
    rest = {key: text for key, text in person.details.items() if key != "unavailable"}
    person.details = rest | ({"unavailable": told(keys, rows)} if keys else {})


def said_times(round_: Round, codes: str) -> str:
    """Half-days in words."""
    rows = keyed(round_)
    return sentence([row.key for row, half in rows if half.code in codes.split()], [row for row, _half in rows])


TABLES: dict[str, Any] = {"applicants": Applicant, "experts": Expert}
