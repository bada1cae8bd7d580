"""The long lists of people: what their columns say, what can be chosen, how somebody is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from webapp.models import Applicant, Direction, EmployerAlias, Expert, Recusal, Round
from webapp.models.people import REASONS
from webapp.services import employers, pool
from webapp.services.kernel import Sentence
from webapp.services.listing import Column, Facet, Table
from webapp.services.names import aside
from webapp.services.recusals import SIDES
from webapp.services.times import spoken

LEVELS = {"senior": "高级", "intermediate": "中级（只评材料）"}


def found(table: type[Applicant | Expert] | Any, word: str) -> ColumnElement[bool]:
    """Whether a word finds somebody: in the name, the employer under any of its names, the code, or as pinyin."""
    others = select(EmployerAlias.alias).where(EmployerAlias.employer.icontains(word, autoescape=True))
    mains = select(EmployerAlias.employer).where(EmployerAlias.alias.icontains(word, autoescape=True))
    ways = [column.icontains(word, autoescape=True) for column in (table.name, table.employer, table.code)]
    ways += [table.employer.in_(others), table.employer.in_(mains)]
    if word.isascii() and word.isalnum():
        ways.append((" " + table.spelled).contains(f" {word.lower()}", autoescape=True))
    return or_(*ways)


def applicants(round_: Round) -> Table:
    """申报人员."""
    directions = {d.code: d.name for d in round_.directions}
    other = (Applicant.insured_unit != "") & (Applicant.insured_unit != Applicant.employer)
    rows = select(Applicant).where(Applicant.round_id == round_.id).join(Applicant.direction)
    return Table(
        rows.options(joinedload(Applicant.direction)),
        (
            Column("code", "编号", lambda a: a.code, Applicant.code),
            Column("name", "姓名", lambda a: a.name, Applicant.spelled, name=True),
            Column("employer", "工作单位", lambda a: a.employer, Applicant.employer),
            Column("level", "级别", lambda a: LEVELS[a.level], Applicant.level, said=True),
            Column("direction", "专业方向", lambda a: a.direction.name, Direction.position),
            Column("title", "申报职称", lambda a: a.title, Applicant.title),
            Column("insured", "参保单位（不同时）", lambda a: a.insured_unit if a.insured_unit != a.employer else ""),
            Column("away", "不可用时间", lambda a: a.details.get("unavailable", "")),
        ),
        (
            Facet("level", "级别", LEVELS, lambda value: Applicant.level == value),
            Facet("direction", "专业方向", directions, lambda value: Direction.code == value),
            Facet("insured", "参保单位", {"other": "和工作单位不同"}, lambda _value: other),
        ),
        lambda word: found(Applicant, word),
        "code",
        Applicant.id,
    )


def invited(round_: Round) -> Table:
    """专家邀请: how far each expert is asked, and the commitment."""
    names = {d.code: d.name for d in round_.directions}
    promised = {"1": "已签", "0": "未签"}
    signed = Expert.promised_on.is_not(None)
    return Table(
        select(Expert).where(Expert.round_id == round_.id),
        (
            Column("code", "编号", lambda e: e.code, Expert.code),
            Column("name", "姓名", lambda e: e.name, Expert.spelled, name=True),
            Column("employer", "工作单位", lambda e: e.employer, Expert.employer),
            Column("strong", "专业方向（程度）", lambda e: strong(names, e)),
            Column("standing", "邀请", lambda e: pool.WORDS[e.standing], Expert.standing, said=True),
            Column("promised", "承诺书", lambda e: str(e.promised_on or ""), Expert.promised_on),
            Column("phone", "联系电话", lambda e: e.phone),
        ),
        (
            Facet("direction", "专业方向", names, lambda code: _strength(code) >= 1),
            Facet("standing", "邀请", pool.WORDS, lambda value: Expert.standing == value),
            Facet("promised", "承诺书", promised, lambda value: signed if value == "1" else ~signed),
        ),
        lambda word: found(Expert, word),
        "code",
        Expert.id,
    )


def strong(names: Mapping[str, str], expert: Expert) -> str:
    """隔膜(3)、锂电池（组）(2)."""
    return "、".join(f"{names.get(code, code)}({n})" for code, n in sorted(expert.strengths.items()))


def experts(round_: Round) -> Table:
    """评审专家."""
    names = {d.code: d.name for d in round_.directions}
    return Table(
        select(Expert).where(Expert.round_id == round_.id),
        (
            Column("code", "编号", lambda e: e.code, Expert.code),
            Column("name", "姓名", lambda e: e.name, Expert.spelled, name=True),
            Column("employer", "工作单位", lambda e: e.employer, Expert.employer),
            Column("strong", "专业方向（程度）", lambda e: strong(names, e)),
            Column("chair", "可任组长", lambda e: "是" if e.may_chair else "", Expert.may_chair, said=True),
            Column("standing", "邀请", lambda e: pool.WORDS[e.standing], Expert.standing, said=True),
            Column("times", "可用时间", lambda e: spoken(round_, e) or e.availability_text or "全部", said=True),
            Column("most", "最多场次", lambda e: str(e.max_sessions or ""), Expert.max_sessions),
        ),
        (
            Facet("direction", "专业方向", names, lambda code: _strength(code) >= 1),
            Facet("chair", "组长", {"1": "可任组长"}, lambda _value: Expert.may_chair.is_(True)),
            Facet("standing", "邀请", pool.WORDS, lambda value: Expert.standing == value),
        ),
        lambda word: found(Expert, word),
        "code",
        Expert.id,
    )


def _strength(code: str) -> ColumnElement[int]:
    return func.coalesce(Expert.strengths[code].as_integer(), 0)


def recusals(round_: Round) -> Table:
    """回避, of both sides; not what was ordered on the day."""
    expert, applicant = aliased(Expert), aliased(Applicant)
    rows = select(Recusal).where(Recusal.round_id == round_.id, Recusal.side != "day")
    rows = rows.outerjoin(expert, Recusal.expert_id == expert.id).outerjoin(
        applicant, Recusal.applicant_id == applicant.id
    )
    clear = or_(Recusal.employer.is_not(None), Recusal.expert_id.is_not(None) & Recusal.applicant_id.is_not(None))
    settled = {"open": "待处理", "clear": "已对应"}
    by = func.coalesce(expert.spelled, applicant.spelled)
    return Table(
        rows.options(joinedload(Recusal.expert), joinedload(Recusal.applicant)),
        (
            Column("who", "谁提出", lambda r: _full(_owner(r)), by, name=True, said=True),
            Column("side", "身份", lambda r: SIDES[r.side], Recusal.side, said=True),
            Column("name", "回避谁", lambda r: r.name, Recusal.name),
            Column("meant", "对应", _meant, said=True),
            Column("reason", "原因", lambda r: r.reason, Recusal.reason, said=True),
        ),
        (
            Facet("state", "状态", settled, lambda value: clear if value == "clear" else ~clear),
            Facet("side", "谁提出", SIDES, lambda value: Recusal.side == value),
            Facet("reason", "原因", {one: one for one in REASONS}, lambda value: Recusal.reason == value),
        ),
        lambda word: or_(Recusal.name.icontains(word, autoescape=True), found(expert, word), found(applicant, word)),
        "name",
        Recusal.id,
    )


def _owner(row: Recusal) -> Expert | Applicant | None:
    return row.expert if row.side == "expert" else row.applicant


def _full(person: Expert | Applicant | None) -> str | Sentence:
    return aside(person.name, person.employer) if person else ""


def _meant(row: Recusal) -> str | Sentence:
    if row.employer:
        return Sentence("单位：%(name)s", name=row.employer)
    other = row.applicant if row.side == "expert" else row.expert
    return Sentence("%(code)s %(person)s", code=other.code, person=_full(other)) if other else "待处理"


LISTS = {
    "applicants": (applicants, "申报人员"),
    "experts": (experts, "评审专家"),
    "recusals": (recusals, "回避登记"),
    "employers": (employers.table, "单位"),
    "pool": (invited, "专家邀请"),
}
"""Kind → its table for a round, and its title."""


def titles() -> Sequence[str]:
    """The words of these lists, for the catalogue."""
    round_ = Round(id=0)
    tables = [make(round_) for make, _title in LISTS.values()]
    columns = [column.label for table in tables for column in table.columns]
    facets = [w for table in tables for f in table.facets for w in (f.label, *map(str, f.choices.values()))]
    return [*(title for _make, title in LISTS.values()), *columns, *facets, *pool.WORDS.values(), "是"]
