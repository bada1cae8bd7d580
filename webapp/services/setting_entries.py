"""Every setting of a round as the office sees it: its words, what it accepts, when it freezes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scoring.errors import ScoringError
from scoring.marks import least_zero
from webapp.services.kernel import Unreadable


@dataclass(frozen=True)
class Entry:
    """A setting as the office sees it: its words, its parser, the kind of freeze."""

    label: str
    hint: str
    parse: Callable[[str], Any]
    freeze: str
    """``schedule``: when the schedule is published; ``scores``: when the first applicant is called."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Value → its words, where only some values make sense."""


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.strip().isdigit() or not least <= int(text) <= most:
            raise Unreadable("应为 %(least)s 到 %(most)s 之间的整数", least=least, most=most)
        return int(text)

    return parse


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.strip() not in words:
            raise Unreadable("应为 %(words)s 之一", words="、".join(words))
        return text.strip()

    return parse


def _odd(text: str) -> int:
    number = _whole(3, 15)(text)
    if number % 2 == 0:
        raise Unreadable("应为 3 以上的奇数")
    return number


def _mark_or_none(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return f"{least_zero(text, ''):f}"
    except ScoringError as error:
        raise Unreadable("应为一个分数，留空表示不设") from error


def _day_or_none(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise Unreadable("应为日期，例如 2026-12-05，留空表示不设") from error


def _mixes(text: str) -> list[dict[str, Any]]:
    groups = []
    for group in filter(str.strip, re.split("[;；\\n]", text)):
        codes, _colon, reason = re.sub("[:=]", "：", group).partition("：")
        directions = codes.replace("、", " ").replace(",", " ").split()
        if len(directions) < 2 or not reason.strip():
            raise Unreadable("每组至少写两个方向代码和合组的原因，组间用分号隔开，例如 D4 D5：两个方向人数都少")
        groups.append({"directions": directions, "reason": reason.strip()[:100]})
    return groups


def _three(text: str) -> list[int]:
    parts = text.replace("，", ",").replace("/", ",").split(",")
    if len(parts) != 3:
        raise Unreadable("应为三个小数位数，例如 2/3/2")
    return [_whole(0, 6)(part.strip()) for part in parts]


def _weights(text: str) -> list[int] | None:
    if not text.strip():
        return None
    parts = [part.strip() for part in text.replace("，", "/").replace(",", "/").split("/")]
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts) or sum(map(int, parts)) != 100:
        raise Unreadable("应为材料和答辩的百分比，合计 100，例如 40/60，留空表示分别显示")
    return [int(part) for part in parts]


AGGREGATES = {
    "mean": "平均分",
    "trim_total": "按总分去掉一个最高分和一个最低分",
    "trim_item": "按项目各去掉一个最高分和一个最低分",
    "median": "中位数",
}
CORRECTIONS = {"off": "不修正", "pooled": "修正系数", "second_mean": "二次平均", "trimmed": "去高低后修正"}
LINE_MEETS = {"raw": "答辩成绩（修正前）", "final": "修正后成绩"}
NAMES = {"masked": "隐名（张＊）", "number": "只列编号", "full": "全名"}
EXPERTS_SEE = {"all": "姓名、工作单位、专业和职称", "number": "只有编号"}
ORDERS = {"lot": "抽签", "roster": "按名册顺序"}
LOTS = {"before": "发布前抽定", "check_in": "报到时抽签"}
UNUSED = {"lost": "不计入答辩", "carried": "并入答辩"}
LATE = {"last": "本组未散场时最后叫", "gave_up": "迟到视为放弃", "leftover": "取剩下的号"}
LOCKS = {"submitted": "提交后立即锁定", "closed": "本场关闭时锁定"}
VOTES = {"committee": "评委会表决", "none": "不表决"}

ENTRIES: dict[str, Entry] = {
    "talk_minutes": Entry("陈述时间（分钟）", "脱稿陈述的时长", _whole(1, 60), "schedule"),
    "answer_minutes": Entry("答辩时间（分钟）", "回答专家提问的时长", _whole(0, 60), "schedule"),
    "turnover_minutes": Entry(
        "换场时间（分钟）",
        "两人之间的间隔；实际换场需 2 分钟而这里写 0 时，第 20 位申报人将晚 40 分钟",
        _whole(0, 30),
        "schedule",
    ),
    "unused_talk": Entry(
        "陈述没用完的时间", "陈述提前结束时，剩下的时间怎样处理", _one_of(*UNUSED), "schedule", UNUSED
    ),
    "report_minutes": Entry("提前报到（分钟）", "本场开始前多少分钟报到", _whole(0, 240), "schedule"),
    "reminder_seconds": Entry("结束前提醒（秒）", "每段时间结束前多少秒提醒", _whole(0, 600), "schedule"),
    "panel_size": Entry("专家组人数", "奇数，不少于 3 人", _odd, "schedule"),
    "min_specialists": Entry("本方向专家至少（人）", "专家组中对该方向强度 2 以上的人数", _whole(0, 15), "schedule"),
    "max_sittings_per_panel": Entry("每组最多场次", "一个专家组最多坐几个半天", _whole(1, 40), "schedule"),
    "min_sitting": Entry("每场至少人数（尽量）", "少于此数的场次尽量避免", _whole(0, 60), "schedule"),
    "max_members_per_employer": Entry(
        "同单位专家最多（人）", "同一专家组中来自同一单位的人数", _whole(1, 15), "schedule"
    ),
    "mixes": Entry(
        "可以合组的方向",
        "方向代码用空格隔开，冒号后写明原因，组间用分号，例如 D4 D5：两个方向人数都少；留空为不合组",
        _mixes,
        "schedule",
    ),
    "names": Entry(
        "公开名单上的姓名",
        "公开名单和大屏上怎样写申报人",
        _one_of(*NAMES),
        "schedule",
        NAMES,
    ),
    "order": Entry("每场的先后次序", "抽签排定，或按名册中的序号", _one_of(*ORDERS), "schedule", ORDERS),
    "lots": Entry(
        "抽签时间",
        "发布前抽定时名单写明每人时间，报到时抽签只写场次",
        _one_of(*LOTS),
        "schedule",
        LOTS,
    ),
    "experts_see": Entry(
        "专家看到的申报人", "平板上显示申报人的哪些信息", _one_of(*EXPERTS_SEE), "scores", EXPERTS_SEE
    ),
    "late": Entry("迟到的申报人", "叫到时还没有来的怎样处理", _one_of(*LATE), "schedule", LATE),
    "sheet_lock": Entry(
        "评分表何时锁定", "关闭本场之前，专家能否修改自己已提交的评分表", _one_of(*LOCKS), "scores", LOCKS
    ),
    "aggregate": Entry(
        "合分办法",
        "几位专家的评分怎样合成一个成绩",
        _one_of(*AGGREGATES),
        "scores",
        AGGREGATES,
    ),
    "min_sheets_to_trim": Entry("几份评分起去高低", "有效评分表少于此数时用平均分并注明", _whole(3, 15), "scores"),
    "min_sheets": Entry("有效评分表至少（份）", "少于此数时没有成绩，由办公室处理", _whole(1, 15), "scores"),
    "decimals": Entry("成绩小数位数", "四舍五入一次", _whole(0, 4), "scores"),
    "reference_line": Entry("参考线", "只显示达到或未达到，不代表评审结果；留空为不设", _mark_or_none, "scores"),
    "correction": Entry(
        "组间修正",
        "只在同一方向同一级别内、有两个以上专家组时",
        _one_of(*CORRECTIONS),
        "scores",
        CORRECTIONS,
    ),
    "correction_decimals": Entry("修正的小数位数", "平均分/系数/成绩，例如 2/3/2", _three, "scores"),
    "min_present": Entry("修正时每组至少（人）", "到场少于此数时仍修正，但提示系数不稳", _whole(1, 60), "scores"),
    "line_meets": Entry(
        "参考线对照", "有组间修正时，用哪个成绩与参考线比较", _one_of(*LINE_MEETS), "scores", LINE_MEETS
    ),
    "tie_break": Entry(
        "同分时比较",
        "评分项目的名称或代码，按先后用顿号或空格隔开；留空为并列",
        lambda text: re.sub("[、，,；;]", " ", text).split(),
        "scores",
    ),
    "weights": Entry(
        "材料与答辩的权重",
        "高级：材料评审分和答辩成绩合成总分的百分比，例如 40/60；留空为分别显示，不相加",
        _weights,
        "scores",
    ),
    "vote": Entry(
        "评委会表决",
        "表决结束后才能公布成绩，公示名单是表决通过的人员；不表决的批次没有公示名单",
        _one_of(*VOTES),
        "scores",
        VOTES,
    ),
    "notice_days": Entry("公示至少（工作日）", "首日是工作日的计入", _whole(5, 60), "notice"),
    "notice_start": Entry("公示开始日期", "例如 2026-12-05；留空为未定", _day_or_none, "notice"),
    "notice_end": Entry(
        "公示截止日期", "留空按放假和调休安排计算；安排有变或当年安排未公布时在此填写", _day_or_none, "notice"
    ),
}
"""Every setting, in the order of the page."""
