"""Promise 10: reopening adds a version; the number of history rows never falls, whatever is done."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from tests.promises.acts import story
from tests.promises.test_promise_12_acts import post
from tests.promises.town import Town
from webapp.models import AuditEntry, ResultSet, Sheet, SheetRecord


def counted(town: Town) -> list[int]:
    with town.data() as session:
        own = (SheetRecord.sheet_key.startswith("R1-"), ResultSet.round_id == 1)  # a rehearsal is wiped
        return [session.scalar(select(func.count(AuditEntry.id))) or 0] + [
            session.scalar(select(func.count()).where(where)) or 0 for where in own
        ]


def test_no_act_of_the_story_takes_from_history(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    before, versions = counted(town), {}
    for step in story(town, rosters=False):
        post(town, step)
        after = counted(town)
        assert all(new >= old for new, old in zip(after, before, strict=True)), step.endpoint
        before = after
        with town.data() as session:
            rows = session.execute(select(Sheet.key, Sheet.version).where(Sheet.round_id == 1))
            now = dict(rows.all())
        assert all(now.get(key, 0) >= version for key, version in versions.items()), step.endpoint
        versions = now
    assert versions["R1-P1-A00001-E0002"] >= 3, "the unlocked sheet has a further version"
    assert before[2] == 2, "computed again after being sent back: the first computation is still there"
