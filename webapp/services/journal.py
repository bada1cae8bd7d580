"""A second record of every mark, in a second place: what was received since the last backup is not lost with a laptop.

One JSON line a record, on the disk before the tablet has its receipt. Taken again after a takeover it goes the
tablets' own path: what the backup has already is answered as a replay, so nothing is doubled.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Expert, Round
from webapp.services import sheets
from webapp.services.kernel import Actor, Refused
from webapp.services.settings import Terms

_ONE = threading.Lock()


def append(file: Path, round_: Round | Terms, actor: Actor, at: datetime, record: Mapping[str, Any]) -> None:
    """Write one record behind the others, through to the disk.

    Raises:
        OSError: the second place is gone.
    """
    line = json.dumps({"round": round_.id, "by": actor.name, "at": at.isoformat(), "record": dict(record)})
    with _ONE, file.open("ab") as opened:
        opened.write(line.encode() + b"\n")
        opened.flush()
        os.fsync(opened.fileno())


@dataclass(frozen=True)
class Replayed:
    """How many records were new and how many known, and what was not taken, in words."""

    taken: int
    known: int
    left: tuple[str, ...]


def replay(session: Session, file: Path) -> Replayed:
    """Take the journal's records again, each with its own moment; a torn last line is passed over."""
    taken, known, left = 0, 0, []
    for line in file.read_bytes().splitlines():
        try:
            row = json.loads(line)
            answer = _again(session, row)
        except ValueError:
            left.append("一行不完整（断电时没有写完）")
        except Refused as refusal:
            left.append(f"{row['record'].get('sheet', '')} {refusal}")
        else:
            taken, known = taken + (answer == 201), known + (answer == 200)
            if answer == 409:
                left.append(f"{row['record']['sheet']} 有两个版本，两份都已保留")
    return Replayed(taken, known, tuple(left))


def _again(session: Session, row: Mapping[str, Any]) -> int:
    """One record as its expert's tablet sent it; the status."""
    round_ = session.get_one(Round, row["round"])
    code = str(row["by"]).removeprefix("expert:")
    expert = session.scalars(select(Expert).where(Expert.round_id == round_.id, Expert.code == code)).one()
    actor, at = Actor(row["by"], "expert", expert.name, expert_id=expert.id), datetime.fromisoformat(row["at"])
    return sheets.receive(session, actor, lambda: at, round_, row["record"]).status
