"""Backups without anybody's doing: on time while a round is in session, before what cannot be taken back; the alarm.

A failed backup stops nobody's work. It is said on the office's page until one succeeds.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.config import Config
from webapp.models import Round, SheetRecord
from webapp.services import audit, backups
from webapp.services.kernel import Clock, Refused, Sentence, system_clock

STATUS = "status.json"
QUIET = timedelta(hours=1)
"""How often outside of a session, where something changed."""
LATE = timedelta(minutes=15)
"""In session without a backup for so long is an alarm, whatever the reason."""


def keep(config: Config, clock: Clock, why: str) -> bool:
    """Make a backup in the data folder and copy it to the second place; whether both are there. Never raises."""
    status = {"at": clock().isoformat(timespec="seconds"), "why": why, "failed": "", "second": ""}
    try:
        made = backups.make(config, clock, config.backups, why)
        backups.thin(config.backups, clock())
    except Refused as error:
        logging.getLogger(__name__).warning("backup failed: %s", type(error.__cause__).__name__)
        status["failed"] = str(error)
    else:
        status["second"] = _second(config, clock, made.path)
    _note(config, status)
    return not status["failed"] and not status["second"]


def _second(config: Config, clock: Clock, path: Path) -> str:
    """What went wrong with the copy at the second place; empty where all is well or none is set."""
    if config.second is None:
        return ""
    part = config.second / f".{path.name}.part"
    try:
        config.second.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, part)
        part.replace(config.second / path.name)
        backups.thin(config.second, clock())
    except OSError as error:
        logging.getLogger(__name__).warning("second backup failed: %s", type(error).__name__)
        return f"{config.second}：{os.strerror(error.errno) if error.errno else type(error).__name__}"
    return ""


def _note(config: Config, status: dict[str, str]) -> None:
    try:
        config.backups.mkdir(parents=True, exist_ok=True)
        part = config.backups / f".{STATUS}.part"
        part.write_text(json.dumps(status, ensure_ascii=False))
        part.replace(config.backups / STATUS)
    except OSError:
        logging.getLogger(__name__).warning("the backup's status cannot be written")


def alarm(config: Config, clock: Clock, *, in_session: bool) -> Sentence | None:
    """What the office has to know about backups; ``None``: all is well."""
    try:
        status = json.loads((config.backups / STATUS).read_text())
    except (OSError, ValueError):
        status = {}
    if said := status.get("failed"):
        return Sentence("自动备份失败：%(what)s请腾出磁盘空间或检查备份文件夹，并立即告诉系统管理员。", what=said)
    if said := status.get("second"):
        return Sentence("备份没有写到第二处（%(what)s）。请检查那块磁盘或共享文件夹。", what=said)
    made = backups.listed(config.backups)
    if in_session and (not made or clock() - made[-1][0] > LATE):
        return Sentence("答辩进行中，已超过 %(n)s 分钟没有备份。请告诉系统管理员。", n=int(LATE.total_seconds() // 60))
    return None


def due(config: Config, now: datetime, mark: str) -> tuple[bool, str]:
    """Whether it is time, and what the data look like now; ``mark`` is what they looked like at the last backup."""
    made = backups.listed(config.backups)
    age = now - made[-1][0] if made else timedelta.max
    if age < backups.EVERY and age > -backups.EVERY:
        return False, mark
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            session.connection(execution_options={"rostrum_read": True})
            busy = session.scalar(select(Round.id).where(Round.state == "in_session").limit(1)) is not None
            records = session.scalar(select(func.count(SheetRecord.id)))
            looks = f"{audit.head(session)} {records}"
    except SQLAlchemyError:
        return True, mark  # what is wrong shows when it is tried
    finally:
        engine.dispose()
    return looks != mark and (busy or abs(age) >= QUIET), looks


def run(config: Config, stop: threading.Event, every: float = 20.0) -> None:
    """Keep backups until ``stop`` is set; who comes up again after a fall begins with one."""
    mark = ""
    while not stop.is_set():
        wanted, looks = due(config, datetime.now(UTC), mark)
        if wanted and keep(config, system_clock, "on_time"):
            mark = looks
        stop.wait(every)


def start(config: Config) -> threading.Event:
    """Begin in a thread of its own; set what is returned to end it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(config, stop), name="backups", daemon=True).start()
    return stop
