"""What a repair could do: the proposals of a job as they are shown, the best first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.models import Repair
from webapp.services import differences
from webapp.services.kernel import Sentence
from webapp.services.spoken import whole


@dataclass(frozen=True)
class Proposal:
    """A proposal as it is shown: what it changes, or why there is none."""

    number: int
    label: Sentence
    error: Sentence | None
    difference: differences.Difference | None = None
    unscheduled: tuple[str, ...] = ()
    proven: bool = False
    """Fewer changes are impossible."""


def ranked(row: Repair) -> list[Proposal]:
    """The proposals in order: the fewest left out, then in another session, then at another time, then changed at all.

    Those that give nothing stand last.
    """
    return sorted((_shown(row, number, one) for number, one in enumerate(row.proposals)), key=_rank)


def borrowed(row: Repair) -> dict[str, str]:
    """Code → name of the rooms a proposal would borrow: they are none of the round's before it is applied."""
    edits = (edit for one in row.proposals for edit in one.get("edits", ()))
    return {edit["id"]: edit["name"] for edit in edits if edit["do"] == "room_open"}


def _rank(one: Proposal) -> tuple[int, ...]:
    if one.difference is None:
        return (1, one.number)
    d = one.difference
    return (0, len(one.unscheduled), len(d.of("session")), len(d.of("time")), len(d.moves), len(d.called), one.number)


def _shown(row: Repair, number: int, one: Mapping[str, Any]) -> Proposal:
    label = whole(one["label"])
    if "error" in one:
        return Proposal(number, label, whole(one["error"]))
    document = one["document"]
    proof = document["repair"]
    changed = differences.between(row.base.document, document)
    left = tuple(document["unscheduled"])
    return Proposal(number, label, None, changed, left, proof["bound"][:4] == proof["cost"][:4])
