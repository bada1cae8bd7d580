"""Every room live, for the office: pace, who is in, sheets missing, tablets, kept conflicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Round, SheetRecord, Sitting
from webapp.services import boards, consoles, halls, pace, records, vitals
from webapp.services.consoles import Line, Part
from webapp.services.kernel import Clock
from webapp.services.settings import of_round
from webapp.services.vitals import Vital


@dataclass(frozen=True)
class RoomNow:
    """One room."""

    part: Part
    behind: int | None
    vitals: tuple[Vital, ...]
    conflicts: int
    now: datetime

    @property
    def sitting(self) -> Sitting:
        """The sitting of now."""
        return self.part.sitting

    @property
    def ended(self) -> int:
        """How many have an outcome."""
        return sum(line.phase == "ended" for line in self.part.lines)

    @property
    def inside(self) -> Line | None:
        """Who is called or in."""
        return self.part.now

    @property
    def silent(self) -> list[Vital]:
        """Tablets that came in and have not been heard of for too long."""
        return [one for one in self.vitals if one.silent(self.now)]


def of_round_now(session: Session, round_: Round, clock: Clock) -> list[RoomNow]:
    """Each room's sitting of now, in the order of the rooms; before publishing none."""
    version = records.published_if_any(session, round_)
    if version is None:
        return []
    now, settings = clock(), of_round(round_)
    sittings = boards.sittings(session, version, Sitting.id.in_(halls.chosen(session, round_, version.id)))
    experts = [member.expert for sitting in sittings for member in sitting.panel.members]
    seen, kept = vitals.of_experts(session, clock, experts), conflicts(session, round_)
    return [
        RoomNow(
            part,
            pace.behind(part, settings, now),
            tuple(seen[member.expert_id] for member in part.sitting.panel.members),
            kept[part.sitting.panel.code],
            now,
        )
        for part in sorted(consoles.parts(session, round_, sittings), key=lambda part: part.sitting.room.position)
    ]


def conflicts(session: Session, round_: Round) -> Counter[str]:
    """Panel → records that are kept beside a sheet until somebody decides."""
    start = f"R{round_.id}-"
    query = select(SheetRecord.sheet_key).where(
        SheetRecord.fate == "conflict", SheetRecord.settled_as.is_(None), SheetRecord.sheet_key.startswith(start)
    )
    return Counter(key.removeprefix(start).rsplit("-", 2)[0] for key in session.scalars(query))
