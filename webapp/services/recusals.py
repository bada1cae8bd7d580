"""Who must not meet whom as people say it: names are matched to persons whenever a roster or a person changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from exports.people import parts
from exports.words import plain
from scheduler.conflicts import Conflicts
from scheduler.problem import Problem
from webapp.models import Applicant, EmployerAlias, Expert, Recusal, Round
from webapp.models.people import REASONS
from webapp.services import audit, rechecks
from webapp.services.editing_rights import require
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Sentence, Unreadable
from webapp.services.names import aside
from webapp.services.rechecks import Breaks
from webapp.services.violations import Told

Person = TypeVar("Person", Expert, Applicant)
SIDES = {"expert": "专家", "applicant": "申报人"}


class Names:
    """Whom a name means: 张三, or 张三（甲公司） where there are two; and which names are an expert's employer."""

    def __init__(self, session: Session, round_: Round) -> None:
        session.flush()
        self.experts, self.employers = _roll(session, Expert, round_), set[str]()
        self.applicants = _roll(session, Applicant, round_)
        aliases = select(EmployerAlias.alias, EmployerAlias.employer).where(EmployerAlias.round_id == round_.id)
        main = {row.alias: row.employer for row in session.execute(aliases)}
        own = {e.employer for people in self.experts.values() for e in people}
        groups = {main.get(name, name) for name in own}
        self.employers = own | groups | {alias for alias, name in main.items() if name in groups}

    def hits(self, row: Recusal) -> Sequence[Expert | Applicant]:
        """The people of the other side whom it may mean."""
        roll: dict[str, list[Expert]] | dict[str, list[Applicant]]
        roll = self.applicants if row.side == "expert" else self.experts
        return roll.get(plain(row.name), [])


def _roll(session: Session, table: type[Person], round_: Round) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for person in session.scalars(select(table).where(table.round_id == round_.id).order_by(table.code)):
        for said in {plain(person.name), plain(f"{person.name}({person.employer})")}:
            found[said].append(person)
    return found


def settle(session: Session, round_: Round) -> None:
    """Point each recusal at the one person it names; with nobody or several of the name it points at none."""
    names, units = Names(session, round_), _employers(session, round_)
    for row in _listed(session, round_):
        hits = names.hits(row)
        one = hits[0].id if len(hits) == 1 else None
        if row.side == "expert":
            row.employer = row.employer or (row.name if not hits and row.name in units else None)
            row.applicant_id = None if row.employer else one
        else:
            row.employer = row.name if row.name in names.employers else None
            row.expert_id = None if row.employer else one


def _listed(session: Session, round_: Round) -> list[Recusal]:
    query = select(Recusal).where(Recusal.round_id == round_.id, Recusal.side != "day")
    return list(session.scalars(query.order_by(Recusal.id)))


@dataclass(frozen=True)
class Open:
    """A name that means nobody, or several: ``hits`` to choose from."""

    row: Recusal
    hits: Sequence[Expert | Applicant]

    @property
    def sentence(self) -> Sentence:
        """What is to be done."""
        if self.hits:
            return Sentence(
                "回避名单中的“%(name)s”有 %(n)s 位。"
                "请在“回避登记”页选定是哪一位，或写成“%(name)s（%(unit)s）”重新导入。",
                name=self.row.name,
                n=len(self.hits),
                unit=self.hits[0].employer,
            )
        return Sentence(
            "回避名单中的“%(name)s”不在名册上。请在“回避登记”页更正，或核对姓名后重新导入。", name=self.row.name
        )


def pending(session: Session, round_: Round) -> list[Open]:
    """Every name that is not settled."""
    rows = [
        row for row in _listed(session, round_) if row.employer is None and None in (row.expert_id, row.applicant_id)
    ]
    names = Names(session, round_) if rows else None
    return [Open(row, names.hits(row)) for row in rows] if names else []


def unsettled(session: Session, round_: Round) -> list[Sentence]:
    """One sentence for each name that means nobody, or several."""
    return [one.sentence for one in pending(session, round_)]


def of_person(session: Session, round_: Round, person: Expert | Applicant) -> list[Recusal]:
    """What either side lists about this person, orders of the day as well."""
    own = Recusal.expert_id if isinstance(person, Expert) else Recusal.applicant_id
    both = joinedload(Recusal.expert), joinedload(Recusal.applicant)
    query = select(Recusal).where(Recusal.round_id == round_.id, own == person.id).options(*both)
    return list(session.scalars(query.order_by(Recusal.id)))


def add(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    person: Expert | Applicant,
    said: str,
    reason: str,
    why: str = "",
) -> Breaks:
    """Let somebody list persons or employers, several by 、; ``why`` is the reason of an exception after locking.

    Raises:
        Unreadable: nothing is named, a reason that is none, or it is listed already.
    """
    require(round_, why)
    names = parts(said)
    if not names:
        raise Unreadable("没有写要回避谁。请写姓名或单位，几个用顿号隔开。")
    side = "expert" if isinstance(person, Expert) else "applicant"
    own = {"round_id": round_.id, "side": side, f"{side}_id": person.id, "reason": _reason(reason)}
    there = {row.name for row in of_person(session, round_, person) if row.side == side}
    stood = rechecks.now(session, round_)
    units = _employers(session, round_)
    for name in names:
        if name in there or len(name) > 64:
            raise Unreadable("“%(name)s”已经列出，或超过 64 个字。请修改后再保存。", name=name)
        employer = name if side == "expert" and name in units else None
        session.add(Recusal(**own, name=name, employer=employer))
    settle(session, round_)
    return _told(
        session, actor, clock, round_, "recusal.add", person, stood, {"who": list(names), "reason": reason}, why
    )


