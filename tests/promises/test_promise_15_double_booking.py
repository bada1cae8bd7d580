"""Promise 15: double booking is impossible in the database too. The cases stand in the tests of the data."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Round

DOUBLE = {
    "a room in a session": "INSERT INTO sittings (version_id, panel_id, session_id, room_id)"
    " SELECT version_id, panel_id, session_id, room_id FROM sittings",
    "an expert at a time": "INSERT INTO seats_held (version_id, session_id, expert_id, sitting_id)"
    " SELECT version_id, session_id, expert_id, sitting_id FROM seats_held LIMIT 1",
    "an applicant": "INSERT INTO appointments (version_id, sitting_id, applicant_id, start)"
    " SELECT version_id, sitting_id, applicant_id, '2026-12-05 11:00:00' FROM appointments LIMIT 1",
    "a slot": "INSERT INTO appointments (version_id, sitting_id, applicant_id, start)"
    " SELECT a.version_id, a.sitting_id, p.id, a.start FROM appointments a, applicants p WHERE p.code = 'A00003'",
    "through another version": "UPDATE seats_held SET version_id = version_id + 1",
    "two published versions": "INSERT INTO schedule_versions (round_id, number, status, made_at, made_by, note,"
    " instance, document) SELECT round_id, number + 1, 'published', made_at, made_by, note, instance, document"
    " FROM schedule_versions",
}


@pytest.mark.parametrize("change", DOUBLE.values(), ids=DOUBLE)
def test_twice_is_refused(session: Session, round_: Round, change: str) -> None:
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(change))
