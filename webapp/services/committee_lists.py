"""The committee's lists that are typed in by pages: who is meant, and whose numbers are still missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webapp.models import Round
from webapp.services import reviews, voting
from webapp.services.listing import Facet, Table
from webapp.services.person_form import LEVELS

PAPERS: Mapping[str, str] = {"none": "还没有录入", "unseen": "等确认"}
VOTES: Mapping[str, str] = {"none": "还没有记录"}


def papers(round_: Round, rows: Sequence[reviews.Row]) -> Table:
    """The marks of the papers."""

    def left(row: reviews.Row, value: str) -> bool:
        if row.review is None:
            return value == "none"
        return value == "unseen" and row.review.confirmed_by is None

    return _table(round_, rows, PAPERS, left)


def votes(round_: Round, rows: Sequence[voting.Row]) -> Table:
    """The votes."""
    return _table(round_, rows, VOTES, lambda row, _value: row.ballot is None)


def _table(round_: Round, rows: Sequence[Any], words: Mapping[str, str], left: Callable[[Any, str], bool]) -> Table:
    directions = {d.code: d.name for d in round_.directions}
    facets = (
        Facet("level", "级别", LEVELS, lambda value: lambda row: row.applicant.level == value),
        Facet("direction", "专业方向", directions, lambda value: lambda row: row.applicant.direction.code == value),
        Facet("left", "还缺", words, lambda value: lambda row: left(row, value)),
    )
    return Table(rows, (), facets)
