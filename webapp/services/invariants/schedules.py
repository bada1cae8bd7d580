"""Schedules: one is published where the round says so, and its rows say what its document says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Expert, Panel, PanelMember, Round, ScheduleVersion, Sitting
from webapp.models import Session as HalfDay
from webapp.models.rounds import Room
from webapp.models.schedules import SeatHeld
from webapp.services.invariants.kind import NOT_WIPED, Invariant
from webapp.services.kernel import Sentence
from webapp.services.rounds import BEFORE_PUBLISHING


def _published(session: Session) -> Iterator[Sentence]:
    held = Counter(session.scalars(select(ScheduleVersion.round_id).where(ScheduleVersion.published)))
    for round_ in session.scalars(select(Round).where(NOT_WIPED)):
        if held[round_.id] != (0 if round_.state in BEFORE_PUBLISHING else 1):
            yield Sentence("批次“%(name)s”的阶段与已发布的版本不符。", name=round_.name)


def _own_round(session: Session) -> Iterator[Sentence]:
    version = ScheduleVersion.round_id
    checks = {
        "答辩安排": select(Appointment.id)
        .join(ScheduleVersion, ScheduleVersion.id == Appointment.version_id)
        .join(Applicant, Applicant.id == Appointment.applicant_id)
        .where(Applicant.round_id != version),
        "专家组成员": select(PanelMember.id)
        .join(Panel)
        .join(ScheduleVersion, ScheduleVersion.id == Panel.version_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .where(Expert.round_id != version),
        "场次": select(Sitting.id)
        .join(ScheduleVersion, ScheduleVersion.id == Sitting.version_id)
        .join(Room, Room.id == Sitting.room_id)
        .join(HalfDay, HalfDay.id == Sitting.session_id)
        .where((Room.round_id != version) | (HalfDay.round_id != version)),
    }
    for word, query in checks.items():
        for number in session.scalars(query):
            yield Sentence("%(what)s 第 %(n)s 行属于别的批次。", what=word, n=number)


def _senior(session: Session) -> Iterator[Sentence]:
    query = select(Applicant.code).join(Appointment).where(Applicant.level != "senior").distinct()
    for code in session.scalars(query):
        yield Sentence("申报人 %(code)s 不是高级，却有答辩安排。", code=code)


def _inside(session: Session) -> Iterator[Sentence]:
    query = (
        select(Appointment.id, Applicant.code)
        .join(Sitting, Sitting.id == Appointment.sitting_id)
        .join(HalfDay, HalfDay.id == Sitting.session_id)
        .join(Applicant, Applicant.id == Appointment.applicant_id)
        .where((Appointment.start < HalfDay.start) | (Appointment.start >= HalfDay.end))
    )
    for row in session.execute(query):
        yield Sentence("申报人 %(code)s 的安排不在时段之内（第 %(n)s 行）。", code=row.code, n=row.id)


def _chaired(session: Session) -> Iterator[Sentence]:
    chairs = select(PanelMember.panel_id, func.count().label("n")).where(PanelMember.chair)
    found = {row.panel_id: row.n for row in session.execute(chairs.group_by(PanelMember.panel_id))}
    for panel in session.execute(select(Panel.id, Panel.code)):
        if found.get(panel.id) != 1:
            yield Sentence("专家组 %(code)s（第 %(n)s 行）不是一位组长。", code=panel.code, n=panel.id)


def _seats(session: Session) -> Iterator[Sentence]:
    """The table that forbids two panels at a time has exactly the members of every sitting."""
    asked = select(Sitting.id, PanelMember.expert_id).join(PanelMember, PanelMember.panel_id == Sitting.panel_id)
    held = select(SeatHeld.sitting_id, SeatHeld.expert_id)
    differ = {tuple(row) for row in session.execute(asked)} ^ {tuple(row) for row in session.execute(held)}
    for sitting in sorted({row[0] for row in differ}):
        yield Sentence("第 %(n)s 场的专家与占座记录不符。", n=sitting)


def _documents(session: Session) -> Iterator[Sentence]:
    """The document counts as many appointments as the rows, and everyone else is unscheduled."""
    rows = select(Appointment.version_id, func.count().label("n")).group_by(Appointment.version_id)
    placed = {row.version_id: row.n for row in session.execute(rows)}
    for version in session.scalars(select(ScheduleVersion)):
        sittings = [s for panel in version.document.get("panels", ()) for s in panel["sittings"]]
        if sum(len(s["appointments"]) for s in sittings) != placed.get(version.id, 0):
            yield Sentence("第 %(n)s 版安排的文件与数据行数不符。", n=version.number)


EVERY: dict[str, Invariant] = {
    "阶段与已发布的安排相符": _published,
    "安排里的人、室、时段在本批次": _own_round,
    "只有高级申报人有答辩安排": _senior,
    "安排在时段之内": _inside,
    "每个专家组一位组长": _chaired,
    "占座与专家组相符": _seats,
    "安排的文件与数据相符": _documents,
}
