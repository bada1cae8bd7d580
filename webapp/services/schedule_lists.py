"""The long lists of a version: its applicants, panels and experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from webapp.models import Applicant, Appointment, Direction, Expert, Panel, PanelMember, Room, Round, SeatHeld, Sitting
from webapp.models import ScheduleVersion as Version
from webapp.models import Session as HalfDay
from webapp.services.kernel import Sentence, Sentences
from webapp.services.listing import Column, Facet, Table, Words
from webapp.services.people_lists import found
from webapp.services.settings import of_round
from webapp.services.spoken import half

Pair = Any
"""An applicant and the appointment, ``None`` where unscheduled."""
NOT_THERE = "未安排"
PLACES = {"placed": "已安排", "left": NOT_THERE}
CHAIRS = {"1": "任组长", "0": "不任组长"}


def applicants(round_: Round, version: Version, *, placed: bool = False) -> Table:
    """Every senior applicant with time and place; ``placed``: only those who have one."""
    own = (Appointment.applicant_id == Applicant.id) & (Appointment.version_id == version.id)
    rows: Any = select(Applicant, Appointment).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    rows = rows.join(Applicant.direction).join(Appointment, own, isouter=not placed)
    for joined in (Appointment.sitting, Sitting.session, Sitting.room, Sitting.panel):
        rows = rows.join(joined, isouter=True)
    sitting = contains_eager(Appointment.sitting)
    parts = (contains_eager(part) for part in (Sitting.session, Sitting.room, Sitting.panel))
    there = Appointment.id.is_not(None)
    return Table(
        rows.options(contains_eager(Applicant.direction), sitting.options(*parts)),
        (
            Column("code", "编号", lambda r: r[0].code, Applicant.code, short=True),
            Column("name", "姓名", lambda r: r[0].name, Applicant.spelled, name=True),
            Column("employer", "工作单位", lambda r: r[0].employer, Applicant.employer),
            Column("direction", "专业方向", lambda r: r[0].direction.name, Direction.position),
            Column("time", "时间", _time, (Appointment.start, Room.position), said=True, short=True),
            Column("room", "答辩室", lambda r: r[1].sitting.room.name if r[1] else "", _in_room(), short=True),
            Column("panel", "专家组", lambda r: r[1].sitting.panel.code if r[1] else "", _in_panel(), short=True),
        ),
        (
            Facet("direction", "专业方向", directions_of(round_), lambda code: Direction.code == code),
            Facet("half", "时间", halves_of(round_), lambda code: HalfDay.code == code),
            Facet("room", "答辩室", rooms_of(round_), lambda code: Room.code == code),
            *(() if placed else (Facet("there", "安排", PLACES, lambda v: there if v == "placed" else ~there),)),
        ),
        lambda word: or_(found(Applicant, word), func.upper(Panel.code) == word.upper()),
        "code",
        Applicant.id,
        whole_rows=True,
    )


def _in_room() -> tuple[Any, ...]:
    return Room.position, Appointment.start


def _in_panel() -> tuple[Any, ...]:
    return Panel.position, Appointment.start


def _time(row: Pair) -> Words:
    place = row[1]
    if not place:
        return NOT_THERE
    return Sentence("%(half)s %(clock)s", half=half(place.sitting.session), clock=f"{place.start:%H:%M}")


def directions_of(round_: Round) -> dict[str, Words]:
    """Code → name of the directions."""
    return {d.code: d.name for d in round_.directions}


def halves_of(round_: Round) -> dict[str, Words]:
    """Code → words of the half-days, in time."""
    return {s.code: half(s) for s in round_.sessions}


def rooms_of(round_: Round) -> dict[str, Words]:
    """Code → name of the rooms."""
    return {r.code: r.name for r in round_.rooms}


# ------------------------------------------------------------------------------------------------ panels and experts


@dataclass(frozen=True)
class Row:
    """A panel and how many its sittings hear, by their keys."""

    panel: Panel
    heads: Mapping[int, int]

    def names(self, *, chair: bool) -> Words:
        """The chair, or the others."""
        return Sentences.of((m.expert.name for m in self.panel.members if m.chair == chair), "、")


def panels(round_: Round, version: Version) -> Table:
    """The panels with members and sittings."""
    names, mixes = directions_of(round_), of_round(round_).mixes
    chairs = select(Expert.spelled).join(PanelMember, PanelMember.expert_id == Expert.id)
    chair = chairs.where(PanelMember.panel_id == Panel.id, PanelMember.chair).scalar_subquery()
    held = select(func.count(Sitting.id)).where(Sitting.panel_id == Panel.id).scalar_subquery()
    members = selectinload(Panel.members).joinedload(PanelMember.expert)
    sittings = selectinload(Panel.sittings).options(joinedload(Sitting.session), joinedload(Sitting.room))

    def heard(row: Row) -> Words:
        codes = row.panel.directions
        why = [mix.reason for mix in mixes if len(codes) > 1 and mix.holds(codes)]
        words: list[Words] = ["、".join(str(names.get(code, code)) for code in codes)]
        words += [Sentence("合组原因：%(reason)s", reason=r) if r else Sentence("合组原因未写明") for r in why]
        return Sentences.of(words, "，")

    return Table(
        select(Panel).where(Panel.version_id == version.id).options(members, sittings),
        (
            Column("code", "专家组", lambda r: r.panel.code, Panel.position, short=True),
            Column("directions", "专业方向", heard, said=True),
            Column("chair", "组长", lambda r: r.names(chair=True), chair, short=True),
            Column("members", "成员", lambda r: r.names(chair=False), said=True),
            Column("count", "半天数", lambda r: str(len(r.panel.sittings)), held, short=True),
            Column("sittings", "场次", lambda r: _told(r.panel.sittings, r.heads), said=True),
        ),
        (
            Facet("direction", "专业方向", names, lambda code: cast(Panel.directions, String).contains(f'"{code}"')),
            Facet("half", "时间", halves_of(round_), lambda code: _sits(Panel.id == Sitting.panel_id, HalfDay, code)),
            Facet("room", "答辩室", rooms_of(round_), lambda code: _sits(Panel.id == Sitting.panel_id, Room, code)),
        ),
        lambda word: or_(
            func.upper(Panel.code) == word.upper(),
            Panel.id.in_(select(PanelMember.panel_id).join(PanelMember.expert).where(found(Expert, word))),
        ),
        "code",
        Panel.id,
        complete=_counted,
        asks="专家组、成员姓名或拼音",
    )


def _sits(which: Any, table: type[HalfDay | Room], code: str) -> Any:
    where = Sitting.session if table is HalfDay else Sitting.room
    return select(Sitting.id).join(where).where(which, table.code == code).exists()


def _counted(session: Session, panels: Sequence[Panel]) -> list[Row]:
    """These panels with how many each sitting hears, in one query for all."""
    query = select(Appointment.sitting_id, func.count()).join(Appointment.sitting).group_by(Appointment.sitting_id)
    heads = {row[0]: row[1] for row in session.execute(query.where(Sitting.panel_id.in_([p.id for p in panels])))}
    return [Row(panel, heads) for panel in panels]


def _told(sittings: Sequence[Sitting], heads: Mapping[int, int] | None = None) -> Words:
    """7月15日 上午 第1答辩室（12 人）；… in time."""
    return Sentences.of(
        (
            Sentence("%(half)s %(room)s（%(n)s 人）", half=half(s.session), room=s.room.name, n=heads.get(s.id, 0))
            if heads is not None
            else Sentence("%(half)s %(room)s", half=half(s.session), room=s.room.name)
            for s in sorted(sittings, key=lambda s: s.session.start)
        ),
        "；",
    )


@dataclass(frozen=True)
class Seated:
    """An expert who is called, with the sittings."""

    person: Expert
    sittings: tuple[Sitting, ...]

    @property
    def days(self) -> int:
        """On how many days."""
        return len({s.session.start.date() for s in self.sittings})

    @property
    def panels(self) -> Words:
        """The panels' codes, and where the expert chairs."""
        me = self.person.id
        chairs = {m.panel_id for s in self.sittings for m in s.panel.members if m.chair and m.expert_id == me}
        codes = {s.panel_id: s.panel.code for s in self.sittings}
        return Sentences.of(
            (Sentence("%(panel)s（组长）", panel=code) if key in chairs else code for key, code in codes.items()), "、"
        )


