"""Two versions of one sheet: both are kept until those decide whom the domain's page names.

Before the sheet is submitted its expert decides. Afterwards the panel's chair and a results officer do: one proposes
with a reason, the other agrees. What is not chosen stays in the sheet's history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.errors import ScoringError
from webapp.models import Choice, Expert, PanelSigned, Round, Sheet, SheetRecord
from webapp.services import audit, closing, records, sheets
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Stale, Unreadable
from webapp.services.places import Place, held, place_of
from webapp.services.rounds import require_state

STATES = {"asked": "等另一方同意", "done": "已决定", "refused": "没有同意"}
"""State of a proposal → its words."""


@dataclass(frozen=True)
class Case:
    """A sheet with versions to decide on; ``readable``: whether this person may see marks now."""

    place: Place
    key: str
    sheet: Sheet | None
    rows: tuple[SheetRecord, ...]
    choice: Choice | None
    readable: bool
    decides: bool
    """Whether this person is one of the two who decide."""
    answerable: bool
    """Whether the proposal waits for this person."""

    @property
    def by_expert(self) -> bool:
        """Whether the sheet's own expert decides, on the tablet."""
        return self.sheet is None or self.sheet.state == "draft"


def undecided(session: Session, round_: Round, keys: Collection[str] | None = None) -> dict[str, list[SheetRecord]]:
    """Sheet id → the versions kept beside what counts, the oldest first."""
    query = select(SheetRecord).where(SheetRecord.fate == "conflict", SheetRecord.settled_as.is_(None))
    mine = SheetRecord.sheet_key.in_(keys) if keys is not None else SheetRecord.sheet_key.startswith(f"R{round_.id}-")
    found: dict[str, list[SheetRecord]] = defaultdict(list)
    for row in session.scalars(query.where(mine).order_by(SheetRecord.id)):
        found[row.sheet_key].append(row)
    return dict(found)


def cases(session: Session, round_: Round, actor: Actor) -> list[Case]:
    """The sheets with more than one version that the actor may know of, in the order of their ids."""
    rows = undecided(session, round_)
    asked = select(Choice).where(Choice.round_id == round_.id, Choice.state == "asked")
    choices = {c.sheet_id: c for c in session.scalars(asked)}
    panels = {panel.code: panel for panel, _held in records.panels(session, round_, actor)} if rows else {}
    found = []
    for key in sorted(rows):
        place = place_of(session, round_, key)
        panel = panels.get(place.panel) if place else None
        if place is None or panel is None or (actor.expert_id is not None and not closing.chairs(panel, actor)):
            continue
        sheet = session.get(Sheet, place.sheet.id) if place.sheet else None
        choice = choices.get(sheet.id) if sheet else None
        decides = actor.role == "results_officer" or actor.expert_id is not None
        waits = choice is not None and decides and (actor.expert_id is None) == choice.asked_by.startswith("expert:")
        readable = _readable(session, round_, actor, place)
        found.append(Case(place, key, sheet, tuple(rows[key]), choice, readable, decides, waits))
    return found


def _readable(session: Session, round_: Round, actor: Actor, place: Place) -> bool:
    """A chair reads others' marks once the own sheet is in, officer and supervisor when the sitting is closed."""
    if actor.expert_id is None:
        return actor.role in ("results_officer", "supervisor") and place.closed
    if actor.expert_id == place.expert_id:
        return True
    own = place_of(session, round_, place.key.rsplit("-", 1)[0] + "-" + _code(session, actor))
    return own is not None and (own.recused or (own.sheet is not None and own.sheet.state == "submitted"))


def _code(session: Session, actor: Actor) -> str:
    return session.get_one(Expert, actor.expert_id).code


def decide(
    session: Session, actor: Actor, clock: Clock, round_: Round, key: str, uuid: str, version: int
) -> Sheet | None:
    """The sheet's expert decides before it is submitted: the record of that uuid, or with none what counts now.

    Raises:
        Forbidden: somebody else's sheet, or it is submitted: then it is for chair and results officer.
        Stale: the sheet changed after it was looked at.
    """
    held(session, key)
    place = place_of(session, round_, key)
    if place is None or place.recused or place.expert_id != actor.expert_id:
        raise Forbidden("这不是您的评分表，或您已对该申报人回避。")
    sheet = session.get(Sheet, place.sheet.id) if place.sheet else None
    if sheet is not None and sheet.state != "draft":
        raise Forbidden("评分表已提交，由专家组组长和成绩管理员决定用哪一份。")
    rows = undecided(session, round_, [key]).get(key, [])
    if not rows:
        return sheet
    if (sheet.version if sheet else 0) != version:
        raise Stale("这份评分表刚刚又有变化。请看过后再选。")
    chosen = _row(rows, uuid)
    if chosen is not None:
        sheets.still_taken(round_, place)
        sheet = sheet or _fresh(session, round_, place)
    _apply(session, actor, clock, round_, key, sheet, rows, chosen, actor.name)
    return sheet


def _fresh(session: Session, round_: Round, place: Place) -> Sheet:
    sheet = Sheet(round_id=round_.id, key=place.key, panel=place.panel, version=0)
    sheet.applicant_id, sheet.expert_id = place.applicant_id, place.expert_id
    session.add(sheet)
    return sheet


