"""Uploaded files: kept under their SHA-256 from the first look until they are confirmed, and after."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.models import Import, Round
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Missing


def keep(
    session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, data: bytes, filename: str, folder: Path
) -> Import:
    """Keep an uploaded file until it is confirmed."""
    name = hashlib.sha256(data).hexdigest()
    _write_whole(folder / name, data)
    row = Import(round_id=round_.id, kind=kind, filename=filename[:256], stored_as=name, at=clock(), by=actor.name)
    session.add(row)
    session.flush()
    audit.record(session, actor, clock, "import.look", kind, round_id=round_.id, after={"file": name})
    return row


def _write_whole(path: Path, data: bytes) -> None:
    """The whole file under its name, or none: a disk may be full, the power may go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def taken(
    session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, data: bytes, filename: str, folder: Path
) -> None:
    """Keep a file that is written at once, as the command line does."""
    keep(session, actor, clock, round_, kind, data, filename, folder).confirmed_at = clock()


def stored(session: Session, number: int, folder: Path, *kinds: str) -> tuple[Import, bytes]:
    """An uploaded file of one of the kinds."""
    row = session.get(Import, number)
    if row is None or row.kind not in kinds or not (folder / row.stored_as).exists():
        raise Missing("没有这份上传的文件。请重新上传。")
    return row, (folder / row.stored_as).read_bytes()
