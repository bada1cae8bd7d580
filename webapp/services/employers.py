"""Which names mean one employer: proposed by likeness, confirmed by the office, re-checked in what is scheduled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.models import Apart, Applicant, EmployerAlias, Expert, Recusal, Round
from webapp.models.people import ALIAS_KINDS
from webapp.services import audit, likeness, rechecks, recusals
from webapp.services.editing_rights import require
from webapp.services.kernel import Actor, Clock, Missing, Unreadable
from webapp.services.likeness import Likeness
from webapp.services.listing import Column, Facet, Table
from webapp.services.rechecks import Breaks

KINDS = dict(
    zip(ALIAS_KINDS, ("全称", "简称", "曾用名", "集团", "分支或部门", "参保单位", "写法", "其他名称"), strict=True)
)


@dataclass(frozen=True)
class Proposal:
    """Two names that may be one employer, and how many people stand behind each."""

    like: Likeness
    people: tuple[int, int]


@dataclass
class Known:
    """The names of a round's employers: who is behind them, and which are aliases of which."""

    uses: dict[str, int] = field(default_factory=dict)
    judging: set[str] = field(default_factory=set)
    """Names of employers that recuse somebody: experts', and those that are listed."""
    insured: list[tuple[str, str]] = field(default_factory=list)
    main: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """The main name."""
        return self.main.get(name, name)


def known(session: Session, round_: Round) -> Known:
    """Everything that is known of employers' names."""
    found = Known()
    for column in (Applicant.employer, Expert.employer):
        query = select(column, func.count()).where(column.class_.round_id == round_.id).group_by(column)
        for name, count in session.execute(query):
            found.uses[name] = found.uses.get(name, 0) + count
    found.judging |= set(session.scalars(select(Expert.employer).where(Expert.round_id == round_.id)))
    listed = select(Recusal.employer).where(Recusal.round_id == round_.id, Recusal.employer.is_not(None))
    found.judging |= {name for name in session.scalars(listed) if name}
    other = (Applicant.insured_unit != "") & (Applicant.insured_unit != Applicant.employer)
    pairs = select(Applicant.employer, Applicant.insured_unit).where(Applicant.round_id == round_.id, other).distinct()
    found.insured = [(row[0], row[1]) for row in session.execute(pairs)]
    for name in (*found.judging, *(insured for _employer, insured in found.insured)):
        found.uses.setdefault(name, 0)
    aliases = select(EmployerAlias).where(EmployerAlias.round_id == round_.id)
    found.main = {row.alias: row.employer for row in session.scalars(aliases)}
    return found


def proposals(session: Session, round_: Round) -> list[Proposal]:
    """Pairs of names the office should look at: only where one of them can recuse somebody, and not those it has
    decided about."""
    there = known(session, round_)
    apart = select(Apart.one, Apart.other).where(Apart.round_id == round_.id, Apart.kind == "employers")
    decided = {(row[0], row[1]) for row in session.execute(apart)}
    judging = {there.of(name) for name in there.judging}
    names = {*there.uses, *there.main, *there.main.values()}
    return [
        Proposal(like, (there.uses.get(like.main, 0), there.uses.get(like.other, 0)))
        for like in likeness.proposals(names, there.insured)
        if there.of(like.main) != there.of(like.other)
        and like.pair not in decided
        and {there.of(like.main), there.of(like.other)} & judging
    ]


def join(
    session: Session, actor: Actor, clock: Clock, round_: Round, main: str, other: str, kind: str, why: str = ""
) -> Breaks:
    """Two names are one employer from now on, with all the names each has already; ``main`` is the one to keep.

    Raises:
        Unreadable: one of them is empty or both are the same, or an unknown kind.
    """
    require(round_, why)
    main, other = main.strip(), other.strip()
    if not main or not other or main == other or max(len(main), len(other)) > 128:
        raise Unreadable("请写两个不同的单位名称，每个不超过 128 个字。")
    if kind not in KINDS:
        raise Unreadable("名称的种类应为：%(kinds)s。请重新选择。", kinds="、".join(KINDS.values()))
    there, stood = known(session, round_), rechecks.now(session, round_)
    if there.of(main) == there.of(other):
        raise Unreadable("“%(main)s”和“%(other)s”已经是同一单位。", main=main, other=other)
    kinds = _kinds(session, round_)
    moved = {there.of(main), there.of(other)}
    names = {*moved, main, other, *(alias for alias, name in there.main.items() if name in moved)} - {main}
    session.execute(
        delete(EmployerAlias).where(EmployerAlias.round_id == round_.id, EmployerAlias.alias.in_([main, *names]))
    )
    kinds[other] = kind
    session.add_all(
        EmployerAlias(round_id=round_.id, alias=name, employer=main, kind=kinds.get(name, "other"))
        for name in sorted(names)
    )
    one, two = sorted((main, other))
    pair = (Apart.kind == "employers", Apart.one == one, Apart.other == two)
    session.execute(delete(Apart).where(Apart.round_id == round_.id, *pair))
    what = {"employer": main, "alias": other, "kind": kind}
    return _done(session, actor, clock, round_, "employer.join", main, stood, what, why)


