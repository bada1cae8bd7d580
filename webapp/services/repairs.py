"""Repairs of the published schedule on the day: what happened, the proposals to choose from, the one that is applied.

A proposal is solved by ``scheduler.repair`` in a job and kept with the edits it was solved for. It is applied only
while nothing it touches has begun; the published version is then replaced by a new one, never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from scheduler.timeline import grid
from webapp.models import Applicant, PanelSecretary, PanelSigned, Repair, Round, ScheduleVersion, Sheet
from webapp.services import audit, differences, drafts, edits, events, jobs, panel_day, places, publishing, today
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Sentence, Stale
from webapp.services.rounds import require_state

Said = dict[str, Any]
"""A sentence as it is kept: its text and its values."""


def said(sentence: Sentence) -> Said:
    """The sentence as it is kept."""
    return {"text": sentence.text, "values": sentence.values}


def unsaid(kept: Said) -> Sentence:
    """The sentence that was kept."""
    text, values = kept["text"], kept["values"]
    return Sentence(text, **values)


def ask(session: Session, actor: Actor, clock: Clock, round_: Round, event: Mapping[str, Any]) -> Repair:
    """Tell what happened; a job works out the proposals.

    Raises:
        Unreadable: the event lacks something.
        Refused: nothing is published, or nothing needs to change.
    """
    require_state(round_, "published", "in_session")
    now = today.of(session, clock, round_)
    events.ways(now, event)
    job = jobs.queue(session, actor, clock, round_, {"workers": 2, "seed": 0})
    session.flush()
    made = Repair(
        round_id=round_.id,
        base_id=now.version.id,
        job_id=job.id,
        event=dict(event),
        moment=now.moment,
        made_at=clock(),
        made_by=actor.name,
    )
    session.add(made)
    session.flush()
    job.options = job.options | {"repair": made.id}
    audit.record(session, actor, clock, "repair.ask", str(made.id), round_id=round_.id, after={"event": made.event})
    return made


def by_id(session: Session, round_: Round, number: int) -> Repair:
    """The repair of that number."""
    found = session.get(Repair, number)
    if found is None or found.round_id != round_.id:
        raise Missing("没有这次调整。请从当日处置页进入。")
    return found


def everyone(session: Session, round_: Round) -> list[Repair]:
    """All of a round, the newest first."""
    return list(session.scalars(select(Repair).where(Repair.round_id == round_.id).order_by(Repair.id.desc())))


def of_version(session: Session, version: ScheduleVersion) -> Repair | None:
    """The repair a version came from, if it did."""
    return session.scalar(select(Repair).where(Repair.version_id == version.id))


@dataclass(frozen=True)
class Proposal:
    """A proposal as it is shown: what it changes, or why there is none."""

    number: int
    label: Sentence
    error: Sentence | None
    difference: differences.Difference | None = None
    unscheduled: tuple[str, ...] = ()
    proven: bool = False
    """Fewer changes are impossible."""


def proposals(row: Repair) -> list[Proposal]:
    """The proposals in order: the fewest left out, then in another session, then at another time, then changed at all.

    Those that give nothing stand last.
    """
    return sorted((_shown(row, number, one) for number, one in enumerate(row.proposals)), key=_rank)


def _rank(one: Proposal) -> tuple[int, ...]:
    if one.difference is None:
        return (1, one.number)
    d = one.difference
    return (0, len(one.unscheduled), len(d.of("session")), len(d.of("time")), len(d.moves), len(d.called), one.number)


def _shown(row: Repair, number: int, one: Mapping[str, Any]) -> Proposal:
    label = unsaid(one["label"])
    if "error" in one:
        return Proposal(number, label, unsaid(one["error"]))
    document = one["document"]
    proof = document["repair"]
    changed = differences.between(row.base.document, document)
    left = tuple(document["unscheduled"])
    return Proposal(number, label, None, changed, left, proof["bound"][:4] == proof["cost"][:4])


# ---------------------------------------------------------------- in the job


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
            yield {"label": said(way.label), "error": said(Sentence("没有算出来：%(why)s", why=str(error)))}
            continue
        if found["panels"] in seen:
            continue
        seen.append(found["panels"])
        label = said(way.label)
        if moved := disturbed(work.base, found, work.begun):
            who = Sentence("会动到已叫号或已有评分的 %(who)s，不能用。", who="、".join(moved))
            yield {"label": label, "error": said(who)}
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


# ---------------------------------------------------------------- the decision


def drop(session: Session, actor: Actor, clock: Clock, round_: Round, number: int) -> None:
    """None of the proposals is wanted."""
    row = _open(session, round_, number)
    row.state, row.ended_at, row.ended_by = "dropped", clock(), actor.name
    audit.record(session, actor, clock, "repair.drop", str(row.id), round_id=round_.id)


def apply(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, choice: int) -> ScheduleVersion:
    """Apply one proposal: the new version is published, what happened is written into the round's tables.

    Raises:
        Stale: the schedule changed since, or somebody it moves has begun; the proposals are to be worked out anew.
        Refused: there is no such proposal, or it breaks a rule by today's data.
    """
    require_state(round_, "published", "in_session")
    row = _open(session, round_, number)
    if not 0 <= choice < len(row.proposals) or "document" not in row.proposals[choice]:
        raise Missing("没有这个方案。请刷新页面。")
    chosen = row.proposals[choice]
    now = today.of(session, clock, round_)
    _still_fits(now, row, chosen["document"])
    gone = [edit["id"] for edit in chosen["edits"] if edit["do"] == "applicant_gone"]
    for who in gone:
        panel_day.settle(session, actor, clock, round_, who, "gave_up", str(row.event.get("reason", ""))[:256])
    edits.write(session, round_, chosen["edits"])
    heard = {row["id"] for row in now.instance["applicants"]} - set(gone)
    instance = problem_document(session, round_)
    document = _whole(instance, chosen["document"], heard)
    note = f"{events.KINDS[row.event['kind']]}：{unsaid(chosen['label'])}（调整自第 {now.version.number} 版）"[:256]
    version = drafts.put(session, actor, clock, round_, instance, document, note)
    publishing.put_in_force(session, actor, clock, version)
    session.flush()
    _follow(session, round_, now.version.document, document)
    row.state, row.ended_at, row.ended_by, row.version_id = "applied", clock(), actor.name, version.id
    changed = differences.between(now.version.document, document)
    audit.record(
        session,
        actor,
        clock,
        "repair.apply",
        str(version.number),
        round_id=round_.id,
        before={"version": now.version.number},
        after={"event": row.event, "moved": [m.applicant for m in changed.moves], "edits": chosen["edits"]},
    )
    return version


def _whole(instance: Mapping[str, Any], solved: Mapping[str, Any], heard: Collection[str]) -> dict[str, Any]:
    """The solved document for all of the round's people: who ended before being heard is without a place."""
    document = drafts.core(dict(solved))
    ended = [row["id"] for row in instance["applicants"] if row["id"] not in heard]
    document["unscheduled"] = [*document["unscheduled"], *ended]
    cost = drafts.require_valid(dict(instance), document, set(solved.get("repair", {}).get("past", ())))
    bound = [min(pair) for pair in zip((solved["bound"][0] + len(ended), *solved["bound"][1:]), cost, strict=True)]
    return document | {"cost": list(cost), "bound": bound, "status": "optimal" if bound == list(cost) else "feasible"}


