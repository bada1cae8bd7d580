"""The settings of a round: defaults, how they are kept, what contradicts what; their words: ``setting_entries``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scoring.rubric import Rubric
from webapp.models import Round
from webapp.services.kernel import Sentence, Sentences, Unreadable
from webapp.services.setting_entries import ENTRIES


@dataclass(frozen=True)
class Mix:
    """Directions that may share a panel, and the office's reason."""

    directions: tuple[str, ...]
    reason: str = ""

    def holds(self, directions: Iterable[str]) -> bool:
        """Whether a panel of these directions is covered by it."""
        return set(directions) <= set(self.directions)

    def __str__(self) -> str:
        """As it is typed."""
        return " ".join(self.directions) + (f"：{self.reason}" if self.reason else "")


@dataclass(frozen=True)
class Settings:
    """One round's settings, in minutes, seconds and marks as named."""

    talk_minutes: int = 5
    answer_minutes: int = 5
    turnover_minutes: int = 0
    unused_talk: str = "lost"
    report_minutes: int = 30
    reminder_seconds: int = 60
    panel_size: int = 5
    min_specialists: int = 3
    max_sittings_per_panel: int = 4
    min_sitting: int = 6
    max_members_per_employer: int = 1
    mixes: tuple[Mix, ...] = ()
    sheet_lock: str = "submitted"
    aggregate: str = "mean"
    min_sheets_to_trim: int = 5
    min_sheets: int = 3
    decimals: int = 2
    reference_line: Decimal | None = None
    correction: str = "off"
    correction_decimals: tuple[int, int, int] = (2, 3, 2)
    min_present: int = 8
    line_meets: str = "raw"
    tie_break: tuple[str, ...] = ()
    weights: tuple[int, int] | None = None
    experts_see: str = "all"
    vote: str = "committee"
    names: str = "masked"
    order: str = "lot"
    lots: str = "before"
    late: str = "last"
    notice_days: int = 5
    notice_start: date | None = None
    notice_end: date | None = None


@dataclass(frozen=True)
class Terms:
    """What taking a mark asks of its round, read as columns: a tablet saves every few seconds."""

    id: int
    state: str
    rubric: str
    """The document as its text."""
    settings: dict[str, Any]
    sheet: str = ""
    """The sheet that nobody else writes since these were read (``places.held``)."""


def of_round(round_: Round | Terms) -> Settings:
    """The round's settings: its own values over the defaults."""
    own = dict(round_.settings or {})
    for name in ("correction_decimals", "tie_break", "weights"):
        if own.get(name) is not None:
            own[name] = tuple(own[name])
    own["mixes"] = tuple(Mix(tuple(mix["directions"]), mix["reason"]) for mix in own.get("mixes") or ())
    if own.get("reference_line") is not None:
        own["reference_line"] = Decimal(own["reference_line"])
    for name in ("notice_start", "notice_end"):
        if own.get(name):
            own[name] = date.fromisoformat(own[name])
    return Settings(**{key: value for key, value in own.items() if key in {f.name for f in fields(Settings)}})


def parse(texts: Mapping[str, str]) -> dict[str, Any]:
    """Stored values for what a person typed; every mistake at once, each naming its setting.

    Raises:
        Unreadable: unknown settings or values that make no sense.
    """
    values, wrong = {}, []
    for key, text in texts.items():
        if key not in ENTRIES:
            wrong.append(Sentence("没有名为 %(key)s 的设置", key=key))
            continue
        try:
            values[key] = ENTRIES[key].parse(text)
        except Unreadable as error:
            said = Sentence(
                "%(label)s（%(key)s）%(error)s，现为“%(now)s”", label=ENTRIES[key].label, key=key, error=error, now=text
            )
            wrong.append(said)
    if wrong:
        raise Unreadable("%(wrong)s。", wrong=Sentences.of(wrong, "；"))
    return values


def shown(value: object) -> str:
    """A value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        if value and isinstance(value[0], Mix):
            return "；".join(map(str, value))
        return ("/" if value and isinstance(value[0], int) else " ").join(map(str, value))
    return str(value)


def by_key(values: Mapping[str, Any], rubric: Rubric) -> dict[str, Any]:
    """The same values, items that decide between tied ones by their keys; what names no item stays as it is."""
    keys = {item.name: item.key for item in rubric.items} | {item.key: item.key for item in rubric.items}
    if "tie_break" not in values:
        return dict(values)
    return {**values, "tie_break": list(dict.fromkeys(keys.get(word, word) for word in values["tie_break"]))}


def check_weights(settings: Settings, defence: Rubric, papers: Rubric) -> None:
    """Refuse to weigh marks of different full marks: their sum would be out of nothing."""
    if settings.weights is not None and papers.full != defence.full:
        raise Unreadable(
            "材料评审标准满分 %(papers)s 与答辩评分标准满分 %(defence)s 不同，不能按权重合成总分。"
            "请把两者改成相同，或不设权重。",
            papers=f"{papers.full:f}",
            defence=f"{defence.full:f}",
        )


def check_together(settings: Settings, rubric: Rubric) -> None:
    """Refuse settings that contradict each other or the rubric."""
    strangers = [word for word in settings.tie_break if word not in {item.key for item in rubric.items}]
    if strangers:
        raise Unreadable(
            "同分时比较：评分标准中没有项目“%(word)s”。可以写：%(items)s。",
            word=strangers[0],
            items="、".join(item.name for item in rubric.items),
        )
    if settings.reference_line is not None and settings.reference_line > rubric.full:
        raise Unreadable(
            "参考线 %(line)s 高于满分 %(full)s。请改低参考线，或先改评分标准。",
            line=f"{settings.reference_line:f}",
            full=f"{rubric.full:f}",
        )
    if settings.min_specialists > settings.panel_size:
        raise Unreadable(
            "本方向专家至少 %(a)s 人，多于专家组人数 %(b)s 人。请改小前者。",
            a=settings.min_specialists,
            b=settings.panel_size,
        )
    if settings.min_sheets > settings.panel_size:
        raise Unreadable(
            "有效评分表至少 %(a)s 份，多于专家组人数 %(b)s 人。请改小前者。",
            a=settings.min_sheets,
            b=settings.panel_size,
        )
    start, end = settings.notice_start, settings.notice_end
    if end is not None and (start is None or end < start + timedelta(days=settings.notice_days - 1)):
        raise Unreadable(
            "公示截止日期 %(end)s 不可能满 %(n)s 个工作日。请先填开始日期，并改晚截止日期。",
            end=end,
            n=settings.notice_days,
        )
