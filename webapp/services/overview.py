"""A round at one look: counts, the next step, what is missing for it, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Outcome, PanelSecretary, Round, ScheduleVersion
from webapp.models.rounds import STATES
from webapp.services import draws, effects, findings
from webapp.services.findings import Finding
from webapp.services.kernel import Clock, Sentence
from webapp.services.results import has_vote
from webapp.services.settings import Settings, of_round

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
    missing: tuple[Finding, ...]
    wrong: tuple[Finding, ...]

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.done), None)


def _count(
    session: Session, table: type[Applicant] | type[Expert] | type[Outcome] | type[ScheduleVersion], round_: Round
) -> int:
    return session.scalar(select(func.count(table.id)).where(table.round_id == round_.id)) or 0


def of(session: Session, clock: Clock, round_: Round) -> Overview:
    """The round's overview."""
    senior = select(func.count(Applicant.id)).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    seniors = session.scalar(senior) or 0
    people, experts = _count(session, Applicant, round_), _count(session, Expert, round_)
    drafts, outcomes = _count(session, ScheduleVersion, round_), _count(session, Outcome, round_)
    numbers = (seniors, people - seniors, experts, len(round_.rooms), len(round_.sessions), drafts, outcomes)
    counts = tuple(zip(COUNTS, numbers, strict=True))
    capacity = effects.capacity_of(session, round_)
    return Overview(
        counts,
        _steps(session, round_, people, experts, drafts),
        effects.of(round_, capacity).get("panel_size"),
        tuple(findings.missing(session, round_)),
        tuple(findings.wrong(session, clock, round_, capacity)),
    )


def _steps(session: Session, round_: Round, people: int, experts: int, drafts: int) -> tuple[Step, ...]:
    rank, settings = STATES.index(round_.state), of_round(round_)

    def reached(state: str) -> bool:
        return rank >= STATES.index(state)

    secretaries = session.scalar(select(func.count(PanelSecretary.id)).where(PanelSecretary.round_id == round_.id))
    votes = has_vote(round_)
    return (
        Step("导入场地与时段", "rosters.index", bool(round_.rooms and round_.sessions)),
        Step("导入申报人员名册", "rosters.index", people > 0),
        Step("导入评审专家名册", "rosters.index", experts > 0),
        Step("锁定名册", "rosters.index", reached("rosters_locked")),
        Step("生成安排", "schedule.index", drafts > 0),
        *_draw(session, round_, settings, "before", reached("published")),
        Step("发布安排", "schedule.index", reached("published")),
        Step("指定小组秘书", "panel.console", bool(secretaries) or reached("in_session")),
        *_draw(session, round_, settings, "check_in", reached("complete")),
        Step("答辩评分", "panel.console", reached("complete")),
        Step("计算成绩", "results.overview", reached("computed")),
        Step("确认成绩", "results.overview", reached("confirmed")),
        *([Step("记录表决结果", "results.overview", reached("voted"))] if votes else []),
        Step("公布成绩", "results.overview", reached("released")),
        *([Step("公示", "results.overview", reached("public_notice"))] if votes else []),
        Step("归档", "results.overview", reached("archived")),
    )


def _draw(session: Session, round_: Round, settings: Settings, mode: str, past: bool) -> tuple[Step, ...]:
    """The step of drawing lots, in the rounds that have it there."""
    if settings.order != "lot" or settings.lots != mode:
        return ()
    version = draws.target(session, round_)
    left = version is None or any(half.left for half in draws.halves(session, round_, version))
    return (Step("抽签", "lots.index", past or not left),)