def _open(session: Session, round_: Round, number: int) -> Repair:
    row = by_id(session, round_, number)
    if row.state != "asked":
        raise Stale("这次调整已经处理。请回到当日处置页。")
    return row


def _still_fits(now: today.Today, row: Repair, document: Mapping[str, Any]) -> None:
    if row.base_id != now.version.id:
        raise Stale("安排在此期间已改为第 %(n)s 版，方案已过时。请重新计算。", n=now.version.number)
    if moved := disturbed(now.version.document, document, now.begun):
        raise Stale("%(who)s 已叫号或已有评分，方案会动到他们。请重新计算。", who="、".join(moved))
    for move in differences.between(now.version.document, document).moves:
        if move.after is not None and datetime.fromisoformat(move.after.start) < now.now:
            at = move.after.start[11:]
            raise Stale("方案给 %(who)s 的时间 %(at)s 已过。请重新计算。", who=move.applicant, at=at)


def _follow(session: Session, round_: Round, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Secretaries go on with the panels that go on under a new id; a panel that sits otherwise is not signed off."""
    was = {p["id"]: p for p in old["panels"]}
    mine = list(session.scalars(select(PanelSecretary).where(PanelSecretary.round_id == round_.id)))
    known = {(row.panel, row.user_id) for row in mine}
    for panel in new["panels"]:
        stem = panel["id"].partition("+")[0]
        if panel["id"] not in was and stem in was:
            fresh = [row for row in mine if row.panel == stem and (panel["id"], row.user_id) not in known]
            session.add_all(PanelSecretary(round_id=round_.id, panel=panel["id"], user_id=r.user_id) for r in fresh)
    _sheets_follow(session, round_, new)
    now = {p["id"]: p["sittings"] for p in new["panels"]}
    for signed in session.scalars(select(PanelSigned).where(PanelSigned.round_id == round_.id)):
        if signed.panel in was and was[signed.panel]["sittings"] != now.get(signed.panel):
            session.delete(signed)
    session.flush()


def _sheets_follow(session: Session, round_: Round, new: Mapping[str, Any]) -> None:
    """A draft of an expert who hears the applicant under another panel's id goes there."""
    panel = {who: place.panel for who, place in differences.places(new).items()}
    members = {p["id"]: set(p["members"]) for p in new["panels"]}
    query = select(Sheet).join(Applicant, Applicant.id == Sheet.applicant_id)
    for sheet in session.scalars(query.where(Sheet.round_id == round_.id, Sheet.state == "draft")):
        here = panel.get(sheet.applicant.code)
        if here not in (None, sheet.panel) and sheet.expert.code in members[here]:
            sheet.panel, sheet.key = here, places.key_of(round_, here, sheet.applicant, sheet.expert)
