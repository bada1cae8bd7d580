"""Personal data of an archived round, erased: the archive has them, the server no longer needs them.

Results, marks, records and the audit chain stay; who is meant stays as number and name. Gone are ID numbers, phones,
everything else a roster said of a person, what the audit log holds of values before and after, and the rosters as they
came. The page and the command are these functions.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, NullPool, Table, create_engine, delete, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.config import Config
from webapp.models import Applicant, AuditEntry, AuditPayload, Expert, Import, Round, TabletCode, TabletSession
from webapp.services import audit, backups, changes, rounds, snapshots
from webapp.services.kernel import Actor, Clock, Refused

ERASED: dict[str, dict[str, Any]] = {
    "applicants": {"id_no": "", "phone": "", "insured_unit": "", "details": {}},
    "experts": {"id_no": "", "phone": "", "note": "", "availability_text": ""},
}
"""Table → what its columns become."""
ACT, ARCHIVED = "round.wipe", "round.archive"


@dataclass(frozen=True)
class Act:
    """An entry of the audit log: who, when, of what."""

    by: str
    at: datetime
    thing: str


@dataclass(frozen=True)
class Kept:
    """What is still here of a round's personal data, when it was archived (``thing``: the manifest) and wiped."""

    round: Round
    people: int
    payloads: int
    files: int
    archived: Act | None
    wiped: Act | None


@dataclass(frozen=True)
class Wiped:
    """How much was erased."""

    people: int
    payloads: int
    files: int


def kept(session: Session, config: Config, round_: Round) -> Kept:
    """How much a wipe would erase."""
    people = sum(_holding(session, table.__table__, round_) for table in (Applicant, Expert))
    said = select(func.count(AuditPayload.entry_id)).join(AuditEntry, AuditEntry.id == AuditPayload.entry_id)
    own = AuditEntry.round_id == round_.id, AuditEntry.act.not_in((ACT, audit.ERASED))  # which say how much went
    acts = _last(session, round_, ARCHIVED), _last(session, round_, ACT)
    return Kept(round_, people, session.scalar(said.where(*own)) or 0, len(_files(session, config, round_)), *acts)


def everyone(session: Session, config: Config) -> list[Kept]:
    """Every round, the newest first."""
    return [kept(session, config, round_) for round_ in rounds.everyone(session)]


def copies(config: Config, before: datetime | None = None) -> int:
    """How many backups, here and at the second place, hold the data still: all, or those from before a moment."""
    places = [place for place in (config.backups, config.second) if place is not None]
    return sum(before is None or at < before for place in places for at, _path in backups.listed(place))


def wipe(session: Session, actor: Actor, clock: Clock, config: Config, round_: Round, reason: str, typed: str) -> Wiped:
    """Erase the personal data of an archived round, for good; ``typed`` is its name. Then commit and :func:`rewrite`.

    Raises:
        Refused: the round is not archived yet, no reason is given, or another name.
    """
    if round_.state != "archived":
        raise Refused("批次“%(name)s”还没有归档，不能清除个人信息。请先归档并核对归档文件。", name=round_.name)
    if not reason.strip():
        raise Refused("清除个人信息要写明原因（例如保存期满）。")
    if typed.strip() != round_.name:
        raise Refused("批次名称不符，什么也没有清除。请照样输入“%(name)s”。", name=round_.name)
    people = sum(_erase(session, table.__table__, round_) for table in (Applicant, Expert))
    payloads = audit.erase(session, actor, clock, round_.id)
    experts = select(Expert.id).where(Expert.round_id == round_.id)
    for doors in (TabletCode, TabletSession):
        session.execute(delete(doors).where(doors.expert_id.in_(experts)))
    done = Wiped(people, payloads, _forget(session, config, round_))
    changes.taken(session)  # what was erased is not kept in the entry
    sides = {"before": asdict(done), "after": {"reason": reason.strip()[:256]}}
    audit.record(session, actor, clock, ACT, round_.name, round_id=round_.id, **sides)
    session.expire_all()
    return done


def rewrite(config: Config) -> bool:
    """Have the database write its files anew: until then what was erased lies between their rows, and in each backup.

    ``False``: somebody else was at work for too long; wipe once more later.
    """
    engine = create_engine(config.database_url, poolclass=NullPool)
    connection = engine.raw_connection()  # past SQLAlchemy, which begins a transaction
    try:
        cursor = connection.cursor()
        if snapshots.kind_of(config) == "sqlite":
            cursor.execute("VACUUM")
            return not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        connection.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor.execute("VACUUM FULL applicants, experts, imports, audit_payloads, tablet_codes, tablet_sessions")
    except engine.dialect.loaded_dbapi.Error:
        return False
    finally:
        connection.close()
    return True


def _holding(session: Session, table: object, round_: Round) -> int:
    """How many rows have something to erase."""
    assert isinstance(table, Table)
    full = or_(*(table.c[name] != empty for name, empty in ERASED[table.name].items()))
    return session.scalar(select(func.count()).where(table.c.round_id == round_.id, full)) or 0


def _last(session: Session, round_: Round, act: str) -> Act | None:
    found = select(AuditEntry).where(AuditEntry.round_id == round_.id, AuditEntry.act == act)
    row = session.scalars(found.order_by(AuditEntry.id.desc()).limit(1)).first()
    return Act(row.actor, row.at, row.object) if row else None


def _erase(session: Session, table: object, round_: Round) -> int:
    assert isinstance(table, Table)
    return _count(session.execute(update(table).where(table.c.round_id == round_.id).values(ERASED[table.name])))


def _files(session: Session, config: Config, round_: Round) -> list[Path]:
    """The uploaded files no other round has."""
    elsewhere = select(Import.stored_as).where(Import.round_id != round_.id)
    own = select(Import.stored_as).where(Import.round_id == round_.id, Import.stored_as.not_in(elsewhere)).distinct()
    return [path for name in session.scalars(own) if (path := config.uploads / name).exists()]


def _forget(session: Session, config: Config, round_: Round) -> int:
    """Remove the files; what was said about their rows goes too."""
    files = _files(session, config, round_)
    for path in files:
        path.unlink()
    for row in session.scalars(select(Import).where(Import.round_id == round_.id)):
        row.summary = {}
    session.flush()
    return len(files)


def _count(answer: object) -> int:
    assert isinstance(answer, CursorResult)
    return answer.rowcount
