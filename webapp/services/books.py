"""A round's tables as the content of its workbooks, and who may take which."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from exports.content import (
    Drawn,
    ItemRow,
    MeetingRow,
    NoteRow,
    Notice,
    Person,
    ResultRow,
    RoundContent,
    Seat,
    SittingRow,
)
from exports.errors import ExportError
from exports.out import KINDS, PUBLIC, parts, write
from exports.out.password import lock
from exports.said import Said
from scoring.rubric import Rubric
from webapp.models import Applicant, Call, Expert, Note, Presence, ResultSet, Review, Round, ScheduleVersion, Sheet
from webapp.services import audit, boards, draws, kept, notes, notice, records, results, voting
from webapp.services.kernel import Refused, system_clock
from webapp.services.names import public
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import of_round, shown
from webapp.services.uncounted import WHY

OUTCOMES = {"heard": "已答辩", "absent": "缺席", "gave_up": "放弃", "disqualified": "取消资格", "deferred": "延期"}
HINTS = {
    "schedule": "办公室用：每天的编排表，按时间、专家组和单位的名单",
    "groups": "公开：分组、次序、报到时间和地点，不含专家和证件",
    "experts": "内部：每位专家的场次、答辩室、专家组和角色",
    "signin": "签到台用：每场一张，留签名栏",
    "lots": "每场一张：承诺值、数字、种子和次序，留签名栏",
    "sheets": "纸质备用：每位专家对每位申报人一张，带二维码",
    "entry": "没有网络时录入评分，填好后在“答辩现场”读回",
    "summary": "各专家合计、去掉的分数、成绩和名次，公式可重算",
    "origins": "复核用：每位申报人一页，成绩的每一步，专家只编号",
    "results": "评委会用：各方向成绩、统计、所用设置和评分明细",
    "minutes": "评委会会议记录，每位申报人一页答辩记录，已写的内容已填好",
    "opinions": "每位申报人一页专家组意见，组长已签的已填好，留签名栏",
    "votes": "评委会投票用：已记录的票数已填好，没有的填入后算出是否通过",
    "attendance": "每位专家应到、实到几个半天",
    "fees": "半天数已填，金额和签名留空",
    "contacts": "内部：通知申报人和专家的电话",
    "notice": "公开：表决通过人员，不含分数、证件和专家",
    "rosters": "内部：申报人员、评审专家、场地与时段，改好后可以再导入",
}
"""Kind of a workbook → what it is for."""
BEFORE_A_SCHEDULE = ("rosters",)
"""Kinds that need no schedule."""
EVERYTHING = "supervisor"
"""The role that may see all that stands in a workbook: what the archive writes."""
BALLOTS = ("results_officer", "supervisor")
"""Roles that may read counts of votes."""
NOTES = ("office", "results_officer", "supervisor", "organiser")
"""Roles whose forms come filled with what panels and the committee wrote; others take blank ones."""
DETAIL = {"office": "totals", "results_officer": "items", "supervisor": "items"}
"""What a role may see of each expert's marks; all others nothing."""
MARKS = ("summary", "results", "origins")
"""Kinds that show marks: read when released, or by those who may read sheets."""
TAKERS = {
    "sheets": ("office", "secretary", "organiser"),
    "entry": ("office", "secretary", "organiser"),
    "minutes": ("office", "secretary", "results_officer", "organiser", "supervisor"),
    "opinions": ("office", "secretary", "organiser", "supervisor"),
    "votes": ("office", "results_officer", "supervisor"),
    "fees": ("office", "organiser"),
    "contacts": ("office", "desk", "organiser"),
    "rosters": ("office", "organiser"),
}
"""Who may take a kind that is not for all staff: where phones or ID numbers stand, and forms to be filled in."""


def may_take(round_: Round, role: str, kind: str) -> bool:
    """Whether a role may take a workbook of the round now."""
    if kind in MARKS:
        if kind == "summary" and role == "organiser":
            return False  # it shows the experts' totals
        closing = kind == "summary" and round_.state in ("in_session", "complete")
        if kind == "origins":
            return role in ("results_officer", "supervisor") and results.visible(round_, role)
        return role in ("office", "organiser", "results_officer", "supervisor") and (
            closing or results.visible(round_, role)
        )
    return kind not in TAKERS or role in TAKERS[kind]


