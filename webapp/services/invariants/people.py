"""Rounds and people: what belongs to a round stays in it, and nobody is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Recusal, Round
from webapp.models import Session as HalfDay
from webapp.models.rounds import Direction
from webapp.services.invariants.kind import Invariant
from webapp.services.kernel import Sentence


def _directions(session: Session) -> Iterator[Sentence]:
    query = (
        select(Applicant.code)
        .join(Direction, Direction.id == Applicant.direction_id)
        .where(Direction.round_id != Applicant.round_id)
    )
    for code in session.scalars(query):
        yield Sentence("申报人 %(code)s 的专业方向属于别的批次。", code=code)


def _strengths(session: Session) -> Iterator[Sentence]:
    known: dict[int, set[str]] = {}
    for row in session.execute(select(Direction.round_id, Direction.code)):
        known.setdefault(row.round_id, set()).add(row.code)
    for expert in session.scalars(select(Expert)):
        if set(expert.strengths) - known.get(expert.round_id, set()):
            yield Sentence("专家 %(code)s 的专业方向不在本批次里。", code=expert.code)
        if any(strength not in (1, 2, 3) for strength in expert.strengths.values()):
            yield Sentence("专家 %(code)s 的方向强度不是 1 到 3。", code=expert.code)


def _once(session: Session) -> Iterator[Sentence]:
    for table, word in ((Applicant, "申报人"), (Expert, "专家")):
        query = select(table.round_id, func.min(table.code).label("code"), func.count().label("n"))
        query = query.where(table.id_no != "").group_by(table.round_id, table.id_no).having(func.count() > 1)
        for row in session.execute(query):
            yield Sentence("%(word)s %(code)s 的身份证号有 %(n)s 人。", word=word, code=row.code, n=row.n)


def _recusals(session: Session) -> Iterator[Sentence]:
    query = select(Recusal.id).join(Expert, Expert.id == Recusal.expert_id).where(Expert.round_id != Recusal.round_id)
    other = select(Recusal.id).join(Applicant, Applicant.id == Recusal.applicant_id)
    for number in {*session.scalars(query), *session.scalars(other.where(Applicant.round_id != Recusal.round_id))}:
        yield Sentence("第 %(n)s 条回避指向别的批次的人。", n=number)
    day = select(Recusal.id).where(Recusal.side == "day")
    for number in session.scalars(day.where(Recusal.expert_id.is_(None) | Recusal.applicant_id.is_(None))):
        yield Sentence("第 %(n)s 条现场回避没有写明双方。", n=number)


def _half_days(session: Session) -> Iterator[Sentence]:
    for row in session.scalars(select(HalfDay).where(HalfDay.end <= HalfDay.start)):
        yield Sentence("时段 %(code)s 的结束不晚于开始。", code=row.code)


def _settings(session: Session) -> Iterator[Sentence]:
    from scoring.errors import ScoringError
    from scoring.rubric import Rubric
    from webapp.services import rubrics
    from webapp.services.kernel import Refused
    from webapp.services.settings import check_together, check_weights, of_round

    for round_ in session.scalars(select(Round)):
        try:
            rubric = Rubric.from_json(round_.rubric)
            check_together(of_round(round_), rubric)
            check_weights(of_round(round_), rubric, rubrics.current(session, round_, "papers"))
        except (Refused, ScoringError, ValueError, KeyError, TypeError):
            yield Sentence("批次“%(name)s”的设置或评分标准不成立。", name=round_.name)


EVERY: dict[str, Invariant] = {
    "申报人的方向在本批次": _directions,
    "专家的方向和强度成立": _strengths,
    "一个身份证号一个人": _once,
    "回避的双方在本批次": _recusals,
    "时段有先后": _half_days,
    "批次的设置成立": _settings,
}
