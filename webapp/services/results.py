"""Results: computed by the office, confirmed and released by another person; every computation is kept."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.aggregate import aggregate
from scoring.correction import correct
from scoring.errors import ScoringError
from scoring.marks import total
from scoring.rank import rank
from scoring.rubric import Rubric
from scoring.said import say
from scoring.story import NOT_CORRECTED
from scoring.together import together
from webapp.models import Applicant, Appointment, Outcome, Recusal, Result, ResultSet, Round, Sheet, SheetRecord
from webapp.services import audit, records, reviews, uncounted
from webapp.services.kernel import Actor, Clock, Forbidden, Refused, Unreadable
from webapp.services.rounds import require_state
from webapp.services.settings import Settings, of_round


def newest(session: Session, round_: Round) -> ResultSet | None:
    """The round's last computation."""
    query = select(ResultSet).where(ResultSet.round_id == round_.id).order_by(ResultSet.number.desc()).limit(1)
    return session.scalar(query)


def valid_sheets(session: Session, round_: Round) -> dict[int, list[Sheet]]:
    """Applicant id → submitted sheets that count, in the order of the experts' codes."""
    away = {
        tuple(row)
        for row in session.execute(
            select(Recusal.applicant_id, Recusal.expert_id).where(Recusal.round_id == round_.id, Recusal.side == "day")
        ).all()
    }
    query = select(Sheet).where(Sheet.round_id == round_.id, Sheet.state == "submitted")
    found: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sorted(session.scalars(query), key=lambda s: s.expert.code):
        if (sheet.applicant_id, sheet.expert_id) not in away:
            found[sheet.applicant_id].append(sheet)
    return found


def compute(session: Session, actor: Actor, clock: Clock, round_: Round, reason: str = "") -> ResultSet:
    """Compute everyone's result as a new set; an earlier one is superseded and needs a reason."""
    require_state(round_, "complete", "computed")
    if actor.name in _typists(session, round_):
        raise Forbidden("录入过成绩的人不能计算。请由评委会办公室的另一位计算。")
    last = newest(session, round_)
    if last is not None and not reason.strip():
        raise Unreadable("重新计算要写明原因。")
    if last is not None and last.state != "released":
        _end(session, actor, clock, last, reason)
    settings = of_round(round_)
    number = (session.scalar(select(func.max(ResultSet.number)).where(ResultSet.round_id == round_.id)) or 0) + 1
    made = ResultSet(
        round_id=round_.id,
        number=number,
        settings=_frozen(settings, round_),
        reason=reason[:256],
        computed_at=clock(),
        computed_by=actor.name,
    )
    made.results = _results(session, round_, settings)
    session.add(made)
    round_.state = "computed"
    audit.record(session, actor, clock, "results.compute", str(number), round_id=round_.id, after={"reason": reason})
    return made


def _end(session: Session, actor: Actor, clock: Clock, made: ResultSet, why: str) -> None:
    """A set is valid no more; it stays readable."""
    made.state, made.ended_at, made.ended_by, made.ended_why = "superseded", clock(), actor.name, why[:256]
    session.flush()


def _typists(session: Session, round_: Round) -> set[str]:
    """Whoever entered a mark, also one that was sent back: they neither compute nor confirm."""
    own = SheetRecord.sheet_key.startswith(f"R{round_.id}-", autoescape=True)
    return set(session.scalars(select(SheetRecord.by).where(own).distinct()))


def _frozen(settings: Settings, round_: Round) -> dict[str, Any]:
    names = (
        "aggregate",
        "min_sheets_to_trim",
        "min_sheets",
        "decimals",
        "correction",
        "correction_decimals",
        "min_present",
        "line_meets",
        "tie_break",
        "weights",
    )
    kept = {name: getattr(settings, name) for name in names}
    line = None if settings.reference_line is None else str(settings.reference_line)
    weights = None if settings.weights is None else list(settings.weights)
    return kept | {
        "weights": weights,
        "reference_line": line,
        "rubric": round_.rubric,
        "tie_break": list(settings.tie_break),
    }


