"""A panel's opinion (答辩意见) and record of questions (答辩记录): the secretary writes them, the chair signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Appointment, Note, Panel, Round
from webapp.services import audit, closing, records
from webapp.services.kernel import Actor, Clock, Forbidden, Missing, Refused, Stale, Unreadable

WORDS = {"opinion": "专家组意见", "questions": "提问和回答"}
LONGEST, QUESTION = 2000, 500
"""How long an opinion may be, and a question or an answer."""


@dataclass(frozen=True)
class Row:
    """One applicant of a panel and what is written."""

    panel: Panel
    place: Appointment
    note: Note | None


def rows(session: Session, round_: Round, actor: Actor) -> list[Row]:
    """Those heard by the panels the actor runs, in time."""
    outcomes = records.outcomes(session, round_)
    found = {n.applicant_id: n for n in session.scalars(select(Note).where(Note.round_id == round_.id))}
    return [
        Row(panel, a, found.get(a.applicant_id))
        for panel, sittings in records.panels(session, round_, actor)
        if actor.expert_id is None or closing.chairs(panel, actor)
        for s in sittings
        for a in s.appointments
        if a.applicant_id in outcomes and outcomes[a.applicant_id].kind == "heard"
    ]


def signed(session: Session, round_: Round) -> dict[str, Note]:
    """Applicant code → the note, of those that are signed."""
    query = select(Note).join(Applicant).where(Note.round_id == round_.id, Note.signed_by.is_not(None))
    return {n.applicant.code: n for n in session.scalars(query)}


def row_of(session: Session, round_: Round, actor: Actor, code: str) -> Row:
    """The row of one applicant.

    Raises:
        Missing: not heard, or not by a panel the actor runs.
    """
    found = next((row for row in rows(session, round_, actor) if row.place.applicant.code == code), None)
    if found is None:
        raise Missing("申报人 %(code)s 没有答辩，或不在您负责的专家组。请刷新页面。", code=code[:16])
    return found


def write(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    code: str,
    opinion: str,
    questions: Sequence[tuple[str, str]],
    version: str,
) -> None:
    """Store what the secretary wrote; empty questions are left out.

    Raises:
        Refused: the chair has signed it, or the results are computed.
        Unreadable: a text too long.
        Stale: somebody else changed it meanwhile.
    """
    row = row_of(session, round_, actor, code)
    if row.note and row.note.signed_by:
        raise Refused("组长已签字，不能再改。请组长先退回。")
    kept = [[q.strip(), a.strip()] for q, a in questions if q.strip() or a.strip()]
    if len(opinion) > LONGEST or any(len(text) > QUESTION for pair in kept for text in pair):
        raise Unreadable("意见不超过 %(a)s 字，每个提问和回答不超过 %(b)s 字。", a=LONGEST, b=QUESTION)
    if str(row.note.row_version if row.note else 0) != version:
        stale = Stale("%(name)s 的答辩记录刚刚被别人改过。请刷新页面后再填。", name=row.place.applicant.name)
        raise stale.beside(WORDS, _sides(row.note), {"opinion": opinion.strip(), "questions": kept})
    made = row.note or Note(round_id=round_.id, applicant_id=row.place.applicant_id)
    made.panel, made.opinion, made.questions = row.panel.code, opinion.strip(), kept
    made.returned = None
    made.written_at, made.written_by = clock(), actor.name
    session.add(made)
    after = {"opinion": made.opinion, "questions": kept}
    audit.record(session, actor, clock, "note.write", code, round_id=round_.id, after=after)


def _sides(note: Note | None) -> dict[str, object]:
    return {"opinion": note.opinion, "questions": note.questions} if note else {}


def _of_chair(session: Session, round_: Round, actor: Actor, code: str) -> Note:
    row = row_of(session, round_, actor, code)
    if not closing.chairs(row.panel, actor):
        raise Forbidden("只有专家组组长可以签字。")
    if row.note is None or not row.note.opinion:
        raise Refused("%(name)s 还没有写答辩意见。请小组秘书先写。", name=row.place.applicant.name)
    return row.note


def sign(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, version: str) -> None:
    """The chair signs an opinion with its questions, as it was read."""
    note = _of_chair(session, round_, actor, code)
    if str(note.row_version) != version:
        raise Stale("这份答辩意见刚刚改过。请刷新页面，看过后再签字。")
    if note.signed_by:
        raise Refused("这份答辩意见已经签过字。")
    if note.returned is not None:
        raise Refused("%(name)s 的答辩意见已经退回，等小组秘书修改。", name=note.applicant.name)
    note.signed_at, note.signed_by = clock(), actor.name
    audit.record(session, actor, clock, "note.sign", code, round_id=round_.id)


def give_back(session: Session, actor: Actor, clock: Clock, round_: Round, code: str, why: str = "") -> None:
    """The chair gives an opinion back to the secretary, signed or not, and may say what is to be changed."""
    note = _of_chair(session, round_, actor, code)
    if note.returned is not None:
        raise Refused("%(name)s 的答辩意见已经退回，等小组秘书修改。", name=note.applicant.name)
    note.signed_at = note.signed_by = None
    note.returned = why.strip()[:200]
    audit.record(session, actor, clock, "note.back", code, round_id=round_.id, after={"why": note.returned})