def version_if_any(session: Session, round_: Round, drafts: bool = True) -> ScheduleVersion | None:
    """The published version, else the newest draft where ``drafts`` may be seen."""
    query = select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id)
    order = (ScheduleVersion.status == "published").desc(), ScheduleVersion.number.desc()
    if not drafts:
        query = query.where(ScheduleVersion.status == "published")
    return session.scalar(query.order_by(*order).limit(1))


def kinds_now(version: ScheduleVersion | None) -> tuple[str, ...]:
    """The kinds there can be: all of a schedule, the rosters alone before there is one."""
    return tuple(KINDS) if version else BEFORE_A_SCHEDULE


def version_of(session: Session, round_: Round, drafts: bool = True) -> ScheduleVersion:
    """The version the workbooks show.

    Raises:
        Refused: there is none yet.
    """
    found = version_if_any(session, round_, drafts)
    if found is None:
        raise Refused("批次“%(name)s”还没有可以导出的安排。请先生成并发布安排。", name=round_.name)
    return found


def of_people(session: Session, round_: Round) -> RoundContent:
    """What is there before a schedule: people and venue."""
    return RoundContent(
        title=round_.name,
        organisation=round_.organisation,
        version="",
        made_at=f"{system_clock().astimezone():%Y-%m-%d %H:%M}",
        audit_head=audit.head(session),
        items=(),
        sittings=(),
        rosters=kept.of_round(session, round_),
    )


def content(session: Session, round_: Round, drafts: bool = True, closing: bool = False) -> RoundContent:
    """Everything the workbooks show, of a draft only where ``drafts`` may be seen; ``closing``: as before computing."""
    settings, version = of_round(round_), version_of(session, round_, drafts)
    people = of_people(session, round_)
    made = results.newest(session, round_)
    computed = made if made is not None and results.visible(round_, "office") and not closing else None
    sittings, unscheduled = _sittings(session, round_, version), []
    for a, place in boards.by_applicant(session, version):
        if place is None:
            unscheduled.append(_person(a, settings.names))
    papers = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == "intermediate")
    rubric = Rubric.from_json(round_.rubric)
    sheets = list(session.scalars(select(Sheet).where(Sheet.round_id == round_.id)))
    return replace(
        people,
        version=f"第 {version.number} 版",
        items=tuple(ItemRow(i.key, i.name, i.full, i.prompts, i.step) for i in rubric.items),
        rubric=rubric.version,
        sheet_versions={s.key: s.version for s in sheets},
        handed_in=frozenset(s.key for s in sheets if s.state != "draft"),
        sittings=sittings,
        unscheduled=tuple(unscheduled),
        review_only=tuple(_person(a, settings.names) for a in session.scalars(papers.order_by(Applicant.code))),
        results=_of_set(computed) if computed else _so_far(session, round_),
        computed=computed is not None or (made is None and results.visible(round_, "office")),
        computation=computed.number if computed else 0,
        reference_line=settings.reference_line,
        line_meets=settings.line_meets,
        correction=settings.correction,
        correction_decimals=settings.correction_decimals,
        method=settings.aggregate,
        min_sheets_to_trim=settings.min_sheets_to_trim,
        min_sheets=settings.min_sheets,
        decimals=settings.decimals,
        tie_break=settings.tie_break,
        used=_used(round_, computed),
        rooms=tuple(room.name for room in round_.rooms),
        lots_at_check_in=settings.lots == "check_in",
        sheet_key=f"R{round_.id}-{{panel}}-{{applicant}}-{{expert}}",
        drawn=_drawn(session, version),
        heard=_heard(session, round_),
        notice=_notice(round_),
        votes=voting.votes(session, round_) if version.status == "published" else {},
        papers=_papers(session, round_, computed),
        weights=settings.weights if computed else None,
        notes={code: _note(note) for code, note in notes.signed(session, round_).items()},
        meeting=_meeting(session, round_),
    )


