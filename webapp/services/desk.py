"""The check-in desk (签到台): applicants and experts sign in, numbers are handed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Expert, Presence, Round, Sitting
from webapp.models import Session as HalfDay
from webapp.services import audit, boards, consoles, lots_by_hand, records, turns
from webapp.services.consoles import Line, Part
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.panel_day import person
from webapp.services.rounds import require_state
from webapp.services.turns import NOW, Seen


@dataclass(frozen=True)
class Desk:
    """One half-day at the desk."""

    half: HalfDay
    halves: tuple[HalfDay, ...]
    parts: tuple[Part, ...]
    experts: tuple[tuple[Expert, Sitting, Presence | None], ...]
    draws: Callable[[Sitting], bool]
    """Whether a sitting's numbers are drawn at the desk and not on record yet."""

    @property
    def lines(self) -> list[tuple[Part, Line]]:
        """Everyone, room by room."""
        return [(part, line) for part in self.parts for line in part.lines]

    @property
    def arrived(self) -> int:
        """How many applicants have signed in."""
        return sum(line.arrived for _part, line in self.lines)


def of_half(session: Session, round_: Round, code: str, clock: Clock) -> Desk | None:
    """The desk's list of a half-day, else of the one that comes next or runs; ``None`` where nobody is scheduled."""
    version = records.published(session, round_)
    held = select(Sitting.session_id).where(Sitting.version_id == version.id)
    halves = list(session.scalars(select(HalfDay).where(HalfDay.id.in_(held)).order_by(HalfDay.start)))
    if not halves:
        return None
    wall = clock().astimezone().replace(tzinfo=None)
    ahead = next((half for half in halves if half.end > wall), halves[0])
    half = next((half for half in halves if half.code == code), ahead)
    sittings = boards.sittings(session, version, Sitting.session_id == half.id)
    here = select(Presence).where(Presence.round_id == round_.id, Presence.session == half.code)
    signed = {row.expert_id: row for row in session.scalars(here)}
    experts = tuple((m.expert, s, signed.get(m.expert_id)) for s in sittings for m in s.panel.members)
    draws = records.drawn_at_desk(session, round_)
    parts = tuple(map(_by_time, consoles.parts(session, round_, sittings)))
    return Desk(half, tuple(halves), parts, experts, draws)


def _by_time(part: Part) -> Part:
    """In the schedule's order, not in that of calling: no row may move under a finger when a number is drawn."""
    return replace(part, lines=tuple(sorted(part.lines, key=lambda line: line.appointment.start)))


def sign_in(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    code: str,
    *,
    note: str = "",
    number: str = "",
    seen: Seen = NOW,
) -> int:
    """Sign an applicant in, with the number drawn where the round draws at the desk; the number to hand out.

    Raises:
        Refused: there already, or an outcome stands; a number that is taken.
        Unreadable: no number where one is to be drawn.
    """
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    old = turns.of_applicant(session, round_, applicant)
    if turns.repeated(old, actor, "arrive", seen) and number.strip() in ("", str(old.number if old else "")):
        return _number(session, round_, applicant)
    turn, at = turns.take(session, actor, clock, round_, applicant, "arrive", seen)
    if turn.arrived_at:
        raise Refused("%(name)s 已经签到。请刷新页面。", name=applicant.name)
    if records.outcome_of(session, round_, applicant):
        raise Refused("%(name)s 已有结果，不能签到。要改请小组秘书先撤回。", name=applicant.name)
    if records.drawn_at_desk(session, round_)(_sitting(session, round_, applicant)):
        turn.number = _drawn(session, round_, applicant, number)
    turn.arrived_at, turn.arrived_by, turn.note = at, actor.name, note.strip()[:128]
    after = {"number": turn.number, "note": turn.note}
    audit.record(session, actor, clock, "desk.arrive", code, round_id=round_.id, after=after)
    session.flush()
    return _number(session, round_, applicant)


