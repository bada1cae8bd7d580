"""What an edit of a draft did, as data that goes both ways: worked out, and written into the draft."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.problem import Pin, Problem, stamp
from scheduler.schedule import Schedule
from webapp.models import Applicant, Round, ScheduleVersion
from webapp.services import audit, desks, drafts, ground, proof
from webapp.services.desks import Desk, Tried
from webapp.services.kernel import Actor, Clock, Refused

Row = dict[str, Any]


def between(desk: Desk, tried: Tried, rows: Iterable[Row]) -> dict[str, Any]:
    """What differs, as pairs of before and after; empty where nothing does."""
    before, after = desk.schedule, tried.schedule
    patch: dict[str, Any] = {}
    old, new = ({p.id: p for p in s.panels} for s in (before, after))
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if names:
        patch["panels"] = {n: [_json(old, n), _json(new, n)] for n in names}
        patch["order"] = [list(old), list(new)]
    if before.unscheduled != after.unscheduled:
        patch["unscheduled"] = [list(before.unscheduled), list(after.unscheduled)]
    if desk.pins != tried.pins:
        patch["pins"] = [[p.to_json() for p in desk.pins], [p.to_json() for p in tried.pins]]
    people = {row["applicant"] for row in rows if row["kind"] == "pin"}
    held = {who: [_pin(problem, who) for problem in (desk.problem, tried.problem)] for who in sorted(people)}
    if any(a != b for a, b in held.values()):
        patch["held"] = {who: pair for who, pair in held.items() if pair[0] != pair[1]}
    if patch:
        patch["bound"] = [list(before.bound), list(after.bound)]
    return patch


def _json(panels: dict[str, Any], name: str) -> dict[str, Any] | None:
    return panels[name].to_json() if name in panels else None


def _pin(problem: Problem, who: str) -> dict[str, str]:
    pin: Pin = problem.applicant[who].pin
    found = {"session": pin.session, "room": pin.room, "start": pin.start and stamp(pin.start)}
    return {key: value for key, value in found.items() if value}


def apply(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    version: ScheduleVersion,
    patch: Row,
    side: int,
    desk: Desk,
) -> None:
    """Write one side of a patch: 0 what was before, 1 what was after; judged by the checker as it then is.

    The new desk is not kept: what is not committed yet may never be.
    """
    if "held" in patch:
        _hold(session, actor, clock, round_, {who: pair[side] for who, pair in patch["held"].items()})
    document = dict(version.document)
    panels = {row["id"]: row for row in document["panels"]}
    panels |= {name: pair[side] for name, pair in patch.get("panels", {}).items()}
    order = patch["order"][side] if "order" in patch else list(panels)
    document["panels"] = [panels[name] for name in order]
    for key in ("unscheduled", "pins", "bound"):
        if key in patch:
            document[key] = patch[key][side]
    version.document = document
    session.flush()
    today = ground.made(session, round_) if "held" in patch else desk.ground
    _judged(session, version, desks.made(version, today))
    session.flush()
    if "panels" in patch:
        _spread(session, version, patch["panels"])


def _judged(session: Session, version: ScheduleVersion, desk: Desk) -> None:
    """Put the checker's findings on today's data into the document, and what is proven of the version it came from."""
    cost = desk.prices.report.cost
    bound = tuple(map(min, desk.schedule.bound or (0,) * len(cost), cost))
    schedule: Schedule = desk.schedule.rated(cost, bound, desk.schedule.seconds)
    told = [f"{one.rule} {one.text}" for one in desk.told(desk.violations)]
    pins = [p.to_json() for p in desk.pins]
    made = schedule.to_json() | {"pins": pins, "violations": told}
    version.instance = dict(desk.ground.instance)
    mine = (ScheduleVersion.round_id == version.round_id, ScheduleVersion.number == version.base)
    base = session.scalar(select(ScheduleVersion).where(*mine))
    known = proof.still(base.document, made) if base else made
    more = base is not None and known["bound"] != made["bound"] and proof.narrower(version.instance, base.instance)
    version.document = made | (known if more else {})


def _spread(session: Session, version: ScheduleVersion, changed: Iterable[str]) -> None:
    attempt = session.begin_nested()
    try:
        drafts.respread(session, version, frozenset(changed))
        attempt.commit()
    except IntegrityError as error:
        attempt.rollback()
        raise Refused(
            "这样改，同一位申报人、同一时间、同一答辩室或同一位专家会用两次，不能保存。请改放到别处。"
        ) from error


def _hold(session: Session, actor: Actor, clock: Clock, round_: Round, pins: dict[str, dict[str, str]]) -> None:
    """Set applicants' pins; they belong to the round's data, so every draft is judged by them."""
    query = select(Applicant).where(Applicant.round_id == round_.id, Applicant.code.in_(pins))
    for person in session.scalars(query):
        before, person.pin = person.pin, pins[person.code]
        audit.record(
            session,
            actor,
            clock,
            "applicant.pin",
            person.code,
            round_id=round_.id,
            before={"pin": before},
            after={"pin": person.pin},
        )
    session.flush()
