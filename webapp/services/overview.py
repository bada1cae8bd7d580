"""A round at one look: counts, the next step, what is missing for it, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Outcome, PanelSecretary, Round, ScheduleVersion
from webapp.models.rounds import STATES
from webapp.services import draws, effects, findings, ground
from webapp.services.findings import Finding
from webapp.services.kernel import Clock, Sentence
from webapp.services.results import has_vote
from webapp.services.settings import Settings, of_round

COUNTS = ("高级申报人", "中级（只评材料）", "评审专家", "答辩室（间）", "时段（个）", "草案版本", "已有结果")
"""What the home page counts, in its order."""


HOW = {
    "导入场地与时段": "上传场地与时段表：答辩室、候考室、每个半天的起止和休息。",
    "导入申报人员名册": "上传后先检查，问题逐格列出，确认后才写入。",
    "导入评审专家名册": "上传后处理邀请、单位和回避。",
    "锁定名册": "核对人数、回避和重复后锁定；锁定后增加或更改人员要写原因。",
    "生成安排": "计算中随时可以停止，已有的最好安排会存为草案。",
    "抽签": "先公布承诺值，再当众报数字，抽定每场的先后次序。",
    "发布安排": "看过警告后发布；名单、通知和平板都按发布的这一版。",
    "指定小组秘书": "每个专家组指定一位秘书，在答辩现场叫号和计时。",
    "答辩评分": "签到、叫号、计时、评分；各场关闭后由组长签字。",
    "计算成绩": "各组都签字后，由没有录入过成绩的人计算。",
    "确认成绩": "由成绩管理员核对后确认，不能是计算的人。",
    "录入表决结果": "由成绩管理员记录评委会的票数，记完后结束表决。",
    "公布成绩": "由成绩管理员公布；公布后组织人员可以查看和导出。",
    "公示": "批次设置里有公示开始日期后，由成绩管理员开始公示。",
    "归档批次": "公示期满、异议都处理完后归档：在服务器上运行 rostrum archive。",
}
"""Step → what is done in it and by whom."""


@dataclass(frozen=True)
class Step:
    """A step of the round: its words, where it is done, whether it is done."""

    text: str
    endpoint: str
    done: bool

    @property
    def how(self) -> str:
        """What is done in it and by whom."""
        return HOW[self.text]


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
    capacity = ground.of(session, round_).capacity
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
        *([Step("录入表决结果", "results.overview", reached("voted"))] if votes else []),
        Step("公布成绩", "results.overview", reached("released")),
        *([Step("公示", "results.overview", reached("public_notice"))] if votes else []),
        Step("归档批次", "results.overview", reached("archived")),
    )


def _draw(session: Session, round_: Round, settings: Settings, mode: str, past: bool) -> tuple[Step, ...]:
    """The step of drawing lots, in the rounds that have it there."""
    if settings.order != "lot" or settings.lots != mode:
        return ()
    if past and not any(draw.state == "drawn" for draw in draws.everyone(session, round_)):
        return ()  # it was published without
    version = draws.target(session, round_)
    left = version is None or any(half.left for half in draws.halves(session, round_, version))
    return (Step("抽签", "lots.index", past or not left),)