def split(session: Session, actor: Actor, clock: Clock, round_: Round, alias: str, why: str = "") -> Breaks:
    """A name stands for itself again."""
    require(round_, why)
    where = (EmployerAlias.round_id == round_.id, EmployerAlias.alias == alias)
    row = session.scalar(select(EmployerAlias).where(*where))
    if row is None:
        raise Missing("“%(name)s”不是别的单位的名称，可能已被取消。请刷新页面。", name=alias)
    stood = rechecks.now(session, round_)
    what = {"employer": row.employer, "alias": alias}
    session.delete(row)
    return _done(session, actor, clock, round_, "employer.split", row.employer, stood, what, why)


def keep_apart(session: Session, actor: Actor, clock: Clock, round_: Round, one: str, other: str) -> None:
    """Two names that look alike are two employers: they are not proposed again."""
    one, other = sorted((one.strip(), other.strip()))
    if not one or one == other or max(len(one), len(other)) > 128:
        raise Unreadable("请写两个不同的单位名称，每个不超过 128 个字。")
    pair = (Apart.round_id == round_.id, Apart.kind == "employers", Apart.one == one, Apart.other == other)
    if session.scalar(select(Apart.id).where(*pair)):
        return
    session.add(Apart(round_id=round_.id, kind="employers", one=one, other=other))
    audit.record(session, actor, clock, "employer.apart", one, round_id=round_.id, after={"one": one, "other": other})


def _kinds(session: Session, round_: Round) -> dict[str, str]:
    rows = session.scalars(select(EmployerAlias).where(EmployerAlias.round_id == round_.id))
    return {row.alias: row.kind for row in rows}


def _done(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    act: str,
    name: str,
    stood: rechecks.Recheck | None,
    what: Mapping[str, str],
    why: str,
) -> Breaks:
    session.flush()
    recusals.settle(session, round_)
    breaks = rechecks.since(session, round_, stood)
    after = {**what, **({"exception": why} if why else {}), "breaks": _lines(breaks)}
    audit.record(session, actor, clock, act, name, round_id=round_.id, after=after)
    return breaks


def _lines(breaks: Breaks) -> list[str]:
    return [one.text for one in breaks.told]


def table(round_: Round) -> Table:
    """Every name there is: who is behind it, and whose other name it is."""
    own = _names(round_).subquery()
    alias = select(EmployerAlias).where(EmployerAlias.round_id == round_.id).subquery()
    name = own.c.name
    counts = [func.sum(own.c[key]).label(key) for key in _PEOPLE]
    rows = select(name, *counts, func.max(alias.c.employer).label("main"), func.max(alias.c.kind).label("kind"))
    rows = rows.outerjoin(alias, alias.c.alias == name).group_by(name)
    people = [Column(key, word, _counter(key), counts[at]) for at, (key, word) in enumerate(_PEOPLE.items())]
    others = select(EmployerAlias.alias).where(EmployerAlias.round_id == round_.id)
    mains = select(EmployerAlias.employer).where(EmployerAlias.round_id == round_.id)
    choices = {"alias": "是别的单位的名称", "main": "有其他名称", "plain": "只有一个名称"}
    where = {"alias": name.in_(others), "main": name.in_(mains), "plain": name.not_in(others) & name.not_in(mains)}
    return Table(
        rows,
        (
            Column("name", "单位名称", lambda row: row.name, name),
            Column("main", "即", lambda row: row.main or "", func.max(alias.c.employer)),
            Column("kind", "名称的种类", lambda row: KINDS[row.kind] if row.kind else "", said=True),
            *people,
        ),
        (Facet("names", "名称", choices, lambda value: where[value]),),
        lambda word: or_(
            name.icontains(word, autoescape=True),
            name.in_(select(EmployerAlias.alias).where(EmployerAlias.employer.icontains(word, autoescape=True))),
        ),
        "name",
        name,
        whole_rows=True,
        asks="单位名称",
    )


_PEOPLE = {"applicants": "申报人", "experts": "专家", "insured": "参保的申报人"}


def _counter(key: str) -> Callable[[Any], str]:
    return lambda row: str(getattr(row, key) or "")


def _names(round_: Round) -> Select[tuple[str, int, int, int]]:
    """Name and, in three columns, one for each person behind it; none for names that only aliases know."""
    sources: list[tuple[Any, Any, str]] = [
        (Applicant.employer, Applicant.round_id, "applicants"),
        (Expert.employer, Expert.round_id, "experts"),
        (Applicant.insured_unit, Applicant.round_id, "insured"),
        (EmployerAlias.alias, EmployerAlias.round_id, ""),
        (EmployerAlias.employer, EmployerAlias.round_id, ""),
    ]
    parts = [
        select(name.label("name"), *(literal(1 if key == what else 0).label(key) for key in _PEOPLE)).where(
            of == round_.id, name != ""
        )
        for name, of, what in sources
    ]
    every = union_all(*parts).subquery()
    return select(every.c.name, *(every.c[key] for key in _PEOPLE))
