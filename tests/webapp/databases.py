"""The two databases of the tests: SQLite in a folder, PostgreSQL in a server of its own on a free loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session


def _as_postgres(*command: str) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """A fresh server; its address. Its data are gone afterwards; ``durable`` writes through to the disk."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert tools, "PostgreSQL is missing: run `make system`"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="rostrum-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    control = str(tools[-1] / "pg_ctl")
    init = [
        str(tools[-1] / "initdb"),
        "-D",
        str(data),
        "-U",
        "rostrum",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(_as_postgres(*init), check=True, capture_output=True, cwd="/tmp")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync={'on' if durable else 'off'}"
    start = [control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]
    subprocess.run(_as_postgres(*start), check=True, stdout=subprocess.DEVNULL, cwd="/tmp")
    try:
        yield f"postgresql+psycopg://rostrum@127.0.0.1:{port}/postgres"
    finally:
        stop = [control, "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(_as_postgres(*stop), check=True, stdout=subprocess.DEVNULL, cwd="/tmp")
        shutil.rmtree(folder, ignore_errors=True)


GUARDS = ("audit_log_no_update", "audit_log_no_delete", "audit_log_no_replace", "audit_log_follows")


def unguarded(session: Session) -> None:
    """Take the audit log's triggers away, as somebody with the file in their hands could."""
    if session.get_bind().dialect.name == "sqlite":
        for name in (*GUARDS, "audit_payloads_no_update"):
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for name in ("audit_log_append_only", "audit_log_follows", "audit_log_no_truncate"):
            session.execute(text(f"DROP TRIGGER {name} ON audit_log"))
        session.execute(text("DROP TRIGGER audit_payloads_no_update ON audit_payloads"))
    session.commit()
