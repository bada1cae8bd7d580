"""Paper sheets: the secretary types them in, the chair confirms them or sends them back; nobody does both."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from scoring.sheet import content_hash
from webapp.models import Appointment, AuditEntry, AuditPayload, Expert, Panel, Round, Sheet, Sitting
from webapp.services import audit, closing, records, unlocking
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Stale, Unreadable
from webapp.services.places import key_of, place_of

OPEN = ("none", "draft", "returned")
"""States in which a sheet is still to be typed in."""


@dataclass(frozen=True)
class Row:
    """One applicant's sheets across the panel; ``cells`` in the order of the members, empty where one is recused."""

    place: Appointment
    outcome: str
    cells: tuple[tuple[str, str] | None, ...]
    """Sheet id and state: ``none``, ``draft``, ``returned``, ``typed`` or ``submitted``."""


@dataclass(frozen=True)
class Pile:
    """A panel's sheets: members across, applicants down, of open sittings and those with an unlocked sheet."""

    panel: Panel
    members: tuple[Expert, ...]
    rows: tuple[Row, ...]


def pile(session: Session, round_: Round, panel: Panel, sittings: list[Sitting]) -> Pile:
    """The sheets of a panel that can still be typed in, with their states."""
    members = tuple(m.expert for m in sorted(panel.members, key=lambda m: not m.chair))
    outcomes, away = records.outcomes(session, round_), records.recused(session, round_)
    query = select(Sheet).where(Sheet.round_id == round_.id, Sheet.panel == panel.code)
    back = returned(session, round_)
    states = {(s.applicant_id, s.expert_id): "returned" if s.key in back else s.state for s in session.scalars(query)}
    rows, again = [], {key.rsplit("-", 2)[1] for key in records.unlocked(session, round_)}
    places = [(a, records.is_closed(session, round_, s)) for s in sittings for a in s.appointments]
    for a in (a for a, closed in places if not closed or a.applicant.code in again):
        outcome = outcomes[a.applicant_id].kind if a.applicant_id in outcomes else ""
        cells = tuple(
            None
            if (a.applicant_id, e.id) in away
            else (key_of(round_, panel.code, a.applicant, e), states.get((a.applicant_id, e.id), "none"))
            for e in members
        )
        rows.append(Row(a, outcome, cells))
    return Pile(panel, members, tuple(rows))


def following(pile_: Pile, key: str) -> str:
    """The next sheet of the pile that nobody has handed in, after ``key``, else the first; empty when all are there."""
    every = [cell for row in pile_.rows if row.outcome in ("", "heard") for cell in row.cells if cell]
    at = next((n for n, (one, _state) in enumerate(every) if one == key), -1)
    open_ = [one for one, state in every[at + 1 :] + every[: at + 1] if state in OPEN and one != key]
    return open_[0] if open_ else ""


def returned(session: Session, round_: Round, key: str | None = None) -> dict[str, str]:
    """Sheet id → why the chair sent it back, of those nobody has taken up since."""
    typed = (Sheet.state == "draft", Sheet.entered_by.not_like("expert:%"))
    where = (Sheet.round_id == round_.id, *typed, *([Sheet.key == key] if key is not None else []))
    hashes = {s.key: s.hash for s in session.scalars(select(Sheet).where(*where))}
    if not hashes:
        return {}
    sent = (AuditEntry.round_id == round_.id, AuditEntry.act == "sheet.send_back", AuditEntry.object.in_(hashes))
    query = select(AuditEntry.object, AuditPayload.after).join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
    last = {sheet: after or {} for sheet, after in session.execute(query.where(*sent).order_by(AuditEntry.id))}
    return {sheet: after["reason"] for sheet, after in last.items() if after.get("hash") == hashes[sheet]}


def record_of(
    key: str, rubric: Rubric, base_version: int, marks: Mapping[str, str | None], name: str = ""
) -> dict[str, object]:
    """A submitted record of the tablets' protocol; without ``name`` its uuid comes from what it says.

    The same content against the same version is the same record: read in twice it is answered twice alike.
    """
    kept = dict(marks)
    digest = content_hash(sheet=key, rubric=rubric.version, marks=kept, state="submitted")
    made = name or str(uuid.uuid5(uuid.NAMESPACE_OID, f"{key}|{base_version}|{digest}"))
    return {
        "uuid": made,
        "sheet": key,
        "base_version": base_version,
        "rubric": rubric.version,
        "marks": kept,
        "state": "submitted",
        "hash": digest,
    }


def waiting(session: Session, round_: Round, actor: Actor) -> tuple[list[Sheet], int]:
    """The typed sheets of the panels the actor chairs that may be read now, and how many more there are.

    A chair reads others' marks for an applicant only once the own sheet is handed in, or there is none to hand in.
    """
    chaired = [p.code for p, _ in records.panels(session, round_, actor) if closing.chairs(p, actor)]
    query = select(Sheet).where(Sheet.round_id == round_.id, Sheet.panel.in_(chaired), Sheet.state == "typed")
    found = list(session.scalars(query.order_by(Sheet.applicant_id, Sheet.expert_id)))
    mine = select(Sheet.applicant_id).where(
        Sheet.round_id == round_.id, Sheet.expert_id == actor.expert_id, Sheet.state == "submitted"
    )
    done = set(session.scalars(mine)) | {a for a, e in records.recused(session, round_) if e == actor.expert_id}
    shown = [s for s in found if s.expert_id == actor.expert_id or s.applicant_id in done]
    return shown, len(found) - len(shown)


def _typed(session: Session, round_: Round, actor: Actor, key: str, version: int) -> Sheet:
    shown, _more = waiting(session, round_, actor)
    sheet = next((s for s in shown if s.key == key), None)
    if sheet is None:
        raise Missing("没有等您确认的评分表 %(key)s。请刷新页面。", key=key)
    if sheet.version != version:
        raise Stale("评分表 %(key)s 刚刚改过。请刷新页面，核对后再确认。", key=key)
    if sheet.entered_by == actor.name:
        raise Forbidden("录入的人不能确认。请由专家组组长确认。")
    place = place_of(session, round_, key)
    closed = place is None or place.closed
    if closed and not unlocking.is_open(session, sheet):
        raise Forbidden("这一场已关闭，不再收评分表。请联系评委会办公室重新打开。")
    return sheet


def confirm(session: Session, actor: Actor, clock: Clock, round_: Round, key: str, version: int) -> None:
    """The chair confirms a typed sheet against the paper: from now on it counts."""
    sheet = _typed(session, round_, actor, key, version)
    sheet.state, sheet.confirmed_by = "submitted", actor.name
    unlocking.handed_in(session, sheet)
    after = {"hash": sheet.hash, "entered_by": sheet.entered_by}
    audit.record(session, actor, clock, "sheet.confirm", key, round_id=round_.id, after=after)


def send_back(session: Session, actor: Actor, clock: Clock, round_: Round, key: str, version: int, reason: str) -> None:
    """The chair finds that a typed sheet is not what the paper says: it is open again."""
    sheet = _typed(session, round_, actor, key, version)
    if not reason.strip():
        raise Unreadable("退回要写明原因。")
    sheet.state = "draft"
    after = {"reason": reason[:256], "hash": sheet.hash}
    audit.record(session, actor, clock, "sheet.send_back", key, round_id=round_.id, after=after)