def _results(session: Session, round_: Round, settings: Settings) -> list[Result]:
    rubric = Rubric.from_json(round_.rubric)
    items = [item.key for item in rubric.items]
    sheets, outcomes = valid_sheets(session, round_), records.outcomes(session, round_)
    missing = uncounted.of_round(session, round_)
    version = records.published(session, round_)
    places = {
        a.applicant_id: a.sitting.panel.code
        for a in session.scalars(select(Appointment).where(Appointment.version_id == version.id))
    }
    senior = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    found = []
    for person in session.scalars(senior.order_by(Applicant.code)):
        outcome = outcomes.get(person.id)
        row = Result(
            applicant_id=person.id,
            applicant=person,
            panel=places.get(person.id, ""),
            outcome=outcome.kind if outcome else "deferred",
        )
        if outcome is not None and outcome.kind == "heard":
            _score(row, sheets.get(person.id, []), items, settings)
            row.uncounted = missing.get(person.id, [])
        found.append(row)
    groups: dict[int, list[Result]] = defaultdict(list)
    for row in found:
        if row.raw is not None:
            groups[row.applicant.direction_id].append(row)
    for rows in groups.values():
        _correct(rows, settings, rubric.full)
        _rank(rows, sheets, settings)
    _with_papers(found, reviews.confirmed(session, round_), settings)
    return found


def _with_papers(rows: list[Result], marks: dict[int, Decimal], settings: Settings) -> None:
    """The papers' marks beside, and where the round weighs them, papers and defence as one."""
    for row in rows:
        row.papers = marks.get(row.applicant_id)
        if settings.weights is not None:
            row.together = together(row.papers, row.final, settings.weights, decimals=settings.decimals).score


def of_applicants(session: Session, round_: Round, people: list[Applicant]) -> dict[int, Result]:
    """Applicant id → the combined score as the sheets stand now; nothing is stored, corrected or ranked."""
    settings, sheets = of_round(round_), valid_sheets(session, round_)
    items = [item.key for item in Rubric.from_json(round_.rubric).items]
    ended = records.outcomes(session, round_)
    found = {}
    for person in people:
        outcome = ended.get(person.id)
        found[person.id] = row = Result(applicant_id=person.id, outcome=outcome.kind if outcome else "", dropped=[])
        if outcome is not None and outcome.kind == "heard":
            _score(row, sheets.get(person.id, []), items, settings)
    return found


def _score(row: Result, sheets: list[Sheet], items: list[str], settings: Settings) -> None:
    marks = [[_mark(sheet.marks.get(item)) for item in items] for sheet in sheets]
    answer = aggregate(
        settings.aggregate,
        marks,
        min_sheets_to_trim=settings.min_sheets_to_trim,
        min_sheets=settings.min_sheets,
        decimals=settings.decimals,
    )
    row.raw = row.final = answer.score
    row.valid_sheets, row.note = answer.valid, str(answer.reason)
    row.dropped = [[sheets[d[0]].expert.code, *(items[i] for i in d[1:])] for d in answer.dropped]
    row.sheets = [
        {
            "expert": s.expert.code,
            "key": s.key,
            "version": s.version,
            "hash": s.hash,
            "total": _total(m),
            "marks": s.marks,
        }
        for s, m in zip(sheets, marks, strict=True)
    ]


