"""Who is who on the rosters: persons of the other list, who is there twice, who is to be kept apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from exports.availability import NOTHING
from exports.columns import LONGEST_PART
from exports.reading import Answers, Question
from exports.said import say
from exports.table import Table
from exports.words import plain

Row = TypeVar("Row")


@dataclass(frozen=True)
class Known:
    """Somebody of the other roster."""

    name: str
    unit: str
    id_no: str = ""

    @property
    def full(self) -> str:
        """How two of one name are told apart: 张三（甲公司）."""
        return f"{self.name}（{self.unit}）"


def means(said: str, name: str, unit: str) -> bool:
    """Whether 张三 or 张三（甲公司） means this person."""
    return plain(said) in (plain(name), plain(f"{name}({unit})"))


def parts(text: str) -> tuple[str, ...]:
    """The parts of a list; 无 and its like are no part."""
    found = (part.strip() for part in re.split(r"[、;；,，/\n]", text))
    return tuple(part for part in found if plain(part) not in NOTHING)


def listed(table: Table[Row], key: str) -> tuple[str, ...]:
    """The parts of a cell that lists persons or employers; one that is no name any more is an error."""
    found = parts(table.text(key, "、"))
    if any(len(part) > LONGEST_PART for part in found):
        table.error(key, "too-long", say("有一项超过 %(most)s 个字。", most=LONGEST_PART), say("请用顿号把几项隔开。"))
    return found


class Roll:
    """The people of the other roster, found by name, by ID number, or by name and employer."""

    def __init__(self, people: Iterable[Known]) -> None:
        self.units = set[str]()
        self._ids = dict[str, Known]()
        self._pairs = dict[tuple[str, str], list[Known]]()
        self._names = dict[str, list[Known]]()
        for person in people:
            self.units.add(person.unit)
            self._ids.setdefault(person.id_no, person)
            self._pairs.setdefault((person.name, person.unit), []).append(person)
            for said in {plain(person.name), plain(person.full)}:
                self._names.setdefault(said, []).append(person)

    def named(self, said: str) -> list[Known]:
        """Whom 张三 or 张三（甲公司） may mean."""
        return self._names.get(plain(said), [])

    def has(self, name: str, unit: str, id_no: str) -> bool:
        """Whether this person is there: the same ID number, else the same name and employer."""
        same = self._pairs.get((name, unit), ())
        return bool(id_no and id_no in self._ids) or any(not (id_no and other.id_no) for other in same)


def recused(table: Table[Row], key: str, known: Roll | None, answers: Answers, units: bool = False) -> tuple[str, ...]:
    """The persons a cell lists: an unknown one is a warning, two of one name are asked about.

    ``known`` is the other roster, None where it is not there yet; with ``units`` its employers may be listed too.
    """
    found = []
    for part in listed(table, key):
        said = answers.given.get(f"recuse:{plain(part)}", part)
        hits = known.named(said) if known else []
        if known and not hits and not (units and said in known.units):
            table.warn(
                key,
                "recuse-unknown",
                say("另一份名册里没有“%(part)s”。", part=part),
                say("请核对姓名；锁定名册前要改好。"),
            )
        if len(hits) > 1:
            hint = say("请写成“%(person)s”这样。", person=hits[0].full)
            table.error(key, "recuse-two", say("叫“%(part)s”的有 %(n)s 位。", part=part, n=len(hits)), hint)
            options = tuple(person.full for person in hits)
            table.reading.ask(
                Question(f"recuse:{plain(part)}", say("回避的“%(part)s”是哪一位？", part=part), options, "")
            )
        found.append(said)
    return tuple(found)


def both(table: Table[Row], name: str, unit: str, id_no: str, known: Roll | None) -> None:
    """Nobody is applicant and expert of one round."""
    if known and known.has(name, unit, id_no):
        table.error(
            "name",
            "expert-is-applicant",
            say("“%(name)s”也在另一份名册上。", name=name),
            say("请从一份名册中删去此人。"),
        )


class Twice:
    """Finds the same person twice and one ID with two names, in the order of the rows."""

    def __init__(self) -> None:
        self._ids: dict[str, tuple[str, str]] = {}
        self._plain: dict[tuple[str, str], tuple[str, str]] = {}

    def check(self, table: Table[Row], name: str, unit: str, id_no: str) -> None:
        """Note the person of a row, and an error where it was there before."""
        if id_no and name and id_no in self._ids:
            first, place = self._ids[id_no]
            if first == name:
                table.error(
                    "id_no",
                    "person-twice",
                    say("同一个人出现两次，先在 %(place)s。", place=place),
                    say("请核对后删去重复的一行。"),
                )
            else:
                what = say("同一个身份证号有两个姓名，在 %(place)s 是“%(first)s”。", place=place, first=first)
                table.error("id_no", "id-two-names", what, say("请核对姓名和身份证号。"))
        elif name and (name, unit) in self._plain and not (id_no and self._plain[name, unit][1]):
            place = self._plain[name, unit][0]
            hint = say("请删去重复的一行，或给两人都填写身份证号加以区分。")
            table.error("name", "person-twice", say("同一个人出现两次，先在 %(place)s。", place=place), hint)
        place = f"{table.sheet.name}!{table.cell('name')}"
        if id_no and name:
            self._ids.setdefault(id_no, (name, place))
        self._plain.setdefault((name, unit), (place, id_no))
