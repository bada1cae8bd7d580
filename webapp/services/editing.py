"""Changing people one by one: what the form holds, who was quicker, and the exception once the rosters are locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Round
from webapp.services import audit, persons, rechecks, recusals
from webapp.services.editing_rights import require
from webapp.services.kernel import Actor, Clock, Missing, Sentence, Stale
from webapp.services.person_checks import Check, clean
from webapp.services.person_form import TABLES, AnyPerson, blank, texts
from webapp.services.person_writing import write
from webapp.services.rechecks import Breaks


@dataclass(frozen=True)
class Saved:
    """Who was saved, what that broke in what is scheduled, and warnings about what was typed."""

    person: AnyPerson
    breaks: Breaks
    warnings: tuple[Sentence, ...] = ()


class Older(Stale):
    """Somebody else saved the person in between; ``theirs`` is what stands there now."""

    def __init__(self, person: AnyPerson) -> None:
        said = Sentence("别人刚刚改过 %(name)s。请对照两边的内容，再决定怎样保存。", name=person.name)
        super().__init__(said.text, **said.values)
        self.person = person


def of_code(session: Session, round_: Round, kind: str, code: str) -> AnyPerson:
    """The applicant or expert of that code."""
    table = TABLES[kind]
    found: AnyPerson | None = session.scalar(select(table).where(table.round_id == round_.id, table.code == code))
    if found is None:
        raise Missing("没有编号为 %(code)s 的人。可能已被合并或删去，请从名单重新进入。", code=code)
    return found


def save(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    kind: str,
    code: str | None,
    version: int,
    typed: Mapping[str, str],
    reason: str = "",
) -> Saved:
    """Write what was typed of one person, or of somebody new (``code`` None).

    Raises:
        Older: somebody else saved this person since ``version``.
        Unreadable: a value makes no sense, or the reason of an exception is missing.
        Refused: the round is too far for this.
    """
    person = of_code(session, round_, kind, code) if code else None
    if person is not None and person.row_version != version:
        raise Older(person)
    before = blank(round_, kind) if person is None else texts(round_, person)
    after = {key: clean(key, typed.get(key, was)) for key, was in before.items()}
    changed = {key for key in after if after[key] != before[key]}
    if person is not None and not changed:
        return Saved(person, Breaks())
    require(round_, reason, frozenset(changed) if person is not None else None)
    found = Check(session, round_, kind, person, after, changed)
    found.run()
    stood = rechecks.now(session, round_)
    if person is None:
        person = persons.new(session, round_, kind)
    write(round_, person, after, changed)
    session.flush()
    recusals.settle(session, round_)
    breaks = rechecks.since(session, round_, stood)
    note = {"reason": reason} if reason else {}
    audit.record(
        session,
        actor,
        clock,
        "person.edit" if code else "person.add",
        f"{person.code} {person.name}",
        round_id=round_.id,
        before={key: before[key] for key in sorted(changed)},
        after={key: after[key] for key in sorted(changed)} | note | {"breaks": [one.text for one in breaks.told]},
    )
    return Saved(person, breaks, tuple(found.warnings))


def remove(session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, code: str, reason: str) -> Breaks:
    """Take somebody off the roster who stands in no draft and in no record."""
    person = of_code(session, round_, kind, code)
    require(round_, reason)
    stood, before = rechecks.now(session, round_), texts(round_, person)
    persons.remove(session, kind, [person])
    breaks = rechecks.since(session, round_, stood)
    what = f"{code} {before['name']}"
    audit.record(
        session, actor, clock, "person.remove", what, round_id=round_.id, before=before, after={"reason": reason}
    )
    return breaks
