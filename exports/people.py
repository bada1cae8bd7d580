"""Checks that applicants and experts share: ID numbers, phones, directions."""

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from typing import TypeVar

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from exports.header import plain
from exports.reading import Answers, Question
from exports.table import Table

Row = TypeVar("Row")


def spelled(name: str) -> str:
    """A direction's name without the difference of brackets, width and spaces."""
    return re.sub(r"[()\[\]【】]", "", plain(name))


def id_number(table: Table[Row]) -> str:
    """Check the ID number of the row: a number cell, length, checksum and birth date; not the county."""
    raw = table.raw("id_no")
    if isinstance(raw, int | float):
        table.error("id_no", "id-number", "身份证号存成了数字，末几位已不可靠。", "请把单元格设为文本后重新填写。")
        return ""
    number = plain(table.text("id_no")).upper().lstrip("'")
    if not number:
        return ""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        if re.fullmatch(r"\d{16,19}", number):
            table.error("id_no", "id-length", "身份证号不是 18 位。", "请核对身份证号。")
        else:
            table.warn("id_no", "id-other", "不是 18 位身份证号。", "如果是其他证件，可以不改。")
        return number
    if ric.calc_check_digit(number) != number[-1]:
        table.error("id_no", "id-checksum", "身份证号的校验码不对。", "请核对身份证号。")
    else:
        _born(table, number)
    return number


def _born(table: Table[Row], number: str) -> None:
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        born = dt.date.max
    if not dt.date(1900, 1, 1) < born < dt.date.today():
        table.error("id_no", "id-birth", "身份证号里的出生日期不存在。", "请核对身份证号。")


def phone(table: Table[Row]) -> str:
    """Check the phone of the row; what does not look like one is a warning."""
    text = table.text("phone")
    for part in re.split(r"[/、,;]", plain(text)):
        if part and not re.fullmatch(r"(\+?86-?)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}", part):
            table.warn("phone", "phone", "联系电话不像手机号或带区号的座机号。", "请核对联系电话。")
            break
    return text


def direction(table: Table[Row], said: str, names: Sequence[str], answers: Answers) -> str:
    """Return the direction meant; an unknown one is an error with near ones offered, and a question."""
    by_spelling = {spelled(name): name for name in names}
    if hit := by_spelling.get(spelled(said)):
        return hit
    answer = answers.given.get(f"direction:{spelled(said)}", "")
    if answer in names:
        return answer
    near = difflib.get_close_matches(spelled(said), by_spelling, 3, 0.4)
    best = by_spelling[near[0]] if near else ""
    hint = "相近的有：" + "、".join(by_spelling[n] for n in near) + "。" if near else "请改成本批次的专业方向。"
    table.error("direction", "direction-unknown", f"没有“{said}”这个专业方向。", hint)
    table.reading.ask(Question(f"direction:{spelled(said)}", f"“{said}”是哪个专业方向？", tuple(names), best))
    return ""


class Twice:
    """Finds the same person twice and one ID with two names, in the order of the rows."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._plain: set[tuple[str, str]] = set()

    def check(self, table: Table[Row], name: str, unit: str, id_no: str) -> None:
        """Note the person of a row, and an error where it was there before."""
        if id_no and name and id_no in self._ids:
            same = self._ids[id_no] == name
            rule, what = (
                ("person-twice", "同一个人出现两次。") if same else ("id-two-names", "同一个身份证号有两个姓名。")
            )
            table.error("id_no", rule, what, "请核对后删去重复的一行。" if same else "请核对姓名和身份证号。")
        elif not id_no and name and (name, unit) in self._plain:
            table.error("name", "person-twice", "同一个人出现两次。", "请删去重复的一行，或填写身份证号加以区分。")
        if id_no and name:
            self._ids.setdefault(id_no, name)
        self._plain.add((name, unit))
