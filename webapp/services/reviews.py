"""The review of papers (材料评审): one mark for each applicant of either level, typed by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from scoring.errors import ScoringError
from scoring.rubric import Rubric
from webapp.models import Applicant, Result, Review, Round
from webapp.services import audit, rubrics
from webapp.services.kernel import Actor, Clock, Forbidden, Refused, Sentence, Sentences, Stale, Unreadable
from webapp.services.settings import of_round

CLOSED = ("computed", "confirmed", "voted", "released", "public_notice", "archived")
"""States in which no mark of the papers is written: sending results back opens them."""
BESIDE = ("version", "seen")
"""What a row of the form says beside the marks."""


@dataclass(frozen=True)
class Row:
    """One applicant and the mark so far."""

    applicant: Applicant
    review: Review | None


def rubric(session: Session, round_: Round) -> Rubric:
    """The items of the papers' review."""
    return rubrics.current(session, round_, "papers")


def rows(session: Session, round_: Round, level: str, direction: str = "") -> list[Row]:
    """Everyone of a level (and a direction, where given) with the mark so far, by code."""
    query = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == level)
    query = query.options(joinedload(Applicant.direction)).order_by(Applicant.code)
    found = {r.applicant_id: r for r in session.scalars(select(Review).where(Review.round_id == round_.id))}
    return [Row(a, found.get(a.id)) for a in session.scalars(query) if direction in ("", a.direction.code)]


def how_many(session: Session, round_: Round, level: str) -> int:
    """The applicants of a level."""
    own = (Applicant.round_id == round_.id, Applicant.level == level)
    return session.scalar(select(func.count(Applicant.id)).where(*own)) or 0


def gap(session: Session, round_: Round) -> Sentence | None:
    """Whose mark does not count yet, where the papers are marked here at all, until the results are confirmed."""
    marked = list(session.scalars(select(Review).where(Review.round_id == round_.id)))
    weighted = of_round(round_).weights is not None
    if round_.state not in ("complete", "computed") or not (marked or weighted):
        return None
    everyone = sum(how_many(session, round_, level) for level in ("senior", "intermediate"))
    waiting = sum(review.confirmed_by is None for review in marked)
    if not waiting and everyone == len(marked):
        return None
    return Sentence(
        "材料评审分：%(missing)s 人还没有录入，%(waiting)s 人等确认。%(so)s成绩计算后不能再填，要填须先退回。",
        missing=everyone - len(marked),
        waiting=waiting,
        so=Sentence("没有确认的材料评审分就没有总分。") if weighted else "",
    )


def by_item(session: Session, round_: Round, row: Result) -> list[str]:
    """Each item of the papers with its mark; nothing where the mark is another now than in that result."""
    where = (Review.round_id == round_.id, Review.applicant_id == row.applicant_id)
    review = session.scalar(select(Review).where(*where))
    if review is None or review.total != row.papers:
        return []
    return [f"{item.name} {review.marks[item.key]}" for item in rubric(session, round_).items]


def confirmed(session: Session, round_: Round) -> dict[int, Decimal]:
    """Applicant id → the mark that counts."""
    query = select(Review).where(Review.round_id == round_.id, Review.confirmed_by.is_not(None))
    return {r.applicant_id: r.total for r in session.scalars(query)}


def _open(round_: Round) -> None:
    if round_.state in CLOSED or round_.state == "draft":
        raise Refused("材料评审分在名册锁定后、成绩计算前填写。现在不能改。")


def write(session: Session, actor: Actor, clock: Clock, round_: Round, typed: Mapping[str, Mapping[str, str]]) -> int:
    """Store the marks typed in (code → item or ``version`` → text), all or none; how many were new or changed.

    A row without any mark is left alone; a changed mark has to be confirmed again.

    Raises:
        Unreadable: marks that make no sense, each by name.
        Stale: somebody else changed one meanwhile.
    """
    _open(round_)
    own, wrong, made = rubric(session, round_), [], []
    known = {row.applicant.code: row for level in ("senior", "intermediate") for row in rows(session, round_, level)}
    for code, texts in typed.items():
        marks = {key: text.strip() or None for key, text in texts.items() if key not in BESIDE}
        if not any(marks.values()):
            continue
        if code not in known:
            wrong.append(Sentence("%(code)s：没有这位申报人。", code=code))
            continue
        try:
            parsed = own.parse(marks, complete=True)
        except ScoringError as error:
            name = known[code].applicant.name
            wrong.append(Sentence("%(code)s %(name)s：%(error)s", code=code, name=name, error=error))
            continue
        texts_of = {key: format(mark, "f") for key, mark in parsed.items() if mark is not None}
        made.append((known[code], texts_of, texts.get("version", "")))
    if wrong:
        raise Unreadable("材料评审分有误，没有保存：%(wrong)s", wrong=Sentences.of(wrong[:10]))
    return sum(_store(session, actor, clock, round_, *one) for one in made)


def _store(
    session: Session, actor: Actor, clock: Clock, round_: Round, row: Row, marks: dict[str, str], version: str
) -> bool:
    old = row.review
    before = dict(old.marks) if old else None
    if before == marks:
        return False
    if str(old.row_version if old else 0) != version:
        stale = Stale("%(name)s 的材料评审分刚刚被别人改过。请刷新页面后再填。", name=row.applicant.name)
        labels = {item.key: item.name for item in rubric(session, round_).items}
        raise stale.beside(labels, before or {}, marks)
    made = old or Review(round_id=round_.id, applicant_id=row.applicant.id)
    made.marks, made.total = marks, sum(map(Decimal, marks.values()), Decimal(0))
    made.entered_at, made.entered_by = clock(), actor.name
    made.confirmed_at = made.confirmed_by = None
    session.add(made)
    code = row.applicant.code
    audit.record(session, actor, clock, "review.write", code, round_id=round_.id, before=before, after=marks)
    return True


def confirm(session: Session, actor: Actor, clock: Clock, round_: Round, versions: Mapping[str, str]) -> int:
    """A second person confirms the rows that were seen (code → version); how many.

    Raises:
        Forbidden: one of them was typed by the same person.
        Stale: one was changed meanwhile.
    """
    _open(round_)
    done = 0
    for row in (r for level in ("senior", "intermediate") for r in rows(session, round_, level)):
        review, seen = row.review, versions.get(row.applicant.code)
        if review is None or review.confirmed_by or seen is None:
            continue
        if str(review.row_version) != seen:
            raise Stale("%(name)s 的材料评审分刚刚被别人改过。请刷新页面，核对后再确认。", name=row.applicant.name)
        if review.entered_by == actor.name:
            raise Forbidden("录入的人不能确认。请由另一位确认。")
        review.confirmed_at, review.confirmed_by = clock(), actor.name
        after = {"total": str(review.total), "entered_by": review.entered_by}
        audit.record(session, actor, clock, "review.confirm", row.applicant.code, round_id=round_.id, after=after)
        done += 1
    return done
