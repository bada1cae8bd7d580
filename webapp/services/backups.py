"""Backups: the database, the uploaded files and the key in one file; made often, kept sparsely, put back as they were.

A backup is written beside its name and renamed when it is whole, so that no half one is ever found.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401  (the engine's events)
from webapp.config import Config
from webapp.migrate import upgrade
from webapp.models import Base
from webapp.services import audit, invariants, snapshots
from webapp.services.kernel import Clock, Refused, Unreadable

MANIFEST, KEY = "manifest.json", "secret.key"
STAMP = "%Y%m%dT%H%M%SZ"
EVERY = timedelta(minutes=5)
"""How often in session."""


@dataclass(frozen=True)
class Made:
    """A backup: where it lies and what its manifest says."""

    path: Path
    manifest: dict[str, Any]


def make(config: Config, clock: Clock, folder: Path, why: str = "by_hand") -> Made:
    """Write a backup into a folder.

    Raises:
        Refused: the folder cannot be written, the disk is full, or the database does not answer.
    """
    now = clock().astimezone(UTC)
    name = f"rostrum-{now.strftime(STAMP)}-{why}.zip"
    part = folder / f".{name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".rostrum-") as space:
            with snapshots.taken(config, Path(space)) as (file, session):
                manifest = _manifest(session, file, config, now, why)
            _pack(part, manifest, file, config)
        part.replace(folder / name)
    except (OSError, SQLAlchemyError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
        raise Refused("备份没有写成（%(folder)s）：%(reason)s。", folder=folder, reason=reason) from error
    return Made(folder / name, manifest)


def _manifest(session: Session, file: Path, config: Config, now: datetime, why: str) -> dict[str, Any]:
    rows = {t.name: session.scalar(select(func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    return {
        "format": 1,
        "made_at": now.isoformat(timespec="seconds"),
        "why": why,
        "audit_head": audit.head(session),
        "rows": rows,
        "files": {file.name: _print(file), **{f"uploads/{p.name}": p.name for p in _uploads(config)}},
    }


def _uploads(config: Config) -> list[Path]:
    """Uploaded files are named by their SHA-256."""
    return sorted(p for p in config.uploads.glob("*") if p.is_file()) if config.uploads.exists() else []


def _print(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(part: Path, manifest: dict[str, Any], file: Path, config: Config) -> None:
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            packed.write(file, file.name)
            packed.writestr(KEY, config.secret_key())
            for path in _uploads(config):
                packed.write(path, f"uploads/{path.name}", zipfile.ZIP_STORED)
        out.flush()
        os.fsync(out.fileno())


def listed(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups of a folder with their moments, the oldest first."""
    found = []
    for path in folder.glob("rostrum-*.zip") if folder.exists() else ():
        try:
            found.append((datetime.strptime(path.name.split("-")[1], STAMP).replace(tzinfo=UTC), path))
        except (IndexError, ValueError):
            continue  # somebody else's file
    return sorted(found)


def thin(folder: Path, now: datetime) -> None:
    """Keep all of the last two hours, one an hour of two days, one a day of ninety; the newest always."""
    kept: set[str] = set()
    for made, path in reversed(listed(folder)[:-1]):
        age = now - made
        slot = f"{made:%Y%m%d%H}" if age < timedelta(days=2) else f"{made:%Y%m%d}"
        if age >= timedelta(hours=2) and (slot in kept or age > timedelta(days=90)):
            path.unlink(missing_ok=True)
        kept.add(slot)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A backup unpacked and looked through: its folder and its manifest.

    Raises:
        Unreadable: it is none, or damaged.
    """
    with TemporaryDirectory(prefix="rostrum-restore-") as space:
        try:
            with zipfile.ZipFile(path) as packed:
                manifest = json.loads(packed.read(MANIFEST))
                for name in (*manifest["files"], KEY):
                    packed.extract(name, space)
            wrong = [name for name, digest in manifest["files"].items() if _print(Path(space, name)) != digest]
        except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError) as error:
            raise Unreadable("“%(name)s”不是备份文件，或已损坏。数据没有改动。", name=path.name) from error
        if wrong:
            raise Unreadable("备份“%(name)s”里的 %(file)s 已损坏。数据没有改动。", name=path.name, file=wrong[0])
        yield Path(space), manifest


def restore(config: Config, clock: Clock, path: Path) -> tuple[dict[str, Any], list[str]]:
    """Put a backup back: its manifest, and what does not hold of the data (nothing, as a rule).

    What was there before is backed up first, under ``backups``.

    Raises:
        Unreadable: no backup, or damaged; nothing was changed.
        Refused: the audit head is another one than the manifest's.
    """
    with _opened(path) as (space, manifest):
        if _has_data(config):
            make(config, clock, config.backups, "before_restore")
        file = next(space / name for name in manifest["files"] if name in snapshots.NAMES.values())
        snapshots.put_back(config, file)
        config.uploads.mkdir(parents=True, exist_ok=True)
        for kept in space.glob("uploads/*"):
            shutil.copyfile(kept, config.uploads / kept.name)
        _write_key(config, (space / KEY).read_bytes())
    upgrade(config)
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            if audit.head(session) != manifest["audit_head"]:
                raise Refused("恢复后的审计链头与备份的清单不符。请换一份备份。")
            wrong = [f"{name}：{said}" for name, said in invariants.broken(session, config.uploads)]
    finally:
        engine.dispose()
    return manifest, wrong


def _has_data(config: Config) -> bool:
    engine = create_engine(config.database_url)
    try:
        with engine.connect() as connection:
            return engine.dialect.has_table(connection, "audit_log")
    except SQLAlchemyError:
        return False  # damaged, or not there yet: nothing that could be backed up
    finally:
        engine.dispose()


def _write_key(config: Config, key: bytes) -> None:
    path = config.data / KEY
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
