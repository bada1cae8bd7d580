"""A round at one look: counts, the next step, what is missing for it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Outcome, Round, ScheduleVersion
from webapp.models.rounds import STATES
from webapp.services.kernel import Sentence
from webapp.services.settings import of_round

COUNTS = ("高级申报人", "中级（只评材料）", "评审专家", "答辩室", "时段", "草案版本", "已有结果")
"""What the home page counts, in its order."""


@dataclass(frozen=True)
class Step:
    """A step of the round: its words, where it is done, whether it is done."""

    text: str
    endpoint: str
    done: bool


@dataclass(frozen=True)
class Overview:
    """What the home page shows."""

    counts: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]
    demand: Sentence | None

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.done), None)


def _count(
    session: Session, table: type[Applicant] | type[Expert] | type[Outcome] | type[ScheduleVersion], round_: Round
) -> int:
    return session.scalar(select(func.count(table.id)).where(table.round_id == round_.id)) or 0


def of(session: Session, round_: Round) -> Overview:
    """The round's overview."""
    seniors = (
        session.scalar(
            select(func.count(Applicant.id)).where(Applicant.round_id == round_.id, Applicant.level == "senior")
        )
        or 0
    )
    people, experts = _count(session, Applicant, round_), _count(session, Expert, round_)
    drafts, outcomes = _count(session, ScheduleVersion, round_), _count(session, Outcome, round_)
    rank = STATES.index(round_.state)

    def reached(state: str) -> bool:
        return rank >= STATES.index(state)

    steps = (
        Step("导入场地与时段", "rosters.index", bool(round_.rooms and round_.sessions)),
        Step("导入申报人员名册", "rosters.index", people > 0),
        Step("导入评审专家名册", "rosters.index", experts > 0),
        Step("锁定名册", "rosters.index", reached("rosters_locked")),
        Step("生成安排", "schedule.index", drafts > 0),
        Step("发布安排", "schedule.index", reached("published")),
        Step("答辩评分", "panel.console", reached("complete")),
        Step("计算成绩", "results.overview", reached("computed")),
        Step("确认并公布成绩", "results.overview", reached("released")),
    )
    numbers = (seniors, people - seniors, experts, len(round_.rooms), len(round_.sessions), drafts, outcomes)
    counts = tuple(zip(COUNTS, numbers, strict=True))
    return Overview(counts, steps, _demand(session, round_))


def _demand(session: Session, round_: Round) -> Sentence | None:
    """Seats needed and there, in one sentence, as far as they can be known before solving."""
    experts = [e for e in session.scalars(select(Expert).where(Expert.round_id == round_.id)) if e.serves]
    if not experts or not round_.sessions:
        return None
    size = of_round(round_).panel_size
    there = sum(
        min(
            len(round_.sessions if e.available is None else e.available),
            len(round_.sessions) if e.max_sessions is None else e.max_sessions,
        )
        for e in experts
    )
    return Sentence(
        "专家组 %(size)s 人：专家可用 %(there)s 人次，最多可组成 %(n)s 场。", size=size, there=there, n=there // size
    )
