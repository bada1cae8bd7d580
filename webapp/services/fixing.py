"""Explanations kept with their job, and their fixes made in the round's data: what a fix changes, as data and in words.

A fix was solved on a changed instance. What it changes is read off the two instances (:func:`acts`), so that a button
does exactly what was solved. A new expert has to be a person: such a fix is told and not applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import said
from scheduler.problem import Problem, stamp
from webapp.models import Applicant, Expert, Job, Room, Round
from webapp.models import Session as HalfDay
from webapp.services import audit, jobs, times
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Refused, Sentence, Stale, Unreadable
from webapp.services.rounds import require_state
from webapp.services.spoken import Spoken, half_day
from webapp.services.violations import Tongue

if TYPE_CHECKING:
    from scheduler.explain.report import Explanation

Act = dict[str, Any]


@dataclass(frozen=True)
class Fix:
    """A fix: its words, how many stay without a place after it, what it changes; new experts cannot be made up."""

    change: Spoken
    after: int
    acts: tuple[Act, ...]

    @property
    def by_button(self) -> bool:
        """Whether the program can do it."""
        return bool(self.acts) and all(act["kind"] != "newcomer" for act in self.acts)


@dataclass(frozen=True)
class Cause:
    """A cause in words with its fixes, the best first."""

    message: Spoken
    fixes: tuple[Fix, ...]


@dataclass(frozen=True)
class Found:
    """An explanation with names for ids. ``stale``: the round's data changed since."""

    unscheduled: int
    proven: bool
    causes: tuple[Cause, ...]
    applicants: tuple[tuple[str, tuple[Spoken, ...]], ...]
    stale: bool

    @property
    def short(self) -> bool:
        """Whether the time ended before all was proven and every cause had a way out."""
        return not self.proven or any(not cause.fixes for cause in self.causes)

    @property
    def told(self) -> dict[str, int]:
        """The number of each cause by its words: whoever has just that reason is sent there."""
        return {str(cause.message): n for n, cause in enumerate(self.causes, 1)}

    def shared(self, reason: Spoken) -> int | None:
        """The number of the cause that somebody is kept out by because others are: it is told once, above."""
        within = reason.values.get("text") if isinstance(reason, Sentence) else None
        return self.told.get(str(within)) if within is not None else None


def answer(instance: dict[str, Any], **how: Any) -> dict[str, Any]:
    """Explain an instance; the document a job keeps.

    Raises:
        SchedulerError: the instance is not one.
    """
    from scheduler.explain.report import explain  # the worker's part: pages that show the answer load no solver

    problem = Problem.from_json(instance)
    return _document(problem, explain(problem, **how)) | {"instance": digest(instance)}


def _document(problem: Problem, found: Explanation) -> dict[str, Any]:
    """The command line's document with the phrases in parts, and with what each fix changes."""
    document = found.to_json()
    for row, cause in zip(document["causes"], found.causes, strict=True):
        row["message"] = said.written(cause.message)
        for told, fix in zip(row["fixes"], cause.fixes, strict=True):
            told |= {"change": said.written(fix.change), "acts": list(acts(problem, fix.problem))}
    for row in document["applicants"]:
        row["reasons"] = [said.written(reason) for reason in found.reasons[row["applicant"]]]
    return document


def digest(instance: dict[str, Any]) -> str:
    """What an instance is known by: an explanation is of one state of the data."""
    return audit.digest(audit.canonical(instance))


