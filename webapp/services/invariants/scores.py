"""The day, the marks and what comes of them: nothing lost between a sheet's history and a released result."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.sheet import content_hash
from webapp.models import (
    Applicant,
    Call,
    Expert,
    Outcome,
    PanelSigned,
    Recusal,
    ResultSet,
    Round,
    Sheet,
    SheetRecord,
    Sitting,
)
from webapp.models.committee import Ballot, Review
from webapp.services import records
from webapp.services.invariants.kind import NOT_WIPED, Invariant
from webapp.services.kernel import Sentence

DAY = ("in_session", "complete", "computed", "confirmed", "voted", "released", "public_notice", "archived")
AFTER = DAY[1:]
COMPUTED = ("computed", "confirmed", "voted", "released", "public_notice", "archived")


def _calls(session: Session) -> Iterator[Sentence]:
    """By what is there, not by the moments: a machine's clock may be set back."""
    for number in session.scalars(select(Call.id).where(Call.answers_at.is_not(None), Call.talk_at.is_(None))):
        yield Sentence("第 %(n)s 条叫号没有陈述就开始答辩。", n=number)


def _outcomes(session: Session) -> Iterator[Sentence]:
    called = select(Call.applicant_id).where(Call.ended_at.is_not(None))
    query = select(Applicant.code).join(Outcome, Outcome.applicant_id == Applicant.id)
    for code in session.scalars(query.where(Outcome.kind == "heard", Applicant.id.not_in(called))):
        yield Sentence("申报人 %(code)s 记为已答辩，却没有结束的叫号。", code=code)
    for code in session.scalars(query.where(Applicant.round_id != Outcome.round_id)):
        yield Sentence("申报人 %(code)s 的结果记在别的批次。", code=code)


def _complete(session: Session) -> Iterator[Sentence]:
    for round_ in session.scalars(select(Round).where(Round.state.in_(AFTER))):
        for person in records.without_outcome(session, round_):
            yield Sentence("批次“%(name)s”已结束，申报人 %(code)s 没有结果。", name=round_.name, code=person.code)


def _signed(session: Session) -> Iterator[Sentence]:
    for row in session.execute(select(PanelSigned.panel, Round).join(Round, Round.id == PanelSigned.round_id)):
        held = [sittings for panel, sittings in _panels(session, row.Round) if panel == row.panel]
        if not all(records.all_closed(session, row.Round, sittings) for sittings in held):
            yield Sentence("专家组 %(code)s 已签字，却有没关闭的场次。", code=row.panel)


def _panels(session: Session, round_: Round) -> list[tuple[str, list[Sitting]]]:
    from webapp.services import boards

    version = records.published_if_any(session, round_)
    return [(panel.code, sittings) for panel, sittings in boards.by_panel(session, version)] if version else []


def _places(session: Session) -> Iterator[Sentence]:
    """A sheet's id says whose it is, and both are of its round."""
    query = select(Sheet, Applicant, Expert).join(Applicant).join(Expert, Expert.id == Sheet.expert_id)
    for sheet, applicant, expert in session.execute(query):
        fits = sheet.key.endswith(f"-{applicant.code}-{expert.code}") and sheet.key.startswith(f"R{sheet.round_id}-")
        if not fits or {applicant.round_id, expert.round_id} != {sheet.round_id}:
            yield Sentence("评分表 %(key)s 的表号与申报人、专家或批次不符。", key=sheet.key)


def _recused(session: Session) -> Iterator[Sentence]:
    query = select(Sheet.key).join(
        Recusal, (Recusal.expert_id == Sheet.expert_id) & (Recusal.applicant_id == Sheet.applicant_id)
    )
    query = query.where(Recusal.side == "day", Recusal.round_id == Sheet.round_id, Sheet.state == "submitted")
    for key in session.scalars(query):
        yield Sentence("评分表 %(key)s 已提交，而专家对申报人回避。", key=key)


def _history(session: Session) -> Iterator[Sentence]:
    """The records taken make the versions 1, 2, … of a sheet, and the last is what the sheet says."""
    taken: dict[str, dict[int, SheetRecord]] = {}
    query = select(SheetRecord).where(SheetRecord.version.is_not(None)).execution_options(yield_per=2000)
    for row in session.scalars(query):
        taken.setdefault(row.sheet_key, {})[row.version or 0] = row
    for sheet in session.scalars(select(Sheet)):
        own = taken.pop(sheet.key, {})
        if sorted(own) != list(range(1, sheet.version + 1)):
            yield Sentence("评分表 %(key)s 的历史缺版本。", key=sheet.key)
        elif own and own[sheet.version].hash != sheet.hash:
            yield Sentence("评分表 %(key)s 与它最后收到的记录不符。", key=sheet.key)
    for key in taken:
        yield Sentence("收到过评分表 %(key)s 的记录，表却不在。", key=key)


