"""What was typed of a person against the rules of rosters."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.identity import id_text, id_wrong, phone_text, phone_wrong
from exports.naming import closed
from webapp.models import Applicant, Expert, Round
from webapp.services.kernel import Sentence, Unreadable
from webapp.services.person_form import STRENGTHS, TABLES, AnyPerson, fields


def clean(key: str, text: str) -> str:
    """A text as it is kept."""
    text = "".join(c for c in text.strip() if unicodedata.category(c) != "Cc")
    if key == "id_no":
        return id_text(text)
    if key == "name":
        return closed(text)
    if key == "phone":
        return phone_text(text)
    return " ".join(dict.fromkeys(text.split())) if key == "times" else text


class Check:
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
        """Check all of it.

        Raises:
            Unreadable: the first value that makes no sense.
        """
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