def acts(before: Problem, after: Problem) -> Iterator[Act]:
    """What differs from one instance to another, as things the office can do."""
    for s in after.sessions:
        old = before.session.get(s.id)
        if old is None:
            breaks = [[stamp(a), stamp(b)] for a, b in s.breaks]
            yield {"kind": "session", "session": s.id, "start": stamp(s.start), "end": stamp(s.end), "breaks": breaks}
        elif old.end != s.end:
            yield {"kind": "longer", "session": s.id, "end": stamp(s.end)}
    rooms = {r.id: r for r in before.rooms}
    for r in after.rooms:
        if r.id not in rooms:
            yield {"kind": "room", "room": r.id, "sessions": sorted(r.sessions or ())}
    for e in after.experts:
        known = before.expert.get(e.id)
        if known is None:
            yield {"kind": "newcomer", "directions": sorted(e.strength)}
            continue
        if added := e.sessions - known.sessions:
            yield {"kind": "comes", "expert": e.id, "sessions": sorted(added)}
        if e.max_sessions != known.max_sessions:
            yield {"kind": "most", "expert": e.id, "most": e.max_sessions}
        if e.chair and not known.chair:
            yield {"kind": "chairs", "expert": e.id}
    for a in after.applicants:
        was = before.applicant[a.id]
        if a.pin != was.pin:
            yield {"kind": "unpin", "applicant": a.id}
        if a.unavailable != was.unavailable:
            spans = [[stamp(start), stamp(end)] for start, end in a.unavailable]
            yield {"kind": "away" if spans else "free", "applicant": a.id, "spans": spans}


# -------------------------------------------------------------------- reading one


def told(session: Session, round_: Round, job: Job) -> Found | None:
    """The explanation of a finished job with names; ``None`` while there is none."""
    if not job.answer:
        return None
    tongue = Tongue.of(session, round_)
    causes = tuple(
        Cause(tongue.said(said.read(row["message"])), tuple(_fix(tongue, fix) for fix in row["fixes"]))
        for row in job.answer["causes"]
    )
    people = tuple(
        (
            tongue.people.get(row["applicant"], row["applicant"]),
            tuple(tongue.said(said.read(reason)) for reason in row["reasons"]),
        )
        for row in job.answer["applicants"]
    )
    stale = job.answer["instance"] != digest(problem_document(session, round_))
    return Found(job.answer["unscheduled"], job.answer["proven"], causes, people, stale)


def _fix(tongue: Tongue, row: dict[str, Any]) -> Fix:
    new = {act["session"]: _new_half(act) for act in row["acts"] if act["kind"] == "session"}
    return Fix(tongue.said(said.read(row["change"]), new), row["unscheduled_after"], tuple(row["acts"]))


def _new_half(act: Act) -> Sentence:
    """How a half-day is called that the round does not have yet."""
    start = datetime.fromisoformat(act["start"])
    return half_day(start, _part_of_day(start))


def _part_of_day(start: datetime) -> str:
    return "上午" if start.hour < 12 else "下午" if start.hour < 18 else "晚上"


def one(session: Session, round_: Round, job: int, cause: int, fix: int) -> Fix:
    """One fix of an explanation, counted from 0.

    Raises:
        Missing: there is no such fix.
    """
    found = told(session, round_, _job(session, round_, job))
    causes = found.causes if found else ()
    fixes = causes[cause].fixes if 0 <= cause < len(causes) else ()
    if not 0 <= fix < len(fixes):
        raise Missing("没有这条建议。请回到“为什么、怎么办”页重新选择。")
    return fixes[fix]


def _job(session: Session, round_: Round, number: int) -> Job:
    job = jobs.by_id(session, number)
    if job.round_id != round_.id:
        raise Missing("没有这条建议。请回到“为什么、怎么办”页重新选择。")
    return job


# -------------------------------------------------------------------- making one


def apply(
    session: Session, actor: Actor, clock: Clock, round_: Round, job: int, cause: int, fix: int, reason: str
) -> Fix:
    """Make a fix in the round's data; rosters are locked by then, so it is an exception with a reason.

    Raises:
        Stale: the data changed since the explanation.
        Refused: the fix asks for experts who are not there.
        Unreadable: no reason is given.
    """
    require_state(round_, "rosters_locked", "scheduled")
    if not reason.strip():
        raise Unreadable("名册已锁定，改动要写明原因，例如“已与本人电话确认”。")
    found = told(session, round_, _job(session, round_, job))
    if found is None or found.stale:
        raise Stale("名册、场地或设置在查找原因之后变了，这条建议可能不再有用。请重新查找原因。")
    chosen = one(session, round_, job, cause, fix)
    if not chosen.by_button:
        raise Refused("这条建议要增加专家，不能自动完成。请先在专家名册里增加，再重新计算。")
    _Maker(session, round_).run(chosen.acts)
    audit.record(
        session,
        actor,
        clock,
        "round.fix",
        round_.name,
        round_id=round_.id,
        after={"acts": list(chosen.acts), "reason": reason.strip()},
    )
    return chosen


