"""Whom a roster's recusals mean: names are matched to persons whenever a roster is written."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.people import means
from webapp.models import Applicant, Expert, Recusal, Round
from webapp.services.kernel import Sentence


def settle(session: Session, round_: Round) -> None:
    """Point each recusal at the one person it names; with nobody or several of the name it points at none."""
    session.flush()
    experts = list(session.scalars(select(Expert).where(Expert.round_id == round_.id)))
    applicants = list(session.scalars(select(Applicant).where(Applicant.round_id == round_.id)))
    employers = {expert.employer for expert in experts}
    for row in _named(session, round_):
        if row.side == "expert":
            hits = [person.id for person in applicants if means(row.name, person.name, person.employer)]
            row.applicant_id = hits[0] if len(hits) == 1 else None
        elif row.name in employers:
            row.employer = row.name
        else:
            hits = [person.id for person in experts if means(row.name, person.name, person.employer)]
            row.expert_id = hits[0] if len(hits) == 1 else None


def _named(session: Session, round_: Round) -> list[Recusal]:
    query = select(Recusal).where(Recusal.round_id == round_.id, Recusal.side != "day", Recusal.employer.is_(None))
    return list(session.scalars(query.order_by(Recusal.id)))


def unsettled(session: Session, round_: Round) -> list[Sentence]:
    """One sentence for each name that means nobody, or several."""
    wrong = []
    experts = list(session.scalars(select(Expert).where(Expert.round_id == round_.id).order_by(Expert.code)))
    applicants = list(
        session.scalars(select(Applicant).where(Applicant.round_id == round_.id).order_by(Applicant.code))
    )
    for row in _named(session, round_):
        if row.expert_id is not None and row.applicant_id is not None:
            continue
        people: list[Applicant] | list[Expert] = applicants if row.side == "expert" else experts
        hits = [person for person in people if means(row.name, person.name, person.employer)]
        wrong.append(
            Sentence(
                "回避名单中的“%(name)s”有 %(n)s 位。请写成“%(name)s（%(unit)s）”这样，重新导入。",
                name=row.name,
                n=len(hits),
                unit=hits[0].employer,
            )
            if hits
            else Sentence("回避名单中的“%(name)s”不在名册上。请核对姓名后重新导入。", name=row.name)
        )
    return wrong
