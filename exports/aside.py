"""What a roster says elsewhere than in a column: titles above people, two things in one cell, the sheet's name.

Only where the office has said so; what was taken from where is said back for every title and every cell.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from exports.words import plain

LEVELS = {"高级": "全是高级", "中级": "全是中级"}
EVERYBODY = tuple(LEVELS.values())
"""The answers that a roster without a column of levels has one level for all."""
ABOVE = "在人员上方的标题行里"
"""The answer that a row of its own says it for the people below."""
WITH_NAME = "和姓名写在同一格"
"""The answer that one cell holds name and employer."""
WITH_DIRECTION = "和专业方向写在同一格"
"""The answer that one cell holds direction and level."""
BY_SHEET = "按工作表的名称或标题"
"""The answer that each sheet has one level, by its name or the title above the header."""
ASIDE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("applicants", "level"): (*EVERYBODY, ABOVE, WITH_DIRECTION, BY_SHEET),
    ("applicants", "unit"): (ABOVE, WITH_NAME),
    ("applicants", "direction"): (ABOVE,),
    ("experts", "unit"): (ABOVE, WITH_NAME),
    ("experts", "direction"): (ABOVE,),
}
"""Kind of a list and key of a column → what else than a column may be answered."""
_HOUSE = re.compile(
    r".*(公司|集团|厂|大学|学院|学校|医院|研究院|研究所|设计院|中心|局|委员会|协会|矿|院|所|站)([(].*[)])?$"
)
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}[·•・･.][\u4e00-\u9fff·•・･.]{1,12}|[A-Za-z .]{3,}")
_NUMBER = re.compile(
    r"^(第[一二三四五六七八九十\d]+[组批类部][分]?|[(]?[一二三四五六七八九十]+[)]|[一二三四五六七八九十\d]+[、.．])[:、.．]*"
)
_LABEL = re.compile(r"^[^:]{0,8}(单位|企业|公司|方向|专业|名称)(名称)?([(][^)]*[)])?:")
_COUNT = re.compile(r"[(,，:]?(共|计)?\d+[人名位]?[)]?$")
_SAYS = r"(?:[正副]高级?|高级|中级)(?:职称|工程师)?|工程师"
_LEVEL = re.compile(rf"(?:申报|拟?评)?({_SAYS})(?:人员|组|类)?")
_BESIDE = r"[\s/、,，;；:：|()（）—-]+"
_LAST = re.compile(rf"(.+?)(?:{_BESIDE}|(?<=\w))({_SAYS})[)）]?")
_LEADS = re.compile(rf"({_SAYS})(?:{_BESIDE})(.+?)")
_ABOVE_ALL = re.compile(r"(?:填报|申报|报送|推荐|工作|用人|所在)?单位(?:名称|全称)?(?:[(][^)]*[)])?:(.+)")
_NEXT = re.compile(r"(填报|填表|制表|上报|报送|联系|审核|日期|时间|电话|负责)[^:]{0,4}:.*$")


def house(text: str) -> bool:
    """Whether a text looks like an employer's name."""
    return _HOUSE.fullmatch(plain(text)) is not None


def heading(text: str) -> str:
    """What a title says without its number, label and count: 一、单位：某公司（3人） is 某公司."""
    kept = plain(text)
    if kept.endswith(":"):
        return ""
    for spare in (_NUMBER, _LABEL, _COUNT):
        kept = spare.sub("", kept)
    return kept


def above_all(texts: Iterable[str]) -> str:
    """The employer that a line above the header names for everybody: 填报单位：某公司; empty where none does."""
    for text in texts:
        if match := _ABOVE_ALL.match(plain(text)):
            return _NEXT.sub("", match[1])
    return ""


def name_and_unit(text: str) -> tuple[str, str] | None:
    """Name and employer of one cell, in either order; None where it is not clear which is which."""
    brackets = re.fullmatch(r"([^(（]+)[(（](.+)[)）]", text.strip())
    found = [*brackets.groups()] if brackets else [part for part in re.split(r"[\s/、,，;；|:：—-]+", text) if part]
    units = [part for part in found if house(part)]
    if len(units) != 1 and brackets:
        units = found[1:]
    if len(units) != 1 or len(found) < 2:
        return None
    name = "".join(part for part in found if part is not units[0])
    return (name, units[0]) if _PERSON.fullmatch(plain(name)) else None


def direction_and_level(text: str) -> tuple[str, str] | None:
    """Direction and level of one cell, in either order: 隔膜/高级, 隔膜（中级）, 高级 隔膜; None without a level."""
    if match := _LEADS.fullmatch(text.strip()):
        return match[2], match[1]
    match = _LAST.fullmatch(text.strip())
    return (match[1], match[2]) if match else None


def a_level(text: str) -> str:
    """The level that a title says, and nothing else: 二、高级职称（8人）; empty where it says something else."""
    match = _LEVEL.fullmatch(heading(text))
    return match[1] if match else ""


def level_of(texts: Iterable[str]) -> str:
    """What a sheet's name or a title above the header says about everybody's level; empty where it says both."""
    said = [*texts]
    named = [all_ for level, all_ in LEVELS.items() if any(level in text for text in said)]
    return named[0] if len(named) == 1 else ""


@dataclass
class Aside:
    """What the office said stands elsewhere: key → its answer; and what the last title said: key → text."""

    told: dict[str, str]
    headings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, given: Mapping[str, str], columns: Collection[str], above: Iterable[str]) -> "Aside":
        """The answers about columns that the list has not; a line above the header may name everybody's employer."""
        said = {key: given.get(f"column:{of}.{key}", "") for of, key in ASIDE if of == kind and key not in columns}
        found = cls({key: answer for key, answer in said.items() if answer in ASIDE[kind, key]})
        if found.told.get("unit") == ABOVE and (house := above_all(above)):
            found.headings["unit"] = house
        return found

    @property
    def titled(self) -> bool:
        """Whether rows of their own say something about the people below them."""
        return ABOVE in self.told.values()

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The keys that stand two in a cell."""
        names = ("name", "unit") if self.told.get("unit") == WITH_NAME else ()
        return names + (("direction", "level") if self.told.get("level") == WITH_DIRECTION else ())

    def heard(self, text: str, directions: Iterable[str]) -> tuple[str, str] | None:
        """Take a title in: the key it is about and what it says; a level by its word, a direction by its name."""
        keys = [key for key, answer in self.told.items() if answer == ABOVE]
        said = heading(text)
        if not keys or not said:
            return None
        if "level" in keys and (level := a_level(text)):
            key, said = "level", level
        else:
            keys = [key for key in keys if key != "level"]
            named = any(plain(name) in plain(text) for name in directions)
            key = next((key for key in ("direction" * named, "unit", *keys) if key in keys), "")
        if not key:
            return None
        self.headings[key] = said
        return key, said
