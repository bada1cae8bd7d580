"""A rehearsal (演练): a round of its own, copied from the published one with made-up people, that can be wiped.

Everything of the day works on it as on any round, and nothing of it can touch the real one: it has other ids. Its row
stays after wiping, so that its number, which stands in sheet ids that tablets may still keep, never comes again.
"""

from __future__ import annotations

import copy
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Table, delete, inspect, or_, select
from sqlalchemy.orm import Session

from scoring.rubric import Item, Rubric
from scoring.sheet import content_hash
from webapp.models import Applicant, Base, Expert, PanelSecretary, Round, SheetRecord
from webapp.services import audit, drafts, publishing, records, sheets
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Refused
from webapp.services.places import key_of
from webapp.services.rounds import require_state

Row = TypeVar("Row", bound=Base)
CHUNK = 5000


def of(session: Session, round_: Round) -> Round | None:
    """The rehearsal of a round that is under way."""
    query = select(Round).where(Round.rehearsal_of == round_.id, Round.state != "archived")
    return session.scalar(query.order_by(Round.id.desc()).limit(1))


def begin(session: Session, actor: Actor, clock: Clock, round_: Round) -> Round:
    """Copy the published round: the same panels, rooms and experts, applicants with made-up names.

    Raises:
        Refused: nothing is published, it is a rehearsal itself, or one is under way.
    """
    require_state(round_, "published", "in_session")
    if round_.rehearsal_of is not None:
        raise Refused("这已经是演练。请在正式批次中开始新的演练。")
    if of(session, round_):
        raise Refused("已有一个演练。请先清除它，再开始新的。")
    version = records.published(session, round_)
    count = session.query(Round).filter_by(rehearsal_of=round_.id).count() + 1
    made = _copy(round_, name=f"演练{count} · {round_.name}"[:100], state="rosters_locked", made_at=clock())
    made.rehearsal_of = round_.id
    made.directions = [_copy(row) for row in round_.directions]
    made.rooms, made.sessions = [_copy(row) for row in round_.rooms], [_copy(row) for row in round_.sessions]
    session.add(made)
    session.flush()
    _people(session, round_, made)
    document = problem_document(session, made)
    draft = drafts.store(session, actor, clock, made, document, version.document)
    publishing.publish(session, actor, clock, made, draft.number, document)
    audit.record(session, actor, clock, "rehearsal.begin", made.name, round_id=made.id)
    return made


def _copy(row: Row, **changes: Any) -> Row:
    left = {"id", "round_id", "row_version", "rehearsal_of"}
    names = [c.key for c in inspect(type(row)).column_attrs if c.key not in left]
    return type(row)(**{name: copy.deepcopy(getattr(row, name)) for name in names} | changes)


def _people(session: Session, round_: Round, made: Round) -> None:
    directions = {d.code: d for d in made.directions}
    for expert in session.scalars(select(Expert).where(Expert.round_id == round_.id)):
        session.add(_copy(expert, round_id=made.id, id_no="", phone=""))
    for n, person in enumerate(session.scalars(select(Applicant).where(Applicant.round_id == round_.id)), 1):
        changes = {"name": f"演练{n:02d}", "employer": f"演练单位{n % 7 + 1}", "id_no": "", "phone": "", "details": {}}
        new = _copy(person, round_id=made.id, insured_unit="", **changes)
        new.direction = directions[person.direction.code]
        session.add(new)
    for row in session.scalars(select(PanelSecretary).where(PanelSecretary.round_id == round_.id)):
        session.add(PanelSecretary(round_id=made.id, panel=row.panel, user_id=row.user_id))
    session.flush()
    session.refresh(made)


def fill(session: Session, actor: Actor, clock: Clock, round_: Round, code: str) -> int:
    """Made-up marks for every sheet of a panel nobody has begun; how many."""
    if round_.rehearsal_of is None:
        raise Refused("只有演练可以填入编造的评分。")
    panel, sittings = records.panel_of(session, round_, actor, code)
    rubric, made = Rubric.from_json(round_.rubric), 0
    begun = {(s.applicant_id, s.expert_id) for s in sheets.of_round(session, round_)}
    for place in (a for sitting in sittings for a in sitting.appointments):
        for expert in (m.expert for m in panel.members if (place.applicant_id, m.expert_id) not in begun):
            key = key_of(round_, panel.code, place.applicant, expert)
            hand = Actor(f"expert:{expert.code}", "expert", expert.name, expert_id=expert.id)
            made += sheets.receive(session, hand, clock, round_, _record(key, rubric)).status == 201
    audit.record(session, actor, clock, "rehearsal.fill", code, round_id=round_.id, after={"sheets": made})
    return made


def _record(key: str, rubric: Rubric) -> dict[str, Any]:
    chance = random.Random(key)
    marks: dict[str, str | None] = {item.key: _mark(item, chance.uniform(0.6, 0.95)) for item in rubric.items}
    core = {"sheet": key, "rubric": rubric.version, "marks": marks, "state": "submitted"}
    return core | {"uuid": str(uuid.uuid4()), "base_version": 0, "hash": content_hash(**core)}  # type: ignore[arg-type]


def _mark(item: Item, share: float) -> str:
    steps = int(item.full * Decimal(str(round(share, 3))) / item.step)
    return format(steps * item.step, "f")


def wipe(session: Session, actor: Actor, clock: Clock, round_: Round) -> int:
    """Take a rehearsal and everything that hangs on it away; how many rows. The audit log keeps what was done.

    Raises:
        Missing: not a rehearsal, or wiped already.
    """
    if round_.rehearsal_of is None or round_.state == "archived":
        raise Missing("这不是正在进行的演练，不能清除。")
    name, count = round_.name, 0
    session.flush()
    for table, numbers in reversed(list(_hanging(session, round_).items())):
        for part in _parts(sorted(numbers)):
            session.execute(delete(table).where(table.c.id.in_(part)))
        count += len(numbers)
    session.expire_all()
    round_.name, round_.state, round_.organisation = f"已清除的演练 {round_.id}", "archived", ""
    audit.record(session, actor, clock, "rehearsal.wipe", name, round_id=round_.id, after={"rows": count})
    return count


def _hanging(session: Session, round_: Round) -> dict[Table, set[int]]:
    """Table → ids of the rows that point at the round, or at a row that does; what is pointed at comes first."""
    rounds: Table = Round.__table__  # type: ignore[assignment]
    found: dict[Table, set[int]] = {rounds: {round_.id}}
    for table in Base.metadata.sorted_tables:
        if table is rounds or table.name.startswith("audit"):
            continue
        numbers: set[int] = set()
        for key in (key for key in table.foreign_keys if key.column.name == "id"):
            for part in _parts(sorted(found.get(key.column.table, ()))):
                numbers |= set(session.scalars(select(table.c.id).where(or_(key.parent.in_(part)))))
        if table is SheetRecord.__table__:
            mine = SheetRecord.sheet_key.startswith(f"R{round_.id}-", autoescape=True)
            numbers |= set(session.scalars(select(SheetRecord.id).where(mine)))
        found[table] = numbers
    del found[rounds]
    return found


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]