def experts(round_: Round, version: Version) -> Table:
    """The called experts with their sittings."""
    own = (SeatHeld.expert_id == Expert.id) & (SeatHeld.version_id == version.id)
    count = select(func.count(SeatHeld.id)).where(own).scalar_subquery()
    days = select(func.count(func.distinct(func.date(HalfDay.start)))).join(SeatHeld, SeatHeld.session_id == HalfDay.id)
    seats = select(SeatHeld.id).where(own)
    chairs = select(PanelMember.expert_id).join(Panel).where(Panel.version_id == version.id, PanelMember.chair)
    chairing = Expert.id.in_(chairs)

    def complete(session: Session, people: Sequence[Any]) -> list[Seated]:
        return _seated(session, version, people)

    return Table(
        select(Expert).where(Expert.round_id == round_.id, seats.exists()),
        (
            Column("code", "编号", lambda e: e.person.code, Expert.code, short=True),
            Column("name", "姓名", lambda e: e.person.name, Expert.spelled, name=True),
            Column("employer", "工作单位", lambda e: e.person.employer, Expert.employer),
            Column("panels", "专家组", lambda e: e.panels, said=True),
            Column("count", "半天数", lambda e: str(len(e.sittings)), count, short=True),
            Column("days", "到场天数", lambda e: str(e.days), days.where(own).scalar_subquery(), short=True),
            Column("sittings", "场次", lambda e: _told(e.sittings), said=True),
        ),
        (
            Facet("half", "时间", halves_of(round_), lambda code: _seat(own, HalfDay, code)),
            Facet("room", "答辩室", rooms_of(round_), lambda code: _seat(own, Room, code)),
            Facet("chair", "组长", CHAIRS, lambda v: chairing if v == "1" else ~chairing),
        ),
        lambda word: found(Expert, word),
        "code",
        Expert.id,
        complete=complete,
    )


