"""Personal data of an archived round, erased: the archive has them, the server no longer needs them.

Results, marks, records and the audit chain stay; who is meant stays as number and name. Gone are ID numbers, phones,
everything else a roster said of a person, what the audit log holds of values before and after, and the rosters as they
came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Table, delete, func, select, update
from sqlalchemy.orm import Session

from webapp.config import Config
from webapp.models import Applicant, Expert, Import, Round, TabletCode, TabletSession
from webapp.services import audit, changes
from webapp.services.kernel import Actor, Clock, Refused

ERASED: dict[str, dict[str, Any]] = {
    "applicants": {"id_no": "", "phone": "", "insured_unit": "", "details": {}},
    "experts": {"id_no": "", "phone": "", "note": "", "availability_text": ""},
}
"""Table → what its columns become."""


@dataclass(frozen=True)
class Wiped:
    """How much was erased."""

    people: int
    payloads: int
    files: int


def wipe(session: Session, actor: Actor, clock: Clock, config: Config, round_: Round, reason: str) -> Wiped:
    """Erase the personal data of an archived round, for good.

    Raises:
        Refused: the round is not archived yet, or no reason is given.
    """
    if round_.state != "archived":
        raise Refused("批次“%(name)s”还没有归档，不能清除个人信息。请先归档并核对归档文件。", name=round_.name)
    if not reason.strip():
        raise Refused("清除个人信息要写明原因（例如保存期满）。")
    people = sum(_erase(session, table.__table__, round_) for table in (Applicant, Expert))
    payloads = audit.erase(session, actor, clock, round_.id)
    experts = select(Expert.id).where(Expert.round_id == round_.id)
    for doors in (TabletCode, TabletSession):
        session.execute(delete(doors).where(doors.expert_id.in_(experts)))
    done = Wiped(people, payloads, _files(session, config, round_))
    after = {"reason": reason.strip()[:256], "people": people, "payloads": payloads, "files": done.files}
    changes.taken(session)  # what was erased is not kept in the entry
    audit.record(session, actor, clock, "round.wipe", round_.name, round_id=round_.id, after=after)
    session.expire_all()
    return done


def _erase(session: Session, table: object, round_: Round) -> int:
    assert isinstance(table, Table)
    return _count(session.execute(update(table).where(table.c.round_id == round_.id).values(ERASED[table.name])))


def _files(session: Session, config: Config, round_: Round) -> int:
    """The uploaded files no other round has; what was said about their rows goes too."""
    gone = 0
    for row in session.scalars(select(Import).where(Import.round_id == round_.id)):
        elsewhere = select(func.count()).where(Import.stored_as == row.stored_as, Import.round_id != round_.id)
        path = config.uploads / row.stored_as
        if not session.scalar(elsewhere) and path.exists():
            path.unlink()
            gone += 1
        row.summary = {}
    session.flush()
    return gone


def _count(answer: object) -> int:
    assert isinstance(answer, CursorResult)
    return answer.rowcount