def _hashes(session: Session) -> Iterator[Sentence]:
    for row in session.scalars(select(SheetRecord).execution_options(yield_per=2000)):
        if content_hash(sheet=row.sheet_key, rubric=row.rubric, marks=row.marks, state=row.state) != row.hash:
            yield Sentence("评分表 %(key)s 的一条记录（第 %(n)s 行）被改动。", key=row.sheet_key, n=row.id)


def _marks(session: Session) -> Iterator[Sentence]:
    """What the sheet holds is what its last record said, mark by mark."""
    last = select(SheetRecord.sheet_key, SheetRecord.version, SheetRecord.marks).subquery()
    query = select(Sheet.key, Sheet.marks, last.c.marks.label("said"))
    query = query.join(last, (last.c.sheet_key == Sheet.key) & (last.c.version == Sheet.version))
    for row in session.execute(query):
        if _numbers(row.marks) != _numbers(row.said):
            yield Sentence("评分表 %(key)s 的分数与收到的记录不符。", key=row.key)


def _numbers(marks: dict[str, str | None]) -> dict[str, Decimal | None]:
    return {key: None if mark is None else Decimal(mark) for key, mark in marks.items()}


def _two(session: Session) -> Iterator[Sentence]:
    for sheet in session.scalars(select(Sheet).where(Sheet.confirmed_by == Sheet.entered_by)):
        yield Sentence("评分表 %(key)s 由同一人录入和确认。", key=sheet.key)
    for made in session.scalars(select(ResultSet).where(ResultSet.confirmed_by == ResultSet.computed_by)):
        yield Sentence("第 %(n)s 次计算由同一人计算和确认。", n=made.number)
    for review in session.scalars(select(Review).where(Review.confirmed_by == Review.entered_by)):
        yield Sentence("第 %(n)s 行材料评审分由同一人录入和确认。", n=review.id)


def _valid(session: Session) -> Iterator[Sentence]:
    states = ("confirmed", "released")
    query = select(ResultSet.round_id, func.count().label("n")).where(ResultSet.state.in_(states))
    for row in session.execute(query.group_by(ResultSet.round_id).having(func.count() > 1)):
        yield Sentence("批次 %(n)s 有几份有效成绩。", n=row.round_id)
    made = set(session.scalars(select(ResultSet.round_id)))
    for round_ in session.scalars(select(Round).where(Round.state.in_(COMPUTED), NOT_WIPED)):
        if round_.id not in made:
            yield Sentence("批次“%(name)s”的阶段在计算之后，却没有成绩。", name=round_.name)


def _used(session: Session) -> Iterator[Sentence]:
    """Every sheet a result was computed from is found in the history, unchanged."""
    known = {(r.sheet_key, r.version): r.hash for r in session.execute(_KNOWN)}
    for made in session.scalars(select(ResultSet)):
        for result in made.results:
            for used in result.sheets:
                if known.get((used["key"], used["version"])) != used["hash"]:
                    where = {"n": made.number, "key": used["key"]}
                    yield Sentence("第 %(n)s 次计算用的评分表 %(key)s 在历史里找不到。", **where)


_KNOWN = select(SheetRecord.sheet_key, SheetRecord.version, SheetRecord.hash).where(SheetRecord.version.is_not(None))


def _everyone(session: Session) -> Iterator[Sentence]:
    """A computation has one result for everyone with an outcome at that time, none twice, none of another round."""
    for made in session.scalars(select(ResultSet)):
        strangers = [r.applicant.code for r in made.results if r.applicant.round_id != made.round_id]
        if strangers:
            yield Sentence("第 %(n)s 次计算里有别的批次的申报人 %(code)s。", n=made.number, code=strangers[0])


def _votes(session: Session) -> Iterator[Sentence]:
    for vote in session.scalars(select(Ballot)):
        if vote.votes_for + vote.against + vote.abstain + vote.spoiled != vote.present:
            yield Sentence("第 %(n)s 行表决的票数相加不等于出席人数。", n=vote.id)


EVERY: dict[str, Invariant] = {
    "叫号的各段有先后": _calls,
    "已答辩的都叫过号": _outcomes,
    "结束的批次人人有结果": _complete,
    "签字的专家组都已关场": _signed,
    "评分表的表号成立": _places,
    "回避的没有评分表": _recused,
    "评分表的历史不缺": _history,
    "收到的记录没有改动": _hashes,
    "分数与收到的记录相符": _marks,
    "录入和确认是两个人": _two,
    "有效成绩只有一份": _valid,
    "成绩所用的评分表都在": _used,
    "成绩里只有本批次的人": _everyone,
    "票数相加等于出席": _votes,
}
