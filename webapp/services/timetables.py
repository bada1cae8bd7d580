"""A schedule edited in Excel: read against the round, judged by the checker, priced, kept as a draft when asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exports.errors import UnreadableFile
from exports.listed import Known, Timetable, Who
from exports.listed import Place as Listed
from exports.timetable import read_timetable
from scheduler.check import Report, check
from scheduler.price import price
from scheduler.problem import Problem
from scheduler.schedule import LEVELS, Schedule
from webapp.models import Applicant, Expert, Round, ScheduleVersion
from webapp.services import differences, drafts, version_notes
from webapp.services.books import version_if_any
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.settings import of_round
from webapp.services.violations import Told, Tongue


@dataclass(frozen=True)
class Broken:
    """A broken rule at the cell it shows in."""

    rule: str
    cell: str
    text: str


@dataclass(frozen=True)
class Look:
    """A list as understood: problems at cells, broken rules, what it costs and what it did cost."""

    table: Timetable
    broken: tuple[Broken, ...] = ()
    cost: tuple[int, ...] = ()
    base: ScheduleVersion | None = None
    base_cost: tuple[int, ...] = ()
    moved: int = 0
    """Applicants whose panel, room or time differs from the base,"""
    experts: int = 0
    """and experts whose sittings, rooms or chairs do."""

    @property
    def ok(self) -> bool:
        """Whether a draft can be made of it: every cell understood and somebody heard."""
        return self.table.ok and self.table.scheduled > 0

    @property
    def levels(self) -> list[tuple[str, int, int | None]]:
        """Each level's word, cost, and difference to the base."""
        old = self.base_cost or (None,) * len(self.cost)
        rows = zip(drafts.LEVEL_WORDS, self.cost, old, strict=False)
        return [(word, now, None if was is None else now - was) for word, now, was in rows]

    def to_json(self) -> dict[str, Any]:
        """The document of ``rostrum schedule --from FILE --json``."""
        table = self.table
        return {
            "rows": {"scheduled": table.scheduled, "unscheduled": table.unscheduled, "skipped": table.skipped},
            "problems": [asdict(problem) for problem in table.problems],
            "violations": [asdict(one) for one in self.broken],
            "cost": dict(zip(LEVELS, self.cost, strict=False)),
            "base": self.base.number if self.base else None,
            "difference": {level: row[2] for level, row in zip(LEVELS, self.levels, strict=False)},
            "moved": self.moved,
            "experts": self.experts,
        }


def look(session: Session, round_: Round, data: bytes, filename: str) -> Look:
    """Read and judge a list; nothing is written. Panels not in the file keep the members of the newest version.

    Raises:
        Unreadable: no workbook, or no list of appointments in it.
    """
    base = version_if_any(session, round_)
    try:
        table = read_timetable(data, filename, _known(session, round_, base))
    except UnreadableFile as error:
        raise Unreadable(error.said.text, **error.said.values) from error
    if not table.ok or not table.scheduled:
        return Look(table, base=base)
    instance = problem_document(session, round_)
    report = check(Problem.from_json(instance), table.document)
    broken = _broken(session, round_, table, report)
    if base is None:
        return Look(table, broken, report.cost)
    differs = differences.between(base.document, table.document)
    experts = {code for part in (differs.called, differs.released, differs.elsewhere) for code, _sessions in part}
    was = tuple(base.document.get("cost", ()))
    return Look(table, broken, report.cost, base, was, len(differs.moves), len(experts))


def _known(session: Session, round_: Round, base: ScheduleVersion | None) -> Known:
    people = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    applicants = session.scalars(people.order_by(Applicant.code))
    experts = session.scalars(select(Expert).where(Expert.round_id == round_.id).order_by(Expert.code))
    panels = base.document["panels"] if base else []
    return Known(
        [Who(a.code, a.name, a.employer, a.direction.code) for a in applicants],
        [Who(e.code, e.name, e.employer) for e in experts],
        {room.code: room.code for room in round_.rooms} | {room.name: room.code for room in round_.rooms},
        [(s.code, s.start, s.end) for s in round_.sessions],
        [d.code for d in round_.directions],
        {p["id"]: (p["chair"], tuple(p["members"])) for p in panels},
        {p["id"]: p["directions"] for p in panels},
        [mix.directions for mix in of_round(round_).mixes],
        lambda number: _places(session, round_, number),
    )


def _places(session: Session, round_: Round, number: int) -> dict[str, Listed]:
    """Where a version hears each applicant."""
    try:
        document = drafts.load(session, round_, number).document
    except Missing:
        return {}
    return {who: Listed(datetime.fromisoformat(at.start), at.room) for who, at in differences.places(document).items()}


def _broken(session: Session, round_: Round, table: Timetable, report: Report) -> tuple[Broken, ...]:
    tongue = Tongue.of(session, round_)
    found = [tongue.told(violation) for violation in report.violations]
    return tuple(Broken(one.rule, _cell(table, one), one.text) for one in found)


def _cell(table: Timetable, told: Told) -> str:
    """The cell of the applicant it names, else of the sitting, else of the panel."""
    keys = [(one,) for one in told.ids if one[:1] == "A"] + [(a, b) for a in told.ids for b in told.ids]
    return next((table.cells[key] for key in [*keys, *((one,) for one in told.ids)] if key in table.cells), "")


def write(session: Session, actor: Actor, clock: Clock, round_: Round, data: bytes, filename: str) -> ScheduleVersion:
    """Keep the list as the round's next draft, with its broken rules where it has any: it cannot be published then.

    Raises:
        Refused: a cell is not understood, the round is not at that stage, or two meet where the tables hold only one.
    """
    seen = look(session, round_, data, filename)
    if not seen.ok:
        errors = sum(problem.level == "error" for problem in seen.table.problems)
        raise Refused("“%(name)s”有 %(n)s 处问题，没有写入。请按所列改正后重新读入。", name=filename, n=errors)
    instance = problem_document(session, round_)
    bound = _bound(instance, seen)
    document = seen.table.document | {
        "cost": list(seen.cost),
        "bound": bound,
        "status": "optimal" if bound == list(seen.cost) else "feasible",
        "seconds": 0.0,
        "violations": [f"{one.rule} {one.text}" for one in seen.broken],
    }
    note = (version_notes.READ % {"file": filename})[:200]
    attempt = session.begin_nested()
    try:
        made = drafts.store(session, actor, clock, round_, instance, document, note, broken=bool(seen.broken))
        attempt.commit()
    except IntegrityError as error:
        attempt.rollback()
        raise Refused(
            "同一位申报人、同一时间、同一答辩室或同一位专家用了两次，不能存为草案。%(first)s请改正后重新读入。",
            first=seen.broken[0].text if seen.broken else "",
        ) from error
    return made


@dataclass(frozen=True)
class _Edited:
    """A change by hand to the whole schedule at once."""

    schedule: Schedule

    def apply(self, problem: Problem, schedule: Schedule) -> Schedule:  # noqa: ARG002
        """What the workbook says."""
        return self.schedule


def _bound(instance: dict[str, Any], seen: Look) -> list[int]:
    """What the base's bounds still prove: they hold while the data and every earlier level are the same."""
    if seen.base is None or seen.base.instance != instance:
        return [0] * len(seen.cost)
    base = Schedule.from_json(drafts.core(seen.base.document))
    edited = _Edited(Schedule.from_json(seen.table.document))
    after = price(Problem.from_json(instance), base, edited).schedule
    return list(after.bound) if after.cost == seen.cost else [0] * len(seen.cost)
