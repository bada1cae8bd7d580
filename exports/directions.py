"""The directions of a round: which one a cell means, and how many specialists of one there are."""

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from exports.columns import LONGEST_PART
from exports.people import parts
from exports.reading import Answers, Question
from exports.said import say
from exports.table import Table
from exports.words import plain

Row = TypeVar("Row")
_KIND = re.compile(r"(专业|方向|专业方向|小组|专业组|组)$")
"""What is written behind a direction's name: 隔膜方向, 隔膜组."""
_STRENGTH = re.compile(r"\((\d+)\)$")


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


def able(strengths: Iterable[tuple[int, bool]]) -> tuple[int, bool]:
    """How many of (strength, may chair) count as specialists of a direction (H7), and whether one may chair it (H5)."""
    chairs = [chair for strength, chair in strengths if strength >= 2]
    return len(chairs), any(chairs)


@lru_cache(2**12)
def spelled(name: str) -> str:
    """A direction's name without the difference of brackets, width and spaces."""
    return re.sub(r"[()\[\]【】]", "", plain(name))


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
