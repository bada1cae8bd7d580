"""The whole database as one file, taken while others write, and put back: SQLite's online backup, or pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from webapp.config import Config
from webapp.migrate import upgrade
from webapp.services import transfer
from webapp.services.kernel import Refused

NAMES = {"sqlite": "data.sqlite3", "postgresql": "data.pgdump"}
"""Database → the file's name in a backup."""


def kind_of(config: Config) -> str:
    """``sqlite`` or ``postgresql``."""
    return make_url(config.database_url).get_backend_name()


@contextmanager
def taken(config: Config, folder: Path) -> Iterator[tuple[Path, Session]]:
    """The database as it is at one moment: a file in ``folder``, and a session that reads the same state."""
    file = folder / NAMES[kind_of(config)]
    if kind_of(config) == "sqlite":
        with closing(sqlite3.connect(_path(config))) as live, closing(sqlite3.connect(file)) as copy:
            live.execute("PRAGMA busy_timeout=15000")
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        engine = create_engine(f"sqlite:///{file}")
        try:
            with Session(engine) as session:
                yield file, session
        finally:
            engine.dispose()
        return
    engine = create_engine(config.database_url, isolation_level="REPEATABLE READ")
    try:
        with Session(engine) as session:
            moment = session.scalar(text("SELECT pg_export_snapshot()"))
            _tool(config, "pg_dump", "--format=custom", "--no-owner", f"--snapshot={moment}", f"--file={file}")
            yield file, session
    finally:
        engine.dispose()


def put_back(config: Config, file: Path) -> None:
    """Replace the database's content by the file's; a server that runs meanwhile sees the new content.

    Raises:
        Refused: of the other kind of database, a file of PostgreSQL's, or a laptop's where there are data already.
    """
    if file.name != NAMES[kind_of(config)]:
        _bring_over(config, file)
        return
    if kind_of(config) == "postgresql":
        _tool(config, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file))
        return
    path = _path(config)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(path)) as live:
        live.execute("PRAGMA busy_timeout=15000")
        copy.backup(live)
        live.execute("PRAGMA journal_mode=WAL")


def _bring_over(config: Config, file: Path) -> None:
    """A laptop's database into a server's empty one."""
    if kind_of(config) == "sqlite":
        raise Refused("这份备份来自 PostgreSQL。请在原服务器上用 rostrum move -o，在这里用 rostrum move --from。")
    upgrade(config)
    engine = create_engine(config.database_url)
    try:
        transfer.out_of_file(file, engine)
    finally:
        engine.dispose()


def _path(config: Config) -> Path:
    return Path(make_url(config.database_url).database or "")


def _where(url: URL) -> dict[str, str]:
    """An address as PostgreSQL's programs read it; what stands behind its ``?`` (a socket, TLS) holds for them too."""
    parts = {"host": url.host, "port": url.port, "user": url.username, "password": url.password} | url.query
    return {f"PG{name.upper()}": str(value) for name, value in parts.items() if value}


def _tool(config: Config, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, where nobody else reads it."""
    found = shutil.which(name) or next((str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), "")
    if not found:
        raise Refused("找不到 %(name)s。请在这台机器上安装 PostgreSQL 的客户端程序。", name=name)
    url = make_url(config.database_url)
    settings = _where(url)
    target = ["--dbname", url.database or "postgres"]
    done = subprocess.run([found, *target, *arguments], env=os.environ | settings, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused("%(name)s 没有成功：%(said)s", name=name, said=said[-1][:200] if said else done.returncode)