def point(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, code: str, why: str = "") -> Breaks:
    """Say which person or employer a name means; the name is written so that it stays clear."""
    require(round_, why)
    row, stood = of_number(session, round_, number), rechecks.now(session, round_)
    before, code = row.name, code.strip()
    if code in (_employers(session, round_) if row.side == "expert" else Names(session, round_).employers):
        row.name, row.employer = code, code
        settle(session, round_)
        return _pointed(session, actor, clock, round_, row, stood, before, why)
    table: Any = Applicant if row.side == "expert" else Expert
    meant: Expert | Applicant | None = session.scalar(
        select(table).where(table.round_id == round_.id, table.code == code)
    )
    if meant is None:
        raise Missing("名册上没有编号或单位“%(code)s”。请按名册填写编号或单位全称。", code=code)
    row.employer = None
    row.name = (
        f"{meant.name}（{meant.employer}）"[:64]
        if len(Names(session, round_).hits(_named(row, meant.name))) > 1
        else meant.name
    )
    settle(session, round_)
    if (row.applicant_id if row.side == "expert" else row.expert_id) != meant.id:
        raise Unreadable("%(name)s 有两位，工作单位也相同，分不开。请先在“重复”中核对。", name=meant.name)
    return _pointed(session, actor, clock, round_, row, stood, before, why)


def _pointed(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    row: Recusal,
    stood: rechecks.Recheck | None,
    before: str,
    why: str,
) -> Breaks:
    who = row.expert if row.side == "expert" else row.applicant
    assert who is not None
    return _told(session, actor, clock, round_, "recusal.point", who, stood, {"was": before, "who": [row.name]}, why)


def _named(row: Recusal, name: str) -> Recusal:
    return Recusal(side=row.side, name=name)


def change(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, reason: str) -> None:
    """Write down why two must not meet; who they are stays."""
    row = of_number(session, round_, number)
    before, row.reason = row.reason, _reason(reason)
    after = {"who": row.name, "reason": reason}
    audit.record(
        session, actor, clock, "recusal.reason", row.name, round_id=round_.id, before={"reason": before}, after=after
    )


def drop(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, why: str = "") -> Breaks:
    """Take a listing back."""
    require(round_, why)
    row, stood = of_number(session, round_, number), rechecks.now(session, round_)
    who = row.expert if row.side == "expert" else row.applicant
    assert who is not None
    gone: dict[str, object] = {"who": [row.name], "reason": row.reason}
    session.delete(row)
    session.flush()
    return _told(session, actor, clock, round_, "recusal.drop", who, stood, gone, why)


def of_number(session: Session, round_: Round, number: int) -> Recusal:
    """A listing; what was ordered on the day is changed there."""
    row = session.get(Recusal, number)
    if row is None or row.round_id != round_.id or row.side == "day":
        raise Missing("没有这一条回避，可能已被删去。请回到“回避登记”页。")
    return row


def _reason(reason: str) -> str:
    if reason not in REASONS:
        raise Unreadable("回避原因应为：%(reasons)s。请重新选择。", reasons="、".join(REASONS))
    return reason


def _employers(session: Session, round_: Round) -> set[str]:
    """Names of the applicants' employers, and their other names."""
    own = select(Applicant.employer).where(Applicant.round_id == round_.id).distinct()
    aliases = select(EmployerAlias).where(EmployerAlias.round_id == round_.id)
    others = [name for row in session.scalars(aliases) for name in (row.alias, row.employer)]
    return {*session.scalars(own), *others}


def _told(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    act: str,
    who: Expert | Applicant,
    stood: rechecks.Recheck | None,
    what: dict[str, object],
    why: str,
) -> Breaks:
    breaks = rechecks.since(session, round_, stood)
    after = what | ({"exception": why} if why else {}) | {"breaks": _lines(breaks.told)}
    audit.record(session, actor, clock, act, f"{who.code} {who.name}", round_id=round_.id, after=after)
    return breaks


def _lines(told: Iterable[Told]) -> list[str]:
    return [one.text for one in told]


def kept_apart(session: Session, round_: Round, person: Expert | Applicant) -> list[tuple[str, Sentence, str]]:
    """Whom the next schedule keeps somebody from: code, name with employer, why; as the scheduler will see it."""
    if isinstance(person, Applicant) and person.level != "senior":
        return []
    problem = Problem.from_json(problem_document(session, round_))
    conflicts = Conflicts(problem)
    if isinstance(person, Applicant):
        found = conflicts.of(person.code)
    else:
        of = ((a.id, conflicts.of(a.id).get(person.code)) for a in problem.applicants)
        found = {code: why for code, why in of if why}
    table: Any = Expert if isinstance(person, Applicant) else Applicant
    rows = session.scalars(select(table).where(table.round_id == round_.id).order_by(table.code))
    return [(row.code, aside(row.name, row.employer), WHY[found[row.code]]) for row in rows if row.code in found]


WHY = {
    "the expert lists the applicant": "专家提出",
    "the expert lists the employer": "专家提出该单位",
    "same employer": "同一单位",
    "the applicant lists the employer": "申报人提出该单位，或是参保单位",
    "the applicant lists the expert": "申报人提出",
}
"""The scheduler's reasons in the office's words."""
