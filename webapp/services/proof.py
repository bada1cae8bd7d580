"""What is proven about a schedule, in words: 再好也只能少 1 场."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.models import ScheduleVersion
from webapp.services import drafts
from webapp.services.kernel import Sentence

UNITS = ("人", "场", "个小组", "分", "人次", "场", "处")
"""What each level counts."""


@dataclass(frozen=True)
class Level:
    """One level: its word, cost and bound, and what that means."""

    word: str
    cost: int
    bound: int | None
    said: Sentence
    """How much better it can be at most."""

    @property
    def proven(self) -> bool:
        """Whether it can not be better."""
        return self.cost == self.bound


def levels(version: ScheduleVersion) -> list[Level]:
    """The seven levels; what is said of one holds with the earlier ones as they are."""
    found = drafts.levels(version)
    return [Level(word, cost, bound, _said(k, cost, bound)) for k, (word, cost, bound) in enumerate(found)]


def _said(level: int, cost: int, bound: int | None) -> Sentence:
    if cost == bound:
        return Sentence("不能再好")
    if bound is None or (level and bound <= 0 and level not in (3, 6)):
        return Sentence("还没有算过最好是多少")
    return Sentence("再好也只能少 %(n)s %(unit)s", n=cost - bound, unit=UNITS[level])


def still(known: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """``bound`` and ``status`` of a schedule with what another of the same instance proves: a bound holds as long as
    every earlier level costs the same."""
    cost, bound = list(made["cost"]), list(made["bound"])
    for level, proven in enumerate(known.get("bound", ())):
        if cost[:level] == list(known["cost"][:level]):
            bound[level] = max(bound[level], min(proven, cost[level]))
    return {"bound": bound, "status": "optimal" if bound == cost else "feasible"}


def narrower(instance: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether an instance is a known one with no more than pins added: what was proven of that holds of this."""
    held = {row["id"] for row in known["applicants"] if row.get("pin")}

    def bare(one: Mapping[str, Any]) -> dict[str, Any]:
        rows = [row if row["id"] in held else row | {"pin": None} for row in one["applicants"]]
        return dict(one) | {"applicants": rows}

    return bare(instance) == bare(known)
