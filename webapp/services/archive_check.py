"""An archived bundle looked at again: every hash, the data's rows and foreign keys, the audit chain and its head."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from webapp.models import Base
from webapp.services import audit
from webapp.services.archive import DATA, MANIFEST
from webapp.services.kernel import Sentence, Unreadable

MOST = 4 * 2**30
"""A bundle that unpacks to more is not one of ours."""


@dataclass(frozen=True)
class Checked:
    """What the manifest says, its SHA-256, and everything that is wrong."""

    manifest: dict[str, Any]
    digest: str
    wrong: tuple[Sentence, ...]


def check(path: Path) -> Checked:
    """Check a bundle against its own manifest.

    Raises:
        Unreadable: no bundle of ours.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(part.file_size for part in bundle.infolist()) > MOST:
                raise Unreadable("“%(name)s”解开后太大，不是归档文件。", name=path.name)
            said = bundle.read(MANIFEST)
            manifest = json.loads(said)
            wrong = list(_files(bundle, manifest["files"]))
            if not wrong:
                wrong = list(_data(bundle.read(DATA), manifest))
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError) as error:
        raise Unreadable("“%(name)s”不是归档文件，或已损坏。", name=path.name) from error
    return Checked(manifest, hashlib.sha256(said).hexdigest(), tuple(wrong))


def _files(bundle: zipfile.ZipFile, listed: dict[str, dict[str, Any]]) -> Iterator[Sentence]:
    names = [name for name in bundle.namelist() if name != MANIFEST]
    for name in sorted({*names, *listed}):
        if name not in listed:
            yield Sentence("清单中没有文件“%(name)s”。", name=name)
        elif name not in names:
            yield Sentence("缺少文件“%(name)s”。", name=name)
        else:
            try:
                intact = hashlib.sha256(bundle.read(name)).hexdigest() == listed[name]["sha256"]
            except (zipfile.BadZipFile, zlib.error):
                intact = False
            if not intact:
                yield Sentence("文件“%(name)s”与清单中的 SHA-256 不符。", name=name)


def _data(data: bytes, manifest: dict[str, Any]) -> Iterator[Sentence]:
    with TemporaryDirectory(prefix="rostrum-archive-") as folder:
        Path(folder, DATA).write_bytes(data)
        engine = create_engine(f"sqlite:///{folder}/{DATA}")
        try:
            with Session(engine) as session:
                yield from _inside(session, manifest)
        except DatabaseError:
            yield Sentence("数据文件读不出。")
        finally:
            engine.dispose()


def _inside(session: Session, manifest: dict[str, Any]) -> Iterator[Sentence]:
    for name, number in manifest["rows"].items():
        found = session.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
        if found != number:
            yield Sentence("数据表 %(name)s 有 %(found)s 行，清单为 %(n)s 行。", name=name, found=found, n=number)
    if session.connection().exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        yield Sentence("数据中有指向不存在记录的行。")
    for text in audit.broken(session, whole=False):
        yield Sentence("%(what)s", what=text)
    if audit.head(session) != manifest["audit_head"]:
        yield Sentence("审计链头与清单不符。")
