"""Results as the workbooks show them: of a computation, or of what panels have signed so far."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.content import ResultRow
from webapp.models import Applicant, ResultSet, Review, Round
from webapp.services import boards, records, results
from webapp.services.books.which import version_of
from webapp.services.uncounted import WHY

OUTCOMES = {"heard": "已答辩", "absent": "缺席", "gave_up": "放弃", "disqualified": "取消资格", "deferred": "延期"}


def of_set(made: ResultSet) -> dict[str, ResultRow]:
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


def so_far(session: Session, round_: Round) -> dict[str, ResultRow]:
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


def papers(session: Session, round_: Round, computed: ResultSet | None) -> dict[str, Decimal]:
    """The papers' marks as they were when the results were computed; nothing before."""
    if computed is None:
        return {}
    marks = {r.applicant.code: r.papers for r in computed.results if r.papers is not None}
    review = select(Review).join(Applicant).where(Review.round_id == round_.id, Review.confirmed_by.is_not(None))
    intermediate = session.scalars(review.where(Applicant.level == "intermediate"))
    return marks | {r.applicant.code: r.total for r in intermediate}
