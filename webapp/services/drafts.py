"""Numbered drafts of a schedule, spread over the tables: the solver's only when the checker finds nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.check import check
from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from webapp.models import (
    Applicant,
    Appointment,
    Expert,
    Panel,
    PanelMember,
    Room,
    Round,
    ScheduleVersion,
    SeatHeld,
    Sitting,
)
from webapp.models import Session as HalfDay
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.rounds import require_state

LEVEL_WORDS = ("未安排", "场次", "小组", "专业不匹配", "到场天数", "最忙专家场次", "零散与换室")
"""The seven levels of the cost, in their order."""


def require_valid(instance: dict[str, Any], document: dict[str, Any], past: Collection[str] = ()) -> tuple[int, ...]:
    """The schedule's cost by level, counted anew; ``past``: violations of what has happened already, in the checker's
    sentences.

    Raises:
        Unreadable: the instance or the schedule is not one.
        Refused: a hard rule is broken; the first three are named.
    """
    try:
        Schedule.from_json(core(document))
        report = check(Problem.from_json(instance), document)
    except SchedulerError as error:
        raise Unreadable("排程数据读不出：%(error)s。请重新生成安排。", error=error) from error
    broken = [str(v) for v in report.violations if str(v) not in past]
    if broken:
        first = "；".join(broken[:3])
        raise Refused("安排违反 %(n)s 条硬规则：%(first)s。请修改后再存。", n=len(broken), first=first)
    return report.cost


def core(document: dict[str, Any]) -> dict[str, Any]:
    """The schedule of a stored document, without what we keep beside it."""
    return {key: document[key] for key in ("panels", "unscheduled", "cost", "bound", "seconds") if key in document}


def store(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    instance: dict[str, Any],
    document: dict[str, Any],
    note: str = "",
    *,
    broken: bool = False,
    base: int | None = None,
    by_hand: bool = False,
) -> ScheduleVersion:
    """Keep a schedule as the round's next draft; the round becomes ``scheduled``.

    ``base`` is the number of the version it was made from; one ``by_hand`` is edited in place.
    One with ``broken`` rules is kept only where it was made by hand and says so in its document; it is not published.
    """
    require_state(round_, "rosters_locked", "scheduled")
    if not broken:
        require_valid(instance, document)
    round_.state = "scheduled"
    return put(session, actor, clock, round_, instance, document, note, base=base, by_hand=by_hand)


def put(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    instance: dict[str, Any],
    document: dict[str, Any],
    note: str = "",
    *,
    base: int | None = None,
    by_hand: bool = False,
) -> ScheduleVersion:
    """Write a schedule as the next version, whatever the round's state; whoever calls it has judged it."""
    last = session.scalar(select(func.max(ScheduleVersion.number)).where(ScheduleVersion.round_id == round_.id)) or 0
    version = ScheduleVersion(
        round_id=round_.id,
        number=last + 1,
        made_at=clock(),
        made_by=actor.name,
        note=note,
        instance=instance,
        document=document,
        base=base,
        by_hand=by_hand,
    )
    session.add(version)
    session.flush()
    _Spread(session, version).run()
    audit.record(
        session,
        actor,
        clock,
        "schedule.draft",
        str(version.number),
        round_id=round_.id,
        after={"cost": document.get("cost"), "note": note},
    )
    return version


def respread(session: Session, version: ScheduleVersion, changed: Collection[str]) -> None:
    """Write the panels of these codes anew after the document changed.

    Raises:
        IntegrityError: somebody or something is booked twice.
    """
    for panel in version.panels:
        if panel.code in changed:
            session.delete(panel)
    session.flush()
    session.expire(version, ["panels"])
    _Spread(session, version).run(changed)
    session.expire(version, ["panels"])


class _Spread:
    """Writes a version's document into the tables; codes become keys."""

    def __init__(self, session: Session, version: ScheduleVersion) -> None:
        self.session, self.version = session, version
        self.experts, self.applicants = self._keys(Expert), self._keys(Applicant)
        self.rooms, self.sessions = self._keys(Room), self._keys(HalfDay)

    def _keys(self, table: type[Expert | Applicant | Room | HalfDay]) -> dict[str, int]:
        rows = self.session.execute(select(table.code, table.id).where(table.round_id == self.version.round_id))
        return {row.code: row.id for row in rows}

    def run(self, only: Collection[str] | None = None) -> None:
        for position, row in enumerate(self.version.document["panels"]):
            if only is not None and row["id"] not in only:
                continue
            panel = Panel(version_id=self.version.id, code=row["id"], position=position, directions=row["directions"])
            panel.members = [
                PanelMember(expert_id=self._key(self.experts, m), chair=m == row["chair"]) for m in row["members"]
            ]
            self.session.add(panel)
            self.session.flush()
            for sitting in row["sittings"]:
                self._sitting(panel, sitting)

    def _sitting(self, panel: Panel, row: dict[str, Any]) -> None:
        number = self.version.id
        sitting = Sitting(
            version_id=number,
            panel_id=panel.id,
            session_id=self._key(self.sessions, row["session"]),
            room_id=self._key(self.rooms, row["room"]),
        )
        sitting.appointments = [
            Appointment(
                version_id=number,
                applicant_id=self._key(self.applicants, a["applicant"]),
                start=datetime.fromisoformat(a["start"]),
            )
            for a in row["appointments"]
        ]
        self.session.add(sitting)
        self.session.flush()
        self.session.add_all(
            SeatHeld(version_id=number, session_id=sitting.session_id, expert_id=m.expert_id, sitting_id=sitting.id)
            for m in panel.members
        )
        self.session.flush()

    @staticmethod
    def _key(keys: dict[str, int], code: str) -> int:
        if code not in keys:
            raise Refused("名册或场地中已没有 %(code)s，安排与现在的数据不一致。请重新生成安排。", code=code)
        return keys[code]


def load(session: Session, round_: Round, number: int) -> ScheduleVersion:
    """The version of that number."""
    found = session.scalar(
        select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id, ScheduleVersion.number == number)
    )
    if found is None:
        raise Missing("没有第 %(number)s 版安排。请从排程页的列表进入。", number=number)
    return found


def everyone(session: Session, round_: Round) -> list[ScheduleVersion]:
    """All versions of a round, the newest first."""
    return list(
        session.scalars(
            select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id).order_by(ScheduleVersion.number.desc())
        )
    )


def levels(version: ScheduleVersion) -> list[tuple[str, int, int | None]]:
    """Each level's word, cost and proven lower bound."""
    cost, bound = version.document.get("cost", []), version.document.get("bound", [])
    return [(word, cost[i], bound[i] if i < len(bound) else None) for i, word in enumerate(LEVEL_WORDS[: len(cost)])]