def _row(rows: list[SheetRecord], uuid: str) -> SheetRecord | None:
    if not uuid:
        return None
    found = next((row for row in rows if row.uuid == uuid), None)
    if found is None:
        raise Missing("没有这个版本，或已经决定过。请刷新页面。")
    return found


def _apply(
    session: Session, actor: Actor, clock: Clock, round_: Round, key: str, sheet: Sheet | None,
    rows: list[SheetRecord], chosen: SheetRecord | None, by: str,
) -> None:  # fmt: skip
    """Settle all kept versions of a sheet; the chosen one becomes its next version."""
    before = {"version": sheet.version, "state": sheet.state, "hash": sheet.hash} if sheet else None
    for row in rows:
        row.settled_as, row.settled_at, row.settled_by = "kept" if row is chosen else "dropped", clock(), by
    if chosen is not None and sheet is not None:
        try:
            marks = sheets.rubric_of(round_).parse(chosen.marks, complete=chosen.state == "submitted")
        except ScoringError as error:
            raise Refused("这个版本现在不能用：%(error)s", error=error) from error
        chosen.version = sheet.version = sheet.version + 1
        sheet.marks = {name: None if mark is None else format(mark, "f") for name, mark in marks.items()}
        sheet.rubric, sheet.hash, sheet.state = chosen.rubric, chosen.hash, chosen.state
        sheet.entered_by, sheet.submitted_at = chosen.by, clock() if chosen.state == "submitted" else sheet.submitted_at
        sheet.confirmed_by = None
    after = {"chosen": chosen.uuid if chosen else None, "by": by, "version": sheet.version if sheet else None}
    audit.record(session, actor, clock, "sheet.settle", key, round_id=round_.id, before=before, after=after)


def _case(session: Session, round_: Round, actor: Actor, key: str) -> tuple[Case, Sheet]:
    """A submitted sheet's case, for one of the two who decide."""
    require_state(round_, "in_session", "complete")
    held(session, key)
    found = next((case for case in cases(session, round_, actor) if case.key == key), None)
    if found is None:
        raise Missing("评分表 %(key)s 没有等待决定的版本。请刷新页面。", key=key[:64])
    if not found.decides:
        raise Forbidden("用哪一份由专家组组长和成绩管理员一起决定。")
    if found.sheet is None or found.sheet.state == "draft":
        raise Refused("评分表 %(key)s 还没有提交，由专家本人在平板上选择。", key=key)
    return found, found.sheet


def propose(session: Session, actor: Actor, clock: Clock, round_: Round, key: str, uuid: str, reason: str) -> Choice:
    """One of the two says which version should count; the empty uuid is what counts now."""
    case, sheet = _case(session, round_, actor, key)
    if case.choice is not None:
        raise Refused("评分表 %(key)s 已有提议，等另一方同意。", key=key)
    if not case.readable and actor.expert_id is not None:
        raise Forbidden("提交您自己对这位申报人的评分表后，才能看到和决定。")
    if not reason.strip():
        raise Unreadable("请写明为什么用这一份。")
    made = Choice(round_id=round_.id, sheet_id=sheet.id, version=sheet.version, reason=reason.strip()[:256])
    made.sheet, made.record, made.asked_at, made.asked_by = sheet, _row(list(case.rows), uuid), clock(), actor.name
    session.add(made)
    after = {"record": uuid or None, "reason": made.reason}
    audit.record(session, actor, clock, "sheet.settle.ask", key, round_id=round_.id, after=after)
    return made


def answer(session: Session, actor: Actor, clock: Clock, round_: Round, key: str, *, agreed: bool) -> None:
    """The other of the two agrees, and the chosen version counts; or does not, and everything stays open."""
    case, sheet = _case(session, round_, actor, key)
    choice = case.choice
    if choice is None:
        raise Missing("没有等待同意的提议。请刷新页面。")
    if not case.answerable:
        raise Forbidden("提议的一方不能自己同意。请由另一方（组长或成绩管理员）决定。")
    choice.answered_at, choice.answered_by = clock(), actor.name
    if not agreed:
        choice.state = "refused"
        audit.record(session, actor, clock, "sheet.settle.refuse", key, round_id=round_.id)
        return
    if sheet.version != choice.version:
        raise Stale("评分表 %(key)s 在提议之后又有变化。请不同意，看过后再提议。", key=key)
    choice.state = "done"
    chair = next(name for name in (choice.asked_by, actor.name) if name.startswith("expert:"))
    by = f"{choice.asked_by} + {actor.name}"
    _apply(session, actor, clock, round_, key, sheet, list(case.rows), choice.record, by)
    if choice.record is not None:
        _counts_anew(session, round_, sheet, chair)


def _counts_anew(session: Session, round_: Round, sheet: Sheet, chair: str) -> None:
    """What counts has changed: a typed version is confirmed by the chair's word, the panel is signed off again."""
    if sheet.state == "submitted" and not sheet.entered_by.startswith("expert:"):
        sheet.confirmed_by = chair
    where = (PanelSigned.round_id == round_.id, PanelSigned.panel == sheet.panel)
    for signed in session.scalars(select(PanelSigned).where(*where)):
        session.delete(signed)
    round_.state = "in_session"
    session.flush()
