"""Checks that applicants and experts share: ID numbers, phones, directions, who is who."""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from stdnum.cn import ric

from exports.availability import NOTHING
from exports.columns import LONGEST_PART
from exports.reading import Answers, Question
from exports.said import Said, say
from exports.table import Table
from exports.words import plain

Row = TypeVar("Row")
_KIND = re.compile(r"(专业|方向|专业方向|小组|专业组|组)$")
"""What is written behind a direction's name: 隔膜方向, 隔膜组."""
_STRENGTH = re.compile(r"\((\d+)\)$")


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


def named(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a list of directions; a name that has a comma or stroke of its own is one: 正、负极材料."""
    marks = re.split(r"([、;；,，/\n])", text)
    known, found, at = _spellings(names), list[str](), 0
    while at < len(marks):
        ends = range(len(marks), at, -2)
        end = next((e for e in ends if spelled(_STRENGTH.sub("", plain("".join(marks[at:e])))) in known), at + 1)
        found += ["".join(marks[at:end])] if end > at + 1 else parts(marks[at])
        at = end + 1
    return tuple(found)


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


def able(strengths: Iterable[tuple[int, bool]]) -> tuple[int, bool]:
    """How many of (strength, may chair) count as specialists of a direction (H7), and whether one may chair it (H5)."""
    chairs = [chair for strength, chair in strengths if strength >= 2]
    return len(chairs), any(chairs)


@lru_cache(2**12)
def spelled(name: str) -> str:
    """A direction's name without the difference of brackets, width and spaces."""
    return re.sub(r"[()\[\]【】]", "", plain(name))


@dataclass(frozen=True)
class Wrong:
    """What is the matter with a value: a warning unless it ``stops``, its rule, and what to do."""

    stops: bool
    rule: str
    what: Said
    hint: Said


def id_wrong(number: str) -> Wrong | None:
    """What is the matter with an ID number: length, checksum and birth date; not the county."""
    if not number:
        return None
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        lost = say("身份证号变成了科学记数，末几位已丢失。")
        return Wrong(True, "id-number", lost, say("请把单元格设为文本后重新填写。"))
    if not re.fullmatch(r"\d{17}[\dX]", number):
        if re.fullmatch(r"\d{16,19}", number):
            return Wrong(True, "id-length", say("身份证号不是 18 位。"), say("请核对身份证号。"))
        return Wrong(False, "id-other", say("不是 18 位身份证号。"), say("如果是其他证件，可以不改。"))
    if ric.calc_check_digit(number) != number[-1]:
        return Wrong(True, "id-checksum", say("身份证号的校验码不对。"), say("请核对身份证号。"))
    if not dt.date(1900, 1, 1) < _born(number) < dt.date.today():
        return Wrong(True, "id-birth", say("身份证号里的出生日期不存在。"), say("请核对身份证号。"))
    return None


def _born(number: str) -> dt.date:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return dt.date.max


def phone_wrong(text: str) -> Wrong | None:
    """What is the matter with a phone: what looks like none is a warning."""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text, re.IGNORECASE):
        return Wrong(True, "phone-number", *_LOST_PHONE)
    for part in re.split(r"[/、,;]", plain(text)):
        if part and not re.fullmatch(_MOBILE + r"|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4}", part):
            return Wrong(False, "phone", say("联系电话不像手机号或带区号的座机号。"), say("请核对联系电话。"))
    return None


_ELEVEN = re.compile(r"1[3-9][0-9]{9}")
_MOBILE = r"(\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}"
_LOST_PHONE = say("联系电话存成了数字，已丢失首位或末几位。"), say("请设为文本后重新填写。")


def id_text(text: str) -> str:
    """An ID number as it is kept."""
    return plain(text).upper().lstrip("'")


def id_number(table: Table[Row]) -> str:
    """Check the ID number of the row; a number cell has lost its last digits."""
    if isinstance(table.raw("id_no"), int | float):
        table.error(
            "id_no", "id-number", say("身份证号存成了数字，末几位已不可靠。"), say("请把单元格设为文本后重新填写。")
        )
        return ""
    number = id_text(table.text("id_no"))
    wrong = id_wrong(number)
    _tell(table, "id_no", wrong)
    return "" if wrong and wrong.rule == "id-number" else number


def phone_text(text: str) -> str:
    """A phone as it is kept: a mobile's eleven digits in one, anything else as it is written."""
    text = unicodedata.normalize("NFKC", text)
    mobile = re.fullmatch(r"(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})", text)
    return "".join(mobile.groups()) if mobile else text


def phone(table: Table[Row]) -> str:
    """Check the phone of the row; a number cell that lost digits is an error."""
    text = unicodedata.normalize("NFKC", table.text("phone"))
    if _ELEVEN.fullmatch(text):
        return text
    if isinstance(table.raw("phone"), int | float) and not re.fullmatch(_MOBILE, text):
        table.error("phone", "phone-number", *_LOST_PHONE)
    else:
        _tell(table, "phone", phone_wrong(text))
    return phone_text(text)


def _tell(table: Table[Row], key: str, wrong: Wrong | None) -> None:
    if wrong:
        (table.error if wrong.stops else table.warn)(key, wrong.rule, wrong.what, wrong.hint)


@lru_cache
def _spellings(names: tuple[str, ...]) -> dict[str, str]:
    return {spelled(name): name for name in names}


def direction(table: Table[Row], said: str, names: tuple[str, ...], answers: Answers) -> str:
    """Return the direction meant; an unknown one is an error with near ones offered, and a question."""
    by_spelling = _spellings(names)
    if hit := by_spelling.get(spelled(said)) or by_spelling.get(_KIND.sub("", spelled(said))):
        return hit
    key = f"direction:{spelled(said)}"
    answer = answers.given.get(key, "")
    if answer in names:
        return answer
    if len(said) > LONGEST_PART:
        what = say("专业方向有 %(n)s 个字，最多 %(most)s 个。", n=len(said), most=LONGEST_PART)
        table.error("direction", "direction-unknown", what, say("请改成本批次的专业方向。"))
        return ""
    near = _near(spelled(said), names)
    hint = say("相近的有：%(names)s。", names="、".join(near)) if near else say("请改成本批次的专业方向。")
    table.error("direction", "direction-unknown", say("没有“%(said)s”这个专业方向。", said=said), hint)
    table.reading.ask(Question(key, say("“%(said)s”是哪个专业方向？", said=said), names, near[0] if near else ""))
    return ""


@lru_cache(2**10)
def _near(said: str, names: tuple[str, ...]) -> list[str]:
    by_spelling = _spellings(names)
    return [by_spelling[found] for found in difflib.get_close_matches(said, by_spelling, 3, 0.4)]


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
