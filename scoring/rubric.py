"""The rubric (评分标准): items with full mark, step, prompts and bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.errors import ScoringError
from scoring.marks import half_up, mark, on_step
from scoring.said import say, several

BANDS = (("优", "0.90"), ("良", "0.80"), ("中", "0.70"), ("差", "0.60"))
"""Words and shares of the full mark that one tap sets."""


@dataclass(frozen=True)
class Item:
    """One item: its key, name, full mark, step and what it asks."""

    key: str
    name: str
    full: Decimal
    step: Decimal = Decimal(1)
    prompts: tuple[str, ...] = ()
    bands: tuple[tuple[str, Decimal], ...] = ()

    def parse(self, value: object) -> Decimal | None:
        """A mark of this item; ``None`` is *not scored*.

        Raises:
            ScoringError: no number, under 0, above the full mark, off the step.
        """
        number = mark(value, self.name)
        if number is None:
            return None
        if not 0 <= number <= self.full:
            beyond = {"item": self.name, "number": number, "full": self.full}
            raise ScoringError(say("%(item)s：%(number)s 不在 0 到 %(full)s 之间。", **beyond))
        if not on_step(number, self.step):
            between = {"item": self.name, "number": number, "step": self.step}
            raise ScoringError(say("%(item)s：%(number)s 不是 %(step)s 的整数倍。", **between))
        return number


@dataclass(frozen=True)
class Rubric:
    """The items of a round and the version of their wording."""

    version: int
    items: tuple[Item, ...]

    @property
    def full(self) -> Decimal:
        """The full marks together."""
        return sum((item.full for item in self.items), Decimal(0))

    def parse(self, marks: Mapping[str, object], *, complete: bool) -> dict[str, Decimal | None]:
        """The marks in the order of the items; a missing item is *not scored*.

        Raises:
            ScoringError: an unknown item, a mark that makes no sense, or a hole where ``complete`` is asked for.
        """
        unknown = sorted(set(marks) - {item.key for item in self.items})
        if unknown:
            raise ScoringError(say("评分标准中没有项目“%(key)s”。", key=unknown[0]))
        parsed = {item.key: item.parse(marks.get(item.key)) for item in self.items}
        holes = [item.name for item in self.items if parsed[item.key] is None]
        if complete and holes:
            raise ScoringError(say("还没有评分：%(items)s。", items=several(holes, "、")))
        return parsed

    def to_json(self) -> dict[str, Any]:
        """The rubric as a document; marks are decimal strings."""
        return {
            "version": self.version,
            "items": [
                {
                    "key": i.key,
                    "name": i.name,
                    "full": str(i.full),
                    "step": str(i.step),
                    "prompts": list(i.prompts),
                    "bands": [[word, str(value)] for word, value in i.bands],
                }
                for i in self.items
            ],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Rubric:
        """The rubric of a document.

        Raises:
            ScoringError: items missing, twice, or with a full mark or step of nothing.
        """
        try:
            items = tuple(_item(row) for row in document["items"])
            version = int(document["version"])
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise ScoringError(say("评分标准读不出：%(error)s。", error=str(error))) from error
        if not items or len({item.key for item in items}) != len(items):
            raise ScoringError(say("评分标准没有项目，或有重复的项目代码。"))
        if any(item.full <= 0 or item.step <= 0 for item in items):
            raise ScoringError(say("评分项目的满分和步长应大于 0。"))
        return cls(version, items)


def _item(row: Mapping[str, Any]) -> Item:
    bands = tuple((str(word), Decimal(value)) for word, value in row.get("bands", ()))
    prompts = tuple(map(str, row.get("prompts", ())))
    return Item(str(row["key"]), str(row["name"]), Decimal(row["full"]), Decimal(row.get("step", "1")), prompts, bands)


def example() -> Rubric:
    """The shipped example (示例): five items, 100 marks in all."""
    rows = (
        ("talk", "汇报", 20, ("条理清楚", "按时完成", "脱稿陈述")),
        ("skill", "专业技术能力", 25, ("科研能力", "技改能力", "掌握技能")),
        ("work", "业绩与贡献", 25, ("取得成果", "为企业所作贡献")),
        ("qa", "答辩", 25, ("准确", "深度", "真实")),
        ("general", "综合素质", 5, ("学习经历", "工作经历")),
    )
    return Rubric(1, tuple(_made(*row) for row in rows))


def papers() -> Rubric:
    """What a review of the papers (材料评审) marks: the basic conditions and the achievements, 100 in all."""
    rows = (
        ("basis", "基本条件", 40, ("学历资历", "继续教育", "年度考核")),
        ("achievements", "业绩成果", 60, ("取得成果", "为企业所作贡献")),
    )
    return Rubric(1, tuple(_made(*row) for row in rows))


def _made(key: str, name: str, full: int, prompts: tuple[str, ...]) -> Item:
    bands: list[tuple[str, Decimal]] = []
    for word, share in BANDS:
        value = half_up(full * Decimal(share), 0)
        bands.append((word, min(value, bands[-1][1] - 1) if bands else value))  # each band has a mark of its own
    return Item(key, name, Decimal(full), Decimal(1), prompts, tuple(bands))