class _Maker:
    """Writes acts into the tables."""

    def __init__(self, session: Session, round_: Round) -> None:
        self.session, self.round = session, round_
        self.codes: dict[str, str] = {}
        """Names of new sessions in the explanation → their codes in the round."""

    def run(self, acts: tuple[Act, ...]) -> None:
        for act in acts:
            getattr(self, f"_{act['kind']}")(act)
            self.session.flush()
        self.session.expire(self.round, ["rooms", "sessions"])

    def _sessions(self, names: list[str]) -> list[str]:
        return [self.codes.get(name, name) for name in names]

    def _session(self, act: Act) -> None:
        """A new half-day; who said “all” so far is not taken to have said so of this one."""
        so_far = [s.code for s in self.round.sessions]
        start = datetime.fromisoformat(act["start"])
        code = self.codes[act["session"]] = _free("S", so_far)
        end = datetime.fromisoformat(act["end"])
        half = HalfDay(
            round_id=self.round.id, code=code, label=_part_of_day(start), start=start, end=end, breaks=act["breaks"]
        )
        self.session.add(half)
        for room in self.round.rooms:
            room.sessions = None if room.sessions is None else [*room.sessions, code]
        self.session.flush()
        self.session.expire(self.round, ["sessions"])
        for expert in self.session.scalars(select(Expert).where(Expert.round_id == self.round.id)):
            times.come(self.round, expert, so_far if expert.available is None else expert.available)
        for person in self.session.scalars(select(Applicant).where(Applicant.round_id == self.round.id)):
            if person.unavailable:
                times.stay_away(self.round, person, person.unavailable)

    def _longer(self, act: Act) -> None:
        half = next(s for s in self.round.sessions if s.code == act["session"])
        half.end = datetime.fromisoformat(act["end"])

    def _room(self, act: Act) -> None:
        rooms = self.session.scalars(select(Room).where(Room.round_id == self.round.id)).all()
        code = _free("R", [r.code for r in rooms])
        name = _free("新答辩室 ", [r.name for r in rooms])
        place = max((r.position for r in rooms), default=0) + 1
        sessions = self._sessions(act["sessions"])
        self.session.add(Room(round_id=self.round.id, code=code, name=name, sessions=sessions, position=place))

    def _comes(self, act: Act) -> None:
        expert = self._expert(act)
        times.come(self.round, expert, [*(expert.available or ()), *self._sessions(act["sessions"])])

    def _most(self, act: Act) -> None:
        self._expert(act).max_sessions = act["most"]

    def _chairs(self, act: Act) -> None:
        self._expert(act).may_chair = True

    def _unpin(self, act: Act) -> None:
        self._applicant(act).pin = {}

    def _free(self, act: Act) -> None:
        times.stay_away(self.round, self._applicant(act), [])

    def _away(self, act: Act) -> None:
        times.stay_away(self.round, self._applicant(act), act["spans"])

    def _expert(self, act: Act) -> Expert:
        query = select(Expert).where(Expert.round_id == self.round.id, Expert.code == act["expert"])
        return self.session.scalars(query).one()

    def _applicant(self, act: Act) -> Applicant:
        query = select(Applicant).where(Applicant.round_id == self.round.id, Applicant.code == act["applicant"])
        return self.session.scalars(query).one()


def _free(word: str, taken: list[str]) -> str:
    return next(name for n in range(1, len(taken) + 2) if (name := f"{word}{n}") not in taken)
