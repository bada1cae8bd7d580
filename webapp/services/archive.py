"""A round as one bundle for the shelf: its data, workbooks, rosters as they came, audit chain; a manifest of hashes.

The data are always an SQLite file at the newest migration, whatever database they come from: rows of this round only,
and the whole audit chain (other rounds' payloads left out), without passwords, entry codes and tablets.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, create_engine, insert, select
from sqlalchemy.orm import Session

from webapp.config import Config
from webapp.migrate import upgrade
from webapp.models import AuditEntry, Base, Import, Round
from webapp.services import audit, books, objections, results
from webapp.services.kernel import Actor, Clock, Refused

MANIFEST, DATA = "manifest.json", "data.sqlite3"
LEFT_OUT = ("login_failures", "logins", "tablet_codes", "tablet_sessions")
"""Tables that are nobody's record: who may come in."""
FOLDERS = {"entry": "sheets", "schedule": "schedules"}
"""Kind of a file that came in → its folder in the bundle; all others are rosters."""
WHOLE = ("users", "audit_log")
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Archived:
    """The bundle, the SHA-256 of its manifest, and the files that came in and are here no more, or not as they came."""

    bundle: bytes
    digest: str
    missing: tuple[str, ...]


def write(session: Session, actor: Actor, clock: Clock, config: Config, round_: Round) -> Archived:
    """Bundle a round; the manifest's SHA-256 is recorded in the audit log.

    Raises:
        Refused: there is no schedule yet, the audit chain is broken, or an objection is not decided on.
    """
    if broken := list(audit.broken(session)):
        raise Refused("审计链有误，不能归档：%(what)s请先查明原因。", what=broken[0])
    ends = results.at_its_end(round_)
    if ends and (left := objections.undecided(session, round_)):
        raise Refused("还有 %(n)s 件异议没有决定，不能归档。请先由成绩管理员决定。", n=left)
    rows = rows_of(session, round_)
    came = dict(_came_in(session, config, round_))
    missing = {name: digest for name, (digest, data) in came.items() if data is None}
    whole = {name: data for name, (_digest, data) in came.items() if data is not None}
    files = dict(_workbooks(session, round_)) | whole | {DATA: _database(rows)}
    manifest = {
        "format": 1,
        "round": round_.name,
        "state": round_.state,
        "made_at": clock().isoformat(timespec="seconds"),
        "made_by": actor.name,
        "audit_head": audit.head(session),
        "rows": {name: len(found) for name, found in rows.items()},
        "files": {name: _print(data) for name, data in sorted(files.items())},
        "missing": missing,
    }
    said = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in ((MANIFEST, said), *sorted(files.items())):
            bundle.writestr(name, data)
    digest = hashlib.sha256(said).hexdigest()
    before = round_.state
    if ends:
        round_.state = "archived"
    states = {"before": {"state": before}, "after": {"state": round_.state}}
    audit.record(session, actor, clock, "round.archive", digest, round_id=round_.id, **states)
    return Archived(packed.getvalue(), digest, tuple(missing))


def _print(data: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _workbooks(session: Session, round_: Round) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(books.bundle(session, round_)[1])) as bundle:
        for name in bundle.namelist():
            yield f"workbooks/{name}", bundle.read(name)


def _came_in(session: Session, config: Config, round_: Round) -> Iterator[tuple[str, tuple[str, bytes | None]]]:
    """Name in the bundle → SHA-256 and bytes of every file that was written, as it came; None where it is gone."""
    for row in session.scalars(select(Import).where(Import.round_id == round_.id).order_by(Import.id)):
        if row.confirmed_at is None:
            continue
        path = config.uploads / row.stored_as
        data = path.read_bytes() if path.exists() else b""
        intact = hashlib.sha256(data).hexdigest() == row.stored_as
        folder = FOLDERS.get(row.kind, "rosters")
        yield f"{folder}/{row.id}-{Path(row.filename).name}", (row.stored_as, data if intact else None)


def rows_of(session: Session, round_: Round) -> Rows:
    """Table → its rows that belong to the round, in an order in which they can be written."""
    found: Rows = {}
    kept: dict[str, set[Any]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        query = select(table).order_by(table.c.id)
        if table.name == "rounds":
            query = query.where(table.c.id == round_.id)
        elif "round_id" in table.c and table.name not in WHOLE:
            query = query.where(table.c.round_id == round_.id)
        elif table.name == "sheet_records":
            query = query.where(table.c.sheet_key.startswith(f"R{round_.id}-", autoescape=True))
        elif table.name == "audit_payloads":
            own = select(AuditEntry.id).where((AuditEntry.round_id == round_.id) | AuditEntry.round_id.is_(None))
            query = query.where(table.c.entry_id.in_(own))
        rows = [dict(row._mapping) for row in session.execute(query)]
        found[table.name] = [row for row in rows if _belongs(table, row, kept)]
        kept[table.name] = {row["id"] for row in found[table.name]}
    for user in found["users"]:
        user["password_hash"] = user["second_secret"] = ""
    return found


def _belongs(table: Table, row: dict[str, Any], kept: dict[str, set[Any]]) -> bool:
    """Whether everything the row points at by id is kept too."""
    ends = ((key.parent.name, key.column) for key in table.foreign_keys if key.column.name == "id")
    return all(row[name] is None or row[name] in kept.get(end.table.name, ()) for name, end in ends)


def _database(rows: Rows) -> bytes:
    """The rows in a new SQLite file."""
    with TemporaryDirectory(prefix="rostrum-archive-") as folder:
        config = Config(Path(folder), f"sqlite:///{folder}/{DATA}")
        upgrade(config)
        engine = create_engine(config.database_url)
        try:
            with engine.begin() as connection:
                for name, found in rows.items():
                    if found:
                        connection.execute(insert(Base.metadata.tables[name]), found)
        finally:
            engine.dispose()  # the last connection's end writes SQLite's journal into the file
        return Path(folder, DATA).read_bytes()