def _seat(own: Any, table: type[HalfDay | Room], code: str) -> Any:
    where = Sitting.session if table is HalfDay else Sitting.room
    seats = select(SeatHeld.id).join(Sitting, Sitting.id == SeatHeld.sitting_id).join(where)
    return seats.where(own, table.code == code).exists()


def _seated(session: Session, version: Version, people: Sequence[Expert]) -> list[Seated]:
    """These experts with their sittings, in one query for all."""
    ids = [person.id for person in people]
    seats = select(SeatHeld.expert_id, SeatHeld.sitting_id).where(
        SeatHeld.version_id == version.id, SeatHeld.expert_id.in_(ids)
    )
    pairs = session.execute(seats).all()
    query = select(Sitting).where(Sitting.id.in_({sitting for _expert, sitting in pairs}))
    panel = joinedload(Sitting.panel).selectinload(Panel.members)
    query = query.options(joinedload(Sitting.session), joinedload(Sitting.room), panel)
    sittings = {s.id: s for s in session.scalars(query)}
    own: dict[int, list[Sitting]] = {key: [] for key in ids}
    for expert, sitting in pairs:
        own[expert].append(sittings[sitting])
    return [Seated(one, tuple(sorted(own[one.id], key=lambda s: s.session.start))) for one in people]