def seen_by(made: RoundContent, kind: str, role: str) -> RoundContent:
    """The content as a role may see it in a workbook: counts of votes and panels' notes are not for everyone.

    The public notice says only who passed; each expert's marks by item are for those who may read sheets.
    """
    made = replace(made, reader=role, detail=DETAIL.get(role, "none"))
    if kind != "notice" and role not in BALLOTS:
        made = replace(made, votes={})
    return made if role in NOTES else replace(made, notes={}, meeting=None)


def _papers(session: Session, round_: Round, computed: ResultSet | None) -> dict[str, Decimal]:
    """The papers' marks as they were when the results were computed; nothing before."""
    if computed is None:
        return {}
    marks = {r.applicant.code: r.papers for r in computed.results if r.papers is not None}
    review = select(Review).join(Applicant).where(Review.round_id == round_.id, Review.confirmed_by.is_not(None))
    intermediate = session.scalars(review.where(Applicant.level == "intermediate"))
    return marks | {r.applicant.code: r.total for r in intermediate}


def _note(note: Note) -> NoteRow:
    return NoteRow(note.opinion, tuple((question, answer) for question, answer in note.questions))


def _meeting(session: Session, round_: Round) -> MeetingRow | None:
    m = voting.meeting(session, round_)
    if m is None:
        return None
    invited = "" if m.invited is None else str(m.invited)
    return MeetingRow(m.held_at, m.place, m.chair, m.recorder, invited, tuple(m.members), m.opinion, m.other)


def _person(a: Applicant, names: str, start: datetime | None = None) -> Person:
    return Person(
        a.code, a.name, public(a.name, names), a.employer, a.direction.name, start, title=a.title, phone=a.phone
    )


def _seat(expert: Expert, chair: bool) -> Seat:
    return Seat(expert.code, expert.name, chair, expert.employer, expert.title, expert.phone, expert.id_no)


def _sittings(session: Session, round_: Round, version: ScheduleVersion) -> tuple[SittingRow, ...]:
    """By panel and time."""
    settings = of_round(round_)
    lead = timedelta(minutes=settings.report_minutes)
    handed = select(Sheet.applicant_id, Expert.code).join(Expert).where(Sheet.round_id == round_.id)
    by: dict[int, set[str]] = defaultdict(set)
    for applicant, code in session.execute(handed.where(Sheet.state == "submitted")):
        by[applicant].add(code)
    signed: dict[str, set[str]] = defaultdict(set)
    for half, code in session.execute(
        select(Presence.session, Expert.code).join(Expert).where(Presence.round_id == round_.id)
    ):
        signed[half].add(code)
    return tuple(
        SittingRow(
            panel.code,
            s.room.name,
            s.session.label,
            s.session.start,
            s.session.start - lead,
            tuple(_seat(m.expert, m.chair) for m in panel.members),
            tuple(_person(a.applicant, settings.names, a.start) for a in s.appointments),
            f"{s.session.code}/{s.room.code}",
            frozenset(signed[s.session.code]).union(*(by[a.applicant_id] for a in s.appointments)),
        )
        for panel, held in boards.by_panel(session, version)
        for s in held
    )


def _drawn(session: Session, version: ScheduleVersion) -> dict[str, Drawn]:
    """Place → the draw that gave the sitting its order."""
    found = {}
    for place, (draw, row) in draws.drawn(session, version).items():
        digits = "".join(digits for _who, digits in draw.digits)
        seal = (draw.commitment, digits, draw.secret, draw.seed)
        found[place] = Drawn(*seal, tuple(row["applicants"]), draw.kind == "hand")
    return found


def _heard(session: Session, round_: Round) -> dict[str, tuple[str, str]]:
    """When the talk began and the answers ended, in the office's wall-clock."""

    def clock(at: datetime | None) -> str:
        return f"{at.astimezone():%H:%M}" if at else ""

    calls = session.scalars(select(Call).where(Call.round_id == round_.id).options(joinedload(Call.applicant)))
    return {c.applicant.code: (clock(c.talk_at), clock(c.ended_at)) for c in calls}


