"""The same person twice: found by ID number, phone, or name and employer; merged, or kept apart with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.words import plain
from webapp.models import Apart, Applicant, EmployerAlias, Expert, Round
from webapp.services import audit, editing, person_form, persons, rechecks, recusals
from webapp.services.editing_rights import require
from webapp.services.kernel import Actor, Clock, Refused, Unreadable
from webapp.services.person_form import AnyPerson
from webapp.services.rechecks import Breaks

WHY = {"id_no": "身份证号相同", "phone": "电话相同", "name": "姓名和单位相同"}


@dataclass(frozen=True)
class Pair:
    """Two rows that may be one person, and by what."""

    one: AnyPerson
    other: AnyPerson
    why: tuple[str, ...]

    @property
    def one_roster(self) -> bool:
        """Whether both stand on the same roster and can be merged; else one of them has to go."""
        return type(self.one) is type(self.other)


def found(session: Session, round_: Round) -> list[Pair]:
    """Every pair the office has not decided about, by code."""
    people: list[AnyPerson] = []
    for table in (Applicant, Expert):
        people += session.scalars(select(table).where(table.round_id == round_.id).order_by(table.code))
    aliases = select(EmployerAlias.alias, EmployerAlias.employer).where(EmployerAlias.round_id == round_.id)
    main = {row.alias: row.employer for row in session.execute(aliases)}
    keys: dict[str, Callable[[AnyPerson], str]] = {
        "id_no": lambda p: p.id_no,
        "phone": lambda p: plain(p.phone).replace("-", ""),
        "name": lambda p: f"{plain(p.name)}|{main.get(p.employer, p.employer)}",
    }
    pairs: dict[tuple[str, str], tuple[AnyPerson, AnyPerson, list[str]]] = {}
    for why, key in keys.items():
        alike: dict[str, list[AnyPerson]] = defaultdict(list)
        for person in people:
            if said := key(person):
                alike[said].append(person)
        for same in alike.values():
            for at, one in enumerate(same):
                for other in same[at + 1 :]:
                    pairs.setdefault((one.code, other.code), (one, other, []))[2].append(why)
    apart = select(Apart.one, Apart.other).where(Apart.round_id == round_.id, Apart.kind == "people")
    decided = {(row[0], row[1]) for row in session.execute(apart)}
    return [Pair(one, other, tuple(why)) for (pair, (one, other, why)) in sorted(pairs.items()) if pair not in decided]


def differing(round_: Round, pair: Pair) -> list[tuple[str, str, str]]:
    """What both rows have and say differently: label, the one's, the other's. Merging keeps one of the two."""
    if not pair.one_roster:
        return []
    one, other = (person_form.texts(round_, who) for who in (pair.one, pair.other))
    kind = "experts" if isinstance(pair.one, Expert) else "applicants"
    shown = (field for field in person_form.fields(round_, kind) if field.key not in ("name", "employer"))
    both = ((f, one.get(f.key, ""), other.get(f.key, "")) for f in shown)
    return [(f.label, a, b) for f, a, b in both if a and b and a != b and not f.choices]


def merge(
    session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, keep: str, drop: str, why: str = ""
) -> Breaks:
    """Two rows are one person: ``keep`` stays with its code and takes over what it has not; ``drop`` goes.

    Raises:
        Refused: who is to go stands in a schedule or has a record.
        Unreadable: both are the same row, or the reason of an exception is missing.
    """
    require(round_, why)
    if keep == drop:
        raise Unreadable("请选两个不同的人来合并。")
    stays, goes = (editing.of_code(session, round_, kind, code) for code in (keep, drop))
    if persons.held(session, kind, [goes]):
        raise Refused(
            "%(code)s %(name)s 已在安排草案或记录中，不能并入别人。请反过来：保留这一个。", code=drop, name=goes.name
        )
    stood, before = rechecks.now(session, round_), person_form.texts(round_, goes)
    _take_over(session, round_, stays, goes)
    persons.remove(session, kind, [goes])
    recusals.settle(session, round_)
    breaks = rechecks.since(session, round_, stood)
    after = {"kept": keep, "reason": why, "breaks": [one.text for one in breaks.told]}
    audit.record(
        session, actor, clock, "person.merge", f"{drop} → {keep}", round_id=round_.id, before=before, after=after
    )
    return breaks


def keep_both(session: Session, actor: Actor, clock: Clock, round_: Round, one: str, other: str, reason: str) -> None:
    """Two rows are two persons, and why; they are not asked about again."""
    if not reason.strip():
        raise Unreadable("请写明为什么不是同一个人，例如“同名，已核对身份证”。")
    one, other = sorted((one, other))
    if not any(pair.one.code == one and pair.other.code == other for pair in found(session, round_)):
        raise Unreadable("%(one)s 和 %(other)s 已不在待核对的名单里。请刷新页面。", one=one, other=other)
    session.add(Apart(round_id=round_.id, kind="people", one=one, other=other, reason=reason.strip()[:256]))
    after = {"one": one, "other": other, "reason": reason}
    audit.record(session, actor, clock, "person.apart", f"{one}、{other}", round_id=round_.id, after=after)


def _take_over(session: Session, round_: Round, stays: AnyPerson, goes: AnyPerson) -> None:
    """Give the one who stays what only the other has: empty fields, strengths, recusals."""
    lent = {key: getattr(goes, key) for key in ("phone", "title", "id_no")}
    if goes.id_no:
        goes.id_no = ""  # an ID number is there once at every moment
        session.flush()
    for key, value in lent.items():
        if not getattr(stays, key):
            setattr(stays, key, value)
    if isinstance(stays, Applicant) and isinstance(goes, Applicant):
        stays.insured_unit = stays.insured_unit or goes.insured_unit
        stays.details = {**goes.details, **{key: text for key, text in stays.details.items() if text}}
    elif isinstance(stays, Expert) and isinstance(goes, Expert):
        stays.post, stays.note = stays.post or goes.post, stays.note or goes.note
        stays.strengths = {**goes.strengths, **stays.strengths}
    side = "applicant" if isinstance(stays, Applicant) else "expert"
    there = {row.name for row in recusals.of_person(session, round_, stays) if row.side == side}
    for row in recusals.of_person(session, round_, goes):
        if row.side == side and row.name not in there:
            setattr(row, f"{side}_id", stays.id)
    session.flush()


def of_words(pair: Pair) -> list[str]:
    """By what they are alike, in words."""
    return [WHY[why] for why in pair.why]


def reasons(session: Session, round_: Round) -> list[Apart]:
    """What the office has decided."""
    return list(session.scalars(select(Apart).where(Apart.round_id == round_.id, Apart.kind == "people")))
