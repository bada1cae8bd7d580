"""Promise 10: reopening adds a version; the number of history rows never falls, whatever is done."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from tests.promises.acts import story
from tests.promises.test_promise_12_acts import post
from tests.promises.town import Town
from webapp.models import (
    AuditEntry,
    Choice,
    Draw,
    Import,
    Objection,
    Remark,
    Repair,
    ResultSet,
    Round,
    RubricVersion,
    ScheduleVersion,
    Sheet,
    SheetRecord,
    Unlock,
)

HISTORY = (AuditEntry, Draw, Import, Objection, Remark, Repair, ResultSet, RubricVersion, ScheduleVersion, Unlock)


def counted(town: Town) -> dict[str, int]:
    """Table → rows of the rounds that are no rehearsal, which is wiped."""
    real = select(Round.id).where(Round.rehearsal_of.is_(None))
    found = {table.__tablename__: select(func.count()).where(table.round_id.in_(real)) for table in HISTORY}
    found["sheet_records"] = select(func.count()).where(SheetRecord.sheet_key.startswith("R1-"))
    found["choices"] = select(func.count(Choice.id))
    with town.data() as session:
        return {name: session.scalar(query) or 0 for name, query in found.items()}


def test_no_act_of_the_story_takes_from_history(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    before, versions = counted(town), {}
    for step in story(town):
        post(town, step)
        after = counted(town)
        fewer = {name for name, n in after.items() if n < before[name]}
        assert not fewer, (step.endpoint, fewer)
        before = after
        with town.data() as session:
            rows = session.execute(select(Sheet.key, Sheet.version).where(Sheet.round_id == 1))
            now = dict(rows.all())
        assert all(now.get(key, 0) >= version for key, version in versions.items()), step.endpoint
        versions = now
    assert versions["R1-P1-A00001-E0002"] >= 3, "the unlocked sheet has a further version"
    assert before["result_sets"] == 2, "computed again after being sent back: the first computation is still there"
    assert {name for name, n in before.items() if not n} == set(), "each kind of history was written in the story"
