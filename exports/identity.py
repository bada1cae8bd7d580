"""ID numbers and phones: what is the matter with one, and how it is kept."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TypeVar

from stdnum.cn import ric

from exports.said import Said, say
from exports.table import Table
from exports.words import plain

Row = TypeVar("Row")


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
