"""What is missing and what is wrong in a round, each with the page where it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import PanelSecretary, Repair, Round, SheetRecord
from webapp.models.rounds import STATES
from webapp.services import draws, jobs, locking, objections, rechecks, records
from webapp.services.capacity import Capacity, Half, Line
from webapp.services.kernel import Clock, Sentence, Sentences
from webapp.services.rounds import BEFORE_PUBLISHING
from webapp.services.spoken import Spoken, half

PATIENCE = timedelta(minutes=1)
"""After so long a waiting job means that no solver process runs."""


@dataclass(frozen=True)
class Finding:
    """One sentence and where it is mended: an endpoint and what its address needs."""

    said: Sentence
    endpoint: str
    places: dict[str, Any] = field(default_factory=dict)


def missing(session: Session, round_: Round) -> list[Finding]:
    """What stands against the next step."""
    if round_.state == "draft":
        return [Finding(said, _where(said)) for said in locking.lacking(session, round_)]
    found = []
    version = draws.target(session, round_) if round_.state in BEFORE_PUBLISHING else None
    if version and (said := draws.missing(session, round_, version)):
        found.append(Finding(said, "lots.index"))
    if round_.state in ("published", "in_session"):
        found += _of_the_day(session, round_)
    return found


def _where(said: Sentence) -> str:
    """Where a gap of the rosters is filled."""
    if "回避" in said.text:
        return "people.recusal_list"
    return "rosters.experts" if "专业方向" in said.text else "rosters.index"


def _of_the_day(session: Session, round_: Round) -> list[Finding]:
    mine = set(session.scalars(select(PanelSecretary.panel).where(PanelSecretary.round_id == round_.id)))
    panels = {panel["id"] for panel in records.published(session, round_).document["panels"]}
    found = []
    if alone := sorted(panels - mine):
        said = Sentence("%(n)s 个专家组还没有小组秘书：%(who)s。", n=len(alone), who="、".join(alone[:8]))
        found.append(Finding(said, "panel.console"))
    ended = records.outcomes(session, round_)
    if left := [a for a in records.unscheduled(session, round_) if a.id not in ended]:
        said = Sentence("%(n)s 位申报人没有排上时间，也没有记下结果。", n=len(left))
        found.append(Finding(said, "panel.console"))
    return found


def wrong(session: Session, clock: Clock, round_: Round, capacity: Capacity | None) -> list[Finding]:
    """What has to be put right, or be decided."""
    found = [*_capacity(round_, capacity)] if capacity and round_.state in BEFORE_PUBLISHING else []
    found += _job(session, clock, round_)
    if STATES.index(round_.state) < STATES.index("complete"):
        found += _rules(session, round_)
    found += _open(session, round_)
    return found


def _job(session: Session, clock: Clock, round_: Round) -> list[Finding]:
    job = jobs.newest(session, round_)
    if job is None:
        return []
    if job.state == "failed":
        return [Finding(Sentence("上次排程没有完成：%(why)s", why=job.error), "schedule.index")]
    if job.state == "queued" and job.made_at < clock() - PATIENCE:
        return [Finding(Sentence("排程任务等了一分多钟还没有开始，排程进程可能没有运行。"), "schedule.index")]
    return []


def _rules(session: Session, round_: Round) -> list[Finding]:
    """The version people go by, by today's data."""
    version = rechecks.scheduled(session, round_)
    n = rechecks.broken(session, version) if version else 0
    if version is None or not n:
        return []
    said = Sentence("第 %(number)s 版安排按现在的名册有 %(n)s 处不符合规则。", number=version.number, n=n)
    return [Finding(said, "people.recheck")]