def _used(round_: Round, made: ResultSet | None) -> tuple[tuple[str, str], ...]:
    """The settings of a computation and who made it, in words."""
    if made is None:
        return ()
    settings = of_round(round_)
    keys = [key for key, entry in ENTRIES.items() if entry.freeze == "scores"]
    values = {key: shown(getattr(settings, key)) for key in keys}
    words = [(ENTRIES[key].label, ENTRIES[key].choices.get(value, value) or "不设") for key, value in values.items()]
    acts = [("计算", made.computed_by, made.computed_at), ("确认", made.confirmed_by, made.confirmed_at)]
    acts += [("公布", made.released_by, made.released_at)]
    done = [(word, f"{by}　{at.astimezone():%Y-%m-%d %H:%M}") for word, by, at in acts if by and at]
    return (*words, ("计算次数", f"第 {made.number} 次"), ("重新计算的原因", made.reason or "无"), *done)


def _notice(round_: Round) -> Notice | None:
    days = notice.days(round_)
    return Notice(days.start, days.end, Said.of(days.says.text, days.says.values)) if days else None


def _of_set(made: ResultSet) -> dict[str, ResultRow]:
    """By code, of one computation."""
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
            r.together,
            tuple((u["expert"], WHY[u["why"]]) for u in r.uncounted),
        )
        for r in made.results
    }


def _so_far(session: Session, round_: Round) -> dict[str, ResultRow]:
    """By code, before there is a computation: the totals of the panels whose chair has signed."""
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


def workbook(
    session: Session, round_: Round, kind: str, drafts: bool = True, password: str = "", role: str = EVERYTHING
) -> tuple[str, bytes]:
    """File name and bytes of one workbook, or of a zip where forms take several.

    An internal one opens with the password, where one is given.

    Raises:
        Refused: the round is not that far.
    """
    made = of_people(session, round_) if kind in BEFORE_A_SCHEDULE else content(session, round_, drafts)
    return filled(made, kind, password, role)


def filled(made: RoundContent, kind: str, password: str = "", role: str = EVERYTHING) -> tuple[str, bytes]:
    """The same of content that is there already."""
    files = _files(made, kind, password, role)
    if parts(kind, made) == ("",):
        return next(files)
    return f"{made.title}-{KINDS[kind]}.zip", _zip(files)


def _files(made: RoundContent, kind: str, password: str, role: str) -> Iterator[tuple[str, bytes]]:
    """The workbooks of a kind one after the other, never two in memory: one, or one for each panel."""
    if kind in BEFORE_A_SCHEDULE:
        made = replace(made, version="", computation=0)
    for part in parts(kind, made):
        try:
            data = write(kind, replace(seen_by(made, kind, role), part=part))
            locked = lock(data, password) if password and kind not in PUBLIC else data
        except ExportError as error:
            raise Refused(error.said.text, **error.said.values) from error
        yield f"{'-'.join(filter(None, (made.title, KINDS[kind], part)))}.xlsx", locked


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


def bundle(
    session: Session,
    round_: Round,
    kinds: Iterable[str] = KINDS,
    drafts: bool = True,
    password: str = "",
    role: str = EVERYTHING,
) -> tuple[str, bytes]:
    """A zip of all those workbooks; a file in it names those that cannot be had yet, with the reason."""
    made = content(session, round_, drafts)
    return f"{round_.name}-全部表格.zip", _zip(_all(made, kinds, password, role))


def _all(made: RoundContent, kinds: Iterable[str], password: str, role: str) -> Iterator[tuple[str, bytes]]:
    missing = []
    for kind in kinds:
        folder = "" if parts(kind, made) == ("",) else f"{KINDS[kind]}/"
        try:
            for name, data in _files(made, kind, password, role):
                yield folder + name, data
        except Refused as error:
            missing.append(f"{KINDS[kind]}：{error}")
    if missing:
        yield "没有的表格.txt", "\r\n".join(missing).encode()
