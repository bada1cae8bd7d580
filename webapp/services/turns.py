"""One step after the other: what a screen had seen, the step's moment, and what is said to who was slower."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Applicant, Round, Turn
from webapp.services.kernel import Actor, Clock, Sentence, Stale, Unreadable

STEPS = {
    "call": "叫号",
    "enter": "到场",
    "talk": "开始陈述",
    "answers": "开始答辩",
    "pause": "暂停",
    "resume": "继续",
    "heard": "结束",
    "absent": "缺席",
    "gave_up": "放弃",
    "late": "迟到",
    "disqualified": "取消资格",
    "deferred": "延期",
    "undo": "撤回",
    "arrive": "签到",
    "depart": "撤回签到",
}
"""Each step of an applicant's turn → the word on its button."""
STILL = {"arrive": ("call", "enter"), "call": ("arrive",)}
"""A step that another screen took meanwhile → those that hold all the same: who signs in at the desk can be called."""
OLDEST = timedelta(hours=12)
"""How long a console may have been without a network before what it kept is no longer taken."""
AHEAD = timedelta(seconds=5)
"""How far a console's measured moment may run before the server's."""


@dataclass(frozen=True)
class Seen:
    """What the screen that acts had before it: the turn's version and, from a console without a network, the moment."""

    version: int | None = None
    at: datetime | None = None


NOW = Seen()
"""Whoever acts has just looked: programs, tests, the first step of a day."""


def of_round(session: Session, round_: Round, applicants: list[int] | None = None) -> dict[int, Turn]:
    """Applicant id → the turn; of those applicants only, where they are given."""
    query = select(Turn).where(Turn.round_id == round_.id)
    if applicants is not None:
        query = query.where(Turn.applicant_id.in_(applicants))
    return {turn.applicant_id: turn for turn in session.scalars(query)}


def of_applicant(session: Session, round_: Round, applicant: Applicant) -> Turn | None:
    """The applicant's turn, if anything has happened."""
    return session.scalar(select(Turn).where(Turn.round_id == round_.id, Turn.applicant_id == applicant.id))


def repeated(turn: Turn | None, actor: Actor, what: str, seen: Seen) -> bool:
    """Whether this very step was taken a moment ago: a button pressed twice, a queue sent again."""
    if turn is None or seen.version is None:
        return False
    taken = turn.row_version - seen.version
    return (turn.last_step, turn.last_by) == (what, actor.name) and (taken == 1 or (taken == 2 and _may_follow(what)))


def _may_follow(what: str) -> bool:
    return any(what in steps for steps in STILL.values())


def _holds(turn: Turn, what: str, seen: Seen) -> bool:
    """Whether the step can be taken on what the screen had seen."""
    if seen.version is None or seen.version == turn.row_version:
        return True
    return turn.row_version == seen.version + 1 and what in STILL.get(turn.last_step, ())


def take(
    session: Session, actor: Actor, clock: Clock, round_: Round, applicant: Applicant, what: str, seen: Seen
) -> tuple[Turn, datetime]:
    """Note a step in the applicant's turn; the turn and the step's moment.

    Raises:
        Stale: the turn has moved on since the screen was drawn; the sentence says both.
        Unreadable: a moment that cannot be.
    """
    turn = _locked(session, round_, applicant) or _begun(session, round_, applicant)
    if not _holds(turn, what, seen):
        raise _too_late(turn, applicant, what)
    at = _moment(turn, clock, seen)
    turn.row_version += 1
    turn.last_step, turn.last_by, turn.last_at = what, actor.name, at
    return turn, at


def _locked(session: Session, round_: Round, applicant: Applicant) -> Turn | None:
    """The turn, held until the step is written: whoever comes at the same moment waits and then sees it."""
    query = select(Turn).where(Turn.round_id == round_.id, Turn.applicant_id == applicant.id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _begun(session: Session, round_: Round, applicant: Applicant) -> Turn:
    """A new turn; where another began it in the same moment, that one."""
    turn = Turn(round_id=round_.id, applicant_id=applicant.id)
    try:
        with session.begin_nested():
            session.add(turn)
    except IntegrityError:
        found = _locked(session, round_, applicant)
        assert found is not None
        return found
    return turn


def _too_late(turn: Turn, applicant: Applicant, what: str) -> Stale:
    return Stale(
        "%(name)s：%(by)s 已在 %(at)s 记为“%(now)s”，您的“%(what)s”没有执行。请看现在的状态再决定。",
        name=applicant.name,
        by=turn.last_by or "–",
        at=f"{turn.last_at.astimezone():%H:%M:%S}" if turn.last_at else "–",
        now=Sentence(STEPS.get(turn.last_step, "–")),
        what=Sentence(STEPS[what]),
    )


def _moment(turn: Turn, clock: Clock, seen: Seen) -> datetime:
    now = clock()
    if seen.at is None:
        return now
    if not now - OLDEST <= seen.at <= now + AHEAD:
        raise Unreadable("这一步在断网时记下的时间不对，没有写入。请核对后在控制台上重新操作。")
    return max(min(seen.at, now), turn.last_at or seen.at)