def _open(session: Session, round_: Round) -> list[Finding]:
    found = []
    if draw := draws.open_draw(session, round_):
        found.append(Finding(Sentence("抽签还没有抽完：%(state)s。", state=draws.STATES[draw.state]), "lots.index"))
    asked = select(Repair).where(Repair.round_id == round_.id, Repair.state == "asked").order_by(Repair.id.desc())
    if (row := session.scalar(asked.limit(1))) and row.base.published:
        found.append(Finding(Sentence("有一次突发情况还没有选定方案。"), "day.repair", {"number": row.id}))
    conflicts = select(func.count(SheetRecord.id)).where(
        SheetRecord.fate == "conflict",
        SheetRecord.settled_as.is_(None),
        SheetRecord.sheet_key.startswith(f"R{round_.id}-"),
    )
    if n := session.scalar(conflicts):
        found.append(Finding(Sentence("%(n)s 份评分表有两个版本，等组长或成绩管理员决定。", n=n), "panel.console"))
    if n := objections.undecided(session, round_):
        found.append(Finding(Sentence("%(n)s 件异议还没有决定。", n=n), "life.objection_list"))
    return found


def _capacity(round_: Round, capacity: Capacity) -> list[Finding]:
    return [Finding(said, "office.capacity") for said in shortages(round_, capacity)]


def shortages(round_: Round, capacity: Capacity) -> list[Sentence]:
    """What falls short in every schedule, in words."""
    found = []
    if capacity.rooms < capacity.people:
        said = Sentence(
            "答辩室一共只有 %(places)s 个位置，申报人有 %(people)s 位，缺 %(n)s 个。请增加答辩室或时段。",
            places=capacity.rooms,
            people=capacity.people,
            n=capacity.people - capacity.rooms,
        )
        found.append(said)
    elif capacity.places < capacity.people:
        said = Sentence(
            "专家、组长和答辩室同时够的位置只有 %(places)s 个，申报人有 %(people)s 位。请看哪些时段人不够。",
            places=capacity.places,
            people=capacity.people,
        )
        found.append(said)
    if capacity.seats < capacity.seats_needed:
        said = Sentence(
            "专家组 %(size)s 人，至少 %(n)s 场，共需 %(need)s 人次，可用 %(there)s 人次，缺 %(lack)s 人次。",
            size=capacity.size,
            n=capacity.sittings,
            need=capacity.seats_needed,
            there=capacity.seats,
            lack=capacity.seats_needed - capacity.seats,
        )
        found.append(said)
    names = {d.code: d.name for d in round_.directions}
    halves = {s.code: half(s) for s in round_.sessions}
    return found + [_of_line(line, names, halves, capacity.halves) for line in capacity.lines if line.short]


def _of_line(line: Line, names: dict[str, str], halves: Mapping[str, Spoken], all_halves: tuple[Half, ...]) -> Sentence:
    name = names.get(line.direction, line.direction)
    if not line.chairs:
        return Sentence("%(name)s方向没有可任组长的专家，%(n)s 位申报人都排不上。", name=name, n=line.people)
    rooms = {half.session: half.rooms for half in all_halves}
    bare = [cell for cell in line.cells if rooms[cell.session] and not cell.sittings]
    where = Sentences.of([halves.get(cell.session, cell.session) for cell in bare[:4]], "、")
    if not bare:
        return Sentence(
            "%(name)s方向 %(n)s 位申报人，最多只有 %(places)s 个位置。请增加时段、答辩室或本方向专家。",
            name=name,
            n=line.people,
            places=line.places,
        )
    chairs = any(cell.chairs for cell in bare)
    lack = Sentence("本方向专家不够组成一组") if chairs else Sentence("没有可任组长的专家")
    if not line.places:
        return Sentence(
            "%(name)s方向 %(n)s 位申报人，一个位置也没有：%(where)s%(lack)s。",
            name=name,
            n=line.people,
            where=where,
            lack=lack,
        )
    return Sentence(
        "%(name)s方向 %(n)s 位申报人，最多只有 %(places)s 个位置：%(where)s%(lack)s。",
        name=name,
        n=line.people,
        places=line.places,
        where=where,
        lack=lack,
    )
