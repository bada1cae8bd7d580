"""The ballot: two thirds of those present, in whole numbers."""

from __future__ import annotations

import pytest

from scoring.errors import ScoringError
from scoring.vote import Vote, needed


@pytest.mark.parametrize(("present", "votes"), [(1, 1), (2, 2), (3, 2), (9, 6), (10, 7), (11, 8), (12, 8), (17, 12)])
def test_two_thirds_of_those_present_rounded_up(present, votes):
    assert needed(present) == votes
    assert Vote(present, votes, present - votes, 0, 0).passed
    assert not Vote(present, votes - 1, present - votes, 1, 0).passed


def test_whoever_abstains_or_spoils_was_present():
    assert not Vote(9, 5, 0, 3, 1).passed
    assert Vote(9, 6, 0, 2, 1).passed


SUM, FEW = "同意、反对、弃权、废票合计 {} 票，与到会 {} 人不符。", "到会人数至少 1 人，票数不能小于 0。"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((9, 6, 2, 0, 0), SUM.format(8, 9)),
        ((9, 7, 3, 0, 0), SUM.format(10, 9)),
        ((0, 0, 0, 0, 0), FEW),
        ((3, 4, -1, 0, 0), FEW),
    ],
)
def test_a_ballot_that_does_not_add_up_is_refused(counts, said):
    with pytest.raises(ScoringError) as error:
        Vote(*counts)
    assert str(error.value) == said
