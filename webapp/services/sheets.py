"""Sheets: the protocol of the tablets. A record is taken once, answered alike ever after, and never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.errors import ScoringError
from scoring.rubric import Rubric
from scoring.sheet import content_hash
from webapp.models import Applicant, Appointment, Expert, PanelMember, Recusal, Round, Sheet, SheetRecord, Sitting
from webapp.services import audit, records
from webapp.services.kernel import Actor, Clock, Forbidden, Unreadable

KEYS = ("uuid", "sheet", "base_version", "rubric", "marks", "state", "client_time", "hash")


@dataclass(frozen=True)
class Answered:
    """What a record is answered: the HTTP status and the document."""

    status: int
    document: dict[str, Any]


def key_of(round_: Round, panel: str, applicant: Applicant, expert: Expert) -> str:
    """The sheet id of the protocol: ``R1-P1-A00001-E0001``."""
    return f"R{round_.id}-{panel}-{applicant.code}-{expert.code}"


def own(session: Session, round_: Round, expert: Expert) -> list[tuple[str, Appointment, Sheet | None, bool]]:
    """The expert's list in order: sheet key, appointment, the sheet so far, whether recused on the day."""
    version = records.published(session, round_)
    rows = session.scalars(
        select(Appointment)
        .join(Sitting)
        .join(PanelMember, PanelMember.panel_id == Sitting.panel_id)
        .where(Appointment.version_id == version.id, PanelMember.expert_id == expert.id)
        .order_by(Appointment.start, Appointment.id)
    )
    mine = select(Sheet).where(Sheet.round_id == round_.id, Sheet.expert_id == expert.id)
    sheets = {sheet.applicant_id: sheet for sheet in session.scalars(mine)}
    away = set(
        session.scalars(select(Recusal.applicant_id).where(Recusal.side == "day", Recusal.expert_id == expert.id))
    )
    return [
        (
            key_of(round_, a.sitting.panel.code, a.applicant, expert),
            a,
            sheets.get(a.applicant_id),
            a.applicant_id in away,
        )
        for a in rows
    ]


def receive(session: Session, actor: Actor, clock: Clock, round_: Round, record: Mapping[str, Any]) -> Answered:
    """Take one record of an expert's own sheet: 201 first, 200 on a replay, 409 with both versions otherwise.

    Raises:
        Unreadable: a record that is not whole, marks that make no sense, a hash that does not fit.
        Forbidden: not this expert's sheet, or the applicant was not heard.
    """
    uuid, key, state = (record.get(name) for name in ("uuid", "sheet", "state"))
    marks, base, version = record.get("marks"), record.get("base_version"), record.get("rubric")
    texts = isinstance(uuid, str) and 8 <= len(uuid) <= 36 and isinstance(key, str) and state in ("draft", "submitted")
    if not texts or not isinstance(marks, dict) or not isinstance(base, int) or not isinstance(version, int):
        raise Unreadable("评分记录不完整。请刷新平板页面后再试。")
    assert isinstance(uuid, str)
    assert isinstance(key, str)
    assert isinstance(state, str)
    if any(value is not None and not isinstance(value, str) for value in marks.values()):
        raise Unreadable("评分记录中的分数应为文字。请刷新平板页面后再试。")
    digest = content_hash(sheet=key, rubric=version, marks=marks, state=state)
    if record.get("hash") != digest:
        raise Unreadable("评分记录在传送中损坏，没有保存。平板会自动重发。")
    appointment, sheet, expert = _own_sheet(session, round_, actor, key)
    known = session.scalar(select(SheetRecord).where(SheetRecord.uuid == uuid))
    if known is not None:
        same = known.hash == digest and known.sheet_key == key and known.version is not None
        return Answered(200, _receipt(known)) if same else _conflict(sheet, record)
    _still_taken(session, round_, appointment)
    rubric = Rubric.from_json(round_.rubric)
    try:
        parsed = rubric.parse(marks, complete=state == "submitted")
    except ScoringError as error:
        raise Unreadable("%(error)s请改正后再提交。", error=error) from error
    at = sheet.version if sheet else 0
    stale = base != at or version != rubric.version or (sheet is not None and sheet.state == "submitted")
    row = SheetRecord(
        uuid=uuid,
        sheet_key=key,
        base_version=base,
        version=None if stale else at + 1,
        rubric=version,
        marks=marks,
        state=state,
        hash=digest,
        client_time=str(record.get("client_time", ""))[:40],
        server_time=clock(),
        by=actor.name,
        fate="conflict" if stale else "taken",
    )
    session.add(row)
    if stale:
        audit.record(session, actor, clock, "sheet.conflict", key, round_id=round_.id)
        return _conflict(sheet, record)
    if sheet is None:
        sheet = Sheet(
            round_id=round_.id,
            key=key,
            panel=appointment.sitting.panel.code,
            applicant_id=appointment.applicant_id,
            expert_id=expert.id,
            entered_by=actor.name,
        )
        session.add(sheet)
    sheet.version, sheet.state, sheet.rubric, sheet.hash = at + 1, state, version, digest
    sheet.marks = {name: None if mark is None else format(mark, "f") for name, mark in parsed.items()}
    if state == "submitted":
        sheet.submitted_at = clock()
        audit.record(session, actor, clock, "sheet.submit", key, round_id=round_.id, after={"hash": digest})
    session.flush()
    return Answered(201, _receipt(row))


def _own_sheet(session: Session, round_: Round, actor: Actor, key: str) -> tuple[Appointment, Sheet | None, Expert]:
    expert = session.get(Expert, actor.expert_id) if actor.expert_id else None
    found = next((row for row in own(session, round_, expert) if row[0] == key), None) if expert else None
    if expert is None or found is None or found[3]:
        raise Forbidden("这不是您的评分表，或您已对该申报人回避。")
    return found[1], found[2], expert


def _still_taken(session: Session, round_: Round, appointment: Appointment) -> None:
    """Refuse what is new for an applicant who was not heard, after the sitting was closed or the round is over."""
    ended = records.outcome_of(session, round_, appointment.applicant)
    if ended is not None and ended.kind != "heard":
        raise Forbidden("该申报人没有参加答辩，不需要评分。")
    if round_.state not in ("published", "in_session"):
        raise Forbidden("本批次现在不收评分。请联系评委会办公室。")
    if records.is_closed(session, round_, appointment.sitting):
        raise Forbidden("这一场已关闭，不再收评分表。请联系评委会办公室重新打开。")


def _receipt(row: SheetRecord) -> dict[str, Any]:
    return {
        "uuid": row.uuid,
        "hash": row.hash,
        "sheet": row.sheet_key,
        "version": row.version,
        "server_time": row.server_time.isoformat(),
    }


def _conflict(sheet: Sheet | None, record: Mapping[str, Any]) -> Answered:
    ours = {"version": sheet.version, "state": sheet.state, "marks": sheet.marks} if sheet else None
    theirs = {"base_version": record.get("base_version"), "state": record.get("state"), "marks": record.get("marks")}
    text = "这份评分表已提交或已在别处改过，两份都已保留，请联系小组秘书。"
    return Answered(409, {"error": text, "server": ours, "yours": theirs})
