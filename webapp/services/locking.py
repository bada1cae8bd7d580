"""Locking the rosters: what stands against it, locking, and unlocking with a reason."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.directions import able
from webapp.models import Applicant, Direction, Expert, Round, ScheduleVersion
from webapp.services import audit, recusals, times
from webapp.services.kernel import Actor, Clock, Refused, Sentence, Sentences, Unreadable
from webapp.services.rounds import require_state
from webapp.services.settings import Settings, of_round


def lock(session: Session, actor: Actor, clock: Clock, round_: Round) -> None:
    """Lock the rosters: nobody is added or changed afterwards.

    Raises:
        Refused: venue, applicants or experts are missing; a recusal names nobody known; a direction has no chair.
    """
    require_state(round_, "draft")
    missing = lacking(session, round_) + times.settle(session, round_)
    if missing:
        raise Refused("%(wrong)s", wrong=Sentences.of(missing))
    drafted = session.scalar(select(ScheduleVersion.id).where(ScheduleVersion.round_id == round_.id).limit(1))
    round_.state = "scheduled" if drafted else "rosters_locked"
    audit.record(session, actor, clock, "rosters.lock", round_.name, round_id=round_.id)


def unlock(session: Session, actor: Actor, clock: Clock, round_: Round, reason: str) -> None:
    """Open locked rosters again, with a reason; drafts stay and are checked anew before one is published."""
    require_state(round_, "rosters_locked", "scheduled")
    if not reason.strip():
        raise Unreadable("解锁名册要写明原因。")
    round_.state = "draft"
    audit.record(
        session, actor, clock, "rosters.unlock", round_.name, round_id=round_.id, after={"reason": reason[:256]}
    )


def lacking(session: Session, round_: Round) -> list[Sentence]:
    """What stands against locking, one sentence each."""
    senior = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    applicants = list(session.scalars(senior))
    experts = [e for e in session.scalars(select(Expert).where(Expert.round_id == round_.id)) if e.serves]
    wrong = []
    if not round_.rooms:
        wrong.append(Sentence("还没有答辩室和时段。请先导入场地与时段。"))
    elif not round_.sessions:
        wrong.append(Sentence("有答辩室，还没有时段。请导入场地与时段，写上这一批次的日期。"))
    if not applicants:
        wrong.append(Sentence("还没有高级申报人。请先导入申报人员名册。"))
    if not experts:
        wrong.append(Sentence("还没有评审专家。请先导入评审专家名册。"))
    for direction in round_.directions if applicants and experts else ():
        if any(a.direction_id == direction.id for a in applicants):
            wrong += _too_few(direction, experts, of_round(round_))
    return wrong + recusals.unsettled(session, round_)


def _too_few(direction: Direction, experts: list[Expert], settings: Settings) -> list[Sentence]:
    """What keeps a direction from having one panel at all."""
    count, chair = able((e.strengths.get(direction.code, 0), e.may_chair) for e in experts)
    wrong = []
    if not chair:
        wrong.append(
            Sentence("专业方向“%(name)s”没有可任组长的专家。请在专家名册中补充后重新导入。", name=direction.name)
        )
    if count < settings.min_specialists:
        said = Sentence(
            "专业方向“%(name)s”只有 %(n)s 位本方向专家，少于设置的 %(least)s 位。"
            "请补充专家，或在批次设置中改小“本方向专家至少”。",
            name=direction.name,
            n=count,
            least=settings.min_specialists,
        )
        wrong.append(said)
    return wrong
