"""How a name is spelled in pinyin, so that 张三 is found by zhangsan, zs and by other readings of its characters."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

_OTHERWISE = (
    "单=shan 曾=zeng 仇=qiu 解=xie 朴=piao 查=zha 区=ou 任=ren 华=hua 盖=ge 缪=miao 翟=zhai 乐=yue 员=yun"
    " 种=chong 冼=xian 秘=bi 折=she 宁=ning 葛=ge 燕=yan 谌=chen 黑=he 覃=qin 尉=wei 召=shao 洗=xian"
    " 万俟=mo,qi 尉迟=yu,chi 单于=chan,yu 长孙=zhang,sun 澹台=tan,tai 令狐=ling,hu"
)
SURNAMES = {name: read.split(",") for name, _is, read in (pair.partition("=") for pair in _OTHERWISE.split())}
"""Surnames that are read otherwise than as a word."""
LONGEST = 256


def spelled(name: str) -> str:
    """``zhangsan zs``: spelling and initials as usual, then with one character read otherwise; lower case, by spaces.

    What has no reading stands for itself: Anna Li is ``annali al``.
    """
    readings = _readings(name)
    if not readings:
        return ""
    found = dict[str, None]()
    for each in _ways(readings):
        found |= dict.fromkeys(("".join(each), "".join(one[:1] for one in each)))
    kept = " ".join(found)
    return kept if len(kept) <= LONGEST else kept[:LONGEST].rsplit(" ", 1)[0]


def _readings(name: str) -> list[list[str]]:
    """The readings of each character, or of each word of another script, the usual one first."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # phrases are for texts; without them it loads in 0.1 s
    from pypinyin import Style, pinyin

    def others(text: str) -> Any:  # the library says str and takes a list
        return ["".join(c for c in word if c.isalnum()) for word in text.lower().split()]

    whole = pinyin(name.strip(), style=Style.NORMAL, heteronym=True, errors=others)
    readings = [list(dict.fromkeys(one.replace("ü", "v") for one in each if one)) for each in whole]
    surname = next((s for s in (name[:2], name[:1]) if s in SURNAMES), "")
    for at, read in enumerate(SURNAMES.get(surname, ())):
        readings[at] = [read, *(one for one in readings[at] if one != read)]
    return [each for each in readings if each]


def _ways(readings: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    usual = [each[0] for each in readings]
    yield usual
    for at, each in enumerate(readings):
        for other in each[1:]:
            yield [*usual[:at], other, *usual[at + 1 :]]
