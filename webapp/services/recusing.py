"""Recusal on the day (临场回避): an expert declares it or the office orders it; there is then no sheet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Expert, PanelMember, Recusal, Round, Sheet, Sitting
from webapp.models.people import REASONS
from webapp.services import audit, records
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Unreadable
from webapp.services.rounds import require_state


def of_panel(session: Session, round_: Round, sittings: list[Sitting]) -> list[tuple[Recusal, Applicant, Expert]]:
    """The day's recusals of a panel, the newest last."""
    people = [a.applicant_id for sitting in sittings for a in sitting.appointments]
    query = (
        select(Recusal, Applicant, Expert)
        .join(Applicant, Applicant.id == Recusal.applicant_id)
        .join(Expert, Expert.id == Recusal.expert_id)
        .where(Recusal.round_id == round_.id, Recusal.side == "day", Recusal.applicant_id.in_(people))
    )
    return [(row.Recusal, row.Applicant, row.Expert) for row in session.execute(query.order_by(Recusal.id))]


def recuse(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    applicant: str,
    expert: str,
    reason: str,
    more: str = "",
) -> None:
    """Take one expert's sheet for one applicant away: an expert one's own before it is submitted, the office any.

    Raises:
        Forbidden: another expert's, or nobody of the office.
        Refused: the sitting is closed, or it is on record already.
        Unreadable: no reason of the list; 其他 without words.
    """
    require_state(round_, "published", "in_session")
    place, member = _seat(session, round_, applicant, expert)
    if actor.expert_id != member.id and actor.role != "office":
        raise Forbidden("回避由专家本人提出，或由评委会办公室决定。")
    if reason not in REASONS or (reason == "其他" and not more.strip()):
        raise Unreadable("请选择回避的原因；选“其他”时请写明。")
    if records.is_closed(session, round_, place.sitting):
        raise Refused("这一场已关闭，不能再改。请联系评委会办公室。")
    pair = {"round_id": round_.id, "applicant_id": place.applicant_id, "expert_id": member.id}
    if session.scalar(select(Recusal.id).filter_by(side="day", **pair)):
        raise Refused("%(expert)s 对 %(name)s 已经回避。", expert=member.name, name=place.applicant.name)
    sheet = session.scalar(select(Sheet).filter_by(**pair))
    if sheet is not None and sheet.state != "draft" and actor.role != "office":
        raise Refused("您已提交对 %(name)s 的评分表。要回避请联系评委会办公室。", name=place.applicant.name)
    words = f"{reason}：{more.strip()}"[:64] if more.strip() else reason
    session.add(Recusal(side="day", name="", reason=words, **pair))
    after = {"expert": expert, "reason": words, "sheet": sheet.state if sheet else ""}
    audit.record(session, actor, clock, "recusal.day", applicant, round_id=round_.id, after=after)


def withdraw(
    session: Session, actor: Actor, clock: Clock, round_: Round, applicant: str, expert: str, reason: str
) -> None:
    """The office takes a recusal of the day back, with a reason; a sheet that was there counts again."""
    require_state(round_, "published", "in_session")
    place, member = _seat(session, round_, applicant, expert)
    if actor.role != "office":
        raise Forbidden("撤回回避由评委会办公室决定。")
    if not reason.strip():
        raise Unreadable("撤回回避要写明原因。")
    if records.is_closed(session, round_, place.sitting):
        raise Refused("这一场已关闭，不能再改。请联系评委会办公室。")
    query = select(Recusal).filter_by(round_id=round_.id, side="day", applicant_id=place.applicant_id)
    found = session.scalar(query.where(Recusal.expert_id == member.id))
    if found is None:
        raise Refused("没有这条回避。请刷新页面。")
    before, after = {"expert": expert, "reason": found.reason}, {"reason": reason.strip()[:128]}
    session.delete(found)
    audit.record(session, actor, clock, "recusal.withdraw", applicant, round_id=round_.id, before=before, after=after)


def _seat(session: Session, round_: Round, applicant: str, expert: str) -> tuple[Appointment, Expert]:
    """The appointment and the member of its panel.

    Raises:
        Missing: no such applicant in the published schedule, or the expert is not on that panel.
    """
    query = (
        select(Appointment, Expert)
        .join(Applicant, Applicant.id == Appointment.applicant_id)
        .join(Sitting, Sitting.id == Appointment.sitting_id)
        .join(PanelMember, PanelMember.panel_id == Sitting.panel_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .where(Appointment.version_id == records.published(session, round_).id)
        .where(Applicant.code == applicant, Expert.code == expert)
    )
    row = session.execute(query).first()
    if row is None:
        raise Missing("这位专家不在这位申报人的专家组。请刷新页面。")
    return row[0], row[1]
