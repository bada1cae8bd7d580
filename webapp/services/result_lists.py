"""The long lists of results: one computation's seniors by direction and rank, and the marks of intermediate papers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, String, cast, func, literal, select
from sqlalchemy.orm import Session, contains_eager

from webapp.models import Applicant, Direction, Result, ResultSet, Review, Round
from webapp.services.books import OUTCOMES
from webapp.services.listing import Column, Facet, Table, Words
from webapp.services.names import aside
from webapp.services.noted import again
from webapp.services.people_lists import found
from webapp.services.settings import of_round

LINE = {"1": "达到参考线", "0": "未达到参考线"}


def seniors(session: Session, round_: Round, made: ResultSet) -> Table:
    """A computation's results; columns that the round does not use are left out."""
    settings = of_round(round_)
    line, final = settings.reference_line, settings.line_meets == "final"
    corrected, papers, together = (
        settings.correction != "off",
        _papers(session, made),
        bool(made.settings.get("weights")),
    )
    score, least = _number(Result.final if final else Result.raw), _number(literal(str(line), String))

    def reaches(row: Result) -> str:
        mark = row.final if final else row.raw
        return "" if line is None or mark is None else LINE["1" if mark >= line else "0"]

    beside = (
        (corrected, Column("k", "k", lambda r: _mark(r.k), _number(Result.k), short=True)),
        (corrected, Column("final", "修正后", lambda r: _mark(r.final), _number(Result.final), short=True)),
        (papers, Column("papers", "材料评审", lambda r: _mark(r.papers), _number(Result.papers), short=True)),
        (together, Column("together", "总分", lambda r: _mark(r.together), _number(Result.together), short=True)),
        (line is not None, Column("line", "参考线", reaches, said=True, short=True)),
    )
    facets = (
        Facet("direction", "专业方向", _directions(session, round_, made), lambda code: Direction.code == code),
        Facet("outcome", "结果", OUTCOMES, lambda value: Result.outcome == value),
        *(
            (Facet("line", "参考线", LINE, lambda v: score >= least if v == "1" else score < least),)
            if line is not None
            else ()
        ),
    )
    rows = select(Result).where(Result.set_id == made.id).join(Result.applicant).join(Applicant.direction)
    return Table(
        rows.options(contains_eager(Result.applicant).contains_eager(Applicant.direction)),
        (
            Column("rank", "名次", lambda r: str(r.rank or "–"), (Direction.position, Result.rank), short=True),
            Column("code", "编号", lambda r: r.applicant.code, Applicant.code, short=True),
            Column("name", "姓名", lambda r: r.applicant.name, Applicant.spelled, name=True),
            Column("employer", "工作单位", lambda r: r.applicant.employer, Applicant.employer),
            Column("direction", "专业方向", lambda r: r.applicant.direction.name, Direction.position),
            Column("panel", "专家组", lambda r: r.panel, Result.panel, short=True),
            Column("sheets", "有效评分表", lambda r: str(r.valid_sheets), Result.valid_sheets, short=True),
            Column("raw", "答辩成绩", _raw, _number(Result.raw), said=True, short=True),
            *(column for there, column in beside if there),
            Column("note", "说明", lambda r: again(r.note), Result.note, said=True),
        ),
        facets,
        lambda word: found(Applicant, word),
        "rank",
        Applicant.code,
    )


def intermediates(round_: Round) -> Table:
    """The intermediate applicants with the confirmed mark of their papers; it is the same whatever was computed."""
    own = (Applicant.round_id == round_.id, Applicant.level == "intermediate")
    rows: Any = select(Applicant, Review).where(*own).join(Applicant.direction)
    confirmed = (Review.applicant_id == Applicant.id) & Review.confirmed_by.is_not(None)
    names = {d.code: d.name for d in round_.directions}
    return Table(
        rows.outerjoin(Review, confirmed).options(contains_eager(Applicant.direction)),
        (
            Column("code", "编号", lambda r: r[0].code, Applicant.code, short=True),
            Column("name", "姓名", lambda r: r[0].name, Applicant.spelled, name=True),
            Column("employer", "工作单位", lambda r: r[0].employer, Applicant.employer),
            Column("direction", "专业方向", lambda r: r[0].direction.name, Direction.position),
            Column(
                "papers", "材料评审", lambda r: _mark(r[1].total if r[1] else None), _number(Review.total), short=True
            ),
        ),
        (Facet("direction", "专业方向", names, lambda code: Direction.code == code),),
        lambda word: found(Applicant, word),
        "code",
        Applicant.code,
        whole_rows=True,
    )


def _number(text: Any) -> Any:
    """Marks are kept as texts; they are compared as numbers."""
    return cast(text, Numeric)


def _mark(value: Decimal | None) -> str:
    return "–" if value is None else str(value)


def _raw(row: Result) -> str:
    return _mark(row.raw) if row.outcome == "heard" else OUTCOMES[row.outcome]


def _papers(session: Session, made: ResultSet) -> bool:
    query = select(Result.id).where(Result.set_id == made.id, Result.papers.is_not(None))
    return session.scalar(query.limit(1)) is not None


def _directions(session: Session, round_: Round, made: ResultSet) -> dict[str, Words]:
    """Code → name and how many, of the directions that have anybody."""
    query = select(Applicant.direction_id, func.count()).join(Result).where(Result.set_id == made.id)
    counts = {row[0]: row[1] for row in session.execute(query.group_by(Applicant.direction_id))}
    return {d.code: aside(d.name, counts[d.id]) for d in round_.directions if d.id in counts}
