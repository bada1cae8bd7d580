"""Objections (异议) against released results, and the check they may bring; every step is kept."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Objection, ResultSet, Round
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Unreadable
from webapp.services.rounds import require_state

DECISIONS = {"kept": "维持原成绩", "recheck": "复查"}
"""Decision → its words."""
AFTER_RELEASE = ("released", "public_notice")


def of_round(session: Session, round_: Round) -> list[Objection]:
    """All objections, the newest first."""
    query = select(Objection).where(Objection.round_id == round_.id).order_by(Objection.number.desc())
    return list(session.scalars(query))


def released(session: Session, round_: Round) -> ResultSet | None:
    """The newest set that was released."""
    query = select(ResultSet).where(ResultSet.round_id == round_.id, ResultSet.released_at.is_not(None))
    return session.scalar(query.order_by(ResultSet.number.desc()).limit(1))


def undecided(session: Session, round_: Round) -> int:
    """How many objections wait for a decision."""
    where = (Objection.round_id == round_.id, Objection.decision.is_(None))
    return session.scalar(select(func.count(Objection.id)).where(*where)) or 0


def receive(
    session: Session, actor: Actor, clock: Clock, round_: Round, source: str, text: str, code: str = ""
) -> Objection:
    """Write an objection down, against the set that was released.

    Raises:
        Refused: nothing was released yet.
        Unreadable: no text, or an applicant who is not in the round.
    """
    against = released(session, round_)
    if against is None:
        raise Refused("成绩还没有公布过，不能登记异议。")
    if not text.strip() or len(text) > 1000:
        raise Unreadable("异议内容为 1 到 1000 个字。")
    person = None
    if code.strip():
        where = (Applicant.round_id == round_.id, Applicant.code == code.strip().upper())
        person = session.scalar(select(Applicant).where(*where))
        if person is None:
            raise Unreadable("没有编号为 %(code)s 的申报人。请核对编号，或留空。", code=code.strip()[:16])
    last = session.scalar(select(func.max(Objection.number)).where(Objection.round_id == round_.id)) or 0
    made = Objection(round_id=round_.id, number=last + 1, set_id=against.id, text=text.strip())
    made.source, made.applicant = source.strip()[:64] or "未署名", person
    made.received_at, made.received_by = clock(), actor.name
    session.add(made)
    audit.record(session, actor, clock, "objection.receive", str(made.number), round_id=round_.id)
    return made


def decide(
    session: Session, actor: Actor, clock: Clock, round_: Round, number: int, decision: str, finding: str
) -> None:
    """Decide on an objection; ``recheck`` opens the round for a corrected version.

    Raises:
        Missing: there is none of that number that is open.
        Forbidden: the one who received it does not decide.
        Unreadable: no such decision, no finding.
    """
    where = (Objection.round_id == round_.id, Objection.number == number, Objection.decision.is_(None))
    found = session.scalar(select(Objection).where(*where))
    if found is None:
        raise Missing("没有第 %(n)s 号未决定的异议。请刷新页面。", n=number)
    if found.received_by == actor.name:
        raise Forbidden("登记异议的人不能决定。请由另一位成绩管理员决定。")
    if decision not in DECISIONS or not finding.strip() or len(finding) > 1000:
        raise Unreadable("请选择决定，并写明核查情况（1000 字以内）。")
    found.decision, found.finding = decision, finding.strip()
    found.decided_at, found.decided_by = clock(), actor.name
    after = {"decision": decision, "finding": found.finding}
    audit.record(session, actor, clock, "objection.decide", str(number), round_id=round_.id, after=after)
    if decision == "recheck" and round_.state in AFTER_RELEASE:
        recheck(session, actor, clock, round_, f"第 {number} 号异议：{found.finding}")


def recheck(session: Session, actor: Actor, clock: Clock, round_: Round, reason: str) -> None:
    """Open a released round for checking again; what was released stands until a corrected version is confirmed."""
    require_state(round_, *AFTER_RELEASE)
    if not reason.strip():
        raise Unreadable("复查要写明原因。")
    before, round_.state = round_.state, "complete"
    states = {"before": {"state": before}, "after": {"reason": reason.strip()[:256]}}
    audit.record(session, actor, clock, "results.recheck", round_.name, round_id=round_.id, **states)
