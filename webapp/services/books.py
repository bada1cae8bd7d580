"""A round's tables as the content of its workbooks, and who may take which."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.content import ItemRow, Person, ResultRow, RoundContent, Seat, SittingRow
from exports.out import KINDS, write
from scoring.rubric import Rubric
from webapp.models import Applicant, Round, ScheduleVersion, Sheet
from webapp.services import audit, boards, records, results
from webapp.services.kernel import Refused, system_clock
from webapp.services.settings import of_round

OUTCOMES = {"heard": "已答辩", "absent": "缺席", "gave_up": "放弃", "disqualified": "取消资格", "deferred": "延期"}
HINTS = {
    "schedule": "办公室用：每天的编排表，按时间、专家组和单位的名单",
    "groups": "公开：分组、次序、报到时间和地点，不含专家和证件",
    "signin": "签到台用：每场一张，留签名栏",
    "sheets": "纸质备用：每位专家对每位申报人一张，带二维码",
    "entry": "没有网络时录入评分，填好后在“答辩现场”读回",
    "summary": "各专家合计、去掉的分数、成绩和名次，公式可重算",
}
"""Kind of a workbook → what it is for."""
MARKS = ("summary",)
"""Kinds that show marks: read when released, or by those who may read sheets."""


def may_take(round_: Round, role: str, kind: str) -> bool:
    """Whether a role may take a workbook of the round now."""
    if kind in MARKS:
        closing = round_.state in ("in_session", "complete") and role != "organiser"
        return role in ("office", "organiser", "results_officer", "supervisor") and (
            closing or results.visible(round_, role)
        )
    if kind in ("sheets", "entry"):
        return role in ("office", "secretary", "organiser")
    return True


def version_if_any(session: Session, round_: Round, drafts: bool = True) -> ScheduleVersion | None:
    """The published version, else the newest draft where ``drafts`` may be seen."""
    query = select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id)
    order = (ScheduleVersion.status == "published").desc(), ScheduleVersion.number.desc()
    if not drafts:
        query = query.where(ScheduleVersion.status == "published")
    return session.scalar(query.order_by(*order).limit(1))


def version_of(session: Session, round_: Round, drafts: bool = True) -> ScheduleVersion:
    """The version the workbooks show.

    Raises:
        Refused: there is none yet.
    """
    found = version_if_any(session, round_, drafts)
    if found is None:
        raise Refused("批次“%(name)s”还没有可以导出的安排。请先生成并发布安排。", name=round_.name)
    return found


def _shown(name: str, how: str) -> str:
    if how == "full":
        return name
    return "" if how == "number" else name[:1] + "＊" * max(1, len(name) - 1)


def content(session: Session, round_: Round, drafts: bool = True) -> RoundContent:
    """Everything the workbooks show, of a draft only where ``drafts`` may be seen."""
    settings, version = of_round(round_), version_of(session, round_, drafts)
    lead = timedelta(minutes=settings.report_minutes)

    def person(a: Applicant, start: object = None) -> Person:
        return Person(a.code, a.name, _shown(a.name, settings.names), a.employer, a.direction.name, start)  # type: ignore[arg-type]

    sittings, unscheduled = [], []
    for panel, held in boards.by_panel(session, version):
        seats = tuple(Seat(m.expert.code, m.expert.name, m.chair, m.expert.employer) for m in panel.members)
        for s in held:
            people = tuple(person(a.applicant, a.start) for a in s.appointments)
            sittings.append(
                SittingRow(
                    panel.code, s.room.name, s.session.label, s.session.start, s.session.start - lead, seats, people
                )
            )
    for a, place in boards.by_applicant(session, version):
        if place is None:
            unscheduled.append(person(a))
    rubric = Rubric.from_json(round_.rubric)
    sheets = list(session.scalars(select(Sheet).where(Sheet.round_id == round_.id)))
    return RoundContent(
        title=round_.name,
        version=f"第 {version.number} 版",
        made_at=f"{system_clock().astimezone():%Y-%m-%d %H:%M}",
        audit_head=audit.head(session),
        items=tuple(ItemRow(i.key, i.name, i.full, i.prompts, i.step) for i in rubric.items),
        rubric=rubric.version,
        sheet_versions={s.key: s.version for s in sheets},
        handed_in=frozenset(s.key for s in sheets if s.state != "draft"),
        sittings=tuple(sittings),
        unscheduled=tuple(unscheduled),
        results=_results(session, round_),
        computed=results.visible(round_, "office"),
        reference_line=settings.reference_line,
        correction=settings.correction,
        correction_decimals=settings.correction_decimals,
        method=settings.aggregate,
        min_sheets_to_trim=settings.min_sheets_to_trim,
        decimals=settings.decimals,
        rooms=tuple(room.name for room in round_.rooms),
        lots_at_check_in=settings.lots == "check_in",
        sheet_key=f"R{round_.id}-{{panel}}-{{applicant}}-{{expert}}",
    )


def _results(session: Session, round_: Round) -> dict[str, ResultRow]:
    """By code: of the newest computation; before there is one, the totals of the panels whose chair has signed."""
    made = results.newest(session, round_)
    if made is None or not results.visible(round_, "office"):
        return _so_far(session, round_)
    return {
        r.applicant.code: ResultRow(
            r.applicant.code,
            OUTCOMES[r.outcome],
            {s["expert"]: {key: Decimal(mark) for key, mark in s["marks"].items()} for s in r.sheets},
            frozenset(tuple(d) for d in r.dropped),
            r.raw,
            r.k,
            r.final,
            r.rank,
            r.note,
        )
        for r in made.results
    }


def _so_far(session: Session, round_: Round) -> dict[str, ResultRow]:
    outcomes = records.outcomes(session, round_)
    found = {
        o.applicant.code: ResultRow(o.applicant.code, OUTCOMES[o.kind], {}, frozenset(), None, None, None, None, "")
        for o in outcomes.values()
    }
    signed = records.signed_panels(session, round_)
    panels = boards.by_panel(session, version_of(session, round_)) if signed else []
    people = [a.applicant for panel, held in panels if panel.code in signed for s in held for a in s.appointments]
    combined = results.of_applicants(session, round_, people)
    for person in people:
        row = combined[person.id]
        if row.outcome == "heard":
            totals = {s["expert"]: {"total": Decimal(s["total"])} for s in row.sheets}
            whole = frozenset(tuple(d) for d in row.dropped if len(d) == 1)
            found[person.code] = ResultRow(person.code, "已答辩", totals, whole, row.raw, None, None, None, row.note)
    return found


def workbook(session: Session, round_: Round, kind: str, drafts: bool = True) -> tuple[str, bytes]:
    """File name and bytes of one workbook."""
    return f"{round_.name}-{KINDS[kind]}.xlsx", write(kind, content(session, round_, drafts))
