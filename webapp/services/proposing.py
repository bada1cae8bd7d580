"""Working out proposals in a job: read the data once, then solve each way without the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from scheduler.timeline import grid
from webapp.models import Repair, Round
from webapp.services import differences, drafts, edits, events, today
from webapp.services.kernel import Clock, Sentence
from webapp.services.spoken import parts


@dataclass(frozen=True)
class Task:
    """What the job works on: read once, then solved without the database."""

    base: dict[str, Any]
    instance: dict[str, Any]
    moment: datetime
    begun: frozenset[str]
    marked: frozenset[str]
    ways: tuple[events.Way, ...]


def task(session: Session, clock: Clock, round_: Round, repair_id: int) -> Task:
    """The work of a repair, by today's data."""
    row = session.get_one(Repair, repair_id)
    now = today.of(session, clock, round_)
    row.moment = now.moment
    ways = tuple(events.ways(now, row.event))
    return Task(now.version.document, now.instance, now.moment, now.begun, now.marked, ways)


def propose(
    work: Task, options: Mapping[str, Any], tell: Callable[[int, int], None], cancel: Any = None
) -> Iterator[dict[str, Any]]:
    """The proposals, one for each way that gives something of its own."""
    from scheduler.repair import repair

    old, seen = Schedule.from_json(drafts.core(work.base)), list[Any]()
    for number, way in enumerate(work.ways):
        tell(number, len(work.ways))
        if cancel is not None and cancel.is_set():
            return
        try:
            changed = edits.applied(work.instance, (*way.edits, *way.wishes))
            problem = Problem.from_json(edits.applied(changed, [_stay(work, Problem.from_json(changed))]))
            found = repair(problem, old, work.moment, cancel=cancel, **options).to_json()
        except SchedulerError as error:
            yield {"label": parts(way.label), "error": parts(Sentence("没有算出来：%(why)s", why=error.args[0]))}
            continue
        if found["panels"] in seen:
            continue
        seen.append(found["panels"])
        label = parts(way.label)
        if moved := disturbed(work.base, found, work.begun):
            who = Sentence("会动到已叫号或已有评分的 %(who)s，不能用。", who="、".join(moved))
            yield {"label": label, "error": parts(who)}
        else:
            yield {"label": label, "edits": [dict(edit) for edit in way.edits], "document": found}


def _stay(work: Task, problem: Problem) -> edits.Edit:
    """Who has begun ahead of time stays by a pin, and who has marks already, where the slot is still there."""
    starts, rooms = grid(problem), {room.id: room for room in problem.rooms}
    pins = {}
    for who, p in differences.places(work.base).items():
        at = datetime.fromisoformat(p.start)
        there = at in starts.get(p.session, ()) and p.room in rooms and rooms[p.room].open_in(p.session)
        if who in problem.applicant and at >= work.moment and (who in work.begun or (who in work.marked and there)):
            pins[who] = p[:3]
    return edits.held(pins)


def disturbed(base: Mapping[str, Any], document: Mapping[str, Any], begun: Collection[str]) -> list[str]:
    """Who has begun and would be elsewhere, or before other experts: sheets stay where they are."""
    was, now = differences.places(base), differences.places(document)
    old, new = ({p["id"]: set(p["members"]) for p in one["panels"]} for one in (base, document))
    return [
        who
        for who in sorted(set(begun) & set(was))
        if now.get(who) != was[who] or old[was[who].panel] != new.get(was[who].panel)
    ]


def keep(session: Session, repair_id: int, proposals: list[dict[str, Any]]) -> None:
    """Write the proposals down."""
    session.get_one(Repair, repair_id).proposals = proposals
