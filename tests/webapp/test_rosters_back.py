"""A round's rosters are exported and imported: into the same round nothing changes, a new one is the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from exports.out import write
from tests.exports.people import DIRECTIONS, people
from tests.webapp.small import OFFICE, clock
from webapp.models import Round
from webapp.services import books, kept, rosters, rounds, verify
from webapp.services.kernel import Refused

ROUNDS = max(2, int(os.environ.get("SOAK", "0")) // 10)
KINDS = tuple(rosters.KINDS)


def made(session: Session, name: str) -> Round:
    round_ = rounds.create(session, OFFICE, clock, name, {})
    session.flush()
    before = len(round_.directions)
    rounds.change_directions(session, OFFICE, clock, round_, [*DIRECTIONS, *map(str, range(before - len(DIRECTIONS)))])
    session.flush()
    return round_


def imported(session: Session, round_: Round, data: bytes) -> None:
    for kind in KINDS:
        rosters.write(session, OFFICE, clock, round_, kind, data, "名册.xlsx")
    session.expire_all()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_rounds_rosters_come_back_as_they_went(session: Session, seed: int) -> None:
    first, second = made(session, "一"), made(session, "二")
    imported(session, first, write("rosters", people(seed)))
    name, data = books.workbook(session, first, "rosters")
    assert name == "一-名册.xlsx"
    for kind in KINDS:
        changes = rosters.look(session, first, kind, data, name, {}).changes
        assert changes is not None
        assert (changes.added, changes.changed, changes.gone) == ((), (), ())
    imported(session, second, data)
    there = people(seed).rosters
    assert kept.of_round(session, first) == kept.of_round(session, second) == there
    assert verify.verify(session, data, name).agrees


def test_there_must_be_somebody(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="名册还是空的"):
        books.workbook(session, made(session, "空"), "rosters")