def _mark(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _total(marks: list[Decimal | None]) -> str:
    return format(total(m for m in marks if m is not None), "f")


def _correct(rows: list[Result], settings: Settings, full: Decimal) -> None:
    panels: dict[str, list[Result]] = defaultdict(list)
    for row in rows:
        panels[row.panel].append(row)
    if settings.correction == "off" or len(panels) < 2:
        return
    raw = {code: [row.raw for row in group if row.raw is not None] for code, group in panels.items()}
    try:
        answer = correct(
            settings.correction,
            raw,
            decimals=settings.correction_decimals,
            full=full,
            min_present=settings.min_present,
        )
    except ScoringError as error:
        for row in rows:
            row.note = (row.note + say(NOT_CORRECTED, error=error.said))[:256]
        return
    for code, group in panels.items():
        for row, score in zip(group, answer.scores[code], strict=True):
            row.k, row.final = answer.k[code], score


def _rank(rows: list[Result], sheets: dict[int, list[Sheet]], settings: Settings) -> None:
    def breaks(row: Result) -> list[Decimal]:
        own = sheets[row.applicant_id]
        return [
            sum((Decimal(s.marks.get(item) or 0) for s in own), Decimal(0)) / len(own) for item in settings.tie_break
        ]

    scores = {row.applicant.code: row.final for row in rows if row.final is not None}
    ranks = rank(scores, {row.applicant.code: breaks(row) for row in rows})
    for row in rows:
        row.rank = ranks.get(row.applicant.code)


def confirm(session: Session, actor: Actor, clock: Clock, round_: Round) -> None:
    """A second person confirms: not who computed, not who entered a mark."""
    require_state(round_, "computed")
    made = newest(session, round_)
    if made is None:
        raise Refused("还没有算出成绩。请评委会办公室先计算。")
    if actor.name == made.computed_by or actor.name in _typists(session, round_):
        raise Forbidden("计算或录入过成绩的人不能确认。请由另一位成绩管理员确认。")
    where = (ResultSet.round_id == round_.id, ResultSet.state == "released")
    for old in session.scalars(select(ResultSet).where(*where)):
        _end(session, actor, clock, old, made.reason)
    made.state, made.confirmed_at, made.confirmed_by = "confirmed", clock(), actor.name
    round_.state = "confirmed"
    audit.record(session, actor, clock, "results.confirm", str(made.number), round_id=round_.id)


def release(session: Session, actor: Actor, clock: Clock, round_: Round) -> None:
    """Release the confirmed results; where the round has a vote, after it.

    Raises:
        Refused: they are not confirmed, or the committee has not voted.
    """
    if has_vote(round_) and round_.state == "confirmed":
        raise Refused("评委会还没有表决完，不能公布成绩。请先在“表决”页记录每位的票数并结束表决。")
    require_state(round_, "confirmed", "voted")
    made = newest(session, round_)
    if made is None or made.state != "confirmed":
        raise Refused("成绩还没有确认。请先确认。")
    made.state, made.released_at, made.released_by = "released", clock(), actor.name
    round_.state = "released"
    audit.record(session, actor, clock, "results.release", str(made.number), round_id=round_.id)


def has_vote(round_: Round) -> bool:
    """Whether the committee votes in this round: its results are released after the vote."""
    return of_round(round_).vote == "committee"


def at_its_end(round_: Round) -> bool:
    """Whether archiving ends the round: it is in public notice, or released and nobody votes."""
    return round_.state == "public_notice" or (round_.state == "released" and not has_vote(round_))


def send_back(session: Session, actor: Actor, clock: Clock, round_: Round, reason: str) -> None:
    """Give a computed or confirmed set back to the office, with the reason."""
    require_state(round_, "computed", "confirmed")
    made = newest(session, round_)
    if made is None or not reason.strip():
        raise Unreadable("退回要写明原因。")
    _end(session, actor, clock, made, reason)
    round_.state = "complete"
    audit.record(
        session, actor, clock, "results.send_back", str(made.number), round_id=round_.id, after={"reason": reason}
    )


def visible(round_: Round, role: str) -> bool:
    """Whether a role may read the round's results at this stage."""
    if role == "organiser":
        return round_.state in ("released", "public_notice", "archived")
    return round_.state in ("computed", "confirmed", "voted", "released", "public_notice", "archived")


def heard(session: Session, round_: Round) -> int:
    """How many have an outcome."""
    return session.scalar(select(func.count(Outcome.id)).where(Outcome.round_id == round_.id)) or 0
