"""Times given by ticks, a column for each half-day: which columns they are, and what the marks of a row mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.reading import Question
from exports.said import say
from exports.words import bare, plain

PLUS = ("√", "✓", "✔", "☑", "■", "是", "对", "1", "y", "yes", "v", "true")
MINUS = ("×", "✗", "✘", "✕", "x", "否", "0", "n", "no", "□", "☐", "false")
CAN = ("可", "可以", "能", "能来", "有空", "有时间", "参加", "能参加", "可参加", "出席", "行", "到", "空闲")
CANNOT = (
    "请假",
    "出差",
    "不可",
    "不能",
    "不行",
    "有事",
    "不来",
    "缺席",
    "不参加",
    "不能参加",
    "冲突",
    "有课",
    "无空",
    "没空",
)
BLANK = ("", "/", "-", "—", "–", "无")
PARTS = ("上午", "下午", "晚上", "全天", "整天")
COME, STAY_AWAY = "能来", "不能来"
"""The answers to what a mark means."""
_DAY = re.compile(
    r"((?:(?:\d{4}[年.\-/])?\d{1,2}[月.\-/])?\d{1,2}[日号]?)(?:00:00:00)?(?:周|星期|礼拜)?[一二三四五六日天]?"
)
_PART = re.compile(
    r"(上午|下午|晚上|全天|整天|第[一二三四五六七八九十\d]+[场节])?(?:\d{1,2}:\d{2}[-—~至]+\d{1,2}:\d{2})?"
)
_LEAD = re.compile(r"(?:是否|能否|可否|不能|不可|能|可)?(?:可以|方便)?(?:参加|出席|到会|到场)?(?=\d)")
"""What may stand before the day: 能否参加7月15日."""
_AWAY = re.compile(r"不|请假|冲突|缺席|无法|有事")
_COMING = re.compile(r"可|能|参加|出席|空闲|有空")
_NOT = re.compile(r"不[能可便][^，,；;、]*")


@dataclass(frozen=True)
class Half:
    """What a tick column is about: a day and its part, and whether a tick says to come; None where no word says."""

    day: str
    part: str
    come: bool | None

    @property
    def text(self) -> str:
        """As availability is written: 7月15日上午."""
        return self.day + self.part


def half(path: Sequence[str]) -> Half | None:
    """The half-day of a column by the words above it, from the top: 7月15日上午, 7月15日 over 上午, 上午 over 15日."""
    day, part, rest = "", "", list[str]()
    for said in map(bare, path):
        lead = _LEAD.match(said)
        word = said[lead.end() :] if lead else said
        match = _DAY.match(word)
        own = _PART.fullmatch(word[match.end() :]) if match else _PART.fullmatch(word)
        if match and own and not day and re.search(r"[日号月年.\-/]", match[1]):
            day, part = match[1], own[1] or part
            rest.append(said.removesuffix(word))
        elif not match and own and own[1]:
            part = part or own[1]
        else:
            rest.append(said)
    if not day:
        return None
    above = "".join(rest)
    away, coming = _AWAY.search(above), _COMING.search(_NOT.sub("", above))
    return Half(day, part, None if bool(away) == bool(coming) else not away)


@dataclass(frozen=True)
class Marks:
    """What the cells of a list's tick columns mean."""

    kind: str
    halves: Mapping[int, Half]
    given: Mapping[str, str]
    blank: bool | None
    """What an empty cell says where others are ticked."""

    def means(self, column: int, value: object) -> bool | None:
        """Whether somebody comes then; None where only the office can say."""
        mark = plain(value).lower()
        if mark in BLANK:
            return self._told("空白", self.blank)
        if mark in PARTS and not self.halves[column].part:
            return self.halves[column].come is not False
        if mark in CAN:
            return self.halves[column].come is not False or self._told(mark, None)
        if mark in CANNOT:
            return False
        come = self.halves[column].come
        come = come if come is not None or self.kind == "applicants" else True
        if mark in PLUS or mark in MINUS:
            come = self._told("√", come)
            return come if mark in PLUS or come is None else not come
        return self._told(mark, None)

    def _told(self, mark: str, otherwise: bool | None) -> bool | None:
        said = self.given.get(f"ticks:{self.kind}.{mark}", "")
        return said == COME if said in (COME, STAY_AWAY) else otherwise

    def question(self, value: object) -> Question:
        """What to ask about a cell that is not clear."""
        mark = plain(value).lower()
        name = "空白" if mark in BLANK else "√" if mark in (*PLUS, *MINUS) else mark
        shown = "空着的格子" if name == "空白" else f"“{name}”"
        return Question(
            f"ticks:{self.kind}.{name}",
            say("时段各列里，%(shown)s是能来还是不能来？", shown=shown),
            (COME, STAY_AWAY),
            "",
        )


def marks(
    kind: str, halves: Mapping[int, Half], cells: Sequence[Mapping[int, object]], given: Mapping[str, str]
) -> Marks:
    """Look at all rows first: where all marks say who comes, an empty cell is no; where all say who does not, yes."""
    first = Marks(kind, halves, given, None)
    seen = {
        first.means(column, row[column]) for row in cells for column in halves if plain(row.get(column)) not in BLANK
    }
    blank = None if {True, False} <= seen or not seen & {True, False} else False in seen
    return Marks(kind, halves, given, blank)
