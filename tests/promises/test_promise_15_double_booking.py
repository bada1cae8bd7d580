"""Promise 15: double booking is impossible in the database too. Each case breaks one key alone, which says so."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Expert, Panel, Round, SeatHeld, Sitting
from webapp.models.rounds import Room

SITTING = (
    "INSERT INTO sittings (version_id, panel_id, session_id, room_id)"
    " SELECT s.version_id, p.id, s.session_id, s.room_id FROM sittings s, panels p"
    " WHERE p.code = '{panel}' AND s.id = (SELECT min(id) FROM sittings)"
)
SEAT = (
    "INSERT INTO seats_held (version_id, session_id, expert_id, sitting_id)"
    " SELECT version_id, session_id, {who}, (SELECT max(id) FROM sittings) FROM seats_held"
    " WHERE id = (SELECT min(id) FROM seats_held)"
)
PLACE = (
    "INSERT INTO appointments (version_id, sitting_id, applicant_id, start)"
    " SELECT a.version_id, {where}, p.id, {when} FROM appointments a, applicants p"
    " WHERE p.code = '{who}' AND a.id = (SELECT min(id) FROM appointments)"
)
VERSION = (
    "INSERT INTO schedule_versions (round_id, number, status, made_at, made_by, note, instance, document, revision)"
    " SELECT round_id, number + 1, '{status}', made_at, made_by, note, instance, document, 0 FROM schedule_versions"
)
OTHER = {"where": "(SELECT max(id) FROM sittings)", "when": "'2026-12-05 11:00:00'"}
DOUBLE = {
    "a room in a session": (SITTING.format(panel="P3"), "sittings", "version_id, session_id, room_id"),
    "an expert at a time": (SEAT.format(who="expert_id"), "seats_held", "version_id, session_id, expert_id"),
    "an applicant": (PLACE.format(who="A00001", **OTHER), "appointments", "version_id, applicant_id"),
    "a slot": (PLACE.format(who="A00003", where="a.sitting_id", when="a.start"), "appointments", "sitting_id, start"),
    "two published versions": (VERSION.format(status="published"), "schedule_versions", "round_id"),
}
"""What is twice → how, in which table, which columns are its key."""
ONCE = {
    "another expert": SEAT.format(who="(SELECT id FROM experts WHERE code = 'E0004')"),
    "another applicant": PLACE.format(who="A00003", **OTHER),
    "a draft beside": VERSION.format(status="draft"),
}


@pytest.fixture
def two(session: Session, round_: Round) -> Session:
    """A second panel with a sitting in a room of its own, a third one without, and an expert nobody called."""
    first = session.scalars(select(Sitting)).one()
    round_.rooms.append(Room(code="R2", name="第二答辩室", position=2))
    session.add(Expert(round_id=round_.id, code="E0004", name="专家4", employer="大学4", strengths={}))
    for position, code in ((2, "P2"), (3, "P3")):
        session.add(Panel(version_id=first.version_id, code=code, position=position, directions=["D1"]))
    session.flush()
    second = session.scalars(select(Panel).where(Panel.code == "P2")).one()
    room = session.scalars(select(Room).where(Room.code == "R2")).one()
    where = {"version_id": first.version_id, "session_id": first.session_id}
    session.execute(insert(Sitting).values(panel_id=second.id, room_id=room.id, **where))
    session.commit()
    return session


@pytest.mark.parametrize(("change", "table", "key"), DOUBLE.values(), ids=DOUBLE)
def test_twice_is_refused(two: Session, change: str, table: str, key: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        two.execute(text(change))
    said = str(refused.value.orig)
    columns = ", ".join(f"{table}.{name}" for name in key.split(", "))
    assert said.endswith(f"UNIQUE constraint failed: {columns}") or f"Key ({key})=" in said, said


@pytest.mark.parametrize("change", ONCE.values(), ids=ONCE)
def test_once_is_not(two: Session, change: str) -> None:
    two.execute(text(change))


def test_nothing_slips_into_another_version(two: Session) -> None:
    assert two.scalars(select(SeatHeld)).first() is not None
    with pytest.raises(IntegrityError, match=r"FOREIGN KEY|foreign key"):
        two.execute(text("UPDATE seats_held SET version_id = version_id + 1"))
