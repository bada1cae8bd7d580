"""The long lists of what differs between two versions: whose place, and whose sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, Expert, Round
from webapp.services.comparing import Called, Comparison, Moved
from webapp.services.differences import Place
from webapp.services.kernel import Sentence, Sentences
from webapp.services.listing import Column, Facet, Table, Words
from webapp.services.people_lists import found
from webapp.services.schedule_lists import NOT_THERE, halves_of, rooms_of

CHANGES = {
    "session": "换时段",
    "time": "换时间",
    "room": "只换答辩室",
    "panel": "只换专家组",
    "left": "离开安排",
    "placed": "新排上",
}
"""Kind of a move → its words."""
TOLD = {"1": "要通知", "0": "不用通知"}
SIDES = {"gone": "不再到场", "new": "新增到场", "elsewhere": "换答辩室或组长"}
"""What differs for an expert → its words."""


def moved(session: Session, round_: Round, between: Comparison) -> Table:
    """The applicants whose place differs; whether they have to be told, where the first version was published."""
    rooms, halves, order = rooms_of(round_), halves_of(round_), tuple(CHANGES)
    known = between.a.published_at is not None

    def place(at: Place | None) -> Words:
        if at is None:
            return NOT_THERE
        when = Sentence("%(half)s %(clock)s", half=halves.get(at.session, at.session), clock=at.start[11:16])
        return Sentences.of((when, rooms.get(at.room, at.room), at.panel), " ")

    def told(m: Moved) -> str:
        return TOLD["1" if m.told else "0"]

    def start(at: Place | None) -> tuple[bool, str, str]:
        return (False, at.start, at.room) if at else (True, "", "")

    return Table(
        between.moved,
        (
            Column("code", "编号", lambda m: m.code, lambda m: m.code, short=True),
            Column("name", "姓名", lambda m: m.name, lambda m: m.spelled, name=True),
            Column("employer", "工作单位", lambda m: m.employer, lambda m: m.employer),
            Column("kind", "变动", lambda m: CHANGES[m.move.kind], lambda m: order.index(m.move.kind), said=True),
            Column("before", "原来", lambda m: place(m.move.before), lambda m: start(m.move.before), said=True),
            Column("after", "现在", lambda m: place(m.move.after), lambda m: start(m.move.after), said=True),
            *((Column("told", "要通知", told, lambda m: not m.told, said=True),) if known else ()),
        ),
        (
            Facet("kind", "变动", CHANGES, lambda kind: lambda m: m.move.kind == kind),
            *((Facet("told", "通知", TOLD, lambda value: lambda m: m.told == (value == "1")),) if known else ()),
        ),
        _among(session, round_, Applicant),
        "after",
    )


def called(session: Session, round_: Round, between: Comparison) -> Table:
    """The experts whose sessions, rooms or chairs differ."""

    def text(side: str) -> Callable[[Called], Words]:
        return lambda c: Sentences.of(getattr(c, side), "、")

    return Table(
        between.called,
        (
            Column("code", "编号", lambda c: c.code, lambda c: c.code, short=True),
            Column("name", "姓名", lambda c: c.name, lambda c: c.spelled, name=True),
            *(Column(side, label, text(side), said=True) for side, label in SIDES.items()),
        ),
        (Facet("side", "变动", SIDES, lambda side: lambda c: bool(getattr(c, side))),),
        _among(session, round_, Expert),
        "code",
    )


def _among(session: Session, round_: Round, table: type[Applicant | Expert]) -> Callable[[str], Callable[[Any], bool]]:
    """Whether a word finds somebody, asked of the database once for all rows."""

    def search(word: str) -> Callable[[Any], bool]:
        codes = set(session.scalars(select(table.code).where(table.round_id == round_.id, found(table, word))))
        return lambda row: row.code in codes

    return search