def sign_out(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, *, seen: Seen = NOW) -> None:
    """Take a sign-in back; a number that was drawn is free again while numbers are still drawn."""
    require_state(round_, "published", "in_session")
    applicant = person(session, round_, actor, code)
    old = turns.of_applicant(session, round_, applicant)
    if turns.repeated(old, actor, "depart", seen):
        return
    turn, _at = turns.take(session, actor, clock, round_, applicant, "depart", seen)
    if turn.arrived_at is None:
        raise Refused("%(name)s 还没有签到。请刷新页面。", name=applicant.name)
    if records.call_of(session, round_, applicant) or records.outcome_of(session, round_, applicant):
        raise Refused("%(name)s 已经叫号或已有结果，不能撤回签到。", name=applicant.name)
    before = {"number": turn.number, "note": turn.note}
    turn.arrived_at, turn.arrived_by, turn.note = None, "", ""
    if records.drawn_at_desk(session, round_)(_sitting(session, round_, applicant)):
        turn.number = None
    audit.record(session, actor, clock, "desk.depart", code, round_id=round_.id, before=before)


def _sitting(session: Session, round_: Round, applicant: Applicant) -> Sitting:
    version = records.published(session, round_)
    where = (Appointment.version_id == version.id, Appointment.applicant_id == applicant.id)
    found = session.scalar(select(Appointment).where(*where))
    if found is None:
        raise Missing("%(name)s 没有排上时间，不能签到。", name=applicant.name)
    return found.sitting


def _number(session: Session, round_: Round, applicant: Applicant) -> int:
    return consoles.number_of(session, round_, _sitting(session, round_, applicant), applicant.id) or 0


def _drawn(session: Session, round_: Round, applicant: Applicant, typed: str) -> int:
    """The number drawn: as typed, or the only one left over."""
    people = [a.applicant_id for a in _sitting(session, round_, applicant).appointments]
    others = turns.of_round(session, round_, [one for one in people if one != applicant.id])
    taken = {other.number for other in others.values() if other.number}
    free = [n for n in range(1, len(people) + 1) if n not in taken]
    if not typed.strip() and len(free) == 1:
        return free[0]
    if not typed.strip().isdigit():
        raise Unreadable("请填写 %(name)s 抽到的号。", name=applicant.name)
    if int(typed) not in free:
        some = "、".join(map(str, free[:12]))
        raise Refused("%(n)s 号已有人或不在本场。还剩：%(free)s。", n=typed.strip()[:4], free=some)
    return int(typed)


def finish_draw(session: Session, actor: Actor, clock: Clock, round_: Round, place: str) -> None:
    """The numbers drawn at the desk become the sitting's draw, on record like any other; who has not come gets what
    the round's rule on lateness leaves.

    Raises:
        Missing: no such sitting.
        Refused: drawn already, or it has begun.
    """
    sittings = boards.sittings(session, records.published(session, round_))
    sitting = next((one for one in sittings if records.place_of(one) == place), None)
    if sitting is None:
        raise Missing("没有这一场。请刷新页面。")
    people = {a.applicant_id: a.applicant.code for a in sitting.appointments}
    found = turns.of_round(session, round_, list(people))
    numbers = {code: found[who].number if who in found else None for who, code in people.items()}
    lots_by_hand.by_hand(session, actor, clock, round_, {place: numbers})


def sign_expert(
    session: Session, actor: Actor, clock: Clock, round_: Round, expert: str, half: str, *, here: bool
) -> None:
    """Sign an expert in for a half-day, or take it back; what is so already stays."""
    require_state(round_, "published", "in_session")
    sittings = boards.sittings(session, records.published(session, round_), HalfDay.code == half)
    found = next((m.expert for s in sittings for m in s.panel.members if m.expert.code == expert), None)
    if found is None:
        raise Missing("这位专家在这个半天没有场次。请刷新页面。")
    where = (Presence.round_id == round_.id, Presence.expert_id == found.id, Presence.session == half)
    old = session.scalar(select(Presence).where(*where))
    if here == (old is not None):
        return
    if old:
        session.delete(old)
    else:
        session.add(Presence(round_id=round_.id, expert_id=found.id, session=half, at=clock(), by=actor.name))
    act = "desk.expert_in" if here else "desk.expert_out"
    audit.record(session, actor, clock, act, f"{expert} {half}", round_id=round_.id)
