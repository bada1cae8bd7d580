"""What a corrected computation changed of the one that was released before it, as the workbooks say it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.content import Corrected, CorrectedRow
from webapp.models import Expert, ResultSet, Round
from webapp.services import versions
from webapp.services.objections import DECISIONS


def of_set(session: Session, round_: Round, made: ResultSet | None) -> Corrected | None:
    """Beside the last set that was released before; nothing where none was."""
    if made is None:
        return None
    before = [s for s in versions.everyone(session, round_) if s.number < made.number and s.released_at]
    if not before:
        return None
    found = versions.compare(session, round_, before[0], made)
    names = {e.code: e.name for e in session.scalars(select(Expert).where(Expert.round_id == round_.id))}
    reasons = [f"重新计算的原因：{made.reason}（{made.computed_by}）"]
    reasons += [
        f"第 {o.number} 号异议：{DECISIONS.get(o.decision or '', '')}。核查情况：{o.finding}（{o.decided_by}）"
        for o in found.objections
    ]
    reasons += [f"{words}：{a or '不设'} → {b or '不设'}" for words, a, b in found.settings]
    return Corrected(before[0].number, tuple(reasons), tuple(_row(change, names) for change in found.changes))


def _row(change: versions.Change, names: dict[str, str]) -> CorrectedRow:
    person = change.row.applicant
    fields = tuple(f"{words} {a} → {b}" for words, a, b in change.fields)
    sheets = tuple(f"{names.get(s.expert, s.expert)}：{_sheet(s)}" for s in change.sheets)
    return CorrectedRow(person.code, person.name, fields, sheets)


def _sheet(change: versions.SheetChange) -> str:
    """One expert's sheet: both sums, and each unlocking between with its reason and two persons."""
    if change.before is None and change.after is not None:
        said = f"新计入，合计 {change.after['total']}"
    elif change.after is None and change.before is not None:
        said = f"不再计入，原合计 {change.before['total']}"
    else:
        a, b = change.before or {}, change.after or {}
        said = f"第 {change.times[0]} 次提交 → 第 {change.times[1]} 次提交，合计 {a.get('total')} → {b.get('total')}"
    unlocked = [f"解锁：{u.reason}（{_who(u.asked_by)} 申请，{_who(u.answered_by)} 同意）" for u in change.unlocked]
    return "；".join([said, *unlocked])


def _who(name: str | None) -> str:
    return (name or "").replace("expert:", "专家 ")
