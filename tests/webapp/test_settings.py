"""Settings as they are typed, kept and read."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.services import rounds
from webapp.services.instance import problem_document
from webapp.services.kernel import Unreadable
from webapp.services.settings import Mix, of_round, parse, shown


def test_a_mix_carries_its_reason_to_the_page_and_back(session: Session) -> None:
    typed = "D4 D5：两个方向人数都少; D6、D7=专家相同"
    round_ = rounds.create(session, OFFICE, clock, "合组", {"mixes": typed})
    session.flush()
    mixes = of_round(round_).mixes
    assert mixes == (Mix(("D4", "D5"), "两个方向人数都少"), Mix(("D6", "D7"), "专家相同"))
    assert mixes[0].holds(["D5"])
    assert not mixes[0].holds(["D5", "D6"])
    assert parse({"mixes": shown(mixes)}) == parse({"mixes": typed})
    assert problem_document(session, round_)["rules"]["mixes"] == [["D4", "D5"], ["D6", "D7"]]
    before = round_.row_version
    rounds.change_settings(session, OFFICE, clock, round_, {"mixes": shown(mixes)})
    session.flush()
    assert round_.row_version == before, "nothing changed, nothing is written"


@pytest.mark.parametrize("typed", ["D4 D5", "D4：只有一个", "D4 D5：好; D6 D7："])
def test_a_mix_without_a_reason_or_of_one_direction_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="合组的原因"):
        parse({"mixes": typed})
